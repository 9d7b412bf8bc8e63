"""Who an item's recording is, from tags, platform fields, file names and captions. All cases are our own."""

from __future__ import annotations

import pytest

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import AudioTags, ItemMetadata
from navaar_identifier.identification import Identification, identify


def telegram(tags: AudioTags | None = None, **fields: object) -> Identification:
    return identify(ItemMetadata.model_validate(fields), tags, Platform("telegram"))


def youtube(**fields: object) -> Identification:
    return identify(ItemMetadata.model_validate({"kind": "video", **fields}), None, Platform("youtube"))


TELEGRAM = [
    # tags, Telegram's fields -> method, artist, title
    (AudioTags(artist="Googoosh", title="Pol"), {"title": "x", "artists": ("y",)}, "id3", "Googoosh", "Pol"),
    (None, {"title": "Pol", "artists": ("Googoosh",)}, "tg_metadata", "Googoosh", "Pol"),
    (None, {"title": "Googoosh - Pol.mp3"}, "tg_metadata", "Googoosh", "Pol"),
    (None, {"title": "Googoosh - Pol.mp3", "artists": ("Unknown Artist",)}, "tg_metadata", "Googoosh", "Pol"),
    (None, {"title": "Googoosh - Pol.mp3", "artists": ("@bestsongs",)}, "tg_metadata", "Googoosh", "Pol"),
    (None, {"title": "Googoosh - Pol", "artists": ("Googoosh",)}, "tg_metadata", "Googoosh", "Pol"),
    (None, {"title": "Pol @bestsongs", "artists": ("Googoosh @bestsongs",)}, "tg_metadata", "Googoosh", "Pol"),
    (None, {"title": "Pol [bestsongs.ru]", "artists": ("[bestsongs.ru] Googoosh",)}, "tg_metadata", "Googoosh", "Pol"),
    (None, {"file_name": "Googoosh - Pol.mp3"}, "filename", "Googoosh", "Pol"),
    (None, {"title": "Track 1", "artists": ("VA",), "file_name": "Googoosh - Pol.mp3"}, "filename", "Googoosh", "Pol"),
    (None, {"title": "@bestsongs", "file_name": "Googoosh_-_Pol.mp3"}, "filename", "Googoosh", "Pol"),
    (None, {"title": "bestsongs.ru", "file_name": "Googoosh - Pol.mp3"}, "filename", "Googoosh", "Pol"),
    (None, {"title": "123456789", "file_name": "Googoosh - Pol.mp3"}, "filename", "Googoosh", "Pol"),
    (None, {"caption": "Googoosh - Pol\n@bestsongs"}, "filename", "Googoosh", "Pol"),
    (None, {"caption": "\n🎵 گوگوش - پل\n\n#persian"}, "filename", "گوگوش", "پل"),
    (None, {"title": "Pol", "file_name": "Googoosh - Pol.mp3"}, "tg_metadata", "Googoosh", "Pol"),
    (AudioTags(title="Track 1"), {"title": "Pol", "artists": ("Googoosh",)}, "tg_metadata", "Googoosh", "Pol"),
    (AudioTags(title="@bestsongs", artist="@bestsongs"), {"file_name": "گوگوش - پل.mp3"}, "filename", "گوگوش", "پل"),
    (AudioTags(title="", artist=""), {"title": "Pol", "artists": ("Googoosh",)}, "tg_metadata", "Googoosh", "Pol"),
    (AudioTags(title="Pol"), {"title": "", "artists": (), "file_name": "Googoosh - Pol.mp3"}, "id3", "Googoosh", "Pol"),
    (AudioTags(title="Pol"), {"title": "Pol", "artists": ("Googoosh",)}, "id3", "Googoosh", "Pol"),
    (AudioTags(title="Googoosh - Pol"), {}, "id3", "Googoosh", "Pol"),
    (AudioTags(artist="Ìàêñ Êîðæ", title="x"), {"title": "y"}, "id3", "Макс Корж", "x"),
    (None, {"title": "آهنگ پل از گوگوش"}, "tg_metadata", "گوگوش", "پل"),
    (None, {"title": "پل", "artists": ("گوگوش | کانال موزیک @bestsongs",)}, "tg_metadata", "گوگوش | کانال موزیک", "پل"),
]  # fmt: skip


@pytest.mark.parametrize(("tags", "fields", "method", "artist", "title"), TELEGRAM)
def test_telegram(tags: AudioTags | None, fields: dict[str, object], method: str, artist: str, title: str) -> None:
    found = telegram(tags, **fields)
    assert (found.method, found.recording.artist, found.recording.title) == (method, artist, title), found.reasons


