"""The API held to its own OpenAPI document: no server error, no undocumented answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from navaar_contracts.identifiers import DeliveryState, Platform
from tests.support.api_service import BEARER, api_service
from tests.support.stub_ledger import StubLedger, proposal, track

EXAMPLES = 15


def filled() -> StubLedger:
    ledger = StubLedger()
    failed = {Platform.SPOTIFY: DeliveryState.FAILED}
    review = {Platform.TELEGRAM: DeliveryState.REVIEW}
    proposals = {Platform.TELEGRAM: {"alternatives": (proposal("a", "A", 0.7, "title agrees"),)}}
    ledger.put(track(1, "A", states=failed), track(2, "B", states=review, details=proposals), track(3, "C"))
    ledger.note(1, "track_discovered", "Found.")
    return ledger


def hammer(document: dict[str, Any], url: str) -> Counter[int]:
    """Every operation with fitting and unfitting requests; how often each status came."""
    # Here and not above: every worker reads this file, one runs this test, and the import takes a second.
    import schemathesis
    from schemathesis.specs.openapi import checks

    wanted = [
        schemathesis.checks.not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]
    statuses: Counter[int] = Counter()
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = found.ok()
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def check(case: schemathesis.Case) -> None:
                response = case.call(base_url=url, headers=dict(BEARER))
                statuses[response.status_code] += 1
                case.validate_response(response, checks=wanted)

            try:
                check()
            except schemathesis.errors.InvalidSchema:
                raise
            except Exception as error:
                if type(error).__name__ == "Unsatisfiable":
                    # Nothing can be wrong about an operation that takes nothing.
                    continue
                raise
    return statuses


@pytest.mark.timeout(900)
async def test_no_server_error_and_no_undocumented_answer(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=filled()) as api:
        document = (await api.http.get("/schema")).json()
        assert document["openapi"].startswith("3.1")
        statuses = await asyncio.to_thread(hammer, document, api.url)
        assert statuses.total() > 200
        assert {200, 202, 400, 404} <= statuses.keys()


async def test_the_document_names_every_endpoint_with_examples(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=filled()) as api:
        document = (await api.http.get("/schema")).json()
    reference = ["stats", "counts", "tracks", "tracks/{track_id}", "failed", "pending", "logs", "sync-state"]
    ours = "sync retry pause reviews reviews/{track_id}/{target} tracks/{track_id}/retry tracks/{track_id}/wrong-match"
    ours += " tracks/{track_id}/part"
    expected = {f"/api/{name}" for name in [*reference, *ours.split()]} | {"/healthz", "/readyz", "/metrics"}
    assert set(document["paths"]) == expected
    schemas = document["components"]["schemas"]
    for name in ("Track", "Log", "Stats", "Problem", "Accepted", "SyncRequest", "AnswerRequest"):
        properties = next(s for key, s in schemas.items() if key.endswith(name))["properties"]
        assert any("examples" in one or "example" in one for one in properties.values()), name
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (path, method)
            codes = set(operation["responses"])
            if path.startswith("/api/"):
                assert {"400", "401", "503"} <= codes, (path, method, codes)
