"""What the messages say about music: items, recordings, candidates, scores, audio."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from navaar_contracts.bounds import Count, Fingerprint, First, Id, Length, Share, Text, Texts


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

    title: Text = ""
    artists: Texts = ()
    album: Text | None = None
    duration_s: Length = None
    isrc: Text | None = None
    kind: Kind = Kind.AUDIO
    explicit: bool | None = None
    url: Text | None = None
    cover_url: Text | None = None
    file_name: Text | None = None
    mime_type: Text | None = None
    size_bytes: Count | None = None
    caption: Text | None = None
    file_id: Id | None = None
    """Telegram: what getFile takes."""
    file_unique_id: Id | None = None
    """Telegram: stable over time, the same for the same file posted again."""
    set_video_id: Id | None = None
    """YouTube: the entry in the playlist, needed to remove it."""


class AudioTags(Value):
    """What is written inside an audio file."""

    title: Text | None = None
    artist: Text | None = None
    album: Text | None = None
    isrc: Text | None = None
    duration_s: Length = None


class Reading(Value):
    """One way to read a name that text alone does not settle."""

    artist: Text | None = None
    title: Text


Readings = Annotated[tuple[Reading, ...], First(20)]


class Recording(Value):
    """Who a recording is."""

    artist: Text | None = None
    """The artist as written, joined as the source joined them."""
    artists: Texts = ()
    """Each main artist by itself."""
    featured: Texts = ()
    title: Text = ""
    """The bare title, without version words and noise."""
    version: Texts = ()
    """Version words as written: 'Live at Wembley', 'Kygo Remix'."""
    version_kinds: Texts = ()
    """What these words mean: 'live', 'remix'. Empty where an earlier version did not say."""
    album: Text | None = None
    duration_s: Length = None
    isrc: Text | None = None
    explicit: bool | None = None
    kind: Kind | None = None
    readings: Readings = ()
    """Other ways to read the name (reversed, no separator), likeliest first."""
    cover_url: Text | None = None
    fingerprint: Fingerprint | None = None
    """Chromaprint, compressed, where the audio was at hand."""

    @property
    def display(self) -> str:
        """'Artist - Title (Version)' for a person."""
        name = self.title + "".join(f" ({v})" for v in self.version)
        return f"{self.artist} - {name}" if self.artist else name


class Candidate(Value):
    """One answer of a platform's search."""

    id: Id
    title: Text
    artists: Texts = ()
    album: Text | None = None
    duration_s: Length = None
    isrc: Text | None = None
    kind: Kind = Kind.SONG
    explicit: bool | None = None
    url: Text | None = None
    cover_url: Text | None = None
    released: Text | None = None
    """When it came out, as exactly as the platform says: '2019', '2019-03' or '2019-03-22'. Texts of this form are in
    the order of their dates."""


Candidates = Annotated[tuple[Candidate, ...], First(100)]
"""Best first: the first hundred count."""


class Verdict(StrEnum):
    """The identifier's answer about a set of candidates."""

    MATCH = "match"
    REVIEW = "review"
    NONE = "none"


class ScoredCandidate(Value):
    candidate: Candidate
    score: Share
    reasons: Texts = ()
    """Plain words: 'title agrees', '3 s longer', 'candidate is a live version'."""


Ranked = Annotated[tuple[ScoredCandidate, ...], First(50)]


class Choice(Value):
    verdict: Verdict
    chosen: ScoredCandidate | None = None
    """Set for MATCH; for REVIEW the best of `ranked` is only a proposal."""
    ranked: Ranked = ()
    """Best first, at most five."""
    reason: Text = ""


class Sameness(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Judgement(Value):
    """Whether two items are one recording."""

    same: Sameness
    score: Share
    reasons: Texts = ()


class AudioReference(Value):
    """Audio waiting in the object store."""

    name: Id
    digest: Id
    """SHA-256, hexadecimal."""
    size_bytes: Count
    mime_type: Text = "audio/mp4"
    file_name: Text = "audio.m4a"
    duration_s: Length = None
    title: Text | None = None
    artist: Text | None = None
    cover_name: Id | None = None
    """Object name of a JPEG cover of at most 320 pixels and 200 kB."""
