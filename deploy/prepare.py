"""Makes what the containers read from your .env: settings for all, and each secret in a file of its own.

    uv run python deploy/prepare.py

Writes deploy/settings.env and deploy/secrets/. Keys and passwords that exist are kept, so run it again whenever .env
has changed. A secret reaches only the service that needs it; see compose.yaml.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

from dotenv import dotenv_values
from gateways import GATEWAYS

FOLDER = Path(__file__).parent
GIVEN = {
    **{secret.variable: secret.file for gateway in GATEWAYS for secret in gateway.secrets},
    "NAVAAR_API_TOKEN": "api-token",
}
"""Secrets that .env may hold, and their files."""
MADE = ("api-token", "mongodb-root", "mongodb-ledger", "mongodb-keyfile", "grafana-admin")
"""Secrets that are made up where they are missing; hexadecimal suits an address and a MongoDB key file alike."""
DECIDED = {
    *("NAVAAR_MONGODB_URL", "NAVAAR_NATS_URL", "NAVAAR_DATA_DIR"),
    *(gateway.sign_in.variable for gateway in GATEWAYS if gateway.sign_in),
}
"""The deployment's own business, whatever .env says; the first may hold a password."""


def prepare(environment: Path, folder: Path) -> None:
    """Read `environment` and write settings.env and secrets/ into `folder`."""
    values = {name: value for name, value in dotenv_values(environment).items() if value}
    kept = folder / "secrets"
    kept.mkdir(parents=True, exist_ok=True)
    # The folder keeps others out; the files must be readable for the containers' users, who have numbers of their own.
    kept.chmod(0o700)
    for variable, name in GIVEN.items():
        if variable in values or not (kept / name).exists():
            _write(kept / name, values.get(variable, ""))
    for name in MADE:
        if not (kept / name).exists() or not (kept / name).read_text():
            _write(kept / name, secrets.token_hex(64))
    password = (kept / "mongodb-ledger").read_text()
    _write(kept / "mongodb-url", f"mongodb://ledger:{password}@mongodb:27017/?authSource=navaar&replicaSet=rs0")
    subprocess.run([sys.executable, str(FOLDER / "nats" / "keys.py"), str(kept / "nats")], check=True)
    settings = [f"{name}={value}" for name, value in sorted(values.items()) if name not in {*GIVEN, *DECIDED}]
    (folder / "settings.env").write_text("\n".join([*settings, ""]))


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o644)


if __name__ == "__main__":
    prepare(FOLDER.parent / ".env", FOLDER)
