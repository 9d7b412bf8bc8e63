"""A delivery changes its state along the table alone, and only in fields that it has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navaar_contracts.causes import Cause, CauseCategory
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Candidate
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import (
    FOLLOWING,
    Delivery,
    DeliveryChanges,
    IllegalTransition,
    Track,
    TrackChanges,
    known_cause,
)
from navaar_ledger.domain.transitions import (
    downloading,
    failed,
    in_review,
    passed,
    remove_again,
    rescheduled,
    satisfied,
    searching,
    sought_again,
)

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
STATES = st.sampled_from(DeliveryState)


def delivery(state: DeliveryState) -> Delivery:
    return Delivery(target=Platform.SPOTIFY, origin=Platform.YOUTUBE, track_id=1, state=state, changed_at=AT)


@given(STATES, STATES)
def test_a_state_follows_another_if_the_table_says_so(before: DeliveryState, after: DeliveryState) -> None:
    known = delivery(before)
    if after is before or after in FOLLOWING[before]:
        assert known.moved(AT + timedelta(seconds=1), state=after).state is after
    else:
        with pytest.raises(IllegalTransition, match=f"{before} cannot become {after}"):
            known.moved(AT, state=after)


@given(STATES)
def test_whatever_is_placed_late_is_done_and_what_is_done_changes_only_to_be_taken_back(state: DeliveryState) -> None:
    done = {each for each in DeliveryState if each.is_done}
    if state.is_done:
        assert not FOLLOWING[state] & (
            {*DeliveryState} - {DeliveryState.SYNCING, DeliveryState.PENDING, DeliveryState.REVIEW}
        )
    else:
        assert done <= FOLLOWING[state]


@given(STATES)
def test_every_named_transition_lands_in_its_state_or_is_refused(state: DeliveryState) -> None:
    known = delivery(state)
    named = {
        DeliveryState.DUPLICATE: lambda: satisfied(known, "sp-1", AT),
        DeliveryState.FAILED: lambda: failed(known, Cause.NO_MATCH, "Nothing.", AT),
        DeliveryState.REVIEW: lambda: in_review(known, Cause.REVIEW, "Which?", AT),
        DeliveryState.RETRY_SCHEDULED: lambda: rescheduled(known, Cause.SEARCH_FAILED, "No.", AT, Policy(links={})),
        DeliveryState.SEARCHING: lambda: searching(known, AT),
        DeliveryState.DOWNLOADING: lambda: downloading(known, Candidate(id="yt-1", title="A"), AT),
        DeliveryState.SYNCING: lambda: remove_again(known, AT),
    }
    for lands, transition in named.items():
        if lands is state or lands in FOLLOWING[state]:
            assert transition().state is lands
        else:
            with pytest.raises(IllegalTransition):
                transition()
    for transition in (lambda: passed(known, AT), lambda: sought_again(known, AT)):
        if DeliveryState.PENDING in {state, *FOLLOWING[state]}:
            assert transition().state is DeliveryState.PENDING
        else:
            with pytest.raises(IllegalTransition):
                transition()


def test_every_state_can_be_left_and_reached() -> None:
    assert set(FOLLOWING) == set(DeliveryState)
    assert all(FOLLOWING.values())
    reached = {after for following in FOLLOWING.values() for after in following}
    assert reached == set(DeliveryState)


@pytest.mark.parametrize(
    ("changes", "document", "fixed"),
    [
        (DeliveryChanges, Delivery, {"target", "origin", "track_id", "backfill", "changed_at", "identity"}),
        (
            TrackChanges,
            Track,
            {"id", "link", "origin", "origin_external_id", "identity", "backfill", "baseline", "created_at"},
        ),
    ],
)
def test_what_may_change_is_every_field_but_those_that_name_the_document(
    changes: type, document: type[Delivery] | type[Track], fixed: set[str]
) -> None:
    assert set(get_type_hints(changes)) == set(document.model_fields) - fixed


def test_causes_of_other_programs_are_one_and_those_of_ours_keep_their_category() -> None:
    assert known_cause("no_such_word") is Cause.IMPORTED
    assert known_cause(None) is None
    stored = Delivery.model_validate({**delivery(DeliveryState.FAILED).model_dump(), "cause": "never"})
    assert stored.cause is Cause.NEVER
    assert stored.cause.category is CauseCategory.PERSON
