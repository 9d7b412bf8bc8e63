"""Named sets of switches. Pure.

`realistic` turns on what the platforms are reported to do all the time. What they do to who overdoes it (a pause of a
day, an account that may change nothing for a while) follows by itself; what happens now and then (a session that ends,
a full playlist, a channel that is renamed) is for whoever tells a story to switch.

Reports: eXPerience83/news-bulletin-playlist 168 (snapshot_id), sigma67/ytmusicapi 674 (other ids), 813 (OAuth) and 1016
(sessions), FoxxMD/multi-scrobbler 158 (cookies), linsomniac/spotify_to_ytmusic 2 (changes refused for now),
spotDL/spotify-downloader 2585 (pauses of many hours), all issues on GitHub.
"""

from collections.abc import Mapping
from typing import Any, Literal

Profile = Literal["realistic"]

PROFILES: Mapping[Profile, Mapping[str, Any]] = {
    "realistic": {
        # Seconds until a call is taken up, as over a home connection.
        "delay": 0.08,
        "jitter": 0.25,
        # Playlist reads show a write after about 0.6 s, Spotify's new snapshot_id after about 30 s.
        "lag": 0.6,
        "spotify_snapshot_lag": 30,
        "spotify_full_status": 500,
        # Who goes on asking after ten refusals is refused for a day; who asks meanwhile, for another.
        "spotify_patience": 10,
        "spotify_overuse_pause_s": 86_400,
        "spotify_pause_is_strict": True,
        # A hundred quick changes of playlists, then "try again later"; they grow back within the hour.
        "youtube_edits": [100, 3600],
        "youtube_swaps_every": 5,
        "youtube_counts_in_words": True,
        # A session lasts while its cookies are renewed and somebody asks now and then.
        "youtube_renews_cookies": True,
        "youtube_cookies_renewed_every_s": 600,
        "youtube_cookies_grace_s": 60,
        "youtube_session_idle_s": 1800,
        "youtube_session_ends_silently": True,
        "youtube_refuses_oauth": True,
    },
}
