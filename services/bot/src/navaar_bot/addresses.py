"""Where things can be opened in a browser. Pure."""

from __future__ import annotations

from navaar_contracts.identifiers import Platform
from navaar_contracts.links import Link
from navaar_contracts.queries import TrackView
from navaar_telegram_session.links import post_url


def address(platform: Platform, external_id: str, link: Link | None) -> str | None:
    """Of an item of a collection; None when it has none."""
    match platform:
        case Platform.YOUTUBE:
            return f"https://music.youtube.com/watch?v={external_id}"
        case Platform.SPOTIFY:
            return f"https://open.spotify.com/track/{external_id}"
        case Platform.TELEGRAM:
            if link is None or not external_id.isdecimal():
                return None
            return post_url(link.telegram_channel_id, None, int(external_id))


def addresses(track: TrackView, link: Link | None) -> dict[Platform, str]:
    """Where the recording can be opened, as the platforms told it where they did."""
    told = {delivery.target: delivery.url for delivery in track.deliveries if delivery.url}
    if track.item.url:
        told[track.origin] = track.item.url
    found = {}
    for platform, external_id in track.items.items():
        where = told.get(platform) or address(platform, external_id, link)
        if where is not None and where.startswith(("https://", "http://")):
            found[platform] = where
    return found
