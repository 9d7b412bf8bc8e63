"""Only ids become addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navaar_downloader.downloads import NoVideoId, url_of

TEMPLATE = "http://media.test/{video_id}.m4a"
HOSTILE = [
    "",
    "file:///etc/passwd",
    "http://169.254.169.254/latest/meta-data",
    "../../etc/passwd",
    "..",
    "abc def",
    "abcdefghij\n",
    "dQw4w9WgXcQ&list=PL1",
    "dQw4w9WgXcQ/../x",
    "ytsearch:x",
    "a" * 65,
    "абвгдежзийк",
]


def test_an_id_becomes_a_youtube_address() -> None:
    assert url_of("dQw4w9WgXcQ") == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


def test_an_id_is_filled_into_the_template() -> None:
    assert url_of("a-1_b", TEMPLATE) == "http://media.test/a-1_b.m4a"


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("template", [None, TEMPLATE])
def test_anything_but_an_id_is_refused(hostile: str, template: str | None) -> None:
    with pytest.raises(NoVideoId, match="is no video id"):
        url_of(hostile, template)


@given(st.text(max_size=80))
def test_no_text_leaves_the_template_s_host_and_path(text: str) -> None:
    try:
        url = url_of(text, TEMPLATE)
    except NoVideoId:
        return
    assert url == f"http://media.test/{text}.m4a"
    assert text.isascii()
    assert not set(text) & set("/:.?#@%\\ \r\n")
