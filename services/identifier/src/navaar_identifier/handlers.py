"""One function a message."""

from __future__ import annotations

import tempfile
from pathlib import Path

from navaar_contracts.commands import CheckAudio, ChooseMatch, IdentifyTrack, JudgeIdentity
from navaar_contracts.events import AudioChecked, FailureKind, IdentityJudged, MatchChosen, TrackIdentified
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import AudioReference, Sameness
from navaar_identifier.audio.check import judge_audio
from navaar_identifier.compare.lookup_keys import identity_keys, sound_keys
from navaar_identifier.compare.thresholds import Thresholds
from navaar_identifier.compare.verdicts import choose, same_recording
from navaar_identifier.identification import identify
from navaar_identifier.ports import AudioFiles, AudioProbe, ProbedAudio
from navaar_identifier.search_queries import queries
from navaar_runtime.failures import Permanent
from navaar_runtime.object_store import ObjectMissing


async def probed(audio: AudioReference | None, files: AudioFiles, probe: AudioProbe) -> ProbedAudio | None:
    """What the item's audio tells; None where there is no audio, or none any more."""
    if audio is None:
        return None
    with tempfile.TemporaryDirectory(prefix="navaar-identifier-") as folder:
        path = Path(folder) / "audio"
        try:
            await files.fetch(audio.name, audio.digest, path)
        except ObjectMissing:
            return None
        return await probe(path)


def identify_track(command: IdentifyTrack, audio: ProbedAudio | None) -> TrackIdentified:
    """Name the recording, and say how to look for it."""
    identified = identify(command.item, audio.tags if audio else None, command.platform)
    recording = identified.recording
    if audio and audio.fingerprint:
        recording = recording.model_copy(update={"fingerprint": audio.fingerprint})
    return TrackIdentified(
        link=command.link,
        track_id=command.track_id,
        attempt=command.attempt,
        recording=recording,
        method=identified.method,
        reasons=(*identified.reasons, *(audio.problems if audio else ())),
        keys=identity_keys(recording),
        sound_keys=sound_keys(recording.fingerprint),
        queries={
            platform: queries(recording, platform.spec.query_dialect)
            for platform in Platform
            if platform.spec.has_catalogue
        },
    )


def judge_identity(command: JudgeIdentity, thresholds: Thresholds) -> IdentityJudged:
    """Name the known track that is the same recording: the surest, and among equals the oldest."""
    judged = sorted(
        ((same_recording(command.recording, known.recording, thresholds), known.track_id) for known in command.known),
        key=lambda pair: (-pair[0].score, pair[1]),
    )
    same = next(((judgement, track) for judgement, track in judged if judgement.same is Sameness.YES), None)
    closest = same or (judged[0] if judged else None)
    return IdentityJudged(
        link=command.link,
        track_id=command.track_id,
        attempt=command.attempt,
        same_as=same[1] if same else None,
        judgement=closest[0] if closest else None,
        target=command.target,
    )


def check_audio(command: CheckAudio, audio: ProbedAudio | None) -> AudioChecked:
    """Say whether a download is the recording asked for, and keep how it sounds.

    Raises:
        Permanent: the download is gone; it has to be made again.
    """
    if audio is None:
        raise Permanent("The downloaded audio is gone; it is downloaded again.", FailureKind.AUDIO_MISSING)
    duration_s = command.audio.duration_s or audio.tags.duration_s
    return AudioChecked(
        link=command.link,
        track_id=command.track_id,
        attempt=command.attempt,
        audio_name=command.audio.name,
        judgement=judge_audio(command.recording, duration_s, audio.fingerprint, command.kind),
        fingerprint=audio.fingerprint,
        sound_keys=sound_keys(audio.fingerprint),
    )


def choose_match(command: ChooseMatch, thresholds: Thresholds) -> MatchChosen:
    """Say which candidate is the recording, if any."""
    return MatchChosen(
        link=command.link,
        track_id=command.track_id,
        attempt=command.attempt,
        target=command.target,
        round=command.round,
        choice=choose(command.recording, command.candidates, thresholds),
    )
