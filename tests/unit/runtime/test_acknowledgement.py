"""The pure parts of settling: reading and translation."""

from __future__ import annotations

import pytest

from navaar_contracts.commands import FindCandidates, PlaceTrack
from navaar_contracts.events import ItemSighted, TrackPlaced
from navaar_contracts.identifiers import Platform
from navaar_runtime.acknowledgement import MessageUnreadable, decoder
from navaar_runtime.failures import AuthRejected, Permanent, RateLimited, Transient, translate


def test_a_message_is_read_as_the_class_its_subject_names() -> None:
    decode = decoder((ItemSighted, TrackPlaced, FindCandidates, PlaceTrack))
    command = FindCandidates(link="main", track_id=1, target=Platform.SPOTIFY, query="q")
    assert decode(command.subject(), command.model_dump_json().encode()) == command
    placed = TrackPlaced(link="main", track_id=1, target=Platform.SPOTIFY, external_id="x")
    assert decode(placed.subject(), placed.model_dump_json(exclude_none=True).encode()) == placed


@pytest.mark.parametrize(
    "subject", ["navaar.evt.item.unheard.main", "navaar.cmd.spotify.dance.main", "navaar.evt", "x", ""]
)
def test_an_unknown_subject_is_unreadable(subject: str) -> None:
    with pytest.raises(MessageUnreadable):
        decoder((ItemSighted, FindCandidates))(subject, b"{}")


def test_a_body_of_another_link_is_unreadable() -> None:
    command = FindCandidates(link="main", track_id=1, target=Platform.SPOTIFY, query="q")
    with pytest.raises(MessageUnreadable, match="link jazz"):
        decoder((FindCandidates,))("navaar.cmd.spotify.find-candidates.jazz", command.model_dump_json().encode())


def test_translation_takes_the_most_derived_entry_and_leaves_our_bugs_alone() -> None:
    table = {OSError: lambda e: Transient("os"), ConnectionError: lambda e: RateLimited(1, "connection")}
    with pytest.raises(RateLimited), translate(table):
        raise ConnectionResetError
    with pytest.raises(Transient), translate(table):
        raise OSError
    with pytest.raises(KeyError), translate(table):
        raise KeyError("bug")
    with pytest.raises(Permanent), translate({Exception: lambda e: Transient("no")}):
        raise Permanent("already translated")
    assert AuthRejected("x").reason == "x"
