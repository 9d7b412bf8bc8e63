"""From what went wrong in a download process to what it means for the service. Pure."""

from __future__ import annotations

import errno
import re

from navaar_downloader.jobs import Trouble
from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient

_PAUSE_S = 300.0  # after a 429 that names no time
_SESSION_PAUSE_S = 1800.0  # YouTube holds a session back "for up to an hour"
_SESSION_DELAY_S = 300.0  # a new session, or one that YouTube trusts again
_MOMENT_DELAY_S = 120.0
_PROCESSING_DELAY_S = 900.0
_LONGEST_REASON = 300

# Seen by the words that YouTube and yt-dlp use; they change, so each is a loose fragment, in lower case.
_BLOCKED = (
    "not a bot",
    "not a robot",
    "captcha",
    "your ip is likely being blocked",
    "unusual traffic",
    "automated quer",
)
_SESSION_LIMITED = ("rate-limited by youtube", "content isn't available, try again later")
_AGE = "the video is age-restricted; cookies of a signed-in account (NAVAAR_YTDLP_COOKIES_FILE) open it"
# Of the video alone, and never of this server's session: a private video asks to sign in, too.
_GONE: tuple[tuple[str, str], ...] = (
    ("private video", "the video is private"),
    ("video is private", "the video is private"),
    ("members-only", "the video is for the channel's members only"),
    ("members only", "the video is for the channel's members only"),
    ("join this channel", "the video is for the channel's members only"),
    ("requires payment", "the video must be paid for"),
    ("music premium", "the video is for YouTube Music Premium members only"),
    (
        "confirm your age",
        _AGE,
    ),
    (
        "age-restricted",
        _AGE,
    ),
    ("in your country", "the video is not available in this server's country"),
    ("in your location", "the video is not available in this server's country"),
    ("from your location", "the video is not available in this server's country"),
    ("copyright", "the video was taken down over a copyright claim"),
    ("account associated with this video", "the video is gone: its channel was closed"),
    ("account has been terminated", "the video is gone: its channel was closed"),
    ("has been removed", "the video was removed"),
    ("was removed", "the video was removed"),
    ("premieres in", "the video is not published yet"),
    ("premiere will begin", "the video is not published yet"),
    ("live event will begin", "the video is not published yet"),
    ("does not exist", "the video does not exist"),
    ("drm protected", "the video is protected against copying"),
)
# Headings: what follows them may say that it is only so for now, hence they are read after the words for that.
_UNAVAILABLE = ("video unavailable", "video is unavailable", "video is not available")
_PROCESSING = re.compile(r"\b(?:processing|being processed|processed yet|finished processing|being prepared)\b")
_SESSION = re.compile(
    r"\breload|\brefresh\b|\bsession\b|\bcookies?\b|\blog(?:ged)?[ -]?in\b|\bsign(?:ed)?[ -]?in\b|\bsign(?:ed)? out\b"
    r"|\bverify (?:it's|that it's|that you|your)\b|\byour (?:account|browser|network)\b"
    r"|\b(?:on|in|by) this (?:app|application|device|browser|client)\b|\blatest version\b|\bplayer response\b"
)
_MOMENT = re.compile(
    r"\blater\b|\btry(?:ing)? (?:it )?(?:again|once more)\b|\bretry\b|\btemporar|\bat (?:this|the) (?:time|moment)\b"
    r"|\b(?:right|for) now\b|\bcurrently\b|\bexperiencing\b|\bmomentar|\bshortly\b|\bin a (?:few|moment|minute|while)\b"
    r"|\btoo many\b|\berror occurred\b|\bunknown error\b|\bplayback error\b|\bwent wrong\b"
    r"|\b(?:internal|server|backend) error\b|\bservice (?:is )?unavailable\b|\boverload|\bbusy\b|\btimed out\b"
    r"|\btimeout\b|\bmaintenance\b|\bhaving trouble\b"
)
_VIDEO = re.compile(r"\b(?:video|upload|uploader|channel|owner|creator|stream|premiere|recording|clip|track|song)s?\b")
_NO_FORMATS = ("requested format is not available", "no video formats found", "only images are available")
_NETWORK = frozenset(
    {"TransportError", "ContentTooShortError", "TimeoutError", "ConnectionError", "URLError", "gaierror"}
)


def failure_of(trouble: Trouble, *, youtube: bool = True) -> Failure:
    """The failure that `trouble` amounts to, with a reason for a person.

    `youtube` False: it came from a plain media server, which means its statuses as they are written.
    """
    text = trouble.text.lower().replace("\u2019", "'")
    said = _without_hints(text)
    kinds = frozenset(trouble.kinds)
    return (
        _own_verdict(trouble, kinds)
        or _about_us(text, kinds)
        or _about_the_video(said, kinds)
        or (_about_the_moment(trouble, said, kinds) if youtube else None)
        or _unavailable(said, kinds)
        or _about_the_answer(trouble, youtube)
        or _about_the_way(trouble, text, kinds)
        or _unknown(trouble, said, youtube)
    )


def _own_verdict(trouble: Trouble, kinds: frozenset[str]) -> Failure | None:
    """Errors that our own code raised in the process; their text is already meant for people."""
    if "Unusable" in kinds:
        return Permanent(trouble.text)
    if "FfmpegMissing" in kinds:
        return Transient(trouble.text)
    if "FfmpegFailed" in kinds:
        return Permanent(f"what arrived is not playable audio: {_readable(trouble.text)}")
    return None


