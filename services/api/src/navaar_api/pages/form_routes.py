"""The pages' forms: each does one thing and leads back to where it came from."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlsplit

from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException, ValidationException

from navaar_api import requests
from navaar_api.access import Access, may_submit
from navaar_api.pages.failure_groups import by_cause
from navaar_api.pages.view_routes import MOST_FAILURES
from navaar_client.errors import Refused
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.commands import ReviewAnswer
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import ListTracks

Fields = dict[str, str]
BY = "dashboard"


async def checked_form(request: Request[Any, Any, Any], access: NamedDependency[Access]) -> Fields:
    """The form's fields, once its mark is right. Raises NotAuthorizedException, PermissionDeniedException."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    signed_in = await access.signed_in(request)
    if signed_in is None:
        raise NotAuthorizedException(detail="sign in to do this")
    if signed_in.session is not None and not access.credentials.is_form_mark(signed_in.session, form.get("mark", "")):
        raise PermissionDeniedException(detail="this form is out of date: go back, reload the page, try again")
    return form


class FormRoutes(Controller):
    path = "/actions"
    guards = [may_submit]
    dependencies = {"form": Provide(checked_form)}
    include_in_schema = False

    @post("/retry")
    async def retry(self, form: NamedDependency[Fields], client: NamedDependency[LedgerClient]) -> Response[None]:
        if form.get("group"):
            return await _back(form, "retry", retry_group(client, form["group"]))
        if form.get("track"):
            target = Platform(form["target"]) if form.get("target") in list(Platform) else None
            return await _back(form, "retry", requests.retry_track(client, _number(form), target))
        return await _back(form, "retry", requests.retry_all(client, None))

    @post("/delete")
    async def delete(self, form: NamedDependency[Fields], client: NamedDependency[LedgerClient]) -> Response[None]:
        return await _back({**form, "back": "/"}, "delete", requests.delete_track(client, _number(form), BY))

    @post("/wrong-match")
    async def wrong_match(self, form: NamedDependency[Fields], client: NamedDependency[LedgerClient]) -> Response[None]:
        return await _back(form, "wrong-match", requests.report_wrong_match(client, _number(form), _platform(form), BY))

    @post("/part")
    async def part(self, form: NamedDependency[Fields], client: NamedDependency[LedgerClient]) -> Response[None]:
        return await _back(form, "part", requests.part_track(client, _number(form), BY))

    @post("/answer")
    async def answer(self, form: NamedDependency[Fields], client: NamedDependency[LedgerClient]) -> Response[None]:
        given = form.get("answer", "")
        if given not in list(ReviewAnswer):
            raise ValidationException(detail="there is no such answer")
        picked = form.get("external_id", "").strip() or None
        asked = requests.answer_review(client, _number(form), _platform(form), ReviewAnswer(given), picked, BY)
        return await _back(form, "answer", asked)

    @post("/sync")
    async def sync(self, form: NamedDependency[Fields], client: NamedDependency[LedgerClient]) -> Response[None]:
        return await _back(form, "sync", requests.run_now(client, _direction(form), None, None))

    @post("/pause")
    async def pause(self, form: NamedDependency[Fields], client: NamedDependency[LedgerClient]) -> Response[None]:
        paused = form.get("paused") == "true"
        asked = requests.set_pause(client, paused, _direction(form), None, BY)
        return await _back(form, "pause" if paused else "resume", asked)


async def retry_group(client: LedgerClient, key: str) -> str:
    """Every failed delivery with this cause and target. Raises Refused, Unavailable."""
    reply = await client.tracks(ListTracks(state=DeliveryState.FAILED, limit=MOST_FAILURES))
    group = next((g for g in by_cause(reply.tracks) if g.key == key), None)
    if group is None:
        raise Refused("nothing of this kind has failed any more")
    await client.retry_deliveries([(failure.track, failure.delivery) for failure in group.failures])
    return f"{len(group.failures)} tried again"


async def _back(form: Fields, done: str, asked: Awaitable[str]) -> Response[None]:
    """303 to where the form was. What makes no sense any more was done by somebody else: say so there."""
    try:
        await asked
    except Refused:
        done = "nothing"
    where = local(form.get("back", "/"))
    return Response(None, status_code=303, headers={"location": f"{where}{'&' if '?' in where else '?'}done={done}"})


def local(path: str) -> str:
    """`path` if it leads to one of our own pages, else the first."""
    try:
        is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not urlsplit(path).netloc
    except ValueError:
        return "/"
    return path if is_ours and path.isascii() and path.isprintable() else "/"


def _number(form: Fields) -> int:
    text = form.get("track", "")
    if not text.isdecimal() or not 0 < int(text[:20]) < 2**53:
        raise ValidationException(detail="the form names no track")
    return int(text)


def _platform(form: Fields) -> Platform:
    if form.get("target") not in list(Platform):
        raise ValidationException(detail="the form names no platform")
    return Platform(form["target"])


def _direction(form: Fields) -> Direction | None:
    given = form.get("direction", "")
    if given and given not in list(Direction):
        raise ValidationException(detail="there is no such direction")
    return Direction(given) if given else None
