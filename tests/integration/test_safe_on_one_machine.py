"""`navaar up` beside a hostile neighbour: another user of the machine, who reaches loopback and reads what is open."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import stat
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nats
import pytest
import pytest_asyncio
from nats.js.errors import Error as StreamError

from navaar_contracts import streams
from navaar_launcher.connection import Unanswered, connected
from navaar_launcher.data_folder import DataFolder
from navaar_launcher.embedded_nats import EmbeddedNats, NatsNotStarted
from navaar_launcher.registry import entry
from navaar_launcher.up import up
from navaar_runtime.declare import Topology, declare
from navaar_runtime.settings import SettingsError
from tests.support import forked
from tests.support.another_user import as_another_user
from tests.support.forked import plain_environment
from tests.support.nats_server import NatsServer
from tests.support.whole_system import eventually

SECRET = "4815162342:not-for-any-child-of-this-process"
SERVICES = ("ledger", "identifier")
EVENT = "navaar.evt.track.placed.main"
in_module = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Here:
    """A Navaar that runs on a data folder of the version before."""

    data: Path
    environment: dict[str, str]
    before: int
    """Messages in NAVAAR_EVENTS when the version before ended."""

    @property
    def port(self) -> int:
        return int((self.data / "nats" / "url").read_text().rsplit(":", 1)[1])

    def seed(self, user: str) -> str:
        return str(self.data / "nats" / "keys" / f"{user}.nk")

    def nats_process(self) -> int:
        return int((self.data / "nats" / "nats-server.pid").read_text())


async def _left_by_the_version_before(data: Path, folder: Path) -> int:
    """Its NATS server asked for no key, and its files had the modes of the umask; how many events there are."""
    server = NatsServer(folder)
    await server.start()
    client = await nats.connect(server.url)
    await declare(client, Topology())
    for number in range(3):
        await client.jetstream().publish(EVENT, b"{}", headers={"Nats-Msg-Id": f"{number}"})
    await client.close()
    server.end()
    (data / "nats").mkdir(parents=True)
    shutil.move(folder / "js", data / "nats" / "jetstream")
    (data / "ledger.sqlite3").touch()
    (data / "api-token").write_text("its token")
    for where, folders, files in os.walk(data):
        for name in (*folders, *files):
            path = Path(where) / name
            path.chmod(0o755 if path.is_dir() else 0o644)
    data.chmod(0o755)
    return 3


@contextlib.contextmanager
def _reachable_folder() -> Iterator[Path]:
    """One that everybody may enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory(prefix="navaar-neighbour-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here() -> AsyncIterator[Here]:
    with _reachable_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NAVAAR_TELEGRAM_BOT_TOKEN", SECRET)
        patch.setattr("navaar_runtime.service.WATCH_EVERY_S", 0.2)
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        patch.setenv("GOMAXPROCS", "1")
        data = folder / "data"
        before = await _left_by_the_version_before(data, folder / "before")
        environment = {
            "NAVAAR_DATA_DIR": str(data),
            "NAVAAR_NATS_PORT": "0",
            "NAVAAR_TELEGRAM_CHANNEL_ID": "-1001",
            "NAVAAR_YTMUSIC_PLAYLIST_ID": "PL1",
        }
        stop, started = asyncio.Event(), asyncio.Event()
        services = [found for name in SERVICES if (found := entry(name)) is not None]
        running = asyncio.create_task(up(environment, stop, started=started, services=services))
        waiting = asyncio.create_task(started.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
        found = Here(data, environment, before)
        await eventually(lambda: _ledger_answers(found))
        yield found
        stop.set()
        await running


async def _ledger_answers(here: Here) -> bool:
    async with connected(here.environment) as client:
        try:
            return bool((await client.request("navaar.query.ledger.health", b"{}", timeout=1)).data)
        except (nats.errors.Error, TimeoutError):
            return False


def _told(port: int, lines: list[str]) -> str:
    """What a NATS server answers to lines of its protocol, up to the end or the first PONG."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall("".join(f"{each}\r\n" for each in (*lines, "PING")).encode())
        said = ""
        while "PONG" not in said:
            try:
                chunk = line.recv(65536)
            except ConnectionError:
                break
            if not chunk:
                break
            said += chunk.decode()
    return said


TRIES = {
    "without a name": {"verbose": True},
    "with a guessed password": {"verbose": True, "user": "operator", "pass": "operator"},
    "with a token": {"verbose": True, "auth_token": "navaar"},
    "with a public key and no signature": {"verbose": True, "nkey": None, "sig": ""},
}


@pytest.mark.parametrize("how", TRIES)
def test_another_user_can_neither_read_nor_publish_nor_delete(here: Here, how: str) -> None:
    configuration = (here.data / "nats" / "nats-server.conf").read_text()
    public = configuration.split("nkey: ")[1].split()[0]
    hello = {name: public if value is None else value for name, value in TRIES[how].items()}
    port = here.port
    lines = [
        f"CONNECT {json.dumps(hello)}",
        "SUB navaar.> 1",
        f"PUB {EVENT} 2\r\n{{}}",
        "PUB $JS.API.STREAM.DELETE.NAVAAR_EVENTS answer 0\r\n",
    ]
    said = as_another_user(lambda: _told(port, lines))
    assert "Authorization Violation" in said
    assert "MSG" not in said
    assert "PONG" not in said


@in_module
async def test_what_the_version_before_left_is_still_there(here: Here) -> None:
    async with connected(here.environment) as client:
        state = (await client.jetstream().stream_info(streams.EVENTS.name)).state
    assert state.messages >= here.before


def _readable(folder: str) -> list[str]:
    """What of a folder somebody can list or read."""
    found = []
    for path in (Path(folder), *Path(folder).rglob("*")):
        with contextlib.suppress(OSError):
            found.append(str(list(path.iterdir()) if path.is_dir() else path.read_bytes()[:20]))
    return found


def test_another_user_reads_nothing_of_the_data_folder(here: Here) -> None:
    if os.geteuid() == 0:
        assert as_another_user(lambda: _readable(str(here.data))) == []
    open_to_others = [
        f"{path.relative_to(here.data)} {stat.S_IMODE(path.lstat().st_mode):o}"
        for path in (here.data, *here.data.rglob("*"))
        if path.lstat().st_mode & 0o077
    ]
    assert open_to_others == []
    kinds = {path.name for path in here.data.rglob("*")}
    assert kinds >= {"ledger.sqlite3", "ledger.sqlite3-wal", "ledger.sqlite3-shm", "operator.nk", "url", "api-token"}


@in_module
async def test_a_command_of_the_owner_may_do_everything_and_that_of_another_is_told_whose_it_is(here: Here) -> None:
    async with connected(here.environment) as client:
        assert len(await client.jetstream().streams_info()) >= 3
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")

    def ask() -> str:
        async def connect() -> None:
            async with connected(here.environment):
                pass

        try:
            asyncio.new_event_loop().run_until_complete(connect())
        except Unanswered as error:
            return str(error)
        return "answered"

    told = await asyncio.to_thread(as_another_user, ask)
    assert "another user's" in told


@in_module
async def test_whoever_names_the_address_without_a_key_is_told_what_is_missing(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("navaar_launcher.connection.DEADLINE_S", 0.5)
    with pytest.raises(Unanswered, match="does not let us in; name this user's key"):
        async with connected({"NAVAAR_NATS_URL": f"nats://127.0.0.1:{here.port}"}):
            pass


@in_module
async def test_commands_find_the_address_and_the_key_by_themselves(here: Here) -> None:
    for command in (("dead", "--json"), ("plan", "--json"), ("replay", "events", "--from", "1", "--dry-run")):
        code, out, err = await forked.run(
            "navaar_launcher", *command, environment={**plain_environment(), **here.environment}, folder=here.data
        )
        assert code == 0, err
        assert out


@in_module
async def test_a_service_s_user_may_do_what_its_service_does_and_no_more(here: Here) -> None:
    refused: list[str] = []

    async def on_error(error: Exception) -> None:
        refused.append(str(error))

    client = await nats.connect(
        f"nats://127.0.0.1:{here.port}",
        nkeys_seed=here.seed("identifier"),
        error_cb=on_error,
        inbox_prefix="_INBOX_identifier",
    )
    with pytest.raises((StreamError, nats.errors.Error, TimeoutError)):
        await client.jetstream(timeout=0.5).delete_stream(streams.EVENTS.name)
    await client.publish("navaar.cmd.telegram.place-track.main", b"{}")
    await eventually(lambda: _has(refused, "place-track"))
    await client.close()
    assert any("STREAM.DELETE" in each.upper() for each in refused)


async def _has(texts: list[str], word: str) -> bool:
    return any(word in text.lower() for text in texts)


@in_module
async def test_a_consumer_that_somebody_deleted_is_made_again_though_its_service_may_not(here: Here) -> None:
    durable = streams.LEDGER_EVENTS
    async with connected(here.environment) as client:
        await client.jetstream().delete_consumer(durable.stream, durable.durable)

        async def is_back() -> bool:
            try:
                await client.jetstream().consumer_info(durable.stream, durable.durable)
            except StreamError:
                return False
            return True

        await eventually(is_back)


def _environment_of(pid: int) -> str:
    return Path(f"/proc/{pid}/environ").read_bytes().decode()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="this system does not show environments")
def test_the_nats_server_inherits_no_secret_and_has_no_monitoring_port(here: Here) -> None:
    assert SECRET not in _environment_of(here.nats_process())
    assert "PATH=" in _environment_of(here.nats_process())
    assert "GOMAXPROCS=1" in _environment_of(here.nats_process())
    inodes = {
        target.removeprefix("socket:[").rstrip("]")
        for link in Path(f"/proc/{here.nats_process()}/fd").iterdir()
        if (target := str(link.readlink())).startswith("socket:[")
    }
    listening = [
        fields[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if (fields := line.split())[3] == "0A" and fields[9] in inodes
    ]
    assert listening == [f"0100007F:{here.port:04X}"]


async def test_it_is_not_started_again_where_another_program_has_taken_its_place(tmp_path: Path) -> None:
    """Clients go by the address, and must not go on with whoever answers there."""
    server = EmbeddedNats(tmp_path / "nats", port=0, sync_always=False)
    port = int((await server.start()).rsplit(":", 1)[1])
    os.kill(int((tmp_path / "nats" / "nats-server.pid").read_text()), signal.SIGKILL)
    await server.ended()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(NatsNotStarted, match="another program listens"):
            await server.start_again()
    assert await server.start_again() == f"nats://127.0.0.1:{port}"
    await server.stop()


def test_keys_that_others_could_have_read_or_made_are_made_anew(tmp_path: Path) -> None:
    from navaar_launcher.nats_keys import keep

    first = keep(tmp_path / "keys")
    assert keep(tmp_path / "keys") == first
    assert len(set(first.values())) == len(first) >= 9
    (tmp_path / "keys" / "ledger.nk").chmod(0o640)
    (tmp_path / "keys" / "api.nk").write_text("no seed")
    (tmp_path / "known").write_text((tmp_path / "keys" / "spotify.nk").read_text())
    (tmp_path / "keys" / "spotify.nk").unlink()
    (tmp_path / "keys" / "spotify.nk").symlink_to(tmp_path / "known")
    second = keep(tmp_path / "keys")
    assert {user for user in first if first[user] != second[user]} == {"ledger", "api", "spotify"}
    assert {stat.S_IMODE(path.lstat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}


async def test_doctor_warns_of_an_env_file_that_others_can_read(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    for mode, warned in ((0o644, True), (0o600, False)):
        env.write_text("NAVAAR_LOG_LEVEL=INFO\n")
        env.chmod(mode)
        _, out, _ = await forked.run(
            "navaar_launcher", "doctor", "--json", environment=plain_environment(), folder=tmp_path
        )
        advice = [finding["advice"] for finding in json.loads(out) if finding["level"] == "warning"]
        assert ("chmod 600 .env" in advice) is warned


def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    with _reachable_folder() as folder:
        (folder / "trap").mkdir(mode=0o777)
        (folder / "trap").chmod(0o777)
        os.chown(folder / "trap", 12345, 12345)

        def enter() -> str:
            try:
                with DataFolder(folder / "trap"):
                    return "taken"
            except SettingsError as error:
                return str(error)

        assert "belongs to another user" in as_another_user(enter)


def test_what_another_user_put_into_a_shared_folder_is_not_followed(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a link of another user")
    treasure = tmp_path / "authorized_keys"
    treasure.write_text("ours")
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o777)
    (data / "launcher.lock").symlink_to(treasure)
    os.chown(data / "launcher.lock", 12345, 12345, follow_symlinks=False)
    for _ in range(2):
        with pytest.raises(SettingsError, match=r"launcher\.lock is another user's"), DataFolder(data):
            pass
    assert treasure.read_text() == "ours"
    (data / "launcher.lock").unlink()
    with DataFolder(data):
        assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_what_is_open_is_closed_but_for_links_and_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outside = tmp_path / "outside"
    outside.write_text("x")
    outside.chmod(0o644)
    data = tmp_path / "data"
    (data / "deep" / "deeper").mkdir(parents=True)
    (data / "yt-dlp" / "2026.01.01").mkdir(parents=True)
    for file in ("ledger.sqlite3", "deep/deeper/one", "yt-dlp/2026.01.01/module.py"):
        (data / file).write_text("x")
        (data / file).chmod(0o664)
    (data / "link").symlink_to(outside)
    with DataFolder(data):
        (data / "new").write_text("x")
        (data / "folder").mkdir()
    mode = modes(data)
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644
    assert (mode("."), mode("deep/deeper"), mode("ledger.sqlite3"), mode("deep/deeper/one")) == (
        0o700,
        0o700,
        0o600,
        0o600,
    )
    assert (mode("new"), mode("folder"), mode("launcher.lock")) == (0o600, 0o700, 0o600)
    assert mode("yt-dlp/2026.01.01/module.py") == 0o664
    with DataFolder(data):
        pass


def modes(folder: Path) -> Callable[[str], int]:
    return lambda name: stat.S_IMODE((folder / name).stat().st_mode)
