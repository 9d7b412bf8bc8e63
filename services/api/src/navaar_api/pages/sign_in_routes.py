"""Signing in with the API token, and out again."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.exceptions import NotAuthorizedException, TooManyRequestsException

from navaar_api.access import COOKIE, Access, refuse_other_sites
from navaar_api.credentials import SESSION_LIFE
from navaar_api.pages.form_routes import local
from navaar_api.pages.rendering import Renderer
from navaar_client.ledger_client import LedgerClient


class SignInRoutes(Controller):
    include_in_schema = False

    @get("/sign-in")
    async def show(
        self,
        request: Request[Any, Any, Any],
        client: NamedDependency[LedgerClient],
        access: NamedDependency[Access],
        renderer: NamedDependency[Renderer],
    ) -> Response[str]:
        where = local(request.query_params.get("next", "/"))
        code = request.query_params.get("code", "")
        if not code:
            return renderer.html("sign_in.html", next=where, problem="")
        if await access.signed_in(request) is not None:
            return _redirect(where)
        try:
            await access.use_link(request, code)
        except (NotAuthorizedException, TooManyRequestsException) as error:
            return renderer.html("sign_in.html", error.status_code, next=where, problem=_sentence(error.detail))
        return _signed_in(request, access, client, where)

    @post("/sign-in")
    async def check(
        self,
        request: Request[Any, Any, Any],
        client: NamedDependency[LedgerClient],
        access: NamedDependency[Access],
        renderer: NamedDependency[Renderer],
    ) -> Response[str]:
        # A page of another site must neither sign a person in nor use up their attempts.
        refuse_other_sites(request)
        form = await request.form()
        where = local(str(form.get("next", "/")))
        try:
            await access.check_token(request, str(form.get("token", "")).strip())
        except (NotAuthorizedException, TooManyRequestsException) as error:
            return renderer.html("sign_in.html", error.status_code, next=where, problem=_sentence(error.detail))
        return _signed_in(request, access, client, where)

    @post("/sign-out")
    async def leave(self, request: Request[Any, Any, Any]) -> Response[str]:
        refuse_other_sites(request)
        answer = _redirect("/")
        answer.set_cookie(_cookie(request, "", max_age=0))
        return answer


def _redirect(where: str) -> Response[str]:
    return Response("", status_code=303, headers={"location": where}, media_type="text/html")


def _signed_in(request: Request[Any, Any, Any], access: Access, client: LedgerClient, where: str) -> Response[str]:
    answer = _redirect(where)
    answer.set_cookie(_cookie(request, access.credentials.open_session(client.now())))
    return answer


def _cookie(request: Request[Any, Any, Any], value: str, max_age: int | None = None) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=value,
        path="/",
        max_age=int(SESSION_LIFE.total_seconds()) if max_age is None else max_age,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
