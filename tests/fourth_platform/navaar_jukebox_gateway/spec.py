"""What Jukebox is called, can do and is configured with."""

from __future__ import annotations

from navaar_contracts.platforms.spec import PlatformSpec

SPEC = PlatformSpec(
    id="jukebox",
    short="jb",
    name="Jukebox",
    gateway="jukebox-gateway",
    collection_setting="jukebox_playlist_id",
    collection_description="Your Jukebox playlist; unset leaves Jukebox off",
    collection_example="evening",
    holds_at_most=20,
    item_url=lambda song_id, _: f"https://jukebox.example/songs/{song_id}",
    link_patterns=(r"jukebox\.example/songs/(jb-\d+)",),
    id_pattern=r"jb-\d+",
    secrets=("jukebox_token",),
)
