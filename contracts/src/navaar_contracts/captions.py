"""What a post may say beside its song: a template with fields in braces, '{artist} – {title}'. Pure."""

from __future__ import annotations

import difflib
from enum import StrEnum
from string import Formatter

LONGEST_TEMPLATE = 700
"""Characters. Telegram takes 1,024 of a caption; the fields need room."""


class CaptionField(StrEnum):
    """What stands for itself in braces. What is not known is left out, and a line of only such ones, too."""

    ARTIST = "artist"
    TITLE = "title"
    """With its version words: 'Nightcall (Live)'."""
    ALBUM = "album"
    YEAR = "year"
    HASHTAG_ARTIST = "hashtag_artist"
    """'#KavinskyAndFriends'."""
    HASHTAG_TITLE = "hashtag_title"
    LINKS = "links"
    """Where else the song is, one address a line."""


def checked(template: str) -> str:
    """`template`, which can be filled in.

    Raises:
        ValueError: it has an unknown field, a brace without its partner, or is too long.
    """
    known = [field.value for field in CaptionField]
    if len(template) > LONGEST_TEMPLATE:
        raise ValueError(f"has {len(template)} characters; at most {LONGEST_TEMPLATE} are allowed")
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"a brace lacks its partner ({error}); a brace itself is written twice") from None
    for _, name, specification, conversion in parts:
        if name is None:
            continue
        if specification or conversion or name not in known:
            near = difflib.get_close_matches(name.lower(), known, n=1)
            hint = f"; did you mean {{{near[0]}}}?" if near and near[0] != name else ""
            raise ValueError(f"{{{name}}} is no field of a caption{hint or '.'} There are {', '.join(known)}")
    return template
