"""By what a song is known again without its number."""

from __future__ import annotations

from typing import Any

from navaar_contracts.commands import PlaceTrack
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import AudioReference, Recording
from navaar_contracts.song_marks import song_marks


def marks(title: str = "Pol", item: str = "", digest: str | None = None, **recording: Any) -> set[str]:
    audio = AudioReference(name="a", digest=digest, size_bytes=1) if digest else None
    return set(
        song_marks(
            PlaceTrack(
                link="main",
                track_id=1,
                target=Platform.SPOTIFY,
                external_id=item,
                audio=audio,
                recording=Recording(title=title, **recording),
            )
        )
    )


def test_what_is_learnt_of_a_song_leaves_it_one_of_its_marks() -> None:
    first = marks("Pol", "s1", isrc="IR-AAA-26-00001")
    assert first & marks("Pol (Bridge)", "s2", isrc="IRAAA2600001")
    assert first & marks("pol", "s2")
    assert first & marks("Another", "s1")
    assert marks(digest="d") & marks("Another", digest="d")


def test_another_song_shares_none() -> None:
    assert not marks("Pol", "s1", isrc="IRAAA2600001") & marks("Gharibe", "s2", isrc="IRAAA2600002")


def test_a_title_is_the_same_however_it_is_written_and_none_at_all_is_no_mark() -> None:
    assert marks("Café  del Mar!") == marks("CAFE\u0301 DEL MAR")
    assert marks("گوگوش") != marks("پل")
    assert not marks("!?")
