"""Files to and from a Bot API server, with aiogram as it is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from navaar_runtime.failures import Permanent, Transient
from navaar_runtime.settings import load
from navaar_telegram_gateway.channel import TelegramChannel
from navaar_telegram_gateway.ports import AudioPost
from navaar_telegram_gateway.settings import TelegramSettings
from navaar_telegram_gateway.telegram import TelegramBot

TOKEN = "123456789:AAExampleExampleExampleExampleExample"


class Server:
    """Answers each method with what the test puts there, and keeps what came."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
        self.files: dict[str, bytes] = {}
        self.received: list[dict[str, Any]] = []
        self.url = ""

    async def method(self, request: web.Request) -> web.Response:
        fields: dict[str, Any] = {}
        for name, value in (await request.post()).items():
            fields[name] = (value.filename, value.file.read()) if isinstance(value, web.FileField) else value
        self.received.append(fields)
        answer = self.answers[request.match_info["method"]](fields)
        return web.json_response(answer, status=answer.get("error_code", 200))

    async def file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["path"]])


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application(client_max_size=0)
    app.add_routes(
        [web.post("/bot{token}/{method}", server.method), web.get("/file/bot{token}/{path:.+}", server.file)]
    )
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest_asyncio.fixture
async def connect(server: Server) -> AsyncIterator[Callable[..., TelegramBot]]:
    bots: list[TelegramBot] = []

    def make(**more: str) -> TelegramBot:
        variables = {"BOT_TOKEN": TOKEN, "API_BASE": server.url} | more
        bots.append(TelegramBot(load(TelegramSettings, {f"NAVAAR_TELEGRAM_{k}": v for k, v in variables.items()})))
        return bots[-1]

    yield make
    for bot in bots:
        await bot.close()


def described(path: str | None, size: int | None) -> Callable[[dict[str, Any]], dict[str, Any]]:
    file = {"file_id": "f", "file_unique_id": "u", "file_path": path, "file_size": size}
    return lambda _: {"ok": True, "result": {k: v for k, v in file.items() if v is not None}}


Connect = Callable[..., TelegramBot]


