"""One job from video to finished file. Runs inside a download process."""

from __future__ import annotations

from pathlib import Path

from navaar_downloader.audio_probe import AudioFile, probe
from navaar_downloader.bitrate import GOOD_KBPS, CannotFit, Encode, Fits, encoding_for, fit
from navaar_downloader.cover_download import fetch_picture
from navaar_downloader.covers import BadCover, Cover, render
from navaar_downloader.encoding import convert, is_audible
from navaar_downloader.jobs import Job, Product
from navaar_downloader.tagging import tags_for, write_tags
from navaar_downloader.unusable import Unusable, length_problem
from navaar_downloader.ytdlp import Report, Source, fetch

_TAGS_BYTES = 16_384
"""Room for tags and the padding mutagen leaves."""


def produce(job: Job, report: Report) -> Product | None:
    """Carry out a job; None when it was only to probe.

    Raises:
        Unusable: the audio can never be used, with a reason for a person.
        FfmpegFailed, FfmpegMissing, OSError, yt_dlp errors: see `ytdlp.trouble_of`.
    """

    def check_length(duration_s: float) -> None:
        if isinstance(plan := encoding_for(duration_s, job.limit_bytes), CannotFit):
            raise Unusable(plan.reason)

    report("extract", None)
    source = fetch(job, report, check_length)
    if job.only_probe:
        return None
    report("cover", None)
    cover, remarks = _cover(job, source)
    reserved = _TAGS_BYTES + (len(cover.embedded) if cover else 0)
    audio, measured = _in_shape(job, source, reserved, report)
    report("finish", None)
    tags = tags_for(job.recording, source.title, job.video_id)
    write_tags(audio, tags, cover.embedded if cover else None)
    return Product(
        path=str(audio),
        mime_type="audio/mpeg" if audio.suffix == ".mp3" else "audio/mp4",
        duration_s=round(measured.duration_s or 0, 3),
        title=tags.title,
        artist=tags.artist,
        cover=_thumbnail(cover, Path(job.folder)),
        remarks=remarks,
    )


def _in_shape(job: Job, source: Source, reserved: int, report: Report) -> tuple[Path, AudioFile]:
    """The audio as m4a or mp3, as long as it should be and small enough: copied if that does, else encoded to fit."""
    original = probe(source.path)
    length = original.duration_s or source.duration_s or job.expected_duration_s
    kbps = None if original.shape != "other" else GOOD_KBPS
    if kbps is not None and length is not None:
        kbps = _kbps(encoding_for(length, job.limit_bytes, reserved_bytes=reserved))
    while True:
        suffix = ".mp3" if original.shape == "mp3" and kbps is None else ".m4a"
        target = Path(job.folder) / f"audio{suffix}"
        convert(source.path, target, kbps=kbps, duration_s=length, report=lambda share: report("convert", share))
        measured = probe(target)
        duration = _checked_duration(target, measured, job)
        plan = fit(
            target.stat().st_size,
            duration,
            job.limit_bytes,
            reserved_bytes=reserved,
            source_kbps=measured.kbps,
            below_kbps=kbps,
        )
        if isinstance(plan, Fits):
            return target, measured
        kbps = _kbps(plan)


def _kbps(plan: Encode | CannotFit) -> int:
    if isinstance(plan, CannotFit):
        raise Unusable(plan.reason)
    return plan.kbps


def _checked_duration(path: Path, measured: AudioFile, job: Job) -> float:
    if not measured.duration_s or not is_audible(path):
        raise Unusable("what arrived is not playable audio: it has no sound in it")
    if problem := length_problem(measured.duration_s, job.expected_duration_s):
        raise Unusable(problem)
    return measured.duration_s


def _cover(job: Job, source: Source) -> tuple[Cover | None, tuple[str, ...]]:
    """The first picture that can be had; a song without one is still a song."""
    remarks: list[str] = []
    for url in dict.fromkeys(u for u in (job.cover_url, job.recording.cover_url, source.thumbnail_url) if u):
        try:
            picture = fetch_picture(url, own_network=job.options.generic, proxy=job.options.proxy)
            return render(picture), tuple(remarks)
        except BadCover as problem:
            remarks.append(str(problem))
    return None, tuple(remarks)


def _thumbnail(cover: Cover | None, folder: Path) -> str | None:
    if cover is None:
        return None
    path = folder / "cover.jpg"
    path.write_bytes(cover.thumbnail)
    return str(path)
