"""What `navaar doctor` asks about the ledger's store. Nothing is written but the store's own schema."""

from __future__ import annotations

from collections.abc import Mapping

from navaar_ledger.__main__ import store_from
from navaar_ledger.settings import LedgerSettings
from navaar_shared.failures import Failure
from navaar_shared.findings import Finding, Level
from navaar_shared.settings import RuntimeSettings, load


async def check_store(environment: Mapping[str, str]) -> tuple[Finding, ...]:
    """Whether the store opens and answers.

    Raises:
        SettingsError: the configuration is wrong.
    """
    settings, runtime = load(LedgerSettings, environment), load(RuntimeSettings, environment)
    embedded = settings.mongodb_url is None
    subject = "SQLite store" if embedded else "MongoDB store"
    store = store_from(settings, runtime)
    try:
        await store.open()
    except Failure as failure:
        if embedded and "in use by another" in failure.reason:
            return (Finding(subject, Level.OK, "a running Navaar holds it"),)
        advice = "set NAVAAR_DATA_DIR to a folder of your own" if embedded else "check NAVAAR_MONGODB_URL"
        return (Finding(subject, Level.PROBLEM, failure.reason, advice),)
    try:
        problem = await store.problem()
    finally:
        await store.close()
    if problem is not None:
        return (Finding(subject, Level.PROBLEM, problem, "see the log of the ledger"),)
    return (Finding(subject, Level.OK, str(runtime.data_dir) if embedded else "it answers"),)
