"""The words around a name that are not the name, in the languages our users' music comes in.

Everything here is folded (see `folding`). Two lists matter: words that say how something was published (noise: they
may go), and words that say which recording it is (versions: they must stay and must agree).
"""

from __future__ import annotations

from navaar_text.folding import fold


def word_set(text: str) -> frozenset[str]:
    """The words of a list written out between blanks, folded."""
    return frozenset(word for piece in text.split() for word in fold(piece).split())


NOISE = word_set(
    """
    official oficial ofical officiel officielle officieel offizielles offizieller offizielle ufficiale officiell
    oficjalny oficiální resmi resmî официальный официальное официальная официально رسمی 公式 官方 공식 offical offcial
    oficiale mv pv omv lyrics lyric lyrical letra letras paroles testo songtext sözleri sözlü liedtext legendado
    subtitulado subtitulada subtitulos subtítulos subtitles subtitle subs parole
    legenda legendas sottotitoli hd hq uhd fhd qhd 4k 8k 2k 1080p
    720p 480p 360p 240p 1440p 2160p 60fps hifi visualizer visualiser visualizador visualizzatore videoclip
    videoklip videoclipe clip clipe klip klibi клип клипы видео видеоклип аудио премьера премьерa текст слова
    tradução traducao traducción traduccion traduzione traduction translation translated çeviri перевод lirik
    terjemahan vietsub subbed ترجمه مترجم مترجمة مترجمه
    tekst tekstem tekstowe teledysk
    lyricvideo musicvideo audiovisual fanvideo fanmade video vídeo vidéo videos audio áudio 뮤직비디오 가사
    엠브이 歌詞 歌词 高清 完整版 動画 オフィシャル ミュージックビデオ ویدیو ویدئو ویدیوی کلیپ لیریک متن موزیک آهنگ
    دانلود کیفیت اورجینال كلمات فيديو كليب حصريا حصرياً أغنية اغنية רשמי קליפ kbps bitrate mp3 mp4 flac m4a
    wav wmv ogg cdq 320kbps 128kbps 192kbps 256kbps premiere premier videosong closed captioned
    captions widescreen
    """
)
"""Words of which one is enough to call a bracket publishing talk."""

FILLER = word_set(
    """
    m v hi fi ses شعر پخش music full original new the with and in sub
    z performance album pseudo dvd do pt br музыка песня песни
    español espanol english eng rus spanish turkish quality high only
    song songs not from on for de la el of by con com avec mit y et und best good great hot exclusive
    exclusivo free download dl musical art track color digital colour channel vevo
    youtube tv studio prod stream streaming unreleased low sound real remastered re mastered version
    ver completo completa complete completely whole entire estreno oficialmente www http https watch listen
    available itunes spotify apple lançamento novo nova nuevo nueva новый новая новинка جدید کامل حصري 2 3 ft کیفیت
    بالا عالی با اصلی
    """
)
"""Words that are publishing talk only beside a word of `NOISE`."""

EDGE_NOISE = word_set(
    """
    hd hq uhd fhd 4k 8k mv pv official oficial officiel officielle ufficiale resmi lyrics lyric letra paroles
    visualizer visualiser videoclip videoklip clipe fanvideo 1080p 720p 60fps vevo videoclipe klip клип 뮤직비디오
    公式
    """
)
"""Noise strong enough to be cut off the end of a title without brackets around it."""

EXTENSIONS = word_set(
    """
    mp3 m4a flac ogg oga opus wav wma aac aif aiff alac ape wv mka mp4 m4v webm wmv avi mpg mpeg mkv mov flv 3gp ts
    m4p
    """
)

SITE_ENDINGS = word_set(
    """
    com net org ru ir me su info biz site online club fm tv cc io co uk de fr to ws pro xyz top in az uz kz ua by pl
    tr eu us ca app live mobi name ge am link vip one music fun space pw la is nu gg pm
    """
)

