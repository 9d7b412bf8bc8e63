"""How the pretend search engines rank: words in common first, then what is popular. Pure.

Real engines put look-alikes (sped up, live, karaoke) first often enough that taking the first hit is wrong for about
one song in five; the weights of the catalogue bring the same about here.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from navaar_sandbox.catalogue import Entry

_LETTERS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "أ": "ا", "إ": "ا", "ø": "o", "ł": "l", "ı": "i", "ё": "е"}
)
_WORD = re.compile(r"[^\W_]+")
_STRUCTURE_WORDS = frozenset({"feat", "ft", "the", "a", "and", "official", "video", "audio", "lyrics"})
_LEAST_COVERAGE = 0.34


def words(text: str) -> frozenset[str]:
    """The words of a text as an engine compares them: no case, no accents, Persian and Arabic letters unified."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS).casefold().replace("\u200c", ""))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", plain.translate(_LETTERS))))


class SearchIndex:
    """An inverted index over catalogue entries; one per platform."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._words: dict[str, frozenset[str]] = {}
        self._by_word: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            found = words(" ".join([entry.title, *entry.artists, entry.album or ""]))
            self._words[entry.id] = found
            for word in found:
                self._by_word[word].append(entry)

    def find(self, query: str) -> list[Entry]:
        """Entries that share at least a third of the query's words, best first."""
        asked = words(query) - _STRUCTURE_WORDS or words(query)
        if not asked:
            return []
        hits: dict[str, tuple[Entry, int]] = {}
        for word in asked:
            for entry in self._by_word.get(word, ()):
                hits[entry.id] = (entry, hits.get(entry.id, (entry, 0))[1] + 1)
        scored = [(self._score(entry, count, len(asked)), entry) for entry, count in hits.values()]
        scored = [(score, entry) for score, entry in scored if hits[entry.id][1] / len(asked) >= _LEAST_COVERAGE]
        return [entry for _, entry in sorted(scored, key=lambda pair: (-pair[0], pair[1].id))]

    def _score(self, entry: Entry, count: int, asked: int) -> float:
        coverage = count / asked
        brevity = count / len(self._words[entry.id])
        return coverage + 0.15 * brevity + 0.3 * entry.weight * coverage
