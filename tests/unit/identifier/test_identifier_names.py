"""How raw names are read: file names, video titles, captions, in many scripts. All cases are our own."""

from __future__ import annotations

import pytest

from navaar_identifier.names.parser import read_name

# raw -> artist, title with its version words
PLAIN = [
    ("Radiohead - Creep", "Radiohead", "Creep"),
    ("Radiohead – Creep", "Radiohead", "Creep"),
    ("Radiohead — Creep", "Radiohead", "Creep"),
    ("Radiohead -- Creep", "Radiohead", "Creep"),
    ("Radiohead | Creep", "Radiohead", "Creep"),
    ("Radiohead • Creep", "Radiohead", "Creep"),
    ("Radiohead ~ Creep", "Radiohead", "Creep"),
    ("Radiohead: Creep", "Radiohead", "Creep"),
    ('Radiohead "Creep"', "Radiohead", "Creep"),
    ("Radiohead “Creep”", "Radiohead", "Creep"),
    ('Radiohead - "Creep"', "Radiohead", "Creep"),
    ("Radiohead- Creep", "Radiohead", "Creep"),
    ("Radiohead -Creep", "Radiohead", "Creep"),
    ("Radiohead  Creep", "Radiohead", "Creep"),
    ("AC/DC - Thunderstruck", "AC/DC", "Thunderstruck"),
    ("a-ha - Take On Me", "a-ha", "Take On Me"),
    ("Jay-Z - 99 Problems", "Jay-Z", "99 Problems"),
    ("blink-182 - All the Small Things", "blink-182", "All the Small Things"),
    ("Earth, Wind & Fire - September", "Earth, Wind & Fire", "September"),
    ("Simon & Garfunkel - Mrs. Robinson", "Simon & Garfunkel", "Mrs. Robinson"),
    ("Wham! - Wake Me Up Before You Go-Go", "Wham!", "Wake Me Up Before You Go-Go"),
    ("R.E.M. - It's the End of the World as We Know It", "R.E.M.", "It's the End of the World as We Know It"),
    ("Gustav Mahler - Symphony No. 5: IV. Adagietto", "Gustav Mahler", "Symphony No. 5: IV. Adagietto"),
    ("Antonín Dvořák - Rusalka - Měsíčku na nebi hlubokém", "Antonín Dvořák", "Rusalka - Měsíčku na nebi hlubokém"),
    ("Sigur Rós - Hoppípolla", "Sigur Rós", "Hoppípolla"),
    ("Café Tacvba - Eres", "Café Tacvba", "Eres"),
    ("Stromae - Alors on danse", "Stromae", "Alors on danse"),
]

