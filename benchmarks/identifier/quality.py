"""Measures naming, matching and sameness on a folder of labelled rows, beside plain baselines.

    python -m benchmarks.identifier.quality DATA [--out docs/quality]

DATA holds title_parse.jsonl (raw -> expected_artist, expected_title), candidates.jsonl (query, candidates -> right)
and pair_same.jsonl (a, b -> same); a missing file is left out. The rows stay where they are: only figures are written.
"""

from __future__ import annotations

import argparse
import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.identifier import baselines, questions_share, speed
from benchmarks.identifier.chart import bins, calibration
from benchmarks.identifier.measures import Counts, Row, table
from benchmarks.identifier.pairs.__main__ import DATA as PAIRS
from benchmarks.identifier.pairs.__main__ import FIELDS, MATCH, Answer, asked
from benchmarks.identifier.pairs.__main__ import table as pairs_table
from benchmarks.identifier.pairs.rows import load as load_pairs
from navaar_identifier.compare.thresholds import DEFAULT
from navaar_identifier.compare.verdicts import choose
from navaar_identifier.judge import answer, candidate_of, recording_of

OURS = "navaar"
Labelled = dict[str, Any]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path)
    options.add_argument("--out", type=Path, default=Path("docs/quality"))
    chosen = options.parse_args()
    date = datetime.now(UTC).date().isoformat()
    parts = [_heading(date)]
    curves: dict[str, list[tuple[float, bool]]] = {}
    names, questions, pairs = (_load(chosen.data / f"{n}.jsonl") for n in ("title_parse", "candidates", "pair_same"))
    if names:
        parts.append(
            table("Names", {OURS: _names(names, _read), "split at the first dash": _names(names, _split)}, _sets(names))
        )
    if questions:
        answers = [
            answer(json.dumps({"op": "match", "query": r["query"], "candidates": r["candidates"]})) for r in questions
        ]
        measured = {
            OURS: [_match(r, a.get("id")) for r, a in zip(questions, answers, strict=True)],
            "first hit": [_match(r, baselines.first_hit(r["query"], r["candidates"])) for r in questions],
            "token_set_ratio >= 85": [
                _match(r, baselines.nearest_text(r["query"], r["candidates"])) for r in questions
            ],
        }
        parts.append(table("Matching", measured, _sets(questions)))
        curves["match"] = [(a["score"], _best_is_right(r)) for r, a in zip(questions, answers, strict=True)]
    if pairs:
        answers = [answer(json.dumps({"op": "same", "a": r["a"], "b": r["b"]})) for r in pairs]
        measured = {
            OURS: [_same(r, bool(a.get("same"))) for r, a in zip(pairs, answers, strict=True)],
            "token_set_ratio >= 85": [_same(r, baselines.likeness(r["a"], r["b"]) >= baselines.LIMIT) for r in pairs],
        }
        parts.append(table("Same recording", measured, _sets(pairs)))
        curves["same"] = [(a["score"], bool(r["same"])) for r, a in zip(pairs, answers, strict=True)]
    made_up = [a for pair in load_pairs(PAIRS) for a in asked(pair)]
    curves["made-up pairs: match"] = _curve(made_up, MATCH)
    curves["made-up pairs: same"] = _curve(made_up, FIELDS)
    parts += [_questions_text(names, questions, pairs), _pairs_text(made_up), _calibration_text(curves)]
    parts.append(_speed_text())
    fresh = chosen.out / "fresh.md"
    if fresh.exists():
        parts.append(fresh.read_text(encoding="utf-8"))
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "identification.md").write_text("\n".join(parts), encoding="utf-8")
    limits = {"review": DEFAULT.review, "match, same": DEFAULT.match}
    (chosen.out / "calibration.svg").write_text(calibration(dict(curves), limits, date), encoding="utf-8")
    print("\n".join(parts))


def _curve(answers: list[Answer], way: str) -> list[tuple[float, bool]]:
    return [(a.score, a.pair.right == "same") for a in answers if a.way == way]


def _pairs_text(answers: list[Answer]) -> str:
    return (
        "## Pairs that are hard on purpose\n\n"
        "Made up here, by a generator and by hand; `python -m benchmarks.identifier.pairs` asks again and says what\n"
        "each column means. Of two recordings wrong is a yes, of one recording everything but a yes.\n\n"
        f"{pairs_table(answers)}\n"
    )


def _questions_text(names: list[Labelled], questions: list[Labelled], pairs: list[Labelled]) -> str:
    """How much a person is asked, of what people really have."""
    shares = questions_share.shares(names, questions, pairs)
    lines = [
        "## How often a person is asked",
        "",
        f"Of real rows as they are; at most {questions_share.MOST:g} % of the songs may become a question. A name is",
        "asked about with its true recording as the only candidate, by fields that tell no length.",
        "",
        "| rows | asked | of | per cent |",
        "|---|---|---|---|",
        *(
            f"| {what} | {asked} | {all_} | {100 * asked / all_:.1f} |"
            for what, (asked, all_) in shares.items()
            if all_
        ),
    ]
    return "\n".join(lines) + "\n"


