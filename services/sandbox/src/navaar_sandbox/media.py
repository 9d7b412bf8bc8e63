"""The pretend media server: the audio behind a video id, for yt-dlp's generic extractor, and cover pictures."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from aiohttp import web

from navaar_sandbox import sound
from navaar_sandbox.faults import Gate
from navaar_sandbox.ytmusic import YouTubeMusic


@dataclass
class Refusal:
    """How downloads are refused: with the words that YouTube has for a server it takes for a bot, or with a status."""

    wants_sign_in: bool = False  # every one
    status: int | None = None  # the first `times` requests for each video
    times: int = 1
    _told: Counter[str] = field(default_factory=Counter)

    def of(self, video_id: str) -> web.Response | None:
        """The refusal of this request, None if it is served. Of an error, yt-dlp tells the status line."""
        if self.wants_sign_in:
            return web.Response(status=403, reason="Sign in to confirm you're not a bot")
        if self.status is None or self._told[video_id] >= self.times:
            return None
        self._told[video_id] += 1
        return web.Response(status=self.status)


class MediaServer:
    """/<video id>.m4a and /covers/<any id>.jpg; a private video is 403, a deleted or unknown one 404."""

    def __init__(self, youtube: YouTubeMusic, shelf: sound.Shelf, gate: Gate, refusal: Refusal) -> None:
        self._refusal = refusal
        self._youtube = youtube
        self._shelf = shelf
        self._gate = gate

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """The routes, below `prefix`."""
        return [web.get(prefix + "/covers/{id}.jpg", self._cover), web.get(prefix + "/{id}.m4a", self._audio)]

    async def _audio(self, request: web.Request) -> web.StreamResponse:
        video_id = request.match_info["id"]

        async def act() -> web.StreamResponse:
            refused = self._refusal.of(video_id)
            if refused is not None:
                return refused
            entry = self._youtube.catalogue.entries.get(video_id)
            taken_down = self._youtube.taken_down.get(video_id)
            if entry is None or entry.platform != "youtube" or taken_down == "deleted":
                return web.Response(status=404, text="Video unavailable")
            if taken_down is not None:
                return web.Response(
                    status=403, text="Private video. Sign in if you've been granted access to this video"
                )
            heard, seconds = self._youtube.mislabelled.get(video_id, (entry.recording, entry.duration))
            path = await asyncio.to_thread(self._shelf.file, heard, seconds, "m4a")
            return web.FileResponse(path, headers={"Content-Type": "audio/mp4"})

        operation = "probe" if request.method == "HEAD" else "get"
        return await self._gate.call(request, "media", operation, act, shape, detail=video_id)

    async def _cover(self, request: web.Request) -> web.StreamResponse:
        key = request.match_info["id"]

        async def act() -> web.StreamResponse:
            return web.Response(body=await asyncio.to_thread(_picture, key), content_type="image/jpeg")

        return await self._gate.call(request, "media", "cover", act, shape, detail=key)


@cache
def _picture(key: str) -> bytes:
    return sound.cover(key)


def shape(status: int, retry_after: int | None) -> web.Response:
    """A bare error."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return web.Response(status=status, text=f"{status}", headers=headers)
