"""The sandbox's own HTTP side, below /_control: act as the person, break things, look behind the scenes.

GET    /_control/state                  what the collections hold, calls by operation, planned faults
GET    /_control/compare                each platform's tally
GET    /_control/calls                  every call so far (?platform= and ?operation= narrow)
GET    /_control/messages/<chat id>     a Telegram chat, deleted messages left out
POST   /_control/person/<method>        any method of Person, arguments as a JSON object
POST   /_control/faults                 plan a Fault, its fields as a JSON object
DELETE /_control/faults                 forget all planned faults
POST   /_control/settings               {"lag": seconds, ...}: the switches of SETTINGS
"""

import inspect
import json
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import web

from navaar_sandbox.compare import Listener, compare, describe
from navaar_sandbox.faults import Fault
from navaar_sandbox.limits import Allowance
from navaar_sandbox.person import Person
from navaar_sandbox.telegram_people import change_rights
from navaar_sandbox.world import World

Json = dict[str, Any]


def _set(owner: str, attribute: str) -> Callable[[World, Any], None]:
    return lambda world, value: setattr(getattr(world, owner), attribute, value)


def _rights(attribute: str) -> Callable[[World, Any], None]:
    return lambda world, value: change_rights(world.telegram, **{attribute: value})


def _allow(world: World, most: int | None, recovery_s: float) -> None:
    world.youtube.edits = Allowance(most, recovery_s, world.now)


# What may be switched while the world runs, and what each switch does.
SETTINGS: dict[str, Callable[[World, Any], None]] = {
    "delay": _set("gate", "delay"),
    "jitter": _set("gate", "jitter"),
    "lag": lambda world, value: world.set_lag(float(value)),
    "messages_per_minute": lambda world, value: setattr(world.limits.per_channel, "most", int(value)),
    "messages_per_minute_to_a_person": lambda world, value: setattr(world.limits.per_person, "most", int(value)),
    "telegram_token_revoked": _set("telegram", "token_revoked"),
    "echo_own_posts": _set("telegram", "echo_own_posts"),
    "telegram_flood_wait": lambda world, value: world.limits.flood.begin(float(value)),
    "telegram_migrated_to": lambda world, value: setattr(world.telegram.channel, "migrated_to", value),
    "media_wants_sign_in": _set("media", "wants_sign_in"),
    "media_status": _set("media", "status"),
    "bot_rights": _rights("bot_rights"),
    "bot_can_post": _rights("can_post"),
    "bot_can_edit": _rights("can_edit"),
    "bot_can_delete": _rights("can_delete"),
    "youtube_session_revoked": _set("google", "session_revoked"),
    "youtube_session_ended": _set("google", "session_ended"),
    "youtube_collaborative": lambda world, value: setattr(world.youtube_playlist, "collaborative", value),
    "youtube_shown_as": _set("youtube", "shown_as"),
    "youtube_swaps_every": lambda world, value: world.youtube.swap(int(value)),
    "youtube_counts_in_words": _set("youtube", "counts_in_words"),
    "youtube_renews_cookies": _set("google", "renews_cookies"),
    "youtube_cookies_renewed_every_s": _set("google", "renewed_every_s"),
    "youtube_cookies_grace_s": _set("google", "grace_s"),
    "youtube_session_idle_s": _set("google", "idle_s"),
    "youtube_session_ends_silently": _set("google", "ends_silently"),
    "youtube_most": _set("youtube", "most"),
    "youtube_writes_left": lambda world, value: _allow(world, value, math.inf),
    "youtube_edits": lambda world, value: _allow(world, *value),
    "youtube_pause": lambda world, value: world.youtube.pause.begin(float(value)),
    "youtube_pause_says_how_long": lambda world, value: setattr(world.youtube.pause, "says_how_long", value),
    "youtube_grant_revoked": _set("google", "grant_revoked"),
    "youtube_refuses_oauth": _set("google", "refuses_oauth"),
    "youtube_read_only": _set("google", "read_only"),
    "youtube_public": lambda world, value: setattr(world.youtube_playlist, "public", bool(value)),
    "youtube_page_lag": _set("youtube", "page_lag"),
    "youtube_units": _set("youtube_data", "units"),
    "youtube_api_enabled": _set("youtube_data", "enabled"),
    "youtube_owned_by_another": _set("youtube_data", "stranger"),
    "youtube_device_approved": _set("google", "device_approved"),
    "spotify_revoked": _set("accounts", "revoked"),
    "spotify_consents": _set("accounts", "consents"),
    "spotify_premium": _set("spotify", "premium"),
    "spotify_old_shape": _set("spotify", "old_shape"),
    "spotify_full_status": _set("spotify", "full_status"),
    "spotify_most": _set("spotify", "most"),
    "spotify_snapshot_lag": _set("spotify", "snapshot_lag"),
    "spotify_calls_per_30_seconds": lambda world, value: setattr(world.spotify.limit, "most", int(value)),
    "spotify_patience": _set("spotify", "patience"),
    "spotify_overuse_pause_s": _set("spotify", "overuse_pause_s"),
    "spotify_pause": lambda world, value: world.spotify.pause.begin(float(value)),
    "spotify_pause_says_how_long": lambda world, value: setattr(world.spotify.pause, "says_how_long", value),
    "spotify_pause_is_strict": lambda world, value: setattr(world.spotify.pause, "strict", value),
    "spotify_access_expired": lambda world, _: world.accounts.expire_access(),
    "spotify_grown_old": lambda world, value: world.accounts.grown_old(float(value)),
}


