"""What surrounds every page: who is signed in, what needs attention, what is missing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import Request

from navaar_api.access import Access
from navaar_client.counts import deliveries
from navaar_client.errors import Unavailable
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.queries import CountsReply, GetCounts, ListTracks


@dataclass(frozen=True, slots=True)
class PageContext:
    signed_in: bool
    mark: str
    """For the forms of this session."""
    counts: CountsReply | None
    """None: the ledger does not answer."""
    missing: str
    """Why not."""
    failed: int
    reviews: int
    notice: str
    path: str

    @property
    def sign_in_url(self) -> str:
        return f"/sign-in?next={quote(self.path, safe='/')}"


NOTICES = {
    "retry": "Failed deliveries are tried again.",
    "delete": "The track is dropped.",
    "wrong-match": "What was placed is being taken out; you will be asked what the right one is.",
    "part": "They are being made two songs again, and will never be joined again.",
    "answer": "Thank you, your answer is kept and used from now on.",
    "sync": "Looking for news now.",
    "pause": "Paused. Press Resume to continue.",
    "resume": "It runs again.",
    "nothing": "That had been done already.",
}


class PageContexts:
    def __init__(self, client: LedgerClient, access: Access) -> None:
        self._client, self._access = client, access

    async def of(self, request: Request[Any, Any, Any]) -> PageContext:
        signed_in = await self._access.signed_in(request)
        counts: CountsReply | None = None
        missing = ""
        try:
            counts = await self._client.ask(GetCounts())
        except Unavailable as error:
            missing = error.reason
        return PageContext(
            signed_in=signed_in is not None,
            mark=self._access.credentials.form_mark(signed_in.session) if signed_in and signed_in.session else "",
            counts=counts,
            missing=missing,
            failed=deliveries(counts, DeliveryState.FAILED) if counts else 0,
            reviews=deliveries(counts, DeliveryState.REVIEW) if counts else 0,
            notice=NOTICES.get(request.query_params.get("done", ""), ""),
            path=request.url.path,
        )

    async def with_answer(self, request: Request[Any, Any, Any], question: Any) -> tuple[PageContext, Any]:
        """The context, and the answer to a question or None; both at once."""
        context, reply = await asyncio.gather(self.of(request), self._try(question))
        return context, reply

    async def _try(self, question: Any) -> Any:
        try:
            if isinstance(question, ListTracks):
                return await self._client.tracks(question)
            return await self._client.ask(question)
        except Unavailable:
            return None
