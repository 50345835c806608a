"""Words around dates in absence notes: months, weekdays and the phrases that say when somebody is back."""

from enum import StrEnum


class Side(StrEnum):
    """What the date beside a phrase means."""

    BACK = "back"
    """The first day back."""
    LAST = "last"
    """The last day away: the day after is the first one back."""
    UNTIL = "until"
    """English `until` and its like: the day itself is taken for the first one back."""


MONTHS: dict[str, str] = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta"
    " lokakuuta marraskuuta joulukuuta",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września"
    " października listopada grudnia",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "el": "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου"
    " νοεμβρίου δεκεμβρίου",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
_SHORT = (
    "jan janv oca янв gen ene",
    "feb févr fév fev şub фев",
    "mar mär mrz mrt",
    "apr avr abr nis",
    "may mai mei maj mag",
    "jun giu haz",
    "jul juil lug tem",
    "aug ago août ağu авг",
    "sep sept set eyl сен",
    "oct okt out ott październik окт eki",
    "nov ноя kas",
    "dec dez des dic déc дек ara",
)
SHORT_MONTHS: dict[str, int] = {
    name: number for number, names in enumerate(_SHORT, 1) for name in names.split()
}
"""Short forms, matched with or without a full stop."""

WEEKDAYS: tuple[str, ...] = (
    "monday montag lundi lunes lunedì lunedi segunda-feira segunda maandag måndag mandag maanantai "
    "poniedziałek"
    " poniedziałku pondělí понедельник понедельника pazartesi 周一 星期一 月曜日 월요일",
    "tuesday dienstag mardi martes martedì martedi terça-feira terça dinsdag tisdag tirsdag tiistai "
    "wtorek wtorku"
    " úterý вторник вторника salı 周二 星期二 火曜日 화요일",
    "wednesday mittwoch mercredi miércoles mercoledì mercoledi quarta-feira quarta woensdag onsdag "
    "keskiviikko"
    " środa środy středa среда среды среду çarşamba 周三 星期三 水曜日 수요일",
    "thursday donnerstag jeudi jueves giovedì giovedi quinta-feira quinta donderdag torsdag torstai czwartek"
    " czwartku čtvrtek четверг четверга perşembe 周四 星期四 木曜日 목요일",
    "friday freitag vendredi viernes venerdì venerdi sexta-feira sexta vrijdag fredag perjantai piątek piątku"
    " pátek пятница пятницы пятницу cuma 周五 星期五 金曜日 금요일",
    "saturday samstag samedi sábado sabato zaterdag lördag lørdag lauantai sobota суббота cumartesi 周六 "
    "星期六",
    "sunday sonntag dimanche domingo domenica zondag söndag søndag sunnuntai niedziela воскресенье pazar "
    "周日",
)
"""Monday first."""

ISO_WEEK = {
    "en": r"week",
    "de": r"kw|kalenderwoche|woche",
    "nl": r"week",
    "sv": r"vecka|v\.",
    "da": r"uge",
    "no": r"uke",
    "fi": r"viikko[a-zä]*|vk",
    "fr": r"semaine",
}

