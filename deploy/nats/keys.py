"""Makes the users' keys: a private seed file for each, and their public halves for nats-server's environment.

    uv run python deploy/nats/keys.py deploy/secrets/nats

Writes <folder>/<user>.nk and <folder>/public.env. What is there already is kept, so it can be run again after a service
was added.
"""

from __future__ import annotations

import sys
from pathlib import Path

from navaar_contracts.permissions import SYSTEM, users
from navaar_launcher.nats_keys import new_seed, public


def write(folder: Path) -> None:
    """Make what is missing in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    # The folder keeps others out; a container that is given one file reads it as a user of its own.
    folder.chmod(0o700)
    names = [(user.name, user.variable) for user in users()] + [(SYSTEM, f"NAVAAR_NKEY_{SYSTEM.upper()}")]
    lines = []
    for name, variable in names:
        path = folder / f"{name}.nk"
        if not path.exists():
            path.write_text(new_seed())
            path.chmod(0o644)
        lines.append(f"{variable}={public(path)}")
    (folder / "public.env").write_text("\n".join([*lines, ""]))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: keys.py FOLDER")
    write(Path(sys.argv[1]))
