"""What the bot can do, in its own words."""

from __future__ import annotations

from collections.abc import Collection

from navaar_bot.templates.markup import plain
from navaar_contracts.identifiers import Direction, Platform

GREETING = "<b>Navaar</b> keeps your channel and your playlists in step."

CATALOGUES = tuple(platform for platform in Platform if platform.spec.has_catalogue)
_ORIGINS = "|".join(platform.short for platform in Platform)
_SCOPE = f"{_ORIGINS}|all|direction"


def search_command(platform: Platform) -> str:
    """'search' for the first catalogue, 'search_sp' for a further one."""
    return "search" if platform is CATALOGUES[0] else f"search_{platform.short}"


GROUPS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "How it goes",
        (
            ("status", "", "How everything is, with buttons"),
            ("stats", "", "Figures and a chart"),
            ("queue", "", "What is on its way"),
            ("recent", "[how many]", "The newest tracks"),
            ("logs", "[how many]", "What happened last"),
            ("ping", "", "How fast every part answers"),
            ("config", "", "The settings in force, secrets masked"),
        ),
    ),
    (
        "One track",
        (
            ("track", "<number>", "Everything about it, with buttons"),
            ("why", "<number>", "How it was decided, step by step"),
            ("card", "[number]", "Show its status card"),
            ("cards", "[remove]", "Where cards go; take down those in public"),
            ("part", "<number>", "Part a joined post from its song (asks first)"),
            ("delete", "<number>", "Stop working on it (asks first)"),
        ),
    ),
    (
        "Setting things right",
        (
            ("review", "", "Questions that wait for your answer"),
            ("failed", f"[{_ORIGINS}|direction]", "What failed, by cause"),
            ("retry", f"<number|all|{_ORIGINS}|direction>", "Try failed or edited tracks again"),
            *((search_command(one), "<words>", f"Find on {one.label}, and add") for one in CATALOGUES),
        ),
    ),
    (
        "Running it",
        (
            ("sync", f"[link] [{_SCOPE}]", "Run a cycle now"),
            ("pause", "[link] [direction]", "Hold everything or one direction back"),
            ("resume", "[link] [direction]", "Let it go on"),
            ("link", "[name]", "What you decided about a link"),
            ("help", "", "This list"),
        ),
    ),
)

ALIASES = {"list_failed": "failed", "force_sync": "sync", "start": "help"}
_SEARCHED = {search_command(platform): platform for platform in CATALOGUES}


def commands(connected: Collection[Platform]) -> list[tuple[str, str]]:
    """(command, what it does) for Telegram's menu."""
    return [(name, about) for _, group in GROUPS for name, _, about in group if _is_offered(name, connected)]


def known() -> list[str]:
    """Every word that may follow a slash."""
    return [name for name, _ in commands([*Platform])] + list(ALIASES)


def usage(command: str) -> str:
    """'/sync [tg|yt|sp|all|direction]'"""
    command = ALIASES.get(command, command)
    for _, group in GROUPS:
        for name, arguments, _ in group:
            if name == command:
                return f"/{name} {arguments}".strip()
    return f"/{command}"


def lines(connected: Collection[Platform]) -> tuple[str, ...]:
    found: list[str] = []
    for heading, group in GROUPS:
        found.append(f"<b>{heading}</b>")
        for name, arguments, about in group:
            if _is_offered(name, connected):
                found.append(f"/{name} {plain(arguments)}".rstrip() + f" – {about}")
    directions = ", ".join(f"<code>{direction}</code>" for direction in [*Direction][:2])
    *origins, last = (platform.short for platform in Platform)
    found.append(FORWARDING)
    found.append(f"Direction: {directions}, …; {', '.join(origins)} and {last} mean what comes from there.")
    return tuple(found)


def _is_offered(command: str, connected: Collection[Platform]) -> bool:
    return command not in _SEARCHED or _SEARCHED[command] in connected


def misunderstood(command: str, problem: str, instead: str | None) -> str:
    meant = f" Did you mean {plain(instead)}?" if instead else ""
    return f"{plain(problem, 200)}{meant}\nUsage: {plain(usage(command))}"


def unknown_command(word: str, instead: str | None) -> str:
    meant = f"Did you mean /{plain(instead)}? " if instead else ""
    return f"I do not know /{plain(word, 40)}. {meant}/help shows what I can do."


NOT_A_COMMAND = "I understand commands, and posts that you forward to me from the channel. /help shows them."
FORWARDING = (
    "Forward posts of the channel to me, as many as you like: I take in what I have missed, with its file, and tell "
    "you in one message what became of them."
)
NOT_ALLOWED = "Not allowed"
BROKEN = "Something went wrong here; it is in the log. Please try again."


def too_many(count: int) -> str:
    return f"{count} of your messages came while too many others waited, and were not answered. Please send them again."


def unanswered(reason: str) -> str:
    return f"I cannot answer now: {plain(reason, 300)}"
