"""Tracks and their deliveries in words."""

from __future__ import annotations

from collections.abc import Sequence

from navaar_bot.templates import words
from navaar_bot.templates.markup import LONGEST_REASON, bold, code, linked, plain
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.music import ScoredCandidate
from navaar_contracts.queries import DeliveryView, JoinedTrack, LogEntry, TrackView
from navaar_text import labels

NO_NAME = "Without a name"
_EXPECTED = (DeliveryState.SYNCED, DeliveryState.DUPLICATE)


def name(track: TrackView) -> str:
    return plain(track.display or track.title or NO_NAME)


def in_one_line(track: TrackView, *, link: bool = False) -> str:
    """'#12 Googoosh - Pol · from TG: ✅ YT ⏳ SP'"""
    where = f" [{plain(track.link)}]" if link else ""
    states = " ".join(f"{words.sign(d.state)} {d.target.short.upper()}" for d in track.deliveries)
    extra = f": {states}" if states else {"baseline": ", was there before"}.get(track.state, "")
    many = f" · {posts(track)}" if track.posts > 1 else ""
    return f"#{track.id} {name(track)}{where} · from {track.origin.short.upper()}{extra}{many}"


def posts(track: TrackView) -> str:
    """'2 posts, one song'"""
    return f"{labels.count(max(track.posts, 1 + len(track.joined)), 'post')}, one song"


def joined(other: JoinedTrack) -> tuple[str, ...]:
    """What was joined to a track: what and where it is, when it was joined, and why."""
    where = f"{other.origin.label} {code(other.origin_external_id)}"
    why = f": {plain(other.why, LONGEST_REASON)}" if other.why else ""
    return (
        f"#{other.track_id} {linked(other.said, other.url)} · {where}",
        f"    joined {words.moment(other.joined_at)} UTC{why}",
    )


def waiting(track: TrackView, delivery: DeliveryView) -> str:
    """'#12 Googoosh - Pol · TG → SP: being searched'"""
    state = labels.standing(delivery).in_short
    if delivery.state is DeliveryState.RETRY_SCHEDULED and delivery.due_at is not None:
        state += f" at {delivery.due_at:%H:%M}"
    why = f" – {plain(delivery.reason, LONGEST_REASON)}" if delivery.reason else ""
    return f"#{track.id} {name(track)} · {labels.direction_in_short(delivery.direction)}: {state}{why}"


def failure(track: TrackView, delivery: DeliveryView) -> str:
    why = f"\n    {plain(delivery.reason, LONGEST_REASON)}" if delivery.reason else ""
    return f"#{track.id} {name(track)} · {labels.direction_in_short(delivery.direction)}{why}"


def head(track: TrackView) -> str:
    return f"<b>#{track.id}</b> {bold(track.display or track.title or NO_NAME)}"


def in_full(track: TrackView, addresses: dict[Platform, str], *, link: bool) -> tuple[str, ...]:
    """Every field that means something to a person."""
    recording = track.recording
    found = [f"From {track.origin.label}, {words.moment(track.created_at)} UTC"]
    if link:
        found.append(f"Link: {plain(track.link)}")
    found.append(f"State: {plain(track.state)}" + (", from the first reading" if track.backfill else ""))
    if recording is not None:
        heard = "sound known" if recording.fingerprint else ""
        facts = [words.length(recording.duration_s), recording.album or "", recording.isrc or "", heard]
        about = " · ".join(plain(fact) for fact in facts if fact)
        if about:
            found.append(about)
    elif track.item.duration_s:
        found.append(words.length(track.item.duration_s))
    if track.identification_method:
        method = labels.SHORT_METHODS.get(track.identification_method, track.identification_method)
        found.append(f"Identified by {plain(method)}")
    for platform, external_id in track.items.items():
        shown = linked(platform.label, addresses.get(platform))
        found.append(f"On {shown}: {code(external_id)}")
    for delivery in track.deliveries:
        found.extend(delivered(delivery))
    if track.joined:
        found.append(f"<b>{posts(track)}</b>")
        for other in track.joined:
            found.extend(joined(other))
    found.append(f"Changed: {words.moment(track.updated_at)} UTC")
    if track.trace_id:
        found.append(f"Trace: {code(track.trace_id)}")
    return tuple(found)


def delivered(delivery: DeliveryView) -> list[str]:
    """One delivery: state, reason, retries, and what was chosen."""
    direction, state = words.direction_at_length(delivery.direction), labels.standing(delivery).in_short
    head = f"{words.sign(delivery.state)} {direction}: {state}"
    if delivery.synced_at is not None:
        head += f", {words.moment(delivery.synced_at)}"
    if delivery.due_at is not None and delivery.state is DeliveryState.RETRY_SCHEDULED:
        head += f" at {delivery.due_at:%H:%M}"
    if delivery.retries:
        head += f" (retry {delivery.retries} of {delivery.max_retries})"
    found = [head]
    if delivery.reason and delivery.state not in _EXPECTED:
        found.append(f"    {plain(delivery.reason, LONGEST_REASON)}")
    if delivery.chosen is not None:
        found.append(f"    {candidate(delivery.chosen)}")
    return found


def candidate(scored: ScoredCandidate) -> str:
    """'Googoosh - Pol (3:45) · 96 % · title agrees, 1 s longer'"""
    one = scored.candidate
    artists = ", ".join(one.artists)
    # A video's title often names the artist itself.
    called = f"{artists} - {one.title}" if artists and not _begins_with(one.title, one.artists) else one.title
    parts = [linked(called, one.url), words.length(one.duration_s), f"{scored.score:.0%}"]
    if one.isrc:
        parts.append(f"ISRC {plain(one.isrc, 20)}")
    if scored.reasons:
        parts.append(plain(", ".join(scored.reasons), LONGEST_REASON))
    return " · ".join(part for part in parts if part)


def _begins_with(title: str, artists: Sequence[str]) -> bool:
    return any(artist and title.casefold().startswith(f"{artist.casefold()} - ") for artist in artists)


def logged(entry: LogEntry, *, track: bool) -> str:
    """'22 Nov 14:03 #12 YT → SP Placed on spotify as …'"""
    parts = [f"<i>{words.moment(entry.created_at)}</i>"]
    if track and entry.track_id is not None:
        parts.append(f"#{entry.track_id}")
    if entry.direction is not None:
        parts.append(labels.direction_in_short(entry.direction))
    parts.append(plain(entry.details or entry.event.replace("_", " "), LONGEST_REASON))
    return " ".join(parts)


def paused(directions: Sequence[Direction]) -> str:
    return ", ".join(labels.direction_in_short(d) for d in directions)