NOISE = [
    ("Radiohead - Creep (Official Video)", "Radiohead", "Creep"),
    ("Radiohead - Creep [Official Music Video]", "Radiohead", "Creep"),
    ("Radiohead - Creep (Official Video) [HD]", "Radiohead", "Creep"),
    ("Radiohead - Creep (Lyrics)", "Radiohead", "Creep"),
    ("Radiohead - Creep | Lyrics", "Radiohead", "Creep"),
    ("Radiohead - Creep lyrics", "Radiohead", "Creep"),
    ("Radiohead - Creep Official Audio", "Radiohead", "Creep"),
    ("Radiohead - Creep HD", "Radiohead", "Creep"),
    ("Radiohead - Creep 4K", "Radiohead", "Creep"),
    ("Radiohead - Creep (Visualizer)", "Radiohead", "Creep"),
    ("Radiohead - Creep (Videoclip oficial)", "Radiohead", "Creep"),
    ("Radiohead - Creep (Clip officiel)", "Radiohead", "Creep"),
    ("Radiohead - Creep (con letra)", "Radiohead", "Creep"),
    ("Radiohead - Creep (Sub Español)", "Radiohead", "Creep"),
    ("Radiohead - Creep (resmi video)", "Radiohead", "Creep"),
    ("Radiohead - Creep [Official 4K Video] (1992)", "Radiohead", "Creep"),
    ("Radiohead - Creep (prod. by Nobody)", "Radiohead", "Creep"),
    ("Radiohead - Creep 🎵🔥", "Radiohead", "Creep"),
    ("🎧 Radiohead - Creep", "Radiohead", "Creep"),
    ("Radiohead - Creep **NEW**", "Radiohead", "Creep"),
    ("Radiohead - Creep #music #rock", "Radiohead", "Creep"),
    ("Radiohead - Creep (www.bestsongs.ru)", "Radiohead", "Creep"),
    ("Radiohead - Creep [bestsongs.net]", "Radiohead", "Creep"),
    ("Radiohead - Creep @bestsongs", "Radiohead", "Creep"),
    ("Radiohead - Creep (@bestsongs)", "Radiohead", "Creep"),
    ("Radiohead - Creep https://t.me/bestsongs", "Radiohead", "Creep"),
    ("Radiohead - Creep [320kbps]", "Radiohead", "Creep"),
    ("Radiohead - Creep 320 kbps", "Radiohead", "Creep"),
    ("Radiohead - Creep (NightMusic)", "Radiohead", "Creep"),
    ("[Official Video] Radiohead - Creep", "Radiohead", "Creep"),
    ("【MV】Radiohead - Creep", "Radiohead", "Creep"),
    ("Земфира - Искала (Официальный клип)", "Земфира", "Искала"),
    ("Земфира - Искала (премьера клипа)", "Земфира", "Искала"),
    ("Земфира - Искала (текст)", "Земфира", "Искала"),
    ("IU(아이유) - Palette (뮤직비디오)", "IU(아이유)", "Palette"),
    ("周杰倫 - 稻香 (官方 MV)", "周杰倫", "稻香"),
    ("米津玄師 - Lemon (公式)", "米津玄師", "Lemon"),
    ("داریوش - شقایق (موزیک ویدیو)", "داریوش", "شقایق"),
    ("عمرو دياب - تملي معاك (فيديو كليب)", "عمرو دياب", "تملي معاك"),
]

FILES = [
    ("Radiohead - Creep.mp3", "Radiohead", "Creep"),
    ("Radiohead - Creep.MP3", "Radiohead", "Creep"),
    ("Radiohead - Creep.mp3.mp3", "Radiohead", "Creep"),
    ("Radiohead - Creep (1).mp3", "Radiohead", "Creep"),
    ("Radiohead - Creep - Copy.m4a", "Radiohead", "Creep"),
    ("Radiohead-Creep.flac", "Radiohead", "Creep"),
    ("Radiohead_-_Creep.mp3", "Radiohead", "Creep"),
    ("Radiohead_-_No_Surprises_82736451.mp3", "Radiohead", "No Surprises"),
    ("01 - Radiohead - Creep.mp3", "Radiohead", "Creep"),
    ("01. Radiohead - Creep.mp3", "Radiohead", "Creep"),
    ("01 Radiohead - Creep.mp3", "Radiohead", "Creep"),
    ("1) Radiohead - Creep.mp3", "Radiohead", "Creep"),
    ("[01] Radiohead - Creep.mp3", "Radiohead", "Creep"),
    ("12-Radiohead-No Surprises.mp3", "Radiohead", "No Surprises"),
    ("Radiohead - 02 - Creep.mp3", "Radiohead", "Creep"),
    ("Radiohead - Creep [128].mp3", "Radiohead", "Creep"),
    ("Radiohead - Creep 320.mp3", "Radiohead", "Creep"),
    ("Radiohead - Creep 720p.mp4", "Radiohead", "Creep"),
    ("Radiohead_Creep_www_bestsongs_net.mp3", None, "Radiohead Creep"),
    ("bestsongs_ru_Radiohead_-_Creep.mp3", "Radiohead", "Creep"),
    ("Radiohead &amp; Friends - Creep.mp3", "Radiohead & Friends", "Creep"),
    ("Googoosh - Pol.mp3", "Googoosh", "Pol"),
    ("گوگوش - پل.mp3", "گوگوش", "پل"),
    ("گوگوش-پل.mp3", "گوگوش", "پل"),
    ("Кино_-_Группа_крови.mp3", "Кино", "Группа крови"),
    ("Creep.mp3", None, "Creep"),
    ("07 Creep.mp3", None, "Creep"),
    ("007-Creep", None, "Creep"),
    ("02. Creep.mp3", None, "Creep"),
    ("01.mp3", None, "01"),
]

