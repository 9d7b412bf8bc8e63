"""`navaar backup` and `navaar restore`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from navaar_launcher.backup.work import Backup, Forecast, Restore, backed_up, forecast, restore
from navaar_launcher.connection import Unanswered
from navaar_launcher.embedded_nats import NatsNotStarted
from navaar_launcher.terminal import complain, say
from navaar_runtime.failures import Failure
from navaar_runtime.logs import configure_logs
from navaar_runtime.settings import SettingsError, process_environment

T = TypeVar("T")
PASSPHRASE = "NAVAAR_BACKUP_PASSPHRASE"  # noqa: S105 - the variable that holds it

FileArgument = Annotated[Path, typer.Argument(help="The backup's file")]


def register(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(restored)


def backup(
    file: FileArgument,
    sign_ins: Annotated[
        bool, typer.Option("--sign-ins", help=f"The sign-ins too, encrypted with the passphrase in {PASSPHRASE}")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there")] = False,
) -> None:
    """Write all that cannot be made again into one file, also while Navaar runs.

    That is the ledger at one moment, the idempotency records of the gateways and how far the ledger has read the
    history. Settings (.env) and keys are not in it.
    """
    if file.exists() and not force:
        raise typer.BadParameter(f"{file} is there already; --force replaces it", param_hint="FILE")
    secret = _passphrase() if sign_ins else None
    done: Backup = _run(backed_up(process_environment(), file, secret))
    say(f"{file}: {done.told()}")


def restored(
    file: FileArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask")] = False,
    sign_ins: Annotated[
        bool, typer.Option("--sign-ins", help=f"The sign-ins too, with the passphrase in {PASSPHRASE}")
    ] = False,
    nothing_since: Annotated[
        bool, typer.Option("--nothing-since", help="Navaar has done nothing since the backup was made")
    ] = False,
) -> None:
    """Put the ledger back from a backup, with Navaar stopped: into an empty data folder or over an older ledger.

    Streams that are there stay, with all that they know. At its next start the ledger reads from them what happened
    since the backup, before it does anything else.
    """
    secret = _passphrase() if sign_ins else None
    environment = process_environment()
    ahead: Forecast = _run(forecast(environment, file, complete=nothing_since))
    for line in ahead.told():
        say(line)
    if dry_run:
        return
    if not yes:
        typer.confirm("Restore?", abort=True, err=True)
    done: Restore = _run(restore(environment, file, secret, complete=nothing_since))
    for line in done.told():
        say(line)


def _passphrase() -> str:
    found = os.environ.get(PASSPHRASE, "")
    if not found and sys.stdin.isatty():
        found = typer.prompt("Passphrase", hide_input=True, err=True)
    if len(found) < 8:
        raise typer.BadParameter(f"set {PASSPHRASE} to at least 8 characters", param_hint="--sign-ins")
    return found


def _run(work: Coroutine[Any, Any, T]) -> T:
    configure_logs("ERROR")
    try:
        return asyncio.run(work)
    except NatsNotStarted as error:
        raise SettingsError(str(error)) from None
    except Unanswered as error:
        why = str(error)
    except Failure as failure:
        why = failure.reason
    complain(why)
    raise typer.Exit(1)
