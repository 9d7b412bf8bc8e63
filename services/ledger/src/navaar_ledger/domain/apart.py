"""Which tracks are known to be two songs because a person said so. Pure.

A track carries what concerns it as pairs of numbers (`Track.parted`), so that no later decision has to look it up: it
gets them when it is parted, or when it is identified as a recording that was parted before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from navaar_ledger.domain.overrides import Apart, Named, Override, apart_keys, kept_apart, name_of
from navaar_ledger.domain.track import Track


def apart(one: Track, other: Track) -> bool:
    """Whether a person said that they are two songs, or that an item of one is not the recording of the other."""
    return are_parted(one, other) or _disowns(one, other) or _disowns(other, one)


def are_parted(one: Track, other: Track) -> bool:
    """Whether a person said that they are two songs."""
    return _parted(one, other) or _parted(other, one)


def _parted(one: Track, other: Track) -> bool:
    numbers = {other.id, *other.absorbed}
    known = set(other.parted)
    return any(theirs in numbers or (theirs, mine) in known for mine, theirs in one.parted)


def _disowns(one: Track, other: Track) -> bool:
    said = {platform: {*d.undone, *d.rejected} for platform, d in one.deliveries.items()}
    return any(external_id in said.get(platform, ()) for platform, external_id in other.items.items())


def is_let_go(closed: Track, root: Track) -> bool:
    """Whether `closed` has been parted from `root` and is not open yet: a crash was between the two writes."""
    named = any(other == closed.id for _, other in root.parted)
    return closed.parting is not None and closed.id not in root.absorbed and named


def named(track: Track) -> Named:
    """The track's recording as rules know it."""
    item, recording = track.item, track.recording
    marks = [f"item:{track.origin}|{track.origin_external_id}"]
    marks += [f"file:{item.file_unique_id}"] if item.file_unique_id else []
    if recording is None:
        return Named(name="", marks=tuple(marks))
    return Named(
        name=name_of(recording),
        isrc=recording.isrc.upper() if recording.isrc else None,
        duration_s=recording.duration_s,
        marks=tuple(marks),
    )


def rule_keys(track: Track) -> tuple[str, ...]:
    """Where to look for what the track was parted from before it was this track."""
    return apart_keys(track.link, named(track))


def with_rules(track: Track, found: Mapping[str, Override]) -> Track:
    """The track with what was decided about its recording under earlier numbers."""
    rules = {rule: None for override in found.values() for rule in override.apart}
    pairs = kept_apart(named(track), rules)
    new = [pair for pair in pairs if pair not in track.parted and track.id not in pair]
    return track.changed(parted=(*track.parted, *new)) if new else track


def same_side(each: Track, one: Track, other: Track) -> bool:
    """Whether, of two tracks that are parted, `each` is called and marked like the one, and not like the other."""
    rule = Apart(one=named(one), one_id=one.id, other=named(other), other_id=other.id)
    return kept_apart(named(each), (rule,)) == ((one.id, other.id),)


def rule_between(
    one: Track, other: Track, known: Mapping[str, Override], by: str, at: datetime
) -> tuple[tuple[str, Override], ...]:
    """What to keep so that these two are never joined; what was kept under the same names before stays."""
    rule = Apart(one=named(one), one_id=one.id, other=named(other), other_id=other.id)
    keys = dict.fromkeys((*rule_keys(one), *rule_keys(other)))
    kept = []
    for key in keys:
        before = known.get(key)
        rules = before.apart if before is not None else ()
        others = tuple(r for r in rules if (r.one_id, r.other_id) != (rule.one_id, rule.other_id))
        kept.append((key, Override(by=by, made_at=at, apart=(*others, rule))))
    return tuple(kept)
