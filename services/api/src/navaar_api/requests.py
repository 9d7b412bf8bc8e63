"""What a person or program may ask for, and the sentence that says what was asked.

Every function raises NotFound, Refused or Unavailable. A request about a merged track goes to the one it is now,
but for the one that parts it from that.
"""

from __future__ import annotations

from collections.abc import Iterable

from navaar_client.errors import Refused
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.commands import ReviewAnswer
from navaar_contracts.identifiers import Direction, Platform


def directions_between(platforms: Iterable[Platform]) -> tuple[Direction, ...]:
    """Those between the platforms of a link."""
    linked = set(platforms)
    return tuple(d for d in Direction if {d.origin, d.target} <= linked)


async def retry_track(client: LedgerClient, track_id: int, target: Platform | None) -> str:
    track, _ = await client.track(track_id)
    count = await client.retry_track(track, target)
    return f"{'1 delivery' if count == 1 else f'{count} deliveries'} of track {track.id} {_is(count)} tried again"


async def retry_all(
    client: LedgerClient, link: str | None, origin: Platform | None = None, target: Platform | None = None
) -> str:
    await client.retry_all(await client.links(link), origin, target)
    return "failed deliveries are tried again"


async def delete_track(client: LedgerClient, track_id: int, by: str) -> str:
    track, _ = await client.track(track_id)
    await client.delete_track(track, by)
    return f"track {track.id} is dropped"


async def report_wrong_match(client: LedgerClient, track_id: int, target: Platform, by: str) -> str:
    track, _ = await client.track(track_id)
    await client.report_wrong_match(track, target, by)
    return f"what was placed on {target} for track {track.id} is taken out"


async def part_track(client: LedgerClient, track_id: int, by: str) -> str:
    joined, song = await client.part_track(track_id, by)
    return f"track {joined.id} is parted from track {song.id}; they are never joined again"


async def answer_review(
    client: LedgerClient, track_id: int, target: Platform, answer: ReviewAnswer, external_id: str | None, by: str
) -> str:
    track, _ = await client.track(track_id)
    await client.answer_review(track, target, answer, external_id, by)
    return f"the question about track {track.id} on {target} is answered"


async def run_now(client: LedgerClient, direction: Direction | None, origin: Platform | None, link: str | None) -> str:
    """A forced cycle of each direction that fits, after a look at the playlists they start from."""
    wanted = {
        name: [d for d in directions_between(platforms) if direction in (None, d) and origin in (None, d.origin)]
        for name, platforms in (await client.links(link)).items()
    }
    running = {direction for directions in wanted.values() for direction in directions}
    if not running:
        raise Refused("no link has such a direction")
    await client.run_cycles(wanted)
    return f"{len(running)} {'direction' if len(running) == 1 else 'directions'} {_is(len(running))} run now"


async def set_pause(client: LedgerClient, paused: bool, direction: Direction | None, link: str | None, by: str) -> str:
    await client.set_pause({name: [direction] for name in await client.links(link)}, paused=paused, by=by)
    what = direction.value if direction else "every direction"
    return f"{what} {'is held back' if paused else 'goes on'}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