BEFORE_DATE: tuple[tuple[str, Side, str], ...] = (
    # (language, meaning, phrase that stands before the date)
    ("", Side.LAST, r"\d{1,2}\.?\s?(?:[-–—]|to|bis|au|al)"),
    (
        "en",
        Side.BACK,
        r"(?:be |am |is |are )?back (?:in (?:the |my )?office |at (?:work|my desk) |at the office |again )?"
        r"(?:on|by|from)|return(?:ing|s)?(?: to (?:the |my )?(?:office|work))?(?: on| by)?|back:|"
        r"available again (?:on|from)|resum(?:e|ing) (?:work )?(?:on|from)|(?:reply|respond|answer)["
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
        r"(?:wieder |zurück |erreichbar )?(?:ab|am)(?: dem)?|wieder (?:da|im büro|erreichbar|zurück)(?: "
        r"am| ab)?|"
        r"rückkehr(?: am)?:?",
    ),
    ("de", Side.LAST, r"bis (?:einschließlich|inkl(?:usive|\.)|zum|einschl\.)|bis"),
    (
        "fr",
        Side.BACK,
        r"de retour (?:au bureau )?(?:à partir du|dès le|le|à compter du)|mon retour(?: le)?|reviendrai le|"
        r"retour (?:prévu )?(?:le|au)|à partir du|à compter du|dès le",
    ),
    ("fr", Side.LAST, r"jusqu['’]au|jusqu['’]à|jusque"),
    (
        "es",
        Side.BACK,
        r"vuelvo el|volver[ée] el|regres(?:o|ar[ée]) (?:a la oficina )?el|de vuelta (?:el|a partir del)|"
        r"estaré de regreso el|a partir del|reincorpor(?:o|aré|ación) el",
    ),
    ("es", Side.LAST, r"hasta (?:el|final del?)|al"),
    (
        "it",
        Side.BACK,
        r"rientr(?:o|erò)(?: in ufficio)?(?: il(?: giorno)?)?|torn(?:o|erò) (?:in ufficio )?il|di ritorno il|"
        r"a partire dal|sarò di nuovo [^.\n]{0,30}(?:il|dal)",
    ),
    ("it", Side.LAST, r"fino al?(?: giorno)?|sino al"),
    (
        "pt",
        Side.BACK,
        r"de volta (?:ao escritório )?(?:em|no dia|a partir de)|retorn(?:o|arei)(?: ao escritório)?(?: "
        r"em| no dia| dia)?|"
        r"volt(?:o|arei) (?:em|no dia|dia)|regress(?:o|arei) (?:a|em|no dia)|a partir de",
    ),
    ("pt", Side.LAST, r"até(?: (?:o dia|ao dia|dia|o))?"),
    (
        "nl",
        Side.BACK,
        r"(?:weer |terug )(?:op kantoor |aanwezig |bereikbaar )?(?:op|vanaf)|terug op|vanaf|ben ik weer ["
        r"^.\n]{0,25}(?:op|vanaf)",
    ),
    ("nl", Side.LAST, r"tot en met|t/m|tot"),
    ("sv", Side.BACK, r"tillbaka(?: på kontoret)?(?: den| igen den)?|åter(?: den)?|från och med den?"),
    ("sv", Side.LAST, r"till och med(?: den)?|t\.?o\.?m\.?(?: den)?|till den"),
    ("da", Side.BACK, r"tilbage(?: på kontoret)?(?: igen)?(?: (?:den|d\.|i))?|retur (?:den|i)"),
    ("da", Side.LAST, r"til og med(?: den| d\.)?|t\.?o\.?m\.?|indtil(?: den)?"),
    ("no", Side.BACK, r"tilbake(?: på kontoret)?(?: igjen)?(?: (?:den|i))?"),
    ("no", Side.LAST, r"til og med(?: den)?|frem til"),
    ("fi", Side.BACK, r"palaan(?: töihin| toimistolle)?|takaisin|paikalla jälleen"),
    (
        "pl",
        Side.BACK,
        r"wracam(?: do (?:biura|pracy))?|powrót|będę (?:z powrotem|ponownie dostępn[ya])|wrócę|od dnia",
    ),
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
    ("el", Side.BACK, r"επιστρέφω(?: στις)?|θα επιστρέψω(?: στις)?"),
    ("el", Side.LAST, r"μέχρι(?: και)?(?: τις| την)?|έως"),
    ("tr", Side.BACK, r"dönüş tarihim:?|dönüş:?"),
    ("id", Side.BACK, r"kembali(?: (?:ke kantor|bekerja))?(?: pada)?(?: tanggal)?"),
    ("id", Side.LAST, r"sampai(?: dengan)?(?: tanggal)?|hingga(?: tanggal)?"),
    ("vi", Side.BACK, r"(?:quay lại|trở lại)(?: làm việc)?(?: vào)?(?: ngày)?"),
    ("vi", Side.LAST, r"đến(?: hết)?(?: ngày)?"),
    ("ar", Side.BACK, r"سأعود(?: إلى (?:المكتب|العمل))?(?: في| يوم| بتاريخ)?"),
    ("ar", Side.LAST, r"حتى|لغاية"),
    ("zh", Side.LAST, r"休假至|外出至|出差至|请假至|放假至|休息至|直至|直到|至|到"),
    (
        "zh",
        Side.BACK,
        r"返回(?:时间|日期)?(?:为|是)?:?|将于|將於|恢复(?:上班|办公|工作)(?:时间)?(?:为|是)?:?",
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
    ("tr", Side.LAST, r"(?:\s?\w{1,12})?\s?(?:tarihine|gününe|['’]?[a-zığüşöç]{1,3}) kadar"),
    (
        "tr",
        Side.BACK,
        r"(?:\s?\w{1,12})?\s?(?:tarihinde|günü|['’]?[dt][ea]) (?:ofise |işe |geri )?(?:dön|ofiste|işbaşı)",
    ),
    ("hu", Side.LAST, r"-?ig\b"),
    ("hu", Side.BACK, r"-?[áéa-z]{1,3} (?:térek|jövök|leszek)"),
    ("fi", Side.LAST, r"\s?(?:asti|saakka)"),
    ("de", Side.BACK, r"\s?(?:wieder|zurück) (?:erreichbar|im büro|da|zurück|für sie)"),
    ("nl", Side.BACK, r"\s?(?:ben ik )?weer (?:aanwezig|bereikbaar|terug|op kantoor)"),
    ("id", Side.BACK, r"\s?(?:saya )?kembali"),
)
