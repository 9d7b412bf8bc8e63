"""Encrypted connections to a real nats-server: who is believed, who is refused, and what is said about it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import trustme

from navaar_contracts.queries import GetCounts
from navaar_launcher.connection import Unanswered, ledger_client
from navaar_ledger.__main__ import create
from navaar_runtime.connection import connect
from navaar_runtime.failures import Transient
from navaar_runtime.settings import RuntimeSettings, SettingsError, load
from tests.support.nats_server import binary, running_nats

DEADLINE_S = 120.0


@dataclass(frozen=True)
class Papers:
    """An authority, a certificate of the server's and one of a service's, as files."""

    ca: Path
    server: Path
    server_key: Path
    service: Path
    service_key: Path


def papers(folder: Path, host: str = "127.0.0.1") -> Papers:
    folder.mkdir()
    authority = trustme.CA()
    found = Papers(*(folder / name for name in ("ca.pem", "server.pem", "server.key", "me.pem", "me.key")))
    authority.cert_pem.write_to_path(str(found.ca))
    for cert, chain, key in (
        (authority.issue_cert(host), found.server, found.server_key),
        (authority.issue_cert("ledger@navaar.test"), found.service, found.service_key),
    ):
        cert.private_key_pem.write_to_path(str(key))
        for part in cert.cert_chain_pems:
            part.write_to_path(str(chain), append=True)
    return found


@contextlib.asynccontextmanager
async def encrypted_nats(
    folder: Path, cert: Papers, *, verify: bool = False, first: bool = False
) -> AsyncIterator[int]:
    """The port of a server that insists on TLS."""
    ports = folder / "ports"
    ports.mkdir(parents=True)
    options = [f'cert_file: "{cert.server}"', f'key_file: "{cert.server_key}"']
    if verify:
        options += [f'ca_file: "{cert.ca}"', "verify: true"]
    if first:
        options.append("handshake_first: true")
    config = folder / "nats.conf"
    config.write_text(
        f'listen: "127.0.0.1:-1"\nports_file_dir: "{ports}"\njetstream {{ store_dir: "{folder / "js"}" }}\n'
        f"tls {{ {', '.join(options)} }}\n"
    )
    process = await asyncio.create_subprocess_exec(
        binary(), "-c", str(config), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not (files := list(ports.glob("*.ports"))) or not files[0].read_text().strip():
                assert process.returncode is None
                await asyncio.sleep(0.02)
        yield int(json.loads(files[0].read_text())["nats"][0].rsplit(":", 1)[1])
    finally:
        process.kill()
        await process.wait()


@pytest.fixture
def ours(tmp_path: Path) -> Papers:
    return papers(tmp_path / "ours")


@pytest_asyncio.fixture
async def port(tmp_path: Path, ours: Papers) -> AsyncIterator[int]:
    async with encrypted_nats(tmp_path / "nats", ours) as found:
        yield found


def settings(port: int, scheme: str = "tls", **files: Path | str) -> RuntimeSettings:
    variables = {f"NAVAAR_NATS_{name.upper()}": str(value) for name, value in files.items()}
    return load(RuntimeSettings, {"NAVAAR_NATS_URL": f"{scheme}://127.0.0.1:{port}", **variables})


async def refusal(of: RuntimeSettings) -> str:
    with pytest.raises(Transient) as refused:
        await connect(of, "test", deadline_s=2)
    return refused.value.reason


async def test_a_service_and_a_command_work_over_an_encrypted_connection(
    port: int, ours: Papers, tmp_path: Path
) -> None:
    environment = {
        "NAVAAR_NATS_URL": f"tls://127.0.0.1:{port}",
        "NAVAAR_NATS_CA_FILE": str(ours.ca),
        "NAVAAR_DATA_DIR": str(tmp_path / "data"),
        "NAVAAR_TELEGRAM_CHANNEL_ID": "-100",
        "NAVAAR_YTMUSIC_PLAYLIST_ID": "PL1",
    }
    service = create(environment)
    await service.start()
    try:
        async with ledger_client(environment) as asking:
            assert (await asking.ask(GetCounts())).tracks == 0
    finally:
        await service.stop()


async def test_a_server_of_another_authority_is_not_believed(port: int, tmp_path: Path) -> None:
    stranger = papers(tmp_path / "stranger")
    reason = await refusal(settings(port, ca_file=stranger.ca))
    assert "its certificate is not accepted" in reason
    assert "NAVAAR_NATS_CA_FILE" in reason


async def test_a_command_says_the_same_at_the_terminal(port: int, tmp_path: Path) -> None:
    stranger = papers(tmp_path / "stranger")
    environment = {"NAVAAR_NATS_URL": f"tls://127.0.0.1:{port}", "NAVAAR_NATS_CA_FILE": str(stranger.ca)}
    with pytest.raises(Unanswered, match="its certificate is not accepted"):
        async with ledger_client(environment):
            pass


async def test_an_address_that_says_tls_needs_an_authority_this_machine_knows(port: int) -> None:
    assert "its certificate is not accepted" in await refusal(settings(port))


async def test_a_certificate_for_another_host_is_not_accepted(tmp_path: Path) -> None:
    elsewhere = papers(tmp_path / "elsewhere", "nats.example")
    async with encrypted_nats(tmp_path / "nats", elsewhere) as port:
        reason = await refusal(settings(port, ca_file=elsewhere.ca))
    assert "IP address mismatch" in reason or "not valid for" in reason
    assert "host name" in reason


@pytest.mark.parametrize("scheme", ["tls", "nats"])
async def test_nothing_is_said_to_a_server_that_does_not_encrypt(scheme: str, ours: Papers) -> None:
    async with running_nats() as server:
        reason = await refusal(settings(server.port, scheme, ca_file=ours.ca))
    assert "does not encrypt" in reason


async def test_a_server_that_asks_who_we_are_is_shown_our_certificate(tmp_path: Path, ours: Papers) -> None:
    stranger = papers(tmp_path / "stranger")
    async with encrypted_nats(tmp_path / "nats", ours, verify=True) as port:
        client = await connect(
            settings(port, ca_file=ours.ca, cert_file=ours.service, key_file=ours.service_key), "test"
        )
        assert client.is_connected
        await client.close()
        assert "NAVAAR_NATS_CERT_FILE" in await refusal(settings(port, ca_file=ours.ca))
        theirs = settings(port, ca_file=ours.ca, cert_file=stranger.service, key_file=stranger.service_key)
        assert "NAVAAR_NATS_CERT_FILE" in await refusal(theirs)


async def test_encryption_may_come_before_the_first_word(tmp_path: Path, ours: Papers) -> None:
    async with encrypted_nats(tmp_path / "nats", ours, first=True) as port:
        client = await connect(settings(port, ca_file=ours.ca, tls_first="true"), "test")
        assert client.is_connected
        await client.close()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"ca_file": "nowhere.pem"}, "NAVAAR_NATS_CA_FILE: cannot use nowhere.pem: No such file"),
        ({"ca_file": __file__}, "no certificate or key in PEM form"),
        ({"cert_file": "me.pem"}, "set both or neither"),
        ({"cert_file": "nowhere.pem", "key_file": "nowhere.key"}, "NAVAAR_NATS_CERT_FILE: cannot use nowhere.pem"),
    ],
)
async def test_certificates_that_cannot_be_used_are_named(files: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        await connect(settings(4222, **files), "test", deadline_s=1)


async def test_a_password_in_the_address_is_not_repeated() -> None:
    runtime = load(RuntimeSettings, {"NAVAAR_NATS_URL": "nats://me:s3cretword@127.0.0.1:1"})
    assert "s3cretword" not in await refusal(runtime)


def test_old_protocols_are_not_spoken(ours: Papers) -> None:
    from navaar_runtime.nats_tls import context

    found = context(settings(4222, ca_file=ours.ca))
    assert found is not None
    assert found.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert found.verify_mode is ssl.CERT_REQUIRED
    assert found.check_hostname
