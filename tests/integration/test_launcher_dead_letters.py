"""`navaar dead` and `navaar replay` against a real nats-server whose streams are declared."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nats
import pytest
import pytest_asyncio
from nats.aio.client import Client
from nats.js.api import RawStreamMsg
from typer.testing import CliRunner

from navaar_contracts.commands import FindCandidates
from navaar_contracts.events import ItemSighted
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Message
from navaar_contracts.music import ItemMetadata
from navaar_contracts.streams import COMMANDS, DEAD, EVENTS, dead_subject
from navaar_launcher.__main__ import app
from navaar_launcher.commands.dead import moment
from navaar_launcher.dead_letters import Wanted, letters
from navaar_runtime.declare import Topology, declare
from tests.integration.test_launcher_commands import navaar
from tests.support.nats_server import NatsServer

FIND = FindCandidates(link="main", track_id=7, target=Platform.SPOTIFY, query="q")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest_asyncio.fixture
async def client(nats_server: NatsServer) -> AsyncIterator[Client]:
    found = await nats.connect(nats_server.url)
    await declare(found, Topology(storage="memory"))
    yield found
    await found.close()


async def dead_letter(client: Client, service: str, message: Message, reason: str, link: str = "main") -> None:
    """As the settling layer does."""
    what = "-".join(message.subject().split(".")[2:-1])
    body = message.model_dump_json().encode()
    headers = {"Navaar-Reason": reason, "Navaar-Subject": message.subject(), "Navaar-Type": type(message).__name__}
    await client.jetstream().publish(dead_subject(service, what, link), body, stream=DEAD.name, headers=headers)


def sighted(number: int, link: str = "main") -> ItemSighted:
    item = ItemMetadata(title=f"song {number}")
    return ItemSighted(
        link=link, platform=Platform.YOUTUBE, external_id=f"v{number}", item=item, sighted_at=datetime.now(UTC)
    )


async def publish(client: Client, message: Message) -> int:
    headers = {"Nats-Msg-Id": message.message_id(), "Navaar-Type": type(message).__name__}
    stored = await client.jetstream().publish(message.subject(), message.model_dump_json().encode(), headers=headers)
    return stored.seq


async def everything(client: Client, stream: str) -> list[RawStreamMsg]:
    js = client.jetstream()
    state = (await js.stream_info(stream)).state
    return [await js.get_msg(stream, n) for n in range(state.first_seq, state.last_seq + 1)] if state.messages else []


async def listed(environment: dict[str, str], folder: Path, *options: str) -> dict[str, Any]:
    code, out, err = await navaar("dead", "--json", *options, environment=environment, folder=folder)
    assert code == 0, err
    return json.loads(out)  # type: ignore[no-any-return]


async def test_dead_letters_are_listed_by_what_they_are_and_why(
    client: Client, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    assert await listed(nats_environment, tmp_path) == {"letters": [], "next_after": None}
    await dead_letter(client, "spotify", FIND, "FindCandidates does not fit its schema: query: field required")
    await dead_letter(client, "ledger", sighted(1, "jazz"), "internal error", link="jazz")
    await dead_letter(client, "ledger", sighted(2), "internal error")
    page = await listed(nats_environment, tmp_path)
    assert [(one["service"], one["link"], one["track"]) for one in page["letters"]] == [
        ("spotify", "main", 7),
        ("ledger", "jazz", None),
        ("ledger", "main", None),
    ]
    assert page["letters"][0]["subject"] == "navaar.cmd.spotify.find-candidates.main"
    assert "field required" in page["letters"][0]["reason"]
    for wanted, numbers in (
        (Wanted(service="ledger"), [2, 3]),
        (Wanted(link="jazz"), [2]),
        (Wanted(track=7), [1]),
        (Wanted(subject="item.sighted"), [2, 3]),
        (Wanted(reason="SCHEMA"), [1]),
        (Wanted(since=datetime.now(UTC) - timedelta(hours=1)), [1, 2, 3]),
        (Wanted(since=datetime.now(UTC) + timedelta(hours=1)), []),
    ):
        assert [letter.number async for letter in letters(client, wanted)] == numbers
    chosen = await listed(nats_environment, tmp_path, "--service", "ledger", "--link", "main", "--since", "1h")
    assert [x["number"] for x in chosen["letters"]] == [3]
    first = await listed(nats_environment, tmp_path, "--limit", "2")
    assert first["next_after"] == 2
    rest = await listed(nats_environment, tmp_path, "--limit", "2", "--after", "2")
    assert ([x["number"] for x in rest["letters"]], rest["next_after"]) == ([3], None)
    code, out, _ = await navaar("dead", "show", "1", environment=nats_environment, folder=tmp_path)
    assert code == 0
    assert '"query": "q"' in out
    assert (await navaar("dead", "show", "9", environment=nats_environment, folder=tmp_path))[0] == 1


async def test_replayed_letter_goes_where_it_came_from_under_a_fresh_id_and_leaves_the_list(
    client: Client, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    await publish(client, FIND)
    await dead_letter(client, "spotify", FIND, "no")
    await dead_letter(client, "spotify", FIND.model_copy(update={"track_id": 8}), "no")
    code, out, _ = await navaar("replay", "dead", "1", "--dry-run", environment=nats_environment, folder=tmp_path)
    assert (code, out) == (0, "1 dead letters would be sent\n")
    code, _, err = await navaar("replay", "dead", "1", environment=nats_environment, folder=tmp_path, text="n\n")
    assert code == 1, err
    assert len(await everything(client, DEAD.name)) == 2
    code, out, err = await navaar("replay", "dead", "1", "--yes", environment=nats_environment, folder=tmp_path)
    assert (code, out) == (0, "1 sent again\n"), err
    original, copy = await everything(client, COMMANDS.name)
    assert (copy.subject, copy.data) == (FIND.subject(), original.data)
    assert copy.headers is not None
    assert copy.headers["Nats-Msg-Id"] != FIND.message_id()
    assert copy.headers["Navaar-Copy-Of"] == "NAVAAR_DEAD:1"
    assert [x["number"] for x in (await listed(nats_environment, tmp_path))["letters"]] == [2]
    code, _, err = await navaar("replay", "dead", "1", "--yes", environment=nats_environment, folder=tmp_path)
    assert code == 1
    assert "no such dead letter" in err
    code, out, _ = await navaar(
        *("replay", "dead", "--all", "--service", "spotify", "-y"), environment=nats_environment, folder=tmp_path
    )
    assert (code, out) == (0, "1 sent again\n")
    assert (await listed(nats_environment, tmp_path))["letters"] == []


async def test_letter_that_does_not_say_where_it_came_from_stays(
    client: Client, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    await client.jetstream().publish("navaar.dead.ledger.unknown.main", b"\xff not json", stream=DEAD.name)
    code, out, _ = await navaar("replay", "dead", "--all", "-y", environment=nats_environment, folder=tmp_path)
    assert (code, out) == (1, "0 sent again\n")
    assert len((await listed(nats_environment, tmp_path))["letters"]) == 1


async def test_events_are_replayed_from_a_sequence_or_a_moment_and_copies_never_again(
    client: Client, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    for number in range(4):
        await publish(client, sighted(number, "jazz" if number == 1 else "main"))
    await client.jetstream().publish("navaar.evt.cycle.completed.main", b"{}")

    async def replay(*options: str) -> str:
        code, out, err = await navaar("replay", "events", *options, environment=nats_environment, folder=tmp_path)
        assert code == 0, err
        return out

    assert await replay("--from", "2", "--dry-run") == "3 events would be sent\n"
    assert await replay("--from", "2", "--to", "3", "--dry-run") == "2 events would be sent\n"
    assert await replay("--since", "1h", "--link", "jazz", "--dry-run") == "1 events would be sent\n"
    assert await replay("--from", "1", "--subject", "navaar.evt.>", "--dry-run") == "5 events would be sent\n"
    assert await replay("--from", "3", "--yes") == "2 sent again\n"
    stored = await everything(client, EVENTS.name)
    assert [m.data for m in stored[5:]] == [m.data for m in stored[2:4]]
    assert await replay("--from", "1", "--dry-run") == "4 events would be sent\n"
    assert await replay("--from", "3", "--yes") == "2 sent again\n"
    assert len(await everything(client, EVENTS.name)) == 9


@pytest.mark.parametrize(
    "arguments",
    [
        ("dead", "--since", "yesterday-ish"),
        ("replay", "dead"),
        ("replay", "dead", "1", "--all"),
        ("replay", "dead", "1", "--link", "main"),
        ("replay", "events"),
        ("replay", "events", "--from", "1", "--since", "1h"),
        ("replay", "events", "--from", "1", "--service", "downloader"),
        ("replay", "events", "--from", "1", "--subject", "navaar.cmd.>"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(arguments: tuple[str, ...]) -> None:
    refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 2
    assert "Invalid value" in refused.output


def test_a_moment_is_a_date_or_how_long_ago() -> None:
    assert moment("2h", NOW) == NOW.replace(hour=10)
    assert moment("90s", NOW) == NOW.replace(hour=11, minute=58, second=30)
    assert moment("2026-11-20T08:00+02:00", NOW) == datetime(2026, 11, 20, 6, tzinfo=UTC)
    with pytest.raises(ValueError, match="no moment"):
        moment("soon", NOW)
