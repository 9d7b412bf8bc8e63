"""What MongoDB's driver raises, as people are told it."""

from __future__ import annotations

import pytest
from pymongo.errors import OperationFailure, ServerSelectionTimeoutError

from navaar_ledger.store.mongo.failures import failure_of


@pytest.mark.parametrize("code", [13, 18, 8000])
def test_a_user_that_is_refused_is_named_as_the_cause_with_what_to_do(code: int) -> None:
    told = failure_of(OperationFailure("bad auth : Authentication failed.", code))
    assert "refuses the ledger's user" in told.reason
    assert "NAVAAR_MONGODB_URL" in told.reason
    assert "readWrite" in told.reason


@pytest.mark.parametrize("error", [OperationFailure("no such command", 59), ServerSelectionTimeoutError("nobody")])
def test_everything_else_is_told_as_the_driver_says_it(error: Exception) -> None:
    told = failure_of(error)
    assert str(error) in told.reason
    assert "user" not in told.reason
