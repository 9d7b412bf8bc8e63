"""Version words: what tells two recordings of one song apart.

A title's brackets, dash-suffixes and last words may say that this is a live take, somebody's remix, a karaoke track.
`read_versions` finds those words in several languages; `clash` says whether two sets of them can belong to one recording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz

from navaar_identifier.folding import fold


class Way(StrEnum):
    """How a recording differs from the plain studio one."""

    LIVE = "live"
    REMIX = "remix"
    ACOUSTIC = "acoustic"
    INSTRUMENTAL = "instrumental"
    KARAOKE = "karaoke"
    COVER = "cover"
    SPED_UP = "sped up"
    SLOWED = "slowed"
    NIGHTCORE = "nightcore"
    EIGHT_D = "8D"
    DEMO = "demo"
    ACAPELLA = "a cappella"
    ORCHESTRAL = "orchestral"
    RERECORDED = "re-recorded"
    LANGUAGE = "other language"
    MASHUP = "mashup"
    ALTERNATE = "alternate take"
    BOOSTED = "bass boosted"
    PLAYED = "somebody playing along"
    """Guitar, drum and piano covers, karaoke-like 'I tried to play it'."""
    TALK = "not the song itself"
    """Reactions, lessons, teasers, interviews, loops, practice videos."""
    EXTENDED = "extended"
    EDIT = "edit"
    REMASTER = "remaster"
    CLEAN = "clean"
    EXPLICIT = "explicit"
    PLAIN = "plain"
    """Says outright that it is the ordinary version: 'album version', 'original mix', 'mono'."""


SAME_RECORDING = frozenset({Way.REMASTER, Way.CLEAN, Way.EXPLICIT, Way.PLAIN})
"""Ways that do not make another recording (a clean print and an explicit one count as one here)."""

SOFT = frozenset({Way.EXTENDED, Way.EDIT})
"""Ways that durations settle: an 'edit' as long as the other side is the other side."""


_FAST = frozenset({Way.SPED_UP, Way.NIGHTCORE})


@dataclass(frozen=True, slots=True)
class Version:
    """One version mark. `who` is the folded name that goes with it: the remixer, the place, the language."""

    way: Way
    who: str = ""


_LANGUAGES = (
    "japanese|korean|english|spanish|chinese|mandarin|cantonese|french|german|italian|portuguese|arabic|russian|"
    "turkish|persian|farsi|hindi|tamil|telugu|hebrew|latin|espanol|espanola|ingles|portugues|ingles|thai|"
    "hungarian|polish|dutch|greek|jpn?|kor|eng|esp|chn|spanglish"
)

# Each pattern runs over folded text. Patterns are free of nested repetition, so that no input makes them slow.
_PATTERNS: tuple[tuple[Way, re.Pattern[str]], ...] = tuple(
    (way, re.compile(pattern))
    for way, pattern in (
        (Way.TALK, r"\b(reaction|reacts?|reacting|react to|tutorial|lesson|how to play|teaser|trailer|preview|interview|"
                   r"making of|behind the scenes|dance practice|choreography|dance cover|guitar tab|drumless|backing track|"
                   r"1 hour|one hour|10 hours?|\d+ hours?|hour loop|parody|review|explained|ringtone|fan ?cam|rehearsal|soundcheck|sound check|"
                   r"commentary|snippet|speed ?paint|playthrough|top \d+|megamix|best of|greatest hits|full album|"
                   r"playlist|compilation|intro only|piano tutorial|تیزر|پشت صحنه|реакция|разбор|тизер)\b"),
        (Way.KARAOKE, r"\b(karaoke|karaokê|караоке|کارائوکه|カラオケ|노래방|sing ?along|in the style of|originally performed|"
                      r"made famous by|made popular by|tribute version|كاريوكي|backing version)"),
        (Way.INSTRUMENTAL, r"\b(instrumental|instrumentals|instrumentale|instrumentál|strumentale|inst|instru|минус|минусовка|"
                           r"инструментал|بیکلام|بی کلام|بدون کلام|موسيقى فقط|off vocal|without vocals?|no vocals?|"
                           r"type beat|インスト|반주)\b"),
        (Way.NIGHTCORE, r"\b(nightcore|night core|найткор|daycore)\b"),
        (Way.SPED_UP, r"\b(sped up|speed up|speedup|spedup|speeded up|sped|fast version|fast ver|accelerated|ускоренная|"
                      r"спид ап|speed version|pitched up|chipmunks?)\b"),
        (Way.SLOWED, r"\b(slowed|slow version|slowed down|slowedandreverb|slowed n reverb|slow reverb|reverb|reverbed|"
                     r"замедленная|chopped and screwed|screwed|اسلو|اسلوی|slow and reverb)\b"),
        (Way.EIGHT_D, r"\b(8d|9d|16d|8 d|8d audio|3d audio|360 audio)\b"),
        (Way.BOOSTED, r"\b(bass boosted|bassboosted|bass boost|earrape|lofi|lo fi|phonk)\b"),
        (Way.MASHUP, r"\b(mashup|mash up|mash-up|medley|megamix|мэшап|مشاپ|potpourri)\b"),
        (Way.ACAPELLA, r"\b(acapella|acappella|a cappella|a capella|vocals only|only vocals|акапелла|vocal only)\b"),
        (Way.ACOUSTIC, r"\b(acoustic|acoustics|acustico|acustica|acoustique|akustik|akustisch|unplugged|акустика|"
                       r"акустическая|акустический|آکوستیک|stripped|stripped down|piano version|piano ver|piano mix|"
                       r"guitar version|アコースティック|어쿠스틱)\b"),
        (Way.ORCHESTRAL, r"\b(orchestral|orchestra version|orchestra ver|symphonic|symphonic version|string quartet|strings version|"
                         r"orchester version|8 bit|music box|lullaby version|lullaby rendition|harp version|violin version|piano solo)\b"),
        (Way.LIVE, r"\b(live|en vivo|en directo|in directo|ao vivo|dal vivo|en concert|en direct|concert|in concert|live session|"
                   r"live version|canli|canlı|концерт|живой|вживую|на концерте|اجرای|اجرا زنده|زنده|کنسرت|کنسرتی|حفل|حفله|"
                   r"حفلة|لايف|ライブ|ライヴ|라이브|現場|现场|演唱会|演唱會|बैठक|tiny desk|mtv unplugged|audiotree|bbc session|"
                   r"peel session|kexp|session|sessions|koncert|konzert|concierto|לייב|הופעה|ζωντανα)\b"),
        (Way.RERECORDED, r"\b(re ?recorded|rerecording|re ?recording|taylors version|new recording|\d{4} version|"
                         r"\d{4} recording|redux|rework|reworked|reimagined|reprise|revisited|version 2|mk 2|v2|part ii version)\b"),
        (Way.DEMO, r"\b(demo|demos|demo version|rough mix|home recording|work tape|early version|demoversion|демо|دمو)\b"),
        (Way.ALTERNATE, r"\b(alternate|alternative version|alternative take|alternate take|alt version|alt take|outtake|"
                        r"take \d+|alternate version|bonus beat|early take|first take)\b"),
        (Way.PLAYED, r"\b(guitar|drums?|bass|piano|violin|cello|ukulele|flute|sax|saxophone|kalimba|vocal|keyboard|harp|"
                     r"electric guitar|acoustic guitar|fingerstyle|metal|rock|punk) (cover|playthrough|play through|play along)\b|"
                     r"\bfingerstyle\b|弾いてみた|叩いてみた|歌ってみた|cover en español|cover español"),
        (Way.COVER, r"\b(cover|covers|covered by|cover by|cover version|tribute|tribute to|кавер|کاور|커버|翻唱|versao de|"
                    r"version de|cover song)\b|カバー"),
        (Way.REMIX, r"\b(remix|remixed|rmx|remixes|remixado|remixed by|ремикс|ریمیکس|리믹스|リミックス|混音|bootleg|vip mix|"
                    r"vip|flip|refix|mix|dub|dub mix|dubmix|redrum)\b"),
        (Way.LANGUAGE, rf"\b({_LANGUAGES}) (version|ver|mix|vers|remix|edition)\b|\b(version|ver|versao|version en|versione|vers) "
                       rf"(en |in )?({_LANGUAGES})\b|\b(in|en) ({_LANGUAGES})$|\bspanglish\b|日本語|한국어"),
        (Way.EXTENDED, r"\b(extended|extended mix|extended version|12 inch|12 version|12 mix|maxi|long version|full length|"
                       r"xtended|club mix|club version|club edit)\b"),
        (Way.EDIT, r"\b(radio edit|radio mix|radio version|edit|single edit|short version|short edit|tv size|tv edit|cut|"
                   r"edited|edited version|7 inch|7 mix|^short$|short ver|radio cut|abridged|video edit|video version)\b"),
        (Way.REMASTER, r"\b(remaster|remastered|remasterizado|remasterizada|remasterise|remasterisee|ремастер|re mastered|"
                       r"remastering|digitally remastered|2\d{3} mix|リマスター|rimasterizzato|remasterd)\b"),
        (Way.EXPLICIT, r"\b(explicit|uncensored|dirty|dirty version)\b"),
        (Way.CLEAN, r"\b(clean|censored|clean version|clean edit)\b"),
        (Way.PLAIN, r"\b(album version|single version|lp version|original version|original mix|original|studio version|studio|"
                    r"main|main version|mono|stereo|mono version|stereo version|mono mix|stereo mix|album mix|single mix|"
                    r"standard version|ep version|full version|main mix|us version|uk version|single|album ver|original ver|"
                    r"bonus track|hidden track|version|ver|orig|japanese bonus track|bonus)\b"),
    )
)  # fmt: skip

_ANY = re.compile("|".join(p.pattern for _, p in _PATTERNS))

_BROAD_MIX = re.compile(r"^(the )?(original|album|single|main|stereo|mono|studio|full) mix$")
_YEAR = re.compile(r"\b(1[89]\d\d|20[0-4]\d)\b")
_WHO_DROPPED = re.compile(
    r"\b(the|a|an|by|version|ver|mix|remix|remixed|rmx|edit|live|at|in|from|on|official|video|audio|radio|extended|"
    r"club|feat|ft|en|vivo|hd|lyrics|music|unofficial|original|vip|bootleg|remaster|remastered|and|session|sessions|"
    r"concert|s|performance|de|for|vs|prod|with|dub|vocal|house|trap|ریمیکس|ремикс)\b"
)


@lru_cache(maxsize=16384)
def read_versions(text: str) -> tuple[Version, ...]:
    """The version marks in a piece of text that is known to stand beside a title (a bracket, a suffix).

    Args:
        text: what stands in the bracket or after the dash, as written.

    Returns:
        The marks in a fixed order, none twice. Empty when the text says nothing about the version.
    """
    folded = fold(text)
    if not folded or not _ANY.search(folded):
        return ()
    found: dict[Way, Version] = {}
    for way, pattern in _PATTERNS:
        if pattern.search(folded):
            found[way] = Version(way, _who(way, folded))
    if Way.REMIX in found:
        found = _settle_mix(found, folded)
    if Way.ACOUSTIC in found and "unplugged" in folded:
        # 'MTV Unplugged' is a concert without amplifiers: it meets both 'live' and 'acoustic'.
        found.setdefault(Way.LIVE, Version(Way.LIVE))
    if Way.RERECORDED in found and Way.REMASTER in found:
        del found[Way.RERECORDED]
    if len(found) > 1:
        found.pop(Way.PLAIN, None)
    return tuple(found.values())


def _settle_mix(found: dict[Way, Version], folded: str) -> dict[Way, Version]:
    """'Mix' alone means little; what stands with it decides whether it is another recording."""
    strong = re.search(r"\b(remix\w*|rmx|ремикс|ریمیکس|bootleg|flip|vip|refix|리믹스|リミックス|混音)\b", folded)
    if strong:
        found.pop(Way.EXTENDED, None)
        found.pop(Way.EDIT, None)
        return found
    if _BROAD_MIX.match(folded) or Way.REMASTER in found or Way.ACOUSTIC in found or Way.SLOWED in found:
        found.pop(Way.REMIX)
    elif (Way.EDIT in found or Way.EXTENDED in found) and not found[Way.REMIX].who:
        found.pop(Way.REMIX)
    return found


def _who(way: Way, folded: str) -> str:
    """The name that goes with a mark, without the mark's own words."""
    if way in (Way.REMIX, Way.LIVE, Way.LANGUAGE, Way.COVER, Way.REMASTER, Way.RERECORDED):
        if way in (Way.REMASTER, Way.RERECORDED):
            year = _YEAR.search(folded)
            return year.group() if year else ""
        if way is Way.LANGUAGE:
            return folded
        rest = _WHO_DROPPED.sub(" ", folded)
        return " ".join(rest.split())
    return ""


