"""A misspelt variable is told, with what was probably meant."""

from __future__ import annotations

import pytest

from navaar_runtime.unknown_variables import unknown_variables


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("NAVAAR_FIRST_SNYC", "NAVAAR_FIRST_SYNC"),
        ("NAVAAR_TELEGRAM_CHANEL_ID", "NAVAAR_TELEGRAM_CHANNEL_ID"),
        ("NAVAAR_SYNC_INTERVAL_SP_TO_TGG", "NAVAAR_SYNC_INTERVAL_SP_TO_TG"),
    ],
)
def test_a_misspelt_variable_is_told_with_what_was_meant(name: str, instead: str) -> None:
    (found,) = unknown_variables({name: "a-value", "HOME": "/root", instead: "x"})
    assert found.told() == f"{name} is read by nothing; did you mean {instead}?"


def test_a_variable_of_an_earlier_version_is_told_with_what_takes_its_place() -> None:
    (found,) = unknown_variables({"NAVAAR_TRACK_CARDS_ENABLED": "true"})
    assert found.told() == "NAVAAR_TRACK_CARDS_ENABLED is read by nothing: NAVAAR_CARDS takes its place"


def test_what_others_read_out_of_the_same_file_is_known() -> None:
    others = ("NAVAAR_TAG", "NAVAAR_TEST_SECONDS", "NAVAAR_NKEY_LEDGER", "NAVAAR_TELEGRAM_BOT_TOKEN_FILE")
    assert unknown_variables(dict.fromkeys((*others, "NAVAAR_PIGEON_RING"), "1"), ["NAVAAR_PIGEON_RING"]) == []


def test_a_value_is_never_told() -> None:
    (found,) = unknown_variables({"NAVAAR_TELEGRAM_BOT_TOKN": "123:secret"})
    assert "secret" not in found.told()
