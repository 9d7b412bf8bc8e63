"""Run a sandbox as a process of its own: `python -m navaar_sandbox --tracks 12 --environment sandbox.env`.

Prints one line of JSON when it is ready ({"url": ..., "environment": {...}}), and runs until it is terminated.
"""

import argparse
import asyncio
import json
import signal
import tempfile
from pathlib import Path
from typing import Any

from navaar_sandbox.catalogue import Platform
from navaar_sandbox.control import SETTINGS
from navaar_sandbox.profiles import PROFILES
from navaar_sandbox.server import Sandbox


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="navaar_sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--tracks", type=int, default=12, help="songs in the catalogue")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another catalogue")
    parser.add_argument(
        "--absent",
        type=_absent,
        action="append",
        default=[],
        metavar="PLATFORM:SONG",
        help="a song that a platform does not have, look-alikes only, e.g. spotify:3; may be repeated",
    )
    for name, what in (
        ("--sequel", "is called like another with a 2 behind it"),
        ("--shared-code", "carries another's ISRC"),
    ):
        parser.add_argument(
            name,
            type=_pair,
            action="append",
            default=[],
            metavar="SONG:EARLIER",
            help=f"a song that {what}, e.g. 3:2; may be repeated",
        )
    parser.add_argument("--lag", type=float, help="seconds until playlist reads show a write")
    parser.add_argument("--messages-per-minute", type=int, default=20, help="Telegram's limit for one channel")
    parser.add_argument("--profile", choices=PROFILES, help="behave in all things as the platforms are reported to")
    parser.add_argument(
        "--set",
        type=_switch,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="turn a switch of the control side, its value as JSON, e.g. youtube_edits=[8,30]; may be repeated",
    )
    parser.add_argument(
        "--play", type=float, metavar="PACE", help="play the person at once, so many seconds between songs"
    )
    parser.add_argument("--data-dir", type=Path, help="where the credential files go; a new folder unless given")
    parser.add_argument(
        "--youtube-auth",
        choices=("browser", "oauth"),
        default="browser",
        help="the sign-in to YouTube: a browser's headers, or a Google token for the Data API",
    )
    parser.add_argument("--environment", type=Path, help="write the variables to this file, in .env form")
    return parser.parse_args()


def _switch(text: str) -> tuple[str, Any]:
    """'jitter=0.2' as ("jitter", 0.2)."""
    name, _, value = text.partition("=")
    if name not in SETTINGS:
        raise argparse.ArgumentTypeError(f"there is no switch {name!r}; known: {', '.join(SETTINGS)}")
    return name, json.loads(value)


def _absent(text: str) -> tuple[Platform, int]:
    """'spotify:3' as ("spotify", 3)."""
    platform, _, number = text.partition(":")
    if platform not in ("youtube", "spotify"):
        raise argparse.ArgumentTypeError(f"{platform!r} is neither youtube nor spotify")
    return ("youtube" if platform == "youtube" else "spotify"), int(number)


def _pair(text: str) -> tuple[int, int]:
    """'3:2' as (3, 2)."""
    number, _, earlier = text.partition(":")
    return int(number), int(earlier)


async def _run(arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sandbox = Sandbox(
        port=arguments.port,
        tracks=arguments.tracks,
        seed=arguments.seed,
        absent=arguments.absent,
        sequels=arguments.sequel,
        shared_codes=arguments.shared_code,
        messages_per_minute=arguments.messages_per_minute,
        profile=arguments.profile,
    )
    sandbox.settings(**({} if arguments.lag is None else {"lag": arguments.lag}), **dict(arguments.set))
    async with sandbox:
        data_dir = arguments.data_dir or Path(
            tempfile.mkdtemp(prefix="navaar-sandbox-", dir=sandbox.world.shelf.folder)
        )
        variables = sandbox.environment(data_dir, youtube_auth=arguments.youtube_auth)
        if arguments.environment:
            lines = "".join(f"{name}={value}\n" for name, value in variables.items())
            arguments.environment.touch(mode=0o600)
            arguments.environment.write_text(lines, encoding="utf-8")
        print(json.dumps({"url": sandbox.url, "environment": variables}), flush=True)
        playing = asyncio.create_task(sandbox.person.play(pace=arguments.play)) if arguments.play is not None else None
        await stop.wait()
        if playing is not None:
            playing.cancel()


if __name__ == "__main__":
    asyncio.run(_run(_arguments()))
