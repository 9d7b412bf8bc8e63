"""Subjects, streams and consumers fit together: every command has one consumer a recipient, every event its stream."""

from __future__ import annotations

import pytest

from navaar_contracts import streams
from navaar_contracts.commands import COMMANDS, FindCandidates, PlaceTrack, PollPlaylist
from navaar_contracts.events import EVENTS
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.music import Recording
from navaar_contracts.queries import QUERIES


def matches(pattern: str, subject: str) -> bool:
    """NATS subject matching: * is one token, > the rest."""
    left, right = pattern.split("."), subject.split(".")
    for n, token in enumerate(left):
        if token == ">":
            return len(right) > n
        if n >= len(right) or token not in ("*", right[n]):
            return False
    return len(left) == len(right)


RECIPIENTS = {
    "fetch-audio": ("telegram",),
    "identify-track": ("identifier",),
    "judge-identity": ("identifier",),
    "choose-match": ("identifier",),
    "check-audio": ("identifier",),
    "find-candidates": ("youtube", "spotify"),
    "place-track": ("telegram", "youtube", "spotify"),
    "poll-playlist": ("youtube", "spotify"),
    "download-audio": ("downloader",),
    "discard-audio": ("downloader",),
    "run-cycle": ("ledger",),
    "retry-deliveries": ("ledger",),
    "remove-track": ("telegram", "youtube", "spotify"),
    "check-presence": ("telegram", "youtube", "spotify"),
    "add-item": ("youtube", "spotify"),
    "delete-track": ("ledger",),
    "answer-review": ("ledger",),
    "report-wrong-match": ("ledger",),
    "part-track": ("ledger",),
    "set-pause": ("ledger",),
}


def consumers_of(subject: str) -> list[str]:
    return [m.durable for m in streams.CONSUMERS if any(matches(s, subject) for s in m.subjects)]


@pytest.mark.parametrize("cls", COMMANDS, ids=lambda c: c.__name__)
def test_every_command_has_exactly_one_consumer_per_recipient(cls: type) -> None:
    for recipient in RECIPIENTS[cls.imperative]:
        subject = f"navaar.cmd.{recipient}.{cls.imperative}.main"
        assert consumers_of(subject) == [f"{recipient}-{cls.imperative}"]


def test_consumers_on_the_work_queue_do_not_overlap() -> None:
    queue = [m for m in streams.CONSUMERS if m.stream == streams.COMMANDS.name]
    subjects = [s for m in queue for s in m.subjects]
    assert len(subjects) == len(set(subjects))


def test_recipient_follows_the_target() -> None:
    find = FindCandidates(link="main", track_id=1, target=Platform.SPOTIFY, query="q")
    assert find.subject() == "navaar.cmd.spotify.find-candidates.main"
    place = PlaceTrack(link="jazz", track_id=1, target=Platform.TELEGRAM, recording=Recording(title="t"))
    assert place.subject() == "navaar.cmd.telegram.place-track.jazz"
    assert PollPlaylist.imperative == "poll-playlist"


def test_streams_capture_messages_and_no_questions() -> None:
    for subject in (query.subject_at(service) for query in QUERIES for service in query.services()):
        assert not any(matches(s, subject) for stream in streams.STREAMS for s in stream.subjects)
        assert matches(streams.QUERY_SUBJECTS, subject)
    for event in EVENTS:
        subject = f"navaar.evt.{event.topic}.main"
        assert [s.name for s in streams.STREAMS if any(matches(p, subject) for p in s.subjects)] == ["NAVAAR_EVENTS"]


def test_the_ledger_does_not_listen_to_itself() -> None:
    for topic in ("delivery.synced", "delivery.stopped", "cycle.completed"):
        assert "ledger-events" not in consumers_of(f"navaar.evt.{topic}.main")


def test_there_are_six_directions_and_each_has_two_ends() -> None:
    assert len(Direction) == 6
    for direction in Direction:
        assert Direction.between(direction.origin, direction.target) is direction
        assert direction.origin is not direction.target


@pytest.mark.parametrize("name", ["", "UPPER", "a.b", "a b", "-a", "a-", "*", ">", "ü", "a" * 33])
def test_a_link_name_that_would_break_a_subject_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="link name"):
        PlaceTrack(link=name, track_id=1, target=Platform.TELEGRAM, recording=Recording(title="t"))