async def test_file_arrives_whole(server: Server, connect: Connect, tmp_path: Path) -> None:
    content = bytes(range(256)) * 4000
    server.files["music/file_1.mp3"] = content
    server.answers["getFile"] = described("music/file_1.mp3", len(content))
    await connect().download("f", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == content


async def test_part_of_a_file_is_no_file(server: Server, connect: Connect, tmp_path: Path) -> None:
    server.files["music/file_1.mp3"] = b"half"
    server.answers["getFile"] = described("music/file_1.mp3", 8)
    with pytest.raises(Transient, match="part of the file"):
        await connect().download("f", tmp_path / "copy")


@pytest.mark.parametrize(("path", "size"), [(None, 25_000_000), ("music/file_1.mp3", 25_000_000), (None, None)])
async def test_file_over_the_limit_is_refused(
    server: Server, connect: Connect, tmp_path: Path, path: str | None, size: int | None
) -> None:
    server.answers["getFile"] = described(path, size)
    with pytest.raises(Permanent, match="20 MB"):
        await connect().download("f", tmp_path / "copy")


async def test_local_server_hands_out_files_of_any_size_through_the_shared_folder(
    server: Server, connect: Connect, tmp_path: Path
) -> None:
    kept = tmp_path / "file_1.mp3"
    kept.write_bytes(b"sound")
    server.answers["getFile"] = described(str(kept), 25_000_000)
    await connect(API_LOCAL="true").download("f", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"sound"


async def test_folder_that_is_not_shared_is_told(server: Server, connect: Connect, tmp_path: Path) -> None:
    server.answers["getFile"] = described(str(tmp_path / "elsewhere"), 5)
    with pytest.raises(Transient, match="could not be read"):
        await connect(API_LOCAL="true").download("f", tmp_path / "copy")


def post(folder: Path, thumbnail: bytes | None = None) -> AudioPost:
    (folder / "audio").write_bytes(b"sound" * 100_000)
    if thumbnail is not None:
        (folder / "cover").write_bytes(thumbnail)
    return AudioPost(
        path=folder / "audio",
        size_bytes=500_000,
        file_name="Ali & Bob - پل.m4a",
        title="Pol",
        performer=None,
        duration_s=None,
        caption="Navaar #1",
        thumbnail=folder / "cover" if thumbnail is not None else None,
    )


def taken(_: dict[str, Any]) -> dict[str, Any]:
    audio = {"file_id": "f", "file_unique_id": "u", "duration": 1}
    chat = {"id": -1001, "type": "channel"}
    return {"ok": True, "result": {"message_id": 9, "date": 1, "chat": chat, "audio": audio}}


SMALL_JPEG = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x10\x00\x10\x03" + bytes(20)


async def test_upload_carries_the_file_and_its_names(server: Server, connect: Connect, tmp_path: Path) -> None:
    server.answers["sendAudio"] = taken
    sent = await TelegramChannel(connect(), "-1001").send_audio(post(tmp_path, SMALL_JPEG))
    assert (sent.message_id, sent.file_unique_id) == (9, "u")
    [fields] = server.received
    assert (fields["chat_id"], fields["title"], fields["caption"]) == ("-1001", "Pol", "Navaar #1")
    assert "performer" not in fields
    assert "duration" not in fields
    name, content = fields[fields["audio"].removeprefix("attach://")]
    assert (name, len(content)) == ("Ali & Bob - پل.m4a", 500_000)
    assert fields[fields["thumbnail"].removeprefix("attach://")][1] == SMALL_JPEG


@pytest.mark.parametrize("cover", [b"", b"<html>", SMALL_JPEG + bytes(200_000)])
async def test_cover_that_does_not_fit_is_left_out(
    server: Server, connect: Connect, tmp_path: Path, cover: bytes
) -> None:
    server.answers["sendAudio"] = taken
    await TelegramChannel(connect(), "-1001").send_audio(post(tmp_path, cover))
    assert "thumbnail" not in server.received[0]


async def test_cover_that_telegram_refuses_is_left_out(server: Server, connect: Connect, tmp_path: Path) -> None:
    def picky(fields: dict[str, Any]) -> dict[str, Any]:
        if "thumbnail" in fields:
            return {"ok": False, "error_code": 400, "description": "Bad Request: IMAGE_PROCESS_FAILED"}
        return taken(fields)

    server.answers["sendAudio"] = picky
    assert (await TelegramChannel(connect(), "-1001").send_audio(post(tmp_path, SMALL_JPEG))).message_id == 9
    assert len(server.received) == 2


async def test_cover_that_is_gone_is_left_out(server: Server, connect: Connect, tmp_path: Path) -> None:
    server.answers["sendAudio"] = taken
    gone = post(tmp_path, SMALL_JPEG)
    (tmp_path / "cover").unlink()
    await TelegramChannel(connect(), "-1001").send_audio(gone)
    assert "thumbnail" not in server.received[0]


async def test_answer_that_aiogram_cannot_read_is_an_answer(server: Server, connect: Connect, tmp_path: Path) -> None:
    server.answers["sendAudio"] = lambda _: {"ok": True, "result": {"message_id": 9, "date": "news"}}
    assert (await TelegramChannel(connect(), "-1001").send_audio(post(tmp_path))).message_id == 9


async def test_upload_over_the_servers_limit_is_permanent(server: Server, connect: Connect, tmp_path: Path) -> None:
    server.answers["sendAudio"] = lambda _: {
        "ok": False,
        "error_code": 413,
        "description": "Request Entity Too Large",
    }
    with pytest.raises(Permanent, match="too large"):
        await TelegramChannel(connect(), "-1001").send_audio(post(tmp_path))


LOOKS: list[tuple[str, dict[str, Any], str, object]] = [
    ("forwardMessage", {"description": "Bad Request: message to forward not found"}, "forward", None),
    ("forwardMessage", {"description": "Bad Request: MESSAGE_ID_INVALID"}, "forward", None),
    ("editMessageCaption", {"description": "Bad Request: message to edit not found"}, "edit", False),
    ("editMessageCaption", {"description": "Bad Request: message can't be edited"}, "edit", False),
    ("editMessageCaption", {"description": "Bad Request: there is no caption in the message to edit"}, "edit", False),
    ("editMessageCaption", {"description": "Bad Request: message is not modified: same"}, "edit", True),
]


def rights(**may: bool) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Fewer than aiogram wants to see: what an older server answers."""
    user = {"id": 123456789, "is_bot": True, "first_name": "Navaar"}
    return lambda _: {"ok": True, "result": {"status": "administrator", "user": user, "can_edit_messages": False} | may}


@pytest.mark.parametrize(("method", "refusal", "way", "meaning"), LOOKS)
async def test_refusals_tell_what_is_at_an_id(
    server: Server, connect: Connect, method: str, refusal: dict[str, Any], way: str, meaning: object
) -> None:
    server.answers[method] = lambda _: {"ok": False, "error_code": 400} | refusal
    server.answers["getChatMember"] = rights(can_post_messages=True)
    channel = TelegramChannel(connect(STAGING_CHAT_ID="5"), "-1001")
    if way == "forward":
        assert await channel.look_by_forwarding(4) is meaning
    else:
        assert await channel.look_by_editing(4, "Navaar #1") is meaning


async def test_rights_are_told_in_words(server: Server, connect: Connect) -> None:
    channel = TelegramChannel(connect(), "-1001")
    server.answers["getChatMember"] = rights(can_post_messages=True)
    assert await channel.access_problem() is None
    server.answers["getChatMember"] = rights()
    assert "administrator" in (await channel.access_problem() or "")
    server.answers["getChatMember"] = lambda _: {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: chat not found",
    }
    assert "NAVAAR_TELEGRAM_CHANNEL_ID" in (await channel.access_problem() or "")


async def test_updates_are_asked_for_without_confirming_what_is_new(server: Server, connect: Connect) -> None:
    server.answers["getUpdates"] = lambda _: {"ok": True, "result": []}
    bot = connect()
    assert await bot.updates(None, wait=False) == []
    assert await bot.updates(7, wait=False) == []
    first, second = server.received
    assert "offset" not in first
    assert second["offset"] == "7"
    assert "channel_post" in json.loads(first["allowed_updates"])
