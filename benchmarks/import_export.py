"""How long a channel's past takes, and how much memory: an export of thousands of posts over pretend platforms.

    uv run python -m benchmarks.import_export [--songs 2000] [--known 300] [--other 3000] [--layout 2024] [--account]
        [--only-read] [--out FILE]

Writes an export with `--songs` audio posts in many languages, with words and voice messages between them
(`--other` messages), as one chat or in a whole account's file. `--known` of the songs are in each playlist before. Then
it measures, each in a process of its own:

- reading the file (`--dry-run`: seconds and the process's highest memory);
- `navaar import` before the first start, until the ledger has taken everything over;
- from the start until every song is in both playlists, each once, and none in the channel again; then a second import,
  which changes nothing.

Nothing else delays anything: the platforms answer at once and refuse nothing. With real ones the searches take their
pace from the platforms (docs/quality/requests.md).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.memory import resident
from navaar_sandbox.catalogue import Catalogue
from tests.support import telegram_export
from tests.support.telegram_export import Json, Layout
from tests.support.whole_system import Platforms, eventually, navaar, platforms, up_environment

SEED = 1
EVERY_S = 2.0
STALLED_S = 600.0
"""So long without any addition, and it is given up."""


def posts_of(songs: int, other: int, layout: Layout) -> list[Json]:
    """The songs of the pretend catalogue in their order, with other messages between them."""
    recordings = Catalogue(songs, seed=SEED).recordings
    found: list[Json] = []
    number = 1
    for place, recording in enumerate(recordings):
        for _ in range(other * (place + 1) // songs - other * place // songs):
            number += 1
            found.append(_no_song(number, recording.title, layout))
        number += 1
        artist, title = ", ".join(recording.artists), recording.title
        caption: Any = ["🎧 ", {"type": "hashtag", "text": f"#{recording.album.replace(' ', '_')}"}]
        more: Json = {"duration_seconds": recording.duration, "text": caption if place % 3 == 0 else ""}
        if place % 10 == 9:
            # Sent as a document: its name is all there is.
            name = f"{artist} - {title}.mp3".replace("/", "_")
            named = {"file_name": name} if layout == "2024" else {"file": f"files/{name}"}
            found.append(telegram_export.audio(number, None, None, layout=layout, media_type=None, **named, **more))
        else:
            found.append(telegram_export.audio(number, artist[:64], title[:64], layout=layout, **more))
    return found


def _no_song(number: int, title: str, layout: Layout) -> Json:
    if number % 7 == 6:
        return telegram_export.audio(number, None, None, layout=layout, media_type="voice_message", file_name=None)
    return telegram_export.words(
        number, [f"«{title}» ", {"type": "bold", "text": "امشب · сегодня · 今夜"}], layout=layout
    )


async def command(environment: dict[str, str], *arguments: str) -> tuple[dict[str, Any], float, float]:
    """Run `navaar import` there: its summary, seconds, and its highest memory in MiB."""
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.import_export", "--run", *arguments,
        env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"navaar import ended with {process.returncode}")
    *answer, memory = out.decode().splitlines()
    return json.loads("\n".join(answer)), round(time.monotonic() - begun, 2), round(float(memory), 1)


def run_command(arguments: Sequence[str]) -> None:
    """`navaar import telegram-export`, and its own highest memory on a last line."""
    from navaar_launcher.__main__ import main as launcher

    sys.argv = ["navaar", "import", "telegram-export", *arguments]
    code: object = 0
    try:
        launcher()
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    print(f"\n{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}")
    raise SystemExit(code)


async def placed(world: Platforms, songs: int, begun: float) -> dict[str, Any]:
    """Wait until both playlists have every song, or nothing more comes."""
    half: float | None = None
    before, moved = -1, time.monotonic()

    async def done() -> bool:
        nonlocal half, before, moved
        await asyncio.sleep(EVERY_S)
        tallies = await world.compare()
        present = min(tallies[place]["present"] for place in ("youtube", "spotify"))
        together = sum(tallies[place]["present"] for place in ("youtube", "spotify"))
        if half is None and 2 * present >= songs:
            half = round(time.monotonic() - begun, 1)
        if together != before:
            before, moved = together, time.monotonic()
        return present >= songs or time.monotonic() - moved > STALLED_S

    await eventually(done, 24 * 3600)
    tallies = await world.compare()
    return {"half_s": half, "last_s": round(moved - begun, 1), **{p: tallies[p] for p in ("youtube", "spotify")}}


async def synced(world: Platforms, arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """As the page for people says: imported before the first start."""
    file = str(folder / "result.json")
    summary, seconds, memory = await command(up_environment(world, folder), file, "--json")
    found: dict[str, Any] = {"import_s": seconds, "import_mib": memory, "songs_taken": summary["songs"]}
    begun = time.monotonic()
    async with navaar(world, folder) as running:
        found["ready_s"], start = round(time.monotonic() - begun, 1), resident(running.pid)
        found |= await placed(world, arguments.songs, begun)
        found["navaar_mib"] = [round(start), round(resident(running.pid, "VmHWM"))]
        again, seconds, _ = await command(running.environment, file, "--json")
        found |= {"again_s": seconds, "known_before": again["known_before"]}
        posts = await world.person("read", chat_id=telegram_export.CHANNEL)
        found["posted"] = sum("audio" in post for post in posts)
    return found


async def main(arguments: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="navaar-export-") as name:
        folder = Path(name)
        one = telegram_export.chat(
            posts_of(arguments.songs, arguments.other, arguments.layout), layout=arguments.layout
        )
        file = telegram_export.write(folder, telegram_export.account(one) if arguments.account else one)
        result: dict[str, Any] = {
            "songs": arguments.songs,
            "messages": len(one["messages"]),
            "layout": arguments.layout,
            "mib": round(file.stat().st_size / 1024**2, 2),
        }
        options = ("--tracks", str(arguments.songs), "--seed", str(SEED), "--messages-per-minute", "6000")
        async with platforms(folder, *options) as world:
            world.environment["NAVAAR_TELEGRAM_CHANNEL_ID"] = str(telegram_export.CHANNEL)
            nobody = {**world.environment, "NAVAAR_DATA_DIR": str(folder / "none")}
            _, seconds, memory = await command(nobody, str(file), "--json", "--dry-run")
            result |= {"read_s": seconds, "read_mib": memory}
            if not arguments.only_read:
                for number in range(arguments.songs):
                    await world.person("expect", number=number)
                for number in range(arguments.known):
                    await world.person("add", number=number, side="youtube")
                    await world.person("add", number=arguments.songs - 1 - number, side="spotify")
                # The channel itself is not played: whatever is posted there would be there twice.
                result |= await synced(world, arguments, folder)
    print(json.dumps(result))
    if arguments.out:
        arguments.out.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run_command(sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=2000)
    parser.add_argument("--known", type=int, default=300, help="songs that are in each playlist before")
    parser.add_argument("--other", type=int, default=3000, help="messages that are no songs")
    parser.add_argument("--layout", choices=telegram_export.LAYOUTS, default="2024")
    parser.add_argument("--account", action="store_true", help="as part of a whole account's export")
    parser.add_argument("--only-read", action="store_true", help="read the file, sync nothing")
    parser.add_argument("--out", type=Path)
    asyncio.run(main(parser.parse_args()))
