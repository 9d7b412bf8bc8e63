"""What an answer says about the session it was given to."""

from __future__ import annotations

import pytest

from navaar_ytmusic_gateway.session import signed_in


def answer(*values: object) -> dict[str, object]:
    reports = [{"service": f"S{n}", "params": [{"key": "logged_in", "value": v}]} for n, v in enumerate(values)]
    return {"responseContext": {"serviceTrackingParams": [{"service": "CSI", "params": [{"key": "c"}]}, *reports]}}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (answer("1"), True),
        (answer("0"), False),
        (answer(0), False),
        (answer("0", "0"), False),
        (answer("0", "1"), True),
        (answer(), None),
        ({"responseContext": {}}, None),
        ({"responseContext": {"serviceTrackingParams": [{"service": "GFEEDBACK"}, None]}}, None),
        ({"responseContext": None}, None),
        ({}, None),
        ([1], None),
        (None, None),
    ],
)
def test_whether_somebody_is_signed_in_is_read_from_what_the_services_report(
    document: object, expected: bool | None
) -> None:
    assert signed_in(document) is expected
