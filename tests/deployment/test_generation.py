"""What the deployment says about platforms follows from those that are registered."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SPEC = """
from navaar_contracts.platforms.spec import PlatformSpec

SPEC = PlatformSpec(
    id="pigeon",
    short="pg",
    name="Pigeon Post",
    gateway="pigeon-gateway",
    collection_setting="pigeon_loft",
    collection_description="Your loft",
    collection_example="loft-1",
    secrets=("pigeon_ring", "pigeon_whistle"),
    sign_in_setting="pigeon_sign_in",
    sign_in_file="pigeon.json",
)
"""


def program(root: Path, file: str, *arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program of the deployment; `path` is where further packages are."""
    environment = {**os.environ, "PYTHONPATH": str(path or "")}
    command = [sys.executable, str(root / "deploy" / file), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def load(file: Path) -> list[Any]:
    return [document for document in yaml.safe_load_all(file.read_text()) if document]


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package that registers one more platform."""
    folder = tmp_path_factory.mktemp("registered")
    package, metadata = folder / "navaar_pigeon_gateway", folder / "navaar_pigeon_gateway-1.0.dist-info"
    for one in (package, metadata):
        one.mkdir()
    (package / "__init__.py").touch()
    (package / "spec.py").write_text(SPEC)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: navaar-pigeon-gateway\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[navaar.platforms]\npigeon = navaar_pigeon_gateway.spec:SPEC\n")
    return folder


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is checked in."""
    root = tmp_path_factory.mktemp("before")
    for folder in ("deploy", "k8s", ".github"):
        shutil.copytree(
            ROOT / folder, root / folder, ignore=shutil.ignore_patterns("secrets", "sign-in", "__pycache__")
        )
    shutil.copy(ROOT / "compose.yaml", root)
    return root


@pytest.fixture(scope="module")
def after(before: Path, registered: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy as the script leaves it when one more platform is registered."""
    root = tmp_path_factory.mktemp("after") / "repository"
    shutil.copytree(before, root)
    made = program(root, "generate.py", path=registered)
    assert made.returncode == 0, made.stderr
    return root


def test_what_is_checked_in_is_what_the_script_makes() -> None:
    checked = program(ROOT, "generate.py", "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_check_names_what_differs_and_changes_nothing(before: Path, after: Path, registered: Path) -> None:
    compose = (before / "compose.yaml").read_text()
    checked = program(before, "generate.py", "--check", path=registered)
    assert checked.returncode == 1
    assert "compose.yaml differs" in checked.stdout
    assert (before / "compose.yaml").read_text() == compose
    assert program(after, "generate.py", "--check", path=registered).returncode == 0


def test_a_new_platform_gets_a_container_with_its_secrets(before: Path, after: Path, registered: Path) -> None:
    [old], [new] = load(before / "compose.yaml"), load(after / "compose.yaml")
    service = new["services"].pop("pigeon-gateway")
    assert new["services"] == old["services"]
    assert service["secrets"] == ["nats-pigeon", "pigeon-ring", "pigeon-whistle"]
    assert service["environment"]["NAVAAR_NATS_NKEY_SEED_FILE"] == "/run/secrets/nats-pigeon"
    assert service["environment"]["NAVAAR_PIGEON_RING_FILE"] == "/run/secrets/pigeon-ring"
    assert service["environment"]["NAVAAR_PIGEON_SIGN_IN"] == "/var/lib/navaar/sign-in/pigeon.json"
    assert service["volumes"] == ["./deploy/sign-in/pigeon:/var/lib/navaar/sign-in"]
    assert service["cap_drop"] == ["ALL"]
    (after / ".env").write_text("NAVAAR_PIGEON_RING=very-secret\nNAVAAR_PIGEON_LOFT=loft-1\n")
    prepared = program(after, "prepare.py", path=registered)
    assert prepared.returncode == 0, prepared.stderr
    for name in service["secrets"]:
        assert (after / new["secrets"][name]["file"]).is_file(), name
    assert (after / "deploy/secrets/pigeon-ring").read_text() == "very-secret"
    assert (after / "deploy/settings.env").read_text() == "NAVAAR_PIGEON_LOFT=loft-1\n"


def test_a_new_platform_gets_a_nats_user_who_reads_its_consumers(after: Path) -> None:
    users = (after / "deploy/nats/users.conf").read_text().split("nkey: ")
    named = {text.partition("\n")[0]: text for text in users[1:]}
    pigeon, ledger = named["$NAVAAR_NKEY_PIGEON"], named["$NAVAAR_NKEY_LEDGER"]
    for durable in ("place-track", "remove-track", "find-candidates", "poll-playlist", "add-item"):
        assert f'"$JS.API.CONSUMER.MSG.NEXT.NAVAAR_COMMANDS.pigeon-{durable}"' in pigeon
        assert f'"$JS.API.CONSUMER.INFO.NAVAAR_COMMANDS.pigeon-{durable}"' in ledger
    assert '"$KV.navaar-intents.*.*.pigeon"' in pigeon
    assert '"navaar.query.pigeon.*"' in pigeon
    assert '"navaar.cmd.pigeon.place-track.*"' in ledger


def test_a_new_platform_gets_its_manifests(before: Path, after: Path) -> None:
    deployment, claim = load(after / "k8s/base/pigeon-gateway.yaml")
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    assert (deployment["metadata"]["name"], container["image"]) == ("pigeon-gateway", "navaar/pigeon-gateway")
    assert claim["metadata"]["name"] == "pigeon-gateway-sign-in"
    assert "pigeon-gateway.yaml" in load(after / "k8s/base/kustomization.yaml")[0]["resources"]
    policies = {one["metadata"]["name"]: one for one in load(after / "k8s/base/network-policies.yaml")}
    assert "pigeon-gateway" in policies["to-the-platforms"]["spec"]["podSelector"]["matchExpressions"][0]["values"]
    secrets = {one["metadata"]["name"]: set(one["stringData"]) for one in load(after / "k8s/secrets.template.yaml")}
    assert secrets["navaar-pigeon-gateway"] == {"nats.nk", "pigeon-ring", "pigeon-whistle", "pigeon.json"}
    assert "NAVAAR_NKEY_PIGEON" in secrets["navaar-nats-users"]
    backups = [one["metadata"]["name"] for one in load(after / "k8s/base/backup.yaml") if one["kind"] == "CronJob"]
    assert "backup-pigeon-gateway-sign-in" in backups
    assert set(copies(after)) == set(copies(before)), "its sign-in is on one machine"
    [scraped] = load(after / "deploy/prometheus/prometheus.yml")[0]["scrape_configs"]
    assert "pigeon-gateway:8081" in scraped["static_configs"][0]["targets"]
    [old], [new] = (load(root / "k8s/images/kustomization.yaml") for root in (before, after))
    assert [one for one in new["images"] if one not in old["images"]] == [
        {
            "name": "navaar/pigeon-gateway",
            "newName": "ghcr.io/navaar/navaar/pigeon-gateway",
            "newTag": old["images"][0]["newTag"],
        }
    ]


def copies(root: Path) -> list[str]:
    return [one["name"] for one in load(root / "k8s/components/copies/kustomization.yaml")[0]["replicas"]]


def test_an_image_that_is_pinned_stays_pinned(before: Path, registered: Path, tmp_path: Path) -> None:
    root = tmp_path / "repository"
    shutil.copytree(before, root)
    pins = root / "k8s/images/kustomization.yaml"
    pinned = re.sub(r"newTag: [&*]release( v[\d.]+)?", f"digest: sha256:{'0' * 64}", pins.read_text())
    pins.write_text(pinned)
    assert program(root, "generate.py").returncode == 0
    assert pins.read_text() == pinned
    # A further one takes no version from the others, where they have none.
    assert program(root, "generate.py", path=registered).returncode == 0
    [made] = load(pins)
    assert re.fullmatch(r"v\d+\.\d+\.\d+", made["images"][-1]["newTag"])


def test_a_new_platform_is_on_the_dashboards(after: Path) -> None:
    shown = (after / "deploy/grafana/dashboards/navaar-platforms.json").read_text()
    assert "Searches in Pigeon Post" in shown
    assert "navaar_pg_search_total" in shown
