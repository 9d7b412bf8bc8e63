"""Names for files and tags."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from navaar_contracts.music import Recording
from navaar_downloader.file_names import audio_file_name, audio_object, clean, cover_object
from navaar_downloader.tagging import tags_for


def test_a_file_is_called_by_artist_and_title() -> None:
    assert audio_file_name("Googoosh", "Pol", ".m4a") == "Googoosh - Pol.m4a"


def test_separators_and_reserved_characters_are_replaced() -> None:
    assert audio_file_name("AC/DC", 'What? "Live": <1>', ".mp3") == "AC_DC - What_ _Live__ _1_.mp3"


def test_direction_marks_and_controls_are_dropped_but_joiners_stay() -> None:
    assert clean("a\u202eb\u200fc\x00d\ne") == "abcd e"
    assert clean("می\u200cخوام") == "می\u200cخوام"


def test_nothing_left_is_called_audio() -> None:
    assert audio_file_name(None, " ... ", ".m4a") == "audio.m4a"


@given(artist=st.none() | st.text(max_size=400), title=st.text(max_size=3000))
def test_any_text_makes_a_file_name_that_every_file_system_takes(artist: str | None, title: str) -> None:
    name = audio_file_name(artist, title, ".m4a")
    assert name.endswith(".m4a")
    assert 5 <= len(name.encode("utf-8")) <= 210
    assert not set(name) & set('/\\:*?"<>|\x00\n')
    assert not name.startswith(".")


def test_objects_are_named_after_link_track_and_attempt() -> None:
    assert audio_object("jazz", 12, 3) == "audio-jazz-12-3"
    assert cover_object("jazz", 12, 3) == "cover-jazz-12-3"


def test_tags_come_from_the_recording() -> None:
    recording = Recording(
        artist="A & B", artists=("A", "B"), title="Song", version=("Live",), album="Record", isrc="USABC1234567"
    )
    tags = tags_for(recording, "Site title", "dQw4w9WgXcQ")
    assert (tags.title, tags.artist, tags.album, tags.isrc) == ("Song (Live)", "A & B", "Record", "USABC1234567")


def test_a_nameless_recording_takes_the_site_s_title_then_the_id() -> None:
    assert tags_for(Recording(), "Site title", "dQw4w9WgXcQ").title == "Site title"
    assert tags_for(Recording(), None, "dQw4w9WgXcQ").title == "dQw4w9WgXcQ"
