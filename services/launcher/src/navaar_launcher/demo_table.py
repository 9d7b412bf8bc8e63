"""The demo's live table: a row a track, a cell a platform."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.queries import TrackView
from navaar_launcher.demo import Collections, Progress

_STYLES = {
    DeliveryState.SYNCED: "green",
    DeliveryState.DUPLICATE: "green",
    DeliveryState.FAILED: "red",
    DeliveryState.REVIEW: "yellow",
    DeliveryState.RETRY_SCHEDULED: "yellow",
}
_SHOWN = 30


def journey(progress: Progress, tracks: int) -> Table:
    """The tracks and where each stands; at most the last thirty."""
    table = Table(
        title=f"{progress.played} of {tracks} songs played, {progress.seconds:.0f} s  ·  {progress.api_url}/api/tracks",
        title_justify="left",
    )
    for heading in ("#", "Recording", "Telegram", "YouTube Music", "Spotify"):
        table.add_column(heading, overflow="ellipsis", no_wrap=True)
    for track in progress.tracks[-_SHOWN:]:
        cells = [_cell(track, platform) for platform in Platform]
        table.add_row(str(track.id), Text(track.display or track.title or "…", overflow="ellipsis"), *cells)
    return table


def _cell(track: TrackView, platform: Platform) -> Text:
    if track.origin is platform:
        return Text("● here first", style="cyan")
    delivery = next((d for d in track.deliveries if d.target is platform), None)
    if delivery is None:
        return Text(
            "✓ here too" if platform in track.items else "…", style="green" if platform in track.items else "dim"
        )
    mark = "✓ " if delivery.state.is_done else ""
    return Text(f"{mark}{delivery.state.value.replace('_', ' ')}", style=_STYLES.get(delivery.state, "dim"))


def comparison(collections: Collections) -> Table:
    """The three collections as the sandbox found them."""
    table = Table("Collection", "Present", "Missing", "Duplicates", "Wrong", title="Compared by the sandbox")
    for name, counts in collections.items():
        table.add_row(name, *(str(counts[key]) for key in ("present", "missing", "duplicates", "wrong")))
    return table
