"""What the identifier heard in a download: whether it may be posted, and whether another track sounds like it.

Until then the delivery counts as downloading. First the sound is saved with its keys, then others that share some are
looked up, as with names: two tracks that are heard at the same moment cannot miss each other.
"""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.events import AudioChecked, IdentityJudged
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Sameness
from navaar_ledger.domain.audio_source import source_refused
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.effects import discard
from navaar_ledger.domain.merge import meet, suspects
from navaar_ledger.domain.overrides import holds_for, ruling_keys
from navaar_ledger.domain.policy import Rules
from navaar_ledger.domain.track import SOUNDS_IN_COMMON, Delivery, Track
from navaar_ledger.domain.transitions import passed


def checked(track: Track, delivery: Delivery, event: AudioChecked, at: datetime, rules: Rules, facts: Facts) -> Change:
    """The download passes, or another upload is looked for.

    Raises:
        RulingsNeeded, SharingNeeded, TrackNeeded: look that up and decide again.
    """
    audio = delivery.downloaded
    if delivery.state is not DeliveryState.DOWNLOADING or audio is None or audio.name != event.audio_name:
        return Change(track)
    if delivery.suspects:
        return Change(track)
    if delivery.heard:
        return _compared(track, delivery, at, facts)
    refused = event.judgement.same is Sameness.NO
    vouched = refused and _is_vouched_for(track, delivery, facts)
    why = "; ".join(event.judgement.reasons)
    if refused and not vouched:
        reason = f"The download is not the recording asked for: {why}."
        wasted = delivery.moved(at, audio=None, audio_of=None)
        change = source_refused(track, wasted, reason, at, rules)
        return Change(change.track, change.entries, (*change.messages, discard(track, audio)))
    details = f"Listened to the download: {why}." + (" A person picked this video, so it is used." if vouched else "")
    known = _remembered(track, delivery, event, anew=vouched).with_delivery(delivery.moved(at, heard=True))
    return Change(known, (AuditEntry("audio_checked", details, delivery.direction),), again=True)


def judged(track: Track, delivery: Delivery, event: IdentityJudged, at: datetime, facts: Facts) -> Change:
    """A track that sounds like the download is the same recording, or none of them is."""
    if delivery.state is not DeliveryState.DOWNLOADING or not delivery.suspects:
        return Change(track)
    if event.same_as is not None:
        reasons = "; ".join(event.judgement.reasons) if event.judgement is not None else ""
        joined = meet(track, facts.track(event.same_as), reasons or "the identifier says so", at, facts)
        if joined is not None:
            return joined
    return Change(track.with_delivery(passed(delivery, at)))


def _compared(track: Track, delivery: Delivery, at: datetime, facts: Facts) -> Change:
    mine = set(track.sound_keys)
    alike = [other for other in facts.sharers() if len(mine & set(other.sound_keys)) >= SOUNDS_IN_COMMON]
    found = suspects(track, alike, facts)
    if found:
        return Change(track.with_delivery(delivery.moved(at, suspects=found)))
    return Change(track.with_delivery(passed(delivery, at)))


def _remembered(track: Track, delivery: Delivery, event: AudioChecked, *, anew: bool) -> Track:
    recording = track.recording
    if event.fingerprint is None or recording is None or (recording.fingerprint is not None and not anew):
        return track
    return track.changed(
        recording=recording.model_copy(update={"fingerprint": event.fingerprint}),
        sound_keys=event.sound_keys,
        heard_in=delivery.audio_of,
    )


def _is_vouched_for(track: Track, delivery: Delivery, facts: Facts) -> bool:
    """Whether a person picked this video for the recording, there or on YouTube."""
    if track.recording is None:
        return False
    keys = [k for p in (Platform.TELEGRAM, Platform.YOUTUBE) for k in ruling_keys(track.link, track.recording, p)]
    picked = (r for r in facts.ruled(tuple(keys)).values() if holds_for(r, track.recording) and r.chosen is not None)
    return any(ruling.chosen is not None and ruling.chosen.id == delivery.audio_of for ruling in picked)
