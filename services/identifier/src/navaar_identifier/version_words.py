"""The words that say which version of a song a recording is, by what they say.

Phrases are divided by commas and folded when the module is loaded. In a phrase, # stands for a number, #### for a
year, <language> and <instrument> for one of the words below. The longest phrase that fits wins and uses its words up,
so that 'radio mix' is an edit and not a mix.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from navaar_identifier.vocabulary import word_set
from navaar_text.folding import fold


class Way(StrEnum):
    """How a recording differs from the plain studio one."""

    # Marks are looked up all the time, and an enum's own hash is a call in Python.
    __hash__ = str.__hash__

    TALK = "not the song itself"
    """Reactions, lessons, teasers, interviews, loops, practice videos, collections."""
    KARAOKE = "karaoke"
    INSTRUMENTAL = "instrumental"
    NIGHTCORE = "nightcore"
    SPED_UP = "sped up"
    SLOWED = "slowed"
    EIGHT_D = "8D"
    BOOSTED = "bass boosted"
    MASHUP = "mashup"
    ACAPELLA = "a cappella"
    ACOUSTIC = "acoustic"
    ORCHESTRAL = "orchestral"
    LIVE = "live"
    RERECORDED = "re-recorded"
    DEMO = "demo"
    ALTERNATE = "alternate take"
    PLAYED = "somebody playing along"
    """Guitar, drum and piano covers, 'I tried to play it'."""
    COVER = "cover"
    REMIX = "remix"
    LANGUAGE = "another language"
    EXTENDED = "extended"
    EDIT = "edit"
    REMASTER = "remaster"
    EXPLICIT = "explicit"
    CLEAN = "clean"
    SPECIAL = "a version of its own name"
    """'Inferno version': what that is, nobody says; the durations decide."""
    PLAIN = "plain"
    """Says outright that it is the ordinary version: 'album version', 'original mix', 'mono'."""


_PHRASES: dict[Way, str] = {
    Way.TALK: """
        reaction, reacts, reacting, react to, tutorial, lesson, how to play, teaser, trailer, preview, interview,
        making of, behind the scenes, dance practice, choreography, dance cover, guitar tab, drumless,
        backing track, # hour, # hours, one hour, hour loop, parody, review, explained, ringtone, fan cam, fancam,
        rehearsal, soundcheck, sound check, commentary, snippet, speedpaint, top #, megamix, best of, greatest hits,
        full album, playlist, compilation, piano tutorial, piano lesson, guitar lesson, تیزر, پشت صحنه, реакция,
        разбор, тизер, рингтон, fragman, dance video, dance performance, lyrics explained, meaning, whatsapp status,
        status video""",
    Way.KARAOKE: """
        karaoke, караоке, کارائوکه, كاريوكي, sing along, singalong, in the style of, originally performed,
        originally performed by, made famous by, made popular by, tribute version, backing version, karaoke version,
        karaoke instrumental, lower key, higher key, as made famous by""",
    Way.INSTRUMENTAL: """
        instrumental, instrumentals, instrumentale, strumentale, instrumental version, inst, instru, минус,
        минусовка, инструментал, инструментальная, بیکلام, بی کلام, بدون کلام, بیکلام آهنگ, موسيقى فقط, off vocal,
        without vocals, without vocal, no vocals, no vocal, type beat, enstrumantal, enstrümantal, sözsüz,
        instrumental mix, instrumentaal""",
    Way.NIGHTCORE: "nightcore, night core, найткор, daycore, nightcore version, nightcore mix",
    Way.SPED_UP: """
        sped up, speed up, speedup, spedup, speeded up, sped, fast version, fast ver, accelerated, ускоренная,
        ускоренно, ускорено, спид ап, speed version, pitched up, speed up pitched, chipmunk, chipmunks,
        sped up version, speed up version, sped up remix, speed up remix, hızlandırılmış, اسپید آپ, اسپیداپ,
        تند شده""",
    Way.SLOWED: """
        slowed, slow version, slowed down, slowedandreverb, slowed and reverb, slowed n reverb, slowed reverb,
        slow and reverb, slow reverb, slowed version, super slowed, ultra slowed, reverb, reverbed, замедленная,
        замедлено, slowed remix, chopped and screwed, chopped n screwed, screwed, اسلو, اسلوی, اسلود, اسلو شده,
        اسلو ریورب, yavaşlatılmış""",
    Way.EIGHT_D: """
        8d, 9d, 16d, 8d audio, 9d audio, 16d audio, 3d audio, 360 audio, 8d tunes, 8d music, 8 d audio, هشت بعدی""",
    Way.BOOSTED: """
        bass boosted, bassboosted, bass boost, earrape, lofi, lo fi, lofi remix, phonk, phonk remix, басс,
        bass test""",
    Way.MASHUP: "mashup, mash up, medley, мэшап, مشاپ, potpourri, mash up mix, mashup remix",
    Way.ACAPELLA: """
        acapella, acappella, a cappella, a capella, vocals only, only vocals, vocal only, акапелла,
        a cappella cover, acapella version, acapella cover, isolated vocals, studio acapella""",
    Way.ACOUSTIC: """
        acoustic, acoustics, acustico, acustica, acoustique, akustik, akustisch, unplugged, акустика, акустическая,
        акустический, акустическая версия, آکوستیک, اکوستیک, stripped, stripped down, piano version, piano ver,
        piano mix, guitar version, acoustic version, acoustic mix, acoustic ver, version acoustique,
        version acustica, stripped version, akustik versiyon, voice and piano, piano and voice, piano and vocal""",
    Way.ORCHESTRAL: """
        orchestral, orchestra version, orchestra ver, orchestral version, symphonic, symphonic version,
        string quartet, strings version, orchester version, 8 bit, 8bit, music box, lullaby version,
        lullaby rendition, harp version, violin version, piano solo, string version""",
    Way.LIVE: """
        live, en vivo, en directo, in directo, ao vivo, dal vivo, en concert, en direct, concert, in concert,
        live session, live version, live video, live performance, canli, canlı, canlı performans, концерт, живой,
        вживую, на концерте, концертная, live acoustic, اجرای زنده, اجرای, اجرا, زنده, کنسرت, کنسرتی, حفل, حفله,
        لايف, tiny desk, audiotree, bbc session, peel session, peel sessions, kexp, session, sessions, koncert,
        konzert, concierto, concerto ao vivo, לייב, הופעה, ζωντανα, live lounge, live from, live at, live in,
        live on, live take, concert version, on stage, live mix, live edit, uživo, na zywo, élőben, livekonzert""",
    Way.RERECORDED: """
        rerecorded, re recorded, rerecording, re recording, taylors version, new recording, #### version,
        #### recording, redux, rework, reworked, reimagined, reprise, revisited, version 2, version ii, v2, mk 2,
        new version, re sung, nueva version, nouvelle version, pt 2 version, rerecorded version,
        re recorded version""",
    Way.DEMO: """
        demo, demos, demo version, rough mix, home recording, work tape, early version, demoversion, демо, دمو,
        demo recording, original demo, home demo, studio demo""",
    Way.ALTERNATE: """
        alternate, alternative version, alternative take, alternate take, alt version, alt take, outtake, take #,
        alternate version, early take, first take, alternate mix, alternative mix, session take, studio outtake""",
    Way.PLAYED: """
        <instrument> cover, <instrument> playthrough, <instrument> play through, <instrument> play along,
        fingerstyle, cover en español, metal cover, rock cover, punk cover, acoustic cover version, drum cam,
        guitar solo cover, jazz cover, choir cover""",
    Way.COVER: """
        cover, covers, covered by, cover by, cover version, tribute, tribute to, кавер, کاور, versao de, version de,
        cover song, covered, a cover, covering, cover versiyon, coverversion""",
    Way.REMIX: """
        remix, remixed, remixed by, rmx, remixes, remixado, remix by, ремикс, ریمیکس, remixi, bootleg, vip mix, vip,
        flip, refix, mix, dub, dub mix, dubmix, redrum, remix version, official remix, club remix, dance mix,
        house mix, megamix remix, remix edit, vocal mix, dub version, ريمكس, רמיקס, festival mix, trap mix,
        techno mix, edm remix""",
    Way.LANGUAGE: """
        <language> version, <language> ver, <language> mix, <language> vers, <language> remix, <language> edition,
        version <language>, version en <language>, version in <language>, versao <language>, versao em <language>,
        versione <language>, in <language>, en <language>, auf <language>, spanglish, <language> language version""",
    Way.EXTENDED: """
        extended, extended mix, extended version, 12 inch, 12 version, 12 mix, 12 inch version, 12 inch mix, maxi,
        maxi version, long version, full length, xtended, club mix, club version, club edit, extended edit,
        extended club mix, 10 inch, full length version, uncut""",
    Way.EDIT: """
        radio edit, radio mix, radio version, edit, single edit, short version, short edit, tv size, tv edit,
        tv version, cut, edited, edited version, 7 inch, 7 inch version, 7 mix, 7 version, short ver, radio cut,
        abridged, video edit, video version, radio, us edit, uk edit, album edit, intro edit, short mix, clean edit,
        tiktok version, tik tok version""",
    Way.REMASTER: """
        remaster, remastered, remasterizado, remasterizada, remasterise, remasterisee, ремастер, re mastered,
        re master, remastering, digitally remastered, #### mix, #### remaster, remastered version, remaster version,
        remaster ####, remastered ####, #### remastered version, #### digital remaster, digital remaster,
        rimasterizzato, remasterd, #### stereo mix, deluxe edition, deluxe""",
    Way.EXPLICIT: "explicit, uncensored, dirty, dirty version, explicit version",
    Way.CLEAN: "clean, censored, clean version",
    Way.PLAIN: """
        album version, single version, lp version, original version, original mix, original, studio version, studio,
        main, main version, mono, stereo, mono version, stereo version, mono mix, stereo mix, album mix, single mix,
        standard version, ep version, full version, main mix, us version, uk version, single, album ver,
        original ver, bonus track, hidden track, version, ver, orig, japanese bonus track, bonus, original edit,
        official version, digital version, instrumental intro, original single version, us single version,
        first version, complete version, complete""",
}  # fmt: skip

