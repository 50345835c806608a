"""How mail programs in many languages introduce what they quote, as tables to extend."""

import re

WROTE = (
    "wrote|writes|schrieb|geschrieben|schreef|geschreven|skrev|skrifaði|kirjoitti|a écrit|écrit|escribió|"
    "escribio|va escriure|"
    "escreveu"
    "|ha scritto|scrisse|napisał|napisała|napisał\\(a\\)|pisze|napísal|napísal\\(a\\)|napsal|"
    "napsal\\(a\\)|napsal/a"
    "|je napisao|napisao|je napisal/-a|je napisal|napisala|írta|a scris|написал|написала|написал\\(а\\)|"
    "пишет|пише"
    "|написав|написав\\(ла\\)|написа|έγραψε|yazdı|yazmış|şunu yazdı|menulis|viết|đã viết|เขียนว่า|schreibt"
    "|geskryf|aliandika|লিখেছেন|је написао/ла|написао је|написала је|idatzi du|va escriure el"
    "|rašė|rakstīja|kirjutas|כתב|כתבה|כתב/ה|‫כתב‬‎|كتب|كتبت|نوشت|लिखा|ने लिखा"
)
"""The verb that ends an introduction line, before its colon."""

WROTE_CJK = (
    "写道|寫道|写到|撰写|来信|のメール|さんは書きました|のメッセージ|書きました|님이 작성|님이 "
    "작성한 내용|작성|씀|쓴 글"
)
"""The same where no space stands before the verb."""

INTRO_START = (
    "On|Am|Den|Le|Il|El|Em|Op|På|W dniu|Dnia|Dne|Dňa|Dana|Ngày|Vào|Pada|Pe|În|La|Tarihinde|Στις|В|вт|пн|"
    "ср|чт|пт|сб|вс"
    "|At|Von|Il giorno|Em seg|Em ter|A las|Lúc|Klo|Kl|On:|ב|في"
)
"""Words with which an introduction line begins, where it begins with one."""

HEADER_FROM = (
    "from|von|de|da|van|från|fra|lähettäjä|od|kimden|gönderen|feladó|de la|от|від|від кого|от кого|από|"
    "dari|từ|"
    "发件人|寄件人|寄件者|發件人|差出人|送信者|보낸 사람|보낸사람|จาก|من|מאת|expéditeur|remitente|"
    "mittente|saatja|nuo|no"
)
HEADER_OTHER = (
    "sent|to|subject|date|cc|reply-to|gesendet|an|datum|betreff|kopie|envoyé|envoyé le|à|objet|date "
    "d'envoi|cc|"
    "enviado|enviado el|enviada em|enviado em|para|asunto|assunto|fecha|data|inviato|a|oggetto|verzonden|"
    "aan|"
    "onderwerp|skickat|skickat den|till|ämne|sendt|til|emne|lähetetty|vastaanottaja|aihe|päiväys|wysłano|"
    "wyslano|"
    "do|temat|odesláno|komu|předmět|odoslané|predmet|poslano|za|zadeva|elküldve|címzett|tárgy|trimis|"
    "către|subiect|"
    "gönderilme|gönderme tarihi|tarih|kime|konu|отправлено|дата|кому|тема|надіслано|изпратено|относно|"
    "στάλθηκε|"
    "ημερομηνία|προς|θέμα|"
    "发送时间|发送日期|收件人|主题|抄送|日期|日 期|主 题|收 件 人|抄 送|时间|寄件日期|收件者|主旨|副本|"
    "發送時間|收件人|"
    "主題|"
    "送信日時|日時|宛先|件名|보낸 날짜|날짜|받는 사람|받는사람|제목|วันที่|ถึง|เรื่อง|dikirim|kepada|"
    "subjek|"
    "gửi|đã gửi|tới|đến|chủ đề|ngày|išsiųsta|kam|nosūtīts|tēma|saadetud|adressaat|teema|prima|"
    "تم الإرسال|إلى|الموضوع|التاريخ|תאריך|אל|נושא|נשלח"
)
"""Labels of the header block that Outlook, Foxmail and others put above a quoted mail."""

