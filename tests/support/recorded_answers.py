"""Answers of the real YouTube Music, as ytmusicapi's source distribution carries them in its own tests.

They are fetched from where `uv.lock` says that the locked version's source is, checked against the hash there, and kept
in the user's cache; they never become part of this repository.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import tomllib
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from navaar_runtime.private_files import exclusive

LOCK = Path(__file__).parents[2] / "uv.lock"
PATIENCE_S = 60


class NotFetched(Exception):
    """The source distribution cannot be had; the text says why and what helps."""


@cache
def recorded(kind: str) -> Mapping[str, Any]:
    """The recorded answers whose names contain `kind`, by name, and under `expected` what ytmusicapi says of each.

    Raises:
        NotFetched: the package index cannot be reached, or what it gives is not what is locked.
    """
    answers: dict[str, Any] = {}
    expected: dict[str, Any] = {}
    with tarfile.open(_fetched()) as archive:
        for member in archive:
            path = Path(member.name)
            if path.suffix != ".json" or path.parts[1:3] != ("tests", "data") or kind not in path.stem:
                continue
            opened = archive.extractfile(member)
            assert opened is not None
            into = expected if path.parent.name == "expected_output" else answers
            into[path.stem] = json.load(opened)
    if not answers:
        raise NotFetched(f"the source distribution of ytmusicapi holds no recorded {kind} any more: look for its tests")
    return {name: {"answer": answer, "expected": expected.get(name, {})} for name, answer in answers.items()}


def _fetched() -> Path:
    locked = next(one for one in tomllib.loads(LOCK.read_text())["package"] if one["name"] == "ytmusicapi")
    address, algorithm_and_digest = locked["sdist"]["url"], locked["sdist"]["hash"]
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "navaar-tests"
    file = folder / address.rpartition("/")[2]
    with exclusive(file):
        if not file.exists() or _hash(file.read_bytes()) != algorithm_and_digest:
            content = _download(address)
            if _hash(content) != algorithm_and_digest:
                raise NotFetched(f"{file.name} from the package index is not the file that uv.lock names")
            file.write_bytes(content)
    return file


def _download(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:
            content: bytes = answer.read()
            return content
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        raise NotFetched(
            f"the recorded answers of YouTube Music are in ytmusicapi's source distribution ({address}), which cannot "
            f"be fetched: {error}. The test needs the package index, once; afterwards they are in the cache."
        ) from error


def _hash(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
