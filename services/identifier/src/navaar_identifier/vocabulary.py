"""The words around a name that are not the name, in the languages our users' music comes in.

Everything here is folded (see `folding`). Two lists matter: words that say how something was published (noise: they
may go), and words that say which recording it is (versions: they must stay and must agree).
"""

from __future__ import annotations

from navaar_identifier.folding import fold


def _folded(text: str) -> frozenset[str]:
    return frozenset(word for line in text.split() for word in fold(line).split())


NOISE = _folded(
    """
    official oficial officiel officielle officieel offizielles offizieller offizielle ufficiale officiell oficjalny
    oficiální resmi resmî официальный официальное официальная официально رسمی 公式 官方 공식 offical offcial oficiale
    mv pv omv m/v lyrics lyric lyrical letra letras paroles testo songtext sözleri sözlü liedtext legendado
    subtitulado subtitulos subtítulos subtitles subtitle subs karaoke-lyrics parole
    hd hq uhd fhd qhd 4k 8k 2k 1080p 720p 480p 360p 240p 1440p 2160p 60fps hifi hi-fi
    visualizer visualiser visualizador visualizzatore videoclip videoklip videoclipe clip clipe klip klibi клип клипы
    видео видеоклип аудио премьера премьерa текст слова lyricvideo musicvideo audiovisual fanvideo fanmade
    video vídeo vidéo videos audio áudio ses 뮤직비디오 가사 엠브이 歌詞 歌词 高清 完整版 動画 オフィシャル ミュージックビデオ
    ویدیو ویدئو ویدیوی کلیپ لیریک متن موزیک آهنگ دانلود کیفیت اورجینال پخش شعر
    كلمات فيديو كليب حصريا حصرياً أغنية اغنية רשמי קליפ
    kbps bitrate mp3 mp4 flac m4a wav wmv ogg cdq 320kbps 128kbps 192kbps 256kbps
    premiere premier trailer-music videosong closed captioned captions
    """
)
"""Words of which one is enough to call a bracket publishing talk."""

FILLER = _folded(
    """
    music full original new the with and in sub español espanol english eng rus spanish turkish quality high only song
    songs not from on for de la el of by con com avec mit y et und best good great now out hot exclusive exclusivo
    free download dl musical art track cover-art color digital colour performance-video channel vevo youtube tv
    studio prod stream streaming unreleased colour low sound stereo-audio real remastered re mastered version ver completo completa
    complete completely whole entire estreno oficialmente www http https watch listen available itunes spotify apple
    lançamento novo nova nuevo nueva новый новая новинка جدید کامل حصري 2 3 ft کیفیت بالا عالی با اصلی
    """
)
"""Words that are publishing talk only beside a word of `NOISE`."""

EDGE_NOISE = _folded(
    """
    hd hq uhd fhd 4k 8k mv pv official oficial officiel officielle ufficiale resmi lyrics lyric letra paroles visualizer
    visualiser videoclip videoklip clipe fanvideo 1080p 720p 60fps vevo videoclipe klip клип 뮤직비디오 公式
    """
)
"""Noise strong enough to be cut off the end of a title without brackets around it."""

EXTENSIONS = (
    "mp3 m4a flac ogg oga opus wav wma aac aif aiff alac ape wv mka mp4 m4v webm wmv avi mpg mpeg mkv mov flv 3gp ts m4p"
).split()

SITE_ENDINGS = (
    "com net org ru ir me su info biz site online club fm tv cc io co uk de fr to ws pro xyz top in az uz kz ua by "
    "pl tr eu us ca app live mobi name ge am link vip one music fun space pw la is nu gg"
).split()

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

SMALL_WORDS = _folded("the a an and of el la los las le les der die das il o os y e et und i و ال")

ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
    "xi": "11", "xii": "12",
}  # fmt: skip

