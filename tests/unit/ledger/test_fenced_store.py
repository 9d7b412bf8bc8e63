"""Nothing is written to the ledger's store while another ledger may be writing."""

from __future__ import annotations

import inspect
from typing import Any, cast

import pytest

from navaar_ledger.store.fenced import WRITES, fenced
from navaar_ledger.store.port import Store

READS = {
    "open",
    "close",
    "problem",
    "together",
    "owners",
    "load",
    "sharing",
    "queue",
    "unsettled",
    "due",
    "newest",
    "waiting",
    "held",
    "tracks",
    "in_state",
    "find",
    "overrides",
    "paused",
    "paused_platforms",
    "log",
    "about",
    "highest_number",
    "counters",
    "collection",
    "cycles",
}


class Recording:
    """Answers every method with its name."""

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments, **named: name


class NotNow(Exception):
    pass


def refuse() -> None:
    raise NotNow


def test_every_method_of_a_store_is_known_as_one_that_writes_or_does_not() -> None:
    methods = {name for name, _ in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")}
    assert methods == READS | WRITES
    assert not READS & WRITES


@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_write_is_refused_and_a_read_is_not(name: str) -> None:
    store = fenced(cast("Store", Recording()), refuse)
    with pytest.raises(NotNow):
        getattr(store, name)()
    assert store.load(1) == "load"  # type: ignore[comparison-overlap]
    allowed = fenced(cast("Store", Recording()), lambda: None)
    assert getattr(allowed, name)() == name
