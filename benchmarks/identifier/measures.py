"""Measures: counts of a data set's rows, ratios made of their sums, and intervals by bootstrap over whole groups."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

DRAWS = 400
"""Bootstrap samples."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What one row, or many, came to."""

    rows: int = 0
    right: int = 0
    said: int = 0
    """Answers given: names, matches, 'same'."""
    said_right: int = 0
    due: int = 0
    """Answers that should have been given."""
    negatives: int = 0
    """Rows whose right answer is none."""
    false: int = 0
    """Negatives that got an answer."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Row:
    """One measured row: its group of related rows, the sets it belongs to, its counts."""

    group: str
    sets: tuple[str, ...]
    counts: Counts


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


MEASURES: dict[str, Callable[[Counts], float | None]] = {
    "accuracy": lambda c: ratio(c.right, c.rows),
    "precision": lambda c: ratio(c.said_right, c.said),
    "recall": lambda c: ratio(c.said_right, c.due),
    "F1": lambda c: ratio(2 * c.said_right, c.said + c.due),
    "wrong where none": lambda c: ratio(c.false, c.negatives),
}


def total(rows: Iterable[Row]) -> Counts:
    return sum((row.counts for row in rows), Counts())


def intervals(rows: list[Row]) -> dict[str, tuple[float, float]]:
    """The 95 % interval of each measure; rows of one group are drawn together."""
    groups: dict[str, Counts] = defaultdict(Counts)
    for row in rows:
        groups[row.group] += row.counts
    sums = list(groups.values())
    dice = random.Random(1)
    values: dict[str, list[float]] = defaultdict(list)
    for _ in range(DRAWS):
        drawn = sum(dice.choices(sums, k=len(sums)), Counts())
        for name, measure in MEASURES.items():
            value = measure(drawn)
            if value is not None:
                values[name].append(value)
    return {name: _middle(sorted(found)) for name, found in values.items()}


def _middle(ordered: list[float]) -> tuple[float, float]:
    return ordered[int(0.025 * len(ordered))], ordered[min(len(ordered) - 1, int(0.975 * len(ordered)))]


def table(title: str, rows: dict[str, list[Row]], sets: list[str]) -> str:
    """A Markdown table of one measured task.

    Args:
        title: the heading.
        rows: measured rows by who answered: ours first, then the baselines.
        sets: the sets of rows to show, in order.
    """
    ours = next(iter(rows))
    measures = [m for m in MEASURES if m != "wrong where none" or any(r.counts.negatives for r in rows[ours])]
    lines = [f"## {title}", "", f"| set | rows | who | {' | '.join(measures)} |", f"|{'---|' * (3 + len(measures))}"]
    for name in sets:
        for who, all_rows in rows.items():
            chosen = [r for r in all_rows if name in r.sets]
            if not chosen:
                continue
            counts = total(chosen)
            spreads = intervals(chosen) if who == ours else {}
            cells = []
            for measure in measures:
                value = MEASURES[measure](counts)
                spread = spreads.get(measure) if value is not None else None
                text = "" if value is None else f"{100 * value:.1f}"
                cells.append(f"{text} ({100 * spread[0]:.1f} to {100 * spread[1]:.1f})" if spread else text)
            label = f"**{who}**" if who == ours else who
            head = f"{name} | {len(chosen)}" if who == ours else " | "
            lines.append(f"| {head} | {label} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
