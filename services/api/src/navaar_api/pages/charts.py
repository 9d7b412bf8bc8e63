"""Small bar charts as inline SVG, drawn here; colours come from the style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

_BAR = 6
_GAP = 2
_HEIGHT = 32


def bars(values: Sequence[int], label: str) -> Markup:
    """One bar an hour, the running one last, the tallest as high as the chart; `label` is what a screen reader says."""
    width = len(values) * (_BAR + _GAP) - _GAP
    top = max([*values, 1])
    drawn = []
    for position, value in enumerate(values):
        # An empty hour is a thin line, so that the axis can be seen.
        height = max(1.5, round(value / top * (_HEIGHT - 2), 1)) if value else 1.5
        kind = "bar" if value else "bar empty"
        x, y = position * (_BAR + _GAP), round(_HEIGHT - height, 1)
        ago = len(values) - 1 - position
        when = "this hour" if ago == 0 else f"{ago} h ago"
        drawn.append(
            f'<rect class="{kind}" x="{x}" y="{y}" width="{_BAR}" height="{height}" rx="1.5">'
            f"<title>{value} {when}</title></rect>"
        )
    return Markup(  # noqa: S704 - numbers of our own and an escaped label
        f'<svg class="chart" viewBox="0 0 {width} {_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label, quote=True)}">{"".join(drawn)}</svg>'
    )
