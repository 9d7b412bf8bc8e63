"""The demo's near misses, as the pretend platforms' searches offer them, put before the identifier."""

from __future__ import annotations

from collections import Counter

import pytest

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Candidate, Choice, ItemMetadata, Kind, Recording, Verdict
from navaar_identifier.compare.verdicts import choose
from navaar_identifier.identification import identify
from navaar_identifier.search_queries import queries
from navaar_sandbox.catalogue import SAME_RECORDING, Catalogue, Entry
from navaar_sandbox.search import SearchIndex

SONGS = 120
KINDS = {"live", "remix", "cover", "karaoke", "sped_up", "namesake"}
VIDEO_KINDS = {
    "MUSIC_VIDEO_TYPE_ATV": Kind.SONG,
    "MUSIC_VIDEO_TYPE_OMV": Kind.VIDEO,
    "MUSIC_VIDEO_TYPE_UGC": Kind.UPLOAD,
    None: Kind.SONG,
}
CATALOGUE = Catalogue(SONGS, seed=7)


def candidate(entry: Entry) -> Candidate:
    """What a gateway makes of a search result."""
    return Candidate(
        id=entry.id,
        title=entry.title,
        artists=entry.artists,
        album=entry.album,
        duration_s=entry.duration,
        isrc=entry.isrc,
        kind=VIDEO_KINDS[entry.video_type],
    )


def posted(number: int) -> Recording:
    """The song as a channel's post names it."""
    song = CATALOGUE.recordings[number]
    item = ItemMetadata(title=song.title, artists=(", ".join(song.artists),), duration_s=song.duration)
    return identify(item, None, Platform.TELEGRAM).recording


def searched(platform: Platform, *, without_the_song: bool) -> list[tuple[int, Choice]]:
    """Each song's number and what is chosen from all that its searches find."""
    offered = CATALOGUE.of_platform("youtube" if platform is Platform.YOUTUBE else "spotify")
    index = SearchIndex(e for e in offered if not (without_the_song and e.kind in SAME_RECORDING))
    found = []
    for number in range(SONGS):
        recording = posted(number)
        hits = {
            hit.id: hit for query in queries(recording, platform.spec.query_dialect) for hit in index.find(query)[:20]
        }
        found.append((number, choose(recording, [candidate(hit) for hit in hits.values()])))
    return found


@pytest.mark.parametrize("platform", [Platform.YOUTUBE, Platform.SPOTIFY])
def test_no_near_miss_is_placed_where_the_song_itself_is_missing(platform: Platform) -> None:
    met: Counter[str] = Counter()
    for number, choice in searched(platform, without_the_song=True):
        met.update(CATALOGUE.entries[each.candidate.id].kind for each in choice.ranked)
        assert choice.verdict is not Verdict.MATCH, (CATALOGUE.recordings[number], choice.chosen)
        assert choice.reason
    assert set(met) == KINDS


@pytest.mark.parametrize("platform", [Platform.YOUTUBE, Platform.SPOTIFY])
def test_the_song_is_chosen_among_its_near_misses(platform: Platform) -> None:
    missed = 0
    for number, choice in searched(platform, without_the_song=False):
        if choice.chosen is None:
            missed += 1
            continue
        assert CATALOGUE.entries[choice.chosen.candidate.id].recording == CATALOGUE.recordings[number].key
    assert missed == 0
