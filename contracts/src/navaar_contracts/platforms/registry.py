"""Which platforms are installed: every specification under the entry point group `navaar.platforms`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from navaar_contracts.platforms.spec import PlatformSpec

GROUP = "navaar.platforms"


class PlatformsConflict(Exception):
    """Two installed platforms cannot live beside each other. The text says which and why."""


@cache
def registered() -> dict[str, PlatformSpec]:
    """The specifications by id, in the order of lists. Read once: what is installed later needs a restart.

    Raises:
        PlatformsConflict: two share a name, or an entry point is no specification.
    """
    specs: list[PlatformSpec] = []
    for point in {each.value: each for each in entry_points(group=GROUP)}.values():
        spec = point.load()
        if not isinstance(spec, PlatformSpec):
            raise PlatformsConflict(f"entry point {point.name} of {GROUP} ({point.value}) is no PlatformSpec")
        specs.append(spec)
    for what in ("id", "short", "collection_setting", "gateway"):
        seen: dict[str, PlatformSpec] = {}
        for spec in specs:
            value = getattr(spec, what)
            if value in seen:
                raise PlatformsConflict(f"platforms {seen[value].id} and {spec.id} share the {what} {value!r}")
            seen[value] = spec
    return {spec.id: spec for spec in sorted(specs, key=lambda spec: (spec.rank, spec.id))}
