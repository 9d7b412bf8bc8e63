"""`navaar match`: what a platform's catalogue has for a name, judged as in a running Navaar."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Candidate, Choice, ItemMetadata, Kind, Recording, Verdict
from navaar_identifier.compare.verdicts import choose
from navaar_identifier.identification import identify
from navaar_identifier.search_queries import queries
from navaar_identifier.settings import IdentifierSettings
from navaar_launcher.registry import GATEWAYS, file_platform
from navaar_playlist_gateway.gateway import PlaylistGateway
from navaar_runtime.settings import load

MOST_HITS = 10


class Catalogue(Protocol):
    async def search(self, query: str, limit: int) -> tuple[Candidate, ...]: ...


async def match(
    name: str, duration_s: float | None, platform: Platform, environment: Mapping[str, str]
) -> tuple[Recording, Choice, tuple[str, ...]]:
    """(what the name was read as, the choice, the queries that were asked), stopping at the first good match.

    Raises:
        Failure: the platform refuses or does not answer.
        SettingsError: the configuration is wrong.
    """
    thresholds = load(IdentifierSettings, environment).thresholds()
    item = ItemMetadata(file_name=name, duration_s=duration_s, kind=Kind.AUDIO)
    recording = identify(item, None, file_platform()).recording
    found: dict[str, Candidate] = {}
    asked: list[str] = []
    choice = choose(recording, (), thresholds)
    async with _catalogue(platform, environment) as catalogue:
        for query in queries(recording, platform.spec.query_dialect):
            asked.append(query)
            found |= {candidate.id: candidate for candidate in await catalogue.search(query, MOST_HITS)}
            choice = choose(recording, tuple(found.values()), thresholds)
            if choice.verdict is Verdict.MATCH:
                break
    return recording, choice, tuple(asked)


def _catalogue(platform: Platform, environment: Mapping[str, str]) -> AbstractAsyncContextManager[Catalogue]:
    # One platform's libraries are loaded only for a question to it.
    gateway: PlaylistGateway[Any, Any] = GATEWAYS[platform].main_module().GATEWAY
    return gateway.client(environment)