LOOK_LIKE_NOISE = [
    # Titles and artists that a careless rule would cut.
    ("Paul McCartney - Live and Let Die", "Paul McCartney", "Live and Let Die"),
    ("Oasis - Live Forever", "Oasis", "Live Forever"),
    ("Bruce Springsteen - Cover Me", "Bruce Springsteen", "Cover Me"),
    ("Lana Del Rey - Video Games", "Lana Del Rey", "Video Games"),
    ("Cassie - Official Girl", "Cassie", "Official Girl"),
    ("Ariana Grande - 7 rings", "Ariana Grande", "7 rings"),
    ("Taylor Swift - 22", "Taylor Swift", "22"),
    ("22 - Taylor Swift.mp3", "22", "Taylor Swift"),
    ("50 Cent - In Da Club", "50 Cent", "In Da Club"),
    ("24kGoldn - Mood", "24kGoldn", "Mood"),
    ("The Smashing Pumpkins - 1979", "The Smashing Pumpkins", "1979"),
    ("Prince - 1999", "Prince", "1999"),
    ("Pulp - Disco 2000", "Pulp", "Disco 2000"),
    ("Madonna - Music", "Madonna", "Music"),
    ("The Clash - Radio Clash", "The Clash", "Radio Clash"),
    ("Ed Sheeran - Remember The Name", "Ed Sheeran", "Remember The Name"),
    ("The Prodigy - Original Nuttah", "The Prodigy", "Original Nuttah"),
    ("Ben E. King - Stand by Me", "Ben E. King", "Stand by Me"),
    ("Stand by Me", None, "Stand by Me"),
    ("Day by Day", None, "Day by Day"),
    ("Semi-Charmed Life", None, "Semi-Charmed Life"),
    ("Twenty-One", None, "Twenty-One"),
    ("Ob-La-Di, Ob-La-Da", None, "Ob-La-Di, Ob-La-Da"),
    ("Beethoven: Sonata No. 14", "Beethoven", "Sonata No. 14"),
    ("Interlude: Milo & Otis", None, "Interlude: Milo & Otis"),
    ("Mr. Mister - Kyrie", "Mr. Mister", "Kyrie"),
    ("P!nk - So What", "P!nk", "So What"),
    ("Ke$ha - TiK ToK", "Ke$ha", "TiK ToK"),
    ("will.i.am - Scream & Shout", "will.i.am", "Scream & Shout"),
    ("deadmau5 - Strobe", "deadmau5", "Strobe"),
    ("M.I.A. - Paper Planes", "M.I.A.", "Paper Planes"),
    ("Run-D.M.C. - It's Tricky", "Run-D.M.C.", "It's Tricky"),
    ("Video", None, "Video"),
]

VERSIONS_STAY = [
    ("Radiohead - Creep (Acoustic)", "Radiohead", "Creep (Acoustic)"),
    ("Radiohead - Creep (Live at Glastonbury 1994)", "Radiohead", "Creep (Live at Glastonbury 1994)"),
    ("Radiohead - Creep (Official Live Video)", "Radiohead", "Creep (Official Live Video)"),
    ("Radiohead - Creep (Very 2021 Rmx)", "Radiohead", "Creep (Very 2021 Rmx)"),
    ("Moby - Porcelain [Arty Remix]", "Moby", "Porcelain [Arty Remix]"),
    ("Moby - Porcelain (Clubbed to Death Mix)", "Moby", "Porcelain (Clubbed to Death Mix)"),
    ("Moby - Porcelain (slowed + reverb)", "Moby", "Porcelain (slowed + reverb)"),
    ("Moby - Porcelain (sped up)", "Moby", "Porcelain (sped up)"),
    ("Moby - Porcelain (8D Audio)", "Moby", "Porcelain (8D Audio)"),
    ("Moby - Porcelain (Instrumental)", "Moby", "Porcelain (Instrumental)"),
    ("Moby - Porcelain (Karaoke Version)", "Moby", "Porcelain (Karaoke Version)"),
    ("Moby - Porcelain (feat. Somebody)", "Moby", "Porcelain (feat. Somebody)"),
    ("Moby feat. Somebody - Porcelain", "Moby feat. Somebody", "Porcelain"),
    ("Nightcore - Porcelain", None, "Porcelain (Nightcore)"),
    ("Nightcore - Moby - Porcelain", "Moby", "Porcelain (Nightcore)"),
    ("Кино - Группа крови (ремикс)", "Кино", "Группа крови (ремикс)"),
    ("معین - صبحت بخیر عزیزم (ریمیکس)", "معین", "صبحت بخیر عزیزم (ریمیکس)"),
    ("معین - صبحت بخیر عزیزم (اجرای زنده)", "معین", "صبحت بخیر عزیزم (اجرای زنده)"),
    ("شادمهر - تقدیر (بی کلام)", "شادمهر", "تقدیر (بی کلام)"),
]

