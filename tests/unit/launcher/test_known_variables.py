"""The list of variables that every service carries, beside those that the registered settings read."""

from __future__ import annotations

from navaar_launcher.settings_page import variable_names
from navaar_runtime.unknown_variables import known_variables


def test_every_service_knows_the_variables_of_all() -> None:
    assert sorted(known_variables()) == variable_names(), (
        "run `uv run navaar settings --names > shared/runtime/src/navaar_runtime/variables.txt`"
    )
