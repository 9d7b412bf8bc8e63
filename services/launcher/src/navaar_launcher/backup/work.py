"""Makes a backup of this installation, and puts one back."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nats.aio.client import Client

from navaar_contracts.health import HealthReply
from navaar_launcher.backup import archive, records
from navaar_launcher.backup.archive import LEDGER, RECORDS, SIGN_INS, Manifest
from navaar_launcher.connection import Unanswered, connected
from navaar_launcher.registry import GATEWAYS, SERVICES
from navaar_launcher.up import nats_alone
from navaar_ledger.archive.ledger import is_there, put_back, taken_out
from navaar_ledger.archive.rows import Row, Tally, read, written
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.life import EPOCH, MARK, Restored
from navaar_runtime.connection import connect
from navaar_runtime.failures import Permanent
from navaar_runtime.private_files import write_private
from navaar_runtime.query_client import QueryClient
from navaar_runtime.service import version
from navaar_runtime.settings import RuntimeSettings, load, variable_of

TOKEN = "api-token"  # noqa: S105 - the name of a file
PROBE_S = 2.0


@dataclass(frozen=True, slots=True)
class Backup:
    manifest: Manifest

    def told(self) -> str:
        kept = self.manifest
        sign_ins = f", sign-ins of {', '.join(kept.sign_ins)}" if kept.sign_ins else ", no sign-ins"
        tracks = kept.rows.get("track", 0)
        return f"{tracks} tracks, {kept.records} idempotency records{sign_ins}, as of {kept.taken_at}"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a restore would do."""

    manifest: Manifest
    place: str
    replaces: bool
    has_streams: bool
    complete: bool

    def told(self) -> list[str]:
        kept = self.manifest
        lines = [f"the backup of {kept.taken_at} (Navaar {kept.version or '?'}): {Backup(kept).told()}"]
        old = "replaces the ledger that is there" if self.replaces else "there is no ledger yet"
        lines.append(f"into {self.place}: {old}")
        if self.has_streams:
            lines.append(
                "the streams that are there stay, with their records: at the next start the ledger reads from them "
                "what happened since"
            )
        elif self.complete:
            lines.append("there are no streams: the records of the backup are put into new ones")
        else:
            lines.append(
                "there are no streams: the records of the backup are put into new ones. No stream then tells what "
                "happened since: directions to collections that cannot be read are held back until you resume them"
            )
        return lines


@dataclass(frozen=True, slots=True)
class Restore:
    manifest: Manifest
    moved: Path | None
    records: int
    stayed: int
    sign_ins: tuple[Path, ...]

    def told(self) -> list[str]:
        lines = [f"restored {self.manifest.rows.get('track', 0)} tracks"]
        if self.moved is not None:
            lines.append(f"the ledger that was there is now in {self.moved}")
        lines.append(f"idempotency records: {self.records} put back, {self.stayed} were there already")
        lines += [f"wrote {path}" for path in self.sign_ins]
        return lines


async def backed_up(environment: Mapping[str, str], file: Path, passphrase: str | None) -> Backup:
    """Write the backup; with a passphrase the sign-ins are in it.

    Raises:
        Permanent: there is no ledger, or the file cannot be written.
        Transient, Unanswered, SettingsError, NatsNotStarted: something that is needed does not answer.
    """
    settings, runtime = load(LedgerSettings, environment), load(RuntimeSettings, environment)
    with tempfile.TemporaryDirectory(prefix="navaar-backup-") as name:
        folder, tally, about = Path(name), Tally(), dict[str, str]()
        taken_at = datetime.now(UTC).isoformat(timespec="seconds")
        rows = _noting(await taken_out(settings, runtime.data_dir, folder), about)
        archive.write_lines(folder / LEDGER, written(tally.counted(rows)))
        # After the ledger: a record that is newer than it tells what became of a placement, an older one would not.
        async with _streams(environment) as (client, _):
            lines = await records.kept(client)
        archive.write_lines(folder / RECORDS, lines)
        parts = {LEDGER: folder / LEDGER, RECORDS: folder / RECORDS}
        files = _sign_ins(environment) if passphrase is not None else {}
        texts = {name: path.read_text(encoding="utf-8") for name, path in files.items() if path.is_file()}
        if passphrase is not None:
            (folder / SIGN_INS).write_bytes(archive.sealed(texts, passphrase))
            parts[SIGN_INS] = folder / SIGN_INS
        manifest = Manifest(
            taken_at=taken_at,
            version=version(),
            epoch=about.get(EPOCH, ""),
            history=about.get(MARK, ""),
            rows=dict(tally.rows),
            records=len(lines),
            sign_ins=tuple(sorted(texts)),
        )
        archive.write(file, manifest, parts)
    return Backup(manifest)


