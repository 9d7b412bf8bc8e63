"""Prints the Kubernetes secrets of every service from deploy/secrets/, which deploy/prepare.py makes.

    uv run python deploy/kubernetes_secrets.py --mongodb-servers 3 | kubectl apply --filename -

Sign-ins in deploy/sign-in/ (`navaar auth`) go along; the gateways start with them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from gateways import GATEWAYS, Gateway

FOLDER = Path(__file__).parent


def _contents(gateway: Gateway) -> dict[str, str]:
    found = {"nats.nk": f"secrets/nats/{gateway.user}.nk"}
    found |= {secret.file: f"secrets/{secret.file}" for secret in gateway.secrets}
    if gateway.sign_in:
        found[gateway.sign_in.file] = f"{gateway.sign_in.folder}/{gateway.sign_in.file}"
    return found


CONTENTS: dict[str, dict[str, str]] = {
    "navaar-api": {"nats.nk": "secrets/nats/api.nk", "api-token": "secrets/api-token"},
    "navaar-downloader": {"nats.nk": "secrets/nats/downloader.nk"},
    "navaar-identifier": {"nats.nk": "secrets/nats/identifier.nk"},
    "navaar-ledger": {"nats.nk": "secrets/nats/ledger.nk"},
    "navaar-operator": {"nats.nk": "secrets/nats/operator.nk"},
    **{f"navaar-{gateway.name}": _contents(gateway) for gateway in GATEWAYS},
    "navaar-mongodb": {
        "mongodb-root": "secrets/mongodb-root",
        "mongodb-ledger": "secrets/mongodb-ledger",
        "mongodb-keyfile": "secrets/mongodb-keyfile",
    },
}
"""Secret -> key in it -> file; a sign-in that does not exist yet is left out."""


def secrets(folder: Path, mongodb_servers: int) -> list[dict[str, Any]]:
    """The manifests, from the files below `folder`."""
    found = []
    for name, files in CONTENTS.items():
        data = {key: (folder / file).read_text() for key, file in files.items() if _is_there(folder / file)}
        if name == "navaar-ledger":
            data["mongodb-url"] = _mongodb_url((folder / "secrets/mongodb-ledger").read_text(), mongodb_servers)
        found.append(_secret(name, data))
    public = (folder / "secrets/nats/public.env").read_text().split()
    found.append(_secret("navaar-nats-users", dict(line.split("=", 1) for line in public)))
    return found


def _is_there(path: Path) -> bool:
    return path.exists() or "sign-in" not in path.parts


def _mongodb_url(password: str, servers: int) -> str:
    hosts = ",".join(f"mongodb-{number}.mongodb:27017" for number in range(servers))
    return f"mongodb://ledger:{password}@{hosts}/?authSource=navaar&replicaSet=rs0"


def _secret(name: str, data: dict[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": "navaar", "labels": {"app.kubernetes.io/part-of": "navaar"}},
        "type": "Opaque",
        "stringData": data,
    }


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Print Navaar's Kubernetes secrets.")
    arguments.add_argument("--mongodb-servers", type=int, default=3)
    items = secrets(FOLDER, arguments.parse_args().mongodb_servers)
    json.dump({"apiVersion": "v1", "kind": "List", "items": items}, sys.stdout, indent=1)
