"""Settings and response times in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from navaar_bot.templates import words
from navaar_bot.templates.markup import code, plain
from navaar_contracts.identifiers import Platform
from navaar_contracts.links import Link
from navaar_telegram_session.session import PLATFORM


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
        for platform in Platform:
            collection, noun = link.collections.get(platform), platform.spec.collection_noun
            what = noun.capitalize() if platform is PLATFORM else f"{platform.label} {noun}"
            found.append(f"{what} {code(collection)}" if collection else f"{platform.label} is off")
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
