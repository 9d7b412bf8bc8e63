"""The catalogue, its sounds, the media server with the real yt-dlp, and the comparison."""

import asyncio
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import mutagen
import pytest
import yt_dlp
from aiogram import Bot
from aiogram.types import FSInputFile

from navaar_sandbox import Sandbox, sound
from navaar_sandbox.catalogue import SAME_RECORDING, Catalogue
from navaar_sandbox.compare import Tally, tally
from navaar_sandbox.files import Form, posted_file
from navaar_sandbox.search import SearchIndex, words


def test_the_catalogue_is_the_same_for_the_same_seed_and_names_nothing_twice() -> None:
    one, other, different = Catalogue(400, seed=3), Catalogue(400, seed=3), Catalogue(400, seed=4)
    assert one.recordings == other.recordings
    assert one.entries == other.entries
    assert one.recordings != different.recordings
    names = {(recording.title, recording.artists) for recording in one.recordings}
    assert len(names) == len({recording.isrc for recording in one.recordings}) == 400
    assert all(len(recording.isrc) == 12 for recording in one.recordings)
    assert {len(entry.id) for entry in one.of_platform("youtube")} == {11}
    assert {len(entry.id) for entry in one.of_platform("spotify")} == {22}


def test_a_sequel_is_called_like_the_first_part_and_labels_may_share_a_code() -> None:
    catalogue = Catalogue(6, sequels=[(3, 0)], shared_codes=[(5, 4)])
    first, sequel = catalogue.recordings[0], catalogue.recordings[3]
    assert (sequel.title, sequel.artists) == (f"{first.title} 2", first.artists)
    one, other = (catalogue.original("spotify", number) for number in (4, 5))
    assert one.isrc == other.isrc
    assert one.id != other.id
    assert one.title != other.title


def test_every_kind_of_look_alike_is_offered_and_holds_another_recording() -> None:
    entries = list(Catalogue(60).entries.values())
    look_alikes = {entry.kind for entry in entries} - SAME_RECORDING
    assert look_alikes == {"live", "remix", "cover", "karaoke", "sped_up", "namesake"}
    assert all(("/" in entry.recording) == (entry.kind in look_alikes) for entry in entries)


@pytest.mark.parametrize("platform", ["youtube", "spotify"])
def test_the_first_hit_is_wrong_for_about_one_song_in_five(platform: Any) -> None:
    catalogue = Catalogue(300)
    index = SearchIndex(
        entry for entry in catalogue.of_platform(platform) if entry.video_type in (None, "MUSIC_VIDEO_TYPE_ATV")
    )
    wrong = 0
    for recording in catalogue.recordings:
        hits = index.find(f"{recording.artists[0]} {recording.title}")
        wrong += hits[0].recording != recording.key
        assert recording.key in {hit.recording for hit in hits[:10]}
    assert 0.1 < wrong / 300 < 0.3


def test_search_ignores_accents_case_and_arabic_letter_forms() -> None:
    assert words("Élodie MARREC") == words("elodie marrec")
    assert words("كوچه ي") == words("کوچه ی")
    assert words("Звонарёва") == words("звонарева")


def test_a_platform_may_lack_a_recording_and_spell_in_latin_letters() -> None:
    catalogue = Catalogue(12, absent=[("spotify", 3)], two_scripts=True)
    with pytest.raises(KeyError):
        catalogue.original("spotify", 3)
    assert catalogue.original("youtube", 1).title == catalogue.recordings[1].title
    assert catalogue.original("spotify", 1).title == catalogue.recordings[1].title_latin


@pytest.fixture
def shelf() -> Any:
    made = sound.Shelf()
    yield made
    made.close()


@pytest.mark.parametrize("container", ["m4a", "mp3", "ogg"])
def test_a_recording_is_told_by_its_sound_alone_even_after_re_encoding(
    shelf: sound.Shelf, tmp_path: Path, container: Any
) -> None:
    ear = sound.Ear(Catalogue(100).sounds())
    path = shelf.file("r0042", 30, container)
    assert ear.recognise(path) == "r0042"
    assert mutagen.File(path).info.length == pytest.approx(30, abs=0.2)
    for target in ("again.mp3", "again.m4a", "again.opus"):
        subprocess.run([sound.FFMPEG, "-v", "error", "-i", path, "-b:a", "48k", tmp_path / target], check=True)
        assert ear.recognise(tmp_path / target) == "r0042"


