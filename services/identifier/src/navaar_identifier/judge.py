"""Answers JSON lines, so that any data set can be run against the rules.

    {"op": "identify", "raw": ...}                          -> {"artist", "title", "version", "featured", "reasons"}
    {"op": "match", "query": {...}, "candidates": [...]}    -> {"id", "decision", "score", "reasons"}
    {"op": "same", "a": {...}, "b": {...}}                  -> {"same", "decision", "score", "reasons"}

A line that cannot be answered gets {"error": ...}. Answers keep the order of the requests and are flushed one by one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO

from navaar_contracts.music import Candidate, Kind, Recording, Sameness, Verdict
from navaar_identifier.compare.verdicts import choose, same_recording
from navaar_identifier.names.machine_names import is_made_by_program
from navaar_identifier.names.parser import read_name
from navaar_runtime.terminal import json_text

_KINDS = {"song": Kind.SONG, "video": Kind.VIDEO, "upload": Kind.UPLOAD, "audio": Kind.AUDIO}


def judge(lines_in: Iterable[str], lines_out: TextIO) -> None:
    """Answers every line; never raises for what a line says."""
    for line in lines_in:
        if not line.strip():
            continue
        lines_out.write(json_text(answer(line)) + "\n")
        lines_out.flush()


def answer(line: str) -> dict[str, Any]:
    """The answer to one request line."""
    try:
        request = json.loads(line)
        if not isinstance(request, dict):
            return {"error": "a request is a JSON object"}
        handler = _HANDLERS.get(str(request.get("op")))
        if handler is None:
            return {"error": f"unknown op: {request.get('op')!r}; one of {', '.join(_HANDLERS)}"}
        return handler(request)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


def _identify(request: Mapping[str, Any]) -> dict[str, Any]:
    raw = request["raw"]
    if not isinstance(raw, str):
        raise TypeError("raw is a text")
    if is_made_by_program(raw):
        return {"artist": None, "title": None, "version": [], "featured": [], "reasons": ["a name made by a program"]}
    name = read_name(raw)
    return {
        "artist": name.artist,
        "title": name.title.written or None,
        "bare_title": name.title.bare,
        "version": list(name.title.versions),
        "featured": list(name.title.featured),
        "reasons": [name.reason] if name.reason else [],
    }


def _match(request: Mapping[str, Any]) -> dict[str, Any]:
    choice = choose(recording_of(request["query"]), [candidate_of(c) for c in request["candidates"]])
    best = choice.chosen or (choice.ranked[0] if choice.ranked else None)
    return {
        "id": choice.chosen.candidate.id if choice.verdict is Verdict.MATCH and choice.chosen else None,
        "decision": choice.verdict.value,
        "score": best.score if best else 0.0,
        "reasons": list(best.reasons) if best else [choice.reason],
    }


def _same(request: Mapping[str, Any]) -> dict[str, Any]:
    judgement = same_recording(recording_of(request["a"]), recording_of(request["b"]))
    return {
        "same": judgement.same is Sameness.YES,
        "decision": judgement.same.value,
        "score": judgement.score,
        "reasons": list(judgement.reasons),
    }


def recording_of(fields: Mapping[str, Any]) -> Recording:
    """A request's fields as a recording; everything may be missing."""
    return Recording(
        artist=fields.get("artist") or None,
        title=fields.get("title") or "",
        album=fields.get("album") or None,
        duration_s=_seconds(fields.get("duration_s")),
        isrc=fields.get("isrc") or None,
        explicit=fields.get("explicit"),
    )


def candidate_of(fields: Mapping[str, Any]) -> Candidate:
    """A request's fields as a candidate; only `id` must be there."""
    artist = fields.get("artist")
    return Candidate(
        id=str(fields["id"]),
        title=fields.get("title") or "",
        artists=(artist,) if artist else tuple(fields.get("artists") or ()),
        album=fields.get("album") or None,
        duration_s=_seconds(fields.get("duration_s")),
        isrc=fields.get("isrc") or None,
        explicit=fields.get("explicit"),
        kind=_KINDS.get(str(fields.get("kind")), Kind.SONG),
        released=str(fields.get("released") or "") or None,
    )


def _seconds(value: Any) -> Any:
    """A length that a platform may get wrong is read as unknown; in a data set it is a mistake to be told of."""
    if isinstance(value, (int, float)) and value < 0:
        raise ValueError("a duration is not negative")
    return value


_HANDLERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "identify": _identify,
    "match": _match,
    "same": _same,
}


if __name__ == "__main__":
    judge(sys.stdin, sys.stdout)
