"""An entry whose id changes in the list stays the entry that it was."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from navaar_contracts.music import ItemMetadata
from navaar_playlist_gateway.entry_names import EntryNames
from navaar_playlist_gateway.snapshot import PlaylistEntry, Snapshot, UnusableEntry


@dataclass(frozen=True)
class Record:
    outcome: dict[str, Any]


class Kept(dict[str, Record]):
    """What outlives a restart."""

    async def get(self, key: str) -> Record | None:  # type: ignore[override]
        return super().get(key)

    async def complete(self, key: str, outcome: dict[str, Any]) -> None:
        self[key] = Record(outcome)

    async def delete(self, key: str) -> None:
        super().pop(key, None)


def names(kept: Kept, settle_s: float = 0.0) -> EntryNames:
    return EntryNames(kept, "main", "youtube", settle_s)


def entry(external_id: str, name: str | None) -> PlaylistEntry:
    return PlaylistEntry(external_id, ItemMetadata(title=external_id, set_video_id=name))


def reading(*entries: PlaylistEntry | UnusableEntry, count: int | None = None) -> Snapshot:
    return Snapshot(entries, "m", len(entries) if count is None else count)


async def test_an_addition_that_is_listed_as_another_item_keeps_its_id_and_is_there_under_both() -> None:
    known = names(Kept())
    await known.named("S1", "a")
    shown = await known.settled(reading(entry("x", "S1"), entry("b", "S2")))
    assert [each.external_id for each in shown.items] == ["a", "b"]
    assert shown.ids == {"a", "x", "b"}
    assert known.name_of("a") == "S1"


async def test_an_entry_of_a_person_that_changes_its_id_is_the_same_entry() -> None:
    kept = Kept()
    known = names(kept)
    await known.learn(reading(entry("a", "S1")), time.monotonic())
    assert not kept
    assert (await known.settled(reading(entry("x", "S1")))).items[0].external_id == "a"
    # From now on a restart must not see a new item in it either.
    assert await names(kept).recall([entry("x", "S1")]) == {"x"}


async def test_after_a_restart_what_was_placed_is_known_by_its_name_and_nothing_else_is() -> None:
    kept = Kept()
    await names(kept).named("S1", "a")
    again = names(kept)
    assert await again.recall([entry("x", "S1"), entry("y", "S2"), entry("z", None)]) == {"x"}
    assert (await again.settled(reading(entry("x", "S1"), entry("x", "S9")))).ids == {"a", "x"}


async def test_the_shown_item_is_still_an_item_of_its_own_where_somebody_adds_it() -> None:
    known = names(Kept())
    await known.named("S1", "a")
    shown = await known.settled(reading(entry("x", "S1"), entry("x", "S2")))
    assert [each.external_id for each in shown.items] == ["a", "x"]


async def test_a_name_that_is_given_again_is_another_entry() -> None:
    kept = Kept()
    known = names(kept)
    await known.named("S1", "a")
    await known.learn(reading(entry("b", "S2")), time.monotonic())
    assert not kept
    assert (await known.settled(reading(entry("c", "S1")))).items[0].external_id == "c"


async def test_a_reading_that_lags_lacks_entries_or_names_takes_no_name_away() -> None:
    late = names(Kept(), settle_s=60)
    await late.named("S1", "a")
    await late.learn(reading(entry("b", "S2")), time.monotonic())
    assert late.name_of("a") == "S1"
    known = names(Kept())
    await known.named("S1", "a")
    for partial in (reading(entry("b", "S2"), count=2), reading(entry("b", None)), reading()):
        await known.learn(partial, time.monotonic())
        assert known.name_of("a") == "S1"


async def test_a_reading_that_takes_long_takes_no_name_away_that_came_before_it_was_asked_for_or_later() -> None:
    known = names(Kept(), settle_s=0)
    await known.named("S1", "a")
    await known.learn(reading(entry("b", "S2")), time.monotonic() - 1)
    assert known.name_of("a") == "S1"


async def test_a_greyed_out_entry_keeps_its_name() -> None:
    known = names(Kept())
    await known.named("S1", "a")
    grey = UnusableEntry("a", "a", "greyed out", "S1")
    await known.learn(reading(grey), time.monotonic())
    assert (await known.settled(reading(entry("x", "S1")))).items[0].external_id == "a"
    assert (await known.settled(reading(UnusableEntry("x", "x", "greyed out", "S1")))).ids == {"a", "x"}


async def test_an_addition_without_a_name_is_known_by_its_id_alone() -> None:
    kept = Kept()
    known = names(kept)
    await known.named(None, "a")
    assert not kept
    assert known.name_of("a") is None
