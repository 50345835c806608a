"""Phrases around dates in absence notes, which say when somebody is back."""

import re
from enum import StrEnum

from sequencer.core.accents import without_accents


class Side(StrEnum):
    """What the date beside a phrase means."""

    BACK = "back"
    """The first day back."""
    LAST = "last"
    """The last day away: the day after is the first one back."""
    UNTIL = "until"
    """English `until` and its like: the day itself is taken for the first one back."""
    FROM = "from"
    """`From` a day: the first one back, if no absence begins with it."""
    RANGE = "range"
    """The end of a range that no phrase introduces: the last day away when nothing better is said."""


BEFORE_DATE: tuple[tuple[str, Side, str], ...] = (
    # (language, meaning, phrase that stands before the date)
    (
        "",
        Side.LAST,
        r"\d{1,2}\.?\s?(?:[-–—]|to|bis|au|al|a|y|e|i|и|do|по|до|līdz|iki|kuni|até|tot|till|til|og|och|έως|"
        r"sampai|hingga)",
    ),
    (
        "en",
        Side.BACK,
        r"(?:be |am |is |are )?back (?:in (?:the |my )?office |at (?:work|my desk) |at the office |again )?"
        r"(?:on|by|from|in)|back in (?:the |my )?office|returning to (?:the |my )?office|return(?:ing|"
        r"s)?(?: to (?:the |my )?(?:office|work))?(?: on| by)?|back:|"
        r"(?:be |am |is |are )?back(?= (?:next |this |coming )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)|"
        r"(?:be )?back (?:in the office )?(?:in |during )?the week (?:of|commencing|beginning|starting)|"
        r"first (?:working )?day (?:back|in the office)(?: (?:is|will be))?(?: on)?:?|"
        r"back(?= \d{1,2}[/.])|(?:read|check)(?:ing)? (?:my )?e-?mails? again (?:on|from)|re-?open(?:s|"
        r"ing)?(?: "
        r"again)? on|available again (?:on|from)|resum(?:e|ing) (?:work )?(?:on|from)|(?:reply|respond|"
        r"answer)["
        r"^.\n]{0,40} from",
    ),
    (
        "en",
        Side.LAST,
        r"through(?: to)?|up to and including|thru|until and including|last day (?:of (?:my )?leave )?is|"
        r"until the end of",
    ),
    ("en", Side.UNTIL, r"until|till|til|expected back|before"),
    (
        "de",
        Side.BACK,
        r"(?:wieder|zurück|erreichbar) (?:ab|am|in)(?: dem| der)?|wieder (?:da|im büro|erreichbar|zurück)(?: "
        r"am| ab)?|"
        r"rückkehr(?: am)?:?|(?:öffnen wieder|wieder geöffnet) (?:am|ab)(?: dem)?|erster "
        r"(?:arbeits)?tag(?: (?:im büro|ist))?:?",
    ),
    ("de", Side.FROM, r"ab(?: dem)?"),
    ("de", Side.LAST, r"bis (?:einschließlich|inkl(?:usive|\.)|zum|einschl\.)|bis"),
    (
        "fr",
        Side.BACK,
        r"de retour (?:au bureau )?(?:à partir du|dès le|le|à compter du)|mon retour(?: le)?|reviendrai le|"
        r"retour (?:prévu )?(?:le|au)",
    ),
    ("fr", Side.FROM, r"à partir du|à compter du|dès le"),
    ("fr", Side.LAST, r"jusqu['’]au|jusqu['’]à|jusque"),
    (
        "es",
        Side.BACK,
        r"reabr(?:e|imos|irá) el|vuelvo el|volver[ée] el|regres(?:o|ar[ée]) (?:a la oficina )?el|de vuelta "
        r"(?:el|a partir del)|"
        r"estaré de regreso el|reincorpor(?:o|aré|ación) el",
    ),
    ("es", Side.FROM, r"a partir del"),
    ("es", Side.LAST, r"hasta (?:el|final del?)|al"),
    (
        "it",
        Side.BACK,
        r"riapr(?:e|iamo|irà) il|rientr(?:o|erò)(?: in ufficio)?(?: il(?: giorno)?)?|torn(?:o|erò) (?:in "
        r"ufficio )?il|di ritorno il|"
        r"sarò di nuovo [^.\n]{0,30}(?:il|dal)",
    ),
    ("it", Side.FROM, r"a partire dal"),
    ("it", Side.LAST, r"fino al?(?: giorno)?|sino al"),
    (
        "pt",
        Side.BACK,
        r"de volta (?:ao escritório )?(?:em|no dia|a partir de)|retorn(?:o|arei)(?: ao escritório)?(?: "
        r"em| no dia| dia)?|"
        r"volt(?:o|arei) (?:em|no dia|dia)|regress(?:o|arei) (?:a|em|no dia)",
    ),
    ("pt", Side.FROM, r"a partir de"),
    ("pt", Side.LAST, r"até(?: (?:o dia|ao dia|dia|o))?"),
    (
        "nl",
        Side.BACK,
        r"(?:weer |terug )(?:op kantoor |aanwezig |bereikbaar )?(?:op|vanaf)|terug op|ben ik weer ["
        r"^.\n]{0,25}(?:op|vanaf)",
    ),
    ("nl", Side.FROM, r"vanaf"),
    ("nl", Side.LAST, r"tot en met|t/m|tot"),
    ("sv", Side.BACK, r"(?:tillbaka|åter)(?: (?:på kontoret|på jobbet|i tjänst))?(?: igen)?(?: den| i)?"),
    ("sv", Side.FROM, r"från och med(?: den)?|fr\.?o\.?m\.?(?: den)?"),
    ("sv", Side.LAST, r"till och med(?: den)?|t\.?o\.?m\.?(?: den)?|till den"),
    ("da", Side.BACK, r"tilbage(?: på kontoret)?(?: igen)?(?: (?:den|d\.|i))?|retur (?:den|i)"),
    ("da", Side.LAST, r"til og med(?: den| d\.)?|t\.?o\.?m\.?|indtil(?: den)?"),
    ("no", Side.BACK, r"tilbake(?: på kontoret)?(?: igjen)?(?: (?:den|i))?"),
    ("no", Side.LAST, r"til og med(?: den)?|frem til"),
    ("fi", Side.BACK, r"palaan(?: töihin| toimistolle)?|takaisin|paikalla jälleen"),
    (
        "pl",
        Side.BACK,
        r"wracam(?: do (?:biura|pracy))?|powrót|będę (?:z powrotem|ponownie dostępn[ya])|wrócę",
    ),
    ("pl", Side.FROM, r"od dnia"),
    ("pl", Side.LAST, r"do(?: dnia)?"),
    ("cs", Side.BACK, r"zpět(?: v kanceláři)?(?: od)?|vrátím se|vracím se|opět k dispozici(?: od)?"),
    ("cs", Side.LAST, r"do"),
    ("hu", Side.BACK, r"visszatérek|újra (?:elérhető|az irodában)"),
    (
        "ro",
        Side.BACK,
        r"(?:revin|mă întorc|mă voi întoarce|revenire)(?: la birou)?(?: (?:pe|în|din))?(?: data de)?",
    ),
    ("ro", Side.LAST, r"până (?:pe|la|în)(?: data de)?"),
    (
        "ru",
        Side.BACK,
        r"(?:вернусь|буду(?: снова| вновь)?(?: на (?:работе|месте)| в офисе| доступ(?:ен|на))?|выйду|"
        r"выхожу|возвращаюсь)"
        r"(?: на работу| в офис)?(?: с)?",
    ),
    ("ru", Side.LAST, r"до(?: конца)?|по"),
    ("uk", Side.BACK, r"повернуся|буду (?:на роботі|в офісі)(?: з)?"),
    ("uk", Side.LAST, r"до"),
    ("bg", Side.LAST, r"до"),
    ("bg", Side.BACK, r"(?:ще се върна|връщам се|на линия отново)(?: на работа| в офиса)?(?: на)?"),
    ("sr", Side.BACK, r"враћам се(?: на посао)?|поново сам доступан|поново сам доступна"),
    ("sr", Side.LAST, r"до(?: закључно)?"),
    (
        "sk",
        Side.BACK,
        r"vrátim sa|vraciam sa|späť(?: v kancelárii)?(?: od)?|opäť (?:k dispozícii|v práci)(?: od)?",
    ),
    ("hr", Side.BACK, r"vraćam se(?: u ured| na posao)?|vratit ću se|natrag(?: sam)?|povratak"),
    ("sl", Side.BACK, r"vrnem se|vračam se|nazaj(?: bom)?|ponovno dosegljiv[a]?(?: od)?"),
    ("sl", Side.LAST, r"do(?: vključno)?"),
    ("hr", Side.LAST, r"do(?: zaključno)?"),
    ("lt", Side.BACK, r"grįšiu|grįžtu|sugrįšiu"),
    ("lt", Side.LAST, r"iki(?: imtinai)?"),
    ("lv", Side.BACK, r"atgriezīšos(?: birojā| darbā)?|būšu atpakaļ"),
    ("lv", Side.FROM, r"no"),
    ("lv", Side.LAST, r"līdz"),
    ("et", Side.BACK, r"(?:olen )?tagasi(?: olen| kontoris| tööl)?|naasen(?: tööle| kontorisse)?"),
    ("et", Side.LAST, r"kuni"),
    ("is", Side.BACK, r"kem aftur|aftur við"),
    ("is", Side.LAST, r"til og með|til"),
    ("ca", Side.BACK, r"torn(?:o|aré) (?:a l['’]oficina )?el|de tornada el"),
    ("ca", Side.LAST, r"fins al?(?: dia)?|fins a l['’]"),
    ("gl", Side.LAST, r"ata(?: o)?(?: dia)?"),
    ("mk", Side.LAST, r"до"),
    ("ms", Side.LAST, r"sehingga|hingga"),
    ("ms", Side.BACK, r"kembali bertugas(?: pada)?"),
    ("fil", Side.BACK, r"babalik(?: po)?(?: ako)?(?: sa)?(?: opisina sa)?"),
    ("fil", Side.LAST, r"hanggang(?: sa)?"),
    (
        "he",
        Side.BACK,
        r"ו?(?:אחזור|אשוב|חוזרת?|שבה?|אהיה זמינה?)(?: (?:למשרד|לעבודה))?(?: (?:ביום|בתאריך))?(?: ב-?)?",
    ),
    ("he", Side.LAST, r"עד(?: (?:ה|יום|לתאריך|תאריך))?-?"),
    ("fa", Side.BACK, r"(?:باز ?می ?گردم|برمی ?گردم|بازگشت)(?: در)?"),
    ("fa", Side.LAST, r"تا(?: پایان)?(?: تاریخ)?"),
    (
        "th",
        Side.BACK,
        r"กลับ(?:มา)?(?:ทำงาน|เข้าทำงาน|เข้าออฟฟิศ|เข้าสำนักงาน|ถึง)?(?:อีกครั้ง)?(?:ใน)?(?:วันที่)?",
    ),
    ("th", Side.LAST, r"(?:จน)?ถึง(?:วัน)?(?:ที่)?|จนกว่าจะถึงวันที่"),
    ("el", Side.BACK, r"επιστρέφω(?: στις)?|θα επιστρέψω(?: στις)?"),
    ("el", Side.LAST, r"μέχρι(?: και)?(?: τις| την)?|έως(?: και)?(?: τις| την)?"),
    ("tr", Side.BACK, r"dönüş tarihim:?|dönüş:?"),
    ("id", Side.BACK, r"kembali(?: (?:ke kantor|bekerja))?(?: pada)?(?: tanggal)?"),
    ("id", Side.LAST, r"sampai(?: dengan)?(?: tanggal)?|hingga(?: tanggal)?"),
    ("vi", Side.BACK, r"(?:quay lại|trở lại)(?: làm việc)?(?: vào)?(?: ngày)?"),
    ("vi", Side.LAST, r"đến(?: hết)?(?: ngày)?"),
    ("ar", Side.BACK, r"و?(?:سأعود|أعود|العودة)(?: إلى (?:المكتب|العمل))?(?: في| يوم| بتاريخ)?"),
    ("ar", Side.LAST, r"(?:حتى|لغاية)(?: (?:يوم|تاريخ))?"),
    ("zh", Side.LAST, r"休假至|外出至|出差至|请假至|放假至|休息至|直至|直到|至|到"),
    (
        "zh",
        Side.BACK,
        r"返回(?:时间|日期)?(?:为|是)?:?|将于|將於|(?:会|會)?(?:在|于)|恢复(?:上班|办公|"
        r"工作)(?:时间)?(?:为|是)?:?",
    ),
    ("ja", Side.BACK, r"出社(?:予定)?日?は|次回出社日?(?:は)?:?|復帰予定日?(?:は)?:?"),
    ("ko", Side.BACK, r"복귀(?:일| 예정일)?(?:은|는)?:?"),
)

