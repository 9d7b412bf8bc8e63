"""Gives turns: lets the next items of a collection be identified as soon as others have a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from navaar_contracts.identifiers import Platform
from navaar_ledger.application.unit_of_work import Outcome, work_on
from navaar_ledger.domain.decide import conclude
from navaar_ledger.domain.decision import Decision, Facts
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Track
from navaar_ledger.domain.turns import TurnQueue, has_room, next_turns, take_turn
from navaar_ledger.ports import Ports


async def must_wait(ports: Ports, queue: TurnQueue) -> bool:
    """Whether an item that comes now waits for its turn."""
    return not has_room(await ports.store.queue(queue, ports.policy.identifying), ports.policy)


async def give_turns(ports: Ports, queues: Iterable[TurnQueue]) -> Outcome:
    """The next turns of these collections."""
    outcome = Outcome()
    for queue in sorted(set(queues), key=lambda each: each.key):
        # Those in hand mostly stand before those that wait; one that came back from far behind makes no difference.
        entries = await ports.store.queue(queue, 2 * ports.policy.identifying)
        for entry in next_turns(entries, ports.policy):
            outcome.add(await work_on(ports, entry.track_id, _taking_its_turn))
    return outcome


def all_turns(policy: Policy) -> Iterator[TurnQueue]:
    for link in policy.links.values():
        for platform in Platform:
            yield TurnQueue(link.name, platform, False)
            yield TurnQueue(link.name, platform, True)


def _taking_its_turn(track: Track, facts: Facts) -> Decision:
    return conclude(track, take_turn(track, facts), facts.at)
