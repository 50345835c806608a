"""Words for dates in many languages: months, days of the week, and weeks counted by number."""

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
    "sk": "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "hr": "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna _ studenoga prosinca",
    "sl": "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    "sr": "јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра",
    "sr-latin": "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra",
    "lt": "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "lv": "janvāra februāra marta aprīļa maija jūnija jūlija augusta septembra oktobra novembra decembra",
    "lv-to": "janvārim februārim martam aprīlim maijam jūnijam jūlijam augustam septembrim oktobrim"
    " novembrim decembrim",
    "lv-on": "janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī decembrī",
    "et": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "et-to": "jaanuarini veebruarini märtsini aprillini maini juunini juulini augustini septembrini"
    " oktoobrini novembrini detsembrini",
    "et-on": "jaanuaril veebruaril märtsil aprillil mail juunil juulil augustil septembril oktoobril"
    " novembril detsembril",
    "et-from": "jaanuarist veebruarist märtsist aprillist maist juunist juulist augustist septembrist"
    " oktoobrist novembrist detsembrist",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "is": "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    "ms": "januari februari mac april mei jun julai ogos september oktober november disember",
    "fil": "enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre",
    "he": "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "th-short": "ม.ค ก.พ มี.ค เม.ย พ.ค มิ.ย ก.ค ส.ค ก.ย ต.ค พ.ย ธ.ค",
    "hi": "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "fa": "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "ar-levant": "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول"
    " تشرين_الثاني كانون_الأول",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
"""A blank within a name is written `_`, which alone means that there is none."""

LISTOPADA = ("listopada", r"\b(?:nisam|odsut|ured|vracam|povrat|godisnj|natrag|postovan)")
"""October in Croatian, with these words about it (without accents), November in Polish."""

_SHORT = (
    "jan janv oca янв gen ene sty led ιαν січ",
    "feb febr févr fév fev şub фев lut φεβ лют",
    "mar mär mrz mrt márc мар березня",
    "apr avr abr nis ápr kwi апр квіт",
    "may mai mei maj mag",
    "jun giu haz",
    "jul juil lug tem",
    "aug ago août ağu авг sie серп αυγ",
    "sep sept set szept eyl сен сент wrz вер σεπ",
    "oct okt out ott październik paź окт eki жовт οκτ",
    "nov ноя нояб kas lis лист νοε",
    "dec dez des dic déc дек ara",
)
SHORT_MONTHS: dict[str, int] = {
    name: number for number, names in enumerate(_SHORT, 1) for name in names.split()
}
"""Short forms, matched with or without a full stop."""

WEEKDAYS: tuple[str, ...] = (
    "monday montag lundi lunes lunedì lunedi segunda-feira segunda maandag måndag mandag maanantai "
    "poniedziałek poniedziałku pondělí понедельник понедельника pazartesi ponedjeljak ponedjeljka "
    "ponedeljek ponedeljka ponedeljak pondelok pondelka luni dilluns pirmadienis pirmadienio "
    "pirmadienį pirmdiena pirmdien esmaspäev esmaspäeval понеділок понеділка понеделник понедељак "
    "δευτέρα hétfő hétfőn שני الاثنين الإثنين دوشنبه thứ_hai senin isnin mánudagur mánudag सोमवार "
    "maanantaina",
    "tuesday dienstag mardi martes martedì martedi terça-feira terça dinsdag tisdag tirsdag tiistai "
    "wtorek wtorku úterý вторник вторника salı utorak utorka torek torka utorok marți dimarts "
    "antradienis antradienio otrdiena otrdien teisipäev teisipäeval вівторок вівторка уторак τρίτη "
    "kedd kedden שלישי الثلاثاء سه_شنبه thứ_ba selasa मंगलवार tiistaina",
    "wednesday mittwoch mercredi miércoles mercoledì mercoledi quarta-feira quarta woensdag onsdag "
    "keskiviikko środa środy středa среда среды среду çarşamba srijeda srijede sreda srede streda "
    "stredy miercuri dimecres trečiadienis trečiadienio trešdiena trešdien kolmapäev kolmapäeval "
    "середа середи середу сряда τετάρτη szerda szerdán רביעי الأربعاء الاربعاء چهارشنبه thứ_tư rabu "
    "बुधवार",
    "thursday donnerstag jeudi jueves giovedì giovedi quinta-feira quinta donderdag torsdag torstai "
    "czwartek czwartku čtvrtek четверг четверга perşembe četvrtak četvrtka četrtek četrtka štvrtok "
    "štvrtka joi dijous ketvirtadienis ketvirtadienio ceturtdiena ceturtdien neljapäev neljapäeval "
    "четвер четвъртък четвртак πέμπτη csütörtök csütörtökön חמישי الخميس پنجشنبه thứ_năm kamis khamis "
    "गुरुवार",
    "friday freitag vendredi viernes venerdì venerdi sexta-feira sexta vrijdag fredag perjantai "
    "piątek piątku pátek пятница пятницы пятницу cuma petak petka petek piatok piatka vineri "
    "divendres penktadienis penktadienio piektdiena piektdien reede reedel пʼятниця п'ятниця п'ятниці "
    "петък петак παρασκευή péntek pénteken שישי الجمعة جمعه thứ_sáu jumat शुक्रवार",
    "saturday samstag samedi sábado sabato zaterdag lördag lørdag lauantai sobota суббота cumartesi "
    "subota sâmbătă dissabte šeštadienis sestdiena laupäev субота събота σάββατο szombat السبت شنبه "
    "thứ_bảy sabtu",
    "sunday sonntag dimanche domingo domenica zondag söndag søndag sunnuntai niedziela воскресенье "
    "pazar nedjelja nedelja nedeľa duminică diumenge sekmadienis svētdiena pühapäev неділя неделя "
    "κυριακή vasárnap ראשון الأحد یکشنبه chủ_nhật minggu",
)
"""Monday first; a blank within a name is written `_`."""

JOINED_WEEKDAYS: tuple[str, ...] = (
    "周一 星期一 礼拜一 週一 禮拜一 月曜日 월요일 วันจันทร์",
    "周二 星期二 礼拜二 週二 火曜日 화요일 วันอังคาร",
    "周三 星期三 礼拜三 週三 水曜日 수요일 วันพุธ",
    "周四 星期四 礼拜四 週四 木曜日 목요일 วันพฤหัสบดี",
    "周五 星期五 礼拜五 週五 金曜日 금요일 วันศุกร์",
    "周六 星期六 週六 土曜日 토요일 วันเสาร์",
    "周日 星期日 星期天 週日 日曜日 일요일 วันอาทิตย์",
)
"""The same in scripts that put no blank between words."""

ISO_WEEK = {
    "en": r"week",
    "de": r"kw|kalenderwoche|woche",
    "nl": r"week",
    "sv": r"vecka|v\.",
    "da": r"uge",
    "no": r"uke",
    "fi": r"viiko[a-zä]{0,4}|viikko[a-zä]{0,4}|vk",
    "fr": r"semaine",
    "es": r"semana",
    "it": r"settimana",
    "pl": r"tydzień|tygodni[ua]",
    "cs": r"týden|týdn[ue]",
    "et": r"nädal",
}