ORDER = [
    # The title in front, where something tells.
    ("Where Is My Mind? - Pixies", "Pixies", "Where Is My Mind?"),
    ("Porcelain (feat. Somebody) - Moby", "Moby", "Porcelain (feat. Somebody)"),
    ("I Want You Back - Charlie Puth", "Charlie Puth", "I Want You Back"),
    ("What's Going On - Marvin Gaye", "Marvin Gaye", "What's Going On"),
    ("Tonight We Fly by The Divine Comedy", "The Divine Comedy", "Tonight We Fly"),
    ('"Creep" by Radiohead', "Radiohead", "Creep"),
    ('"Creep" - Radiohead', "Radiohead", "Creep"),
    ("Creep (cover by Somebody Else)", "Somebody Else", "Creep"),
    ("سلطان قلب‌ها - عارف", "عارف", "سلطان قلب‌ها"),
    ("مرا ببوس - ویگن", "ویگن", "مرا ببوس"),
    ("آهنگ شقایق از داریوش", "داریوش", "شقایق"),
    ("دانلود آهنگ داریوش به نام شقایق", "داریوش", "شقایق"),
    ("دانلود آهنگ جدید داریوش به نام شقایق با کیفیت بالا", "داریوش", "شقایق"),
    ("ترانه شقایق با صدای داریوش", "داریوش", "شقایق"),
    ("BestSongs_Official – داریوش - شقایق", "داریوش", "شقایق"),
    ("Dariush - Shaghayegh (داریوش - شقایق)", "Dariush", "Shaghayegh"),
    ("Dariush - Shaghayegh - آهنگ شقایق از داریوش", "Dariush", "Shaghayegh"),
    ("Ebi - Gole Yakh | ابی - گل یخ", "Ebi", "Gole Yakh"),
    ("MOLLY Под снегом", "MOLLY", "Под снегом"),
    ("Макс Барских - Туманы | Премьера 2016", "Макс Барских", "Туманы"),
]

JAPANESE_AND_KOREAN = [
    ("YOASOBI「夜に駆ける」", "YOASOBI", "夜に駆ける"),
    ("YOASOBI「夜に駆ける」Official Music Video", "YOASOBI", "夜に駆ける"),
    ("宇多田ヒカル「First Love」MV", "宇多田ヒカル", "First Love"),
    ("あいみょん - マリーゴールド【OFFICIAL MUSIC VIDEO】", "あいみょん", "マリーゴールド"),
    ("BTS (방탄소년단) 'Dynamite' Official MV", "BTS (방탄소년단)", "Dynamite"),
    ("[MV] IU(아이유) _ Blueming(블루밍)", "IU(아이유)", "Blueming(블루밍)"),
    ('NewJeans "Ditto" Official MV', "NewJeans", "Ditto"),
    ("鄧麗君 - 月亮代表我的心", "鄧麗君", "月亮代表我的心"),
    ("五月天【乾杯】【官方MV】", "五月天", "乾杯"),
]

FROM_CHANNELS = [
    ("▶️ Radiohead - Creep", "Radiohead", "Creep"),
    ("🎵 Radiohead – Creep 🎵 @bestsongs", "Radiohead", "Creep"),
    ("Radiohead - Creep (t.me/bestsongs)", "Radiohead", "Creep"),
    ("[bestsongs.ru] Radiohead - Creep", "Radiohead", "Creep"),
    ("Radiohead — Creep (speed up) (256 kbps)", "Radiohead", "Creep (speed up)"),
    ("داریوش - شقایق @bestsongs", "داریوش", "شقایق"),
    ("داریوش ـ شقایق", "داریوش", "شقایق"),
    ("Dariush - Shaghayegh [BestSong.ir].mp3", "Dariush", "Shaghayegh"),
    ("ابی-گل یخ-128", "ابی", "گل یخ"),
]

