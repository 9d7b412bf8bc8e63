"""Long answers as pages that Telegram takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from navaar_bot.templates.markup import LONGEST_REASON, bold, plain, units, visible
from navaar_bot.view import LINES_A_PAGE, LONGEST_TEXT, Button, Show, View, pages, rendered

ANY_TEXT = st.text(max_size=600)
LINES = st.lists(ANY_TEXT.map(lambda text: f"#1 {bold(text)} – {plain(text, LONGEST_REASON)}"), max_size=80)


@given(LINES, ANY_TEXT, ANY_TEXT)
def test_no_page_is_longer_than_telegram_takes(lines: list[str], head: str, foot: str) -> None:
    for page in pages(View(head=bold(head), lines=tuple(lines), foot=plain(foot))):
        assert units(visible(page)) <= LONGEST_TEXT
        assert page.count("<b>") == page.count("</b>")


@given(LINES)
def test_every_line_is_on_exactly_one_page_in_order(lines: list[str]) -> None:
    numbered = [f"{number} {line}" for number, line in enumerate(lines)]
    shown = "\n".join(pages(View(lines=tuple(numbered))))
    assert [line for line in shown.split("\n") if line in numbered] == [line for line in numbered if line]


def test_emoji_count_as_two_units_as_telegram_counts() -> None:
    assert units("🎵a") == 3
    long = tuple("🎵" * 200 for _ in range(20))
    assert all(units(visible(page)) <= LONGEST_TEXT for page in pages(View(lines=long)))
    assert len(pages(View(lines=long))) == 2


def test_fifty_tracks_with_long_titles_are_paged() -> None:
    lines = tuple(f"#{number} {plain('x' * 3000)}" for number in range(50))
    found = pages(View(head="Recent", lines=lines))
    assert len(found) > 1
    assert found[0].startswith("Recent")
    assert found[1].startswith("Recent")
    assert "Page 2 of" in found[1]


def test_first_page_leads_on_and_last_one_leads_back() -> None:
    view = View(lines=tuple("line" for _ in range(LINES_A_PAGE + 1)), buttons=((Button("X", Show(name="x")),),))
    first = rendered(view, Show(name="logs", argument="50"))
    last = rendered(view, Show(name="logs", argument="50", page=1))
    assert [button.leads_to for button in first.buttons[0]] == [Show(name="logs", argument="50", page=1)]
    assert [button.leads_to for button in last.buttons[0]] == [Show(name="logs", argument="50", page=0)]
    assert first.buttons[1][0].text == last.buttons[1][0].text == "X"


def test_a_page_that_is_no_more_gives_the_last() -> None:
    assert rendered(View(lines=("only",)), Show(name="logs", page=7)).text == "only"
    assert rendered(View(lines=("only",)), Show(name="logs", page=-3)).text == "only"


def test_nothing_to_list_is_still_a_message() -> None:
    assert pages(View(head="Head")) == ["Head"]
