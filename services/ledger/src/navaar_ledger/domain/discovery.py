"""An item was seen that nobody knew: a new track."""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.events import ItemSighted
from navaar_contracts.identifiers import FirstSync, Platform
from navaar_contracts.links import Link
from navaar_contracts.music import ItemMetadata
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Delivery, Newborn, Track, TrackStep


def create(
    sighted: ItemSighted, who: Newborn, facts: Facts, trace: str | None = None, *, waits: bool = False
) -> Change:
    """The track of an item nobody has claimed before; it `waits` where others of its collection are in hand."""
    at, policy = facts.at, facts.policy
    link = policy.links[sighted.link]
    origin = sighted.platform
    baseline = sighted.first_read and policy.first_sync_of(sighted.link) is FirstSync.BASELINE
    deliveries = {} if baseline else _deliveries(link, origin, who, sighted.first_read, at, policy)
    step = first_step(origin, sighted.item, policy)
    track = Track(
        id=who.track_id,
        identity=who.identity,
        link=sighted.link,
        step=TrackStep.WAIT if waits else step,
        origin=origin,
        origin_external_id=sighted.external_id,
        item=sighted.item,
        backfill=sighted.first_read,
        held=policy.plans(sighted.link),
        baseline=baseline,
        items={origin: sighted.external_id},
        changed_at=at,
        deliveries=deliveries,
        trace=trace,
        created_at=at,
        updated_at=at,
    )
    how = "; recorded as already there, it is synced nowhere" if baseline else ""
    how = "; planned only, nothing is written" if track.held else how
    entries = [AuditEntry("track_discovered", f"Found on {origin}: {track.display}{how}.")]
    if origin.spec.gives_files and step is TrackStep.IDENTIFY and not names_itself(sighted.item):
        entries.append(AuditEntry("fetch_skipped", _why_no_fetch(sighted, policy)))
    return Change(track, tuple(entries))


def _deliveries(
    link: Link, origin: Platform, who: Newborn, backfill: bool, at: datetime, policy: Policy
) -> dict[Platform, Delivery]:
    return {
        direction.target: Delivery(
            target=direction.target,
            origin=origin,
            track_id=who.track_id,
            identity=who.identity,
            backfill=backfill,
            released=policy.releases_at_once(link, direction),
            changed_at=at,
        )
        for direction in link.directions()
        if direction.origin == origin
    }


def first_step(platform: Platform, item: ItemMetadata, policy: Policy) -> TrackStep:
    """Whether the item's file is needed to identify it."""
    if not platform.spec.gives_files or not item.file_id:
        return TrackStep.IDENTIFY
    named = names_itself(item)
    if named and not policy.listens:
        return TrackStep.IDENTIFY
    limit = min(policy.fetch_limit, policy.hear_limit) if named else policy.fetch_limit
    too_big = item.size_bytes is not None and item.size_bytes > limit
    return TrackStep.IDENTIFY if too_big else TrackStep.FETCH


def names_itself(item: ItemMetadata) -> bool:
    """Performer and title suffice to identify it; its file only tells how it sounds."""
    return bool(item.title.strip() and any(artist.strip() for artist in item.artists))


def _why_no_fetch(sighted: ItemSighted, policy: Policy) -> str:
    size = sighted.item.size_bytes
    if size is not None and size > policy.fetch_limit:
        return (
            f"The file has {size / 1024**2:.0f} MB, more than the {policy.fetch_limit / 1024**2:.0f} MB a bot may "
            "download: identified from its name alone."
        )
    return "The post names no file to download: identified from its name alone."
