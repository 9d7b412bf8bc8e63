"""Intents: what a service is about to do in a place that has no idempotency key, written down before it is done.

Kept in a JetStream key-value bucket. After a crash or a lost answer the intent says that the outcome is unknown, and
that it must be found out before anything is repeated.

Every write is a compare-and-set on the key's revision (NATS ADR-8): of two that both believe it is their turn one is
refused, before it has done anything. What a write has of a lease goes with it, so that one whose lease another has
taken over writes nothing any more.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

import nats.errors
from nats.aio.client import Client
from nats.js import api as js_api
from nats.js.client import JetStreamContext
from nats.js.errors import APIError, KeyDeletedError, KeyNotFoundError, NoStreamResponseError
from nats.js.kv import KeyValue

from navaar_contracts.streams import IDEMPOTENCY
from navaar_runtime import cancelling
from navaar_runtime.ages import Ages
from navaar_runtime.failures import Permanent, Transient
from navaar_runtime.fences import Fence

KEPT_S = 400 * 86_400
"""How long a completed record of something that happens once is kept. Its command is gone by then, and only a ledger
that was rebuilt from the history (NAVAAR_EVENTS, a year by default) could ask for it once more."""
MARKER_S = 86_400
"""How long it is remembered that a record was deleted: nobody needs it, but a reader may be just on its way."""
CONFLICTS = 8
"""So often a write without an own look is tried again when others write at the same time."""

_KEY = re.compile(r"[A-Za-z0-9_\-.=/]+")
_WRONG_REVISION = (10071, 10164)
"""The server's codes for a refused compare-and-set."""
_AWAY = (TimeoutError, nats.errors.Error, NoStreamResponseError, APIError)


class Overtaken(Transient):
    """Somebody else has written the record meanwhile; what it says now has to be read first."""


@dataclass(frozen=True, slots=True)
class About:
    """What a record is about: where something happens, and marks by which the thing is known, such as digests.

    Two are about the same if they mean one place and share a mark; a thing may gain and lose marks while it is known.
    """

    place: str
    marks: tuple[str, ...]

    def is_same(self, other: About, places: Collection[str] = ()) -> bool:
        """`places` are other names of this one's place."""
        return other.place in (self.place, *places) and not set(self.marks).isdisjoint(other.marks)


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    key: str
    state: Literal["begun", "done"]
    begun_at: datetime
    note: dict[str, Any] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)
    about: About | None = None
    """None for what happens again and again, and for records of versions that did not say."""
    revision: int = 0
    """The key's revision in the bucket; 0 as long as it is not written."""
    fence: Fence | None = None
    """The lease under which it was written last."""

    def answers_for(self, about: About, places: Collection[str] = ()) -> bool:
        """Whether it is about that; one of a version that did not say is believed."""
        return self.about is None or about.is_same(self.about, places)