def test_what_is_no_known_recording_is_not_recognised(shelf: sound.Shelf, tmp_path: Path) -> None:
    ear = sound.Ear(["r0001", "r0001/live"])
    assert ear.recognise(shelf.file("r0002", 30)) is None
    assert ear.recognise(shelf.file("r0001", 5)) is None
    (tmp_path / "text.mp3").write_text("no sound")
    assert ear.recognise(tmp_path / "text.mp3") is None


@pytest.mark.parametrize(
    "form", ["tagged_m4a", "tagged_mp3", "performer_only", "file_name_only", "channel_tagged", "document", "long_title"]
)
def test_posted_files_are_real_audio_with_real_tags(shelf: sound.Shelf, tmp_path: Path, form: Form) -> None:
    recording = Catalogue(5).recordings[4]
    posted = posted_file(recording, form, shelf, tmp_path)
    opened = mutagen.File(posted.path, easy=True)
    assert opened.info.length == pytest.approx(recording.duration, abs=0.3)
    if form.startswith("tagged"):
        assert opened.tags["title"] == [recording.title]
        assert opened.tags["artist"] == [", ".join(recording.artists)]
    if form == "tagged_mp3":
        assert opened.tags["isrc"] == [recording.isrc]
    if form == "long_title":
        assert len(opened.tags["title"][0]) == 3000
    if form in ("performer_only", "file_name_only", "document"):
        assert not opened.tags


def test_the_hostile_file_is_small_and_expensive(shelf: sound.Shelf, tmp_path: Path) -> None:
    posted = posted_file(Catalogue(1).recordings[0], "hostile_tags", shelf, tmp_path)
    head = posted.path.read_bytes()[:20]
    assert head.startswith(b"ID3\x04")
    command = [sys.executable, "-c", f"import mutagen; mutagen.File({str(posted.path)!r})"]
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(command, timeout=2, check=False)


def download(url: str, folder: Path) -> dict[str, Any]:
    options = {
        "quiet": True,
        "no_warnings": True,
        "noprogress": True,
        "logger": Silent(),
        "outtmpl": str(folder / "%(id)s.%(ext)s"),
        "ffmpeg_location": sound.FFMPEG,
        "postprocessors": [{"key": "FFmpegExtractAudio", "preferredcodec": "m4a"}],
        "retries": 0,
    }
    with yt_dlp.YoutubeDL(options) as client:
        return dict(client.extract_info(url))


class Silent:
    def debug(self, text: str) -> None: ...
    def warning(self, text: str) -> None: ...
    def error(self, text: str) -> None: ...


async def test_yt_dlp_downloads_the_audio_of_a_video(
    sandbox: Sandbox, variables: dict[str, str], tmp_path: Path
) -> None:
    video = sandbox.catalogue.original("youtube", 0)
    url = variables["NAVAAR_YTDLP_URL_TEMPLATE"].format(video_id=video.id)
    await asyncio.to_thread(download, url, tmp_path)
    [path] = tmp_path.glob("*.m4a")
    assert mutagen.File(path).info.length == pytest.approx(video.duration, abs=0.3)
    assert sound.Ear(sandbox.catalogue.sounds()).recognise(path) == video.recording


@pytest.mark.parametrize(("how", "status"), [("private", 403), ("deleted", 404)])
async def test_yt_dlp_is_told_that_a_video_is_gone(
    sandbox: Sandbox, variables: dict[str, str], tmp_path: Path, how: Any, status: int
) -> None:
    video = sandbox.catalogue.original("youtube", 0)
    await sandbox.person.take_down(video.id, how)
    url = variables["NAVAAR_YTDLP_URL_TEMPLATE"].format(video_id=video.id)
    with pytest.raises(yt_dlp.utils.DownloadError, match=f"HTTP Error {status}"):
        await asyncio.to_thread(download, url, tmp_path)


async def test_audio_is_served_in_ranges_and_covers_are_jpegs(sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/media/{sandbox.catalogue.original('youtube', 0).id}"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{url}.m4a", headers={"Range": "bytes=4-7"}) as answer:
            assert answer.status == 206
            assert await answer.read() == b"ftyp"
        async with session.get(f"{sandbox.url}/media/covers/any.jpg") as answer:
            assert answer.content_type == "image/jpeg"
            assert (await answer.read()).startswith(b"\xff\xd8")


def test_the_tally_counts_presence_absence_repetition_and_intruders() -> None:
    found = ["a", "a", "b", "b/live", None]
    assert tally(found, ["a", "b", "c"]) == Tally(present=2, missing=1, duplicates=1, wrong=2)
    assert tally([], []) == Tally(0, 0, 0, 0)


