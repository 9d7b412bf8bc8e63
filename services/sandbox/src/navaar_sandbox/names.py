"""Invented words from which the catalogue makes its artists, titles and albums.

Every word is a pair: as written in its own script, and in Latin letters. No artist or song here exists.
"""

from typing import NamedTuple


class Word(NamedTuple):
    """One word, natively and in Latin letters (equal for Latin scripts)."""

    native: str
    latin: str


class Tongue(NamedTuple):
    """What one language contributes: artists, and two lists of words that any title may join."""

    code: str  # also the first two letters of its ISRCs
    artists: tuple[Word, ...]
    first: tuple[Word, ...]
    second: tuple[Word, ...]
    joint: Word  # stands between the two words of a title


def _same(*words: str) -> tuple[Word, ...]:
    return tuple(Word(word, word) for word in words)


ENGLISH = Tongue(
    "GB",
    _same(
        "The Quiet Harbours",
        "Mara Ellwood",
        "Tin Lantern",
        "Oskar & The Tides",
        "Juniper Vale",
        "Northlight Choir",
        "Delia Crane",
        "Paper Astronomers",
        "Hollow Mile",
        "Sable Rivers",
    ),
    _same(
        "Amber",
        "Silver",
        "Broken",
        "Midnight",
        "Paper",
        "Hidden",
        "Electric",
        "Gentle",
        "Copper",
        "Winter",
        "Burning",
        "Velvet",
        "Distant",
    ),
    _same(
        "Harbour",
        "Lanterns",
        "Orchard",
        "Telegraph",
        "Shoreline",
        "Carousel",
        "Satellites",
        "Meridian",
        "Thunder",
        "Gardens",
        "Staircase",
    ),
    Word(" ", " "),
)

EUROPEAN = Tongue(
    "FR",
    (
        Word("Élodie Marrec", "Elodie Marrec"),
        Word("Sørine Vang", "Sorine Vang"),
        Word("Los Faroleños", "Los Farolenos"),
        Word("Jürgen Blüthe", "Jurgen Bluthe"),
        Word("Çağla Demirsu", "Cagla Demirsu"),
        Word("Zdeněk Říha", "Zdenek Riha"),
    ),
    (
        Word("Été", "Ete"),
        Word("Corazón", "Corazon"),
        Word("Über", "Uber"),
        Word("Ciężar", "Ciezar"),
        Word("Düş", "Dus"),
        Word("Noël", "Noel"),
        Word("Mañana", "Manana"),
        Word("Élan", "Elan"),
        Word("Vår", "Var"),
    ),
    (
        Word("Éternel", "Eternel"),
        Word("Canción", "Cancion"),
        Word("Brücke", "Brucke"),
        Word("Księżyc", "Ksiezyc"),
        Word("Gökyüzü", "Gokyuzu"),
        Word("Façade", "Facade"),
        Word("Piñata", "Pinata"),
        Word("Skyggen", "Skyggen"),
    ),
    Word(" ", " "),
)

PERSIAN = Tongue(
    "IR",
    (
        Word("مهرنوش آبتین", "Mehrnoush Abtin"),
        Word("کاوه رهسپار", "Kaveh Rahsepar"),
        Word("گروه نیلبک", "Grooh Neylabak"),
        Word("ستاره دلنواز", "Setareh Delnavaz"),
        Word("پرهام کوهیار", "Parham Koohyar"),
        Word("ترانه سپیدرود", "Taraneh Sepidrood"),
    ),
    (
        Word("شب", "Shab"),
        Word("باران", "Baran"),
        Word("کوچه", "Koocheh"),
        Word("پرنده", "Parandeh"),
        Word("دریا", "Darya"),
        Word("خاطره", "Khatereh"),
        Word("آینه", "Ayeneh"),
        Word("پاییز", "Paeez"),
        Word("مهتاب", "Mahtab"),
        Word("جاده", "Jaddeh"),
        Word("قاصدک", "Ghasedak"),
    ),
    (
        Word("بی‌قرار", "Bigharar"),
        Word("تنها", "Tanha"),
        Word("خاموش", "Khamoosh"),
        Word("آبی", "Abi"),
        Word("دور", "Door"),
        Word("روشن", "Roshan"),
        Word("گمشده", "Gomshodeh"),
        Word("عاشق", "Ashegh"),
        Word("بیدار", "Bidar"),
    ),
    Word(" ", " "),
)

RUSSIAN = Tongue(
    "RU",
    (
        Word("Тихий Причал", "Tikhiy Prichal"),
        Word("Марина Звонарёва", "Marina Zvonaryova"),
        Word("Группа Маяковая", "Gruppa Mayakovaya"),
        Word("Лев Снегирёв", "Lev Snegiryov"),
        Word("Оксана Вербна", "Oksana Verbna"),
    ),
    (
        Word("Река", "Reka"),
        Word("Снег", "Sneg"),
        Word("Город", "Gorod"),
        Word("Птица", "Ptitsa"),
        Word("Огонь", "Ogon"),
        Word("Письмо", "Pismo"),
        Word("Дорога", "Doroga"),
        Word("Ветер", "Veter"),
        Word("Зеркало", "Zerkalo"),
    ),
    (
        Word("Дождь", "Dozhd"),
        Word("Луна", "Luna"),
        Word("Тишина", "Tishina"),
        Word("Апрель", "Aprel"),
        Word("Море", "More"),
        Word("Сирень", "Siren"),
        Word("Рассвет", "Rassvet"),
        Word("Осень", "Osen"),
    ),
    Word(" и ", " i "),
)

KOREAN = Tongue(
    "KR",
    (
        Word("푸른등대", "Pureun Deungdae"),
        Word("한소이", "Han Soi"),
        Word("달빛공방", "Dalbit Gongbang"),
        Word("윤새벽", "Yoon Saebyeok"),
    ),
    (
        Word("별빛", "Byeolbit"),
        Word("여름", "Yeoreum"),
        Word("바다", "Bada"),
        Word("편지", "Pyeonji"),
        Word("우산", "Usan"),
        Word("겨울", "Gyeoul"),
        Word("골목", "Golmok"),
    ),
    (
        Word("산책", "Sanchaek"),
        Word("이야기", "Iyagi"),
        Word("정류장", "Jeongnyujang"),
        Word("노래", "Norae"),
        Word("기억", "Gieok"),
        Word("약속", "Yaksok"),
    ),
    Word(" ", " "),
)

# English comes up twice as often as any other, as it does in most channels.
TONGUES: tuple[Tongue, ...] = (ENGLISH, PERSIAN, EUROPEAN, RUSSIAN, ENGLISH, KOREAN, PERSIAN)

VENUES = ("Garden Hall", "Tinsmith Street", "Lake Festival", "Studio Nine", "Old Mill Theatre")
REMIXERS = ("Kestrel Drive", "DJ Marlowe", "Polar Bloom", "Nine Volts", "Saffron Unit")
KARAOKE_MAKERS = ("Sing Along Stars", "Backing Track Company", "Karaoke Lantern")
COVER_ARTISTS = ("Bedroom Strings", "Ivy Castell", "The Tribute Parlour", "Acoustic Corner")
CHANNELS = ("LyricMeadow", "MusicAttic", "Nightcore Cabin", "VinylRips84", "MyFavouriteSongs")
