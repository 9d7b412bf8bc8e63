"""Weights: how many points each piece of evidence is worth, as log-odds.

The curves were set by hand on one half of an evaluation set and checked on the other; docs/quality shows how well the
probabilities hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from navaar_identifier.names.version_words import VersionKind

Points = Sequence[tuple[float, float]]
"""A curve: (x, points) in the order of x, straight between."""

START = -3.6
TITLE: Points = ((0.0, -9.0), (0.6, -7.0), (0.75, -3.0), (0.85, 0.0), (0.92, 2.5), (1.0, 4.0))
ARTIST: Points = ((0.0, -6.0), (0.5, -5.0), (0.7, -2.0), (0.8, 1.0), (0.9, 2.4), (1.0, 3.0))
ARTIST_UNKNOWN = -0.7
NAMED_UNREADABLY = -0.5
"""Besides, where both artists are named and only how one is said is not known: they may well be two."""
LENGTH: Points = (
    (0.0, 1.8), (1.5, 1.6), (3.0, 1.0), (6.0, 0.3), (12.0, -0.8),
    (20.0, -1.7), (25.0, -3.1), (60.0, -3.7), (120.0, -5.0), (600.0, -7.0),
)  # fmt: skip
"""For the difference in seconds between two audio tracks."""
VIDEO_LENGTH: Points = (
    (0.0, 1.8), (1.5, 1.6), (3.0, 1.0), (8.0, 0.4), (20.0, -0.3),
    (45.0, -1.5), (90.0, -3.0), (180.0, -4.5), (600.0, -7.0),
)  # fmt: skip
"""The same where one side is an official video: those have pictures before and after the song."""
WRONG_LENGTH = -3.0
"""The most that lengths can say against one title by one artist on one album: then the length is likelier wrong."""
SAME_PLACE = 3.0
"""For one artist, one album and one length to the second, where the titles nearly agree or one has none;
not where their numbers differ, which likens them to 0.72 at most."""
VERSION: Points = ((0.0, 0.0), (0.25, -0.6), (0.4, -1.6), (0.7, -4.0), (1.0, -8.0))
ANOTHER_PERFORMANCE = frozenset(f"only one side is {way.value}" for way in (VersionKind.LIVE, VersionKind.ACOUSTIC))
FOR_A_BARE_NAME = 0.45
"""The clash of another performance with a name that says nothing about version and length: taken where nothing is
better."""
BOTH_INSIDE = 0.75
"""The most that an artist inside both titles is worth, where the artist fields name two others."""
BRACKETED = 0.73
"""The most that an artist is worth whom an upload of another channel names in a bracket only: enough with the same
length, for it is a cover as likely as not."""
BRACKETED_BY_PERFORMER = 0.7
"""The same where the artist field surely names who plays it."""
SURELY_ONE = 0.97
"""From here the names differ in nothing that matters."""
NEARLY_ONE = 0.75
"""What one name within the other is worth where both were found in title fields: 'Hello' and 'Hello Again' may be
songs."""
OF_OTHER_NUMBER = 0.6
"""The most that such names are worth whose numbers differ."""
LIKE_ANOTHER = 0.75
"""The most that a title is worth that was cut out of two fields whose other words are of two songs."""
ONE_TITLE = 0.9
ANOTHER_LENGTH = 12.0
"""Seconds from which a subtitle on one side only is likelier a version of its own."""
SAME_ALBUM = 0.8
OTHER_ALBUM = -1.0
"""For two albums where nobody says whether the performers are one."""
TELLING_ALBUM = 6
"""Letters of an album's name that few others share."""
SOUND: Points = (
    (0.0, -9.0), (0.3, -5.0), (0.5, 0.0), (0.7, 1.5), (0.8, 3.0), (0.84, 10.0), (0.88, 18.0), (0.92, 22.0), (1.0, 25.0),
)  # fmt: skip
"""For the fingerprints' similarity: the same file under other tags is the same recording, whatever they say."""
SAME_FILE = 0.96
"""Half of all re-encodings reach this, the same music with another voice hardly ever."""
SOUND_OF_ANOTHER_VERSION = 2.0
"""The most that a lesser similarity says where the names are of two versions: an instrumental sounds nearly like the
song."""


SAME_CODE = 8.0
"""For one ISRC: enough for what is spelled otherwise or not told, not for what contradicts."""
CODED = 0.999
"""The probability where the ISRC is one and nothing contradicts it."""
CONTRADICTED = 0.5
"""The most that one witness, a code or a sound, makes of two items of which something else says that they are two."""
CONTRADICTING_LENGTH = -3.0
"""Points of the lengths from which they contradict."""
CONTRADICTING_VERSION = 0.6
"""The clash of the version words from which they contradict."""
CONTRADICTING_TITLE = 0.8
CONTRADICTING_ARTIST = 0.7
"""What agreement of titles and artists is a contradiction below."""
HEARD_ENOUGH = 60.0
"""Different frames (see `fingerprint.heard`) from which a fingerprint counts in full."""


def at(curve: Points, x: float) -> float:
    """The points of a curve at x; flat beyond its ends."""
    if x <= curve[0][0]:
        return curve[0][1]
    for (low, below), (high, above) in pairwise(curve):
        if x <= high:
            return below + (above - below) * (x - low) / (high - low)
    return curve[-1][1]
