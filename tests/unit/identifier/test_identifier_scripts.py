"""One name in two scripts, and in one. All cases are our own."""

from __future__ import annotations

import pytest

from navaar_contracts.music import Recording, Sameness
from navaar_identifier.compare.verdicts import same_recording
from navaar_identifier.text.scripts import script


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello", "latin"), ("Ünlü", "latin"), ("Привет", "cyrillic"), ("سلام", "arabic"), ("שלום", "hebrew"),
        ("Γεια", "greek"), ("안녕", "hangul"), ("こんにちは", "kana"), ("夜に駆ける", "kana"), ("月亮", "han"),
        ("123", ""),
    ],
)  # fmt: skip
def test_script_is_known(text: str, expected: str) -> None:
    assert script(text) == expected


# artist and title in one script, artist and title in another
TWO_SCRIPTS = [
    (("Dariush", "Cheshme Man"), ("داریوش", "چشم من")),
    (("Dariush", "Shaghayegh"), ("داریوش", "شقایق")),
    (("Ebi", "Khalije Fars"), ("ابی", "خلیج فارس")),
    (("Googoosh", "Makhloogh"), ("گوگوش", "مخلوق")),
    (("Googoosh", "Gharibe Ashena"), ("گوگوش", "غریب آشنا")),
    (("Hayedeh", "Soghati"), ("هایده", "سوغاتی")),
    (("Moein", "Sobhet Bekheir"), ("معین", "صبحت بخیر")),
    (("Shadmehr Aghili", "Taghdir"), ("شادمهر عقیلی", "تقدیر")),
    (("Mohsen Chavoshi", "Sangsaar"), ("محسن چاوشی", "سنگسار")),
    (("Mohsen Yeganeh", "Behet Ghol Midam"), ("محسن یگانه", "بهت قول میدم")),
    (("Siavash Ghomayshi", "Parandeh"), ("سیاوش قمیشی", "پرنده")),
    (("Sirvan Khosravi", "Doost Daram Zendegiro"), ("سیروان خسروی", "دوست دارم زندگیرو")),
    (("Fereydoun Foroughi", "Namaz"), ("فریدون فروغی", "نماز")),
    (("Farhad Mehrad", "Jomeh"), ("فرهاد مهراد", "جمعه")),
    (("Kourosh Yaghmaei", "Gole Yakh"), ("کوروش یغمایی", "گل یخ")),
    (("Viguen", "Mara Beboos"), ("ویگن", "مرا ببوس")),
    (("Amr Diab", "Tamally Maak"), ("عمرو دياب", "تملي معاك")),
    (("Fairuz", "Nassam Alayna El Hawa"), ("فيروز", "نسم علينا الهوى")),
    (("Umm Kulthum", "Enta Omri"), ("أم كلثوم", "إنت عمري")),
    (("Nancy Ajram", "Ya Tabtab"), ("نانسي عجرم", "يا طبطب")),
    (("Tamer Hosny", "Naseny Leh"), ("تامر حسني", "ناسيني ليه")),
    (("Kino", "Gruppa Krovi"), ("Кино", "Группа крови")),
    (("Zemfira", "Iskala"), ("Земфира", "Искала")),
    (("Viktor Tsoi", "Zvezda po imeni Solntse"), ("Виктор Цой", "Звезда по имени Солнце")),
    (("Splean", "Vykhoda net"), ("Сплин", "Выхода нет")),
    (("Alla Pugacheva", "Million alykh roz"), ("Алла Пугачёва", "Миллион алых роз")),
    (("Bulat Okudzhava", "Gruzinskaya pesnya"), ("Булат Окуджава", "Грузинская песня")),
    (("Molchat Doma", "Sudno"), ("Молчат Дома", "Судно")),
    (("Haris Alexiou", "Mia Pista Apo Fosforo"), ("Χάρις Αλεξίου", "Μια πίστα από φώσφορο")),
    (("BTS", "Dynamite"), ("방탄소년단 (BTS)", "다이너마이트 (Dynamite)")),
    (("Red Velvet", "Psycho"), ("레드벨벳", "Psycho")),
    (("Big Bang", "Fantastic Baby"), ("빅뱅", "판타스틱 베이비")),
    (("Sistar", "Touch My Body"), ("씨스타", "터치 마이 바디")),
    (("Jannabi", "Summer"), ("잔나비", "썸머")),
    (("Perfume", "Chocolate Disco"), ("パフューム", "チョコレイト・ディスコ")),
    (("Kyary Pamyu Pamyu", "Ninja Re Bang Bang"), ("きゃりーぱみゅぱみゅ", "にんじゃりばんばん")),
    (("Spitz", "Robinson"), ("スピッツ", "ロビンソン")),
    (("Arik Einstein", "Ani Ve'ata"), ("אריק איינשטיין", "אני ואתה")),
    (("Lee Sora", "Track 9"), ("이소라", "Track 9")),
    (("Lim Kim", "Awoo"), ("임김", "Awoo")),
    (("4MEN", "Baby Baby"), ("포맨", "Baby Baby")),
    (("GOT7", "Just right"), ("갓세븐", "Just right")),
    (("wave to earth", "seasons"), ("웨이브 투 어스", "seasons")),
    (("Mikhail Krug", "Kolshchik"), ("Михаил Круг", "Кольщик")),
    (("Jah Khalib", "Medina"), ("Джах Халиб", "Медина")),
    (("Hrybi", "Taet Lyod"), ("Грибы", "Тает лёд")),
    (("Cheb Mami", "الرايحة"), ("الشاب مامي", "الرايحة")),
    (("Ofra Haza", "ירושלים של זהב"), ("עפרה חזה", "ירושלים של זהב")),
    (("Lamp", "Sachiko"), ("ランプ", "さち子")),
]  # fmt: skip

