"""Makes a context of the NATS CLI for each user, from the key files that keys.py has made.

    uv run python deploy/nats/contexts.py deploy/secrets/nats --server nats://127.0.0.1:4222

Writes navaar-<user>.json, private to you, where the `nats` program looks: $XDG_CONFIG_HOME/nats/context, or
~/.config/nats/context. A context names the key's file; the key itself stays where it is. After that:
nats --context navaar-inspector stream ls
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from navaar_contracts.permissions import INSPECTOR, OPERATOR, users

TOLD = {
    OPERATOR: "Navaar: may change streams and consumers, replay, back up and restore",
    INSPECTOR: "Navaar: may look at everything and change nothing",
}


def folder_of_the_cli() -> Path:
    """Where the `nats` program keeps its contexts."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "nats" / "context"


def write(keys: Path, folder: Path, server: str, ca: Path | None = None) -> list[Path]:
    """A file for each user whose key is in `keys`; one that exists is overwritten."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = []
    for user in users():
        seed = keys / f"{user.name}.nk"
        if not seed.is_file():
            continue
        path = folder / f"navaar-{user.name}.json"
        text = json.dumps(context(user.name, seed, server, ca), indent=2) + "\n"
        # Private from its first byte on; an older file of that name may have been readable.
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        made.append(path)
    return made


def context(user: str, seed: Path, server: str, ca: Path | None) -> dict[str, str]:
    """One context. Its inbox is the user's own: a restricted user hears no other."""
    found = {
        "description": TOLD.get(user, f"Navaar: what the {user} service may, to see what it is refused"),
        "url": server,
        "nkey": str(seed.resolve()),
        "inbox_prefix": f"_INBOX_{user}",
    }
    return found if ca is None else {**found, "ca": str(ca.resolve())}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make a context of the NATS CLI for each of Navaar's users.")
    parser.add_argument("keys", type=Path, help="the folder that keys.py has filled, e.g. deploy/secrets/nats")
    parser.add_argument("--server", default="nats://127.0.0.1:4222", help="the server's address; default %(default)s")
    parser.add_argument("--ca", type=Path, help="the certificate of the server's authority, for tls:// addresses")
    parser.add_argument("--folder", type=Path, default=folder_of_the_cli(), help="default %(default)s")
    given = parser.parse_args()
    for one in write(given.keys, given.folder, given.server, given.ca):
        print(one)
