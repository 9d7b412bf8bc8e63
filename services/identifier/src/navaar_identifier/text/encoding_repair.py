"""Mending: text that was decoded with the wrong table, as old tags often are."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

import ftfy

from navaar_identifier.text.code_pages import FOREIGN_PAGES, bytes_in, bytes_of, decoded, page_of
from navaar_text.folding import fold

_UTF8_AS_LATIN = re.compile("[ÃÂâÐÑØÙÄÅ][\u0080-\u00bf\u2018-\u203a\u0152-\u0192€™œž]")
_SUSPICIOUS = re.compile("[\u0080-\u00ff]{3}|[ÐÝÞðýþ]|[£¥¯³¹¿]\\w|(?<=\\w)[£¯³¹¿]|[\u0080-\u009f]")


def repair_encoding(text: str) -> str:
    """The text as it was meant.

    Two accidents are undone: UTF-8 read as Latin-1 ('BeyoncÃ©'), and another table read as Latin-1 ('Ìàêñ Êîðæ',
    'ÁÖÐ¡Óê'). Text that is well is returned unchanged.
    """
    if text.isascii() or not (_SUSPICIOUS.search(text) or _UTF8_AS_LATIN.search(text)):
        return text
    return repair_together((text,))[0]


def repair_together(texts: Sequence[str], known: str = "") -> tuple[str, ...]:
    """Fields that one writer wrote, as they were meant: together they show the table more surely.

    Args:
        texts: the fields; '' for those that are not there.
        known: folded text of other sources about the same item (see `code_pages.page_of`).

    Returns:
        As many texts. Where no table makes words of them they come back as they are.
    """
    found = [_from_utf8(text) for text in texts]
    misread = [at for at, text in enumerate(found) if not text.isascii() and bytes_of(text) is not None]
    page = page_of([found[at] for at in misread], known) if misread else None
    for at in misread:
        raw = bytes_of(found[at])
        text = decoded(raw, page) if page and raw is not None else None
        # A field may hold UTF-8 in part, where somebody put a well part beside it.
        found[at] = text or (ftfy.fix_text(found[at]) if _UTF8_AS_LATIN.search(found[at]) else found[at])
    return tuple(found)


def repair_again(texts: Sequence[str], known: str) -> tuple[str, ...]:
    """Fields that were mended with the wrong table, with the one that other sources show; else unchanged.

    Args:
        texts: the fields of one writer.
        known: folded text of other sources about the same item.
    """
    said = [fold(text) for text in texts if not text.isascii()]
    if not said or not known or known.isascii() or any(len(s) > 1 and s in known for s in said):
        return tuple(texts)
    for page in FOREIGN_PAGES:
        raws = [bytes_in(text, page) for text in texts]
        if any(raw is None for raw in raws):
            continue
        again = repair_together([raw.decode("latin-1") for raw in raws if raw is not None], known)
        if any(len(fold(a)) > 1 and fold(a) in known for a in again if not a.isascii()):
            return again
    return tuple(texts)


def _from_utf8(text: str) -> str:
    """UTF-8 read as Latin-1 as it was meant; anything else unchanged."""
    if text.isascii() or not _UTF8_AS_LATIN.search(text):
        return text
    raw = bytes_of(text)
    if raw is None:
        return ftfy.fix_text(text)
    try:
        # A field may end within a letter.
        whole = codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return text
    return text if whole.isascii() else whole
