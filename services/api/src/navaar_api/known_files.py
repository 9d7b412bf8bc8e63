"""Files that are served as they are: those that are there at the start, and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Router
from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler
from litestar.static_files import create_static_files_router


def known_files(path: str, folder: Path) -> Router:
    """Serves the files of `folder` below `path`. What else is asked for never reaches the file system."""
    known = frozenset(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())

    def is_known(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        if str(connection.path_params.get("file_path", "")).lstrip("/") not in known:
            raise NotFoundException(detail="there is no such file")

    return create_static_files_router(path=path, directories=[folder], guards=[is_known], include_in_schema=False)
