"""Which yt-dlp downloads run with: the one installed with Navaar, or a newer one in the data folder."""

from __future__ import annotations

import contextlib
import fcntl
import re
import shutil
from collections.abc import Iterator
from datetime import date
from importlib.metadata import distributions, version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from navaar_runtime.private_files import write_public

INSTALLED = "installed"
"""Stands for the version that is installed with Navaar."""

_POINTER = "chosen.json"
_LOCK = "update.lock"


class UpdateRefused(Exception):
    """Nothing was changed. The text says why, for a person."""


class Chosen(BaseModel):
    """What the pointer file says. Versions are as the package index writes them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: str = INSTALLED
    former: str | None = None
    """What `back` returns to; None: nothing was chosen before."""
    held: bool = False
    """A person asked for this very version: only a person changes it."""
    refused: tuple[str, ...] = ()
    """Versions that a person went back from; not taken again unasked."""


class YtdlpVersions:
    """`<data_dir>/yt-dlp`: a folder for each version, and the pointer file that names the one in use."""

    def __init__(self, data_dir: Path) -> None:
        self.root = data_dir.absolute() / "yt-dlp"

    def chosen(self) -> Chosen:
        """What the pointer file says; without a readable one, the version installed with Navaar."""
        try:
            return Chosen.model_validate_json((self.root / _POINTER).read_bytes())
        except (OSError, ValidationError):
            return Chosen()

    def folder(self) -> Path | None:
        """The packages that go before the installed ones; None: those installed with Navaar are to be used.

        A Navaar that brings a newer yt-dlp than the one in the data folder uses its own.
        """
        chosen = self.chosen()
        folder = self.root / chosen.version
        if chosen.version == INSTALLED or not (folder / "yt_dlp" / "__init__.py").is_file():
            return None
        if not chosen.held and order_of(chosen.version) < order_of(installed_version()):
            return None
        return folder

    def in_use(self) -> str:
        """The version that the next download process runs with."""
        folder = self.folder()
        return folder.name if folder is not None else installed_version()

    def choose(self, name: str, *, held: bool) -> None:
        """Point at `name`, a folder of `root` or INSTALLED, and keep what was in use until now as the former.

        Raises:
            OSError: the data folder cannot be written.
        """
        before = self.chosen()
        former = before.former if name == before.version else self.name_in_use()
        self._write(
            Chosen(version=name, former=former, held=held, refused=tuple(v for v in before.refused if v != name))
        )
        self._remove_others()

    def back(self) -> str:
        """Point at the former version again; its number comes back.

        Raises:
            UpdateRefused: there is none.
            OSError: the data folder cannot be written.
        """
        before = self.chosen()
        if before.former is None or (
            before.former != INSTALLED and not (self.root / before.former / "yt_dlp" / "__init__.py").is_file()
        ):
            raise UpdateRefused("there is no former version to go back to")
        self._write(
            Chosen(
                version=before.former,
                former=before.version,
                refused=(*(v for v in before.refused if v != before.former), before.version),
            )
        )
        return self.in_use()

    @contextlib.contextmanager
    def updating(self) -> Iterator[None]:
        """One update at a time, of however many processes. Raises UpdateRefused, OSError."""
        if not self.root.is_dir():
            self.root.mkdir(parents=True)
            self.root.chmod(0o755)
        with (self.root / _LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UpdateRefused("another update of yt-dlp is running") from None
            for left in self.root.glob(".new-*"):
                shutil.rmtree(left, ignore_errors=True)
            yield

    def name_in_use(self) -> str:
        """What `choose` would be called with to stay where we are."""
        return INSTALLED if self.folder() is None else self.chosen().version

    def _write(self, chosen: Chosen) -> None:
        # Whoever updates may be another user than the one the service runs as; a pointer that this one cannot read
        # would silently be none.
        write_public(self.root / _POINTER, chosen.model_dump_json(indent=1) + "\n")

    def _remove_others(self) -> None:
        chosen = self.chosen()
        for folder in self.root.iterdir():
            if folder.is_dir() and folder.name not in (chosen.version, chosen.former):
                shutil.rmtree(folder, ignore_errors=True)


def installed_version() -> str:
    """The version installed with Navaar."""
    return version("yt-dlp")


def version_in(folder: Path) -> str | None:
    """The version of the yt-dlp whose packages are in `folder`; None when there is none."""
    found = [one for one in distributions(path=[str(folder)]) if one.name.replace("_", "-").lower() == "yt-dlp"]
    return found[0].version if found and (folder / "yt_dlp" / "__init__.py").is_file() else None


def solver_required_in(folder: Path) -> str | None:
    """The yt-dlp-ejs that the yt-dlp in `folder` was made for, when another is installed; else None.

    That package solves YouTube's challenges, and yt-dlp takes only the version it names.
    """
    for one in distributions(path=[str(folder)]):
        for line in one.requires or ():
            asked = re.match(r"yt-dlp-ejs\s*==\s*([\w.+!-]+)[^;]*;.*extra == ['\"]default['\"]", line)
            if asked and asked.group(1) != version("yt-dlp-ejs"):
                return f"yt-dlp-ejs=={asked.group(1)}"
    return None


def order_of(found: str) -> tuple[int, ...]:
    """Greater for a newer version: the numbers in it."""
    return tuple(int(part) for part in re.findall(r"\d+", found))


def described(found: str, today: date) -> str:
    """The version and its age, for a person."""
    released = released_on(found)
    if released is None:
        return f"version {found}"
    days = max(0, (today - released).days)
    return f"version {found}, {days} {'day' if days == 1 else 'days'} old"


def released_on(found: str) -> date | None:
    """The day in a version such as 2026.8.19 or 2026.8.19.232659.dev0."""
    try:
        year, month, day = (int(part) for part in found.split(".")[:3])
        return date(year, month, day)
    except ValueError:
        return None
