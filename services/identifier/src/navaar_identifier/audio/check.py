"""Audio check: whether downloaded audio is the recording that was asked for, before anybody hears the wrong song."""

from __future__ import annotations

from navaar_contracts.music import Judgement, Kind, Recording, Sameness
from navaar_identifier.audio.fingerprint import DIFFERENT, SAME, similarity

ALLOWED_S = 10.0
"""How much longer or shorter a download may be than the recording: silence at the ends, another encoder. Catalogues
agree to 1 s for 95 of 100 songs and to 7 s for 99."""
ALLOWED_VIDEO_S = 45.0
"""The same where the source is a video with pictures before and after the song."""
PICTURES_S = 45.0
"""How much later the song may begin in one of them."""
ALLOWED_SHARE = 0.08
"""Long recordings may differ by this share of their length."""


def judge_audio(
    wanted: Recording, duration_s: float | None, fingerprint: str | None = None, source: Kind = Kind.SONG
) -> Judgement:
    """Whether audio in hand is the wanted recording, by its sound and its length.

    Args:
        wanted: the recording that was asked for, with its length and fingerprint where they are known.
        duration_s: the length of the audio in hand, in seconds.
        fingerprint: its Chromaprint.
        source: what kind of entry it was taken from.

    Returns:
        NO when it must be refused, YES when sound or length agree, UNSURE when neither is known.
    """
    if wanted.fingerprint and fingerprint:
        likeness = similarity(wanted.fingerprint, fingerprint, PICTURES_S)
        if likeness >= SAME:
            return Judgement(same=Sameness.YES, score=likeness, reasons=("sounds the same",))
        if likeness < DIFFERENT:
            return Judgement(
                same=Sameness.NO, score=likeness, reasons=("sounds different from the recording asked for",)
            )
    if not wanted.duration_s or not duration_s:
        return Judgement(same=Sameness.UNSURE, score=0.5, reasons=("its length is not known",))
    gap = abs(duration_s - wanted.duration_s)
    allowed = ALLOWED_VIDEO_S if source in (Kind.VIDEO, Kind.UPLOAD) else ALLOWED_S
    allowed = max(allowed, ALLOWED_SHARE * wanted.duration_s)
    if gap > allowed:
        longer = "longer" if duration_s > wanted.duration_s else "shorter"
        return Judgement(same=Sameness.NO, score=0.0, reasons=(f"{gap:.0f} s {longer} than the recording asked for",))
    return Judgement(same=Sameness.YES, score=round(1 - 0.5 * gap / allowed, 4), reasons=("its length agrees",))
