"""What people ask is kept in the history: commands leave their queue once they are done."""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.commands import AnswerReview, DeleteTrack, ReportWrongMatch, RetryDeliveries, SetPause
from navaar_contracts.records import Request, RequestTaken


def taken(request: Request, at: datetime) -> RequestTaken:
    """The record of a request that has been carried out."""
    return RequestTaken(
        link=request.link,
        answer=request if isinstance(request, AnswerReview) else None,
        delete=request if isinstance(request, DeleteTrack) else None,
        wrong_match=request if isinstance(request, ReportWrongMatch) else None,
        retry=request if isinstance(request, RetryDeliveries) else None,
        pause=request if isinstance(request, SetPause) else None,
        taken_at=at,
    )
