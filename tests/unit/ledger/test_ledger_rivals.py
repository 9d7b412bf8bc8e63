"""Two songs that choose one item: one recording spelled in two ways is joined, two songs are told apart and told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from navaar_contracts.causes import Cause
from navaar_contracts.events import MatchChosen
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.links import Link
from navaar_contracts.music import Candidate, Choice, ItemMetadata, Recording, ScoredCandidate, Verdict
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.match import chosen
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.rivals import two_songs
from navaar_ledger.domain.track import Delivery, Track, TrackState, TrackStep, claim_key

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SP, YT = Platform.SPOTIFY, Platform.YOUTUBE
POLICY = Policy(
    links={"main": Link(name="main", telegram_channel_id="@c", ytmusic_playlist_id="y", spotify_playlist_id="s")}
)
ITEM = ScoredCandidate(candidate=Candidate(id="sp-1", title="Harbour Lights"), score=0.8, reasons=("title agrees",))


def track(
    number: int,
    title: str,
    seconds: float | None,
    *keys: str,
    sounds: tuple[str, ...] = (),
    items: dict[Platform, str] | None = None,
) -> Track:
    delivery = Delivery(target=SP, origin=YT, track_id=number, state=DeliveryState.MATCHING, looked_at=1, changed_at=AT)
    return Track(
        id=number,
        link="main",
        state=TrackState.IDENTIFIED,
        step=TrackStep.DONE,
        origin=YT,
        origin_external_id=f"yt-{number}",
        item=ItemMetadata(title=title),
        items={YT: f"yt-{number}", **(items or {})},
        recording=Recording(artist="Nina Hart", title=title, duration_s=seconds),
        keys=keys,
        sound_keys=sounds,
        queries={SP: (title,)},
        deliveries={SP: delivery},
        changed_at=AT,
        created_at=AT,
        updated_at=AT,
    )


def choosing(newcomer: Track, holder: Track) -> Change:
    """The newcomer's choice is an item that the holder has claimed."""
    key = claim_key("main", SP, ITEM.candidate.id)
    facts = Facts(at=AT, policy=POLICY, owners={key: holder.id})
    facts.know((newcomer, holder))
    event = MatchChosen(
        link="main",
        track_id=newcomer.id,
        attempt=1,
        target=SP,
        round=0,
        choice=Choice(verdict=Verdict.MATCH, chosen=ITEM, ranked=(ITEM,)),
    )
    return chosen(newcomer, newcomer.deliveries[SP], event, facts)


HOLDER = track(1, "Harbour Lights", 200, "isrc:gbabc2400011", "t:harbourlights", "s:hrbrlts")
OTHERS = [
    track(2, "Paper Crown", 260, "t:papercrown"),
    track(2, "Paper Crown", 200, "isrc:gbabc2400011", "t:papercrown"),
    track(2, "Paper Crown", None, "isrc:gbabc2400011", "t:papercrown"),
]
SAME = [
    track(2, "Harbor Lights", 201, "t:harborlights", "s:hrbrlts"),
    track(2, "Harbour Lights", 240, "t:harbourlights"),
    track(2, "Hafenlichter", 203, "t:hafenlichter"),
    track(2, "Hafenlichter", None, "t:hafenlichter"),
]


@pytest.mark.parametrize("other", OTHERS, ids=lambda t: f"{t.recording.duration_s} {t.keys}")
def test_another_song_that_chooses_the_same_item_is_told_as_not_found_there(other: Track) -> None:
    assert two_songs(other, HOLDER)
    assert two_songs(HOLDER, other)
    change = choosing(other, HOLDER)
    assert change.closed is None
    stopped = change.track.deliveries[SP]
    assert (stopped.state, stopped.cause) == (DeliveryState.FAILED, Cause.NO_MATCH)
    assert stopped.reason is not None
    assert "#1 Nina Hart - Harbour Lights, another song" in stopped.reason
    assert ITEM.candidate.id in stopped.ruled_out
    assert change.track.is_alive


@pytest.mark.parametrize("other", SAME, ids=lambda t: f"{t.recording.duration_s} {t.keys}")
def test_the_same_choice_joins_what_nothing_tells_apart(other: Track) -> None:
    assert not two_songs(other, HOLDER)
    change = choosing(other, HOLDER)
    assert change.closed is not None
    assert change.closed.merged_into == 1


def test_one_sound_is_one_recording_whatever_the_lengths_say() -> None:
    sounds = ("f:1", "f:2")
    one, other = track(1, "One", 200, "t:one", sounds=sounds), track(2, "Two", 260, "t:two", sounds=sounds)
    assert not two_songs(one, other)
