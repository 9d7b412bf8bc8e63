"""What the driver raises, for people. Pure."""

from __future__ import annotations

from pymongo.errors import OperationFailure

from navaar_runtime.failures import Transient

_NOT_LET_IN = frozenset({13, 18, 8000})
"""Unauthorized, AuthenticationFailed, AtlasError: https://www.mongodb.com/docs/manual/reference/error-codes/."""


def failure_of(error: BaseException) -> Transient:
    """Also what is refused is tried again: a person may allow it at any moment, and until then nothing may be lost."""
    if isinstance(error, OperationFailure) and error.code in _NOT_LET_IN:
        return Transient(
            f"MongoDB refuses the ledger's user (error {error.code}): correct the name and password in "
            "NAVAAR_MONGODB_URL, or give the user the role readWrite on the database of NAVAAR_MONGODB_DATABASE"
        )
    return Transient(f"MongoDB does not do what the ledger asks: {type(error).__name__}: {error}")
