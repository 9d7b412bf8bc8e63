"""The keys of the embedded server's users: a seed file for each, private to whoever runs Navaar.

Nobody renews them by hand: what is missing, damaged, or could have been read or made by somebody else is made anew at
the next start, and the server is told the public halves.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import nkeys  # type: ignore[import-untyped]

from navaar_contracts.permissions import users
from navaar_runtime.private_files import write_private


def keys_folder(data_dir: Path) -> Path:
    """Where the embedded server of a data folder has its users' seeds: `<user>.nk`."""
    return data_dir.expanduser().resolve() / "nats" / "keys"


def keep(folder: Path) -> dict[str, str]:
    """Make the seeds that are missing in `folder` or may be known to others.

    Returns:
        The public key of each of the users of `navaar_contracts.permissions`.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return {user.name: _public(folder / f"{user.name}.nk") for user in users()}


def new_seed() -> str:
    """A seed that nobody has seen."""
    return str(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER).decode())


def public(path: Path) -> str:
    """The public key of a seed file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it holds no seed.
    """
    try:
        return str(nkeys.from_seed(bytearray(path.read_bytes().strip())).public_key.decode())
    except nkeys.NkeysError as error:
        raise ValueError(f"{path} holds no nkey seed: {error}") from None


def _public(path: Path) -> str:
    try:
        if _is_ours_alone(path):
            return public(path)
    except (OSError, ValueError):
        pass
    write_private(path, new_seed() + "\n")
    return public(path)


def _is_ours_alone(path: Path) -> bool:
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o077
