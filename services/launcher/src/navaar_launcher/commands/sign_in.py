"""`navaar auth`: a command for each platform that a person signs in to, from the platform's own folder."""

from __future__ import annotations

from importlib.metadata import entry_points

import typer

GROUP = "navaar.sign_in"
"""The entry point group of sign-ins: what the command is called, and the function that Typer makes it of."""

app = typer.Typer(help="Sign in to a platform.", no_args_is_help=True)


@app.callback()
def auth() -> None:
    """Sign in to a platform."""


def register_all() -> None:
    """Add every platform's command; their libraries are imported now, so only where it is asked for."""
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        app.command(point.name)(point.load())
