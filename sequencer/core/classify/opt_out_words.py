"""How people ask not to be written to any more, language by language."""

import re

from sequencer.core.accents import without_accents
from sequencer.core.word_starts import at_word_starts

_WHOLE = (
    r"unsubscribe(?:me)?|unsubcribe|unsuscribe|optout|opt-?out|remove(?:me)?|stop|stopemailing|"
    r"stopemails|takemeoff(?:yourlist)?|removefromlist|removemefromyourlist|"
    r"abmelden|abbestellen|austragen|désabonne(?:r|ment)|désinscri(?:re|ption)|desabonnement|"
    r"desinscription|stopmail|baja|darsedebaja|cancelarsuscripci[óo]n|desuscribir(?:me)?|cancellami|"
    r"cancellazione|disiscrivi(?:mi)?|cancelarinscri[çc][ãa]o|descadastrar|remover|"
    r"uitschrijven|afmelden|avregistrera|avprenumerera|avsluta|afmeld|frameld|avmeld|peruuta(?:tilaus)?|"
    r"wypisz|rezygnuj[ęe]|odhl[áa]sit|zrušiť|leiratkozás|leiratkozom|dezabonare|отписаться|"
    r"отпишите(?:меня)?|отписка|стоп|відписатися|абониментстоп|aboneliktençık|listedençık|διαγραφή|"
    r"退订|退訂|取消订阅|取消訂閱|td|配信停止|登録解除|수신거부|수신 거부|구독취소|hủyđăngký|"
    r"berhentiberlangganan|unsub|إلغاءالاشتراك|הסר|הסרה|ยกเลิกการรับข่าวสาร"
)
WHOLE_MESSAGES = re.compile(without_accents(rf"(?:{_WHOLE})"), re.IGNORECASE)
"""A message that says only this (politeness and blanks taken away) is a request."""

_YOUR_LIST = (
    r"(?:from|off|of)? ?(?:your|the|this|any|all|future)? ?(?:e-?mail(?:ing)?|mail(?:ing)?|"
    r"distribution|contact|marketing|sending|recipient|customer)? ?(?:list|lists|database|mailings?|"
    r"system|e-?mails?|crm|campaigns?)"
)

