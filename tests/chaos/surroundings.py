"""What the processes of a run stand on: a disk that may be full, and a clock that may be wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.jumping_clock import JumpingClock, is_loaded
from tests.support.small_disk import fill, may_mount, small_disk

SIZE = "512m"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Of one run."""

    folder: Path
    """For logs, configurations and credentials: never full."""
    disk: Path
    """For what Navaar and one NATS server keep."""
    is_small: bool
    """Whether the disk can be filled."""
    clock: JumpingClock | None

    @property
    def variables(self) -> dict[str, str]:
        """What whoever runs on them needs."""
        return {"NAVAAR_DATA_DIR": str(self.disk / "data"), **(self.clock.variables if self.clock is not None else {})}

    @property
    def left_out(self) -> list[str]:
        """What cannot happen here, and why."""
        full = [] if self.is_small else ["full disks: only root may mount a small one"]
        return full + (
            [] if self.clock is not None else ["jumps of the clock: they need a C compiler and `python -m tests.chaos`"]
        )

    def nats(self) -> Path:
        """The folder for a NATS server whose store is on the disk."""
        place, store = self.folder / "nats", self.disk / "js"
        place.mkdir()
        store.mkdir()
        (place / "js").symlink_to(store)
        return place

    def fill(self) -> None:
        """Leave no room on the disk."""
        fill(self._filling)

    def make_room(self) -> None:
        self._filling.unlink(missing_ok=True)

    @property
    def _filling(self) -> Path:
        return self.disk / "everything else"


@contextlib.contextmanager
def surroundings(folder: Path) -> Iterator[Surroundings]:
    """Fresh ones; what is on the disk is gone afterwards where it can be filled."""
    with contextlib.ExitStack() as stack:
        disk = folder / "disk"
        if may_mount():
            stack.enter_context(small_disk(disk, SIZE))
        else:
            disk.mkdir()
        clock = JumpingClock(folder / "clock") if is_loaded() else None
        yield Surroundings(folder, disk, may_mount(), clock)
