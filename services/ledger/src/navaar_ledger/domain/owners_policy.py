"""What a link's owner decided about its songs: which are left out, and when those that are let through may be placed.

Pure: a track, the policy and the clock in, a rule's name or a moment out. Songs of which a rule cannot tell, for nobody
knows how long they are, are let through.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from navaar_contracts.causes import Cause
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.policies import LinkPolicy, QuietHours
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Delivery, Track
from navaar_ledger.domain.transitions import left_out


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`rule` is the key of the policy."""

    rule: str
    why: str

    def told(self) -> str:
        return f"Left out by the rule {self.rule}: {self.why}. A retry of this song asks for it all the same."


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is placed there before `until`."""

    cause: Cause
    why: str
    until: datetime


def leaves_out(track: Track, delivery: Delivery, policy: Policy) -> LeftOut | None:
    """The rule that keeps this delivery from being made; None where a person asked for just this one, or none does."""
    link = policy.links.get(track.link)
    if link is None or delivery.insisted:
        return None
    direction = delivery.direction
    if not link.is_open(direction):
        way = f"{direction.origin.label} to {direction.target.label}"
        return LeftOut("directions", f"the way from {way} is closed")
    return _filtered(track, link.policy)


def _filtered(track: Track, policy: LinkPolicy) -> LeftOut | None:
    recording, item = track.recording, track.item
    length = (recording.duration_s if recording is not None else None) or item.duration_s
    if length and policy.min_length is not None and length < policy.min_length:
        return LeftOut("min_length", f"it lasts {_minutes(length)}, less than {_minutes(policy.min_length)}")
    if length and policy.max_length is not None and length > policy.max_length:
        return LeftOut("max_length", f"it lasts {_minutes(length)}, more than {_minutes(policy.max_length)}")
    versions = recording.version_kinds if recording is not None else ()
    is_explicit = item.explicit or (recording is not None and recording.explicit) or "explicit" in versions
    if is_explicit and not policy.explicit:
        return LeftOut("explicit", "it is marked as explicit")
    for kind in versions:
        if kind.lower() in policy.leave_out_versions:
            return LeftOut("leave_out_versions", f"it is {kind}")
    if policy.kinds is not None and item.kind not in policy.kinds:
        return LeftOut("kinds", f"it is of the kind {item.kind.value}")
    return None


def close(track: Track, target: Platform, facts: Facts) -> Change:
    """End a delivery that waits for its turn, where a rule leaves it out."""
    delivery = track.deliveries.get(target)
    if delivery is None or delivery.state is not DeliveryState.PENDING:
        return Change(track)
    rule = leaves_out(track, delivery, facts.policy)
    if rule is None:
        return Change(track)
    entry = AuditEntry("left_out", rule.told(), delivery.direction)
    return Change(track.with_delivery(left_out(delivery, rule.told(), facts.at)), (entry,))


def waits(policy: LinkPolicy, target: Platform, now: datetime, placed_today: int) -> Wait | None:
    """Why nothing more is placed on `target` now, and until when.

    Args:
        now: any time zone.
        placed_today: how many songs were placed there since the day began, or are on their way there.
    """
    quiet = None if policy.quiet_hours is None else quiet_until(policy.quiet_hours, policy.time_zone, now)
    if quiet is not None:
        return Wait(Cause.QUIET_HOURS, f"Quiet hours: it is placed after {_clock(quiet, policy)}", quiet)
    cap = policy.daily_caps.get(target)
    if cap is not None and placed_today >= cap:
        until = day_of(policy.time_zone, now)[1]
        return Wait(Cause.DAILY_CAP, f"{cap} songs a day go to {target.label}: it comes after midnight", until)
    return None


def quiet_until(hours: QuietHours, zone: str, now: datetime) -> datetime | None:
    """When the quiet hours end that it is now, in UTC; None where it is not quiet."""
    here = now.astimezone(ZoneInfo(zone))
    clock = here.time()
    over_midnight = hours.begin > hours.end
    inside = clock >= hours.begin or clock < hours.end if over_midnight else hours.begin <= clock < hours.end
    if not inside:
        return None
    day = here.date() + timedelta(days=1) if over_midnight and clock >= hours.begin else here.date()
    return datetime.combine(day, hours.end, here.tzinfo).astimezone(UTC)


def day_of(zone: str, now: datetime) -> tuple[datetime, datetime]:
    """When the day began that it is now by the clock of `zone`, and when it ends, in UTC."""
    here = now.astimezone(ZoneInfo(zone))
    begun = datetime.combine(here.date(), time(0), here.tzinfo)
    ends = datetime.combine(here.date() + timedelta(days=1), time(0), here.tzinfo)
    return begun.astimezone(UTC), ends.astimezone(UTC)


def _clock(at: datetime, policy: LinkPolicy) -> str:
    return f"{at.astimezone(ZoneInfo(policy.time_zone)):%H:%M} ({policy.time_zone})"


def _minutes(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
