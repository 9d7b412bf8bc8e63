"""What the identifier heard in a download: whether it may be posted, and whether another track sounds like it.

Until then the delivery counts as downloading. First the sound is saved with its keys, then others that share some are
looked up, as with names: two tracks that are heard at the same moment cannot miss each other.
"""

from __future__ import annotations

from navaar_contracts.events import AudioChecked, IdentityJudged
from navaar_contracts.music import Sameness
from navaar_ledger.domain.audio_source import source_refused
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.effects import discard
from navaar_ledger.domain.merge import joined_as_judged, suspects
from navaar_ledger.domain.overrides import holds_for, override_keys
from navaar_ledger.domain.track import SOUNDS_IN_COMMON, Delivery, Track
from navaar_ledger.domain.transitions import passed


def checked(track: Track, delivery: Delivery, event: AudioChecked, facts: Facts) -> Change:
    """The download passes, or another upload is looked for.

    Raises:
        OverridesNeeded, SharingNeeded, TrackNeeded: look that up and decide again.
    """
    audio = delivery.downloaded
    if audio is None or audio.name != event.audio_name or delivery.suspects:
        return Change(track)
    if delivery.heard:
        return _compared(track, delivery, facts)
    refused = event.judgement.same is Sameness.NO
    vouched = refused and _is_vouched_for(track, delivery, facts)
    why = "; ".join(event.judgement.reasons)
    if refused and not vouched:
        reason = f"The download is not the recording asked for: {why}."
        wasted = delivery.moved(facts.at, audio=None, audio_of=None)
        change = source_refused(track, wasted, reason, facts)
        return Change(change.track, change.entries, (*change.messages, discard(track, audio)))
    details = f"Listened to the download: {why}." + (" A person picked this video, so it is used." if vouched else "")
    known = _remembered(track, delivery, event, again=vouched).with_delivery(delivery.moved(facts.at, heard=True))
    return Change(known, (AuditEntry("audio_checked", details, delivery.direction),), again=True)


def judged(track: Track, delivery: Delivery, event: IdentityJudged, facts: Facts) -> Change:
    """A track that sounds like the download is the same recording, or none of them is."""
    if not delivery.suspects:
        return Change(track)
    return joined_as_judged(track, event, facts) or Change(track.with_delivery(passed(delivery, facts.at)))


def _compared(track: Track, delivery: Delivery, facts: Facts) -> Change:
    mine = set(track.sound_keys)
    alike = [other for other in facts.sharers() if len(mine & set(other.sound_keys)) >= SOUNDS_IN_COMMON]
    found = suspects(track, alike, facts)
    moved = delivery.moved(facts.at, suspects=found) if found else passed(delivery, facts.at)
    return Change(track.with_delivery(moved))


def _remembered(track: Track, delivery: Delivery, event: AudioChecked, *, again: bool) -> Track:
    recording = track.recording
    if event.fingerprint is None or recording is None or (recording.fingerprint is not None and not again):
        return track
    return track.changed(
        recording=recording.model_copy(update={"fingerprint": event.fingerprint}),
        sound_keys=event.sound_keys,
        heard_in=delivery.audio_of,
    )


def _is_vouched_for(track: Track, delivery: Delivery, facts: Facts) -> bool:
    """Whether a person picked this video for the recording, there or where it comes from."""
    if track.recording is None:
        return False
    places = (delivery.target, *track.audio_givers)
    keys = [key for each in places for key in override_keys(track.link, track.recording, each)]
    picked = (
        r for r in facts.overridden(tuple(keys)).values() if holds_for(r, track.recording) and r.chosen is not None
    )
    return any(override.chosen is not None and override.chosen.id == delivery.audio_of for override in picked)
