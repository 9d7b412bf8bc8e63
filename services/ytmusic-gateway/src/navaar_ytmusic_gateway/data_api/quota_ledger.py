"""The day's units as they are used up: kept beside the sign-in, so that restarts and other processes know of them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from navaar_contracts.health import AdditionBudget
from navaar_contracts.identifiers import Platform
from navaar_playlist_gateway.kept_file import KeptFile
from navaar_playlist_gateway.rate_limit_pause import moment
from navaar_runtime import platform_requests
from navaar_runtime.failures import RateLimited
from navaar_ytmusic_gateway.data_api import quota
from navaar_ytmusic_gateway.settings import PLATFORM, YTMusicSettings

AGAIN_S = 15.0
"""How often what waits looks whether there are units again."""


class QuotaLedger:
    """Shared by all worker threads.

    Args:
        file: where the units are kept; None keeps them in memory.
        units: what a day allows.
        now: the present moment, with its time zone.
        keeps: whether what is used up is written down; a handful for `navaar doctor` is not.
    """

    def __init__(
        self,
        platform: Platform,
        file: Path | None,
        units: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        keeps: bool = True,
    ) -> None:
        self._platform = platform
        self.units = units
        self._now = now
        self._file = KeptFile(file)
        self._keeps = keeps
        self._lock = threading.Lock()
        self._day = quota.QuotaDay(quota.day_of(now()))
        self.polled_s: dict[str, float] = {}
        """Playlist -> seconds between two polls that cost a unit each."""

    @classmethod
    def of(cls, settings: YTMusicSettings, *, keeps: bool = True) -> QuotaLedger:
        """The one of a sign-in file, beside it."""
        file = settings.ytmusic_auth_file
        return cls(PLATFORM, file.with_name(f"{file.name}.quota"), settings.youtube_units_a_day, keeps=keeps)

    def take(self, units: int, *, saving: bool = False) -> None:
        """Use up so many units. With `saving` not those that the polls of the rest of the day need.

        Raises:
            RateLimited: there are not so many left; until the day ends.
        """
        with self._lock:
            day = self._today()
            kept = self._polls_left() if saving else 0
            if day.left(self.units) - kept < units:
                raise self._over()
            self._write(day.plus(units))

    def admit(self) -> None:
        """Raise RateLimited where the units do not suffice for an addition; nothing is used up."""
        with self._lock:
            if self._is_short():
                raise self._over()

    def give_back(self, units: int) -> None:
        """So many were not used after all."""
        with self._lock:
            self._write(self._today().plus(-units))

    def ended(self) -> RateLimited:
        """Google says that the day's units are used up; the failure to raise."""
        with self._lock:
            self._write(self._today().ended(self.units))
            return self._over()

    def budget(self) -> AdditionBudget:
        """How many additions a day allows and today still does."""
        with self._lock:
            left, polls = self._today().left(self.units), self._polls_left()
        whole = quota.polls_a_day(self.units, list(self.polled_s.values()))
        return AdditionBudget(
            a_day=quota.additions(self.units, whole),
            left=quota.additions(left, polls),
            resets_at=quota.reset_after(self._now()),
        )

    @property
    def spent(self) -> int:
        """Units used up today."""
        with self._lock:
            return self._today().spent

    def waiting(self) -> str | None:
        """For people: that additions wait for the next day, and until when; None while they do not."""
        with self._lock:
            return self._over().reason if self._is_short() else None

    def pause_s(self) -> float:
        """Seconds from one poll of a playlist to the next that keep the polls within their share."""
        return quota.poll_pause_s(self.units, len(self.polled_s))

    def _is_short(self) -> bool:
        return self._today().left(self.units) - self._polls_left() < quota.ADDITION

    def _polls_left(self) -> int:
        whole = quota.polls_a_day(self.units, list(self.polled_s.values()))
        rest_s = (quota.reset_after(self._now()) - self._now()).total_seconds()
        return round(whole * min(1.0, rest_s / quota.DAY_S))

    def _over(self) -> RateLimited:
        now = self._now()
        end = quota.reset_after(now)
        rest_s = (end - now).total_seconds()
        platform_requests.told_to_pause(self._platform, rest_s)
        reason = (
            f"the {self.units:,} units a day of the YouTube Data API are used up; what waits is added by itself after "
            f"midnight in California, from {moment(end.timestamp())} on"
        )
        # Somebody may have been given more meanwhile.
        return RateLimited(rest_s, reason, again_s=AGAIN_S)

    def _today(self) -> quota.QuotaDay:
        with contextlib.suppress(KeyError, TypeError, ValueError):
            kept = self._file.news()
            if kept is not None:
                self._day = quota.QuotaDay.of(kept)
        self._day = self._day.on(quota.day_of(self._now()))
        return self._day

    def _write(self, day: quota.QuotaDay) -> None:
        self._day = day
        if self._keeps:
            self._file.write(day.document())