async def forecast(environment: Mapping[str, str], file: Path, *, complete: bool) -> Forecast:
    """What `restore` would do; nothing is changed. Raises as it does."""
    settings, runtime = load(LedgerSettings, environment), load(RuntimeSettings, environment)
    with tempfile.TemporaryDirectory(prefix="navaar-restore-") as name:
        manifest = archive.unpacked(file, Path(name))
        # Read through, so that what cannot be restored is told now.
        for _ in read(archive.lines_of(Path(name) / LEDGER)):
            pass
    where = f"database {settings.mongodb_database}" if settings.mongodb_url is not None else str(runtime.data_dir)
    replaces = await is_there(settings, runtime.data_dir)
    has_streams = runtime.nats_url is not None or (runtime.data_dir / "nats" / "jetstream").is_dir()
    return Forecast(manifest, where, replaces, has_streams, complete)


async def restore(environment: Mapping[str, str], file: Path, passphrase: str | None, *, complete: bool) -> Restore:
    """Put a backup back; with a passphrase its sign-ins too.

    Args:
        complete: Navaar has done nothing since the backup was made.

    Raises:
        Permanent: the file is no whole backup, or Navaar runs; nothing was changed.
        Transient, Unanswered, SettingsError, NatsNotStarted: something that is needed does not answer.
    """
    settings, runtime = load(LedgerSettings, environment), load(RuntimeSettings, environment)
    with tempfile.TemporaryDirectory(prefix="navaar-restore-") as name:
        folder = Path(name)
        manifest = archive.unpacked(file, folder)
        texts: dict[str, str] = {}
        if passphrase is not None:
            if SIGN_INS not in manifest.parts:
                raise Permanent("this backup holds no sign-ins")
            texts = archive.opened((folder / SIGN_INS).read_bytes(), passphrase)
        async with _streams(environment) as (client, is_others):
            if is_others:
                await _refuse_while_running(client)
            # Records first: they only tell of the past, and a ledger without them might act without them.
            put, stayed = await records.put_back(client, archive.lines_of(folder / RECORDS))
            note = Restored(manifest.taken_at, datetime.now(UTC).isoformat(timespec="seconds"), complete)
            rows = read(archive.lines_of(folder / LEDGER))
            moved = await put_back(settings, runtime.data_dir, rows, note)
        written_files = []
        for variable, path in _sign_ins(environment).items():
            if variable in texts:
                write_private(path, texts[variable])
                written_files.append(path)
    return Restore(manifest, moved, put, stayed, tuple(written_files))


def _noting(rows: Iterable[Row], about: dict[str, str]) -> Iterator[Row]:
    """The rows as they are; what is kept about the ledger as a whole goes to `about` too."""
    for row in rows:
        if row["kind"] == "about":
            about[row["name"]] = row["value"]
        yield row


@contextlib.asynccontextmanager
async def _streams(environment: Mapping[str, str]) -> AsyncIterator[tuple[Client, bool]]:
    """A connection to the streams, and whether others may use them: those that run, else the folder's own."""
    runtime = load(RuntimeSettings, environment)
    async with contextlib.AsyncExitStack() as stack:
        try:
            client, is_others = await stack.enter_async_context(connected(environment)), True
        except Unanswered:
            if runtime.nats_url is not None:
                raise
            variables = await stack.enter_async_context(nats_alone(environment))
            client, is_others = await connect(load(RuntimeSettings, variables), "cli"), False
            stack.push_async_callback(client.close)
        yield client, is_others


async def _refuse_while_running(client: Client) -> None:
    """Raises Permanent: a service answers."""
    queries = QueryClient()
    queries.bind(client)
    answers = await asyncio.gather(
        *(queries.health(service.subject_name, PROBE_S) for service in SERVICES), return_exceptions=True
    )
    running = [
        service.name for service, answer in zip(SERVICES, answers, strict=True) if isinstance(answer, HealthReply)
    ]
    if running:
        raise Permanent(f"Navaar is running ({', '.join(running)}): stop it before a restore")


def _sign_ins(environment: Mapping[str, str]) -> dict[str, Path]:
    """The files that hold sign-ins, by the variables that name them, and the API's token."""
    found = {TOKEN: load(RuntimeSettings, environment).data_dir / TOKEN}
    for gateway in GATEWAYS.values():
        kept = getattr(gateway.main_module(), "GATEWAY", None)
        if kept is not None:
            settings = load(kept.settings, environment)
            found |= {variable_of(name): value for name, value in settings if isinstance(value, Path)}
    return found