async def test_collections_are_judged_by_what_is_heard_not_by_what_is_said(
    sandbox: Sandbox, bot: Bot, tmp_path: Path
) -> None:
    channel = sandbox.world.telegram.channel.id
    await sandbox.person.play(3)  # one on each side
    empty = {"present": 1, "missing": 2, "duplicates": 0, "wrong": 0}
    assert await sandbox.compare() == {"telegram": empty, "youtube": empty, "spotify": empty}

    def file_of(entry_kind: Any, number: int) -> Path:
        entry = sandbox.catalogue.variant("youtube", number, entry_kind)
        return sandbox.world.shelf.file(entry.recording, entry.duration)

    right = await asyncio.to_thread(file_of, "original", 1)
    clip = await asyncio.to_thread(file_of, "video", 1)
    lie = sandbox.catalogue.recordings[2]
    look_alike = next(
        entry for entry in sandbox.catalogue.of_platform("youtube") if entry.recording.startswith(f"{lie.key}/")
    )
    wrong = await asyncio.to_thread(sandbox.world.shelf.file, look_alike.recording, look_alike.duration)
    half = tmp_path / "half.m4a"
    command = [sound.FFMPEG, "-v", "error", "-i", right, "-t", "60", "-c", "copy", half]
    await asyncio.to_thread(subprocess.run, command, check=True)
    for path in (right, clip, wrong, half):
        await bot.send_audio(channel, FSInputFile(path), performer=lie.artists[0], title=lie.title)
    await bot.send_message(channel, "a card is no music, and has no place in public")

    assert (await sandbox.compare())["telegram"] == {"present": 2, "missing": 1, "duplicates": 1, "wrong": 3}


async def test_odd_entries_and_posts_are_nobodys_business(sandbox: Sandbox) -> None:
    await sandbox.person.add_odd("spotify", "local", "Someone - Home Recording")
    await sandbox.person.add_odd("youtube", "unavailable", sandbox.catalogue.original("youtube", 5).id)
    await sandbox.person.post(6, "voice")
    await sandbox.person.post(7, "not_audio")
    await sandbox.person.post_text("no audio")
    nothing = {"present": 0, "missing": 0, "duplicates": 0, "wrong": 0}
    assert await sandbox.compare() == {"telegram": nothing, "youtube": nothing, "spotify": nothing}


async def test_a_recording_that_a_platform_lacks_is_not_expected_there(tmp_path: Path) -> None:
    async with Sandbox(tracks=3, absent=[("youtube", 2), ("spotify", 0)]) as sandbox:
        await sandbox.person.play()
        figures = await sandbox.compare()
        assert {platform: one["present"] + one["missing"] for platform, one in figures.items()} == {
            "telegram": 2,
            "youtube": 2,
            "spotify": 2,
        }


async def test_the_person_goes_round_the_three_sides(sandbox: Sandbox) -> None:
    done = await sandbox.person.play()
    assert [one["side"] for one in done[:4]] == ["telegram", "youtube", "spotify", "telegram"]
    assert sandbox.world.expected == [recording.key for recording in sandbox.catalogue.recordings]


async def test_it_runs_as_a_process_of_its_own_and_keeps_state(tmp_path: Path) -> None:
    command = ["-m", "navaar_sandbox", "--tracks", "3", "--environment", str(tmp_path / "sandbox.env")]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
    assert "NAVAAR_TELEGRAM_BOT_TOKEN=" in (tmp_path / "sandbox.env").read_text()
    assert Path(ready["environment"]["NAVAAR_YTMUSIC_AUTH_FILE"]).stat().st_mode & 0o077 == 0
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{ready['url']}/_control/person/play", json={"count": 2}) as answer:
            assert [one["side"] for one in await answer.json()] == ["telegram", "youtube"]
        async with session.get(f"{ready['url']}/_control/compare") as answer:
            assert (await answer.json())["spotify"] == {"present": 0, "missing": 2, "duplicates": 0, "wrong": 0}
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_the_files_are_gone_when_it_ends() -> None:
    async with Sandbox(tracks=1) as sandbox:
        folder = sandbox.world.shelf.folder
        await sandbox.person.post(0)
        assert folder.exists()
    assert not folder.exists()


def test_sounds_are_stable_between_runs() -> None:
    # Audio made by one process is judged by another: the melody must depend on the key alone.
    assert sound.melody("r0007", 6) == sound.melody("r0007", 6)
    assert hashlib.sha256(bytes(sound.melody("r0007", 60))).hexdigest()[:8] == "5d52b0c1"
