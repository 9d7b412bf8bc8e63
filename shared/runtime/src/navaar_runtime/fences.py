"""What goes with a write made under a lease: who holds the lease later has the higher number."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fence:
    """The revision with which a lease was taken, and the life of the lease's key, within which revisions only grow.

    A server that was set up anew begins a new life, and counts from 1 again.
    """

    epoch: str
    number: int

    def is_older_than(self, other: Fence) -> bool:
        """Whether another process has taken the lease since; False where the two cannot be compared."""
        return self.epoch == other.epoch and self.number < other.number