SEEN_LATER = [
    # Kinds that fresh material showed: glued noise words, sites between hyphens, capitals, Japanese slashes.
    ("Radiohead - Creep (LetraLyrics).mp3", "Radiohead", "Creep"),
    ("Radiohead - Creep [Video Letra].mp3", "Radiohead", "Creep"),
    ("Radiohead - Creep (Subtitulada Español)", "Radiohead", "Creep"),
    ("Radiohead - Creep (Sub. Español)", "Radiohead", "Creep"),
    ("Radiohead - Creep (Official Video) 1992 HD", "Radiohead", "Creep"),
    ("Radiohead - Creep (Official Video) prod. by Nobody", "Radiohead", "Creep"),
    ("Radiohead - Creep - 320 - bestsongs.ir.mp3", "Radiohead", "Creep"),
    ("Radiohead-Creep-bestsongs.com-128.mp3", "Radiohead", "Creep"),
    ("radiohead_-_creep-_400656973395138658.mp3", "radiohead", "creep"),
    ("@BestSongs_Bot Radiohead - Creep.mp3", "Radiohead", "Creep"),
    ("Dariush-Eghbali-Booye-Khoobe-Gandom.mp3", "Dariush Eghbali", "Booye Khoobe Gandom"),
    ("Iron Hearts By ABBA.mp3", "ABBA", "Iron Hearts"),
    ("Iron Hearts by The Hammers (LIVE)", "The Hammers", "Iron Hearts (LIVE)"),
    ("Down By The River", None, "Down By The River"),
    ("Sitting by the Fire", None, "Sitting by the Fire"),
    ("秋の風 / ハナコ【MV】", "ハナコ", "秋の風"),
    ("秋の風 / HANAKO (Music Video)", "HANAKO", "秋の風"),
    ("El corazón cansado - Ana Torres", "Ana Torres", "El corazón cansado"),
    ("Hasta el final del camino - Luis Torres (letra)", "Luis Torres", "Hasta el final del camino"),
    ("Radiohead - Creep.m4a [4K]", "Radiohead", "Creep"),
    ("معین شقایق : دانلود آهنگ جدید معین به نام شقایق", "معین", "شقایق"),
]