_TOGETHER: dict[Way, str] = {
    # Scripts that put no spaces between words.
    Way.KARAOKE: "カラオケ, 노래방",
    Way.INSTRUMENTAL: "インスト, 반주, 伴奏, 纯音乐, 純音樂",
    Way.ACOUSTIC: "アコースティック, 어쿠스틱, 弾き語り",
    Way.LIVE: "ライブ, ライヴ, 라이브, 現場, 现场, 演唱会, 演唱會",
    Way.LANGUAGE: "日本語ver, 日本語バージョン, 한국어 버전, 日文版, 中文版, 國語版, 粵語版, 英語版, 日本語版",
    Way.PLAYED: "弾いてみた, 叩いてみた, 歌ってみた, 演奏してみた",
    Way.COVER: "カバー, 커버, 翻唱",
    Way.REMIX: "リミックス, 리믹스, 混音",
    Way.REMASTER: "リマスター",
    Way.SPED_UP: "加速版, 倍速",
    Way.SLOWED: "减速版, 降速",
}

_LANGUAGES = word_set(
    """
    japanese korean english spanish chinese mandarin cantonese french german italian portuguese arabic russian
    turkish persian farsi hindi tamil telugu hebrew latin espanol espanola ingles portugues thai hungarian polish
    dutch greek jpn jp kor eng esp chn swedish norwegian danish finnish czech bengali punjabi malayalam kannada
    vietnamese indonesian francais francaise deutsch deutsche italiano italiana inglese spagnolo armenian georgian
    ukrainian kurdish azeri jap japonais anglais español française inglés português русском английском فارسی عربی
    ترکی انگلیسی کردی
    """
)
_INSTRUMENTS = word_set(
    """
    guitar drum drums bass piano violin cello ukulele flute sax saxophone kalimba vocal keyboard harp trumpet
    fingerstyle gayageum handpan marimba
    """
)

