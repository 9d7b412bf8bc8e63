"""What the messages say about music: items, recordings, candidates, scores, audio."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Value(BaseModel):
    """A frozen value. Unknown fields are ignored, so that a newer sender may add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Kind(StrEnum):
    """What sort of entry a platform's catalogue holds."""

    SONG = "song"
    """An audio track delivered by the label (Spotify track, YouTube Music ATV)."""
    VIDEO = "video"
    """An artist's official video (YouTube OMV)."""
    UPLOAD = "upload"
    """Anybody's upload (YouTube UGC)."""
    AUDIO = "audio"
    """An audio file in a channel."""


class ItemMetadata(Value):
    """What a platform told about one item of a collection, untouched."""

    title: str = ""
    artists: tuple[str, ...] = ()
    album: str | None = None
    duration_s: float | None = Field(default=None, ge=0)
    isrc: str | None = None
    kind: Kind = Kind.AUDIO
    explicit: bool | None = None
    url: str | None = None
    cover_url: str | None = None
    file_name: str | None = None
    mime_type: str | None = None
    size_bytes: int | None = Field(default=None, ge=0)
    caption: str | None = None
    file_id: str | None = None
    """Telegram: what getFile takes."""
    file_unique_id: str | None = None
    """Telegram: stable over time, the same for the same file posted again."""
    set_video_id: str | None = None
    """YouTube: the entry in the playlist, needed to remove it."""


class AudioTags(Value):
    """What is written inside an audio file."""

    title: str | None = None
    artist: str | None = None
    album: str | None = None
    isrc: str | None = None
    duration_s: float | None = None


class Reading(Value):
    """One way to read a name that text alone does not settle."""

    artist: str | None = None
    title: str


class Recording(Value):
    """Who a recording is."""

    artist: str | None = None
    """The artist as written, joined as the source joined them."""
    artists: tuple[str, ...] = ()
    """Each main artist by itself."""
    featured: tuple[str, ...] = ()
    title: str = ""
    """The bare title, without version words and noise."""
    version: tuple[str, ...] = ()
    """Version words as written: 'Live at Wembley', 'Kygo Remix'."""
    album: str | None = None
    duration_s: float | None = Field(default=None, ge=0)
    isrc: str | None = None
    explicit: bool | None = None
    kind: Kind | None = None
    readings: tuple[Reading, ...] = ()
    """Other ways to read the name (reversed, no separator), likeliest first."""
    cover_url: str | None = None
    fingerprint: str | None = None
    """Chromaprint, compressed, where the audio was at hand."""

    @property
    def display(self) -> str:
        """'Artist - Title (Version)' for a person."""
        name = self.title + "".join(f" ({v})" for v in self.version)
        return f"{self.artist} - {name}" if self.artist else name


class Candidate(Value):
    """One answer of a platform's search."""

    id: str
    title: str
    artists: tuple[str, ...] = ()
    album: str | None = None
    duration_s: float | None = Field(default=None, ge=0)
    isrc: str | None = None
    kind: Kind = Kind.SONG
    explicit: bool | None = None
    url: str | None = None
    cover_url: str | None = None
    released: str | None = None
    """When it came out, as exactly as the platform says: '2019', '2019-03' or '2019-03-22'. Texts of this form are in
    the order of their dates."""


class Verdict(StrEnum):
    """The identifier's answer about a set of candidates."""

    MATCH = "match"
    REVIEW = "review"
    NONE = "none"


class ScoredCandidate(Value):
    candidate: Candidate
    score: float = Field(ge=0, le=1)
    reasons: tuple[str, ...] = ()
    """Plain words: 'title agrees', '3 s longer', 'candidate is a live version'."""


class Choice(Value):
    verdict: Verdict
    chosen: ScoredCandidate | None = None
    """Set for MATCH; for REVIEW the best of `ranked` is only a proposal."""
    ranked: tuple[ScoredCandidate, ...] = ()
    """Best first, at most five."""
    reason: str = ""


class Sameness(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Judgement(Value):
    """Whether two items are one recording."""

    same: Sameness
    score: float = Field(ge=0, le=1)
    reasons: tuple[str, ...] = ()


class AudioReference(Value):
    """Audio waiting in the object store."""

    name: str
    digest: str
    """SHA-256, hexadecimal."""
    size_bytes: int = Field(ge=0)
    mime_type: str = "audio/mp4"
    file_name: str = "audio.m4a"
    duration_s: float | None = None
    title: str | None = None
    artist: str | None = None
    cover_name: str | None = None
    """Object name of a JPEG cover of at most 320 pixels and 200 kB."""