YOUTUBE = [
    ({"title": "Hello", "artists": ("Adele",), "kind": "song"}, "Adele", "Hello"),
    ({"title": "Adele - Hello", "artists": ("Adele",), "kind": "song"}, "Adele", "Adele - Hello"),
    ({"title": "Adele - Hello (Official Video)", "artists": ("AdeleVEVO",)}, "Adele", "Hello"),
    ({"title": "Hello (Official Video)", "artists": ("AdeleVEVO",)}, "Adele", "Hello"),
    ({"title": "Hello (Official Video)", "artists": ("Adele - Topic",)}, "Adele", "Hello"),
    ({"title": "Hello - Adele", "artists": ("Adele",), "kind": "upload"}, "Adele", "Hello"),
    ({"title": "Hello - Adele", "artists": ("AdeleVEVO",)}, "Adele", "Hello"),
    ({"title": "Hello (Adele)", "artists": ("Adele",)}, "Adele", "Hello"),
    ({"title": "داریوش - شقایق (موزیک ویدیو)", "artists": ("Persian Hits",)}, "داریوش", "شقایق"),
]


@pytest.mark.parametrize(("fields", "artist", "title"), YOUTUBE)
def test_youtube(fields: dict[str, object], artist: str, title: str) -> None:
    found = youtube(**fields)
    assert (found.method, found.recording.artist, found.recording.title) == ("yt_metadata", artist, title)


def test_spotify_is_trusted() -> None:
    item = ItemMetadata(
        title="Empire State of Mind (feat. Alicia Keys) - Live",
        artists=("JAY-Z", "Alicia Keys"),
        album="The Blueprint 3",
        duration_s=276.9,
        isrc="us-qx9-09-00001",
        explicit=True,
    )
    found = identify(item, None, Platform("spotify"))
    assert found.method == "sp_metadata"
    assert found.recording.artist == "JAY-Z, Alicia Keys"
    assert found.recording.artists == ("JAY-Z",)
    assert found.recording.featured == ("Alicia Keys",)
    assert found.recording.title == "Empire State of Mind"
    assert found.recording.version == ("Live",)
    assert found.recording.isrc == "USQX90900001"
    assert (found.recording.album, found.recording.duration_s, found.recording.explicit) == (
        "The Blueprint 3",
        276.9,
        True,
    )


def test_what_the_file_knows_fills_what_the_platform_leaves_open() -> None:
    tags = AudioTags(title="Pol", artist="Googoosh", album="Pol", isrc="USRC17607839", duration_s=199.5)
    found = telegram(tags, duration_s=200)
    assert (found.recording.album, found.recording.isrc, found.recording.duration_s) == ("Pol", "USRC17607839", 200)


def test_both_readings_are_kept_where_text_does_not_settle_the_order() -> None:
    found = telegram(file_name="Pol - Googoosh.mp3")
    readings = {
        (found.recording.artist, found.recording.title),
        *((r.artist, r.title) for r in found.recording.readings),
    }
    assert ("Googoosh", "Pol") in readings


@pytest.mark.parametrize("platform", list(Platform))
def test_nothing_at_all(platform: Platform) -> None:
    found = identify(ItemMetadata(), None, platform)
    assert found.recording.title == ""
    assert "nothing names this item" in found.reasons


@pytest.mark.parametrize(
    "title",
    ["Track 01", "track", "AUDIO", "@channel", "Unknown", "12345678", "...", "бeз названия", "voice 3", "site.ru"],
)
def test_junk_fields_alone_name_nothing_or_little(title: str) -> None:
    found = telegram(title=title, artists=("Unknown Artist",))
    assert found.recording.artist is None


@pytest.mark.parametrize("platform", list(Platform))
def test_what_a_platform_says_is_told_under_its_own_name(platform: Platform) -> None:
    found = identify(ItemMetadata(title="Pol", artists=("Googoosh",)), None, platform)
    assert found.method == f"{platform.short}_metadata"
    assert found.reasons[0].startswith(f"{platform.label}'s ")


def test_versions_and_guests_are_taken_apart() -> None:
    found = telegram(title="Porcelain (feat. Somebody) [Arty Remix]", artists=("Moby feat. Anybody",))
    assert found.recording.title == "Porcelain"
    assert found.recording.version == ("Arty Remix",)
    assert found.recording.featured == ("Anybody", "Somebody")
    assert found.recording.artists == ("Moby",)
