"""`navaar plan` says how many days planned additions take where a platform counts them."""

from __future__ import annotations

from datetime import UTC, datetime

from navaar_contracts.health import AdditionBudget, HealthReply
from navaar_contracts.identifiers import Direction
from navaar_launcher.forecast import forecasts

BUDGET = AdditionBudget(a_day=190, left=190, resets_at=datetime(2026, 11, 30, 8, tzinfo=UTC))
COUNTING = {"youtube": HealthReply(service="youtube", additions=BUDGET), "spotify": HealthReply(service="spotify")}


def test_the_additions_of_all_directions_to_a_platform_are_one_forecast() -> None:
    planned = {Direction.TG_TO_YT: 300, Direction.SP_TO_YT: 200, Direction.YT_TO_SP: 50}
    assert forecasts(planned, COUNTING) == (
        "YouTube Music: 190 additions a day, 190 left until 2026-11-30 08:00 UTC; 500 songs take 3 days",
    )


def test_where_nobody_counts_or_nothing_is_planned_nothing_is_said() -> None:
    assert forecasts({Direction.YT_TO_SP: 50, Direction.TG_TO_YT: 0}, COUNTING) == ()
    silent = {"youtube": HealthReply(service="youtube", problem="does not answer")}
    assert forecasts({Direction.TG_TO_YT: 500}, silent) == ()
