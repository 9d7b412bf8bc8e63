"""Measures how often two songs are taken for one, and one for two, on pairs that were made up to be hard.

    python -m benchmarks.identifier.pairs [--half developed|held] [--json FILE] [--errors FILE]
    python -m benchmarks.identifier.pairs --fresh SEED     the generated kinds with other dice
    python -m benchmarks.identifier.pairs --write          writes pairs.jsonl again, from the generator and by_hand.txt

Every pair is asked about in three ways: `fields` as they are (as `navaar judge` does), as `items` that are identified
first (as posts and playlists' entries are), and as a `match`, with the second item as the only candidate for the
first. A false join is a yes, or a match, for two recordings; a missed pair is no yes for one.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.identifier.pairs import written
from benchmarks.identifier.pairs.rows import DEVELOPED, HELD, Fields, Pair, load, save
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Candidate, ItemMetadata, Kind, Recording, Sameness, Verdict
from navaar_identifier.compare.verdicts import choose, same_recording
from navaar_identifier.identification import identify
from navaar_identifier.judge import recording_of

DATA = Path(__file__).with_name("pairs.jsonl")
MOST_FALSE, MOST_MISSED = 0.3, 3.0
"""Per cent."""
FIELDS, ITEMS, MATCH = "fields", "items", "match"
WAYS = (FIELDS, ITEMS, MATCH)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one pair in one way."""

    pair: Pair
    way: str
    said: Sameness
    """For a match: YES is MATCH, UNSURE is REVIEW, NO is NONE."""
    score: float
    reasons: tuple[str, ...]

    @property
    def false_join(self) -> bool:
        return self.pair.right != "same" and self.said is Sameness.YES

    @property
    def missed(self) -> bool:
        return self.pair.right == "same" and self.said is not Sameness.YES


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--half", choices=(DEVELOPED, HELD))
    options.add_argument("--fresh", type=int, metavar="SEED")
    options.add_argument("--json", type=Path)
    options.add_argument("--errors", type=Path, help="what was answered wrongly, as JSON lines")
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    if chosen.write:
        save(DATA, [*written.generated(), *written.by_hand()])
        return
    pairs = load(DATA) if chosen.fresh is None else written.generated(chosen.fresh)
    answers = [a for pair in pairs if chosen.half in (None, pair.half) for a in asked(pair)]
    print(table(answers))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures(answers), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if chosen.errors:
        wrong = ({**asdict(a), "pair": a.pair._asdict()} for a in answers if a.false_join or a.missed)
        lines = (json.dumps(row, ensure_ascii=False) for row in wrong)
        chosen.errors.write_text("\n".join(lines) + "\n", encoding="utf-8")


def asked(pair: Pair, ways: Sequence[str] = WAYS) -> list[Answer]:
    """The pair asked about in every one of these ways that its fields allow."""
    found: list[Answer] = []
    if FIELDS in ways and not any("file_name" in side for side in (pair.a, pair.b)):
        judged = same_recording(_recording(pair.a), _recording(pair.b))
        found.append(Answer(pair, FIELDS, judged.same, judged.score, judged.reasons))
    if ITEMS not in ways and MATCH not in ways:
        return found
    one, other = _identified(pair.a), _identified(pair.b)
    if ITEMS in ways:
        judged = same_recording(one, other)
        found.append(Answer(pair, ITEMS, judged.same, judged.score, judged.reasons))
    only_a_name = not (one.duration_s or one.album or one.version or one.isrc)
    # For a bare name a concert is taken where there is nothing better; and candidates have no sound.
    if MATCH in ways and pair.b.get("kind", "song") != "audio" and not only_a_name and "fingerprint" not in pair.b:
        choice = choose(one, [_candidate(pair.b)])
        said = {Verdict.MATCH: Sameness.YES, Verdict.REVIEW: Sameness.UNSURE, Verdict.NONE: Sameness.NO}[choice.verdict]
        best = choice.ranked[0]
        found.append(Answer(pair, MATCH, said, best.score, best.reasons))
    return found


def _recording(fields: Fields) -> Recording:
    return recording_of(fields).model_copy(update={"fingerprint": fields.get("fingerprint")})


def _identified(fields: Fields) -> Recording:
    kind = Kind(fields.get("kind", "song"))
    platform = next(p for p in Platform if p.spec.gives_files is (kind is Kind.AUDIO))
    item = ItemMetadata(
        **{k: v for k, v in fields.items() if k not in ("artist", "fingerprint", "kind")},
        artists=(fields["artist"],) if fields.get("artist") else (),
        kind=kind,
    )
    found = identify(item, None, platform).recording
    return found.model_copy(update={"fingerprint": fields.get("fingerprint")})


def _candidate(fields: Fields) -> Candidate:
    artists = (fields["artist"],) if fields.get("artist") else ()
    return Candidate(id="only", artists=artists, **{"title": "", **{k: v for k, v in fields.items() if k != "artist"}})


def figures(answers: Sequence[Answer]) -> dict[str, dict[str, dict[str, float]]]:
    """Counts and per cent by way and kind; 'all' is over all kinds."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for way in WAYS:
        kinds: dict[str, list[Answer]] = defaultdict(list)
        for answer in answers:
            if answer.way == way:
                kinds["all"].append(answer)
                kinds[answer.pair.kind].append(answer)
        found[way] = {kind: _counted(rows) for kind, rows in kinds.items()}
    return found


def _counted(rows: Sequence[Answer]) -> dict[str, float]:
    same = sum(a.pair.right == "same" for a in rows)
    false, missed = sum(a.false_join for a in rows), sum(a.missed for a in rows)
    return {
        "different": len(rows) - same,
        "same": same,
        "false joins": false,
        "missed": missed,
        "unsure": sum(a.said is Sameness.UNSURE for a in rows),
        "false joins %": _share(false, len(rows) - same),
        "missed %": _share(missed, same),
    }


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def table(answers: Sequence[Answer]) -> str:
    """A Markdown table by kind: first what must not be joined, then what must; the totals, and whether they hold."""
    counted = figures(answers)
    rights = {a.pair.kind: a.pair.right for a in answers}
    kinds = sorted(rights, key=lambda kind: rights[kind] == "same")
    lines = [
        f"| kind | pairs | wrong, unsure: {' | wrong, unsure: '.join(WAYS)} |",
        f"|{'---|' * (2 + len(WAYS))}",
        *(_line(kind, rights[kind], counted, [a for a in answers if a.pair.kind == kind]) for kind in kinds),
        "",
    ]
    for way in WAYS:
        total = counted[way].get("all")
        if total:
            lines.append(
                f"- {way}: {total['false joins']} of {total['different']} joined falsely "
                f"({total['false joins %']} %{_over(total['false joins %'], MOST_FALSE)}), {total['missed']} of "
                f"{total['same']} missed ({total['missed %']} %{_over(total['missed %'], MOST_MISSED)})"
            )
    return "\n".join(lines)


def _line(kind: str, right: str, counted: dict[str, dict[str, dict[str, float]]], answers: Iterable[Answer]) -> str:
    pairs = len({id(a.pair) for a in answers})
    cells = []
    for way in WAYS:
        row = counted[way].get(kind)
        cells.append(f"{row['missed' if right == 'same' else 'false joins']}, {row['unsure']}" if row else "")
    return f"| {'one' if right == 'same' else 'two'}: {kind} | {pairs} | {' | '.join(cells)} |"


def _over(value: float, limit: float) -> str:
    return "" if value <= limit else f", OVER {limit} %"


if __name__ == "__main__":
    main()
