"""The rendered manifests against the real schemas and against rules of our own."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from navaar_contracts import streams
from navaar_contracts.identifiers import Platform
from tests.deployment.rendered import COMPONENTS, OVERLAYS, ROOT, Manifest, containers, copied, named, pods, render
from tests.deployment.restricted import USERS

SERVICES = sorted(USERS)
WATCHERS = {platform.spec.gateway for platform in Platform}
SIGNED_IN = [platform.spec for platform in Platform if platform.spec.sign_in_setting]
SETUP = {"declare", "mongodb-initiate"}
"""Deployments that do their work before they start, and sleep."""


@pytest.fixture(scope="module", params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=[(), COMPONENTS], ids=["alone", "with-all-components"])
def rendered(request: pytest.FixtureRequest, overlay: str, tmp_path_factory: pytest.TempPathFactory) -> list[Manifest]:
    return render(copied(tmp_path_factory.mktemp("kustomize")), overlay, request.param)


@pytest.fixture(scope="module")
def complete(rendered: list[Manifest]) -> bool:
    """Whether the components are there."""
    return any(manifest["kind"] == "ScaledObject" for manifest in rendered)


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
    assert unknown <= {"ScaledObject", "PodMonitor", "PrometheusRule"}


def test_every_pod_is_confined(rendered: list[Manifest]) -> None:
    for name, template in pods(rendered):
        spec = template["spec"]
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in containers(template):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name
            assert set(container["resources"]) == {"requests", "limits"}, name
            assert container["resources"]["limits"]["memory"], name


def test_everything_that_lasts_is_probed(rendered: list[Manifest]) -> None:
    lasting = {**named(rendered, "Deployment"), **named(rendered, "StatefulSet")}
    assert set(lasting) == {*SERVICES, "nats", "mongodb", *SETUP}
    for name, manifest in lasting.items():
        if name in SETUP:
            continue
        for container in manifest["spec"]["template"]["spec"]["containers"]:
            assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container), name


def test_two_versions_of_a_watcher_never_run_at_once(rendered: list[Manifest]) -> None:
    deployments = named(rendered, "Deployment")
    for name in SERVICES:
        kind = deployments[name]["spec"]["strategy"]["type"]
        assert kind == ("Recreate" if name in WATCHERS else "RollingUpdate"), name


def test_a_standby_waits_where_several_machines_can_have_what_it_needs(rendered: list[Manifest], overlay: str) -> None:
    for name, manifest in named(rendered, "Deployment").items():
        if name not in WATCHERS and name != "ledger":
            continue
        volumes = manifest["spec"]["template"]["spec"]["volumes"]
        alone = overlay == "single" or any("persistentVolumeClaim" in volume for volume in volumes)
        assert manifest["spec"]["replicas"] == (1 if alone else 2), name


def test_each_pod_mounts_its_own_secret_only(rendered: list[Manifest], complete: bool) -> None:
    for name, template in pods(rendered):
        mounted = {v["secret"]["secretName"] for v in template["spec"].get("volumes", ()) if "secret" in v}
        kind, own = name.split("/")
        allowed = {
            "Deployment": {
                {"declare": "navaar-operator", "mongodb-initiate": "navaar-mongodb"}.get(own, f"navaar-{own}")
            },
            "StatefulSet": {"navaar-mongodb"} if own == "mongodb" else set(),
            "CronJob": {"backup-ledger": {"navaar-ledger"}, "backup-streams": {"navaar-operator"}}.get(own, set()),
        }[kind]
        assert mounted - {"navaar-backup-s3"} == allowed, name
        assert ("navaar-backup-s3" in mounted) == (kind == "CronJob" and complete), name
        if kind == "Deployment":
            sources = [source for c in template["spec"]["containers"] for source in c.get("envFrom", ())]
            assert all("secretRef" not in source for source in sources), name


def test_services_declare_nothing_and_one_pod_does(rendered: list[Manifest]) -> None:
    settings = next(m for m in rendered if m["metadata"]["name"].startswith("navaar-settings-"))["data"]
    assert settings["NAVAAR_NATS_DECLARE"] == "false"
    pod = named(rendered, "Deployment")["declare"]["spec"]["template"]["spec"]
    assert [one["command"] for one in pod["initContainers"]] == [["python", "/opt/navaar/declare.py"]]
    # A key that may do everything is nowhere but where it is used.
    assert "volumeMounts" not in pod["containers"][0]
    assert not [key for key in settings if "TOKEN" in key or "SECRET" in key or "MONGODB_URL" in key]


def test_streams_have_as_many_copies_as_there_are_servers(rendered: list[Manifest], overlay: str) -> None:
    settings = next(m for m in rendered if m["metadata"]["name"].startswith("navaar-settings-"))["data"]
    servers = named(rendered, "StatefulSet")["nats"]["spec"]["replicas"]
    assert int(settings["NAVAAR_NATS_REPLICAS"]) == servers == {"single": 1, "cluster": 3}[overlay]
    config = next(m for m in rendered if m["metadata"]["name"].startswith("nats-config-"))["data"]
    assert ("routes: [" in config["cluster.conf"]) == (servers > 1)


def test_autoscaler_watches_consumers_that_exist(rendered: list[Manifest], complete: bool) -> None:
    scaled = named(rendered, "ScaledObject")
    assert set(scaled) == ({"downloader", "identifier"} if complete else set())
    settings = next(m for m in rendered if m["metadata"]["name"].startswith("navaar-settings-"))["data"]
    durables = {consumer.durable for consumer in streams.CONSUMERS}
    for name, manifest in scaled.items():
        assert manifest["spec"]["maxReplicaCount"] <= int(settings["NAVAAR_SERVICE_REPLICAS"])
        assert "replicas" not in named(rendered, "Deployment")[name]["spec"]
        for trigger in manifest["spec"]["triggers"]:
            assert trigger["metadata"]["consumer"] in durables
            assert trigger["metadata"]["stream"] == streams.COMMANDS.name
            # The autoscaler puts a server's name in front of it; only a service without an own address knows those.
            service = trigger["metadata"]["natsServerMonitoringEndpoint"].split(".")[0]
            assert named(rendered, "Service")[service]["spec"]["clusterIP"] == "None"


def test_all_traffic_is_denied_unless_a_rule_allows_it(rendered: list[Manifest]) -> None:
    policies = named(rendered, "NetworkPolicy")
    assert policies["deny-everything"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    outside = policies["to-the-platforms"]["spec"]["podSelector"]["matchExpressions"][0]["values"]
    assert set(outside) == {*WATCHERS, "downloader"}
    writers = policies["mongodb"]["spec"]["ingress"][0]["from"]
    assert {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "ledger"}}} in writers
    talking = {n for n, t in pods(rendered) if t["metadata"]["labels"].get("navaar/talks-to") == "mongodb"}
    assert talking == {"Deployment/mongodb-initiate", "CronJob/backup-ledger"}


def test_backup_goes_to_another_volume_and_takes_the_sign_ins_along(rendered: list[Manifest], complete: bool) -> None:
    jobs = named(rendered, "CronJob")
    assert set(jobs) == {"backup-ledger", "backup-streams", *(f"backup-{spec.gateway}-sign-in" for spec in SIGNED_IN)}
    for name, job in jobs.items():
        volumes = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["volumes"]
        claims = [v["persistentVolumeClaim"] for v in volumes if "persistentVolumeClaim" in v]
        assert ({"claimName": name} in claims) != complete, name
        assert all(claim["claimName"] == name or claim["readOnly"] for claim in claims), name


def test_backups_come_one_after_the_other_and_the_ledger_first(rendered: list[Manifest]) -> None:
    # What the streams know beyond the ledger it takes over; what it knew beyond them nobody could tell it.
    when = {name: job["spec"]["schedule"].split()[:2] for name, job in named(rendered, "CronJob").items()}
    minutes = {name: 60 * int(hour) + int(minute) for name, (minute, hour) in when.items()}
    assert len(set(minutes.values())) == len(minutes)
    assert min(minutes, key=lambda name: minutes[name]) == "backup-ledger"
    assert all(job["spec"]["timeZone"] == "Etc/UTC" for job in named(rendered, "CronJob").values())


def test_prometheus_finds_every_service(rendered: list[Manifest]) -> None:
    for name in SERVICES:
        manifest = named(rendered, "Deployment")[name]
        notes = manifest["spec"]["template"]["metadata"]["annotations"]
        assert (notes["prometheus.io/scrape"], notes["prometheus.io/port"]) == ("true", "8081"), name


def test_images_come_from_the_list_and_are_named_to_the_last_figure(rendered: list[Manifest]) -> None:
    for name, template in pods(rendered):
        for container in containers(template):
            assert re.search(r":v?\d+\.\d+\.\d+(-[\w.]+)?$|@sha256:", container["image"]), name
            assert container["image"].count("/") > 1, f"{name}: where does it come from?"


def test_containers_and_pods_run_the_same_servers(rendered: list[Manifest]) -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    for server in ("nats", "mongodb"):
        images = {c["image"] for _, t in pods(rendered) for c in containers(t) if f"/{server[:5]}" in c["image"]}
        # To the second figure: Dependabot raises the third in one place after the other.
        assert {line(image) for image in images} == {line(compose[server]["image"])}
        assert len(images) == 1


def line(image: str) -> str:
    """The image without the last figure of its version: '.../nats:2.15'."""
    return image.rpartition(".")[0]


def test_the_store_is_set_up_with_all_its_servers(rendered: list[Manifest]) -> None:
    servers = named(rendered, "StatefulSet")["mongodb"]["spec"]["replicas"]
    [setup] = named(rendered, "Deployment")["mongodb-initiate"]["spec"]["template"]["spec"]["initContainers"]
    [members] = [one["value"] for one in setup["env"] if one["name"] == "MEMBERS"]
    assert members.split(",") == [f"mongodb-{number}.mongodb:27017" for number in range(servers)]


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
            # The bucket's key comes from whoever gave the bucket.
            if "secret" in volume and volume["secret"]["secretName"] != "navaar-backup-s3":
                assert volume["secret"]["secretName"] in made
                assert {item["key"] for item in volume["secret"].get("items", ())} <= made[
                    volume["secret"]["secretName"]
                ]


def test_argocd_heals_and_leaves_secret_data_alone() -> None:
    application = yaml.safe_load((ROOT / "k8s" / "argocd" / "application.yaml").read_text())
    assert application["spec"]["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}
    assert {"kind": "Secret", "jsonPointers": ["/data", "/stringData"]} in application["spec"]["ignoreDifferences"]
    assert (ROOT / application["spec"]["source"]["path"] / "kustomization.yaml").is_file()