GIVEN_NAMES = _folded(
    """
    aaron adam adele adrian aimee al alan albert alejandro alex alexander alexandra alfred ali alice alicia alison
    allen alma amanda amy ana anastasia andre andrea andreas andrew andy angela angelo anita ann anna anne annie
    anthony antoine anton antonio ariana armando arnold arthur artie astor astrud ava avril barbara barry bart
    ben benjamin benny bernard bert bessie beth bette betty bill billie billy bing bob bobby bonnie boris brad
    brandon brenda brian britney bruce bruno bryan buck bud buddy burt caetano camila carl carla carlos carly carmen
    carol carole caroline carolyn cat catherine cecilia celia celine charles charlie charlotte cher chet chris
    christian christina christine christopher chuck cindy claire clara clarence claude claudia claudio cliff clint
    cole conway count craig curtis cyndi cynthia daddy daisy dan dana daniel danny dave david dean debbie deborah
    dee delbert demi dennis denise derek diana diane dick diego dina dinah dionne dizzy dolly dolores don donald donna
    donny doris dorothy doug duane duke duncan dusty dwight earl eartha ed eddie eddy edith edgar eduardo edward
    edwin elaine eleanor elena ella ellen elis elizabeth elliott elton elvis emily emma emmylou enrico enrique eric
    erica ernest erykah ethel etta eugene eva evelyn ezra fabio faith fats federico fela felix fiona florence
    florian flora frances francesco francis francisco francoise frank frankie franz fred freddie freddy fritz
    gabriel gary gene george georgia gerald gerry gilbert gilberto ginger gino giorgio giovanni gladys glen glenn gloria
    gordon grace graham grant greg gregory gwen gus guy hank hannah hans harold harriet harry heather hector
    helen henri henry herb herbert herbie herman howard hugh hugo ian igor imelda ingrid irene iris irma isaac isabel
    isaac ivan ivy jack jackie jackson jacob jacques jaime jake james jamie jan jane janet janis jared jason jay jazmine
    jean jeanne jeff jeffrey jen jennifer jenny jeremy jermaine jerry jesse jessica jessie jethro jill jim jimi jimmy
    jo joan joana joao joaquin jody joe joel joey john johnnie johnny jon jonathan joni jordan jorge jose joseph
    joshua josh joss joy juan juanes juanita judith judy julia julian julie julien julio june junior justin kacey
    karen karl kate katharine katherine kathleen kathy katie katy kay keith kelly ken kenny kevin kim kirk kirsty kris
    kurt kylie lana lance larry laura lauren lauryn laurie lawrence lea leah leann lee lefty lena lenny leo leon leona
    leonard leslie lester lew lewis lila lily linda lionel lisa liz liza lloyd lois lonnie loretta lorraine lou
    louis louise lowell lucia luciano lucinda lucio lucy luigi luis luka luke luther lyle lynn mabel madeleine mahalia
    malcolm manuel marc marcel marco marcos marcus margaret maria mariah marian marianne marie mario marion
    mark marlene marty martha martin marvin mary mathieu matt matthew maurice mavis max maxine megan mel melanie melissa
    merle michael michel michelle mick miguel mikael mike mildred miles milton mina miriam mitch mohammed moe molly
    morgan morrissey muddy murray nancy naomi nat natalia natalie natasha nate neil nellie nelly nelson nick nicolas
    nicole nicola nico nigel nikki nina nils nora noel norah norma norman olga oliver olivia omar orlando oscar otis otto
    ozzy pablo paco pam pamela paolo pat patricia patrick patsy patti patty paul paula paulo pearl pedro peggy percy
    perry pete peter petula phil philip philippe phoebe pierre placido pino quincy rachel rafael ralph ramon randy raquel
    raul ray raymond rebecca reba regina rene ricardo rich richard richie rick rickie ricky rihanna rita rob robbie
    robert roberta roberto robin rod rodney rodrigo roger roland rolf ron ronald ronnie rory rosa rosalia rosanne rose
    rosemary roy ruben ruby rudy rufus russell ruth ryan sabrina sade sally salvador sam samantha sammy samuel
    sandra sandy santiago sara sarah scott sean serge sergei sergio shakira shania shane shannon sharon shawn
    sheena sheila shelby shelley sheryl shirley sidney silvio simon sinead skeeter skip solomon sonny sonia sonya sophie
    stan stanley stacey stefan stella stephanie stephen stephane steve steven stevie stew stuart sue sufjan susan susanna
    suzanne suzi suzy sylvia syd tab taylor tammy tania tanya tasha ted teddy terence teresa terri terry thelma
    thelonious theo theresa thomas tiffany tim timothy tina tito todd tom tommy toni tony tracy travis trent tricia
    trisha troy tyler umberto ursula valerie van vanessa vera vic vicente vicki victor victoria vince vincent
    viktor vinicius viola violeta virginia vladimir wade walter wanda warren waylon wayne wendy wes whitney wilbert
    wilbur will willard willie william wilson wolfgang woody wynton xavier yoko yolanda yusuf yuri yves zac zoe
    mohsen mohammad mohamad hossein hosein hassan hasan reza alireza mahdi mehdi amir saeed javad abbas yasari sina shahin shahrokh omer eyal golnar arash armin amin aref siavash babak farhad
    farzad behnam behzad benyamin bijan dariush ebi ehsan googoosh hamed hamid homayoun hooman iman kamran kaveh
    leila majid mahasti masoud mazyar mehran mina moein mojtaba morteza naser navid omid parvaz pooya ramin roozbeh
    sahar salar sattar shadmehr shahram shahyar sirvan soheil sogand yas zanko garsha shajarian marjan haydeh
    amr nancy elissa kadim kazem umm fairuz fairouz warda sherine assala majida abdel tamer ahmed ahmad mohamed
    mustafa mehmet murat sezen tarkan ibrahim orhan ferdi ebru hande muslum zeki baris
    александр алексей анна андрей артем борис валерий вера виктор владимир дмитрий евгений егор елена иван игорь ирина
    кирилл константин ксения лариса максим мария михаил надежда наталья николай олег ольга павел полина роман сергей
    софия татьяна филипп юлия юрий
    علی محمد محسن رضا حسین حسن امیر مهدی سعید احسان محمدرضا علیرضا گوگوش داریوش ابی معین هایده مهستی شادمهر همایون سیاوش
    فرزاد بابک بهنام شهرام اندی لیلا گرشا سیروان زانکو مرجان ناصر ستار حمید مجید حامد مرتضی میلاد شجریان فرامرز عارف آرمین آرش امین جواد شکیلا حبیب عباس ویگن دلکش مرضیه پوران الهه عهدیه رامش گیتی کوروس شهره
    """
)
"""Common given names: 'Two words, the first of them one of these' is likelier an artist than a title."""

TITLE_WORDS = _folded(
    """
    i me my mine you your yours we us our it its this that these those im ill ive id youre youll youve dont cant wont
    isnt aint didnt doesnt couldnt wouldnt were theyre hes shes thats whats lets gonna wanna gotta is are was be been
    am do does did have has had can could will would should let make take give get go come keep feel know want need
    think tell say love loving loved lovin kiss dance dancing sing cry crying fall falling run walk walking away
    tonight today tomorrow yesterday forever never always again when why what where how who if not no more too so
    up down out over under through into without only every all some one for to at from in on as but because
    song blues lullaby heart hearts dream dreams night nights rain sun moon sky world life time day days
    yo tu mi te me no que como para por sin amor corazon vida je tu mon ma amour ne pas ich du mein dich nicht
    """
)
"""Words that titles hold and artists' names seldom do."""