def _about_us(text: str, kinds: frozenset[str]) -> Failure | None:
    """Trouble that every other video would have as well."""
    if any(words in text for words in _BLOCKED):
        return AuthRejected(
            "YouTube asks this server to prove that it is no bot; "
            "fresh cookies of a signed-in browser help (NAVAAR_YTDLP_COOKIES_FILE)"
        )
    if "CookieLoadError" in kinds:
        return AuthRejected(
            "the cookies file (NAVAAR_YTDLP_COOKIES_FILE) cannot be read: export it as cookies.txt again"
        )
    if any(words in text for words in _SESSION_LIMITED):
        return RateLimited(_SESSION_PAUSE_S, "YouTube holds this server back for a while")
    return None


def _about_the_video(text: str, kinds: frozenset[str]) -> Failure | None:
    if "GeoRestrictedError" in kinds:
        return Permanent("the video is not available in this server's country")
    for words, reason in _GONE:
        if words in text:
            return Permanent(reason)
    return None


def _about_the_moment(trouble: Trouble, said: str, kinds: frozenset[str]) -> Failure | None:
    """What YouTube says of the session or of now: another try may meet neither, so the upload is not to blame."""
    if trouble.status is not None or trouble.errno is not None or kinds & _NETWORK:
        return None  # no sentence of YouTube's; each has a meaning of its own
    words = _readable(trouble.text)
    if _PROCESSING.search(said):
        return Transient("YouTube is still processing the video", delay_s=_PROCESSING_DELAY_S)
    if _SESSION.search(said):
        return Transient(
            f"YouTube does not accept this session ({words}); "
            "fresh cookies of a signed-in browser may help (NAVAAR_YTDLP_COOKIES_FILE)",
            delay_s=_SESSION_DELAY_S,
        )
    if _MOMENT.search(said):
        return Transient(f"YouTube does not give the video out for now ({words})", delay_s=_MOMENT_DELAY_S)
    return None


def _unavailable(said: str, kinds: frozenset[str]) -> Failure | None:
    if any(words in said for words in _UNAVAILABLE):
        return Permanent("the video is unavailable")
    if "UnsupportedError" in kinds:
        return Permanent("there is no audio at the video's address")
    return None


def _unknown(trouble: Trouble, said: str, youtube: bool) -> Failure:
    """Held against the upload only where the site refuses and, being YouTube, speaks of the upload."""
    reason = f"the download failed: {_readable(trouble.text)}"
    if trouble.expected and (not youtube or _VIDEO.search(said)):
        return Permanent(reason)
    return Transient(reason)


def _about_the_answer(trouble: Trouble, youtube: bool) -> Failure | None:
    status = trouble.status
    if status is None:
        return None
    if status == 429:
        return RateLimited(trouble.retry_after_s or _PAUSE_S, "the media server asked for a pause (429)")
    if status in (404, 410) and trouble.stage == "extract":
        return Permanent("the video does not exist")
    if status == 407:
        return Transient("the proxy asks for a sign-in: put it into NAVAAR_YTDLP_PROXY")
    if status == 451:
        return Permanent("the video is blocked for legal reasons here")
    if status in (401, 403) and not youtube:
        return Permanent(f"the media server does not give this video out ({status})")
    if status == 403:
        return Transient("the media server refused this address (403); it is looked up afresh")
    return Transient(f"the media server answered {status}", delay_s=trouble.retry_after_s)


def _about_the_way(trouble: Trouble, text: str, kinds: frozenset[str]) -> Failure | None:
    if trouble.errno == errno.ENOSPC:
        return Transient("the disk is full")
    if any(words in text for words in _NO_FORMATS):
        return Transient(
            "YouTube offered no audio; a newer yt-dlp may help (navaar update-downloader), "
            "or its JavaScript runtime (deno) is missing"
        )
    if "ProxyError" in kinds:
        return Transient("the proxy (NAVAAR_YTDLP_PROXY) cannot be reached, or does not let this server through")
    if "CertificateVerifyError" in kinds:
        return Transient("the media server's certificate is not trusted")
    if kinds & _NETWORK:
        return Transient(f"the connection to the media server failed: {_readable(trouble.text)}")
    return None


_PREFIX = re.compile(r"^(?:ERROR:\s*)?(?:\[[\w:+-]+\]\s*)?(?:[A-Za-z0-9_-]{1,64}:\s+)?", re.IGNORECASE)
_CAUSE = re.compile(r"\s*\(caused by .*", re.DOTALL)
_HINTS = re.compile(r"[;.]\s*(?:please report this issue on|Use --|See\s+https?://).*", re.DOTALL | re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")


def _without_hints(text: str) -> str:
    """yt-dlp's text without its prefix, causes and hints."""
    for pattern in (_PREFIX, _CAUSE, _HINTS):
        text = pattern.sub("", text)
    return text


def _readable(text: str) -> str:
    """yt-dlp's text without its prefix, causes, hints and addresses (which may carry tokens)."""
    text = " ".join(_ADDRESS.sub("(address)", _without_hints(text)).split()).rstrip(".")
    return text[:_LONGEST_REASON] or "no reason was given"