JUNK_ARTISTS = frozenset(
    fold(name)
    for name in (
        "unknown", "<unknown>", "unknown artist", "unknown album", "various artists", "various", "va", "artist", "n/a",
        "none", "null", "undefined", "no artist", "неизвестен", "неизвестный исполнитель", "неизвестный",
        "исполнитель неизвестен", "various artist", "ناشناس", "نامعلوم", "خواننده ناشناس", "فنان غير معروف",
        "アーティスト不明", "未知艺术家", "未知歌手", "不明なアーティスト", "알 수 없는 아티스트", "desconocido",
        "artista desconocido", "artiste inconnu", "unbekannter künstler", "unbekannt", "bilinmeyen sanatçı",
        "artista sconosciuto", "telegram", "download", "music", "youtube", "audio", "default", "test", "-", ".", "?",
    )
)  # fmt: skip
"""Artist fields that say nothing."""

CHANNEL_TAILS = (
    "vevo", "topic", "official", "officiel", "oficial", "resmi", "ufficiale", "official channel", "tv", "channel",
    "music", "band", "officialvevo", "official youtube channel", "official artist channel", "band official", "musik",
)  # fmt: skip
"""What a channel's name has after the artist's."""

SMALL_WORDS = word_set("the a an and of el la los las le les der die das il o os y e et und i و ال")

ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
    "xi": "11", "xii": "12",
}  # fmt: skip

TITLE_WORDS = word_set(
    """
    now then here there still just got whos hows nobody somebody everybody anything something myself yourself
    together anymore maybe please until since gone singing
    i me my mine you your yours we us our it its this that these those im ill ive id youre youll youve dont cant
    wont isnt aint didnt doesnt couldnt wouldnt were theyre hes shes thats whats lets gonna wanna gotta is are was
    be been am do does did have has had can could will would should let make take give get go come keep feel know
    want need think tell say love loving loved lovin kiss dance dancing sing cry crying fall falling run walk
    walking away tonight today tomorrow yesterday forever never always again when why what where how who if not no
    more too so up down out over under through into without only every all some one for to at from in on as but
    because song blues lullaby heart hearts dream dreams night nights rain sun moon sky world life time day days yo
    tu mi te que como para por sin amor corazon vida je mon ma amour ne pas ich du mein dich nicht
    hasta donde cuando porque pero quien nunca siempre ellos nosotros contigo conmigo quiero querer eres
    soy estoy esta este eso nada todo todos muy mas tus mis sus
    eu voce nao meu minha seu sua quando onde quem voltar saudade coracao sempre nunca esse essa isso
    che non sei sono perche dove tuo tua senza
    quem uma mais bem vou vai foi deixa ainda contigo comigo assim tudo nada voces eles ela ele pra na nas nos
    una dime dame vuelve fue ser asi hay solo sola olvidar volver llorar aunque otra otro
    della nel nella ti lei noi ancora quando siamo questo questa niente
    elle rien tout comme veux peux suis plus pourvu encore autre aime
    ist nur wie noch bist habe hab mehr uns einen liebe leben
    benim senin gibi kadar degil ask oldu olmaz olur yine
    aku kamu cinta yang tak bukan untuk jangan hati
    jai tes cest quand pourquoi toi moi nous vous toujours jamais sans dans mes ses
    wir sie mich dir ohne immer nie wenn warum kein keine und
    seni bana beni yok neden bir
    в на за от до по со мне нас все всё ещё уже лишь люблю любовь любви сердце ночь жизнь давай нам вам она они
    я ты мы вы мой моя мои твой твоя не нет что как где когда если только без тебя меня мне тебе это было будет
    من تو ما شما بی کجا چرا اگه اگر بیا برو دلم دلت عشق برای دوست دارم
    """
)
"""Words that titles hold and artists' names seldom do: pronouns, auxiliaries, question words, and what songs are of."""

JUNK_TITLES = frozenset(
    fold(title)
    for title in (
        "untitled", "audio", "music", "voice", "unknown", "без названия", "بدون نام", "بدون عنوان", "telegram",
        "no title", "unknown title", "sin título", "sans titre", "ohne titel", "無題", "제목 없음",
        "неизвестно", "بدون تیتر",
    )
)  # fmt: skip
"""Title fields that say nothing."""

NUMBERED_TITLES = word_set(
    "track audio трек file record recording voice titel piste pista дорожка аудиозапись آهنگ トラック"
)
"""Words that say nothing with a number behind them, or alone."""
