"""A collection that is nearly full is told once, before nothing more can be added."""

from __future__ import annotations

from navaar_contracts.events import NoticeGiven
from navaar_contracts.identifiers import Platform
from navaar_runtime.idempotency import IdempotencyRecords
from navaar_runtime.publisher import Publisher

NEARLY = 0.95
"""From this share of what the platform allows a collection counts as nearly full."""


def is_nearly_full(count: int, most: int) -> bool:
    """Whether so many entries of at most so many are worth a word."""
    return count >= NEARLY * most


class Filling:
    """How full one collection is, going by the last look."""

    def __init__(
        self, link: str, platform: Platform, most: int | None, publisher: Publisher, records: IdempotencyRecords
    ) -> None:
        self._link = link
        self._platform = platform
        self._publisher = publisher
        self._records = records
        self._key = f"{link}.{platform.value}.filling"
        self._most = most
        self._count: int | None = None
        self._told: bool | None = None
        """Whether the last crossing was told; None while it is not known what an earlier process did."""

    async def looked(self, count: int) -> None:
        """So many entries are in there now; tell it when it has become too many since the last look.

        Raises:
            Transient: NATS does not answer; the next look tells.
        """
        self._count = count
        if self._most is None:
            return
        nearly = is_nearly_full(count, self._most)
        if self._told is nearly:
            return
        record = await self._records.get(self._key)
        if not nearly:
            if record is not None:
                await self._records.delete(self._key)
        elif record is None or record.state == "begun":
            # With the moment of the first try, so that after a crash in between it is the same notice.
            record = record or await self._records.create(self._key, {"entries": count})
            await self._publisher.publish(
                NoticeGiven(
                    link=self._link,
                    about=f"{self._platform.value}.filling",
                    headline=f"The {self._platform.label} {self._platform.spec.collection_noun} is nearly full",
                    details=f"It holds {self._words(count)}. {self._remedy()}",
                    given_at=record.begun_at,
                )
            )
            await self._records.complete(self._key, {"entries": count})
        self._told = nearly

    def told(self) -> str | None:
        """To be seen by people: how many entries there are of how many that fit; None before the first look."""
        return None if self._count is None or self._most is None else self._words(self._count)

    async def warning(self) -> str | None:
        """What will need a person, or None."""
        if self._count is None or self._most is None or not is_nearly_full(self._count, self._most):
            return None
        return f"nearly full: {self._words(self._count)}. {self._remedy()}"

    def _words(self, count: int) -> str:
        return f"{count:,} of the {self._most or 0:,} entries that {self._platform.label} allows"

    def _remedy(self) -> str:
        return "Take out what you can do without: what finds no room waits, and is added by itself once there is some."
