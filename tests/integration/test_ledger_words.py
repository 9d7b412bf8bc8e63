"""Names are folded as everywhere; what was kept under names folded as before is found again, once, in both stores."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest
import pytest_asyncio
from pymongo import MongoClient

from navaar_contracts.causes import Cause
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import ItemMetadata, Recording
from navaar_ledger.domain.overrides import Override, override_keys
from navaar_ledger.domain.track import Delivery, Track, TrackState, TrackStep
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.earlier_folding import earlier_fold
from navaar_ledger.store.mongo import MongoStore
from navaar_ledger.store.port import Store
from navaar_ledger.store.sqlite import SqliteStore
from navaar_ledger.store.sqlite.store import FILE
from navaar_runtime.settings import load
from navaar_text.folding import fold
from navaar_text.search_words import asked_words
from tests.support.mongo_server import environment, running_mongo

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SP = Platform.SPOTIFY

NAMES = (
    "Beyoncé – Déjà Vu",
    "Sigur Rós: Hoppípolla",
    "گوگوش - پُل",
    "كيف حالك يا علي",
    "می‌خواهم ۱۲۳",
    "Земфира — Ёлка, Йод",
    "Νατάσα Θεοφιλίδου ΌΧΙ ΣΟΦΌΣ",
    "שיר הַשָּׁנָה",
    "宇多田ヒカル ガーデン",
    "ガガガ ﾊﾝｶｸ",
    "방탄소년단 봄날",
    "AC/DC & P!nk + Ke$ha",
    "Don't Stop 'Til You Get Enough",
    "Ołów Øresund Æon İstanbul Straße",
    "①②③ ２０２６ ﬁne",
    "Motörhead (Live at the O₂)",
    "עברית\u200f RTL \u202eevil",
)


@pytest.mark.parametrize("name", NAMES)
def test_names_in_these_scripts_keep_their_keys(name: str) -> None:
    assert fold(name) == earlier_fold(name)


class Kept(Protocol):
    """A store that can be brought back to how the version before left it."""

    async def opened(self) -> Store: ...
    def as_before(self) -> None: ...


class InFile:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def opened(self) -> Store:
        store = SqliteStore(self._folder)
        await store.open()
        return store

    def as_before(self) -> None:
        connection = sqlite3.connect(self._folder / FILE)
        connection.execute("UPDATE tracks SET words = 'सन'")
        connection.execute("DELETE FROM beginnings")
        connection.executemany("INSERT INTO beginnings VALUES (?, ?)", [(b, n) for b in ("स", "सन") for n in (1, 2)])
        connection.execute("DROP TABLE platform_pauses")
        connection.execute("DROP TABLE about")
        connection.execute("PRAGMA user_version = 2")
        connection.commit()
        connection.close()


class OnServer:
    def __init__(self, url: str) -> None:
        self._url, self._environment = url, environment(url, "folding")

    async def opened(self) -> Store:
        store = MongoStore(load(LedgerSettings, self._environment))
        await store.open()
        return store

    def as_before(self) -> None:
        with MongoClient(self._url) as client:  # type: MongoClient[dict[str, object]]
            database = client[self._environment["NAVAAR_MONGODB_DATABASE"]]
            database.tracks.update_many({}, {"$set": {"beginnings": ["स", "सन"]}})
            database.migrations.delete_many({})


@pytest.fixture(scope="module")
def secantus() -> Iterator[str]:
    with running_mongo("secantus") as url:
        yield url


@pytest_asyncio.fixture(params=["sqlite", "secantus"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    yield InFile(tmp_path) if request.param == "sqlite" else OnServer(request.getfixturevalue("secantus"))


def sung(number: int, title: str, *, never: bool) -> Track:
    """A Hindi song; `never` marks the one about which a person said so."""
    delivery = Delivery(target=SP, origin=Platform.YOUTUBE, track_id=number, changed_at=AT, state=DeliveryState.FAILED)
    said = delivery.noted(cause=Cause.NEVER, answered=("answer:1",) if never else ())
    return Track(
        id=number,
        link="main",
        version=1,
        state=TrackState.IDENTIFIED,
        step=TrackStep.DONE,
        origin=Platform.YOUTUBE,
        origin_external_id=f"yt-{number}",
        item=ItemMetadata(title=title),
        recording=Recording(title=title, artist="लता"),
        deliveries={SP: said},
        changed_at=AT,
        created_at=AT,
        updated_at=AT,
    )


async def test_an_override_of_before_is_found_again_and_holds_for_its_own_song_alone(kept: Kept) -> None:
    listen, year = sung(1, "सुन", never=True), sung(2, "सन", never=False)
    (shared,) = override_keys("main", listen.recording, SP, earlier_fold)
    assert override_keys("main", year.recording, SP, earlier_fold) == (shared,)
    store = await kept.opened()
    for track in (listen, year):
        assert await store.save(track, 0)
    never = Override(by="admin 1", made_at=AT)
    await store.keep_overrides([(shared, never)])
    await store.close()
    kept.as_before()
    for _ in range(2):
        store = await kept.opened()
        (mine,), (other,) = (override_keys("main", track.recording, SP) for track in (listen, year))
        assert await store.overrides([mine, other]) == {mine: never}
        for track in (listen, year):
            found = await store.find("main", None, None, asked_words(track.item.title), 5)
            assert [each.id for each in found.tracks] == [track.id]
        await store.close()