AFTER_DATE: tuple[tuple[str, Side, str], ...] = (
    # (language, meaning, phrase that stands after the date)
    ("zh", Side.LAST, r"为止|為止|止|(?:休假)?结束|(?:期间|期間)"),
    (
        "zh",
        Side.BACK,
        r"(?:[(（][^()（）]{1,6}[)）])?\s?(?:上午|早上|后|後|起|开始|開始)?\s?(?:返回|回到|回来|回來|"
        r"回公司|上班|恢复|恢復|复工|返岗|正常)",
    ),
    ("ja", Side.LAST, r"(?:[(（][^()（）]{1,6}[)）])?\s?(?:まで)"),
    (
        "ja",
        Side.BACK,
        r"(?:[(（][^()（）]{1,6}[)）])?\s?(?:以降|より出社|に出社|から(?:出社|通常|営業|勤務)|に復帰|"
        r"より復帰|より通常|より営業)",
    ),
    ("ko", Side.LAST, r"(?:[(（][^()（）]{1,6}[)）])?\s?까지"),
    ("ko", Side.BACK, r"(?:[(（][^()（）]{1,6}[)）])?\s?(?:에 복귀|부터 (?:정상|근무)|에 출근|이후)"),
    ("th", Side.BACK, r"\s?(?:จะ)?กลับ"),
    ("fa", Side.BACK, r"\s?(?:بر|باز) ?می ?گرد"),
    ("tr", Side.LAST, r"(?:\s?\w{1,12})?\s?(?:tarihine|gününe|['’]?[a-zığüşöç]{1,3}) kadar"),
    (
        "tr",
        Side.BACK,
        r"(?:\s?\w{1,12})?\s?(?:tarihinde|günü|['’]?[dt][ea]) (?:ofise |işe |geri )?(?:dön|ofiste|işbaşı)",
    ),
    ("hu", Side.LAST, r"-?ig\b"),
    ("hu", Side.BACK, r"-?[áéa-z]{1,3} (?:térek|jövök|leszek)"),
    ("hu", Side.FROM, r"-?t[óő]l (?:újra|ismét|elérhető)"),
    ("et", Side.LAST, r"\s?\(?kaasa arvatud"),
    ("hi", Side.LAST, r"\s?तक"),
    ("hi", Side.BACK, r"\s?(?:को|से) (?:वापस|लौट|उपलब्ध|कार्यालय)"),
    ("bg", Side.BACK, r"\s?(?:г\. )?ще (?:бъда|съм) (?:на линия|в офиса)"),
    ("sr", Side.BACK, r"\s?(?:поново )?сам (?:у канцеларији|на послу)"),
    ("fi", Side.LAST, r"\s?(?:asti|saakka)"),
    ("fi", Side.FROM, r"\s?(?:alkaen|lähtien)"),
    ("de", Side.BACK, r",?\s?(?:bin ich )?(?:wieder|zurück)\b"),
    ("nl", Side.BACK, r"\s?(?:ben ik )?weer (?:aanwezig|bereikbaar|terug|op kantoor)"),
    ("id", Side.BACK, r"\s?(?:saya )?kembali"),
)

