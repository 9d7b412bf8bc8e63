"""The links as their file says now: what their owners change in it is taken over while Navaar runs.

Each service looks at the file itself, by its content, so that nothing has to be told from one to the other and a start
reads the same. What a service is built of, its collections and its pace, changes at the next start; so does what the
first sight of a playlist means, for approving a plan is an act of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from navaar_contracts.links import Link
from navaar_contracts.policies import KEYS
from navaar_runtime.cancelling import stopping
from navaar_runtime.logs import get_logger
from navaar_runtime.settings import LinkSettings, SettingsError, load, load_links

log = get_logger(__name__)

EVERY_S = 2.0
AT_A_START = ("first_sync", "intervals")
"""Keys of a policy that a running service keeps."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a changed file came to, for people."""

    digest: str
    """Of the file's content."""
    refused: str | None = None
    """Why it is not taken over; what held before still does."""
    taken: tuple[str, ...] = ()
    """What holds from now on: 'jazz: quiet_hours, caption'."""
    later: tuple[str, ...] = ()
    """What changes at the next start."""


class LiveLinks(Mapping[str, Link]):
    """The links by name. Whoever keeps this mapping, and not what it holds, goes by what its owner wants now.

    Raises:
        SettingsError: as `load_links`.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._file = load(LinkSettings, environment).links_file
        self._digest = _digest(self._file)
        self._links = {link.name: link for link in load_links(environment)}
        self._refused: str | None = None

    def __getitem__(self, name: str) -> Link:
        return self._links[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._links)

    def __len__(self) -> int:
        return len(self._links)

    def look(self) -> Looked | None:
        """Take over what the file says now; None where it says what it did."""
        digest = _digest(self._file)
        if digest == self._digest or digest is None:
            # A file that is being replaced may be away for a moment.
            return None
        self._digest = digest
        try:
            links = {link.name: link for link in load_links(self._environment)}
        except SettingsError as error:
            self._refused = str(error)
            log.warning("links_refused", reason=self._refused)
            return Looked(digest, refused=self._refused)
        self._refused = None
        taken, later = self._take(links)
        log.info("links_taken_over", taken=taken, at_the_next_start=later)
        return Looked(digest, taken=tuple(taken), later=tuple(later))

    async def problem(self) -> str | None:
        """Why what the file says does not hold; None where it does."""
        return self._refused

    async def watch(self, then: Callable[[Looked], Awaitable[None]] | None = None) -> None:
        """Look again and again until cancelled; `then` is told of each change."""
        if self._file is None:
            await asyncio.Event().wait()  # a background task is there for the service's life
        while not stopping():
            await asyncio.sleep(EVERY_S)
            looked = await asyncio.to_thread(self.look)
            if looked is not None and then is not None:
                await then(looked)

    def _take(self, links: Mapping[str, Link]) -> tuple[list[str], list[str]]:
        taken: list[str] = []
        later = [f"the new link {name}" for name in links if name not in self._links]
        later += [f"{name}, which is gone" for name in self._links if name not in links]
        for name, before in list(self._links.items()):
            now = links.get(name)
            if now is None:
                continue
            if (now.collections, now.overflow) != (before.collections, before.overflow):
                later.append(f"{name}: its collections")
                continue
            kept = {key: getattr(before.policy, key) for key in AT_A_START}
            policy = now.policy.model_copy(update=kept)
            changed = [key for key in KEYS if getattr(policy, key) != getattr(before.policy, key)]
            waiting = [key for key in AT_A_START if getattr(now.policy, key) != kept[key]]
            if changed:
                self._links[name] = before.model_copy(update={"policy": policy})
                taken.append(f"{name}: {', '.join(changed)}")
            if waiting:
                later.append(f"{name}: {', '.join(waiting)}")
        return taken, later


def _digest(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError:
        return None
