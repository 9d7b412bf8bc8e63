"""Lets the next items of a collection be identified as soon as others have a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from navaar_contracts.identifiers import Platform
from navaar_ledger.application.unit_of_work import Outcome, work_on
from navaar_ledger.domain.admission import AdmissionQueue, admissible, admit, has_room
from navaar_ledger.domain.decide import conclude
from navaar_ledger.domain.decision import Decision, Facts
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Track
from navaar_ledger.ports import Ports


async def must_wait(ports: Ports, queue: AdmissionQueue) -> bool:
    """Whether an item that comes now waits for its turn."""
    at_once = queue.at_once(ports.policy)
    return not has_room(await ports.store.queue(queue, at_once), at_once)


async def admit_next(ports: Ports, queues: Iterable[AdmissionQueue]) -> Outcome:
    """Take in hand whoever is next in these collections."""
    outcome = Outcome()
    for queue in sorted(set(queues), key=lambda each: each.key):
        # Those in hand mostly stand before those that wait; one that came back from far behind makes no difference.
        at_once = queue.at_once(ports.policy)
        for entry in admissible(await ports.store.queue(queue, 2 * at_once), at_once):
            outcome.add(await work_on(ports, entry.track_id, _admitted))
    return outcome


def all_collections(policy: Policy) -> Iterator[AdmissionQueue]:
    for link in policy.links.values():
        for platform in Platform:
            yield AdmissionQueue(link.name, platform, False)
            yield AdmissionQueue(link.name, platform, True)


def _admitted(track: Track, facts: Facts) -> Decision:
    return conclude(track, admit(track, facts), facts)