SAME_ARTIST_OTHER_SONG = [
    (("Dariush", "Cheshme Man"), ("داریوش", "شقایق")),
    (("Ebi", "Khalije Fars"), ("ابی", "ستاره های سربی")),
    (("Googoosh", "Pol"), ("گوگوش", "کویر")),
    (("Googoosh", "Hamsafar"), ("گوگوش", "همزاد")),
    (("Hayedeh", "Soghati"), ("هایده", "ساقی")),
    (("Moein", "Isfahan"), ("معین", "لحظه ها")),
    (("Shadmehr Aghili", "Taghdir"), ("شادمهر عقیلی", "تصمیم")),
    (("Mohsen Chavoshi", "Sangsaar"), ("محسن چاوشی", "ابراهیم")),
    (("Kourosh Yaghmaei", "Gole Yakh"), ("کوروش یغمایی", "هوار هوار")),
    (("Amr Diab", "Tamally Maak"), ("عمرو دياب", "نور العين")),
    (("Fairuz", "Bint El Shalabiya"), ("فيروز", "زوروني كل سنة مرة")),
    (("Kino", "Gruppa Krovi"), ("Кино", "Пачка сигарет")),
    (("Zemfira", "Iskala"), ("Земфира", "Хочешь")),
    (("Viktor Tsoi", "Zvezda po imeni Solntse"), ("Виктор Цой", "Последний герой")),
    (("Molchat Doma", "Sudno"), ("Молчат Дома", "Танцевать")),
    (("Big Bang", "Fantastic Baby"), ("빅뱅", "하루하루")),
    (("Sistar", "Touch My Body"), ("씨스타", "나 혼자")),
    (("Spitz", "Robinson"), ("スピッツ", "チェリー")),
]

SAME_TITLE_OTHER_ARTIST = [
    (("Dariush", "Ashegh"), ("معین", "عاشق")),
    (("Hayedeh", "Mosafer"), ("گوگوش", "مسافر")),
    (("Kino", "Leto"), ("Земфира", "Лето")),
    (("Twice", "Fancy"), ("빅뱅", "Fancy")),
]


def _recording(name: tuple[str, str]) -> Recording:
    return Recording(artist=name[0], title=name[1])


@pytest.mark.parametrize(("a", "b"), TWO_SCRIPTS, ids=[f"{a[0]} - {a[1]}" for a, _ in TWO_SCRIPTS])
def test_one_song_in_two_scripts(a: tuple[str, str], b: tuple[str, str]) -> None:
    judgement = same_recording(_recording(a), _recording(b))
    assert judgement.same is Sameness.YES, judgement


@pytest.mark.parametrize(("a", "b"), [*SAME_ARTIST_OTHER_SONG, *SAME_TITLE_OTHER_ARTIST])
def test_two_songs_in_two_scripts(a: tuple[str, str], b: tuple[str, str]) -> None:
    judgement = same_recording(_recording(a), _recording(b))
    assert judgement.same is not Sameness.YES, judgement


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (("گوگوش", "پل"), ("گوگوش", "پُل"), True),
        (("گوگوش", "پل"), ("گوگوش", "پلک"), False),
        (("ابی", "کی اشکاتو پاک میکنه"), ("ابی", "کی اشکاتو پاک می‌کنه"), True),
        (("ابی", "کی اشکاتو پاک میکنه"), ("ابى", "كى اشكاتو پاك ميكنه"), True),
        (("هایده", "شانه هایت"), ("هایده", "شانه‌هایت"), True),
        (("معین", "دلم تنگه"), ("معین", "دلم تنگ"), False),
        (("فيروز", "كيفك إنت"), ("فيروز", "كيفك انت"), True),
        (("أم كلثوم", "ألف ليلة وليلة"), ("ام كلثوم", "الف ليله وليله"), True),
        (("Земфира", "Жить в твоей голове"), ("ЗЕМФИРА", "Жить в твоей голове."), True),
        (("Сплин", "Романс"), ("Сплин", "Романсы"), False),
        (("宇多田ヒカル", "ファースト・ラヴ"), ("宇多田ヒカル", "ファーストラヴ"), True),
        (("방탄소년단", "봄날"), ("방탄소년단", "봄 날"), True),
    ],
)
def test_one_script(a: tuple[str, str], b: tuple[str, str], expected: bool) -> None:
    judgement = same_recording(_recording(a), _recording(b))
    assert (judgement.same is Sameness.YES) == expected, judgement
