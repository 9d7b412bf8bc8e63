"""The pages' forms: each does one thing and leads back to where it came from."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlsplit

from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException, ValidationException

from navaar_api import asking
from navaar_api.access import Access
from navaar_api.desk import Desk, Refused
from navaar_api.pages.browsing import MOST_FAILURES
from navaar_api.pages.groups import by_cause
from navaar_contracts.commands import ReviewAnswer
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import ListTracks

Fields = dict[str, str]
By = "dashboard"


def actions(access: Access) -> type[Controller]:
    async def fields(request: Request[Any, Any, Any]) -> Fields:
        """The form's fields, once its mark is right."""
        form = {key: str(value) for key, value in (await request.form()).items()}
        caller = access.caller(request)
        if caller is None:
            raise NotAuthorizedException(detail="sign in to do this")
        if caller.session is not None and not access.credentials.is_form_mark(caller.session, form.get("mark", "")):
            raise PermissionDeniedException(detail="this form is out of date: go back, reload the page, try again")
        return form

    class Actions(Controller):
        path = "/actions"
        guards = [access.may_submit]
        include_in_schema = False

        @post("/retry")
        async def retry(self, request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[None]:
            form = await fields(request)
            if form.get("group"):
                return await _back(form, "retry", retry_group(desk, form["group"]))
            if form.get("track"):
                target = Platform(form["target"]) if form.get("target") in list(Platform) else None
                return await _back(form, "retry", asking.retry_track(desk, _number(form), target))
            return await _back(form, "retry", asking.retry_all(desk, None))

        @post("/delete")
        async def delete(self, request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[None]:
            form = await fields(request)
            return await _back({**form, "back": "/"}, "delete", asking.delete_track(desk, _number(form), By))

        @post("/wrong-match")
        async def wrong_match(self, request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[None]:
            form = await fields(request)
            return await _back(form, "wrong-match", asking.report_wrong_match(desk, _number(form), _platform(form), By))

        @post("/answer")
        async def answer(self, request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[None]:
            form = await fields(request)
            given = form.get("answer", "")
            if given not in list(ReviewAnswer):
                raise ValidationException(detail="there is no such answer")
            picked = form.get("external_id", "").strip() or None
            asked = asking.answer_review(desk, _number(form), _platform(form), ReviewAnswer(given), picked, By)
            return await _back(form, "answer", asked)

        @post("/sync")
        async def sync(self, request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[None]:
            form = await fields(request)
            return await _back(form, "sync", asking.sync_now(desk, _direction(form), None, None))

        @post("/pause")
        async def pause(self, request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[None]:
            form = await fields(request)
            paused = form.get("paused") == "true"
            asked = asking.set_pause(desk, paused, _direction(form), None, By)
            return await _back(form, "pause" if paused else "resume", asked)

    return Actions


async def retry_group(desk: Desk, key: str) -> str:
    """Every failed delivery with this cause and target. Raises Refused, Unavailable."""
    reply = await desk.tracks(ListTracks(state=DeliveryState.FAILED, limit=MOST_FAILURES))
    group = next((g for g in by_cause(reply.tracks) if g.key == key), None)
    if group is None:
        raise Refused("nothing of this kind has failed any more")
    for failure in group.failures:
        await asking.retry_track(desk, failure.track.id, failure.delivery.target)
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
    parts = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and path.isprintable()
    return path if is_ours else "/"


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