class IdempotencyRecords:
    """Intents by key; usable once the service has started. Every call raises Transient when NATS does not answer.

    `fence` gives what goes with a write, and raises when this process may not write at all.
    """

    def __init__(self) -> None:
        self.fence: Callable[[], Fence | None] = lambda: None
        self._client: Client | None = None
        self._bucket: KeyValue | None = None
        self._ages = Ages()

    def bind(self, client: Client) -> None:
        self._client, self._bucket = client, None

    async def get(self, key: str) -> IdempotencyRecord | None:
        """The intent under `key`, if one was ever begun and not forgotten."""
        return (await self._read(key))[0]

    async def create(
        self,
        key: str,
        note: dict[str, Any],
        *,
        about: About | None = None,
        over: IdempotencyRecord | None = None,
        kept_s: int | None = None,
    ) -> IdempotencyRecord:
        """Write down that the thing is about to be done, now.

        Args:
            over: what was found under the key, and may be replaced; None if nothing was.
            kept_s: as for `complete`.

        Raises:
            Overtaken: something else is under the key by now.
        """
        intent = IdempotencyRecord(key, "begun", datetime.now(UTC), note, about=_together(about, over))
        try:
            return await self._write(intent, over, kept_s=kept_s)
        except Overtaken:
            found, revision = await self._read(key)
            # A deleted key has a revision, too.
            if over is not None or found is not None or not revision:
                raise
            return await self._write(intent, None, revision, kept_s)

    async def complete(
        self,
        key: str,
        outcome: dict[str, Any],
        *,
        of: IdempotencyRecord | None = None,
        absent: bool = False,
        about: About | None = None,
        kept_s: int | None = None,
    ) -> IdempotencyRecord:
        """Write down what came of it; keeps the note, unless that is about something else.

        Args:
            of: the intent as this process has read or written it. Without it, whatever is there is completed.
            absent: nothing may be there.
            kept_s: seconds after which nobody needs the record any more; None keeps it.

        Raises:
            Overtaken: with `of` or `absent`, something else is under the key by now.
        """
        for _ in range(CONFLICTS):
            before, revision = (of, of.revision) if of is not None else await self._read(key)
            if absent and before is not None and of is None:
                raise Overtaken(f"somebody else has written the record {key} meanwhile")
            same = before if before is None or about is None or before.answers_for(about) else None
            done = IdempotencyRecord(
                key,
                "done",
                same.begun_at if same else datetime.now(UTC),
                same.note if same else {},
                outcome,
                _together(about, before),
            )
            try:
                return await self._write(done, before, revision, kept_s)
            except Overtaken:
                if of is not None or absent:
                    raise
        raise Overtaken(f"the record {key} is written by others again and again")

    async def delete(self, key: str, *, of: IdempotencyRecord | None = None) -> None:
        """Forget the intent. Raises Overtaken: with `of`, something else is under the key by now."""
        for _ in range(CONFLICTS):
            before, revision = (of, of.revision) if of is not None else await self._read(key)
            if before is None:
                return
            headers = {"KV-Operation": "PURGE", js_api.Header.ROLLUP: "sub"}
            try:
                await self._store(before, b"", revision, headers, MARKER_S)
            except Overtaken:
                if of is not None:
                    raise
            else:
                return
        raise Overtaken(f"the record {key} is written by others again and again")

    async def keys(self, prefix: str) -> list[str]:
        """Keys that start with `prefix` and a dot."""
        # nats-py's own `keys(filters=...)` compares substrings, so the subject filter of a watch does it.
        bucket = await self._open()
        found: list[str] = []
        try:
            watcher = await bucket.watch(f"{prefix}.>", ignore_deletes=True, meta_only=True)
            async with asyncio.timeout(10):
                async for entry in watcher:
                    if entry is None:
                        break
                    found.append(entry.key)
            await watcher.stop()  # type: ignore[no-untyped-call]
        except _AWAY as error:
            raise _unanswered(error) from error
        return found

    async def _read(self, key: str) -> tuple[IdempotencyRecord | None, int]:
        """The record, and the key's revision: also of one that was deleted; 0 where nothing ever was."""
        bucket = await self._open()
        try:
            with cancelling.heard():
                entry = await bucket.get(_checked(key))
        except (KeyNotFoundError, KeyDeletedError) as absent:
            deleted = absent.entry
            return None, deleted.revision or 0 if deleted is not None else 0
        except _AWAY as error:
            raise _unanswered(error) from error
        revision = entry.revision or 0
        found = _record(key, json.loads(entry.value or b"{}"), revision)
        if found.state == "begun":
            found = replace(found, begun_at=self._ages.begun_at(key, revision, found.begun_at))
        return found, revision

    async def _write(
        self,
        record: IdempotencyRecord,
        before: IdempotencyRecord | None,
        revision: int | None = None,
        kept_s: int | None = None,
    ) -> IdempotencyRecord:
        last = revision if revision is not None else before.revision if before is not None else 0
        fence = self.fence()
        _refuse_if_older(fence, before)
        document = {
            "state": record.state,
            "begun_at": record.begun_at.isoformat(),
            "note": record.note,
            "outcome": record.outcome,
            **({"about": asdict(record.about)} if record.about is not None else {}),
            **({"fence": asdict(fence)} if fence is not None else {}),
        }
        body = json.dumps(document, ensure_ascii=False).encode()
        written = await self._store(replace(record, fence=fence), body, last, {}, kept_s)
        if record.state == "begun":
            self._ages.begun_at(record.key, written, record.begun_at)
        else:
            self._ages.forget(record.key)
        return replace(record, revision=written, fence=fence)

    async def _store(
        self, record: IdempotencyRecord, body: bytes, last: int, headers: dict[str, str], ttl_s: int | None
    ) -> int:
        """Set the key if its revision is still `last`; the new revision."""
        await self._open()
        # Again, and last: whoever was stopped in between may not write any more.
        fence = self.fence()
        _refuse_if_older(fence, record)
        headers = {**headers, js_api.Header.EXPECTED_LAST_SUBJECT_SEQUENCE: str(last)}
        try:
            with cancelling.heard():
                stored = await self._jetstream().publish(
                    f"$KV.{IDEMPOTENCY.name}.{_checked(record.key)}", body, headers=headers, msg_ttl=ttl_s
                )
        except APIError as error:
            if error.err_code in _WRONG_REVISION:
                raise Overtaken(f"somebody else has written the record {record.key} meanwhile") from error
            raise _unanswered(error) from error
        except _AWAY as error:
            raise _unanswered(error) from error
        return stored.seq

    def _jetstream(self) -> JetStreamContext:
        if self._client is None:
            raise RuntimeError("the records is used before its service has started")
        return self._client.jetstream(timeout=5)

    async def _open(self) -> KeyValue:
        if self._bucket is None:
            try:
                with cancelling.heard():
                    self._bucket = await self._jetstream().key_value(IDEMPOTENCY.name)
            except _AWAY as error:
                raise _unanswered(error) from error
        return self._bucket


def _record(key: str, document: dict[str, Any], revision: int) -> IdempotencyRecord:
    about, fence = document.get("about"), document.get("fence")
    return IdempotencyRecord(
        key,
        document["state"],
        datetime.fromisoformat(document["begun_at"]),
        document.get("note", {}),
        document.get("outcome", {}),
        About(about["place"], tuple(about["marks"])) if about else None,
        revision,
        Fence(fence["epoch"], fence["number"]) if fence else None,
    )


def _together(about: About | None, before: IdempotencyRecord | None) -> About | None:
    """By the marks of before as well, if it is the same thing."""
    known = before.about if before is not None else None
    if about is None or known is None:
        return about or known
    return replace(about, marks=tuple(dict.fromkeys((*about.marks, *known.marks)))) if about.is_same(known) else about


def _refuse_if_older(fence: Fence | None, before: IdempotencyRecord | None) -> None:
    if fence is not None and before is not None and before.fence is not None and fence.is_older_than(before.fence):
        raise Overtaken(f"another process has taken over, and has written the record {before.key}")


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise Permanent(f"{key!r} is no records key: letters, digits and - _ . / = only")
    return key


def _unanswered(error: BaseException) -> Transient:
    return Transient(f"the records in NATS does not answer: {error or type(error).__name__}")
