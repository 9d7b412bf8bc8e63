"""What a person reads: escaped, bounded, and right in both directions of writing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navaar_bot.addresses import addresses
from navaar_bot.questions import open_question, question
from navaar_bot.templates import overview, reviews, tracks, words
from navaar_bot.templates.cards import card, closed
from navaar_bot.templates.markup import clipped, linked, plain, units, visible
from navaar_bot.view import keyboard, pages, rendered
from navaar_contracts.commands import ReviewAnswer
from navaar_contracts.health import AdditionBudget, HealthReply
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.links import Link
from navaar_contracts.music import Candidate, ItemMetadata, Recording, ScoredCandidate
from navaar_contracts.queries import (
    CountsReply,
    DeliveryView,
    DirectionHealth,
    DirectionProblem,
    LogEntry,
    TrackView,
)
from navaar_text import labels

NOW = datetime(2026, 11, 22, 14, 3, tzinfo=UTC)
LINK = Link(name="main", telegram_channel_id="-1001234567890", ytmusic_playlist_id="p", spotify_playlist_id="s")


def delivery(direction: Direction, state: DeliveryState, **more: object) -> DeliveryView:
    fields = {"attempt": 1, "retries": 0, "max_retries": 3, "updated_at": NOW, **more}
    return DeliveryView.model_validate({"direction": direction, "target": direction.target, "state": state, **fields})


def track(display: str, *deliveries: DeliveryView, **more: object) -> TrackView:
    fields = {
        "id": 12,
        "link": "main",
        "origin": Platform.TELEGRAM,
        "origin_external_id": "5",
        "state": "identified",
        "title": display,
        "display": display,
        "item": ItemMetadata(title=display),
        "items": {Platform.TELEGRAM: "5"},
        "created_at": NOW,
        "updated_at": NOW,
        **more,
    }
    return TrackView.model_validate({**fields, "deliveries": deliveries})


def proposal(external_id: str = "abcdefghijk", title: str = "Pol") -> ScoredCandidate:
    one = Candidate(id=external_id, title=title, artists=("Googoosh",), duration_s=225, isrc="IRABC1234567")
    return ScoredCandidate(candidate=one, score=0.71, reasons=("title agrees", "4 s longer"))


class Strict(HTMLParser):
    """Refuses what Telegram refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("b", "i", "code", "a")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(text: str) -> None:
    parser = Strict()
    parser.feed(text)
    parser.close()
    assert not parser.open


@given(st.text(max_size=4000))
def test_any_title_is_harmless_in_every_text(title: str) -> None:
    chosen = proposal(title=title)
    review = delivery(Direction.TG_TO_SP, DeliveryState.REVIEW, alternatives=(chosen,) * 4, reason=title)
    failed = delivery(Direction.TG_TO_YT, DeliveryState.FAILED, reason=title, cause="no_match", chosen=chosen)
    one = track(title, review, failed)
    entry = LogEntry(id="1", link="main", track_id=12, event="x", details=title, created_at=NOW)
    texts = [
        tracks.in_one_line(one),
        tracks.failure(one, failed),
        tracks.waiting(one, review),
        tracks.logged(entry, track=True),
        reviews.answered(one, Platform.SPOTIFY, ReviewAnswer.PICK, title, title),
        card(one, addresses(one, LINK)).text,
        rendered(question(one, review, LINK)).text,
        *tracks.in_full(one, addresses(one, LINK), link=True),
    ]
    for text in texts:
        read(text)
        assert units(visible(text)) <= 4096


def test_titles_cannot_bring_tags() -> None:
    assert plain("<b>x</b> & <a href='javascript:1'>") == "&lt;b&gt;x&lt;/b&gt; &amp; &lt;a href='javascript:1'&gt;"
    assert linked("x", "javascript:alert(1)") == "x"
    assert linked('"<', 'https://a/?b="&c') == '<a href="https://a/?b=&quot;&amp;c">"&lt;</a>'


def test_a_track_that_has_been_heard_says_so() -> None:
    silent = Recording(title="Pol", artist="Googoosh", duration_s=225)
    heard = silent.model_copy(update={"fingerprint": "AQAAA"})
    assert not any("sound known" in line for line in tracks.in_full(track("Pol", recording=silent), {}, link=False))
    assert "3:45 · sound known" in tracks.in_full(track("Pol", recording=heard), {}, link=False)


