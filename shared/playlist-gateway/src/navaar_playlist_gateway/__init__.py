"""What every gateway to a playlist does the same way, whatever the platform: watch it, and place into it exactly once.

It knows ids, entries and answers, not what a recording is: `ItemMetadata` passes through unread. A gateway supplies the
`PlaylistAdapter` (its adapter) and gets a `PlaylistWatcher` and a `Placer`.
"""
