"""Who has come back into a collection: told from lists that lag, come back short, or show what Navaar added."""

from __future__ import annotations

from collections.abc import Sequence

from navaar_contracts.music import ItemMetadata
from navaar_playlist_gateway.presence import Presence
from navaar_playlist_gateway.snapshot import PlaylistEntry, Snapshot, UnusableEntry

SETTLE_S = 10.0


def entry(external_id: str, name: str | None = None) -> PlaylistEntry:
    return PlaylistEntry(external_id, ItemMetadata(title="A song", set_video_id=name))


def snapshot(*entries: PlaylistEntry, count: int | None = None) -> Snapshot:
    return Snapshot(entries, "mark", len(entries) if count is None else count)


def presence(*readings: Sequence[PlaylistEntry], at: float = 100.0) -> Presence:
    made = Presence(SETTLE_S)
    for reading in readings:
        made.read(snapshot(*reading), at)
    return made


def test_before_the_first_complete_reading_nobody_comes_back() -> None:
    assert not presence().came_in([entry("a")])


def test_what_a_complete_reading_lacked_and_is_listed_again_has_come_back() -> None:
    a, b = entry("a"), entry("b")
    assert presence([a, b]).came_in([a, b]) == frozenset()
    assert presence([a, b], [b]).came_in([a, b]) == {"a"}
    assert presence([a, b], [b], [a, b]).came_in([a, b]) == frozenset()


def test_what_this_process_has_never_seen_there_has_come_in() -> None:
    assert presence([entry("b")]).came_in([entry("a"), entry("b")]) == {"a"}


def test_an_entry_that_bears_the_same_name_as_before_was_never_away() -> None:
    short = presence([entry("a", "one"), entry("b", "two")], [entry("b", "two")])
    assert not short.came_in([entry("a", "one")])
    assert short.came_in([entry("a", "three")]) == {"a"}
    added = PlaylistEntry("a", ItemMetadata(title="A song"), added_at="2026-11-22T12:00:00Z")
    later = PlaylistEntry("a", ItemMetadata(title="A song"), added_at="2026-11-23T12:00:00Z")
    assert not presence([added], []).came_in([added])
    assert presence([added], []).came_in([later]) == {"a"}


def test_another_entry_of_the_same_item_was_put_back_between_two_looks() -> None:
    made = presence([entry("a", "one"), entry("b")])
    assert made.came_in([entry("a", "two"), entry("b")]) == {"a"}
    assert not made.came_in([entry("a"), entry("b", "three")])
    made.adds(["a"], 100.0)
    assert not made.came_in([entry("a", "four")])


def test_a_list_that_does_not_show_all_of_its_entries_tells_of_no_removal() -> None:
    made = presence([entry("a"), entry("b")])
    made.read(snapshot(entry("b"), count=2), 100.0)
    assert not made.came_in([entry("a")])


def test_what_was_greyed_out_and_can_be_used_again_has_not_come_in() -> None:
    made = Presence(SETTLE_S)
    made.read(Snapshot((UnusableEntry("a", "A song", "greyed out"),), "mark", 1), 100.0)
    assert not made.came_in([entry("a")])


def test_what_navaar_adds_is_never_a_return_however_late_it_shows() -> None:
    made = presence([entry("b")])
    made.adds(["a"], 100.0)
    made.read(snapshot(entry("b")), 100.0 + SETTLE_S / 2)
    assert not made.came_in([entry("a"), entry("b")])
    # Long after that it is gone, and then somebody has put it back.
    made.read(snapshot(entry("a"), entry("b")), 100.0 + 2 * SETTLE_S)
    made.read(snapshot(entry("b")), 100.0 + 3 * SETTLE_S)
    assert made.came_in([entry("a"), entry("b")]) == {"a"}


def test_an_item_that_is_there_twice_has_not_come_back_whichever_entry_is_seen() -> None:
    first, second = entry("a", "one"), entry("a", "two")
    there = presence([first, second])
    # A tail shows the later of them only, and one of two may go.
    assert not there.came_in([second])
    assert not presence([first, second], [second]).came_in([second])
    assert presence([first, second]).came_in([entry("a", "three")]) == {"a"}
