"""Common given names, folded. 'Two words, the first of them one of these' is likelier an artist than a title."""

from __future__ import annotations

from navaar_identifier.vocabulary import word_set

_LATIN = """
    aaron abbas abdel adam adele adrian ahmad ahmed aimee al alan albert alejandro alex alexander alexandra alfred
    ali alice alicia alireza alison allen alma amanda amin amir amr amy ana anastasia andre andrea andreas andrew
    andy angela angelo anita ann anna anne annie anthony antoine anton antonio arash aref ariana armando armin
    arnold arthur artie assala astor astrud ava avril babak barbara baris barry bart behnam behzad ben benjamin
    benny benyamin bernard bert bessie beth bette betty bijan bill billie billy bing bob bobby bonnie boris brad
    brandon brenda brian britney bruce bruno bryan buck bud buddy burt caetano camila carl carla carlos carly carmen
    carol carole caroline carolyn cat catherine cecilia celia celine charles charlie charlotte cher chet chris
    christian christina christine christopher chuck cindy claire clara clarence claude claudia claudio cliff clint
    cole conway count craig curtis cyndi cynthia daddy daisy dan dana daniel danny dariush dave david dean debbie
    deborah dee delbert demi denise dennis derek diana diane dick diego dina dinah dionne dizzy dolly dolores don
    donald donna donny doris dorothy doug duane duke duncan dusty dwight earl eartha ebi ebru ed eddie eddy edgar
    edith eduardo edward edwin ehsan elaine eleanor elena elis elissa elizabeth ella ellen elliott elton elvis emily
    emma emmylou enrico enrique eric erica ernest erykah ethel etta eugene eva evelyn eyal ezra fabio fairouz fairuz
    faith farhad farzad fats federico fela felix ferdi fiona flora florence florian frances francesco francis
    francisco francoise frank frankie franz fred freddie freddy fritz gabriel gary gene george georgia gerald
    gerry gilbert gilberto ginger gino giorgio giovanni gladys glen glenn gloria golnar googoosh gordon grace graham
    grant greg gregory gus guy gwen hamed hamid hande hank hannah hans harold harriet harry hasan hassan haydeh
    heather hector helen henri henry herb herbert herbie herman homayoun hooman hosein hossein howard hugh hugo ian
    ibrahim igor iman imelda ingrid irene iris irma isaac isabel ivan ivy jack jackie jackson jacob jacques jaime
    jake james jamie jan jane janet janis jared jason javad jay jazmine jean jeanne jeff jeffrey jen jennifer jenny
    jeremy jermaine jerry jesse jessica jessie jethro jill jim jimi jimmy jo joan joana joao joaquin jody joe joel
    joey john johnnie johnny jon jonathan joni jordan jorge jose joseph josh joshua joss joy juan juanes juanita
    judith judy julia julian julie julien julio june junior justin kacey kadim kamran karen karl kate katharine
    katherine kathleen kathy katie katy kaveh kay kazem keith kelly ken kenny kevin kim kirk kirsty kris kurt kylie
    lana lance larry laura lauren laurie lauryn lawrence lea leah leann lee lefty leila lena lenny leo leon leona
    leonard leslie lester lew lewis lila lily linda lionel lisa liz liza lloyd lois lonnie loretta lorraine lou
    louis louise lowell lucia luciano lucinda lucio lucy luigi luis luka luke luther lyle lynn mabel madeleine
    mahalia mahasti mahdi majid majida malcolm manuel marc marcel marco marcos marcus margaret maria mariah marian
    marianne marie mario marion marjan mark marlene martha martin marty marvin mary masoud mathieu matt matthew
    maurice mavis max maxine mazyar megan mehdi mehmet mehran mel melanie melissa merle michael michel michelle mick
    miguel mikael mike mildred miles milton mina miriam mitch moe moein mohamad mohamed mohammad mohammed mohsen
    mojtaba molly morgan morrissey morteza muddy murat murray muslum mustafa nancy naomi naser nat natalia natalie
    natasha nate navid neil nellie nelly nelson nick nico nicola nicolas nicole nigel nikki nils nina noel nora
    norah norma norman olga oliver olivia omar omer omid orhan orlando oscar otis otto ozzy pablo paco pam pamela
    paolo parvaz pat patricia patrick patsy patti patty paul paula paulo pearl pedro peggy percy perry pete peter
    petula phil philip philippe phoebe pierre pino placido pooya quincy rachel rafael ralph ramin ramon randy raquel
    raul ray raymond reba rebecca regina rene reza ricardo rich richard richie rick rickie ricky rihanna rita rob
    robbie robert roberta roberto robin rod rodney rodrigo roger roland rolf ron ronald ronnie roozbeh rory rosa
    rosalia rosanne rose rosemary roy ruben ruby rudy rufus russell ruth ryan sabrina sade saeed sahar salar sally
    salvador sam samantha sammy samuel sandra sandy santiago sara sarah sattar scott sean serge sergei sergio sezen
    shadmehr shahin shahram shahrokh shahyar shakira shane shania shannon sharon shawn sheena sheila
    shelby shelley sherine sheryl shirley siavash sidney silvio simon sina sinead sirvan skeeter skip sogand soheil
    solomon sonia sonny sonya sophie stacey stan stanley stefan stella stephane stephanie stephen steve steven
    stevie stew stuart sue sufjan susan susanna suzanne suzi suzy syd sylvia tab tamer tammy tania tanya tarkan
    tasha taylor ted teddy terence teresa terri terry thelma thelonious theo theresa thomas tiffany tim timothy tina
    tito todd tom tommy toni tony tracy travis trent tricia trisha troy tyler umberto umm ursula valerie van vanessa
    vera vic vicente vicki victor victoria viktor vince vincent vinicius viola violeta virginia vladimir wade walter
    wanda warda warren waylon wayne wendy wes whitney wilbert wilbur will willard william willie wilson wolfgang
    woody wynton xavier yas yoko yolanda yuri yusuf yves zac zanko zeki zoe
"""

_NATIVE = """
    макс дима саша маша катя миша ваня лёша паша юра женя вика настя тимур руслан марат артур эдуард стас слава
    ксюша лена оля таня александр алексей анна андрей артем борис валерий вера виктор владимир дмитрий евгений егор
    елена иван игорь ирина кирилл константин ксения лариса максим мария михаил надежда наталья николай олег ольга
    павел полина роман сергей софия татьяна филипп юлия юрий علی محمد محسن رضا حسین حسن امیر مهدی سعید احسان محمدرضا
    علیرضا گوگوش داریوش ابی معین هایده مهستی شادمهر همایون سیاوش فرزاد بابک بهنام شهرام اندی لیلا سیروان زانکو
    مرجان ناصر ستار حمید مجید حامد مرتضی میلاد فرامرز عارف آرمین آرش امین جواد شکیلا حبیب عباس ویگن دلکش
    مرضیه پوران الهه عهدیه رامش گیتی کوروس شهره
"""

GIVEN_NAMES = word_set(_LATIN + _NATIVE)
