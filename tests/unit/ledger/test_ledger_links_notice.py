"""What people are told of a change of the links file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from navaar_ledger.__main__ import notice_of_links
from navaar_runtime.live_links import Looked

NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("looked", "headline", "details"),
    [
        (Looked("d", refused="[links.jazz] captoin: is no key"), "not taken over", "[links.jazz] captoin: is no key"),
        (Looked("d", taken=("jazz: caption",)), "was taken over", "jazz: caption."),
        (
            Looked("d", taken=("jazz: caption", "pop: cards"), later=("the new link rock",)),
            "was taken over",
            "jazz: caption. pop: cards. At the next start: the new link rock.",
        ),
        (Looked("d"), "was taken over", "Nothing of it changes what Navaar does."),
    ],
)
def test_a_change_is_told_with_what_holds_now_and_what_later(looked: Looked, headline: str, details: str) -> None:
    notice = notice_of_links("jazz", looked, NOW)
    assert headline in notice.headline
    assert (notice.details, notice.about, notice.link) == (details, "links.d", "jazz")
