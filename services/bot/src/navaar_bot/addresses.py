"""Where things can be opened in a browser. Pure."""

from __future__ import annotations

from navaar_contracts.identifiers import Platform
from navaar_contracts.links import Link
from navaar_contracts.queries import TrackView


def addresses(track: TrackView, link: Link | None) -> dict[Platform, str]:
    """Where the recording can be opened, as the platforms told it where they did."""
    told = {delivery.target: delivery.url for delivery in track.deliveries if delivery.url}
    if track.item.url:
        told[track.origin] = track.item.url
    found = {}
    for platform, external_id in track.items.items():
        collection = link.collections.get(platform) if link is not None else None
        where = told.get(platform) or platform.spec.item_url(external_id, collection)
        if where is not None and where.startswith(("https://", "http://")):
            found[platform] = where
    return found
