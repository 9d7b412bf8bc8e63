"""Spotify: a playlist and a catalogue that can be asked by ISRC."""

from __future__ import annotations

from navaar_contracts.platforms.spec import PlatformSpec, QueryDialect

SPEC = PlatformSpec(
    id="spotify",
    short="sp",
    name="Spotify",
    rank=2,
    gateway="spotify-gateway",
    collection_setting="spotify_playlist_id",
    collection_description="Your Spotify playlist; unset leaves Spotify off",
    collection_example="37i9dQZF1DXcBWIGoYBM5M",
    # https://developer.spotify.com/documentation/web-api/reference/add-items-to-playlist
    takes_at_once=100,
    holds_at_most=10_000,
    overflow_setting="spotify_overflow_playlist_id",
    query_dialect=QueryDialect.FIELDS,
    item_url=lambda track_id, _: f"https://open.spotify.com/track/{track_id}",
    link_patterns=(r"open\.spotify\.com/(?:intl-\w+/)?track/(\w{22})(?!\w)", r"spotify:track:(\w{22})(?!\w)"),
    id_pattern=r"\w{22}",
    secrets=("spotify_client_secret",),
    sign_in_setting="spotify_cache_path",
    sign_in_file="spotify-token.json",
)
