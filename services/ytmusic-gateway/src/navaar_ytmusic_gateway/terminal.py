"""`navaar auth ytmusic`: signing in at a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from navaar_playlist_gateway.sign_in import SignInFailed
from navaar_runtime.settings import load, process_environment
from navaar_runtime.terminal import harmless
from navaar_ytmusic_gateway import sign_in
from navaar_ytmusic_gateway.settings import YTMusicSettings

_console = Console(stderr=True, markup=False, emoji=False)

_HOW_TO_COPY = """\
1. Open https://music.youtube.com in a browser where you are signed in (a private window keeps the sign-in longest).
2. Open the developer tools (F12), tab Network, and click something in the page, e.g. Library.
3. Filter for "browse", right-click a POST request to /youtubei/v1/browse: Copy > Copy request headers
   (Chrome: Copy > Copy as cURL).
4. Paste it here and end with an empty line or Ctrl-D."""


def ytmusic(
    file: Annotated[
        Path | None, typer.Option(help="A file with the copied request headers, a cURL command or a token")
    ] = None,
    from_browser: Annotated[
        str | None,
        typer.Option(
            metavar="BROWSER[:PROFILE]",
            help="Take the cookies of a browser on this machine where you are signed in: firefox, chrome, chromium, "
            "brave, edge …; PROFILE is its folder or name",
        ),
    ] = None,
    cookies: Annotated[
        Path | None,
        typer.Option(help="A cookies.txt (Netscape format) exported from a browser where you are signed in"),
    ] = None,
    account: Annotated[
        int, typer.Option(min=0, help="Which of several accounts that browser is signed in to; 0 is the first")
    ] = 0,
    oauth: Annotated[
        bool, typer.Option("--oauth", help="A Google sign-in for the YouTube Data API instead of browser headers")
    ] = False,
) -> None:
    """Sign in to YouTube Music: with a browser's cookies or request headers, or with --oauth."""
    if sum((file is not None, from_browser is not None, cookies is not None, oauth)) > 1:
        raise typer.BadParameter("--file, --from-browser, --cookies and --oauth are four ways: choose one")
    settings = load(YTMusicSettings, process_environment())
    try:
        if oauth:
            code = sign_in.begin_device(settings)
            _console.print(harmless(f"Open {code.url} and confirm the code {code.user_code}."))
            with _console.status("Waiting…") as status:
                done = sign_in.wait_for_device(
                    settings, code, waiting=lambda left: status.update(f"Waiting, {left:.0f} s left…")
                )
        elif from_browser is not None:
            done = sign_in.with_browser(settings, from_browser, account)
        elif cookies is not None:
            done = sign_in.with_cookies_file(settings, cookies, account)
        else:
            done = sign_in.with_headers(settings, _headers(file))
    except SignInFailed as error:
        raise _failed(str(error)) from None
    greeting = f" as {done.account}" if done.account else ""
    _console.print(harmless(f"Signed in{greeting}. {done.path} is private to you. Next: navaar doctor"))


def _headers(file: Path | None) -> str:
    if file is not None:
        try:
            return file.read_text(encoding="utf-8")
        except OSError as error:
            raise _failed(f"cannot read {file}: {error.strerror}") from None
    if sys.stdin.isatty():
        _console.print(_HOW_TO_COPY)
    lines: list[str] = []
    for line in sys.stdin:
        if not line.strip() and lines:
            break
        lines.append(line)
    return "".join(lines)


def _failed(text: str) -> typer.Exit:
    sys.stderr.write(f"{harmless(text, lines=True)}\n")
    return typer.Exit(1)
