"""One function a message from the streams: cards, questions and alerts follow from it. None says anything back."""

from __future__ import annotations

from navaar_bot.alerts.monitor import Monitor
from navaar_bot.cards.cards import Cards
from navaar_bot.questions import ReviewQuestions
from navaar_contracts.events import (
    CredentialsAccepted,
    CredentialsRejected,
    CycleCompleted,
    DeliveryStopped,
    DeliverySynced,
    NoticeGiven,
    PlatformAvailable,
    PlatformPaused,
    TrackIdentified,
)
from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.records import RequestTaken


async def track_changed(
    event: TrackIdentified | DeliverySynced | DeliveryStopped | RequestTaken,
    cards: Cards,
    questions: ReviewQuestions,
    monitor: Monitor,
) -> None:
    """Something that a card shows, that may be asked about, and that tells how a direction does."""
    if isinstance(event, RequestTaken):
        for name in ("track_id", "joined_to"):
            if (track_id := getattr(event.request, name, None)) is not None:
                cards.touch(event.link, track_id)
        return
    cards.touch(event.link, event.track_id)
    if isinstance(event, DeliverySynced | DeliveryStopped):
        await monitor.observe(event)
    if isinstance(event, DeliveryStopped) and event.state is DeliveryState.REVIEW:
        await questions.ask(event)


async def watched(
    event: CredentialsRejected
    | CredentialsAccepted
    | PlatformPaused
    | PlatformAvailable
    | NoticeGiven
    | CycleCompleted,
    monitor: Monitor,
) -> None:
    """Something that tells whether a platform or a direction is well, or that people are to know."""
    await monitor.observe(event)
