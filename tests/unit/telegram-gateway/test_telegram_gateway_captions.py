"""What stands below a song: the owner's template, filled with what is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navaar_contracts.captions import CaptionField
from navaar_contracts.commands import PlaceTrack
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Recording
from navaar_contracts.policies import policy_of
from navaar_telegram_gateway.captions import LONGEST, buttons, caption, hashtag

KNOWN = Recording(
    artist="Kavinsky & Friends", artists=("Kavinsky", "Friends"), title="Nightcall", version=("Live",), album="Outrun"
)


def order(recording: Recording = KNOWN, **more: object) -> PlaceTrack:
    name = {"link": "main", "track_id": 5, "target": Platform.TELEGRAM, "recording": recording}
    return PlaceTrack.model_validate(name | more)


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("", ""),
        ("{artist} – {title}", "Kavinsky & Friends – Nightcall (Live)"),
        ("{album} ({year})", "Outrun (2010)"),
        ("{hashtag_artist} {hashtag_title} #jazz", "#Kavinsky #Nightcall #jazz"),
        ("{title}\n{links}", "Nightcall (Live)\nhttps://a\nhttps://b"),
        ("{{{title}}}", "{Nightcall (Live)}"),
    ],
)
def test_a_template_is_filled(template: str, shown: str) -> None:
    assert policy_of({"caption": template}).caption == template
    asked = order(released="2010-04-02", addresses={"youtube": "https://a", "spotify": "https://b"})
    assert caption(template, asked) == shown


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{artist} – {title}", "Nightcall"),
        ("{title}\n{album} · {year}\n{hashtag_artist}", "Nightcall"),
        ("{title} | {album}", "Nightcall"),
        ("{title} ({year})", "Nightcall"),
        ("{title} – {album} – {title}", "Nightcall – Nightcall"),
        ("{links}", ""),
        ("{album}\n#jazz", "#jazz"),
    ],
)
def test_what_is_not_known_leaves_no_trace(template: str, shown: str) -> None:
    assert caption(template, order(Recording(title="Nightcall"))) == shown


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("Kavinsky", "#Kavinsky"),
        ("AC/DC", "#ACDC"),
        ("Guns N' Roses", "#GunsNRoses"),
        ("گوگوش", "#گوگوش"),
        ("1975", ""),
        ("!!!", ""),
    ],
)
def test_a_hashtag_is_one_word(name: str, tag: str) -> None:
    assert hashtag(name) == tag


def test_buttons_lead_to_the_other_places_that_have_an_address() -> None:
    asked = order(addresses={"youtube": "https://music.youtube.com/watch?v=a", "spotify": "javascript:alert(1)"})
    assert buttons(asked) == (("YouTube Music", "https://music.youtube.com/watch?v=a"),)


names = st.text(max_size=3000)


@given(title=names, artist=names, album=names, links=st.lists(st.text(max_size=500), max_size=9))
def test_no_caption_is_too_long(title: str, artist: str, album: str, links: list[str]) -> None:
    everything = " ".join(f"{{{field}}}" for field in CaptionField)
    asked = order(
        Recording(title=title, artist=artist, album=album), addresses=dict(zip(Platform, links, strict=False))
    )
    assert len(caption(everything, asked)) <= LONGEST
