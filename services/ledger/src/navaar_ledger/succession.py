"""Whether a ledger whose turn it is can know what the one before it did.

Ledgers that share a database have one store. Each SQLite file is a store of its own, and knows only what happened
while its ledger was the one that acted; the rest it takes over from the history (`rebuild.reconcile`). The lease keeps
in mind which ledger acted last, by its epoch: where that was another one, the history must have all that came since.
"""

from __future__ import annotations

from collections.abc import Callable

from nats.aio.client import Client

from navaar_ledger.rebuild.history import Extent, look
from navaar_ledger.store.life import Life
from navaar_ledger.store.port import Store
from navaar_runtime.failures import Transient
from navaar_runtime.lease import Lease


def can_follow(life: Life, last: str, extent: Extent) -> bool:
    """Whether a ledger may act after the one of the epoch `last`; empty where none is known. Pure.

    One that a person has restored may: what it cannot know is held back for that person.
    """
    if last in ("", life.epoch) or life.restored is not None:
        return True
    known = life.mark.sequence if life.mark is not None and life.mark.stream == extent.made else 0
    return extent.first <= known + 1


class Succession:
    """For the start of a ledger that holds the lease."""

    def __init__(self, store: Store, lease: Lease, client: Callable[[], Client]) -> None:
        self._store = store
        self._lease = lease
        self._client = client

    async def check(self) -> None:
        """Before anything is done. Raises Transient where the ledger cannot know what happened; it says what to do."""
        life = Life.of(await self._store.about())
        if not can_follow(life, self._lease.in_mind, await look(self._client())):
            raise Transient(
                "another ledger acted last, and the history does not reach back to what this one knows: give it the "
                "store of that one, or begin with this one, which does not know what happened since: "
                "nats kv del navaar-leases ledger"
            )

    async def keep(self) -> None:
        """From now on this is the ledger that acted last. Raises Transient."""
        epoch = Life.of(await self._store.about()).epoch or ""
        if self._lease.in_mind != epoch:
            await self._lease.keep_in_mind(epoch)
