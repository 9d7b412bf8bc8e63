"""What every request passes first: the name it is called under, and the headers that every answer carries."""

from __future__ import annotations

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from navaar_api.problems import problem

_LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data: https:{images}; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class SecurityMiddleware:
    """Refuses unknown names (DNS rebinding) and adds the security headers."""

    def __init__(self, *, host: str, is_loopback: bool, allowed_hosts: tuple[str, ...]) -> None:
        own = frozenset({host, *_LOOPBACK_NAMES}) if is_loopback else frozenset[str]()
        self._names = own | {name.lower() for name in allowed_hosts}
        images = " http://127.0.0.1:* http://localhost:*" if is_loopback else ""
        self._policy = _POLICY.format(styles="", images=images)
        # Swagger UI sets style attributes.
        self._docs_policy = _POLICY.format(styles=" 'unsafe-inline'", images=images)

    def admits(self, host_header: str) -> bool:
        """Whether a Host header names us. Beyond loopback, and without a list, every name does: all needs the token."""
        return not self._names or _name(host_header) in self._names

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """An application that does both around `app`."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP:
                await app(scope, receive, send)
                return
            path = scope["path"]

            async def send_with_headers(message: Message) -> None:
                if message["type"] == "http.response.start":
                    headers = MutableScopeHeaders.from_message(message)
                    headers["content-security-policy"] = self._docs_policy if path.startswith("/docs") else self._policy
                    headers["x-content-type-options"] = "nosniff"
                    # With no-referrer browsers would also hide the origin of our own forms.
                    headers["referrer-policy"] = "same-origin"
                    headers["x-frame-options"] = "DENY"
                    headers["cross-origin-opener-policy"] = "same-origin"
                    headers["cross-origin-resource-policy"] = "same-origin"
                    headers["permissions-policy"] = "camera=(), geolocation=(), microphone=()"
                    if "cache-control" not in headers:
                        headers["cache-control"] = "no-cache" if "etag" in headers else "no-store"
                await send(message)

            host = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"host"), "")
            if not self.admits(host):
                refusal = problem(421, "this name is not allowed; set NAVAAR_API_ALLOWED_HOSTS to allow it")
                answer = refusal.to_asgi_response(app=None, request=None)  # type: ignore[arg-type]
                await answer(scope, receive, send_with_headers)
                return
            await app(scope, receive, send_with_headers)

        return guarded


def _name(host_header: str) -> str:
    """'[::1]:8080' -> '::1', 'Navaar.example:80' -> 'navaar.example'."""
    if host_header.startswith("["):
        return host_header[1:].partition("]")[0]
    return host_header.partition(":")[0].lower()