AWAY = re.compile(
    without_accents(
        r"\b(?:out|away|leave|vacation|holiday|travel|urlaub|abwesen|messe|absent|congé|vacances|vacaciones|"
        r"ausente|fuera|ferie|assente|férias|afwezig|vakantie|semester|frånvar|fravær|urlop|nieobecn|dovolen|"
        r"atvaļināj|atostog)"
    )
)
"""Beside `from` a day: the absence begins with it."""

NOT_THE_ABSENCE = re.compile(
    without_accents(
        r"\b(?:valid|offer|quot|promo|discount|fair\b|exhibition|visit us|booth|stand\b|hall\b|deadline|"
        r"gültig|"
        r"angebot|messe|besuchen sie|valable|offre|salon|oferta|válid|feria\b|sconto|fiera|feira|geldig|"
        r"beurs)|"
        r"展会|展會|有效|展示会|전시회|действ|выставк"
    )
)
"""Before a date: an offer or a fair has it."""

TOMORROW = re.compile(
    without_accents(
        r"\b(?:back|return(?:ing)?|available)\b[^.\n]{0,30}\btomorrow\b|\bmorgen wieder\b|\bab morgen\b|"
        r"\b(?:de "
        r"retour|reviens|serai là) demain\b|\b(?:vuelvo|regreso|de vuelta) mañana\b|\b(?:torno|rientro|"
        r"rientrerò) "
        r"domani\b|\b(?:volto|retorno|regresso) amanhã\b|\bmorgen (?:weer|terug)\b|\b(?:tillbaka|åter) i "
        r"morgon\b|"
        r"\b(?:tilbage|tilbake) i morgen\b|\b(?:wracam|wrócę) jutro\b|\bbudu zítra\b|\b(?:буду|вернусь|"
        r"выйду) "
        r"завтра\b|\bзавтра (?:буду|вернусь)\b|明天(?:返回|上班|回)|明日(?:より|から)?(?:出社|復帰|戻)|"
        r"내일 ?(?:복귀|출근)"
    )
)
"""Where no date is told: the day after the mail came."""
