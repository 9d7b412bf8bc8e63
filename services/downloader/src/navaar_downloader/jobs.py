"""What the service and its download processes say to each other: one JSON object a line, over pipes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from navaar_contracts.music import Recording, Value

Stage = Literal["extract", "media", "cover", "convert", "finish"]


class FetchOptions(Value):
    """How yt-dlp shall behave; the same for every job of a service."""

    generic: bool = False
    """The address is not YouTube's: any plain audio file there may be fetched."""
    sleep_requests_s: float = Field(default=0, ge=0)
    cookies_file: str | None = None
    cookies_copy: str | None = None
    """Where the process may keep its own copy of the cookies; a path no other process uses."""
    cache_dir: str | None = None
    proxy: str | None = None
    """None: what the environment says; empty: none at all."""
    extractor_args: dict[str, dict[str, list[str]]] = Field(default_factory=dict)
    """Extractor -> argument -> values."""


class Job(Value):
    """Fetch one video's audio into `folder`, or (`only_probe`) find out whether it could be fetched."""

    video_id: str
    url: str
    folder: str
    recording: Recording = Recording()
    cover_url: str | None = None
    expected_duration_s: float | None = None
    limit_bytes: int = Field(gt=0)
    """Of the finished file, cover and tags included."""
    timeout_s: float = Field(gt=0)
    only_probe: bool = False
    options: FetchOptions = FetchOptions()
    traceparent: str | None = None
    """W3C trace context of the step this job belongs to."""


class Ready(Value):
    """The process has loaded everything and waits for jobs."""

    what: Literal["ready"] = "ready"
    yt_dlp: str
    where: str | None = None
    """The folder that yt-dlp was imported from."""
    ffmpeg: str | None = None
    """Version; None when there is no usable ffmpeg."""
    js_runtime: str | None = None
    """Path; None when YouTube's challenges cannot be solved."""


class DownloadProgress(Value):
    """A sign of life."""

    what: Literal["progress"] = "progress"
    stage: Stage
    fraction: float | None = Field(default=None, ge=0, le=1)
    """Of the stage; None when the whole is not known."""


class Product(Value):
    """The finished file. Paths are inside the job's folder."""

    what: Literal["product"] = "product"
    path: str
    mime_type: str
    duration_s: float
    title: str
    artist: str | None = None
    cover: str | None = None
    """JPEG of at most 320 pixels and 200 kB."""
    remarks: tuple[str, ...] = ()
    """What went less than perfectly, for the log."""


class Probed(Value):
    """The job was only to probe, and the audio could be fetched."""

    what: Literal["probed"] = "probed"


class Trouble(Value):
    """Why there is no product: facts about the error, to be judged by the service."""

    what: Literal["trouble"] = "trouble"
    stage: Stage
    kinds: tuple[str, ...]
    """Class names of the error, its bases and its causes, nearest first."""
    text: str
    status: int | None = None
    """HTTP status, where there was one."""
    retry_after_s: float | None = None
    errno: int | None = None
    expected: bool = False
    """yt-dlp says that the site, not yt-dlp, is the reason."""


Answer = Ready | DownloadProgress | Product | Probed | Trouble
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="what")])

MAX_LINE_BYTES = 1024 * 1024


def read_answer(raw: bytes) -> Answer:
    """The answer in one line; pydantic.ValidationError when it is none."""
    return _ANSWER.validate_json(raw)
