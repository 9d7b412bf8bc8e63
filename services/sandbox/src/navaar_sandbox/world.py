"""The whole pretend world in one place: the catalogue, the platforms' states, and what ought to become of it."""

import tempfile
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from navaar_sandbox.catalogue import Catalogue, Platform
from navaar_sandbox.faults import Gate
from navaar_sandbox.google import GoogleAccount
from navaar_sandbox.limits import Pause, Window
from navaar_sandbox.media import Refusal
from navaar_sandbox.playlist import Playlist
from navaar_sandbox.profiles import Profile
from navaar_sandbox.sound import Shelf
from navaar_sandbox.spotify_accounts import SpotifyAccounts
from navaar_sandbox.spotify_state import Spotify
from navaar_sandbox.telegram_arguments import Limits
from navaar_sandbox.telegram_chats import Telegram
from navaar_sandbox.youtube_data import YouTubeData
from navaar_sandbox.ytmusic import YouTubeMusic

TOKEN = "7000000001:AAFsandbox0token0for0tests0only000000"  # noqa: S105 - opens nothing real
CHANNEL = -1001700000001
ADMIN = 5550001


@dataclass(frozen=True)
class Options:
    """How the world is made. `lag` and `spotify_snapshot_lag` are in seconds.

    `messages_per_minute` is Telegram's limit for one channel.
    """

    tracks: int = 12
    seed: int = 1
    absent: Collection[tuple[Platform, int]] = ()
    two_scripts: bool = False
    sequels: Collection[tuple[int, int]] = ()
    shared_codes: Collection[tuple[int, int]] = ()
    lag: float = 0.0
    messages_per_minute: int = 20
    spotify_calls_per_30_seconds: int = 180
    spotify_snapshot_lag: float = 0.0
    echo_own_posts: bool = False
    profile: Profile | None = None
    admins: tuple[int, ...] = (ADMIN,)
    token: str = TOKEN
    channel_id: int = CHANNEL


@dataclass
class World:
    """All state.

    `expected` holds the recordings that the person has put somewhere, in that order: what each collection should hold
    in the end. `truth` tells the recording behind the bytes (sha256) that the person posted to Telegram.
    """

    options: Options
    now: Callable[[], float]
    catalogue: Catalogue
    gate: Gate
    telegram: Telegram
    limits: Limits
    google: GoogleAccount
    youtube: YouTubeMusic
    youtube_data: YouTubeData
    accounts: SpotifyAccounts
    spotify: Spotify
    youtube_playlist: Playlist
    spotify_playlist: Playlist
    shelf: Shelf
    folder: Path
    media: Refusal = field(default_factory=Refusal)
    expected: list[str] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)

    def set_lag(self, seconds: float) -> None:
        """From now on playlist reads show writes only after so many seconds."""
        self.youtube_playlist.lag = self.spotify_playlist.lag = seconds

    def close(self) -> None:
        """Delete all files."""
        self.shelf.close()


def make_world(options: Options, now: Callable[[], float] = time.time) -> World:
    """A world with an empty channel and two empty playlists."""
    catalogue = Catalogue(
        options.tracks,
        seed=options.seed,
        absent=options.absent,
        two_scripts=options.two_scripts,
        sequels=options.sequels,
        shared_codes=options.shared_codes,
    )
    shelf = Shelf()
    folder = Path(tempfile.mkdtemp(prefix="telegram-", dir=shelf.folder))
    google = GoogleAccount(now)
    accounts = SpotifyAccounts(now)
    youtube = YouTubeMusic(catalogue, google, now)
    spotify = Spotify(catalogue, accounts, now, Window(options.spotify_calls_per_30_seconds, 30, now))
    telegram = Telegram(
        token=options.token,
        channel_id=options.channel_id,
        admins=list(options.admins),
        folder=folder,
        now=now,
        echo_own_posts=options.echo_own_posts,
    )
    limits = Limits(
        per_channel=Window(options.messages_per_minute, 60, now),
        per_person=Window(60, 60, now),
        overall=Window(30, 1, now),
        edits=Window(options.messages_per_minute * 3, 60, now),
        flood=Pause(now),
    )
    world = World(
        options=options,
        now=now,
        catalogue=catalogue,
        gate=Gate(now, seed=options.seed),
        telegram=telegram,
        limits=limits,
        google=google,
        youtube=youtube,
        youtube_data=YouTubeData(youtube),
        accounts=accounts,
        spotify=spotify,
        youtube_playlist=youtube.create("Sandbox Radio", playlist_id="PLsandbox0000000000000000000000000"),
        spotify_playlist=spotify.create("Sandbox Radio", playlist_id="5andb0xRad10P1ay115t00"),
        shelf=shelf,
        folder=folder,
    )
    world.set_lag(options.lag)
    world.spotify.snapshot_lag = options.spotify_snapshot_lag
    return world
