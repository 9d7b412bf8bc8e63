"""Parameters that several endpoints share."""

from __future__ import annotations

from typing import Annotated

from litestar.params import PathParameter, QueryParameter

from navaar_contracts.identifiers import LINK_NAME_PATTERN, DeliveryState, Direction

LARGEST_ID = 2**53 - 1
"""What JavaScript can count to."""

TrackId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID, description="The track's number")]
TrackIdFilter = Annotated[int | None, QueryParameter(ge=1, le=LARGEST_ID, description="Only of this track")]
LinkFilter = Annotated[str | None, QueryParameter(pattern=LINK_NAME_PATTERN, description="Only of this link")]
DirectionFilter = Annotated[Direction | None, QueryParameter(description="Only with a delivery in this direction")]
StatusFilter = Annotated[DeliveryState | None, QueryParameter(description="Only with a delivery in this state")]
Limit = Annotated[int, QueryParameter(ge=1, le=500, description="How many at most")]
FewLimit = Annotated[int, QueryParameter(ge=1, le=100, description="How many at most")]
Words = Annotated[
    str | None,
    QueryParameter(
        name="query",
        max_length=200,
        description="Words of artist or title, or their beginnings; all must be there",
    ),
]
Cursor = Annotated[str | None, QueryParameter(max_length=300, description="next_cursor of the page before")]
