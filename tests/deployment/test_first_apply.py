"""Everything comes up at the first `kubectl apply`, and takes every later one, with Argo CD and without."""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path

import pytest
import yaml

from navaar_api.settings import ApiSettings
from navaar_runtime.settings import load
from tests.deployment.rendered import (
    COMPONENTS,
    OVERLAYS,
    ROOT,
    Manifest,
    containers,
    copied,
    named,
    pods,
    reaches,
    render,
)
from tests.deployment.restricted import USERS

WAVE = "argocd.argoproj.io/sync-wave"
OPTIONS = "argocd.argoproj.io/sync-options"
BUILT_IN = {"v1", "apps/v1", "batch/v1", "networking.k8s.io/v1", "policy/v1"}
CHANGEABLE = {
    # https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/apps/validation/validation.go
    "StatefulSet": {
        *("replicas", "ordinals", "template", "updateStrategy", "minReadySeconds", "revisionHistoryLimit"),
        "persistentVolumeClaimRetentionPolicy",
    },
    "PersistentVolumeClaim": {"resources"},
}
FIXED = {"Deployment": {"selector"}, "Job": {"template", "selector", "completions", "completionMode"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("kustomize"))


@pytest.fixture(scope="module", params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def plain(folder: Path, overlay: str) -> list[Manifest]:
    return render(folder, overlay)


@pytest.fixture(scope="module")
def full(folder: Path, overlay: str) -> list[Manifest]:
    return render(folder, overlay, COMPONENTS)


def wave(manifest: Manifest) -> int:
    return int(manifest["metadata"].get("annotations", {}).get(WAVE, 0))


def fixed(manifest: Manifest) -> Manifest:
    """What of a manifest the API server lets nobody change."""
    spec = manifest.get("spec", {})
    if manifest["kind"] in CHANGEABLE:
        return {name: value for name, value in spec.items() if name not in CHANGEABLE[manifest["kind"]]}
    return {name: value for name, value in spec.items() if name in FIXED.get(manifest["kind"], ())}


def test_no_claim_waits_for_a_pod_that_waits_for_it(plain: list[Manifest]) -> None:
    # A volume of the class WaitForFirstConsumer is bound when its pod is there; Argo CD begins a wave when all of the
    # one before is well, and a claim that waits is not.
    last = max(wave(manifest) for manifest in plain)
    claims = named(plain, "PersistentVolumeClaim")
    assert claims
    mounted: dict[str, set[int]] = {name: set() for name in claims}
    for manifest in plain:
        if manifest["kind"] != "Deployment":
            continue
        for volume in manifest["spec"]["template"]["spec"]["volumes"]:
            if "persistentVolumeClaim" in volume:
                mounted[volume["persistentVolumeClaim"]["claimName"]].add(wave(manifest))
    for name, waves in mounted.items():
        notes = claims[name]["metadata"]["annotations"]
        if waves:
            assert {wave(claims[name])} == waves, name
        else:
            # Only a nightly job mounts it: nothing waits for that, and it is no illness till then.
            assert wave(claims[name]) == last, name
            assert notes["argocd.argoproj.io/ignore-healthcheck"] == "true", name
        assert notes[OPTIONS] == "Prune=false,Delete=false", f"{name} goes with its application"


def test_servers_come_before_what_sets_them_up_and_that_before_the_services(plain: list[Manifest]) -> None:
    waves = {
        manifest["metadata"]["name"]: wave(manifest) for manifest in plain if "template" in manifest.get("spec", {})
    }
    assert (waves["nats"], waves["mongodb"], waves["declare"], waves["mongodb-initiate"]) == (0, 0, 1, 1)
    assert {waves[service] for service in USERS} == {2}


@pytest.mark.parametrize("change", ["setting", "image", "server"])
def test_a_change_is_applied_over_what_is_there(
    overlay: str, plain: list[Manifest], change: str, tmp_path: Path
) -> None:
    changed = copied(tmp_path)
    if change == "image":
        pins = changed / "k8s/images/kustomization.yaml"
        pins.write_text(pins.read_text().replace("v0.1.0", "v0.2.0"))
    if change == "server":
        config = changed / "deploy/nats/nats.conf"
        config.write_text(config.read_text().replace("64MB", "65MB"))
    after = render(changed, overlay, settings=["NAVAAR_LOG_LEVEL=DEBUG"] if change == "setting" else ())
    assert after != plain
    before = {(m["kind"], m["metadata"]["name"]): m for m in plain}
    for manifest in after:
        old = before.get((manifest["kind"], manifest["metadata"]["name"]))
        assert old is None or fixed(old) == fixed(manifest), manifest["metadata"]["name"]
    setup = named(after, "Deployment")["declare"]["spec"]["template"]
    assert (setup != named(plain, "Deployment")["declare"]["spec"]["template"]) == (change != "server")


def test_a_release_and_the_way_back_are_one_line(folder: Path, overlay: str, tmp_path: Path) -> None:
    changed = copied(tmp_path)
    pins = changed / "k8s/images/kustomization.yaml"
    text = pins.read_text()
    lines = [line for line in text.splitlines() if "v0.1.0" in line]
    assert len(lines) == 1
    pins.write_text(text.replace("v0.1.0", "v9.8.7"))
    ours = [c["image"] for _, t in pods(render(changed, overlay)) for c in containers(t) if "ghcr.io" in c["image"]]
    assert len(ours) > len(USERS)
    assert {image.rpartition(":")[2] for image in ours} == {"v9.8.7"}


def test_tags_are_those_that_the_image_workflow_pushes(plain: list[Manifest]) -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/images.yml").read_text())
    [trigger] = workflow[True]["push"]["tags"]
    pushed = re.compile(trigger.replace("*", r"\d+\.\d+\.\d+"))
    step = next(s for s in workflow["jobs"]["image"]["steps"] if "build-push-action" in s.get("uses", ""))
    assert "github.ref_type == 'tag' && github.ref_name" in step["with"]["tags"]
    for name, template in pods(plain):
        for container in containers(template):
            image, _, digest = container["image"].partition("@")
            if "ghcr.io" in image and not digest:
                assert pushed.fullmatch(image.rpartition(":")[2]), name


def test_components_fit_each_other_in_any_order(folder: Path, overlay: str, full: list[Manifest]) -> None:
    def by_name(manifests: list[Manifest]) -> list[Manifest]:
        return sorted(manifests, key=lambda m: (m["kind"], m["metadata"]["name"]))

    assert by_name(render(folder, overlay, COMPONENTS[::-1])) == by_name(full)


@pytest.mark.skipif(not os.environ.get("NAVAAR_TEST_EVERY_COMBINATION"), reason="takes half a minute: .ci/deployment")
def test_every_combination_of_components_is_rendered(folder: Path, overlay: str) -> None:
    for count in range(len(COMPONENTS) + 1):
        for chosen in itertools.combinations(COMPONENTS, count):
            made = render(folder, overlay, chosen)
            assert not [c["image"] for _, t in pods(made) for c in containers(t) if c["image"].startswith("navaar/")]


def test_an_overlay_alone_needs_nothing_that_a_cluster_may_lack(plain: list[Manifest]) -> None:
    assert {manifest["apiVersion"] for manifest in plain} <= BUILT_IN


def test_whatever_lives_in_a_namespace_names_it(full: list[Manifest]) -> None:
    assert {m["metadata"].get("namespace") for m in full if m["kind"] != "Namespace"} == {"navaar"}


def test_every_claim_can_be_had_from_any_storage(full: list[Manifest], plain: list[Manifest]) -> None:
    for manifests in (plain, full):
        for name, claim in named(manifests, "PersistentVolumeClaim").items():
            assert claim["spec"]["accessModes"] == ["ReadWriteOnce"], name
            users = [n for n, t in pods(manifests) if n.startswith("CronJob/") and f"'{name}'" in str(t)]
            written = [n for n in users if n == f"CronJob/{name}"]
            assert len(written) <= 1, name


def test_servers_of_a_cluster_are_on_machines_of_their_own(plain: list[Manifest], overlay: str) -> None:
    for name, server in named(plain, "StatefulSet").items():
        own = server["spec"]["template"]["spec"].get("affinity", {}).get("podAntiAffinity", {})
        required = own.get("requiredDuringSchedulingIgnoredDuringExecution", [])
        apart = [
            (one["topologyKey"], one["labelSelector"]["matchLabels"]["app.kubernetes.io/name"]) for one in required
        ]
        assert apart == ([("kubernetes.io/hostname", name)] if overlay == "cluster" else []), name


def test_copies_of_a_service_keep_apart_from_each_other(plain: list[Manifest], overlay: str) -> None:
    for name, deployment in named(plain, "Deployment").items():
        if overlay == "cluster" and name in USERS:
            [spread] = deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]
            assert spread["matchLabelKeys"] == ["app.kubernetes.io/name"], name


def test_a_server_has_an_hour_to_read_its_data_at_the_start(plain: list[Manifest]) -> None:
    for name, server in named(plain, "StatefulSet").items():
        [container] = server["spec"]["template"]["spec"]["containers"]
        probe = container["startupProbe"]
        assert probe["periodSeconds"] * probe["failureThreshold"] >= 3600, name
        assert container["livenessProbe"] != probe
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert {compose[name]["healthcheck"]["start_period"] for name in ("nats", "mongodb")} == {"1h"}


@pytest.mark.parametrize(
    ("port", "address", "namespace"),
    [
        (53, "169.254.20.10", None),  # NodeLocal DNS
        (53, "10.96.0.10", None),  # the service, where a cache on the node answers for it
        (53, "192.168.1.1", None),  # the node's own resolver
        (53, "fd00:10:96::a", None),
        (53, None, {"kubernetes.io/metadata.name": "kube-system"}),
        (53, None, {"kubernetes.io/metadata.name": "dns"}),
        (5353, None, {"kubernetes.io/metadata.name": "openshift-dns"}),
    ],
)
def test_names_are_resolved_however_the_cluster_does_it(
    plain: list[Manifest], port: int, address: str | None, namespace: dict[str, str] | None
) -> None:
    for name, template in pods(plain):
        labels = template["metadata"]["labels"]
        assert reaches(plain, labels, port, address=address, namespace=namespace), name
        assert not reaches(plain, labels, 53, address="8.8.8.8"), name


def test_traces_reach_a_collector_and_only_with_the_component(plain: list[Manifest], full: list[Manifest]) -> None:
    monitoring = {"kubernetes.io/metadata.name": "monitoring"}
    other = {"kubernetes.io/metadata.name": "tools", "navaar/admitted-as": "collector"}
    for service in USERS:
        labels = {"app.kubernetes.io/name": service, "navaar/talks-to": "nats"}
        assert not reaches(plain, labels, 4318, namespace=monitoring)
        assert reaches(full, labels, 4318, namespace=monitoring)
        assert reaches(full, labels, 4318, namespace=other)
    settings = next(m for m in full if m["metadata"]["name"].startswith("navaar-settings-"))["data"]
    assert settings["OTEL_EXPORTER_OTLP_ENDPOINT"].endswith(":4318")


@pytest.mark.parametrize(
    ("pod", "port", "usual", "role"),
    [
        ("ledger", 8081, "monitoring", "monitoring"),
        ("api", 8080, "ingress-nginx", "ingress"),
        ("nats", 8222, "keda", "autoscaler"),
    ],
)
def test_a_namespace_of_another_name_is_admitted_by_its_label(
    full: list[Manifest], pod: str, port: int, usual: str, role: str
) -> None:
    labels = {"app.kubernetes.io/name": pod, "navaar/talks-to": "nats"}
    for namespace, may in (
        ({"kubernetes.io/metadata.name": usual}, True),
        ({"kubernetes.io/metadata.name": "tools", "navaar/admitted-as": role}, True),
        ({"kubernetes.io/metadata.name": "tools"}, False),
    ):
        assert reaches(full, labels, port, namespace=namespace, direction="ingress") == may


def test_an_image_may_need_a_secret_and_pods_have_it(plain: list[Manifest], full: list[Manifest]) -> None:
    assert "imagePullSecrets" not in named(plain, "ServiceAccount")["navaar"]
    assert named(full, "ServiceAccount")["navaar"]["imagePullSecrets"] == [{"name": "navaar-images"}]
    assert {t["spec"]["serviceAccountName"] for _, t in pods(full)} == {"navaar"}


def test_prometheus_operator_reads_the_ports_of_all_services_and_knows_the_rules(full: list[Manifest]) -> None:
    [monitor] = named(full, "PodMonitor").values()
    [endpoint] = monitor["spec"]["podMetricsEndpoints"]
    wanted = monitor["spec"]["selector"]["matchLabels"]
    read = {
        name.partition("/")[2]
        for name, template in pods(full)
        if wanted.items() <= template["metadata"]["labels"].items()
        for container in template["spec"]["containers"]
        if endpoint["port"] in {port["name"] for port in container.get("ports", ())}
    }
    assert read == set(USERS)
    rules = yaml.safe_load((ROOT / "deploy/prometheus/rules/navaar.yml").read_text())
    assert named(full, "PrometheusRule")["navaar"]["spec"] == rules


def test_the_way_in_leads_to_the_api_whose_name_it_is(full: list[Manifest]) -> None:
    [way] = named(full, "Ingress").values()
    [rule] = way["spec"]["rules"]
    [path] = rule["http"]["paths"]
    service = named(full, "Service")[path["backend"]["service"]["name"]]
    assert path["backend"]["service"]["port"]["name"] in {port["name"] for port in service["spec"]["ports"]}
    settings = next(m for m in full if m["metadata"]["name"].startswith("navaar-settings-"))["data"]
    api = load(ApiSettings, {**settings, "NAVAAR_API_HOST": "0.0.0.0", "NAVAAR_API_TOKEN": "t" * 32})
    assert list(api.api_allowed_hosts) == [rule["host"]] == way["spec"]["tls"][0]["hosts"]
    assert api.trusted_proxies


def test_with_a_bucket_every_backup_is_made_then_sent_and_nothing_is_claimed(full: list[Manifest]) -> None:
    assert not [name for name in named(full, "PersistentVolumeClaim") if name.startswith("backup")]
    jobs = named(full, "CronJob")
    assert {"backup-ledger", "backup-streams"} < set(jobs)
    for name, job in jobs.items():
        spec = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        [make], [send] = spec["initContainers"], spec["containers"]
        assert make["name"] == "backup"
        assert "--immutable" in send["args"]
        [place] = [volume for volume in spec["volumes"] if volume["name"] == "backup"]
        assert "emptyDir" in place, name
        for container in (make, send):
            assert "/backup" in {mount["mountPath"] for mount in container["volumeMounts"]}
        labels = job["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
        assert reaches(full, labels, 443, address="203.0.113.7")
        assert not reaches(full, labels, 443, address="169.254.169.254")
