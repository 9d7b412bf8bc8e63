"""What happens in a run: songs, kills, faults, in which order and how long apart. Pure: one seed, one story."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SIDES = ("telegram", "youtube", "spotify")
WRITES = {"telegram": "sendAudio", "youtube": "edit_playlist.add", "spotify": "items.add"}
READS = {"telegram": "getUpdates", "youtube": "browse*", "spotify": "items"}
SEARCHES = {"youtube": "search", "spotify": "search"}
_TOOK_EFFECT: tuple[Mapping[str, Any], ...] = (
    {"effect": "status_after", "status": 502},
    {"effect": "status_after", "status": 503},
    {"effect": "drop_after"},
    {"effect": "html_after"},
    {"effect": "truncate"},
)
"""A write that was made, and whoever made it is not told."""
_REFUSED: tuple[Mapping[str, Any], ...] = (
    {"effect": "status", "status": 500},
    {"effect": "status", "status": 503},
    {"effect": "status", "status": 429, "retry_after": 1},
    {"effect": "drop"},
    {"effect": "html"},
    {"effect": "delay", "seconds": 2.0},
)
_READ_WRONG: tuple[Mapping[str, Any], ...] = ({"effect": "empty"}, {"effect": "shrunken", "share": 0.5}, *_REFUSED)
_CUT_OFF: tuple[Mapping[str, Any], ...] = (
    {"effect": "drop"},
    {"effect": "status", "status": 503},
    {"effect": "truncate"},
)
FLOOD = 250
"""Messages that come with one step of garbage."""
AWAY_S = 60.0
MANY_KILLS = 50
"""In a story of more, NATS is once away for AWAY_S: longer than anybody waits for an answer."""
SIGN_INS = ("spotify_revoked", "youtube_session_revoked", "telegram_token_revoked")
"""Switches of the pretend platforms that end a sign-in, or the bot's token, for as long as they are on."""
EXPIRED = "spotify_access_expired"
"""The one that lets an access token expire before its time."""
_SIGN_INS = (*SIGN_INS, EXPIRED)
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens, and the seconds until the next."""

    what: str
    """add | everywhere | kill | pause | away | storm | fault | signed_out | garbage | jump | full | backup | restore"""
    pause_s: float
    about: str = ""
    """Whom it concerns: a side, a process, a switch."""
    lasting_s: float = 0.0
    """How long a process or NATS stays away, a storm, a sign-in's end or a full disk lasts."""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rare:
    """How often what a story has only a few times."""

    everywhere: int = 0
    """Songs that are added to all sides at the same moment; they are among the songs."""
    jumps: int = 0
    """Of the clock."""
    full: int = 0
    """Disks without room."""
    restores: int = 0
    """Backups amid work, each put back some steps later."""


def story(
    seed: int, *, songs: int, kills: int, processes: Sequence[str], rare: Rare | None = None, busy_s: float = 1.2
) -> Iterator[Step]:
    """The steps of a run.

    Args:
        seed: of the dice.
        songs: how many are added, spread over the whole run.
        kills: how many processes are killed.
        processes: whom a kill may hit, in turn and then by chance, so that each is hit.
        rare: None: one song in eight comes to all sides at once, and nothing else of it happens.
        busy_s: about the seconds between two steps.
    """
    dice = random.Random(f"chaos|{seed}")
    rare = rare or Rare(everywhere=max(1, songs // 8))
    others = max(1, kills // 2)
    sorts = ["everywhere"] * rare.everywhere + ["add"] * (songs - rare.everywhere)
    dice.shuffle(sorts)
    deck = ["add"] * songs + ["kill"] * kills + [_other(dice) for _ in range(others)]
    deck += ["jump"] * rare.jumps + ["full"] * rare.full + ["backup"] * (2 * rare.restores)
    # What `navaar up` has started, it starts again by itself.
    if kills > MANY_KILLS and any(name.startswith("nats") for name in processes):
        deck.append("away")
    dice.shuffle(deck)
    # A song first, for what is killed before there is anything to do proves little.
    deck.remove("add")
    added = hit = backups = 0
    for what in ("add", *deck):
        pause_s = round(dice.expovariate(1 / busy_s) if dice.random() < 0.7 else 0.0, 2)
        if what == "add":
            yield Step(sorts[added], pause_s, dice.choice(SIDES), details={"number": added})
            added += 1
        elif what == "kill":
            who = processes[hit] if hit < len(processes) else dice.choice(processes)
            hit += 1
            away_s = 0.0 if dice.random() < 0.8 else round(dice.uniform(0.5, 4), 2)
            yield Step("kill", pause_s, who, away_s)
        elif what == "pause":
            yield Step("pause", pause_s, dice.choice(processes), round(dice.uniform(1, 6), 2))
        elif what == "away":
            yield Step("away", pause_s, "nats", AWAY_S)
        elif what == "signed_out":
            yield Step("signed_out", pause_s, dice.choice(_SIGN_INS), round(dice.uniform(1, 4), 2))
        elif what == "backup":
            # Every second one is put back, amid whatever is going on by then.
            yield Step("restore" if backups % 2 else "backup", pause_s, details={"number": backups // 2})
            backups += 1
        elif what == "jump":
            off_s = dice.choice((-1, 1)) * round(dice.choice((60, 600, _HOUR, 6 * _HOUR)) * dice.uniform(0.5, 1))
            yield Step("jump", pause_s, details={"off_s": off_s})
        elif what == "full":
            yield Step("full", pause_s, lasting_s=round(dice.uniform(2, 8), 2))
        elif what == "storm":
            yield Step("storm", pause_s, dice.choice(SIDES), round(dice.uniform(2, 6), 2), dice.choice(_REFUSED))
        elif what == "fault":
            yield _fault(dice, pause_s)
        else:
            yield Step(what, pause_s, details={"seed": dice.getrandbits(32), "count": FLOOD})


def _other(dice: random.Random) -> str:
    return dice.choices(("fault", "pause", "storm", "signed_out", "garbage"), (8, 2, 2, 1, 2))[0]


def _fault(dice: random.Random, pause_s: float) -> Step:
    side = dice.choice(SIDES)
    kind = dice.choices(("write", "read", "search", "media"), (5, 3, 1, 1))[0]
    how: Mapping[str, Any]
    if kind == "media" or (kind == "search" and side not in SEARCHES):
        how = dice.choice(_CUT_OFF)
        return Step("fault", pause_s, "media", details={"operation": "*", **how})
    operation = {"write": WRITES, "read": READS, "search": SEARCHES}[kind][side]
    # What a bot is told comes once, and an empty answer is the usual one.
    wrong = _REFUSED if kind == "search" or side == "telegram" else _READ_WRONG
    how = dice.choice((*_TOOK_EFFECT, *_REFUSED) if kind == "write" else wrong)
    return Step("fault", pause_s, side, details={"operation": operation, "count": dice.randint(1, 2), **how})
