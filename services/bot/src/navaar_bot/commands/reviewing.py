"""/review, and the buttons of a question: Pick, None of these, Never, Search again, Wrong match."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from navaar_bot.arguments import Misunderstood, track_id
from navaar_bot.context import Context, Missing, by
from navaar_bot.questions import open_question, question
from navaar_bot.templates import reviews as text
from navaar_bot.templates import tracks
from navaar_bot.templates.markup import plain
from navaar_bot.view import Act, Button, ChatMessage, Show, View, in_rows, to_track
from navaar_client.counts import deliveries
from navaar_client.errors import Refused
from navaar_contracts.commands import ReviewAnswer
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.queries import DeliveryView, GetCounts, ListReviews, TrackView

LISTED = 20
_ANSWERS = {
    "pick": ReviewAnswer.PICK,
    "none": ReviewAnswer.NONE,
    "never": ReviewAnswer.NEVER,
    "again": ReviewAnswer.SEARCH_AGAIN,
}
_BY_SHORT = {platform.short: platform for platform in Platform}


def router() -> Router:
    found = Router(name="reviewing")
    found.message.register(review, Command("review", ignore_case=True))
    found.callback_query.register(answer, Act.filter(F.verb.in_(set(_ANSWERS))))
    found.callback_query.register(wrong, Act.filter(F.verb == "wrong"))
    return found


async def review(message: Message, context: Context) -> None:
    await context.open(message, "review")


async def answer(callback: CallbackQuery, callback_data: Act, context: Context) -> None:
    """An open question is answered; one that is answered already shows so."""
    number, target, external_id = _where(callback_data.argument)
    said = _ANSWERS[callback_data.verb]
    track, _ = await context.track(number)
    delivery = open_question(track, target)
    if delivery is None:
        gone = ChatMessage(f"#{track.id} {tracks.name(track)}\n{text.ANSWERED_ALREADY}", ((to_track(track.id),),))
        await context.replace(callback, gone, toast=text.ANSWERED_ALREADY)
        return
    await context.ledger.answer_review(track, target, said, external_id, by(callback))
    became = text.answered(track, target, said, _picked(delivery, external_id), callback.from_user.full_name)
    buttons = ((to_track(track.id), Button("Questions", Show(name="review"))),)
    await context.replace(callback, ChatMessage(became, buttons), toast="Noted")
    await context.questions.settle(track, delivery, became, but=_message_of(callback))


async def wrong(callback: CallbackQuery, callback_data: Act, context: Context) -> None:
    """The confirmed report that what was placed is another recording."""
    number, target, _ = _where(callback_data.argument)
    track, _ = await context.track(number)
    try:
        await context.ledger.report_wrong_match(track, target, by(callback))
    except Refused:
        raise _no_longer_there(track, target) from None
    said = f"#{track.id} {tracks.name(track)}\nTaken out of {target.label}; I ask you what is right."
    await context.replace(callback, ChatMessage(said, ((to_track(track.id),),)), toast="Noted")


async def review_view(context: Context, argument: str) -> View:
    """Open questions, oldest first."""
    listed = await context.ledger.ask(ListReviews(limit=LISTED))
    found = [(one.track, delivery) for one in listed.reviews if (delivery := open_question(one.track, one.target))]
    total = deliveries(await context.ledger.ask(GetCounts()), DeliveryState.REVIEW)
    buttons = [
        Button(
            f"#{track.id} {delivery.target.short.upper()}",
            Show(name="question", argument=f"{track.id}.{delivery.target.short}"),
        )
        for track, delivery in found
    ]
    more = total - len(found)
    return View(
        head=f"<b>Questions</b>: {max(total, len(found))}",
        lines=tuple(text.in_one_line(track, delivery) for track, delivery in found) or (text.NO_QUESTIONS,),
        foot=f"and {more} more after these" if found and more > 0 else "",
        buttons=in_rows(buttons, 3),
    )


async def question_view(context: Context, argument: str) -> View:
    number, target, _ = _where(argument)
    track, _ = await context.track(number)
    delivery = open_question(track, target)
    if delivery is None:
        return View(
            head=tracks.head(track),
            lines=(text.ANSWERED_ALREADY,),
            buttons=((to_track(track.id),),),
        )
    return question(track, delivery, context.links.get(track.link))


async def wrong_view(context: Context, argument: str) -> View:
    """Asks before what was placed is taken out."""
    number, target, _ = _where(argument)
    track, _ = await context.track(number)
    delivery = next((d for d in track.deliveries if d.target is target and d.state.is_done), None)
    if delivery is None:
        raise _no_longer_there(track, target)
    return View(
        head=text.wrong_match(track, delivery),
        buttons=(
            (
                Button("Wrong match", Act(verb="wrong", argument=f"{track.id}.{target.short}")),
                Button("Keep it", Show(name="track", argument=str(track.id))),
            ),
        ),
    )


def _no_longer_there(track: TrackView, target: Platform) -> Missing:
    return Missing(f"#{track.id} is not on {target.label} any more.")


def _where(argument: str) -> tuple[int, Platform, str]:
    """(track, target, external id) of '12.sp.4uLU6hMCjMI75M1A2tKUQC'. Raises Misunderstood."""
    number, _, rest = argument.partition(".")
    short, _, external_id = rest.partition(".")
    if short not in _BY_SHORT:
        raise Misunderstood("This button is out of date.")
    return track_id(number), _BY_SHORT[short], external_id


def _picked(delivery: DeliveryView, external_id: str) -> str:
    for scored in delivery.alternatives:
        if scored.candidate.id == external_id:
            artists = ", ".join(scored.candidate.artists)
            return f"{artists} - {scored.candidate.title}" if artists else scored.candidate.title
    return plain(external_id)


def _message_of(callback: CallbackQuery) -> tuple[int, int] | None:
    message = callback.message
    return (message.chat.id, message.message_id) if message is not None else None


VIEWS = {"review": review_view, "question": question_view, "wrong": wrong_view}
