"""What a status of the first implementation means for Navaar. Pure."""

from __future__ import annotations

from navaar_contracts.events import ImportedDelivery
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_launcher.legacy.rows import TELEGRAM, YOUTUBE, LegacyRow

MAY_BE_THERE = "it may be in the channel all the same: look before you retry"

_CAUSES = {
    "no_yt_match": "no_match",
    "no_sp_match": "no_match",
    "no_yt_match_for_download": "no_match",
    "download_failed": "download_failed",
    "upload_failed": "unknown_outcome",
}


def delivery_of(row: LegacyRow) -> ImportedDelivery:
    """How far the row had come. What had no outcome goes on, except a post that may have been made: it is not repeated
    without a person."""
    target = row.direction.target
    state, cause, reason = _state(row, target)
    there = row.external_id(target)
    # The video of an addition that was never confirmed may not be in the playlist; a post has its id from Telegram.
    is_there = state.is_done or target is TELEGRAM
    return ImportedDelivery(
        target=target,
        origin=row.direction.origin,
        state=state,
        external_id=there if is_there else None,
        set_video_id=row.set_video_id if state.is_done and target is YOUTUBE else None,
        cause=cause,
        reason=reason,
        synced_at=(row.synced_at or row.updated_at) if state.is_done else None,
    )


def _state(row: LegacyRow, target: Platform) -> tuple[DeliveryState, str | None, str | None]:
    if row.status == "synced":
        return DeliveryState.SYNCED, None, None
    if row.status == "duplicate":
        return DeliveryState.DUPLICATE, None, None
    if row.status == "unsynced":
        return DeliveryState.FAILED, "never", "It was taken out on request."
    if row.status == "failed":
        what = row.reason or "It had failed without a reason."
        kind = what.partition(":")[0].strip()
        cause = _CAUSES.get(kind, "imported")
        return DeliveryState.FAILED, cause, f"{what}; {MAY_BE_THERE}." if cause == "unknown_outcome" else what
    if row.status == "syncing" and target is TELEGRAM:
        return DeliveryState.FAILED, "unknown_outcome", f"It was being posted when the work ended; {MAY_BE_THERE}."
    return DeliveryState.PENDING, None, None
