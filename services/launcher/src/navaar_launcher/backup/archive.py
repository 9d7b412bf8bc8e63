"""The file of a backup: a gzipped tar with a manifest, the ledger, the idempotency records and, sealed, the sign-ins.

The manifest names each part with its SHA-256, so that half a file or a changed one is refused before anything is
touched. The sign-ins are encrypted by Fernet under a key that Scrypt makes of a passphrase
(https://cryptography.io/en/latest/fernet/#using-passwords-with-fernet).
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidKey
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from navaar_runtime.failures import Permanent

FORMAT = 1
MANIFEST, LEDGER, RECORDS, SIGN_INS = "manifest.json", "ledger.jsonl", "records.jsonl", "sign-ins.sealed"
PARTS = (LEDGER, RECORDS, SIGN_INS)
_SALT = 16
_MOST_MANIFEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    taken_at: str
    """In ISO 8601."""
    version: str
    """Navaar's."""
    epoch: str
    """Of the ledger's life."""
    history: str
    """The place in the history up to which the ledger knows, as its store keeps it; empty where it keeps none."""
    rows: Mapping[str, int]
    """How many of each kind."""
    records: int
    sign_ins: tuple[str, ...] = ()
    """The variables that name the files."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of each part."""
    format: int = FORMAT


def write(file: Path, manifest: Manifest, parts: Mapping[str, Path]) -> None:
    """Make the file in one step, readable by its owner alone. Raises Permanent: it cannot be written."""
    whole = Manifest(**{**asdict(manifest), "parts": {name: _digest(path) for name, path in parts.items()}})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        passing = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as raw:
                with tarfile.open(fileobj=raw, mode="w:gz") as tar:
                    body = json.dumps(asdict(whole), indent=1).encode()
                    _add(tar, MANIFEST, len(body), io.BytesIO(body))
                    for part, path in parts.items():
                        with path.open("rb") as content:
                            _add(tar, part, path.stat().st_size, content)
                raw.flush()
                os.fsync(raw.fileno())
            passing.replace(file)
        finally:
            passing.unlink(missing_ok=True)
    except OSError as error:
        raise Permanent(f"{file} cannot be written: {error.strerror}") from None


def unpacked(file: Path, folder: Path) -> Manifest:
    """Put the parts into `folder`, each checked; the manifest that describes them.

    Raises:
        Permanent: it is no backup, it is damaged, or it is from a newer Navaar.
    """
    try:
        with tarfile.open(file, "r:gz") as tar:
            first = tar.next()
            content = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
            if content is None:
                raise Permanent(f"{file} is no backup of Navaar")
            manifest = _manifest(content.read(_MOST_MANIFEST), file)
            found = set()
            while (member := tar.next()) is not None:
                body = tar.extractfile(member) if member.name in PARTS else None
                if body is not None:
                    _copy(body, folder / member.name)
                    found.add(member.name)
    except FileNotFoundError:
        raise Permanent(f"there is no file {file}") from None
    except (OSError, EOFError, tarfile.TarError) as error:
        raise Permanent(f"{file} cannot be read as a backup: {error}") from None
    if found != set(manifest.parts) or any(_digest(folder / name) != sum_ for name, sum_ in manifest.parts.items()):
        raise Permanent(f"{file} is damaged: a part of it is missing or was changed")
    return manifest


def _manifest(body: bytes, file: Path) -> Manifest:
    try:
        known: dict[str, Any] = json.loads(body)
        number = int(known["format"])
        if number > FORMAT:
            raise Permanent(f"{file} is from a newer Navaar ({known.get('version')}): restore it with that one")
        names = Manifest.__dataclass_fields__
        manifest = Manifest(**{name: value for name, value in known.items() if name in names})
    except (ValueError, KeyError, TypeError):
        raise Permanent(f"{file} is no backup of Navaar") from None
    return Manifest(**{**asdict(manifest), "sign_ins": tuple(manifest.sign_ins)})


def lines_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def write_lines(path: Path, lines: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(lines)


def sealed(files: Mapping[str, str], passphrase: str) -> bytes:
    """Texts by name, encrypted."""
    salt = os.urandom(_SALT)
    return salt + Fernet(_key(passphrase, salt)).encrypt(json.dumps(dict(files)).encode())


def opened(body: bytes, passphrase: str) -> dict[str, str]:
    """What was sealed. Raises Permanent: the passphrase is another one."""
    try:
        text = Fernet(_key(passphrase, body[:_SALT])).decrypt(body[_SALT:])
    except (InvalidToken, InvalidKey):
        raise Permanent("the sign-ins do not open with this passphrase") from None
    return {str(name): str(content) for name, content in json.loads(text).items()}


def _key(passphrase: str, salt: bytes) -> bytes:
    # RFC 7914; the cost that OWASP's password storage cheat sheet asks for.
    return base64.urlsafe_b64encode(Scrypt(salt=salt, length=32, n=2**17, r=8, p=1).derive(passphrase.encode()))


def _add(tar: tarfile.TarFile, name: str, size: int, content: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, content)


def _copy(source: IO[bytes], target: Path) -> None:
    with target.open("wb") as file:
        while block := source.read(1 << 20):
            file.write(block)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
