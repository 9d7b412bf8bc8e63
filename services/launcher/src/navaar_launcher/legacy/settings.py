"""What becomes of the first implementation's variables. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from navaar_runtime.settings import PREFIX

_SAME = (
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_CHANNEL_ID",
    "TELEGRAM_ADMIN_USER_IDS",
    "TELEGRAM_MAX_UPLOAD_MB",
    "YTMUSIC_PLAYLIST_ID",
    "YTMUSIC_CLIENT_ID",
    "YTMUSIC_CLIENT_SECRET",
    "YTDLP_COOKIES_FILE",
    "SPOTIFY_CLIENT_ID",
    "SPOTIFY_CLIENT_SECRET",
    "SPOTIFY_REDIRECT_URI",
    "SPOTIFY_CACHE_PATH",
    "SPOTIFY_PLAYLIST_ID",
    "SYNC_INTERVAL_TG_TO_YT",
    "SYNC_INTERVAL_YT_TO_TG",
    "SYNC_INTERVAL_TG_TO_SP",
    "SYNC_INTERVAL_SP_TO_TG",
    "SYNC_INTERVAL_YT_TO_SP",
    "SYNC_INTERVAL_SP_TO_YT",
    "API_PORT",
    "LOG_LEVEL",
    "ALERT_ENABLED",
    "ALERT_CHAT_ID",
    "ALERT_CONSECUTIVE_CRASHES",
    "ALERT_COOLDOWN_SECONDS",
    "BACKOFF_MAX_SECONDS",
    "READINESS_STALE_MULTIPLIER",
)
_CHANGED = {
    "YTMUSIC_AUTH_FILE": "same name, but sign in again: `navaar auth ytmusic` (browser headers)",
    "MAX_RETRIES": "same name; it is enforced now",
}
_GONE = {
    "TRACK_CARDS_ENABLED": "not set: cards are off; NAVAAR_CARDS=admins brings them to your chat with the bot",
    "DATABASE_URL": "not set: the ledger is in NAVAAR_DATA_DIR, or at NAVAAR_MONGODB_URL",
    "CIRCUIT_OPEN_AFTER": "not set: a platform that refuses holds its own gateway back",
}
_AGENT = "not set: there is no agent with a shell any more"

UNSET_BEFORE = {
    "TELEGRAM_CHANNEL_ID": "the first implementation had its author's channel here; yours must be named",
    "YTMUSIC_PLAYLIST_ID": "the first implementation had its author's playlist here; yours must be named",
}
"""Variables without which it ran, and Navaar does not."""

SECRET = frozenset({"TELEGRAM_BOT_TOKEN", "YTMUSIC_CLIENT_SECRET", "SPOTIFY_CLIENT_SECRET"})


@dataclass(frozen=True, slots=True)
class Advice:
    variable: str
    value: str
    """As it is in the old file; a secret's is not shown, and what is not set any more has none."""
    what: str


def become_of(variable: str) -> str:
    """What to do with one of the first implementation's variables, in a few words."""
    name = variable.removeprefix(PREFIX)
    if name in _SAME:
        return "same"
    if name.startswith("NL_") or variable.startswith("ANTHROPIC_"):
        return _AGENT
    return _CHANGED.get(name) or _GONE.get(name) or "unknown to the first implementation and to Navaar: look it up"


def known() -> tuple[str, ...]:
    """The variables that the first implementation read."""
    agent = ("AGENT_ENABLED", "MODEL", "REQUEST_TIMEOUT", "MAX_TURNS", "WORKSPACE_DIR", "CONTEXT_WINDOW")
    names = (*_SAME, *_CHANGED, *_GONE, *(f"NL_{each}" for each in agent))
    return tuple(f"{PREFIX}{name}" for name in names)


def advise(old: Mapping[str, str], now: Mapping[str, str]) -> Sequence[Advice]:
    """A line for each variable of the old file, and for what it did not need to say.

    Args:
        old: the first implementation's .env.
        now: this Navaar's variables; what is set alike already is said to be.
    """
    found = []
    for variable, value in sorted(old.items()):
        if not variable.startswith((PREFIX, "ANTHROPIC_")) or not value:
            continue
        what = become_of(variable)
        carries_over = what.startswith("same")
        if carries_over and now.get(variable) == value:
            what = f"{what}; set already"
        hidden = variable.removeprefix(PREFIX) in SECRET
        shown = "" if not carries_over else "(secret)" if hidden else value
        found.append(Advice(variable, shown, what))
    for name, why in UNSET_BEFORE.items():
        if not old.get(PREFIX + name) and not now.get(PREFIX + name):
            found.append(Advice(PREFIX + name, "", why))
    return found
