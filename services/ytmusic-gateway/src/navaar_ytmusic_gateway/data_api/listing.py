"""A playlist read page by page, and how little has to be read of it again. Pure.

Every page costs a unit. What is added stands at the end, so the last known page, read again, tells everything: if it
begins as it did, nothing before it was taken out. Page tokens are places in the list and stay good; one that is refused
makes the list be read from its beginning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from navaar_ytmusic_gateway.data_api.translate import is_gone, row_id, video_id

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page and the token that asks for it; None asks for the first."""

    token: str | None
    rows: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """All pages of a playlist. `total` is how many entries YouTube says there are, which may be more than it lists."""

    pages: tuple[Page, ...]
    total: int

    @property
    def rows(self) -> tuple[Json, ...]:
        return tuple(row for page in self.pages for row in page.rows)

    @property
    def last_token(self) -> str | None:
        """What asks for the last page again."""
        return self.pages[-1].token if self.pages else None

    def continued(self, pages: Sequence[Page], total: int) -> Listing | None:
        """This with its last page replaced by `pages`, read from `last_token` on.

        None where they do not go on as it ended, so that something else than adding has happened.
        """
        if not self.pages or not pages:
            return None
        known = [_key(row) for row in self.pages[-1].rows]
        fresh = [_key(row) for page in pages for row in page.rows]
        unlisted = self.total - len(self.rows)
        new = Listing((*self.pages[:-1], *pages), total)
        if fresh[: len(known)] != known or total - len(new.rows) != unlisted:
            return None
        return new


def _key(row: Json) -> tuple[str, str, bool]:
    return (row_id(row), video_id(row), is_gone(row))


def page_of(token: str | None, answer: Json) -> tuple[Page, str | None, int]:
    """An answer's page, the token of the next one, and how many entries there are altogether.

    Raises:
        ValueError: it is no list of entries.
    """
    rows = answer.get("items", [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ValueError("no list of entries")
    info = answer.get("pageInfo")
    total = info.get("totalResults") if isinstance(info, Mapping) else None
    following = answer.get("nextPageToken")
    return (
        Page(token, tuple(rows)),
        str(following) if following else None,
        total if isinstance(total, int) else len(rows),
    )
