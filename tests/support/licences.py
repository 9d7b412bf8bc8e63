"""Writes docs/licences.md and the images' licence labels from what is installed"""

from __future__ import annotations

import re
import subprocess
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "licences.md"
OUR_OWN = "MIT"

# What an image runs on, whatever Python and system this script runs on.
IMAGE = {
    "python_version": "3.13",
    "python_full_version": "3.13.0",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "sys_platform": "linux",
    "os_name": "posix",
}
# Programs that a wheel carries under another licence than its own code.
BUNDLED = {"imageio-ffmpeg": ("ffmpeg, inside imageio-ffmpeg", "GPL-3.0-or-later")}
# Metadata without an SPDX expression: what it says, as SPDX.
SPELLINGS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2 License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
}
NO_EXPRESSION = {"BSD", "Apache", "GPL"}  # which of them?
_EXPRESSION = re.compile(r"[A-Za-z]+(-[0-9.]+)*(-[A-Za-z]+)?( (OR|AND) [A-Za-z0-9.-]+)*")
# Metadata that leaves it open: what the licence file inside says.
FROM_ITS_FILE = {
    "ipadic": "NAIST-2003 AND (MIT OR WTFPL)",
    "jinja2": "BSD-3-Clause",
    "pycryptodomex": "BSD-2-Clause",  # and code in the public domain
    "rich-click": "MIT",
}

_EXPORT = ("uv", "export", "--frozen", "--no-dev", "--no-hashes", "--no-annotate", "--quiet", "--package")
_HEAD = """# Licences

Written by `uv run python -m tests.support.licences` from the metadata of what `uv.lock` names; a test compares.

Navaar's own code is MIT ([LICENSE](../LICENSE)). What it is installed with has licences of its own. Two of them reach
beyond their own files when you pass on a whole that holds them, an image for example:

- The identifier, the downloader and the sandbox load mutagen, which is GPL-2.0-or-later. Together with libraries under
  Apache-2.0, that puts each of these programs as a whole under GPL-3.0-or-later.
- The ffmpeg inside imageio-ffmpeg is a GPL build, version 3 or later. Navaar starts it as a program of its own.

You may use each of our files under MIT. If you pass on the image of the identifier or the downloader, or everything in
one folder as `navaar up` runs it, do so under GPL-3.0-or-later and offer the sources. Just running Navaar is free.

The label `org.opencontainers.image.licenses` of each image names the licences of everything installed into it; those of
the base image come on top.
"""


def images() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "services").glob("*/Dockerfile"))


@cache
def installed(member: str) -> frozenset[str]:
    """Names of what the lock installs for a service on Linux, without Navaar's own packages."""
    exported = subprocess.run(
        [*_EXPORT, f"navaar-{member}"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    lines = [line for line in exported.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    wanted = [Requirement(line) for line in lines]
    return frozenset(each.name for each in wanted if each.marker is None or each.marker.evaluate(dict(IMAGE)))


def licence_of(name: str) -> str:
    """As an SPDX expression. LookupError if neither metadata nor the lists above tell."""
    if name in FROM_ITS_FILE:
        return FROM_ITS_FILE[name]
    metadata = distribution(name).metadata
    if expressions := metadata.get_all("License-Expression"):
        return str(expressions[0])
    classifiers = [c.rpartition(" :: ")[2] for c in metadata.get_all("Classifier") or () if c.startswith("License")]
    for said in (*(metadata.get_all("License") or ()), *classifiers):
        expression = SPELLINGS.get(said, str(said))
        if _EXPRESSION.fullmatch(expression) and expression not in NO_EXPRESSION:
            return expression
    raise LookupError(f"{name}: no licence in its metadata; read its licence file and add it to FROM_ITS_FILE")


def held_by(member: str) -> dict[str, str]:
    """What an installation of the service holds beside Navaar: name to licence."""
    held = {name: licence_of(name) for name in installed(member)}
    return held | {BUNDLED[name][0]: BUNDLED[name][1] for name in held if name in BUNDLED}


def label(member: str) -> str:
    """An SPDX expression for all that is in the image; of a choice, whatever holds anyway is taken."""
    parts = {part for licence in held_by(member).values() for part in re.split(r" AND (?![^(]*\))", licence)}
    choices = {tuple(part.strip("()").split(" OR ")) for part in parts if " OR " in part}
    certain = {part for part in parts if " OR " not in part} | {OUR_OWN}
    open_ = {f"({' OR '.join(choice)})" for choice in choices if not certain & set(choice)}
    return " AND ".join([OUR_OWN, *sorted((certain | open_) - {OUR_OWN})])


def page() -> str:
    holders: dict[tuple[str, str], list[str]] = {}
    for member in (*images(), "launcher"):
        for name, licence in held_by(member).items():
            holders.setdefault((name, licence), []).append(member)
    rows = []
    for (name, licence), members in sorted(holders.items(), key=lambda row: row[0][0].lower()):
        where = [member for member in members if member != "launcher"]
        said = "all" if len(where) == len(images()) else ", ".join(where) or "none; `navaar up`"
        rows.append(f"| {name} | {licence} | {said} |")
    return "\n".join([_HEAD, "| what | licence | in the images of |", "|---|---|---|", *rows]) + "\n"


def labelled(member: str) -> str:
    """The service's Dockerfile with the label that is true."""
    text = (ROOT / "services" / member / "Dockerfile").read_text(encoding="utf-8")
    return re.sub(r'(image\.licenses=)"[^"]*"', rf'\1"{label(member)}"', text)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    for each in images():
        (ROOT / "services" / each / "Dockerfile").write_text(labelled(each), encoding="utf-8")
