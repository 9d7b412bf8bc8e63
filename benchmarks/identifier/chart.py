"""The calibration chart: how often a probability was right, drawn as SVG without any library."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

SIDE, MARGIN = 360, 60
_COLOURS = ("#1668a8", "#2a8f3c", "#8a5bb5", "#a86a16")
EDGES = (0.0, 0.02, 0.1, 0.25, 0.45, 0.65, 0.8, 0.9, 0.96, 0.99, 1.0001)


def bins(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """(mean probability, share that was right, rows) for each range of probabilities that holds any."""
    found = []
    for low, high in pairwise(EDGES):
        inside = [(p, ok) for p, ok in pairs if low <= p < high]
        if inside:
            count = len(inside)
            found.append((sum(p for p, _ in inside) / count, sum(ok for _, ok in inside) / count, count))
    return found


def calibration(series: dict[str, Sequence[tuple[float, bool]]], limits: dict[str, float], date: str) -> str:
    """An SVG: probability across, share that was right up, one colour a task, dashed lines at the limits."""
    width, height = SIDE + 2 * MARGIN + 190, SIDE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"',
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{MARGIN}" y="30" font-size="15">How often a probability was right, {date}</text>',
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>',
        _line(0, 0, 1, 1, "#bbb", "4 4"),
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        parts.append(f'<text x="{_x(tick)}" y="{MARGIN + SIDE + 18}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{MARGIN - 8}" y="{_y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    parts.append(f'<text x="{_x(0.5)}" y="{MARGIN + SIDE + 40}" text-anchor="middle">probability given</text>')
    for name, value in limits.items():
        parts.append(_line(value, 0, value, 1, "#c60", "2 3"))
        parts.append(f'<text x="{_x(value) + 3}" y="{_y(1) + 14}" fill="#c60">{name}</text>')
    for index, (name, pairs) in enumerate(series.items()):
        colour = _COLOURS[index % len(_COLOURS)]
        points = bins(pairs)
        path = " ".join(f"{_x(p):.1f},{_y(share):.1f}" for p, share, _ in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}"/>')
        for p, share, count in points:
            radius = 3 + min(9, count**0.5 / 3)
            parts.append(
                f'<circle cx="{_x(p):.1f}" cy="{_y(share):.1f}" r="{radius:.1f}" fill="{colour}" fill-opacity="0.6">'
                f"<title>{name}: {p:.2f} given, {share:.2f} right, {count} rows</title></circle>"
            )
        parts.append(f'<text x="{MARGIN + SIDE + 20}" y="{MARGIN + 20 + 20 * index}" fill="{colour}">{name}</text>')
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _x(value: float) -> float:
    return MARGIN + SIDE * value


def _y(value: float) -> float:
    return MARGIN + SIDE * (1 - value)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str) -> str:
    return (
        f'<line x1="{_x(x1):.1f}" y1="{_y(y1):.1f}" x2="{_x(x2):.1f}" y2="{_y(y2):.1f}" '
        f'stroke="{colour}" stroke-dasharray="{dashes}"/>'
    )