def test_right_to_left_titles_are_set_apart_and_bring_no_marks_of_their_own() -> None:
    persian = "گوگوش - پل"
    assert plain(persian) == f"\u2068{persian}\u2069"
    assert plain("abc") == "abc"
    assert plain("\u202eevil\u2066") == "evil"
    shown = plain("\u202e" + persian)
    assert shown.count("\u2068") == shown.count("\u2069") == 1
    assert not re.search("[\u202a-\u202e]", shown)


def test_clipping_never_ends_in_half_of_a_combined_character() -> None:
    assert clipped("abcdef", 4) == "abc…"
    assert not clipped("e\u0301" * 50, 10).rstrip("…").endswith("\u0301\u0301")
    assert len(clipped("x" * 3000, 120)) == 120


def test_question_shows_three_proposals_with_what_speaks_for_them() -> None:
    found = [proposal(f"{n}bcdefghijk", f"Pol {n}") for n in range(5)]
    review = delivery(Direction.TG_TO_YT, DeliveryState.REVIEW, alternatives=found, reason="Not sure enough.")
    reply = rendered(question(track("Googoosh - Pol", review), review, LINK))
    shown = visible(reply.text)
    assert "Pol 2" in shown
    assert "Pol 3" not in shown
    for words_ in ("3:45", "71%", "ISRC IRABC1234567", "title agrees, 4 s longer", "Not sure enough."):
        assert words_ in shown
    labels = [button.text for row in reply.buttons for button in row]
    assert labels == ["Pick 1", "Pick 2", "Pick 3", "None of these", "Never", "Search again"]


@given(st.integers(1, 10**12), st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=22))
def test_buttons_of_a_question_fit_into_64_bytes(number: int, external_id: str) -> None:
    review = delivery(Direction.TG_TO_SP, DeliveryState.REVIEW, alternatives=(proposal(external_id),))
    made = keyboard(question(track("x", review, id=number), review, None).buttons)
    assert made is not None
    for button in (button for row in made.inline_keyboard for button in row):
        assert len((button.callback_data or "").encode()) <= 64


def test_channels_question_is_the_one_about_the_video() -> None:
    both = track(
        "x",
        delivery(Direction.SP_TO_YT, DeliveryState.REVIEW),
        delivery(Direction.SP_TO_TG, DeliveryState.REVIEW, cause="youtube_review"),
        origin=Platform.SPOTIFY,
    )
    assert open_question(both, Platform.TELEGRAM) is None
    asked = open_question(both, Platform.YOUTUBE)
    assert asked is not None
    assert asked.direction is Direction.SP_TO_YT


def test_card_says_where_it_is_and_leads_there() -> None:
    one = track(
        "Googoosh - Pol",
        delivery(Direction.YT_TO_TG, DeliveryState.SYNCED),
        delivery(Direction.YT_TO_SP, DeliveryState.FAILED, reason="Not found on spotify"),
        origin=Platform.YOUTUBE,
        items={Platform.YOUTUBE: "abcdefghijk", Platform.TELEGRAM: "5"},
    )
    reply = card(one, addresses(one, LINK))
    shown = visible(reply.text)
    assert "✅ YouTube Music" in shown
    assert "✅ Telegram" in shown
    assert "❌ Spotify: failed" in shown
    assert "Not found on spotify" in shown
    assert [button.leads_to for row in reply.buttons for button in row] == [
        "https://music.youtube.com/watch?v=abcdefghijk"
    ]


@pytest.mark.parametrize(
    ("part", "whole", "bar"),
    [
        (0, 0, "–"),
        (0, 5, "▱" * 12 + " 0 %"),
        (5, 5, "▰" * 12 + " 100 %"),
        (1, 1000, "▰" + "▱" * 11 + " 0 %"),
        (999, 1000, "▰" * 11 + "▱" + " 99 %"),
        (1, 2, "▰" * 6 + "▱" * 6 + " 50 %"),
    ],
)
def test_success_bar_is_full_only_when_all_succeeded(part: int, whole: int, bar: str) -> None:
    assert overview.bar(part, whole) == bar