SEEN_IN_FILES = [
    # What file systems, players and download sites do to names.
    ("Iron Heart   The Hammers.mp3", "The Hammers", "Iron Heart"),
    ("Железное сердце   Молоты.mp3", "Молоты", "Железное сердце"),
    ("Iron Heart (bestsongs.net)   The Hammers feat. Anvil.mp3", "The Hammers feat. Anvil", "Iron Heart"),
    ("Annie Hammer   Iron Heart", "Annie Hammer", "Iron Heart"),
    ("Radiohead - Creep(MP3_320K).mp3", "Radiohead", "Creep"),
    ("Radiohead - Creep (48k).mp3", "Radiohead", "Creep"),
    ("Radiohead - Creep128 (BestMusic).mp3", "Radiohead", "Creep"),
    ("Radiohead - Creep 720.mp4", "Radiohead", "Creep"),
    ("Radiohead - Creep 720.mp3", "Radiohead", "Creep 720"),
    ("Radiohead-Creep-bestsongs.com.mp3", "Radiohead", "Creep"),
    ("The Hammers-Iron Heart-bestsongs.com.mp3", "The Hammers", "Iron Heart"),
    ("muzbest_me_Radiohead_-_Creep_12345678.mp3", "Radiohead", "Creep"),
    ("muzbestme_Radiohead_-_Creep.mp3", "Radiohead", "Creep"),
    ("1234567890_radiohead-creep_(bestsongs.net).mp3", "radiohead", "creep"),
    ("1_04 - Radiohead - Creep.mp3", "Radiohead", "Creep"),
    ("Radiohead - Love_Me.mp3", "Radiohead", "Love_Me"),
    ("01 - Love_Me.mp3", None, "Love Me"),
    ("The_Hammers__Iron_Heart.mp3", "The Hammers", "Iron Heart"),
    ("The_Hammers_-_Love_Me.mp3", "The Hammers", "Love Me"),
    ("Молоты_-_Vykhoda_net.mp3", "Молоты", "Vykhoda net"),
    ("radiohead-creep.mp3", "radiohead", "creep"),
    ("iron-hammer-heart-of-steel.mp3", "iron hammer", "heart of steel"),
    ("hammers-my-heart-of-steel.mp3", "hammers", "my heart of steel"),
    ("the-hammers-ft-annie-anvil-steel.mp3", "the hammers ft annie anvil", "steel"),
    ("the-hammers-heart-of-steel_12345678", "the hammers", "heart of steel"),
    ("la-la-la-la.mp3", None, "la la la la"),
    ("Radiohead _ Creep", "Radiohead", "Creep"),
    ("Radiohead_Iron Heart of Steel", "Radiohead", "Iron Heart of Steel"),
    ("The Hammers_ Iron Heart", "The Hammers", "Iron Heart"),
    ("The Hammers - Iron Heart _ Lyrics Video _ السلام", "The Hammers", "Iron Heart"),
    ("Radiohead - Creep (feat. Some", "Radiohead", "Creep"),
    ("Radiohead - Creep [Official Video)", "Radiohead", "Creep"),
    ("Radiohead - Creep [sub by @best_songs]", "Radiohead", "Creep"),
    ("24K Hammer - Iron Heart", "24K Hammer", "Iron Heart"),
    ("306 - Iron Heart", "306", "Iron Heart"),
    ("Молоты,_Анн-Вил-Iron_Heart.mp3", "Молоты, Анн-Вил", "Iron Heart"),
]

FORMS = [
    # Forms that say what comes first, and where a title ends.
    ("Iron Heart [Official Music Video] - The Hammers", "The Hammers", "Iron Heart"),
    ("Big Hammer [@bighammer] - Iron Heart [Music Video]", "Big Hammer", "Iron Heart"),
    ("Iron Heart - Official Video - Hammerband", "Hammerband", "Iron Heart"),
    ("Hammerband - Iron Heart (Official Audio) - The Album", "Hammerband", "Iron Heart"),
    ("Hammerband - Iron Heart (Lyrics) - Best Songs Channel", "Hammerband", "Iron Heart"),
    ("Hammerband - 1987 - Iron Heart", "Hammerband", "Iron Heart"),
    ("Hammerband - 03 Iron Heart", "Hammerband", "Iron Heart"),
    ("Hammerband - Iron Heart - Track 12", "Hammerband", "Iron Heart"),
    ("Iron Heart - Sped Up", None, "Iron Heart - Sped Up"),
    ("Iron Heart - slowed + reverb", None, "Iron Heart - slowed + reverb"),
    ("Hammerband - Slow Down", "Hammerband", "Slow Down"),
    ('"Iron Heart" The Hammers 1967', "The Hammers", "Iron Heart"),
    ("Iron Heart (From 'The Hammers')", None, "Iron Heart (From 'The Hammers')"),
    ('Anna Hammer | Suite No. 2 "The Anvil": II. Allegro', "Anna Hammer", 'Suite No. 2 "The Anvil": II. Allegro'),
    ("Hammerband- Iron / Steel / Copper", "Hammerband", "Iron / Steel / Copper"),
    ("003-Iron - Heart", None, "Iron - Heart"),
    ("鉄太郎 Iron Taro【鉄の心 Iron Heart】Official Music Video", "鉄太郎 Iron Taro", "鉄の心 Iron Heart"),
    ("IRON HEART / 鉄太郎", "鉄太郎", "IRON HEART"),
    ("Почему ты молчишь Hammer", "Hammer", "Почему ты молчишь"),
    ("Молоты Iron Heart", "Молоты", "Iron Heart"),
    ("Не жди меня - Hammer", "Hammer", "Не жди меня"),
    ("Free - Iron Heart", "Free", "Iron Heart"),
    ("Heart of the Old Iron - Walter Hammer", "Walter Hammer", "Heart of the Old Iron"),
    ("Heart Of Iron-Walter Hammer", "Walter Hammer", "Heart Of Iron"),
    ("Iron Hammers & Steel Anvils - Copper", "Iron Hammers & Steel Anvils", "Copper"),
    ("walter hammer iron heart", "walter hammer", "iron heart"),
    ("Walter Hammer sings Iron Heart", "Walter Hammer", "Iron Heart"),
    ("Hammering In The UK", None, "Hammering In The UK"),
    ("Walter Hammer IRON HEART", "Walter Hammer", "IRON HEART"),
    ("The Iron-Hearted Hammer", None, "The Iron-Hearted Hammer"),
    ("Hammerband - Iron Heart - Remastered 2006", "Hammerband", "Iron Heart - Remastered 2006"),
    ("Hammerband - Iron Heart (Tradução)", "Hammerband", "Iron Heart"),
    ("Hammerband - Iron Heart (Performance Video)", "Hammerband", "Iron Heart"),
    ("Hammerband - Iron Heart *NEW SINGLE*", "Hammerband", "Iron Heart"),
    ("Hammerband - Iron Heart em Lisboa 14/01/12", "Hammerband", "Iron Heart em Lisboa 14/01/12"),
]

