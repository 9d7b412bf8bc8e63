"""One key of one link is changed; comments, order and the other links stay as their owner wrote them."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navaar_runtime.links_file import LinksFileError
from navaar_runtime.links_file_edit import with_key

TEXT = """\
# My links
[links.jazz]  # the first
telegram_channel_id = "@jazz"
quiet_hours = "22-6"  # neighbours
directions = [
    "*->telegram",
]

[links.jazz.intervals]
spotify = 300

[links."pop"]
telegram_channel_id = "@pop"
"""


@pytest.mark.parametrize(
    ("link", "key", "value", "line"),
    [
        ("jazz", "quiet_hours", "23:00-07:00", 'quiet_hours = "23:00-07:00"'),
        ("jazz", "explicit", "false", "explicit = false"),
        ("pop", "daily_caps", "{ telegram = 20 }", "daily_caps = { telegram = 20 }"),
        ("pop", "max_length", "900", "max_length = 900"),
        ("pop", "min_length", "0:45", 'min_length = "0:45"'),
        ("pop", "leave_out_versions", '["live"]', 'leave_out_versions = ["live"]'),
        ("pop", "caption", 'say "{title}"', 'caption = "say \\"{title}\\""'),
        ("pop", "cards", "admins", 'cards = "admins"'),
    ],
)
def test_a_key_is_set_where_it_belongs(link: str, key: str, value: str, line: str) -> None:
    changed = with_key(TEXT, link, key, value)
    assert line in changed.splitlines()
    before, after = tomllib.loads(TEXT)["links"], tomllib.loads(changed)["links"]
    assert key in after[link]
    assert {name: {k: v for k, v in table.items() if k != key} for name, table in after.items()} == {
        name: {k: v for k, v in table.items() if k != key} for name, table in before.items()
    }
    assert changed.startswith("# My links\n[links.jazz]  # the first\n")


def test_a_key_is_taken_out() -> None:
    changed = with_key(TEXT, "jazz", "quiet_hours", None)
    assert "quiet_hours" not in changed
    assert changed.count("\n") == TEXT.count("\n") - 1


@pytest.mark.parametrize(
    ("link", "key", "value", "told"),
    [
        ("rock", "cards", "off", r"no table \[links.rock\]"),
        ("jazz", "card", "off", "did you mean cards"),
        ("jazz", "directions", "sp->tg", "over several lines"),
        ("jazz", "intervals", "{}", "a table of its own"),
        ("pop", "cards", None, "pop has no cards"),
    ],
)
def test_what_cannot_be_changed_so_is_refused(link: str, key: str, value: str | None, told: str) -> None:
    with pytest.raises(LinksFileError, match=told):
        with_key(TEXT, link, key, value)


@given(value=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_whatever_is_written_the_file_can_be_read_and_says_it_once(value: str) -> None:
    changed = with_key(TEXT, "pop", "caption", value)
    links = tomllib.loads(changed)["links"]
    assert list(links) == ["jazz", "pop"]
    assert set(links["pop"]) == {"telegram_channel_id", "caption"}
