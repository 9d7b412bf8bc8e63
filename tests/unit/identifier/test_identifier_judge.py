"""The judge's JSON lines."""

from __future__ import annotations

import io
import json
import subprocess
import sys

from navaar_identifier.judge import answer, judge


def ask(*lines: str) -> list[dict[str, object]]:
    out = io.StringIO()
    judge(lines, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_identify() -> None:
    (found,) = ask('{"op": "identify", "raw": "Googoosh - Pol (Official Video).mp3"}')
    assert (found["artist"], found["title"]) == ("Googoosh", "Pol")
    assert found["reasons"]


def test_match() -> None:
    request = {
        "op": "match",
        "query": {"artist": "Googoosh", "title": "Pol", "duration_s": 200},
        "candidates": [
            {"id": "1", "artist": "Googoosh", "title": "Pol (Live)", "duration_s": 260, "kind": "song"},
            {"id": "2", "artist": "Googoosh", "title": "Pol", "duration_s": 201, "kind": "song"},
        ],
    }
    (found,) = ask(json.dumps(request))
    assert (found["id"], found["decision"]) == ("2", "match")


def test_no_match_has_no_id() -> None:
    (found,) = ask('{"op": "match", "query": {"artist": "A", "title": "B"}, "candidates": []}')
    assert (found["id"], found["decision"]) == (None, "none")


def test_same() -> None:
    found = ask(
        '{"op": "same", "a": {"artist": "گوگوش", "title": "پل"}, "b": {"artist": "Googoosh", "title": "Pol"}}',
        '{"op": "same", "a": {"artist": "گوگوش", "title": "پل"}, "b": {"artist": "Googoosh", "title": "Makhloogh"}}',
    )
    assert [f["same"] for f in found] == [True, False]


def test_a_bad_line_gets_an_error_and_the_next_an_answer() -> None:
    found = ask(
        "not json", "[]", "{}", '{"op": "fly"}', '{"op": "identify"}', '{"op": "identify", "raw": 5}',
        '{"op": "match", "query": [], "candidates": [{}]}', '{"op": "same", "a": {"duration_s": -1}, "b": {}}',
        '{"op": "identify", "raw": "A - B"}',
    )  # fmt: skip
    assert ["error" in f for f in found] == [True] * 8 + [False]


def test_deep_nesting_is_an_error_too() -> None:
    assert "error" in answer("[" * 100_000)


def test_empty_lines_are_passed_over() -> None:
    assert ask("", "  \n") == []


def test_it_runs_as_a_module_and_answers_line_by_line() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "navaar_identifier.judge"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for raw in ("A - B", "C - D"):
            child.stdin.write(json.dumps({"op": "identify", "raw": raw}) + "\n")
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["artist"] == raw[0]
        child.stdin.close()
        assert child.wait(20) == 0
