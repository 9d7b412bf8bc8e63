"""YouTube Music: a playlist, a catalogue, and the videos whose audio the downloader fetches."""

from __future__ import annotations

from navaar_contracts.platforms.spec import PlatformSpec

SPEC = PlatformSpec(
    id="youtube",
    short="yt",
    name="YouTube Music",
    rank=1,
    gateway="ytmusic-gateway",
    collection_setting="ytmusic_playlist_id",
    collection_description="Your YouTube Music playlist",
    collection_example="PLx0sYbCqOb8TBPRdmBHs5Iftvv9TPboYG",
    is_required=True,
    lists_songs_apart=True,
    gives_audio=True,
    audio_name="YouTube",
    # Half of what one page of a playlist shows; nobody says how many an edit may hold.
    takes_at_once=50,
    holds_at_most=5_000,
    overflow_setting="ytmusic_overflow_playlist_id",
    item_url=lambda video_id, _: f"https://music.youtube.com/watch?v={video_id}",
    link_patterns=(
        r"(?:youtube\.com|youtube-nocookie\.com)/(?:watch\?(?:\S*&)?v=|shorts/|live/|embed/)([\w-]{11})(?![\w-])",
        r"youtu\.be/([\w-]{11})(?![\w-])",
    ),
    id_pattern=r"[\w-]{11}",
    aliases=("ytmusic",),
    secrets=("ytmusic_client_secret",),
    sign_in_setting="ytmusic_auth_file",
    sign_in_file="oauth.json",
)
