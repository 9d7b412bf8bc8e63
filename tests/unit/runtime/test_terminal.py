"""What came from outside is shown on a terminal and never obeyed; reports of errors show no values."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from navaar_runtime.logs import configure_logs, get_logger, traceback_of
from navaar_runtime.redaction import register_secret
from navaar_runtime.terminal import harmless, json_text

OBEYED = [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x1b]52;c;ZXZpbA==\x07", r"\x1b]52;c;ZXZpbA==\x07"),
        ("\x9b2J", r"\x9b2J"),
        ("safe\u202egnp.exe", r"safe\u202egnp.exe"),
        ("one\r\ntwo\tthree", r"one\r\ntwo\tthree"),
        ("half \udcff", r"half \udcff"),
        ("گوگوش\u200cها – پُل 🎵", "گوگوش\u200cها – پُل 🎵"),
    ],
)
def test_what_a_terminal_obeys_is_written_out(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text(alphabet=st.characters()), st.booleans())
def test_nothing_obeyed_is_left_and_json_stays_the_same_value(text: str, lines: bool) -> None:
    left = {ord(character) for character in harmless(text, lines=lines)} & set(OBEYED)
    assert left <= ({0x0A, 0x09} if lines else set())
    written = json_text({"a": text})
    assert json.loads(written) == {"a": text}
    assert not {ord(character) for character in written} & set(OBEYED)


def test_half_characters_can_be_written_as_json_too() -> None:
    assert json_text("\udcff").encode() == b'"\\udcff"'


@pytest.fixture
def logs() -> Iterator[None]:
    """Logging as it was before, afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def fail(token: str) -> None:
    answer = {"authorization": f"Basic {token}", "unregistered": "a-value-that-nobody-registered"}
    raise RuntimeError(f"refused \x1b]0;title\x07 {token[:3]} {len(answer)}")


@pytest.mark.parametrize("as_json", [False, True])
def test_a_traceback_shows_no_values_no_secrets_and_no_sequences(
    as_json: bool, capsys: pytest.CaptureFixture[str], logs: None
) -> None:
    register_secret("the-registered-secret")
    configure_logs("INFO", json=as_json)
    token = "ya29.not-registered-anywhere"
    log = get_logger("test")
    try:
        fail(token)
    except RuntimeError:
        log.exception("it_failed", name="\x1b[2Jsong", hidden="the-registered-secret")
        logging.getLogger("library").exception("foreign \x9b31m")
    said = capsys.readouterr().err
    assert "RuntimeError: refused" in said
    assert "in fail" in said
    for hidden in (token, "a-value-that-nobody-registered", "the-registered-secret"):
        assert hidden not in said
    # What is ours alone is coloured.
    for colour in (0, 1, 2, 31, "31;1", 32, 34, 35, 36):
        said = said.replace(f"\x1b[{colour}m", "")
    assert not {ord(character) for character in said} & set(OBEYED) - {0x0A}


def test_an_error_of_ours_is_told_without_values_and_secrets() -> None:
    register_secret("another-registered-secret")
    try:
        fail("another-registered-secret")
    except RuntimeError as error:
        told = traceback_of(error)
    assert "refused \\x1b]0;title\\x07" in told
    assert "another-registered-secret" not in told
    assert "a-value-that-nobody-registered" not in told
    assert told.startswith("Traceback")
    assert sys.exc_info() == (None, None, None)