SEPARATORS = (
    r"original message|replied message|original appointment|ursprüngliche nachricht|originalnachricht|"
    r"message d['’]origine|"
    r"message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|"
    r"ursprungligt meddelande|originalmeddelande|oprindelig (?:meddelelse|besked)|opprinnelig melding|"
    r"alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|pôvodná správa|"
    r"eredeti üzenet|"
    r"mesaj original|mesajul original|исходное сообщение|пересылаемое сообщение|оригинальное сообщение|"
    r"вихідне повідомлення|αρχικό μήνυμα|özgün ileti|orijinal mesaj|orjinal mesaj|原始邮件|原始郵件|"
    r"原始信息|原始訊息|原邮件|"
    r"回复的原邮件|回复的邮件|转发邮件|轉寄郵件|转发的邮件|元のメッセージ|元のメール|転送メッセージ|원본 "
    r"메시지|원본 (?:이)?메일|"
    r"pesan asli|tin nhắn gốc|thư gốc|forwarded message|weitergeleitete nachricht|message transféré|"
    r"message transmis|mensaje reenviado|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht|"
    r"vidarebefordrat meddelande|videresendt meddelelse|videresendt melding|välitetty viesti|"
    r"przekazana wiadomość|treść przekazanej wiadomości|ursprüngliche e-mail|begin forwarded message|"
    r"původní e-?mail|pôvodný e-?mail|mail original|courriel original|e-?mail original|исходное письмо|"
    r"reply message|original email|original mail|quoted message|رسالة أصلية|الرسالة الأصلية|ההודעה המקורית"
)
"""What stands between the dashes above a quoted mail."""

SENT_FROM = (
    r"sent from my|sent from (?:mail|outlook|yahoo|samsung|proton)|sent via (?!our\b|his\b|her\b)|get "
    r"outlook for|von "
    r"meine[mr]\S{0,9} .{1,30} gesendet|"
    r"gesendet von|gesendet mit|envoyé de(?:puis)? mon|envoyé à partir de|enviado desde mi|enviado do meu|"
    r"enviado a partir do|inviato da(?:l mio)?|verstuurd vanaf mijn|verzonden vanaf mijn|skickat från min|"
    r"skickades från min|sendt fra min|lähetetty .{1,30}st[aä](?:ni)?|odoslané z (?:iphon|ipad|android|"
    r"outlook)|wysłane z|wysłano z|odesláno z|отправлено с|"
    r"отправлено из|надіслано з|telefonumdan gönderildi|.{1,20}[iıuü]md[ae]n gönderildi|发自我的|來自我的|"
    r"從我的|"
    r"从我的|发自|"
    r".{1,20}から送信|나의 .{1,30}에서 보냄|내 .{1,20}에서 보냄|"
    r"(?:outlook für|télécharger outlook|obtener outlook|scarica outlook|obter o? ?outlook|"
    r"download outlook) .{1,20}|"
    r"(?:poslano iz(?: mojega)?|εστάλη από(?: το)?|được gửi từ|dikirim dari|ส่งจาก|נשלח מה?|"
    r"أُ?رسلت من(?: الـ)?|trimis de pe|küldve az?)"
    r"[\s-]{0,2}(?:iphone|ipad|android|samsung|galaxy|huawei|xiaomi|outlook|yahoo|điện thoại)"
)
"""Lines that phones and programs add under what was written."""

