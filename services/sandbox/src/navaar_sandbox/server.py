"""The sandbox itself: all pretend platforms on one port of 127.0.0.1, in the running event loop."""

from collections.abc import Callable, Collection
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from aiohttp import web

from navaar_sandbox.catalogue import Catalogue, Platform
from navaar_sandbox.compare import Listener, compare, describe
from navaar_sandbox.control import ControlServer, change
from navaar_sandbox.environment import environment
from navaar_sandbox.faults import Fault, Gate
from navaar_sandbox.google import GoogleServer
from navaar_sandbox.media import MediaServer
from navaar_sandbox.person import Person
from navaar_sandbox.profiles import PROFILES, Profile
from navaar_sandbox.spotify import SpotifyServer
from navaar_sandbox.spotify_accounts import SpotifyAccountsServer
from navaar_sandbox.telegram import TelegramServer
from navaar_sandbox.world import Options, World, make_world
from navaar_sandbox.youtube_data import YouTubeDataServer
from navaar_sandbox.ytmusic import YouTubeMusicServer


class Sandbox:
    """`async with Sandbox(tracks=12) as sandbox:` runs it; state lasts as long as the object.

    `port` 0 takes a free one; a `profile` is a set of switches. See `Options` for the rest.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        tracks: int = 12,
        seed: int = 1,
        absent: Collection[tuple[Platform, int]] = (),
        two_scripts: bool = False,
        sequels: Collection[tuple[int, int]] = (),
        shared_codes: Collection[tuple[int, int]] = (),
        lag: float = 0.0,
        messages_per_minute: int = 20,
        spotify_calls_per_30_seconds: int = 180,
        echo_own_posts: bool = False,
        profile: Profile | None = None,
    ) -> None:
        self.world: World = make_world(
            Options(
                tracks=tracks,
                seed=seed,
                absent=absent,
                two_scripts=two_scripts,
                sequels=sequels,
                shared_codes=shared_codes,
                lag=lag,
                messages_per_minute=messages_per_minute,
                spotify_calls_per_30_seconds=spotify_calls_per_30_seconds,
                echo_own_posts=echo_own_posts,
                profile=profile,
            )
        )
        if profile is not None:
            change(self.world, PROFILES[profile])
        self.person = Person(self.world)
        self.url = ""  # known once it runs
        self._port = port
        self._listener = Listener(self.world.catalogue)
        self._runner: web.AppRunner | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The songs of this world."""
        return self.world.catalogue

    @property
    def gate(self) -> Gate:
        """The call log and the planned faults."""
        return self.world.gate

    async def __aenter__(self) -> Self:
        # No size limit here: what is too large for a platform, the platform itself must refuse.
        application = web.Application(client_max_size=0)
        for routes in self._routes():
            application.add_routes(routes)
        # ytmusicapi claims "content-encoding: gzip" over plain JSON, so bodies are left as they come.
        self._runner = web.AppRunner(application, auto_decompress=False, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        self.world.close()

    def _routes(self) -> list[list[web.RouteDef]]:
        world = self.world
        media: Callable[[], str] = lambda: f"{self.url}/media"  # noqa: E731
        api: Callable[[], str] = lambda: f"{self.url}/spotify/v1"  # noqa: E731
        return [
            ControlServer(world, self.person, self._listener).routes("/_control"),
            TelegramServer(world.telegram, world.limits, world.gate, world.folder).routes("/telegram"),
            GoogleServer(world.google, world.gate).routes("/google"),
            YouTubeMusicServer(world.youtube, world.gate, media).routes("/ytmusic"),
            YouTubeDataServer(world.youtube_data, world.gate, media).routes("/google-apis"),
            SpotifyAccountsServer(world.accounts, world.gate).routes("/spotify-accounts"),
            SpotifyServer(world.spotify, world.gate, api_base=api, media_base=media).routes("/spotify/v1"),
            MediaServer(world.youtube, world.shelf, world.gate, world.media).routes("/media"),
        ]

    def environment(
        self,
        data_dir: Path,
        *,
        youtube_auth: Literal["browser", "oauth"] = "browser",
        spotify_auth: Literal["secret", "pkce"] = "secret",
    ) -> dict[str, str]:
        """The NAVAAR_ variables that lead here; writes the credential files they name into `data_dir`."""
        return environment(self.world, self.url, data_dir, youtube_auth=youtube_auth, spotify_auth=spotify_auth)

    def fault(self, platform: str, operation: str = "*", **fields: Any) -> Fault:
        """Plan a failure; see `Fault` for the fields."""
        return self.gate.add(Fault(platform, operation, **fields))

    def settings(self, **switches: Any) -> None:
        """Turn switches; see `control.SETTINGS`."""
        change(self.world, switches)

    async def compare(self) -> dict[str, dict[str, int]]:
        """Each platform's {"present", "missing", "duplicates", "wrong"}."""
        return await compare(self.world, self._listener)

    def describe(self) -> dict[str, Any]:
        """What the collections hold, in words."""
        return describe(self.world)
