"""Common given names, folded. 'Two words, the first of them one of these' is likelier an artist than a title."""

from __future__ import annotations

from navaar_identifier.vocabulary import word_set

_LATIN = """
    aaron abbas abdel abel abigail adam adele adolfo adrian adriana agnes agustin ahmad ahmed aida aidan aimee ainhoa
    aitana ajda akbar al alain alan albert alberto aldo alec alejandra alejandro alena alessandra alessandro alessia
    alessio alex alexander alexandra alexandre alexei alexey alfonso alfred alfredo ali alice alicia alina alireza
    alisa alison allen alma alvaro amadeo amalia amanda amaro amelia amin amir amos amr amy ana anastasia anders
    andre andrea andreas andrei andrej andres andrew andrey andy angela angelica angelo angus anibal anita ann anna
    annabel anne annette annie anthony antoine anton antonella antonin antonina antonio antony anupam arash aref
    aretha ariana arielle arijit arjun arlo armando armin arnaldo arno arnold arsen arthur artie arturo asha ashanti
    ashton assala astor astrid astrud atif augusto aurelio ava avery avril axel aylin aziza babak baldwin barbara
    barbra baris barry bart bartosz bastian beatrice beatriz bebe behnam behzad bekir belinda ben benedetto benito
    benjamin benji benny benson benyamin bernard bernardo bernice bert bessie beth bette betty bianca bijan bill
    billie billy bing bjorn blake blanca blanche bob bobby bogdan bonnie boris boyd brad bradley brandon brenda
    brendan brent brett brian brigitte britney britta bruce bruna brunella bruno bryan bryn buck bud buddy bulent
    burak burcu burt buse byron caetano caleb calum calvin cameron camila camille candan candela carl carla carlos
    carlotta carlton carly carmen carol carole caroline carolyn carrie carsten cary casey cass cassandra cat catalina
    caterina catherine cauby cecile cecilia cedric celeste celia celine cem cengiz cesar chantal charlene charles
    charlie charlotte chavela chelsea cher chester chet chiara chiquis chris chrissie christian christina christine
    christoph christophe christopher chuck cindy claas claes claire clara clarence clarissa claude claudia claudine
    claudio clay clement clementine cliff clint clive cole colette colin colt connie conor consuelo conway cora corey
    corinne cornelia corrado cory count courtney craig cristian cristiano cristina cristobal curt curtis cyndi
    cynthia cyril daddy dagmar daisy dale damian damiano damien damon dan dana dani daniel daniela daniele danielle
    danilo danna danni danny dario darius dariush darren darryl dave david dawid dean deana debbie deborah declan dee
    delbert delia demetrio demi denise dennis denny denzel derek desmond devin diana diane dick didier diego dierks
    dieter diljit dimitri dina dinah dinu dionne dizzy djalma dmitri dmitry dolly dolores dominic dominik dominique
    don donald donna donny donovan dora doreen dorian doris dorothee dorothy doug duane duke duncan dunja dustin
    dusty dwight dylan earl eartha ebi ebru ed eddie eddy edgar edina edith edmond edmund eduard eduarda eduardo
    edward edwin efren egor ehsan eladio elaine eleanor elena elias elif eliot elis elisa elisabeth elise elissa
    elizabeth elke ella ellen ellie ellinor elliot elliott elsa elton elvira elvis elza emanuel emeli emil emile
    emilia emilio emily emma emmanuel emmylou emrah emre engelbert ennio enrico enrique enzo erasmo eric erica erik
    erika erkin erma ernest ernesto erol eros erwin erykah esma esteban estelle esther ethan ethel etta eugene
    eugenia eugenio eunice eva evan evanthia evelyn evgenia evgeny eyal ezio ezra fabien fabio fabiola fabrizio fadl
    faheem fairouz fairuz faith faouzia faramarz farhad farid farin farzad fatih fatma fats federico fela felicia
    felipe felix ferdi ferdinand fergal ferhat fernanda fernando ferruccio fikret finneas fiona flavia flavio
    fletcher flora florence florent florian forrest frances francesca francesco francis francisco franco francoise
    frank frankie franz fred freddie freddy frederic frederik fredrik freya frida fritz fulya gabi gabriel gabriela
    gabrielle gaetano gary gaston gavin gemma gene geoff geoffrey georg george georges georgia gerald gerard gerardo
    gerhard germaine gerry gertrude giacomo gianluca gianna gianni gilbert gilberto gilles gina ginger gino giorgio
    giovanna giovanni gisela giselle giulia giuliano giulio giuseppe gladys glen glenda glenn gloria gokhan golnar
    gonzalo googoosh goran gordon gottfried grace gracie graham grant greg gregory greta gretchen guido guilherme
    guillermo gulsen gunnar gunther gus gustav gustavo guy gwen haakon hailee hakan halil hamed hamid hamza hande
    hank hanna hannah hannes hans harald harold harriet harrison harry hasan hassan haydeh hayley heather hector
    hedwig heidi heike heinz helen helena helene helga helmut henri henry herb herbert herbie herman hermann herve
    hilary hilda hildegard hiroshi holger homayoun hooman horace hosein hossein howard hozan hugh hugo humberto ian
    ibrahim ida igor ilaria ilona ilse ilya iman imelda imogen ina inez inga ingeborg ingo ingrid inna irene irina
    iris irma irmgard irving isaac isabel isabella isabelle isaiah isaura ismael istvan ivan ivana ivete ivo ivy jaap
    jacek jack jackie jackson jacob jacopo jacqueline jacques jadwiga jaime jaimie jairo jake jaloliddin james jamie
    jan jane janelle janet janina janine janis jared jasmine jason javad javier jay jayne jazmine jean jeanette
    jeanne jeannie jeff jeffrey jen jenifer jennifer jenny jens jere jeremiah jeremy jermaine jerome jerrold jerry
    jesse jessica jessie jethro jill jim jimena jimi jimmy jo joachim joakim joan joana joanna joanne joao joaquin
    joaquina jocelyn jochen jodie jody joe joel joey johann johanna johannes john johnnie johnny jolene jon jonah
    jonas jonasz jonathan joni jordan jordi jorge jorgen jose josefina joseph josephine josh joshua joss jovana joy
    juan juanes juanita judith judy julia julian juliana juliane julie julien juliet julieta juliette julio julius
    june junior jurgen justin justyna kaan kacey kadim kaja kamal kamil kamran karen karin karl karla karol karolina
    karsten kasey kasia katarina katarzyna kate katerina katharina katharine katherine kathleen kathrin kathy katie
    katja katrin katrina katy kaveh kay kayahan kazem keisha keith kelly kelsea ken kenan kendrick kenji kenny kenshi
    keshia kevin khaled kiana kiara kiefer killian kim kirk kirsty klaus konstantin konstantinos kris kristen
    kristian kristin kristina kristofer kristoffer krystyna krzysztof kumar kurt kylie laila lainey lalo lamar lana
    lance larisa larry lars laszlo lata latoya laura laurel lauren laurent laurie lauryn lawrence lazaro lea leah
    leandro leann lee lefty leif leigh leighton leila lena lenny leo leon leona leonard leonardo leonid leopold leroy
    leslie lester leticia levent lew lewis liam liana lianne lidia liesbeth lila lilian liliana lilli lilly lily
    linda lindsay lindsey lino lionel lisa lisbeth lise livia liviu liz liza lizzie lloyd loic lois lonnie loredana
    lorena lorenzo loretta loris lorna lorraine lothar lou louis louise lourdes lowell lubomir luca lucas lucia
    luciana luciano lucie lucien lucila lucinda lucio lucrezia lucy ludmila ludovico ludwig luigi luis luisa luise
    luiz luka lukas luke lupe luther lyle lynn lyudmila mabel maciej madeleine madison mafalda magda magdalena magnus
    mahalia mahasti mahdi mahmut maisie maite maja majid majida malcolm malena malgorzata malin mallory mandy manel
    manfred manfredo manolo manu manuel manuela mara marc marcel marcela marcello marcelo marcia marcin marco marcos
    marcus marek margaret margarita margaux margo margot maria mariah marian mariana marianne mariano marie mariella
    marija marika marilia marilyn marina marino mario marion marisa marisol marissa marit marita marius marjan
    marjorie mark marko markus marlen marlena marlene marta marten martha martin martina martine marty marvin mary
    maryla masoud massimo mateo mateus mathias mathieu mathilde matilda matilde mats matt matteo matthew matthias
    matthieu mattia maura maurice mauricio maurizio mauro mavis max maximilian maximo maxine maya mazyar mckay megan
    mehdi mehmet mehran mel melanie melissa mercedes merle merve meryem mette mia micaela micah michael michaela
    michal michel michelangelo michele michelle mick miguel mihail mika mikael mikaela mike mikhail mikis milan
    mildred milena miles milica milton mina minnie mira miranda mireille miriam mirjam miroslav mitch mitchell moe
    moein mohamad mohamed mohammad mohammed mohsen moira moises mojtaba molly monica monika montell monty morgan
    morrissey morteza moshe muddy murat murray muslum mustafa myra myriam nadia nadine nadja naja nancy nando naomi
    narciso naser nat natalia natalie natalya natanael natasha nate nathalie nathan nathaniel navid nazan ned neda
    neha neil nellie nelly nelson nestor niall niccolo nicholas nick nicki nicklas nicky nico nicola nicolai nicolas
    nicole nicoletta nicoline nigel nihat nikki niklas nikola nikolai nikolaus nikos nilda nils nilufar nilufer nina
    nino nita noah noel noemi nolan nolwenn nora norah norbert norberto noriel norma norman nuria nusrat octavio
    odette olaf oleg oleta olga oliver olivia olivier olle omar omara omer omid ondrej oona orhan oriana orietta
    orlando ornella orville oscar osvaldo otilia otis otmar ottmar otto ove owen ozan ozzy paavo pablo paco paloma
    pam pamela paolo parvaz pascal pascale pasquale pat patricia patrick patrik patrizia patsy patti patty paul paula
    paulette paulina pauline paulinho paulo pavel pavlos pawel payam pearl pedrinho pedro peggy pelle penelope percy
    perla perle pernilla perry petar pete peter petr petra petri petros petula phil philip philippe phillip phineas
    phoebe pia pierre pietro pilar pina pinar pino piotr pirjo placido polina pooja pooya priscilla prita quentin
    quincy quinn rachael rachel rafa rafael rafaella raffaele raffaella rahat rahul raimon raimund rainer ralf ralph
    rami ramin ramon ramona randy raphael raquel rashid rasmus raul ravi ray raymond reba rebecca reggie regina
    reiner reinhard reinhold remi renan renata renate renato rene renee renzo reto reza rhett rhiannon rhonda ricardo
    riccardo rich richard richie rick ricki rickie ricky rihanna rihards rikard riley rina rino rita rob robbie
    robert roberta roberto robin rocco rocio rod roderick rodney rodolfo rodrigo rogelio roger roland rolando rolf
    romain roman romina romy ron ronald ronan roni ronnie ronny roozbeh rory rosa rosalia rosalie rosalind rosana
    rosanna rosanne rosario roscoe rose roseanne rosemarie rosemary rosie rowan roxana roxane roy rozalen ruben rubi
    ruby rudolf rudy rufus rui ruslan russell rustam ruth ryan ryo ryuichi sabina sabine sabrina sade saeed sahar
    sakit salar salif sally salman salvador salvatore sam samantha samira sammie sammy samuel sander sandra sandro
    sandy sanja santiago sara sarah saskia sattar saul scarlett scott sean sebastian sebastien selah selena selin
    selma serdar serena serge sergei sergey sergio sertab severine seydou sezen shaan shadmehr shahin shahram
    shahrokh shahyar shahzod shahzoda shakira shane shania shankar shannon shanti sharleen sharon shawn shawnna shea
    sheena sheila shelby sheldon shelley shelton sherine sherwood sheryl shirin shirley shreya siavash sibel sidharth
    sidney siegfried sigrid silas silje silke silvana silvia silvio simge simon simona simone sina sinan sinead
    siobhan sirvan sixto skeeter skip slavko sofia sofie sogand soheil solange soledad solomon sonia sonja sonny sonu
    sonya sophie soraya soren stacey stan stanislav stanley stefan stefani stefania stefanie stefano steffen stefon
    steinar stela stelios stella sten stephan stephane stephanie stephen steve steven stevie stew stig stine stipe
    stuart sture sue sufjan sukhwinder suki sunidhi susan susana susanna susanne suzanne suzi suzy sven svetlana syd
    sydney sylvia tab tamara tamer tammi tammy tania tanja tanya tarja tarkan tasha tatiana tatjana tatum tatyana
    taylor ted teddy teena teoman terence teresa terrance terrence terri terry tessa thalia thanos thelma thelonious
    theo theresa thibaut thierry thilo thom thomas thorsten tiago tiana tiffany tilda tilman tim timo timothee
    timothy tina tino tito titus tiziano tjuna tobias toby todd todor tom tomas tomasz tommaso tommee tommy toni
    tonino tony toquinho torbjorn tord tore tracey tracy travis trent tricia trine trisha tristan troy tuba tural
    tyler udo ugur uldis ulf ulla ulli ulrich ulrik ulrika umberto umm umut ursula ute uwe vaclav valentin valentina
    valentino valeria valerie valerio valery van vanessa vanja vanusa vasco vashti vasilis vera veronica veronika
    vesna vic vicente vicki vico victor victoria vidar viktor viktoria vilma vince vincent vinicius viola violeta
    violetta violette virginia virginie vitor vittorio vivian viviane vivien vladimir vladislav vlado vojtech volker
    wade waldemar waldir wallace walter wanda warda warren waylon wayne wenche wencke wendell wendy werner wes
    whitney wilbert wilbur wilfrid wilhelm will willard willem willi william willie wilma wilson wilton wojciech
    wolfgang woodie woody wynton xandria xavi xavier xenia xiomara yann yanni yannick yannis yaroslav yas yasemin
    yasmin yasmine yelena yildiz yoko yolanda yolandi yordan youssou yulduz yulia yuliya yuri yusuf yves yvette
    yvonne zac zach zachary zack zana zanko zara zdenek zdravko zeca zeki zelia zeljko zerrin zina zita zlata zoe
    zoltan zsolt zubeen zucchero zuzana zvonko
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
