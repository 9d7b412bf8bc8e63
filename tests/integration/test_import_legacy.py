"""The first implementation's file, read and translated: nothing is lost, and what is not understood is said."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from navaar_contracts.events import ImportedDelivery, TrackImported
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.links import Link
from navaar_contracts.music import Kind
from navaar_launcher.__main__ import app
from navaar_launcher.legacy.legacy_file import Unreadable, read
from navaar_launcher.legacy.rows import STATUSES
from navaar_launcher.legacy.settings import advise, become_of, known
from navaar_launcher.legacy.translation import Translation, translate
from navaar_launcher.settings_page import classes
from navaar_runtime.settings import variable_of
from tests.support.legacy_database import LegacyDatabase

LINK = Link(name="main", telegram_channel_id="-100", ytmusic_playlist_id="PL", spotify_playlist_id="SP")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
TG, YT, SP = Platform.TELEGRAM, Platform.YOUTUBE, Platform.SPOTIFY


@pytest.fixture
def database(tmp_path: Path) -> LegacyDatabase:
    return LegacyDatabase(tmp_path / "navaar.db")


def translated(database: LegacyDatabase, link: Link = LINK, **options: Any) -> Translation:
    return translate(read(database.close()), link, NOW, **options)


def only(found: Translation) -> TrackImported:
    (event,) = found.events
    assert not found.left
    return event


def to(event: TrackImported, target: Platform) -> ImportedDelivery:
    (found,) = [each for each in event.deliveries if each.target is target]
    return found


def test_the_rows_of_one_post_are_one_item(database: LegacyDatabase) -> None:
    post = {"tg_file_id": "F1", "duration_seconds": 240}
    database.track("tg_to_yt", "synced", tg_message_id=17, tg_file_unique_id="U1", yt_video_id="v1", **post)
    database.track("tg_to_sp", "failed", failure_reason="no_sp_match", **post)
    event = only(translated(database))
    assert (event.platform, event.external_id) == (TG, "17")
    assert (event.item.title, event.item.artists, event.item.duration_s) == ("Pol", ("Googoosh",), 240)
    assert (event.item.file_id, event.item.file_unique_id) == ("F1", "U1")
    assert (to(event, YT).state, to(event, YT).external_id) == (DeliveryState.SYNCED, "v1")
    assert to(event, YT).synced_at == datetime(2025, 3, 1, 10, 5, 0, 123456, tzinfo=UTC)
    assert (to(event, SP).state, to(event, SP).reason) == (DeliveryState.FAILED, "no_sp_match")
    assert event.first_seen_at == datetime(2025, 3, 1, 10, tzinfo=UTC)
    assert event.source == "rows #1 and #2 of navaar.db"


def test_a_spotify_item_keeps_its_post_and_forgets_the_video_it_only_took_the_audio_from(
    database: LegacyDatabase,
) -> None:
    database.track("sp_to_tg", "synced", sp_track_id="s1", yt_video_id="audio-only", tg_message_id=30)
    database.track("sp_to_yt", "synced", sp_track_id="s1", yt_video_id="v2")
    event = only(translated(database))
    assert (event.platform, event.external_id, event.item.kind) == (SP, "s1", Kind.SONG)
    assert to(event, TG).external_id == "30"
    assert to(event, YT).external_id == "v2"


def test_every_status_in_every_direction_is_understood(database: LegacyDatabase) -> None:
    number = 0
    for direction in Direction:
        for status in sorted(STATUSES):
            number += 1
            ids = {"yt_video_id": f"v{number}", "sp_track_id": f"s{number}"}
            post = {"tg_message_id": number, "tg_file_id": f"F{number}"} if direction.origin is TG else {}
            database.track(direction.value, status, **ids, **post)
    found = translated(database)
    assert found.rows == len(found.events) == 6 * len(STATUSES)
    assert not found.left
    states = {
        status: {
            event.deliveries[0].state.value
            for event in found.events
            if f"status: {status}," in event.history[0].details
        }
        for status in STATUSES
    }
    assert states["synced"] == {"synced"}
    assert states["duplicate"] == {"duplicate"}
    assert states["failed"] == states["unsynced"] == {"failed"}
    for status in ("pending", "identifying", "searching", "retry_scheduled"):
        assert states[status] == {"pending"}
    assert states["syncing"] == {"pending", "failed"}, "a post that may have been made waits for a person"


@pytest.mark.parametrize(
    ("status", "reason"), [("syncing", None), ("failed", "upload_failed: Timed out"), ("failed", "upload_failed: x")]
)
def test_a_post_that_may_have_been_made_is_not_repeated_by_itself(
    database: LegacyDatabase, status: str, reason: str | None
) -> None:
    database.track("yt_to_tg", status, yt_video_id="v1", failure_reason=reason)
    told = to(only(translated(database)), TG)
    assert (told.state, told.cause) == (DeliveryState.FAILED, "unknown_outcome")
    assert "look before you retry" in (told.reason or "")


def test_what_was_taken_out_on_request_is_not_put_back(database: LegacyDatabase) -> None:
    database.track("tg_to_yt", "unsynced", tg_message_id=1, tg_file_id="F", yt_video_id="v1")
    assert to(only(translated(database)), YT).cause == "never"


def test_copies_made_by_mistake_are_all_named(database: LegacyDatabase) -> None:
    for message in (50, 51, 52):
        database.track("yt_to_tg", "synced", yt_video_id="v1", tg_message_id=message)
    database.track("yt_to_tg", "failed", yt_video_id="v1")
    event = only(translated(database))
    assert to(event, TG).external_id == "50"
    assert event.copies == {TG: ("51", "52")}


def test_of_several_rows_of_one_direction_the_furthest_counts(database: LegacyDatabase) -> None:
    for status in ("failed", "pending", "duplicate", "failed"):
        database.track("yt_to_sp", status, yt_video_id="v1", sp_track_id="s1" if status == "duplicate" else None)
    event = only(translated(database))
    assert (to(event, SP).state, to(event, SP).external_id) == (DeliveryState.DUPLICATE, "s1")


def test_the_log_comes_along_with_its_dates_and_the_row_itself(database: LegacyDatabase) -> None:
    row = database.track("yt_to_tg", "synced", yt_video_id="v1", tg_message_id=9, card_message_id=10)
    database.log(row, "track_synced", {"video_id": "v1", "message_id": 9}, direction="yt_to_tg")
    database.log(row, "sync_failed", "{broken", direction="nowhere", created_at="never")
    event = only(translated(database))
    by_name = {line.event: line for line in event.history}
    assert by_name["track_synced"].details == "video_id: v1, message_id: 9"
    assert by_name["track_synced"].at == datetime(2025, 3, 1, 10, 5, tzinfo=UTC)
    assert by_name["sync_failed"].details == "{broken"
    assert "card_message_id: 10" in by_name["imported_row"].details
    assert "Row #1 of navaar.db" in by_name["imported_row"].details


def test_a_flood_of_log_lines_is_cut_to_the_newest_and_the_rest_is_kept(database: LegacyDatabase) -> None:
    row = database.track("yt_to_tg", "failed", yt_video_id="v1")
    for number in range(600):
        database.log(
            row, "download_failed", "x" * 3000, created_at=f"2025-03-01 10:{number // 60:02d}:{number % 60:02d}"
        )
    found = translated(database)
    (event,) = found.events
    assert len(event.model_dump_json()) < 1_000_000
    assert found.lines + len(found.left) == 600
    assert event.history[-1].at.minute == 9


def test_odd_rows_are_taken_over_as_far_as_they_say_something(tmp_path: Path) -> None:
    database = LegacyDatabase(tmp_path / "navaar.db", strict=False)
    database.track("yt_to_tg", "pending", title=None, artist=None, yt_video_id="v1", created_at=None, updated_at="soon")
    database.track("tg_to_yt", "synced", "پل", "گوگوش", tg_message_id="18", tg_file_id="F", yt_video_id=" v2 ")
    database.track("tg_to_yt", "synced", b"caf\xe9", "x", tg_message_id=19, tg_file_id="G", yt_video_id="v3")
    database.track("tg_to_sp", "pending", 1999, 3.5, tg_file_unique_id="UX", duration_seconds=-0.0)
    found = translated(database)
    assert not found.left
    nameless, persian, broken, numbers = found.events
    assert (nameless.item.title, nameless.first_seen_at) == ("", NOW)
    assert (persian.item.title, persian.item.artists, to(persian, YT).external_id) == ("پل", ("گوگوش",), "v2")
    assert broken.item.title.startswith("caf")
    assert (numbers.external_id, numbers.item.title) == ("file:UX", "1999")


def test_rows_that_say_too_little_are_left_with_the_reason(tmp_path: Path) -> None:
    database = LegacyDatabase(tmp_path / "navaar.db", strict=False)
    database.track("tg_to_zz", "synced")
    database.track("yt_to_sp", "dreaming", yt_video_id="v")
    database.track("yt_to_sp", "pending")
    database.track("tg_to_yt", "pending")
    database.track("tg_to_yt", "pending", tg_message_id="seventeen", tg_file_id="F")
    database.log(3, "no_sp_match")
    database.log(None, "started")
    database.log(77, "deleted")
    database.state("yt_playlist_snapshot", "{broken")
    database.state("sp_playlist_snapshot", ["s1", None, 7])
    database.state("last_yt_to_tg_sync", "2025-06-01")
    found = translated(database)
    assert [event.external_id for event in found.events] == ["s1"]
    why = [(each.name, each.why) for each in found.left if each.needed]
    assert [name for name, _ in why] == [
        *(f"tracks {n}" for n in range(1, 6)),
        "sync_state yt_playlist_snapshot",
        "sync_state sp_playlist_snapshot",
    ]
    assert "none of the six" in why[0][1]
    assert "'dreaming'" in why[1][1]
    assert "does not say which item" in why[2][1]
    assert "neither a message nor a file" in why[3][1]
    assert "'seventeen', no number" in why[4][1]
    assert sum(not each.needed for each in found.left) == 4


def test_what_was_in_a_playlist_without_a_row_is_only_known(database: LegacyDatabase) -> None:
    database.track("yt_to_tg", "failed", yt_video_id="v1")
    database.track("sp_to_yt", "synced", sp_track_id="s1", yt_video_id="v2")
    database.state("yt_playlist_snapshot", ["v1", "v2", "v3", "v3"])
    seen = [event for event in translated(database).events if not event.deliveries]
    assert [(event.platform, event.external_id) for event in seen] == [(YT, "v3")]
    assert seen[0].item.title == ""


def test_without_spotify_what_is_done_is_kept_and_what_is_open_is_left(database: LegacyDatabase) -> None:
    database.track("yt_to_sp", "synced", yt_video_id="v1", sp_track_id="s1")
    database.track("yt_to_sp", "pending", yt_video_id="v2")
    found = translated(
        database, LINK.model_copy(update={"collections": {p: i for p, i in LINK.collections.items() if p != "spotify"}})
    )
    assert [event.external_id for event in found.events] == ["v1"]
    assert ["no yt_to_sp" in each.why for each in found.left] == [True]


def test_what_was_never_tried_is_asked_for_only_on_request(database: LegacyDatabase) -> None:
    database.track("tg_to_yt", "synced", tg_message_id=1, tg_file_id="F", yt_video_id="v1")
    file = read(database.close())
    assert [d.target for d in only(translate(file, LINK, NOW)).deliveries] == [YT]
    completed = only(translate(file, LINK, NOW, complete=True))
    assert to(completed, SP).state is DeliveryState.PENDING


def test_translating_twice_says_the_same(database: LegacyDatabase) -> None:
    database.track("tg_to_yt", "synced", tg_message_id=1, tg_file_id="F", yt_video_id="v1")
    database.log(1, "track_synced")
    file = read(database.close())
    first, second = (translate(file, LINK, NOW).events for _ in range(2))
    assert [event.message_id() for event in first] == [event.message_id() for event in second]


def test_an_older_file_without_the_newer_columns_is_read(tmp_path: Path) -> None:
    database = LegacyDatabase(tmp_path / "navaar.db", old=True)
    database.track("tg_to_yt", "synced", tg_message_id=1, tg_file_id="F", yt_video_id="v1")
    assert to(only(translated(database)), YT).external_id == "v1"


def test_what_is_still_in_the_write_ahead_log_is_read_and_no_file_is_touched(tmp_path: Path) -> None:
    folder = tmp_path / "volume"
    folder.mkdir()
    database = LegacyDatabase(folder / "navaar.db", wal=True)
    database.track("tg_to_yt", "synced", tg_message_id=1, tg_file_id="F", yt_video_id="v1")
    path = database.close()

    def contents() -> dict[str, str]:
        return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()}

    before = contents()
    assert set(before) == {"navaar.db", "navaar.db-wal"}
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert len(read(path).rows("tracks")) == 1
    finally:
        folder.chmod(stat.S_IRWXU)
    assert contents() == before


def test_a_file_that_is_something_else_is_refused_in_plain_words(tmp_path: Path) -> None:
    text, empty = tmp_path / "text.db", tmp_path / "empty.db"
    text.write_text("this is no database, but it is long enough to look at" * 20, encoding="utf-8")
    empty.write_bytes(b"")
    with pytest.raises(Unreadable, match="there is no file"):
        read(tmp_path / "nothing.db")
    with pytest.raises(Unreadable, match="cannot be read as SQLite"):
        read(text)
    with pytest.raises(Unreadable, match="no table 'tracks'"):
        read(empty)


def test_a_damaged_file_is_not_half_imported(database: LegacyDatabase) -> None:
    for number in range(2000):
        database.track("yt_to_tg", "synced", yt_video_id=f"v{number}", title="x" * 200)
    path = database.close()
    content = bytearray(path.read_bytes())
    content[20_000:60_000] = os.urandom(40_000)
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"damaged|cannot be read as SQLite"):
        read(path)


# The command


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the collections named."""
    monkeypatch.chdir(tmp_path)
    for variable in ("NAVAAR_NATS_URL", "NAVAAR_DATA_DIR", "NAVAAR_LINKS_FILE"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in (
        ("TELEGRAM_CHANNEL_ID", "-100"),
        ("YTMUSIC_PLAYLIST_ID", "PL"),
        ("SPOTIFY_PLAYLIST_ID", "S"),
    ):
        monkeypatch.setenv(f"NAVAAR_{variable}", value)
    monkeypatch.setenv("COLUMNS", "300")
    return tmp_path


def test_a_dry_run_shows_what_would_be_taken_over_and_writes_only_what_is_left(here: Path) -> None:
    database = LegacyDatabase(here / "navaar.db")
    database.track("tg_to_yt", "synced", tg_message_id=1, tg_file_id="F", yt_video_id="v1")
    database.track("sideways", "synced", "[bold]a song in brackets[/]")
    database.close()
    answer = CliRunner().invoke(app, ["import", "legacy", "navaar.db", "--dry-run"])
    assert answer.exit_code == 0, answer.output
    assert "none of the six" in answer.output
    assert "[bold]a song in brackets[/]" in answer.output
    assert "this was a dry run" in answer.output
    left = here / "navaar-import-left.jsonl"
    (line,) = left.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["row"]["title"] == "[bold]a song in brackets[/]"
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    assert {each.name for each in here.iterdir()} == {"navaar.db", left.name}


def test_a_file_that_cannot_be_read_ends_the_command_with_the_reason(here: Path) -> None:
    answer = CliRunner().invoke(app, ["import", "legacy", "nothing.db"])
    assert answer.exit_code == 1
    assert "there is no file nothing.db" in answer.output


def test_of_several_links_one_has_to_be_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    LegacyDatabase(here / "navaar.db").close()
    (here / "links.toml").write_text(
        "".join(
            f'[links.{name}]\ntelegram_channel_id = "@{name}"\nytmusic_playlist_id = "PL{name}"\n'
            for name in ("jazz", "pop")
        )
    )
    monkeypatch.setenv("NAVAAR_LINKS_FILE", "links.toml")
    answer = CliRunner().invoke(app, ["import", "legacy", "navaar.db", "--dry-run"])
    assert answer.exit_code == 2
    assert "jazz, pop" in answer.output
    assert CliRunner().invoke(app, ["import", "legacy", "navaar.db", "--dry-run", "--link", "pop"]).exit_code == 0


# Settings


def test_what_is_said_to_be_the_same_is_a_setting_of_ours_and_the_rest_is_not() -> None:
    ours = {variable_of(name) for _, group in classes() for cls in group for name in cls.model_fields}
    for variable in known():
        assert become_of(variable).startswith("same") == (variable in ours), variable


def test_no_secret_is_shown_with_the_advice() -> None:
    advice = advise({"NAVAAR_TELEGRAM_BOT_TOKEN": "123:abc", "NAVAAR_NL_MODEL": "x", "ANTHROPIC_API_KEY": "k"}, {})
    shown = json.dumps([(each.variable, each.value, each.what) for each in advice])
    assert "123:abc" not in shown
    assert '"k"' not in shown
    assert "no agent" in shown


def test_the_authors_own_channel_as_a_default_is_pointed_out() -> None:
    advice = {each.variable: each.what for each in advise({"NAVAAR_TELEGRAM_BOT_TOKEN": "1:x"}, {})}
    assert "must be named" in advice["NAVAAR_TELEGRAM_CHANNEL_ID"]