NOT_A_NAME = word_set(
    """
    the a an by version ver mix remix remixed rmx edit live at in from on official video audio radio extended club
    feat ft en vivo hd lyrics music unofficial original vip bootleg remaster remastered and session sessions concert
    s performance de for vs prod with dub vocal house trap o la el le ao em of to my cover song new hq 4k mv
    """
)
"""Words beside a mark that are not the remixer's or the place's name."""


@lru_cache(maxsize=8192)
def fits(word: str) -> str:
    """The stand-in that a word fits (#, ####, <language>, <instrument>), or the word itself."""
    if word.isdigit():
        return "####" if len(word) == 4 else "#"
    if word in _LANGUAGES:
        return "<language>"
    return "<instrument>" if word in _INSTRUMENTS else word


def _by_first_word() -> dict[str, tuple[tuple[tuple[str, ...], Way], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], Way]]] = {}
    for way, phrases in _PHRASES.items():
        for phrase in phrases.replace("\n", " ").split(","):
            words = tuple(w if w[:1] in "#<" else fold(w) for w in phrase.split())
            if words:
                first = words[0] if words[0][:1] in "#<" else fits(words[0])
                table.setdefault(first, []).append((words, way))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in table.items()}


BY_FIRST_WORD = _by_first_word()
"""Phrases by their first word, longest first."""

FIRST_WORDS = frozenset(BY_FIRST_WORD) | _LANGUAGES | _INSTRUMENTS
"""Words that a phrase may begin with: a text without any of them, and without numbers, says nothing."""

_TELLING = word_set(
    """
    acoustic karaoke instrumental remastered extended orchestral unplugged nightcore english spanish japanese chinese
    portuguese
    """
)

MISSPELLED = {
    letters: tuple(sorted(w for w in _TELLING if abs(len(w) - letters) <= 1))
    for letters in range(min(map(len, _TELLING)), max(map(len, _TELLING)) + 2)
}
"""Words that tell so much that they are recognised with a letter wrong, by the length of what is written."""

BEHIND_NUMBERS = frozenset(words[1] for number in ("#", "####") for words, _ in BY_FIRST_WORD[number])
"""The second words of the phrases that begin with a number: none is that number alone."""

TOGETHER = tuple((fold(phrase), way) for way, phrases in _TOGETHER.items() for phrase in phrases.split(","))
"""Phrases found anywhere in a text."""
