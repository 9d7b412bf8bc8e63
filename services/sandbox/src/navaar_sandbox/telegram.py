"""The pretend Bot API server: /bot<token>/<method> and /file/bot<token>/<path>.

Source: the Bot API documentation, and the wording of errors as tdlib/telegram-bot-api answers.
"""

import asyncio
import re
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from navaar_sandbox import telegram_managing, telegram_sending
from navaar_sandbox.faults import Gate
from navaar_sandbox.telegram_arguments import Arguments, Bot, Limits, TelegramError, read_arguments
from navaar_sandbox.telegram_chats import Json, Telegram

_METHODS = {
    name.lower(): (name, method) for name, method in (telegram_sending.METHODS | telegram_managing.METHODS).items()
}
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")


class TelegramServer:
    """Answers for one bot."""

    def __init__(self, telegram: Telegram, limits: Limits, gate: Gate, folder: Path) -> None:
        self._telegram = telegram
        self._limits = limits
        self._gate = gate
        self._folder = folder
        self._poll: asyncio.Event | None = None  # set when a newer poll takes over from the one that waits

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """The routes, below `prefix`."""
        return [
            web.route("*", prefix + "/bot{token}/{method}", self._method),
            web.get(prefix + "/file/bot{token}/{path:.+}", self._file),
        ]

    async def _method(self, request: web.Request) -> web.StreamResponse:
        wanted = request.match_info["method"]
        # Method names are case-insensitive.
        name = "getUpdates" if wanted.lower() == "getupdates" else _METHODS.get(wanted.lower(), (wanted, None))[0]
        return await self._gate.call(request, "telegram", name, partial(self._answer, request, wanted.lower()), _shape)

    async def _answer(self, request: web.Request, method: str) -> web.Response:
        arguments = Arguments({})
        try:
            # The body is read before anything is refused: a client that still sends would miss the answer.
            arguments = await read_arguments(request, self._folder)
            self._check_token(request.match_info["token"])
            if method == "getupdates":
                return _ok(await self._get_updates(arguments))
            if method not in _METHODS:
                raise TelegramError(404, "Not Found")
            return _ok(await _METHODS[method][1](Bot(self._telegram, self._limits, arguments)))
        except TelegramError as refusal:
            return _error(refusal.code, refusal.description, refusal.retry_after, refusal.migrated_to)
        finally:
            for upload in arguments.uploads.values():
                upload.path.unlink(missing_ok=True)

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise TelegramError(404, "Not Found")
        if token != self._telegram.token or self._telegram.token_revoked:
            raise TelegramError(401, "Unauthorized")

    async def _get_updates(self, arguments: Arguments) -> list[Json]:
        """Long polling. Of two pollers the older is told to go, as Telegram does."""
        telegram = self._telegram
        if telegram.webhook_url:
            raise TelegramError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        allowed = arguments.structure("allowed_updates")
        if "allowed_updates" in arguments.values:
            telegram.allowed_updates = list(allowed or [])
        if self._poll is not None:
            self._poll.set()
        taken_over = self._poll = asyncio.Event()
        limit = max(1, min(100, arguments.number("limit", 100)))
        offset = arguments.number("offset")
        deadline = asyncio.get_running_loop().time() + min(50, max(0, arguments.number("timeout")))
        try:
            while not (updates := telegram.waiting(offset, limit)):
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0:
                    return []
                await _first_of(telegram.changed, taken_over, left)
                if taken_over.is_set():
                    raise TelegramError(
                        409,
                        "Conflict: terminated by other getUpdates request; "
                        "make sure that only one bot instance is running",
                    )
            return updates
        finally:
            if self._poll is taken_over:
                self._poll = None

    async def _file(self, request: web.Request) -> web.StreamResponse:
        async def act() -> web.StreamResponse:
            try:
                self._check_token(request.match_info["token"])
            except TelegramError as refusal:
                return _error(refusal.code, refusal.description, None)
            stored = self._telegram.by_served_path(request.match_info["path"])
            if stored is None or stored.size > telegram_managing.DOWNLOAD_LIMIT:
                return _error(404, "Not Found", None)
            return web.FileResponse(stored.path, headers={"Content-Type": "application/octet-stream"})

        return await self._gate.call(request, "telegram", "file", act, _shape)


async def _first_of(one: asyncio.Event, other: asyncio.Event, seconds: float) -> None:
    waits = [asyncio.ensure_future(one.wait()), asyncio.ensure_future(other.wait())]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _error(code: int, description: str, retry_after: int | None, migrated_to: int | None = None) -> web.Response:
    body: Json = {"ok": False, "error_code": code, "description": description}
    if retry_after is not None:
        body["parameters"] = {"retry_after": retry_after}
    if migrated_to is not None:
        body["parameters"] = {"migrate_to_chat_id": migrated_to}
    return web.json_response(body, status=code)


def _shape(status: int, retry_after: int | None) -> web.Response:
    if status == 429:
        wait = retry_after or 5
        return _error(429, f"Too Many Requests: retry after {wait}", wait)
    words = {
        500: "Internal Server Error",
        502: "Bad Gateway",
        503: "Service Unavailable",
        504: "Gateway Timeout",
        401: "Unauthorized",
    }
    return _error(status, words.get(status, "Bad Request: something went wrong"), None)
