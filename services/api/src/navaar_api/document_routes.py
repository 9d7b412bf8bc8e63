"""Documents about the API: Swagger UI over /schema, the message contracts. Nothing comes from a CDN."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from litestar import Controller, Response, Router, get
from litestar.di import NamedDependency

from navaar_api import asyncapi
from navaar_api.access import may_read
from navaar_api.known_files import known_files
from navaar_api.pages.rendering import Renderer


class DocumentRoutes(Controller):
    guards = [may_read]
    include_in_schema = False

    @get("/docs")
    async def docs(self, renderer: NamedDependency[Renderer]) -> Response[str]:
        return renderer.html("swagger.html")

    @get("/asyncapi", media_type="text/html")
    async def contracts(self, renderer: NamedDependency[Renderer]) -> Response[str]:
        return renderer.html("asyncapi.html", streams=asyncapi.chapters())

    @get("/asyncapi.json")
    async def contracts_document(self) -> dict[str, Any]:
        return asyncapi.document()


def swagger_files() -> Router:
    """Swagger UI as its package carries it, in a folder named after its version."""
    (folder,) = Path(str(files("swagger_ui_bundle"))).glob("vendor/swagger-ui-*")
    return known_files("/docs/files", folder)
