"""compose.yaml: every service confined, each secret with its owner only, and settings that the services accept."""

from __future__ import annotations

import re
import stat
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from navaar_contracts.identifiers import Platform
from navaar_ledger.settings import LedgerSettings
from navaar_runtime.settings import load, load_links
from navaar_telegram_gateway.settings import TelegramSettings
from tests.deployment.restricted import USERS

ROOT = Path(__file__).parents[2]
SERVICES = sorted(USERS)
ONCE = {"declare", "mongodb-initiate"}
SECRETS = {
    "nats": set(),
    "mongodb": {"mongodb-root"},
    "mongodb-initiate": {"mongodb-root", "mongodb-ledger"},
    "declare": {"nats-operator"},
    "api": {"nats-api", "api-token"},
    "downloader": {"nats-downloader"},
    "identifier": {"nats-identifier"},
    "ledger": {"nats-ledger", "mongodb-url"},
    **{
        platform.spec.gateway: {f"nats-{platform}", *(secret.replace("_", "-") for secret in platform.spec.secrets)}
        for platform in Platform
    },
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def prepare() -> ModuleType:
    sys.path.insert(0, str(ROOT / "deploy"))
    return __import__("prepare")


def test_every_container_is_confined(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["mem_limit"], name
        assert not service.get("privileged"), name


def test_every_lasting_part_has_a_health_check(compose: dict[str, Any]) -> None:
    for name in (*SERVICES, "nats", "mongodb"):
        assert compose["services"][name]["healthcheck"]["test"], name


def test_each_secret_reaches_its_owner_only(compose: dict[str, Any]) -> None:
    for name, owned in SECRETS.items():
        assert set(compose["services"][name].get("secrets", ())) == owned, name


def test_only_the_ledger_reaches_the_store(compose: dict[str, Any]) -> None:
    there = {name for name, service in compose["services"].items() if "store" in service["networks"]}
    assert there == {"ledger", "mongodb", "mongodb-initiate"}
    assert compose["networks"]["store"]["internal"]
    assert compose["networks"]["messages"]["internal"]


def test_those_who_judge_and_decide_cannot_reach_the_internet(compose: dict[str, Any]) -> None:
    for name in ("ledger", "identifier", "nats", "mongodb", "declare"):
        assert "outside" not in compose["services"][name]["networks"]


def test_ports_open_on_this_machine_only(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", ())), name


def test_figures_of_the_server_are_for_its_own_health_check_alone(compose: dict[str, Any]) -> None:
    nats = compose["services"]["nats"]
    mounted = dict(volume.split(":")[:2] for volume in nats["volumes"] if volume.startswith("./"))
    text = "".join((ROOT / file).read_text() for file in mounted)
    assert set(re.findall(r'^http: "(.+)"$', text, re.MULTILINE)) == {"127.0.0.1:8222"}
    assert "http://127.0.0.1:8222/" in nats["healthcheck"]["test"][-1]
    included = re.findall(r'include "(.+)"', text)
    assert {f"/etc/navaar/{name}" for name in included} <= set(mounted.values())


def test_services_wait_for_what_they_need_and_declare_nothing(compose: dict[str, Any]) -> None:
    for name in SERVICES:
        service = compose["services"][name]
        assert service["depends_on"]["declare"]["condition"] == "service_completed_successfully"
        assert service["environment"]["NAVAAR_NATS_DECLARE"] == "false"


def test_images_are_named_by_version(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if "build" not in service:
            assert re.search(r":v?\d+\.\d+\.\d+(-[\w.]+)?$", service["image"]), name


def test_observability_starts_only_when_asked_for(compose: dict[str, Any]) -> None:
    optional = {name for name, service in compose["services"].items() if service.get("profiles")}
    assert optional == {"collector", "jaeger", "prometheus", "grafana"}
    scraped = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())["scrape_configs"][0]
    assert sorted(scraped["static_configs"][0]["targets"]) == [f"{name}:8081" for name in SERVICES]


def test_prepared_secrets_stay_out_of_the_settings(prepare: ModuleType, tmp_path: Path) -> None:
    environment = tmp_path / ".env"
    environment.write_text(
        "NAVAAR_TELEGRAM_CHANNEL_ID=-1001\nNAVAAR_YTMUSIC_PLAYLIST_ID=PLabc\nNAVAAR_TELEGRAM_BOT_TOKEN=1:very-secret\n"
        "NAVAAR_SPOTIFY_CLIENT_SECRET=\nNAVAAR_MONGODB_URL=mongodb://a:hidden@b\nNAVAAR_MAX_RETRIES=7\n"
    )
    prepare.prepare(environment, tmp_path / "deploy")
    kept, settings = tmp_path / "deploy" / "secrets", (tmp_path / "deploy" / "settings.env").read_text()
    assert "secret" not in settings
    assert "hidden" not in settings
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    variables = dict(line.split("=", 1) for line in settings.split())
    assert load_links(variables)[0].collections["telegram"] == "-1001"
    telegram = load(TelegramSettings, {**variables, "NAVAAR_TELEGRAM_BOT_TOKEN_FILE": str(kept / "telegram-bot-token")})
    assert telegram.telegram_bot_token.get_secret_value() == "1:very-secret"
    ledger = load(LedgerSettings, {**variables, "NAVAAR_MONGODB_URL_FILE": str(kept / "mongodb-url")})
    assert ledger.max_retries == 7
    assert ledger.mongodb_url is not None
    assert (kept / "mongodb-ledger").read_text() in ledger.mongodb_url.get_secret_value()


def test_preparing_again_keeps_keys_and_takes_new_settings(prepare: ModuleType, tmp_path: Path) -> None:
    environment, folder = tmp_path / ".env", tmp_path / "deploy"
    environment.write_text("NAVAAR_TELEGRAM_BOT_TOKEN=1:first\n")
    prepare.prepare(environment, folder)
    before = {path: path.read_bytes() for path in (folder / "secrets").rglob("*") if path.is_file()}
    environment.write_text("NAVAAR_TELEGRAM_BOT_TOKEN=1:second\nNAVAAR_LANE_WIDTH=3\n")
    prepare.prepare(environment, folder)
    changed = {path.name for path, content in before.items() if path.read_bytes() != content}
    assert changed == {"telegram-bot-token"}
    assert (folder / "settings.env").read_text() == "NAVAAR_LANE_WIDTH=3\n"


def test_every_secret_that_compose_names_is_made(compose: dict[str, Any], prepare: ModuleType, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("")
    prepare.prepare(tmp_path / ".env", tmp_path / "deploy")
    for secret in compose["secrets"].values():
        assert (tmp_path / secret["file"]).is_file(), secret
