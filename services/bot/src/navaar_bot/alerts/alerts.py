"""What the administrators are told unasked, and how seldom. Pure.

Troubles are known by what causes them, never by their templates. Each is told once, again after a long while if it
lasts, and its end once. One that comes and goes is not told more often than one that stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class DueAlerts:
    """What to say: new troubles, those that last, and those that are over. Each is (headline, details)."""

    new: tuple[tuple[str, str], ...] = ()
    lasting: tuple[tuple[str, str], ...] = ()
    over: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()
    """The causes of the new and the lasting ones."""
    ended: tuple[str, ...] = ()
    """The causes of those that are over."""

    def __bool__(self) -> bool:
        return bool(self.new or self.lasting or self.over)


@dataclass
class _Trouble:
    headline: str
    details: str = ""
    open: bool = True
    told_at: float | None = None
    """When it was last told, as new or as lasting."""
    quiet_until: float | None = None
    """What is over by then is not worth telling."""
    until: float | None = None
    """When it ends by itself."""
    end_owed: bool = False
    """It was told, and its end was not."""
    passing: bool = False
    """No trouble that lasts: told once, without an end."""


@dataclass
class Alerts:
    """All troubles by cause. Times are seconds of one clock, which continues over a restart.

    Args:
        cooldown_s: least time between two messages about one cause that do not tell its end.
    """

    cooldown_s: float
    _troubles: dict[str, _Trouble] = field(default_factory=dict)

    def trouble(
        self,
        cause: str,
        headline: str,
        details: str = "",
        *,
        quiet_until: float | None = None,
        until: float | None = None,
    ) -> None:
        """Something is wrong. Saying so again changes nothing but the details and `until`, when it ends by itself.

        It is told from `quiet_until` on, if it is still wrong then.
        """
        known = self._troubles.get(cause)
        if known is None:
            self._troubles[cause] = _Trouble(headline, details, quiet_until=quiet_until, until=until)
            return
        if not known.open:
            known.quiet_until = quiet_until
        known.headline, known.details, known.until, known.open = headline, details, until, True

    def notice(self, cause: str, headline: str, details: str = "") -> None:
        """Something to tell once. Saying so again soon changes nothing."""
        self._troubles.setdefault(cause, _Trouble(headline, details, passing=True))

    def fine(self, cause: str) -> None:
        """It is right (again)."""
        known = self._troubles.get(cause)
        if known is not None:
            known.open = False

    def causes(self) -> tuple[str, ...]:
        """Of all that is wrong."""
        return tuple(cause for cause, one in self._troubles.items() if one.open and not one.passing)

    def due(self, now: float) -> DueAlerts:
        """What to say now, all in one message; `said` counts it as told."""
        new: list[str] = []
        lasting: list[str] = []
        ended: list[str] = []
        for cause, one in list(self._troubles.items()):
            if one.until is not None and now >= one.until:
                one.open = False
            if one.open and one.quiet_until is not None and now < one.quiet_until:
                continue
            rested = one.told_at is None or not 0 <= now - one.told_at < self.cooldown_s
            if one.open and rested:
                (lasting if one.end_owed else new).append(cause)
            elif not one.open and one.end_owed:
                ended.append(cause)
            elif not one.open and rested:
                del self._troubles[cause]

        def words(causes: list[str]) -> tuple[tuple[str, str], ...]:
            return tuple((self._troubles[cause].headline, self._troubles[cause].details) for cause in causes)

        over = tuple(self._troubles[cause].headline for cause in ended)
        return DueAlerts(words(new), words(lasting), over, (*new, *lasting), tuple(ended))

    def said(self, told: DueAlerts, now: float) -> None:
        """It has been told, whatever has happened since."""
        for cause in told.begun:
            if (one := self._troubles.get(cause)) is not None:
                one.told_at, one.end_owed = now, not one.passing
                one.open = one.open and not one.passing
        for cause in told.ended:
            if (one := self._troubles.get(cause)) is not None:
                one.end_owed = False

    def written(self) -> dict[str, dict[str, Any]]:
        """Everything, by cause, as plain values: what `recall` takes after a restart."""
        return {cause: asdict(one) for cause, one in self._troubles.items()}

    def recall(self, written: Mapping[str, Mapping[str, Any]], but: Iterable[str] = ()) -> None:
        """What was known before a restart, where nothing newer is known.

        Args:
            but: causes that are none any more, because what they are about has been left out since.
        """
        passed_over = set(but)
        for cause, values in written.items():
            if cause not in passed_over:
                known = {one.name: values[one.name] for one in fields(_Trouble) if one.name in values}
                self._troubles.setdefault(cause, _Trouble(**known))