INTRO_END = re.compile(
    rf"(?:(?:^|[\s,>\"'»)\]‫])(?:{WROTE})|(?:{WROTE_CJK}))[\s‬‎]{{0,3}}(?:\([^()]{{0,12}}\))?[\s]{{0,3}}["
    rf":\uff1a\ufe55]$",
    re.IGNORECASE,
)
INTRO_VERB_FIRST = re.compile(
    rf"(?:^|[\s,>\"'»)\]])(?:{WROTE})\s.{{1,200}}[^\s].{{0,80}}[:\uff1a]$", re.IGNORECASE
)
"""`Am … schrieb Name <address>:`, `Den … skrev Name:`; needs a date before the verb."""
INTRO_NO_VERB = re.compile(
    r"^\S[^<>@:]{0,80} kirjoitti \d{1,2}\.\d{1,2}\.\d{4} klo \d{1,2}\.\d\d:$"
    r"|"
    r"^[^<>@]{0,160}<[^<>@\s]{1,64}@[^<>\s]{3,200}>[^<>]{0,40}\b20\d\d\b[^<>]{0,20}\b\d{1,2}[:.]\d\d\)?\s?[:\uff1a]$"
    r"|^[^<>@]{0,60}\b\d{1,2}[:.h]\s?\d\d\b[^<>]{0,120}<[^<>\s]{3,200}>\s?[:\uff1a]$"
    r"|^\W{0,3}\d{1,4}[./-]\s?\d{1,2}[./-][^<>]{0,120}<[^<>\s]{3,200}>\s?[:\uff1a]$"
    r"|^[Nn]oong\s[^<>@]{0,60}\b\d{1,2}[:.]\d\d\b[^<>]{0,80}<[^<>\s]{3,200}>\sang:$"
)
"""`30.09.2026, 18:30, "Name" <address>:` as Gmail and Yandex write in some languages."""
INTRO_NO_COLON = re.compile(r"^(?:-{2,10}\s?)?On\s.{8,200}\bwrote\s?(?:-{2,10})?$", re.IGNORECASE)
INTRO_HINT = re.compile(r"[\w.+-]{1,64}@[\w-]|\d{1,4}[./年월-]\s?\d{1,2}|\d{1,2}[:.h]\d\d|\b(?:19|20)\d\d\b")
"""A date, time or address: a person who writes `he wrote:` gives none."""
INTRO_BEGIN = re.compile(rf"^(?:{INTRO_START})\b", re.IGNORECASE)
JAPANESE_INTRO = re.compile(
    r"^\d{4}年\d{1,2}月\d{1,2}日.{0,40}\d{1,2}:\d\d.{0,120}(?:<[^<>\s]{3,200}>|@).{0,10}[:\uff1a]$"
    r"|^\d{4}[/-]\d\d?[/-]\d\d?.{0,20}\d\d?:\d\d.{0,120}<[^<>\s]{3,200}>\s?[:\uff1a]?$"
)
"""Gmail in Japanese, Korean and Chinese names date, time and address without a verb."""
SEPARATOR = re.compile(
    r"^\s?-{6,40}\s?original\s?-{6,40}\s*$|"
    rf"^[\s>*_=#-]{{0,40}}(?:[-—–_=*]{{2,60}})\s?\*?(?:{SEPARATORS})\*?\s?:?\s?(?:[-—–_=*]{{2,60}})?\s*$"
    rf"|^(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message (?:réexpédié|"
    rf"transféré)"
    r"|inizio messaggio inoltrato|inicio del mensaje reenviado|início da mensagem (?:reenviada|encaminhada)"
    r"|下面是被转发的邮件|以下是转发的邮件)\s?[:\uff1a]\s*$",
    re.IGNORECASE,
)
HEADER_FROM_LINE = re.compile(
    rf"^[*_\s]{{0,12}}(?:{HEADER_FROM})[*_\s]{{0,3}}[:\uff1a][*_]{{0,2}}\s{{0,16}}\S", re.IGNORECASE
)
HEADER_LINE = re.compile(
    rf"^[*_\s]{{0,12}}(?:{HEADER_FROM}|{HEADER_OTHER})[*_\s]{{0,3}}[:\uff1a](?:[*_\s]|\S|$)", re.IGNORECASE
)
SENT_FROM_LINE = re.compile(rf"^\W{{0,4}}(?:{SENT_FROM}).{{0,80}}$", re.IGNORECASE)
QUOTED_LINE = re.compile(r"^\s{0,3}(?:[>＞]|[A-Z][A-Za-z]{0,2}>(?:\s|$))")
GROUPWISE_INTRO = re.compile(r"^>{3} .{3,200}\d.{0,20} >{3}$")
"""Below it GroupWise quotes without marks."""
LONE_ADDRESS = re.compile(r"^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}$")
"""Foxmail writes the sender's own above the header block."""
CARD_LINE = re.compile(r"^\|(?:\s\|)?$")
"""A cell of the visiting card that NetEase Mail Master adds."""
RULE_LINE = re.compile(r"^\s?[_*=—-]{10,100}\s*$")
SIGNATURE_LINE = re.compile(r"^--\s?$|^—$|^__$")
