"""How soon a health check is answered beside a thousand clients that begin a request and go no further.

    uv run python -m benchmarks.crowd [--checks 200]

Starts `navaar up` over the pretend platforms and asks for /healthz and /readyz in turn: first with nobody beside, then
while a thousand clients come and hold half requests, then while as many come and hold event streams. Each check has a
connection of its own. Prints JSON, one line for each: milliseconds for half of the checks, 95 of 100, and the slowest.
Ends with 1 if any was not answered with 200, or 95 of 100 took more than a second.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.support.crowd import HALVES, STREAMS, asked, crowd, many_files, signed_in
from tests.support.whole_system import navaar, platforms

GOOD_S = 1.0


def told(what: str, answers: Sequence[tuple[int, float]]) -> dict[str, object]:
    seconds = sorted(each for _, each in answers)
    share = {"half_ms": 0.5, "p95_ms": 0.95}
    return {
        "beside": what,
        "checks": len(answers),
        "answered": sum(status == 200 for status, _ in answers),
        **{
            name: round(1000 * seconds[min(len(seconds) - 1, int(part * len(seconds)))]) for name, part in share.items()
        },
        "slowest_ms": round(1000 * seconds[-1]),
        "good": all(status == 200 for status, _ in answers) and seconds[int(0.95 * len(seconds))] <= GOOD_S,
    }


async def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--checks", type=int, default=200)
    checks = options.parse_args().checks
    good = True
    with tempfile.TemporaryDirectory(prefix="navaar-crowd-") as name, many_files():
        folder = Path(name)
        async with platforms(folder, "--tracks", "2") as world, navaar(world, folder) as running:
            token = (Path(running.environment["NAVAAR_DATA_DIR"]) / "api-token").read_text().strip()
            for what, openings in (("nobody", ()), ("1,000 half requests", HALVES), ("1,000 event streams", STREAMS)):
                async with contextlib.AsyncExitStack() as stack:
                    if openings:
                        await stack.enter_async_context(crowd(running.api, signed_in(openings, token)))
                    answers = [
                        await asked(running.api, "/healthz" if check % 2 else "/readyz") for check in range(checks)
                    ]
                figures = told(what, answers)
                good = good and figures["good"] is True
                print(json.dumps(figures), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
