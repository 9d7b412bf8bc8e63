"""A track's status card in the channel."""

from __future__ import annotations

from navaar_bot.templates import tracks, words
from navaar_bot.templates.markup import bold, plain
from navaar_bot.view import Button, ChatMessage
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.queries import TrackView
from navaar_telegram_session.session import PLATFORM
from navaar_text import labels

LONGEST_REASON = 120


def card(track: TrackView, addresses: dict[Platform, str]) -> ChatMessage:
    """Who it is, where it came from, where it is and how far it got elsewhere; a button for each place it is on."""
    length = words.length((track.recording.duration_s if track.recording else None) or track.item.duration_s)
    lines = [
        f"🎵 {bold(track.display or track.title or tracks.NO_NAME)}" + (f" · {length}" if length else ""),
        f"From {track.origin.label} · {words.moment(track.created_at)} UTC · #{track.id}",
        *([tracks.posts(track)] if track.posts > 1 else []),
        "",
        f"✅ {track.origin.label}",
    ]
    for delivery in track.deliveries:
        state = "" if delivery.state.is_done else f": {labels.standing(delivery).in_short}"
        lines.append(f"{words.sign(delivery.state)} {delivery.target.label}{state}")
        if delivery.state is DeliveryState.FAILED and delivery.reason:
            lines.append(f"    <i>{plain(delivery.reason, LONGEST_REASON)}</i>")
    places = tuple(Button(platform.label, url) for platform, url in addresses.items() if platform is not PLATFORM)
    return ChatMessage("\n".join(lines), (places,) if places else ())


def closed(track: TrackView) -> ChatMessage:
    """The last words of a card whose track was dropped, or turned out to be another one."""
    name = f"🎵 {bold(track.display or track.title or tracks.NO_NAME)}"
    if track.merged_into is not None:
        return ChatMessage(f"{name}\nThe same recording as #{track.merged_into}")
    return ChatMessage(f"{name}\nNo longer kept in step · #{track.id}")
