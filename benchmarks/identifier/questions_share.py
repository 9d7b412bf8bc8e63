"""How many real songs become a question to a person, on labelled rows as they are.

python -m benchmarks.identifier.questions_share DATA
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from navaar_contracts.music import Sameness, Verdict
from navaar_identifier.judge import answer

MOST = 3.0
"""Per cent of the songs."""
Labelled = dict[str, Any]
Share = tuple[int, int]
"""How many were asked about, of how many."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path)
    folder = options.parse_args().data
    names, questions, pairs = (
        [
            json.loads(line)
            for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
            if line.strip()
        ]
        for name in ("title_parse", "candidates", "pair_same")
    )
    for what, (asked, rows) in shares(names, questions, pairs).items():
        percent = 100 * asked / rows if rows else 0.0
        print(f"{what}: {asked} of {rows}, {percent:.1f} %{'' if percent <= MOST else f'  OVER {MOST} %'}")


def shares(names: list[Labelled], questions: list[Labelled], pairs: list[Labelled]) -> dict[str, Share]:
    """The shares of questions by what was asked: searches for real songs, real names, and pairs of real items.

    Args:
        names: raw -> expected_artist, expected_title.
        questions: query, candidates -> right.
        pairs: a, b -> same.
    """
    named = [r for r in names if _real(r) and r["expected_artist"] and r["expected_title"]]
    found = [r for r in questions if _real(r)]
    return {
        "a search's answers": _share(found, _about_candidates),
        "a search's answers, the right one among them": _share([r for r in found if r["right"]], _about_candidates),
        "a file's or video's name": _share(named, _about_name),
        "songs in all": _together(_share(found, _about_candidates), _share(named, _about_name)),
        "two items that may be one": _share([r for r in pairs if _real(r)], _about_pair),
    }


def _real(row: Labelled) -> bool:
    return row.get("tier") == "real"


def _together(*shares: Share) -> Share:
    return sum(s[0] for s in shares), sum(s[1] for s in shares)


def _share(rows: Iterable[Labelled], is_question: Callable[[Labelled], bool]) -> Share:
    answers = [is_question(row) for row in rows]
    return sum(answers), len(answers)


def _decision(request: Labelled) -> str:
    return str(answer(json.dumps(request)).get("decision"))


def _about_candidates(row: Labelled) -> bool:
    return _decision({"op": "match", "query": row["query"], "candidates": row["candidates"]}) == Verdict.REVIEW


def _about_name(row: Labelled) -> bool:
    read = answer(json.dumps({"op": "identify", "raw": row["raw"]}))
    name = " ".join([read["title"] or "", *(f"({v})" for v in read["version"] if v not in (read["title"] or ""))])
    right = {"id": "right", "artist": row["expected_artist"], "title": row["expected_title"]}
    query = {"artist": read["artist"], "title": name}
    return _decision({"op": "match", "query": query, "candidates": [right]}) == Verdict.REVIEW


def _about_pair(row: Labelled) -> bool:
    return _decision({"op": "same", "a": row["a"], "b": row["b"]}) == Sameness.UNSURE


if __name__ == "__main__":
    main()
