"""`navaar auth spotify`: signing in at a terminal."""

from __future__ import annotations

import sys
import webbrowser
from typing import Annotated

import typer
from rich.console import Console

from navaar_playlist_gateway.sign_in import SignInFailed
from navaar_runtime.settings import load, process_environment
from navaar_runtime.terminal import harmless
from navaar_spotify_gateway import sign_in
from navaar_spotify_gateway.callback import CannotListen
from navaar_spotify_gateway.settings import SpotifySettings

_console = Console(stderr=True, markup=False, emoji=False)


def spotify(
    url: Annotated[
        str | None, typer.Option(help="The address your browser ended at, instead of waiting for it")
    ] = None,
    paste: Annotated[
        bool, typer.Option("--paste", help="Ask for that address; for a machine without a browser")
    ] = False,
    browser: Annotated[bool, typer.Option(help="Open the browser by itself")] = True,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for the browser")] = 300,
) -> None:
    """Sign in to Spotify: with your app's secret where NAVAAR_SPOTIFY_CLIENT_SECRET is set, else with PKCE."""
    try:
        pending = sign_in.begin(load(SpotifySettings, process_environment()))
    except SignInFailed as error:
        raise _failed(str(error)) from None
    _console.print("Open this address and agree:")
    sys.stderr.write(f"\n{pending.url}\n\n")
    address = url
    if address is None and not paste:
        if browser:
            webbrowser.open(pending.url)
        _console.print(f"Waiting for the browser to come back to {pending.redirect_uri} …")
        try:
            address = sign_in.listen(pending, timeout)
        except CannotListen as error:
            _console.print(harmless(str(error), lines=True))
            paste = True
        if address is None and not paste:
            raise _failed("the browser did not come back in time; try again, or use --paste")
    if address is None:
        address = typer.prompt("The address it ended at", err=True)
    try:
        done = sign_in.finish(pending, address)
    except SignInFailed as error:
        raise _failed(str(error)) from None
    _console.print(
        f"Signed in. {harmless(str(done.path))} is private to you; it holds for six months. Next: navaar doctor"
    )


def _failed(text: str) -> typer.Exit:
    sys.stderr.write(f"{harmless(text, lines=True)}\n")
    return typer.Exit(1)