_REQUESTS = without_accents(
    "|".join(
        (
            # English
            r"\b(?:please|kindly|pls|plz|must|want to|would like to|wish to|like to|asking (?:you )?to|"
            r"request(?:ing)? to|how (?:do|can) i|let me) (?:be )?unsubscribed?\b(?! "
            r"(?:an?|the|our|their|users?|customers?|clients?|one)\b)|\b(?:do not|don't|dont) want (?:your|"
            r"these|any(?: "
            r"more)?|more|further) (?:e-?mails?|mails?|messages?|offers?|newsletters?)\b|\b(?:do not|don't|"
            r"never) "
            r"(?:write|e-?mail|mail|contact) (?:to )?(?:me |us )?(?:ever )?(?:again|any ?more)\b|\bno "
            r"longer (?:wish|"
            r"want) to (?:receive|get|hear)\b|\b(?<!to "
            r")unsubscribe (?:me|us|this|my|our|immediately|now)\b",
            rf"\b(?:remove|delete|drop|cross) (?:me|us|my|our|this|the|that)\b[^.!?\n]{{0,"
            rf"60}}?\b{_YOUR_LIST}\b|\btake (?:me|us|my|our|this|the|that)\b[^.!?\n]{{0,60}}?"
            rf"\b(?:from|off|out of) ?{_YOUR_LIST}\b",
            r"\b(?:remove|delete) (?:me|us|my (?:e-?mail|address|name|data|details|contact)|our "
            r"(?:e-?mail|address|details))\b(?! [^.!?\n]{0,20}\bcc\b)",
            r"\bstop (?:e-?mailing|sending|contacting|writing|mailing|spamming|bothering|messaging)\b|"
            r"\b(?:do not|don't|dont|never) (?:ever )?(?:e-?mail|contact|write(?: to)?|mail|message|"
            r"spam|bother) (?:me|us|this)\b[^.!?\n]{0,40}|\b(?:do not|don't|dont) send (?:me|us)?\b["
            r"^.!?\n]{0,40}\b(?:e-?mails?|mails?|messages?|anything|offers?|again|any ?more)\b",
            r"\bno (?:more|further) (?:e-?mails?|mails?|messages|contact|marketing|correspondence)\b|"
            r"\bopt (?:me |us )?out\b|\bi (?:want|wish|would like) to opt[- ]out\b|\bcease (?:and "
            r"desist|all (?:contact|communication)|e-?mailing|sending)\b|\bnot (?:wish|want) to "
            r"(?:receive|get|be contacted|hear from)\b|\b(?:no longer|not) want (?:your|these|any "
            r"(?:more )?) ?(?:e-?mails?|mails?|messages)",
            # Deutsch
            r"\b(?:nehmen|streichen|löschen|entfernen|tragen) sie (?:mich|uns|meine|unsere|diese|"
            r"bitte)\b[^.!?\n]{0,80}\b(?:verteiler|liste|datenbank|adresse|adressdaten|mailadresse|"
            r"daten|aus)\b|\b(?:keine|nicht) (?:weiteren?|mehr|länger)[^.!?\n]{0,30}(?:e-?mails?|"
            r"mails?|werbung|nachrichten|anschreiben|kontaktier)|\bkeine (?:werbung|e-?mails?|"
            r"mails?)\b[^.!?\n]{0,20}\bmehr\b|\b(?:bitte )?(?:aus|vom) (?:dem |ihrem |ihrer "
            r")?(?:verteiler|liste|newsletter)\b[^.!?\n]{0,30}(?:nehmen|streichen|löschen|entfernen|"
            r"austragen|abmelden)|\bmöchte (?:mich )?(?:abmelden|abbestellen|austragen)\b|\bmelden "
            r"sie (?:mich|uns)[^.!?\n]{0,30}\bab\b(?=\s*(?:[.,!?]|$))|\b(?:senden|schicken) sie (?:mir|"
            r"uns) "
            r"(?:bitte |künftig )?keine (?:weiteren )?(?:angebote|e-?mails?|mails?|nachrichten|"
            r"werbung)\b",
            r"\b(?:kontaktieren|schreiben|mailen) sie (?:mich|mir|uns) (?:bitte )?nicht (?:mehr|weiter)\b|"
            r"\bne (?:m['’]|me |nous )(?:écrivez|contactez|envoyez|sollicitez|relancez) plus\b|\bnon "
            r"(?:scriver|"
            r"contattar|inviar|mandar)(?:mi|ci) più\b|\b(?:me|nos) (?:tire|remova|retire|"
            r"exclua)[^.!?\n]{0,12}\blista|"
            r"\b(?:исключить|удалить|убрать) (?:меня|нас|мой|наш)\b(?=[^.!?\n]{0,40}(?:рассыл|баз|списк|"
            r"адрес))",
            # Français
            r"\b(?:veuillez |merci de |prière de |svp )?(?:me |nous )(?:désabonner|désinscrire|retirer|"
            r"supprimer|enlever|rayer)\b|\b(?:retirez|supprimez|enlevez|désinscrivez|désabonnez|"
            r"rayez)[- ](?:moi|nous|mon|mes|notre)\b|\b(?:ne (?:plus|pas)|arrêtez de) (?:m['’e]|me |"
            r"nous )?\s?(?:envoyer|écrire|contacter|recevoir|solliciter)\b|\bne (?:souhait\w+|"
            r"dési\w+|veu\w+) (?:plus|pas) (?:recevoir|être (?:contact|sollicit))|\bplus (?:recevoir|"
            r"de) (?:vos )?(?:mails?|e-?mails?|messages?|courriels?|sollicitations)|\bsupprimer "
            r"(?:mon|mes|notre) (?:adresse|coordonnées)",
            # Español, Català
            r"\b(?:dar(?:me|nos)|de[nm]?e?(?:me|nos)?|dé?n?me|solicito|quiero|deseo) (?:de )?(?:la "
            r")?baja\b|\bdar(?:se|me|nos) de baja\b|\b(?:no (?:me|nos) (?:env[ií]e[ns]?|escriba[ns]?|"
            r"contacte[ns]?|mande[ns]?)|deje[ns]? de (?:enviar|escribir|mandar|contactar))\b|"
            r"\b(?:eliminen?|borren?|quiten?|retiren?)(?:me|nos)? (?:de (?:su|la|esta|sus)|mi|"
            r"nuestro)\b[^.!?\n]{0,40}\b(?:lista|base|correo|direcci[óo]n|datos)|\b(?:eliminarme|"
            r"borrarme|quitarme|eliminarnos|sacarme|sacarnos|(?:eliminen?|borren?|quiten?|saquen?|"
            r"retiren?|"
            r"suprimana?|remuevan?)(?:me|nos))\b|\b(?:doneu|dona)['’]?-?(?:me|nos) de baixa\b|"
            r"\b(?:elimineu|"
            r"esborreu|traieu)-(?:me|nos)\b|\bno (?:deseo|quiero|deseamos|queremos) (?:recibir|"
            r"más (?:correos?|e-?mails?|mensajes?|informaci|publicidad|ofertas?|comunicaci)|seguir "
            r"recibiendo)",
            # Italiano
            r"\b(?:cancellat\w*|cancellare|cancell[ai]|rimuov\w+|rimuovere|elimina\w*|toglie\w+|"
            r"togliete)(?:mi|ci|temi|teci)?\b[^.!?\n]{0,50}\b(?:lista|mailing|elenco|database|"
            r"indirizzo|newsletter|vostri)|\b(?:cancellatemi|cancellarmi|rimuovetemi|rimuovermi|"
            r"disiscrivermi|disiscrivetemi|toglietemi)\b|\bnon (?:voglio|desidero|desideriamo|"
            r"vogliamo)(?: più)? (?:ricevere|essere contattat)|\bnon (?:inviate|inviatemi|mandatemi|"
            r"scrivetemi|contattatemi|inviarmi|contattarmi|scrivermi) più\b|\bnon (?:mi|ci) "
            r"(?:inviate|mandate|scrivete|contattate) più\b",
            # Português
            r"\b(?:remova|retire|exclua|descadastr\w+|remover|retirar|excluir|removam|retirem)(?:-me|"
            r"-nos)?\b[^.!?\n]{0,50}\b(?:lista|mailing|cadastro|e-?mail|base|contato)|\b(?:(?:remova|"
            r"retire|descadastre|"
            r"remover|exclua|tire)-(?:me|nos))\b|\bnão (?:quero|desejo|queremos|desejamos|"
            r"gostaria de)(?: mais)? (?:receber|ser contactad|ser contatad)|\bnão (?:me |nos "
            r")?(?:envi(?:e|em|ar)|escrev\w+|mand(?:e|em|ar)|contact\w+|contat\w+)[^.!?\n]{0,20} "
            r"mais\b|\bpar(?:e|em) de (?:me |nos )?(?:enviar|mandar|escrever)",
            # Nederlands
            r"\b(?:verwijder|haal|schrap) (?:mij|me|ons|mijn|onze|dit)\b[^.!?\n]{0,60}\b(?:lijst|bestand|"
            r"adres|mailing\w*|database|verzendlijst|gegevens)|\b(?:wil|willen|wens|graag)[^.!?\n]{0,"
            r"30} (?:uitschrijven|afmelden)\b|\b(?:mij|me|ons) (?:uitschrijven|afmelden|uit te "
            r"schrijven|af te melden)\b|\bgeen (?:e-?mails?|mails?|berichten|reclame)[^.!?\n]{0,20} "
            r"meer\b|\bniet meer (?:mailen|benaderen|contacteren|schrijven|ontvangen)\b|\bstop met "
            r"(?:mailen|sturen)|\bstuur (?:mij|me|ons) geen\b[^.!?\n]{0,30}\b(?:e-?mails?|mails?|"
            r"berichten|"
            r"aanbiedingen|reclame)\b",
            # Svenska, Dansk, Norsk, Suomi
            r"\b(?:ta bort|radera|avregistrera|stryk) (?:mig|oss|min|vår)\b|\b(?:fjern|slet|afmeld|"
            r"frameld) (?:mig|meg|os|oss)\b[^.!?\n]{0,40}|\b(?:fjern|slet) (?:min|vores|vår) "
            r"[^.!?\n]{0,12}"
            r"(?:adresse|oplysninger|opplysninger)|\bmeld (?:mig|meg|os|oss)\b[^.!?\n]{0,40}\ba[vf]\b|"
            r"\b(?:vill|önskar|ønsker|vil) (?:inte|ikke) (?:længere |längre |lengre )?(?:ha|få|modtage|"
            r"motta|"
            r"have|å motta|at modtage)\b[^.!?\n]{0,30}(?:mejl|mail|post|utskick|reklam|meddel|"
            r"erbjudand|nyhe|"
            r"henvend|tilbud|besked|spam)|\b(?:inga|ingen|ikke) (?:fler|flere) (?:mejl|mail|mails|"
            r"e-?post|"
            r"meddelanden|henvendelser)|\bikke send (?:meg|oss|mig|os) (?:flere|mer|mere)\b|\bsluta "
            r"(?:skicka|"
            r"mejla|maila)|\b(?:slutt|stop) (?:å sende|med at sende)|"
            r"\bpoista(?:kaa)? (?:minut|meidät|osoitteeni|tietoni)\b|\bälkää (?:enää )?lähettäkö\b|"
            r"\ben halua (?:enää )?(?:näitä |teidän )?(?:viestejä|sähköposteja|postia)",
            # Polski, Čeština, Slovenčina, Magyar, Română
            r"\b(?:proszę )?(?:o )?(?:usunąć|usunięcie|wypisać|wypisanie|wykreślić|usuńcie|wypiszcie) "
            r"(?:mnie|nas|mojego|mój|naszego|z)\b[^.!?\n]{0,40}|\b(?:nie (?:życzę|życzymy) sobie|"
            r"proszę nie (?:wysyłać|pisać|kontaktować)|nie (?:wysyłajcie|piszcie|chcę (?:otrzymywać|"
            r"dostawać)))\b|\b(?:odhlaste|odhláste|odhlásit)\b|\b(?:vyřaďte|vymažte|smažte|odstraňte|vyraďte)\b"
            r"[^.!?\n]{0,20}\b(?:mě|mne|nás|mou|můj|ma|moju|naši|náš|adresu)\b|\bneposílejte\b|"
            r"\bneposielajte\b|\b(?:nepřeji|nepřejeme|neprajem|neželám) si\b(?=[^.!?\n]{0,40}"
            r"(?:dost[aá]v|zas[ií]l|mail|zpr[aá]v|spr[aá]v|nab[ií]d|pon[uú]k|kontakt|reklam|newsletter|b[yý]t))|"
            r"\bkérem[^.!?\n]{0,30}(?:töröl(?=[^.!?\n]{0,60}(?:list|cím|nev|engem|minket|adatb|e-?mail))|"
            r"leiratkoz|vegyen(?:ek)? le|ne küldj)|\bne küldj(?:enek|ön|etek)\b|\b(?:dezabonați|"
            r"dezabonare|dezabona|ștergeți|scoateți|eliminați)(?:-mă|-ne)?\b|\bnu (?:mai|îmi mai) "
            r"(?:(?:doresc|vreau)(?=[^.!?\n]{0,30}(?:să prim|mesaj|ofert|e-?mail|newsletter|reclam))|"
            r"trimiteți)|\bnu-?mi mai trimiteți",
            # Русский, Українська, Български, Ελληνικά, Türkçe
            r"\b(?:отпишите|удалите|исключите|уберите|вычеркните) (?:меня|нас|мой|наш|адрес|"
            r"из (?:вашей |вашего |своей |этой )?(?:рассылк|списк|баз)\w*)\b|"
            r"\b(?:не|прекратите|перестаньте) (?:присылайте|пишите|отправляйте|шлите|присылать|"
            r"писать|слать|отправлять|рассыл\w+)\b|\bбольше не (?:пишите|присылайте|беспокойте|"
            r"отправляйте)|\bне хо(?:чу|тим) (?:больше )?получать|\b(?:відпишіть|видаліть|виключіть) "
            r"(?:мене|нас|мою|нашу|з)\b|\bне (?:надсилайте|пишіть)\b|\b(?:отпишете|премахнете|"
            r"изтрийте) (?:ме|ни|моя|имейла|адреса)\b|\bне ми (?:изпращайте|пишете)\b|\b(?:διαγράψτε|"
            r"αφαιρέστε|διαγραφή)\b[^.!?\n]{0,60}|\bμη(?:ν)? (?:μου |μας )?(?:στέλνετε|ξαναστείλετε|"
            r"στείλετε)\b|\b(?:listenizden|listeden|listenden|veri ?taban\w+)[^.!?\n]{0,30}(?:çıkar|"
            r"sil|kaldır)|\b(?:bir daha|artık)[^.!?\n]{0,30}(?:göndermeyin|yazmayın|mail atmayın|"
            r"almak istemiyor)|\b(?:e-?posta|mail)[^.!?\n]{0,20} (?:göndermeyin|almak istemiyor\w+)",
            # 中文, 日本語, 한국어
            r"(?:请|請|麻烦|麻煩|帮|幫)[^。\n]{0,8}(?:退订|退訂|取消订阅|取消訂閱)|我要(?:退订|退訂|"
            r"取消订阅)|(?:请|請)?(?:不要|勿|别|別|停止)(?:再)?(?:给我|給我|向我|给我们|"
            r"給我們)?(?:再)?(?:发|發|发送|發送|寄)(?:送)?(?:任何|这|這|此|广告|廣告|邮件|郵件|垃圾|"
            r"了|信|来|來)[^。\n]{0,12}|(?:不要|别|別|勿|请勿|請勿)再(?:发|發|联系|聯繫|聯絡|打扰|"
            r"打擾|来信)|(?:从|從|将|將|把)[^。\n]{0,20}(?:列表|名单|名單|清单|邮件组|数据库|群发)["
            r"^。\n]{0,8}(?:删除|刪除|移除|去掉|剔除)|不想(?:再)?(?:收到|接收)|"
            r"配信(?:を)?(?:停止|中止|解除)|(?:メール|ご?連絡|送信|配信)[^。\n]{0,8}(?:不要です|お断り|"
            r"しないで|送らないで|停止して|やめて)|リストから[^。\n]{0,8}(?:削除|外し)|"
            r"(?:メール|配信|営業)[^。\n]{0,12}(?:ご遠慮|控えて|お控え)|登録(?:を)?解除|"
            r"수신(?:을)? ?거부|(?:메일|이메일|"
            r"연락)[^.\n]{0,12}(?:보내지|하지) "
            r"?(?:마세요|말아|마십시오)|(?:목록|명단|리스트)에서[^.\n]{0,8}(?:삭제|제외|빼)|"
            r"구독(?:을)? ?(?:취소|해지)",
            # Vietnamese, Indonesian, Arabic, Hebrew, Thai, Persian, Hindi
            r"\b(?:hủy|huỷ|ngừng) (?:đăng ký|nhận|gửi)\b|\b(?:đừng|không|vui lòng không) gửi[^.\n]{0,"
            r"20}(?:nữa|thư|email)|\bxóa (?:tôi|email|địa chỉ)[^.\n]{0,30}(?:danh sách)|"
            r"\b(?:berhenti|stop|jangan)[^.\n]{0,12} (?:berlangganan|mengirim|kirim)\b|\b(?:hapus|"
            r"keluarkan) (?:saya|kami|email|alamat)[^.\n]{0,30}(?:daftar|senarai)|(?:إلغاء|الغاء) "
            r"(?:الاشتراك|اشتراكي)|(?:لا|عدم) (?:ترسل|إرسال|تراسل)[^.\n]{0,30}|(?:أزل|احذف|إزالة|"
            r"حذف)[^.\n]{0,20}(?:القائمة|قائمة|بريدي)|(?:הסר|תסיר|להסיר|הסירו)[^.\n]{0,20}(?:אותי|"
            r"רשימ|תפוצה)|(?:(?<!\w)אל ת(?:שלח|כתב)|לא לשלוח|(?:להפסיק|תפסיקו?|הפסיקו) (?:לשלוח|"
            r"לכתוב))[^.\n]{0,20}|ยกเลิก(?:การ)?(?:รับ|สมัคร|ส่ง)|(?:อย่า|หยุด|"
            r"ไม่ต้อง)ส่ง(?:อีเมล|เมล)|لغو اشتراک|सदस्यता (?:समाप्त|रद्द)|"
            r"(?:मुझे|हमें|मेरा|मेरे)[^।.\n]{0,30}(?:सूची|लिस्ट)[^।.\n]{0,12}(?:हटा|निकाल)|"
            r"(?:ईमेल|मेल)[^।.\n]{0,10}(?:न|मत|बंद) (?:भेज|कर)|"
            r"(?:لطفا|لطفاً|من|ما)[^.\n]{0,40}(?:فهرست|لیست)[^.\n]{0,12}(?:حذف|خارج) کنید|"
            r"(?:ایمیل|پیام)[^.\n]{0,10}(?:نفرستید|ارسال نکنید)|"
            r"(?:ลบ|เอา)[^\n]{0,20}(?:ฉัน|ผม|เรา|ชื่อ|อีเมล)[^\n]{0,20}ออกจาก[^\n]{0,10}(?:รายชื่อ|"
            r"รายการ|ลิสต์)",
            # Hrvatski, Srpski, Slovenščina, Lietuvių, Latviešu, Eesti, Íslenska, Filipino
            r"\b(?:odjavite|uklonite|obrišite|izbrišite|skinite|odstranite) (?:me|nas|moju|našu|moj)\b|"
            r"\bne (?:šaljite|pošiljajte)\b|\b(?:уклоните|избришите|обришите|одјавите) (?:ме|нас|моју)\b|"
            r"\bне шаљите\b|\b(?:išbrauk|pašalin|ištrin)\w+ (?:mane|mus|mano|mūsų)\b|"
            r"\b(?:atsisakau (?:jūsų )?(?:laišk|naujienlaišk)\w+|nebesiųskite|neberašykite)\b|"
            r"\b(?:izņemiet|dzēsiet|izdzēsiet) (?:mani|mūs|manu|mūsu)\b|\bnesūtiet\b|\batrakstīties\b|"
            r"\b(?:eemaldage|kustutage) (?:mind|meid|minu|meie)\b|\bärge saatke\b|"
            r"\b(?:fjarlægið|takið|afskráið) (?:mig|okkur)\b|\b(?:alisin|"
            r"tanggalin)[^.\n]{0,20} (?:ako|kami)\b"
            r"[^.\n]{0,20}\blist",
        )
    )
)

_OF_WORDS, _OTHERS = at_word_starts(_REQUESTS)
REQUESTS = re.compile(
    rf"^(?:[^\n]{{0,30}}[,.!;:] ?|\W{{0,3}})(?:please )?unsubscribe\W{{0,3}}$|{_OF_WORDS}",
    re.IGNORECASE | re.MULTILINE,
)
"""Asked of text without accents (core/accents.py), as everything here."""

JOINED_REQUESTS = re.compile(_OTHERS, re.IGNORECASE | re.MULTILINE)
"""In scripts without blanks between words, or with what stands joined before them: never in plain ASCII."""
