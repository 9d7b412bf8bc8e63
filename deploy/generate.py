"""Writes what the deployment says about platforms, so that it follows from those that are registered.

    uv run python deploy/generate.py            after a platform was added, or a template or NEEDS was changed
    uv run python deploy/generate.py --check    changes nothing; fails and names the files that would change

Whole files: a manifest for each gateway, the backups, the rules for Prometheus' operator, NATS's users, Grafana's
dashboards. In other files it writes what stands between "# Made by deploy/generate.py: <what>" and "# end"; the rest is
kept by hand. An image that is named already keeps its pin.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from textwrap import indent

import jinja2
from gateways import GATEWAYS

from navaar_contracts import permissions

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent
sys.path.insert(0, str(FOLDER / "grafana"))
dashboards = import_module("dashboards")

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER / "templates"),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 YAML is made, no page
)
BLOCK = re.compile(
    r"^(?P<margin> *)# Made by deploy/generate\.py: (?P<what>.+)\n(?P<text>(?s:.*?))^ *# end$", re.MULTILINE
)
IMAGES = re.compile(r"^images:\n(?P<margin> *)-", re.MULTILINE)
PINS = Path("k8s/images/kustomization.yaml")
"""The one place that says which images of ours run."""
MONGODB = re.compile(r"image: (docker\.io/library/mongo:\S+)")


def made() -> dict[Path, str]:
    """Path below the repository -> the whole file as it should be.

    Raises:
        ValueError: a file lacks the place for a block.
    """
    manifest = TEMPLATES.get_template("gateway.yaml.j2")
    files = {Path("k8s/base", f"{one.name}.yaml"): manifest.render(gateway=one) for one in GATEWAYS}
    files[Path("deploy/nats/users.conf")] = permissions.render()
    files |= {Path("deploy/grafana/dashboards", name): text for name, text in dashboards.made().items()}
    mongodb = MONGODB.findall((ROOT / "k8s/base/mongodb.yaml").read_text(encoding="utf-8"))[0]
    files[Path("k8s/base/backup.yaml")] = TEMPLATES.get_template("backup.yaml.j2").render(
        gateways=GATEWAYS, mongodb=mongodb
    )
    rules = (ROOT / "deploy/prometheus/rules/navaar.yml").read_text(encoding="utf-8")
    files[Path("k8s/components/monitoring/rules.yaml")] = TEMPLATES.get_template("rules.yaml.j2").render(
        groups=indent(rules[rules.index("groups:") :], "  ")
    )
    for name, blocks in _blocks().items():
        files[Path(name)] = _filled(name, blocks)
    files[PINS] = _with_images(str(PINS), (ROOT / PINS).read_text(encoding="utf-8"))
    return files


def _blocks() -> dict[str, dict[str, str]]:
    """File -> what stands in it -> its text, without a margin."""
    names = [one.name for one in GATEWAYS]
    services, secrets = (
        TEMPLATES.get_template(name).render(gateways=GATEWAYS) for name in ("compose.yaml.j2", "secrets.yaml.j2")
    )
    users = {user.name: user for user in permissions.users()}
    files = {f"nats-{one.user}": f"deploy/secrets/nats/{one.user}.nk" for one in GATEWAYS}
    files |= {secret.file: f"deploy/secrets/{secret.file}" for one in GATEWAYS for secret in one.secrets}
    return {
        "compose.yaml": {
            "gateways": services,
            "secrets of gateways": _lines(f"{name}: {{ file: {file} }}" for name, file in files.items()),
        },
        "deploy/prometheus/prometheus.yml": {"gateways": _lines(f"- {name}:8081" for name in names)},
        "k8s/base/kustomization.yaml": {"gateways": _lines(f"- {name}.yaml" for name in names)},
        # The others' sign-in is a file that they renew, in a volume that one machine mounts.
        "k8s/components/copies/kustomization.yaml": {
            "gateways with a standby": _lines(
                f"- {{ name: {one.name}, count: 2 }}" for one in GATEWAYS if one.sign_in is None
            )
        },
        "k8s/base/network-policies.yaml": {"gateways": _lines(f"- {name}" for name in names)},
        "k8s/secrets.template.yaml": {
            "gateways": secrets,
            "keys of gateways": _lines(f'{users[one.user].variable}: "U... (public key)"' for one in GATEWAYS),
        },
        ".github/workflows/images.yml": {"gateways": _lines(f"- {name}" for name in names)},
    }


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _filled(name: str, blocks: dict[str, str]) -> str:
    """The file with its blocks replaced, each at the margin of its first line."""
    places: list[str] = []

    def block(found: re.Match[str]) -> str:
        margin, what = found["margin"], found["what"]
        places.append(what)
        return f"{margin}# Made by deploy/generate.py: {what}\n{indent(blocks[what], margin)}{margin}# end"

    text = BLOCK.sub(block, (ROOT / name).read_text(encoding="utf-8"))
    if sorted(places) != sorted(blocks):
        raise ValueError(f"{name} has blocks for {places}, not for {sorted(blocks)}")
    return text


def _with_images(name: str, text: str) -> str:
    """The list with an image for every gateway; what names one already is left alone, for it may be pinned.

    A further one runs in the first one's version, by the anchor that the list has, or in ours where it has none.
    """
    tag = "*release" if "&release" in text else f"v{version('navaar-contracts')}"
    for one in GATEWAYS:
        if re.search(rf"name: navaar/{one.name}\b", text):
            continue
        image = f"- {{ name: navaar/{one.name}, newName: ghcr.io/navaar/navaar/{one.name}, newTag: {tag} }}"
        if not IMAGES.search(text):
            raise ValueError(f"{name} has no list of images")
        margin = IMAGES.search(text)["margin"]
        text = f"{text.rstrip()}\n{margin}{image}\n"
    return text


def main(*, check: bool) -> int:
    """Write what differs, or only name it; the program's exit status."""
    different = []
    for path, text in made().items():
        file = ROOT / path
        if file.is_file() and file.read_text(encoding="utf-8") == text:
            continue
        different.append(path)
        if not check:
            file.write_text(text, encoding="utf-8")
    for path in different:
        print(f"{path} differs; run deploy/generate.py" if check else f"wrote {path}")
    return 1 if check and different else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write what the deployment says about platforms.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when a file would change")
    raise SystemExit(main(check=parser.parse_args().check))
