"""Telegram: a channel that a bot reads as posts come in, and posts audio files into."""

from __future__ import annotations

from navaar_contracts.platforms.spec import PlatformSpec


def post_url(message_id: str, channel: str | None) -> str | None:
    """Where a post can be opened; None when the channel's id has no public form.

    Source: https://core.telegram.org/api/links#message-links
    """
    if channel is None or not message_id.isdecimal():
        return None
    if channel.startswith("@"):
        return f"https://t.me/{channel[1:]}/{message_id}"
    return f"https://t.me/c/{channel[4:]}/{message_id}" if channel.startswith("-100") else None


SPEC = PlatformSpec(
    id="telegram",
    short="tg",
    name="Telegram",
    rank=0,
    gateway="telegram-gateway",
    collection_noun="channel",
    collection_setting="telegram_channel_id",
    collection_description="Your channel",
    collection_example="-1001234567890",
    is_required=True,
    is_polled=False,
    has_catalogue=False,
    gives_files=True,
    needs_audio=True,
    item_url=post_url,
    id_pattern=r"\d{1,12}",
    aliases=("channel",),
    secrets=("telegram_bot_token",),
)