def _load(path: Path) -> list[Labelled]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _sets(rows: list[Labelled]) -> list[str]:
    """All rows, then topics, then how far a label can be trusted, then sources by size."""
    count: dict[str, int] = {}
    for row in rows:
        for name in _of(row):
            count[name] = count.get(name, 0) + 1
    return sorted(count, key=lambda n: (("all", "topic", "label", "source").index(n.split(":")[0]), -count[n], n))


def _of(row: Labelled) -> tuple[str, ...]:
    topic = (row.get("topic") or row.get("script") or "base").split(":")[0]
    source = str(row.get("source", "")).split("/")[0]
    return ("all", f"topic: {topic}", f"label: {row.get('tier', '')}, {row.get('label_kind', '')}", f"source: {source}")


def _row(row: Labelled, counts: Counts) -> Row:
    return Row(str(row.get("group") or row.get("n")), _of(row), counts)


def _names(rows: list[Labelled], reader: Any) -> list[Row]:
    measured = []
    for row in rows:
        artist, title = reader(row["raw"])
        artists = {_plain(x) for x in (row["expected_artist"], *row.get("alt_artists", ()))}
        titles = {_plain(x) for x in (row["expected_title"], *row.get("alt_titles", ()))}
        right = (_plain(artist) in artists, _plain(title) in titles)
        due = (bool(_plain(row["expected_artist"])), bool(_plain(row["expected_title"])))
        said = (bool(artist), bool(title))
        measured.append(
            _row(row, Counts(1, all(right), sum(said), sum(map(lambda *x: all(x), right, said, due)), sum(due)))
        )
    return measured


def _read(raw: str) -> tuple[str | None, str | None]:
    found = answer(json.dumps({"op": "identify", "raw": raw}))
    return found.get("artist"), found.get("title")


def _split(raw: str) -> tuple[str | None, str | None]:
    return baselines.split_at_dash(raw)


def _plain(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", text or "").casefold().split())


def _match(row: Labelled, chosen: str | None) -> Row:
    wanted = set(row["right"])
    hit = chosen in wanted
    right = hit if wanted else chosen is None
    return _row(
        row, Counts(1, right, chosen is not None, hit, bool(wanted), not wanted, chosen is not None and not wanted)
    )


def _best_is_right(row: Labelled) -> bool:
    """Whether the best candidate, placed or not, was a right one."""
    ranked = choose(recording_of(row["query"]), [candidate_of(c) for c in row["candidates"]]).ranked
    return bool(ranked) and ranked[0].candidate.id in row["right"]


def _same(row: Labelled, said: bool) -> Row:
    same = bool(row["same"])
    return _row(row, Counts(1, said == same, said, said and same, same, not same, said and not same))


def _heading(date: str) -> str:
    return (
        "# How well recordings are named, matched and recognised\n\n"
        f"Measured on {date}. Figures in per cent; in brackets the 95 % interval (bootstrap over groups of related\n"
        "rows). The labelled rows are public material of mixed licences and are not kept here; `just quality` can\n"
        "measure again on any folder of the same form. Some labels came from text rules and are not all right; a\n"
        "live take labelled as the same recording counts against us, for we leave it to a person.\n"
    )


def _speed_text() -> str:
    lines = [
        "## Speed",
        "",
        "Processor time of one core, on names made up for it, each met for the first time; the median, and what 95 %",
        "of the calls stay under. The limit is for a quiet machine: other work on the same cores can double a figure.",
        "",
        "| call | median | 95 % under | limit |",
        "|---|---|---|---|",
    ]
    for name, times in speed.measured(rounds=300).items():
        ordered = sorted(times)
        median, late = ordered[len(ordered) // 2], ordered[int(0.95 * len(ordered))]
        lines.append(f"| {name} | {median:.0f} us | {late:.0f} us | {speed.LIMITS_US[name]} us |")
    worst, _ = max(speed.hostile())
    lines.append(f"| the worst hostile input of 10,000 characters | {worst:.0f} ms | | {speed.LONGEST_MS} ms |")
    return "\n".join(lines) + "\n"


def _calibration_text(curves: dict[str, list[tuple[float, bool]]]) -> str:
    lines = [
        "## Are the probabilities right?",
        "",
        "![calibration](calibration.svg)",
        "",
        "| task | probability given (mean) | was right | rows |",
        "|---|---|---|---|",
    ]
    for task, pairs in curves.items():
        lines += [f"| {task} | {p:.3f} | {share:.3f} | {count} |" for p, share, count in bins(pairs)]
    lines += [
        "",
        f"A match is placed from {DEFAULT.match:g} up, and a person is asked from {DEFAULT.review:g}. Two items are",
        f"one recording from {DEFAULT.same:g} and two below {DEFAULT.different:g}. What other limits would give:",
        "",
        "| task | limit | accuracy | precision | recall |",
        "|---|---|---|---|---|",
    ]
    for task, pairs in curves.items():
        for limit in (0.3, 0.5, 0.6, 0.75, 0.85, 0.95):
            said = [ok for p, ok in pairs if p >= limit]
            due = sum(ok for _, ok in pairs)
            right = sum((p >= limit) == ok for p, ok in pairs) / len(pairs)
            precision = sum(said) / len(said) if said else 1.0
            recall = sum(said) / due if due else 1.0
            lines.append(f"| {task} | {limit:g} | {100 * right:.1f} | {100 * precision:.1f} | {100 * recall:.1f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
