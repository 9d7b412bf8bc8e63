"""What the administrators are told unasked, and how seldom. Pure.

Troubles are known by what causes them, never by their wording. Each is told once, again after a long while if it
lasts, and its end once. One that comes and goes is not told more often than one that stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Told:
    """What to say: new troubles, those that last, and those that are over. Each is (headline, details)."""

    new: tuple[tuple[str, str], ...] = ()
    lasting: tuple[tuple[str, str], ...] = ()
    over: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.lasting or self.over)


@dataclass
class _Trouble:
    headline: str
    details: str
    open: bool = True
    told_at: float | None = None
    """When it was last told, as new or as lasting."""
    end_owed: bool = False
    """It was told, and its end was not."""


@dataclass
class Alarms:
    """All troubles by cause. Times are seconds of any steady clock.

    Args:
        cooldown_s: least time between two messages about one cause that do not tell its end.
    """

    cooldown_s: float
    _troubles: dict[str, _Trouble] = field(default_factory=dict)

    def trouble(self, cause: str, headline: str, details: str = "") -> None:
        """Something is wrong. Saying so again changes nothing but the details."""
        known = self._troubles.get(cause)
        if known is None:
            self._troubles[cause] = _Trouble(headline, details)
        else:
            known.headline, known.details, known.open = headline, details, True

    def fine(self, cause: str) -> None:
        """It is right (again)."""
        known = self._troubles.get(cause)
        if known is not None:
            known.open = False

    def is_open(self, cause: str) -> bool:
        known = self._troubles.get(cause)
        return known is not None and known.open

    def due(self, now: float) -> Told:
        """What to say now, all in one message; counts it as told."""
        new: list[tuple[str, str]] = []
        lasting: list[tuple[str, str]] = []
        over: list[str] = []
        for cause, one in list(self._troubles.items()):
            rested = one.told_at is None or now - one.told_at >= self.cooldown_s
            if one.open and rested:
                (lasting if one.end_owed else new).append((one.headline, one.details))
                one.told_at, one.end_owed = now, True
            elif not one.open and one.end_owed:
                over.append(one.headline)
                one.end_owed = False
            elif not one.open and rested:
                del self._troubles[cause]
        return Told(tuple(new), tuple(lasting), tuple(over))
