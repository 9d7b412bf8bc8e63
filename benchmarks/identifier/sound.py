"""Measures how surely a recording is recognised by its sound, on a folder of music.

    python -m benchmarks.identifier.sound FOLDER [--songs 40] [--page docs/quality/sound.md]

Every file of at least 70 s is encoded again in several ways; each is compared with its original, and all originals with
each other. The music stays where it is; only figures are kept.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import imageio_ffmpeg
import mutagen

from navaar_identifier.audio.fingerprint import DIFFERENT, SAME, fingerprint, similarity
from navaar_identifier.compare.lookup_keys import sound_keys

SUFFIXES = {".ogg", ".mp3", ".flac", ".m4a", ".opus", ".wav"}
SHORTEST_S = 70.0
ENOUGH = 2
"""Sound keys in common from which the ledger has two tracks compared."""

_MP3 = ["-b:a", "128k"]
_AAC = ["-c:a", "aac", "-b:a", "128k"]
WAYS: dict[str, tuple[str, list[str]]] = {
    "MP3, 128 kbit/s": ("mp3", _MP3),
    "MP3, 64 kbit/s, mono": ("mp3", ["-b:a", "64k", "-ac", "1"]),
    "AAC, 96 kbit/s": ("m4a", ["-c:a", "aac", "-b:a", "96k"]),
    "Opus, 48 kbit/s": ("ogg", ["-c:a", "libopus", "-b:a", "48k"]),
    "begins 0.7 s later": ("mp3", ["-af", "adelay=700:all=1", *_MP3]),
    "begins 2.3 s in": ("mp3", ["-af", "atrim=start=2.3,asetpts=PTS-STARTPTS", *_MP3]),
    "compressed, louder, more bass": (
        "m4a",
        ["-af", "acompressor=threshold=0.1:ratio=4,volume=4dB,bass=g=3", *_AAC],
    ),
    "5 % faster": ("mp3", ["-af", "aresample=44100,asetrate=46305,aresample=44100", *_MP3]),
    "15 % slower": ("mp3", ["-af", "aresample=44100,asetrate=37485,aresample=44100", *_MP3]),
}
VOICES = {"another voice over it, 6 dB lower": 0.5, "another voice over it, as loud": 1.0}
"""What an instrumental and its song are to each other; the voice is another song's, cut to a voice's band."""


@dataclass(frozen=True, slots=True)
class Compared:
    likeness: float
    shared: int
    """Sound keys in common."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.identifier.sound", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--songs", type=int, default=40, help="how many are encoded again")
    parser.add_argument("--page", type=Path, help="write the tables to this page")
    arguments = parser.parse_args()
    lines = list(report(arguments.folder, arguments.songs))
    print("\n".join(lines))
    if arguments.page:
        _keep(arguments.page, lines)


def report(folder: Path, songs: int) -> Iterator[str]:
    """The tables, line by line, in Markdown."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES and _length(path)]
    originals = {path: sound for path in files if (sound := fingerprint(path))}
    chosen = random.Random(5).sample(sorted(originals), min(songs, len(originals)))
    yield from tables(_measured(chosen, originals), list(originals.values()), len(chosen))


def tables(measured: dict[str, list[Compared]], originals: list[str], songs: int) -> Iterator[str]:
    """Each way of copying with its likeness to the original, and what the originals have in common with each other."""
    yield f"Measured on {datetime.now(UTC):%Y-%m-%d}: {songs} pieces encoded again, {len(originals)} compared"
    yield "with each other."
    yield ""
    yield "| a copy | likeness: least | 5 % | median | most | found by its keys |"
    yield "|---|---|---|---|---|---|"
    for way, found in measured.items():
        likeness = sorted(each.likeness for each in found)
        least, low, median, most = (likeness[int(len(likeness) * share)] for share in (0, 0.05, 0.5, 0.9999))
        by_keys = sum(each.shared >= ENOUGH for each in found)
        yield f"| {way} | {least:.2f} | {low:.2f} | {median:.2f} | {most:.2f} | {by_keys} of {len(found)} |"
    pairs = [
        Compared(similarity(a, b), len(set(sound_keys(a)) & set(sound_keys(b)))) for a, b in combinations(originals, 2)
    ]
    likeness = sorted(each.likeness for each in pairs)
    median, high, most = (likeness[int(len(likeness) * share)] for share in (0.5, 0.99, 0.99999))
    yield f"| another piece | {likeness[0]:.2f} | | {median:.2f} | {most:.2f} (99 %: {high:.2f}) | " + (
        f"{sum(each.shared >= ENOUGH for each in pairs)} of {len(pairs)} |"
    )
    yield ""
    alike = sum(each.likeness >= SAME for each in pairs)
    yield f"Of {len(pairs)} pairs of different pieces {alike} reach {SAME} (the same recording), "
    yield f"{sum(each.likeness >= DIFFERENT for each in pairs)} reach {DIFFERENT} (perhaps), and "
    yield f"{sum(each.shared >= 1 for each in pairs)} have a sound key in common."


def _measured(chosen: list[Path], originals: dict[Path, str]) -> dict[str, list[Compared]]:
    found: dict[str, list[Compared]] = {way: [] for way in (*WAYS, *VOICES)}
    with tempfile.TemporaryDirectory(prefix="navaar-sound-") as folder:
        for number, path in enumerate(chosen):
            for way, (suffix, options) in WAYS.items():
                copy = Path(folder) / f"copy.{suffix}"
                _ffmpeg(["-t", "135", "-i", str(path), "-vn", "-map", "0:a:0", *options, str(copy)])
                found[way] += _compared(originals[path], copy)
            other = chosen[(number + 1) % len(chosen)]
            for way, volume in VOICES.items():
                copy = Path(folder) / "copy.m4a"
                voice = f"[1:a]highpass=f=250,lowpass=f=3500,volume={volume}[voice]"
                mixed = f"{voice};[0:a][voice]amix=inputs=2:duration=first:normalize=0"
                inputs = ["-t", "135", "-i", str(path), "-t", "135", "-i", str(other)]
                _ffmpeg([*inputs, "-filter_complex", mixed, "-vn", *_AAC, str(copy)])
                found[way] += _compared(originals[path], copy)
    return found


def _compared(original: str, copy: Path) -> list[Compared]:
    sound = fingerprint(copy)
    if sound is None:
        return []
    return [Compared(similarity(original, sound), len(set(sound_keys(original)) & set(sound_keys(sound))))]


def _ffmpeg(arguments: list[str]) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-nostdin", *arguments]
    subprocess.run(command, check=True)


def _length(path: Path) -> bool:
    try:
        opened = mutagen.File(path)
    except Exception:  # noqa: BLE001 - whatever is no music is left out
        return False
    return opened is not None and opened.info.length >= SHORTEST_S


def _keep(page: Path, lines: list[str]) -> None:
    """Put the tables between the page's two marks."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition("<!-- figures -->")
    _, _, after = rest.partition("<!-- end of figures -->")
    figures = "\n".join(lines)
    page.write_text(f"{before}<!-- figures -->\n{figures}\n<!-- end of figures -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
