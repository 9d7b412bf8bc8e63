"""Settings and response times in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from navaar_bot.templates import words
from navaar_bot.templates.markup import code, plain
from navaar_contracts.links import Link


def ping(measured: Mapping[str, float | str]) -> str:
    """A line a part: milliseconds, or why there is no answer."""
    lines = [
        f"{name}: {taken:.0f} ms" if isinstance(taken, float) else f"⚠️ {name}: {plain(taken, 200)}"
        for name, taken in measured.items()
    ]
    return "\n".join(["<b>Pong</b>", *lines])


def links(all_links: Iterable[Link]) -> tuple[str, ...]:
    found = []
    for link in all_links:
        found.append(f"<b>Link {plain(link.name)}</b>")
        found.append(f"Channel {code(link.telegram_channel_id)}")
        found.append(f"YouTube Music playlist {code(link.ytmusic_playlist_id)}")
        found.append(
            f"Spotify playlist {code(link.spotify_playlist_id)}" if link.spotify_playlist_id else "Spotify is off"
        )
    return (*found, "")


def settings(by_service: Mapping[str, Mapping[str, str] | None]) -> tuple[str, ...]:
    """What all services share comes once, then each one's own."""
    known = [values for values in by_service.values() if values]
    shared = {
        name: value
        for name, value in (known[0].items() if known else ())
        if len(known) > 1 and all(values.get(name) == value for values in known)
    }
    found: list[str] = []
    if shared:
        found += ["<b>Everywhere</b>", *(_line(name, value) for name, value in sorted(shared.items()))]
    for service, values in by_service.items():
        own = {name: value for name, value in (values or {}).items() if name not in shared}
        if values is None:
            found += ["", f"<b>{words.SERVICES.get(service, service)}</b> does not answer"]
        elif own:
            found += ["", f"<b>{words.SERVICES.get(service, service)}</b>"]
            found += [_line(name, value) for name, value in sorted(own.items())]
    return tuple(found)


def _line(name: str, value: str) -> str:
    return f"{plain(name)} = {code(value) if value else '–'}"
