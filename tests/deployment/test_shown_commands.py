"""How a page's commands are read, and what counts as the same output."""

from __future__ import annotations

from tests.support.shown_commands import agrees, shown

PAGE = """
Some words, `$ not this`.

```console
$ first --now
one 1
$ second
```

```sh
$ no console
```
"""


def test_commands_are_read_with_their_output() -> None:
    assert [(each.line, each.command, each.output) for each in shown(PAGE)] == [
        (5, "first --now", ("one 1",)),
        (7, "second", ()),
    ]


def test_numbers_times_sizes_and_table_widths_do_not_matter_but_words_do() -> None:
    expected = ("╭───╮", "│ Name │ 2026-11-22 20:54:35 │ 139 KiB │", "2 sent, 811ms ago")
    assert agrees(expected, "╭─╮\n│ Name   │ 2027-01-01 00:00:00 │ 7 B │\n\n31 sent, 2.1s ago\n")
    assert not agrees(expected, "│ Other │ 2027-01-01 00:00:00 │ 7 B │\n31 sent, 2.1s ago\n")
    assert not agrees(expected, "│ Name │ 2027-01-01 00:00:00 │ 7 B │\n31 lost, 2.1s ago\n")
    assert not agrees(expected, "")


def test_an_ellipsis_stands_for_any_lines_or_the_rest_of_one() -> None:
    assert agrees(("first", "…", "last … word"), "first\na\nb\nlast and final word\n")
    assert agrees(("…", "only"), "only\n")
    assert not agrees(("first", "…", "last"), "first\na\n")


def test_json_is_compared_as_json_and_no_more() -> None:
    assert agrees(('{"link":"main",…}',), '{"link":"jazz","title":"two words"}\n')
    assert not agrees(('{"link":"main",…}',), "no such message\n")


def test_a_consumer_of_somebody_who_only_looks_does_not_matter_but_a_missing_consumer_does() -> None:
    expected = ("│ ledger-events │  │ 2026-11-22 20:54:35 │ 0 │", "│ telegram-cards │  │ 2026-11-22 20:54:35 │ 0 │")
    passing = "│ zK3x9 │ │ 2027-01-01 00:00:00 │ 0 │"
    here = [line.replace("2026", "2027") for line in expected]
    assert agrees(expected, "\n".join([here[0], passing, here[1]]))
    assert not agrees(expected, "\n".join([here[0], passing]))


def test_streams_may_stand_in_any_order() -> None:
    page = ("| Name |", "| NAVAAR_COMMANDS | 0 |", "| NAVAAR_DEAD | 1 |")
    assert agrees(page, "│ Name │\n│ NAVAAR_DEAD │ 2 │\n│ NAVAAR_COMMANDS │ 3 │\n")
    assert not agrees(page, "│ Name │\n│ NAVAAR_DEAD │ 2 │\n")
    assert not agrees(page, "│ NAVAAR_DEAD │ 2 │\n│ Name │\n│ NAVAAR_COMMANDS │ 3 │\n")
