"""What is taken out of an answer so that ytmusicapi can parse it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from navaar_ytmusic_gateway.client import without_wordy_counts


def page(*texts: str, editable: bool = False) -> dict[str, Any]:
    runs = [{"text": text} for text in texts]
    top: dict[str, Any] = {"musicResponsiveHeaderRenderer": {"title": {}, "secondSubtitle": {"runs": runs}}}
    if editable:
        top = {"musicEditablePlaylistDetailHeaderRenderer": {"header": top}}
    tab = {"tabRenderer": {"content": {"sectionListRenderer": {"contents": [top]}}}}
    return {"contents": {"twoColumnBrowseResultsRenderer": {"tabs": [tab]}}}


@pytest.mark.parametrize("editable", [False, True])
@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (("0 tracks",), True),
        (("1,234 tracks", " • ", "80+ hours"), True),
        (("12 views", " • ", "3 tracks", " • ", "9 minutes"), True),
        (("No tracks",), False),
        (("No songs", " • ", "0 minutes"), False),
        (("No views", " • ", "3 tracks", " • ", "9 minutes"), False),
        (("12 views", " • ", "Empty", " • ", "0 minutes"), False),
    ],
)
def test_counts_in_words_are_left_out(texts: tuple[str, ...], kept: bool, editable: bool) -> None:
    assert ("secondSubtitle" in str(without_wordy_counts(page(*texts, editable=editable)))) is kept


@pytest.mark.parametrize("answer", [{}, {"contents": None}, {"contents": {"a": 1}}, [1], None, page()])
def test_every_other_answer_comes_back_as_it_is(answer: Any) -> None:
    assert without_wordy_counts(copy.deepcopy(answer)) == answer
