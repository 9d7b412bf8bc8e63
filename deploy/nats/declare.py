"""Brings streams, consumers and buckets to what the contracts describe, once, as the operator's user.

The services of a guarded installation run with NAVAAR_NATS_DECLARE=false, because their users may not. Every image
carries this file; it reads the same variables as a service.
"""

from __future__ import annotations

import asyncio
import sys

from navaar_runtime.connection import connect
from navaar_runtime.declare import Topology, declare
from navaar_runtime.failures import Transient
from navaar_runtime.logs import configure_logs
from navaar_runtime.settings import RuntimeSettings, SettingsError, load


async def main() -> None:
    settings = load(RuntimeSettings)
    configure_logs(settings.log_level)
    client = await connect(settings, "declare", deadline_s=60)
    try:
        await declare(client, Topology.of(settings))
    finally:
        await client.close()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (SettingsError, Transient) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