def test_health_is_one_line_when_all_is_well() -> None:
    well = HealthReply(service="ledger", parts={"nats": None})
    ill = HealthReply(service="spotify", parts={"sign-in": "<refused>"})
    gone = HealthReply(service="youtube", problem="the youtube service is not running")
    assert overview.health({"ledger": well}) == ("All parts are well.",)
    lines = overview.health({"ledger": well, "spotify": ill, "youtube": gone})
    assert [line.split(":")[0] for line in lines] == ["⚠️ Spotify gateway, sign-in", "⚠️ YouTube Music gateway"]
    assert "&lt;refused&gt;" in lines[0]


def test_a_direction_says_how_it_does() -> None:
    counts = CountsReply(
        counts={Direction.TG_TO_YT: {DeliveryState.SYNCED: 4, DeliveryState.DUPLICATE: 1, DeliveryState.FAILED: 2}},
        last_cycle={Direction.TG_TO_YT: NOW - timedelta(seconds=75)},
        paused=(Direction.YT_TO_TG,),
    )
    assert visible(overview.direction(Direction.TG_TO_YT, counts, NOW)) == "TG → YT: ✅ 5 · ❌ 2 · last cycle 1 min ago"
    assert visible(overview.direction(Direction.YT_TO_TG, counts, NOW)) == "YT → TG: ✅ 0 · paused"
    left = CountsReply(counts={Direction.TG_TO_YT: {DeliveryState.LEFT_OUT: 3}})
    assert "3 left out by your rules" in visible(overview.direction(Direction.TG_TO_YT, left, NOW))
    assert "Left out by your rules: 3" in overview.totals(left, (Direction.TG_TO_YT,))
    held = counts.model_copy(update={"plan_stands": True, "held": {Direction.YT_TO_TG: 2}})
    told = visible(overview.direction(Direction.YT_TO_TG, held, NOW))
    assert told == "YT → TG: ✅ 0 · 2 wait for the plan's approval · paused"


def test_what_is_waited_for_and_what_a_day_allows_is_said_once() -> None:
    away, why = DirectionProblem.PLATFORM_PAUSED, "<units> are used up"
    ways = (Direction.TG_TO_YT, Direction.YT_TO_TG)
    counts = CountsReply(
        health=tuple(DirectionHealth(link="main", direction=one, problem=away, details=why) for one in ways)
    )
    assert overview.awaited_lines(counts) == ("⏳ &lt;units&gt; are used up",)
    budget = AdditionBudget(a_day=190, left=7, resets_at=NOW)
    (line,) = overview.additions({"youtube": HealthReply(additions=budget), "spotify": HealthReply()})
    assert line.startswith("YouTube Music gateway: 190 additions a day, 7 left until")


def test_durations_and_counts() -> None:
    assert [words.since(s) for s in (0, 59, 60, 3700, 90_000)] == ["0 s", "59 s", "1 min", "1 h 1 min", "1 d 1 h"]
    assert [words.length(s) for s in (None, 0, 225.4, 3725)] == ["", "", "3:45", "1:02:05"]
    assert (labels.count(1, "track"), labels.count(2000, "track")) == ("1 track", "2,000 tracks")


def test_why_of_two_hundred_steps_is_paged() -> None:
    entries = [
        LogEntry(id=str(n), link="main", track_id=1, event="x", details="y" * 2000, created_at=NOW) for n in range(200)
    ]
    from navaar_bot.view import View

    found = pages(View(lines=tuple(tracks.logged(entry, track=False) for entry in entries)))
    assert all(units(visible(page)) <= 4096 for page in found)


def test_a_proposal_names_its_artist_once() -> None:
    assert tracks.candidate(proposal()).startswith("Googoosh - Pol · 3:45")
    assert tracks.candidate(proposal(title="GOOGOOSH - Pol (Video)")).startswith("GOOGOOSH - Pol (Video) · 3:45")
    assert tracks.candidate(proposal(title="Googoosh")).startswith("Googoosh - Googoosh")


@pytest.mark.parametrize(("fields", "last"), [({}, "No longer kept in step · #12"), ({"merged_into": 7}, "as #7")])
def test_a_card_that_is_closed_says_why(fields: dict[str, object], last: str) -> None:
    reply = closed(track("<Pol>", **fields))
    assert reply.text.startswith("🎵 <b>&lt;Pol&gt;</b>\n")
    assert reply.text.endswith(last)
    assert not reply.buttons
