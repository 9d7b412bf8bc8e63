"""What the ledger's unit tests share."""

from __future__ import annotations

import pytest

from tests.support.ledger_world import World


@pytest.fixture
def world() -> World:
    """A ledger whose collections have been read once; nothing is in them."""
    made = World()
    made.open_collections()
    return made
