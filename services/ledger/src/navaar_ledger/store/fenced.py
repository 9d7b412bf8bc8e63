"""A store that is written only while it is this process's turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from navaar_ledger.store.port import Store

WRITES = frozenset(
    {
        "next_track_id",
        "claim",
        "release",
        "save",
        "keep_overrides",
        "pause",
        "pause_platform",
        "note",
        "open_collection",
        "record_cycle",
        "keep_about",
        "raise_number",
    }
)
"""The methods of a store that change it."""


def fenced(store: Store, may_act: Callable[[], None]) -> Store:
    """The same store; `may_act` is called immediately before each write, and raises where another ledger may write."""
    return cast("Store", _Fenced(store, may_act))


class _Fenced:
    def __init__(self, store: Store, may_act: Callable[[], None]) -> None:
        self._store = store
        self._may_act = may_act

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if name not in WRITES:
            return method

        def write(*arguments: Any, **named: Any) -> Any:
            self._may_act()
            return method(*arguments, **named)

        return write
