"""A person drops a track. What is in the collections stays there, and stays known."""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.commands import DeleteTrack
from navaar_ledger.decision import Change, Entry
from navaar_ledger.log_lines import by
from navaar_ledger.track import Track, TrackState


def deleted(track: Track, command: DeleteTrack, at: datetime) -> Change:
    """No more steps and in no list. Its claims stay, so that none of its items is ever taken for a new one."""
    if not track.is_alive:
        return Change(track)
    name = f" as #{command.track_id}" if command.track_id != track.id else ""
    entry = Entry("track_deleted", f"Deleted{name}{by(command.by)}; nothing is taken out of the collections.")
    return Change(track.changed(state=TrackState.DELETED, changed_at=at), (entry,))