def change(world: World, settings: Mapping[str, Any]) -> None:
    """Apply switches; KeyError names one that does not exist, and then nothing is changed."""
    changes = [(SETTINGS[name], value) for name, value in settings.items()]
    for apply, value in changes:
        apply(world, value)


class ControlServer:
    """The routes of the control side."""

    def __init__(self, world: World, person: Person, listener: Listener) -> None:
        self._world = world
        self._person = person
        self._listener = listener

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """The routes, below `prefix`."""
        return [
            web.get(prefix + "/state", self._guard(self._state)),
            web.get(prefix + "/compare", self._guard(self._compare)),
            web.get(prefix + "/calls", self._guard(self._calls)),
            web.get(prefix + "/messages/{chat}", self._guard(self._messages)),
            web.post(prefix + "/person/{method}", self._guard(self._act)),
            web.post(prefix + "/faults", self._guard(self._plan)),
            web.delete(prefix + "/faults", self._guard(self._forget)),
            web.post(prefix + "/settings", self._guard(self._settings)),
        ]

    @staticmethod
    def _guard(handler: Callable[[web.Request], Awaitable[Any]]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            try:
                return web.json_response(await handler(request))
            except (LookupError, TypeError, ValueError, TimeoutError) as error:
                return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

        return answer

    async def _state(self, _: web.Request) -> Json:
        world = self._world
        return {
            "collections": describe(world),
            "playlists": {
                "youtube": [place.item for place in world.youtube_playlist.entries],
                "spotify": [place.item for place in world.spotify_playlist.entries],
            },
            "calls": world.gate.counts(),
            "youtube_units_spent": dict(world.youtube_data.spent),
            "faults": world.gate.describe(),
            "asked_in_pauses": {"youtube": world.youtube.pause.asked, "spotify": world.spotify.pause.asked},
            "pending_updates": world.telegram.pending_updates,
            "callback_answers": world.telegram.callback_answers,
        }

    async def _compare(self, _: web.Request) -> Json:
        return await compare(self._world, self._listener)

    async def _calls(self, request: web.Request) -> list[Json]:
        wanted = {key: request.query[key] for key in ("platform", "operation") if key in request.query}
        shown = [asdict(call) for call in self._world.gate.calls]
        return [call for call in shown if all(call[key] == value for key, value in wanted.items())]

    async def _messages(self, request: web.Request) -> list[Json]:
        return await self._person.read(int(request.match_info["chat"]))

    async def _act(self, request: web.Request) -> Any:
        name = request.match_info["method"]
        method = None if name.startswith("_") else getattr(self._person, name, None)
        if not inspect.iscoroutinefunction(method):
            raise LookupError(f"the person cannot {name!r}")
        return await method(**await _body(request))

    async def _plan(self, request: web.Request) -> Json:
        return asdict(self._world.gate.add(Fault(**await _body(request))))

    async def _forget(self, _: web.Request) -> Json:
        self._world.gate.clear()
        return {}

    async def _settings(self, request: web.Request) -> Json:
        change(self._world, await _body(request))
        return {}


async def _body(request: web.Request) -> Json:
    body = json.loads(await request.text() or "{}")
    if not isinstance(body, dict):
        raise TypeError("a JSON object is expected")
    return body
