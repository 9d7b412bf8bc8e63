"""The file of a backup: what was changed or is from elsewhere is refused; sign-ins open with their passphrase only."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from navaar_launcher.backup.archive import (
    LEDGER,
    MANIFEST,
    RECORDS,
    Manifest,
    lines_of,
    opened,
    sealed,
    unpacked,
    write,
)
from navaar_ledger.archive.rows import Tally, read, written
from navaar_runtime.failures import Permanent

HELD = Manifest("2026-11-29T03:17:00+00:00", "1.0", "e", "made 17", {"track": 1}, 0)


def made(folder: Path, manifest: Manifest = HELD) -> Path:
    (folder / "l").write_bytes(b'{"kind":"number","value":3}\n')
    (folder / "r").write_bytes(b"")
    write(folder / "a.backup", manifest, {LEDGER: folder / "l", RECORDS: folder / "r"})
    return folder / "a.backup"


def changed(file: Path, name: str, body: bytes | None) -> None:
    """Another archive, with that part as told, or without it."""
    parts: dict[str, bytes] = {}
    with tarfile.open(file) as tar:
        for member in tar:
            content = tar.extractfile(member)
            parts[member.name] = content.read() if content is not None else b""
    if body is None:
        del parts[name]
    else:
        parts[name] = body
    with tarfile.open(file, "w:gz") as tar:
        for part, content_ in parts.items():
            member = tarfile.TarInfo(part)
            member.size = len(content_)
            tar.addfile(member, io.BytesIO(content_))


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    file, folder = made(tmp_path), tmp_path / "out"
    folder.mkdir()
    manifest = unpacked(file, folder)
    assert (manifest.history, manifest.rows, set(manifest.parts)) == ("made 17", {"track": 1}, {LEDGER, RECORDS})
    assert list(read(lines_of(folder / LEDGER))) == [{"kind": "number", "value": 3}]
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("name", "body"), [(LEDGER, b"{}\n"), (LEDGER, None), (RECORDS, None), (MANIFEST, None)])
def test_a_part_that_was_changed_or_is_missing_is_refused(tmp_path: Path, name: str, body: bytes | None) -> None:
    file = made(tmp_path)
    changed(file, name, body)
    with pytest.raises(Permanent):
        unpacked(file, tmp_path)


def test_other_parts_go_nowhere_and_a_newer_format_is_told(tmp_path: Path) -> None:
    file, folder = made(tmp_path), tmp_path / "deep" / "out"
    folder.mkdir(parents=True)
    changed(file, "../../evil", b"x")
    unpacked(file, folder)
    assert not (tmp_path / "evil").exists()
    with pytest.raises(Permanent, match="newer"):
        unpacked(made(tmp_path, replace(HELD, format=2)), folder)
    with pytest.raises(Permanent, match="there is no file"):
        unpacked(tmp_path / "none", folder)


def test_rows_that_nobody_knows_are_refused() -> None:
    rows = [{"kind": "track", "body": {"id": 4}}, {"kind": "claim", "key": "k", "track_id": 9}]
    tally = Tally()
    lines = list(written(tally.counted([*rows, {"kind": "number", "value": 3}])))
    assert (tally.rows["track"], tally.highest, tally.counter) == (1, 9, 3)
    assert list(read(lines))[:2] == rows
    for line in (b"no json\n", json.dumps({"kind": "other"}).encode(), b"[]\n"):
        with pytest.raises(Permanent, match="line that this Navaar does not know"):
            list(read([line]))


def test_sign_ins_open_with_their_passphrase_only() -> None:
    body = sealed({"A": "secret-text"}, "correct horse")
    assert b"secret-text" not in body
    assert opened(body, "correct horse") == {"A": "secret-text"}
    for wrong, passphrase in ((body, "battery staple"), (body[:-5], "correct horse")):
        with pytest.raises(Permanent, match="do not open"):
            opened(wrong, passphrase)