def is_version(text: str) -> bool:
    """Whether a bracket or a suffix says which version this is."""
    return bool(read_versions(text))


@lru_cache(maxsize=8192)
def clash(a: frozenset[Version], b: frozenset[Version]) -> tuple[float, str]:
    """How strongly two sets of marks speak against one recording.

    Returns:
        (0..1, why): 0 nothing against, 1 certainly different versions. Around 0.5: the durations should decide.
        Symmetric in its arguments.
    """
    mine, theirs = {v.way: v for v in a}, {v.way: v for v in b}
    worst, why = 0.0, ""
    for way in Way:
        if way in SAME_RECORDING:
            continue
        left, right = mine.get(way), theirs.get(way)
        if left is None and right is None:
            continue
        if left is not None and right is not None:
            strength = _who_clash(left, right)
            reason = f"another {way.value}"
        else:
            strength = _alone(way, mine, theirs)
            reason = f"only one side is {way.value}" if way is not Way.TALK else "one side is not the song itself"
        if strength > worst:
            worst, why = strength, reason
    return worst, why


def _alone(way: Way, mine: dict[Way, Version], theirs: dict[Way, Version]) -> float:
    """The strength of a mark that only one side carries."""
    if way in SOFT:
        return 0.4
    if way is Way.COVER:
        # 'X - Song (Y cover)' is X's recording, named after whom it honours; the artists decide.
        return 0.3
    if way is Way.ACOUSTIC and Way.LIVE in mine and Way.LIVE in theirs:
        return 0.3
    if way is Way.LIVE and Way.ACOUSTIC in mine and Way.ACOUSTIC in theirs:
        return 0.3
    if way in _FAST and _FAST & mine.keys() and _FAST & theirs.keys():
        return 0.3
    return 1.0


def _who_clash(left: Version, right: Version) -> float:
    if not left.who or not right.who or left.who == right.who:
        return 0.0 if left.who == right.who else 0.25
    close = max(fuzz.ratio(left.who, right.who), fuzz.token_set_ratio(left.who, right.who))
    if close >= 80:
        return 0.0
    if left.way is Way.LIVE:
        return 0.7
    if left.way is Way.COVER:
        return 0.2
    return 1.0 if close < 60 else 0.6


def ways(versions: Iterable[Version]) -> frozenset[Way]:
    """The marks without their names."""
    return frozenset(v.way for v in versions)
