"""The NAVAAR_ variables that point Navaar at a sandbox, and the credential files that go with them."""

import json
import time
from pathlib import Path
from typing import Literal

from navaar_sandbox.world import World


def environment(
    world: World,
    url: str,
    data_dir: Path,
    *,
    youtube_auth: Literal["browser", "oauth"] = "browser",
    spotify_auth: Literal["secret", "pkce"] = "secret",
) -> dict[str, str]:
    """Write the credential files into `data_dir` (made if needed) and return the variables."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    google_file, spotify_file = data_dir / "ytmusic-auth.json", data_dir / "spotify-token.json"
    _private(google_file, _browser(world) if youtube_auth == "browser" else _oauth(world))
    _private(spotify_file, world.accounts.sign_in(pkce=spotify_auth == "pkce"))
    variables = {
        "NAVAAR_TELEGRAM_BOT_TOKEN": world.telegram.token,
        "NAVAAR_TELEGRAM_CHANNEL_ID": str(world.telegram.channel.id),
        "NAVAAR_TELEGRAM_ADMIN_USER_IDS": json.dumps(world.telegram.admins),
        "NAVAAR_TELEGRAM_API_BASE": f"{url}/telegram",
        "NAVAAR_YTMUSIC_AUTH_FILE": str(google_file),
        "NAVAAR_YTMUSIC_PLAYLIST_ID": world.youtube_playlist.id,
        "NAVAAR_YTMUSIC_API_BASE": f"{url}/ytmusic",
        "NAVAAR_GOOGLE_OAUTH_BASE": f"{url}/google",
        "NAVAAR_YOUTUBE_DATA_API_BASE": f"{url}/google-apis",
        "NAVAAR_SPOTIFY_CLIENT_ID": world.accounts.client_id,
        "NAVAAR_SPOTIFY_CACHE_PATH": str(spotify_file),
        "NAVAAR_SPOTIFY_PLAYLIST_ID": world.spotify_playlist.id,
        "NAVAAR_SPOTIFY_API_BASE": f"{url}/spotify/v1/",
        "NAVAAR_SPOTIFY_REQUESTS_PER_MINUTE": "60000",
        "NAVAAR_SPOTIFY_REQUESTS_BURST": "1000",
        "NAVAAR_SPOTIFY_ACCOUNTS_BASE": f"{url}/spotify-accounts",
        "NAVAAR_YTDLP_URL_TEMPLATE": f"{url}/media/{{video_id}}.m4a",
    }
    if world.options.profile is None:
        # Pretend platforms that block nobody need not be spared.
        variables["NAVAAR_YTMUSIC_WRITE_INTERVAL_S"] = "0"
    if youtube_auth == "oauth":
        variables |= {
            "NAVAAR_YTMUSIC_CLIENT_ID": world.google.client_id,
            "NAVAAR_YTMUSIC_CLIENT_SECRET": world.google.client_secret,
        }
    if spotify_auth == "secret":
        variables["NAVAAR_SPOTIFY_CLIENT_SECRET"] = world.accounts.client_secret
    return variables


def browser_headers(world: World) -> str:
    """The request headers as a person copies them from the browser's network tab."""
    return "\n".join(f"{name}: {value}" for name, value in _browser(world).items())


def _browser(world: World) -> dict[str, str]:
    return {
        "accept": "*/*",
        "accept-language": "en-US,en;q=0.5",
        "authorization": f"SAPISIDHASH {int(time.time())}_0000000000000000000000000000000000000000",
        "content-type": "application/json",
        "cookie": world.google.cookie(),
        "origin": "https://music.youtube.com",
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "x-goog-authuser": "0",
        "x-origin": "https://music.youtube.com",
    }


def _oauth(world: World) -> dict[str, object]:
    return {
        "access_token": world.google.issue(),
        "refresh_token": world.google.refresh_token,
        "scope": "https://www.googleapis.com/auth/youtube",
        "token_type": "Bearer",
        "expires_at": int(world.now()) + 3599,
        "expires_in": 3599,
    }


def _private(path: Path, content: object) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(content), encoding="utf-8")