ALL = [
    *PLAIN, *NOISE, *FILES, *LOOK_LIKE_NOISE, *VERSIONS_STAY, *ORDER, *JAPANESE_AND_KOREAN, *FROM_CHANNELS,
    *SEEN_LATER, *SEEN_IN_FILES, *FORMS,
]  # fmt: skip


@pytest.mark.parametrize(("raw", "artist", "title"), ALL, ids=[row[0] for row in ALL])
def test_name_is_read(raw: str, artist: str | None, title: str) -> None:
    name = read_name(raw)
    assert (name.artist, name.title.written) == (artist, title), name.reason


@pytest.mark.parametrize(
    ("raw", "reading"),
    [
        ("Creep - Radiohead", ("Radiohead", "Creep")),
        ("Iron Heart (The Hammers)", ("The Hammers", "Iron Heart")),
        ("Dariush - Shaghayegh (داریوش - شقایق)", ("داریوش", "شقایق")),
        ("Dariush - Shaghayegh | داریوش - شقایق", ("داریوش", "شقایق")),
        ("Dariush - Shaghayegh (Clip) داریوش - شقایق", ("داریوش", "شقایق")),
        ("عمرو دياب - نور العين | Amr Diab - Nour El Ain", ("Amr Diab", "Nour El Ain")),
        ("Stevie Wonderful Superstition", (None, "Stevie Wonderful Superstition")),
    ],
)
def test_the_other_way_to_read_it_is_kept(raw: str, reading: tuple[str, str]) -> None:
    name = read_name(raw)
    assert reading in name.readings


@pytest.mark.parametrize("raw", ["", " ", "-", "...", "🎵🎵", "()", " - ", "\x00"])
def test_nothing_is_read_from_nothing(raw: str) -> None:
    assert read_name(raw).artist is None
    assert not any(c.isalnum() for c in read_name(raw).title.bare)


@pytest.mark.parametrize(
    ("raw", "bare", "versions", "featured"),
    [
        ("A - B (Live at C)", "B", ("Live at C",), ()),
        ("A - B - Live at C", "B", ("Live at C",), ()),
        ("A - B (D Remix) (feat. E & F)", "B", ("D Remix",), ("E", "F")),
        ("A - B ft. E", "B", (), ("E",)),
        ("A - B (Remastered 2011)", "B", ("Remastered 2011",), ()),
        ("A - B [Explicit]", "B", ("Explicit",), ()),
        ("A - B (Radio Edit)", "B", ("Radio Edit",), ()),
        ("A - B - 2009 Remaster", "B", ("2009 Remaster",), ()),
        ("A - B (Demo) [1981]", "B", ("Demo",), ()),
        ("A - B (with E)", "B", (), ("E",)),
    ],
)
def test_title_is_taken_apart(raw: str, bare: str, versions: tuple[str, ...], featured: tuple[str, ...]) -> None:
    title = read_name(raw).title
    assert (title.bare, title.versions, title.featured) == (bare, versions, featured)
