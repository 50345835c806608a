"""What tells a request about goods, a copy or a footer's offer from a wish for no further mail."""

import re

from sequencer.core.accents import without_accents

MENTIONS = re.compile(
    without_accents(
        r"\b(?:your|the|an?|our|their|his|her) (?:customers?|clients?|users?|subscribers?|readers|"
        r"recipients?)\b[^.!?\n]{0,60}\bunsubscribe|\bunsubscribe (?:link|button|rate|page|footer|option|"
        r"header|function|feature|message|requests?|word)s?\b|\b(?:click|hit|press(?:ed)?|clicked)["
        r"^.!?\n]{0,30}\bby (?:mistake|accident)|\b(?:do not|don't|dont|didn't|did not|never|please "
        r"don't) (?:want to |mean to |wish to )?(?:unsubscribe|remove|take (?:me|us) off|opt (?:me |us "
        r")?out|delete)\b"
        r"|\b(?:unless|if) (?:you|they|i|we)\b[^.!?\n]{0,80}\b(?:unsubscribe|stop|remove)|\b(?:how many|"
        r"people|someone|anyone|everybody)\b[^.!?\n]{0,40}\bunsubscribe|\b(?:accidentally|by mistake|not "
        r"going to|won't|would not|wouldn't)\b|\bno (?:more|further) (?:e-?mails?|mails?|messages) "
        r"(?:from|for) (?:them|him|her|other|your \w+)|\bstop sending (?:to|the|it|them|samples?|goods|"
        r"containers?|via|by|with|to my old|documents)\b|\b(?:remove|delete|take|drop) (?:the|this|that) "
        r"(?!(?:e-?mail|address|mail|account|contact|name)\b)"
        r"|\b(?:nicht|keinesfalls) (?:aus dem verteiler|abmelden|löschen)\b|\bkeine (?:weiteren )?(?:muster|"
        r"fragen)|\bne (?:me|nous) (?:désabonnez|retirez|supprimez) pas\b|(?:不要|别|別|请勿)(?:退订|"
        r"取消订阅|删除)|(?:не) (?:отписывайте|удаляйте)\b"
        # A copy of others' letters, and a list they want to be on.
        r"|\bcc\b|\bкопи[иейюя]\b|\b(?:la|en|de) copi[ae]\b|\bcópia\b|\b(?:w|z) kopii\b|\bin kopie\b|抄送"
        r"|\bin (?:ihren?|den|die) (?:verteiler|liste|datenbank)\b|\btragen sie\b[^.!?\n]{0,80}\bein\b"
        r"|\bnehmen sie\b[^.!?\n]{0,80}\bauf\b|\bnehmen sie bitte (?:diese|folgende|die)\b(?![^.!?\n]{0,"
        r"60}\b(?:aus|vom|von)\b)|\b(?:craign|peur de)|(?:客户|顾客|用户|他们|她们?|他)[^。\n]{0,4}不(?:想|"
        r"要)"
        r"|電話[^。\n]{0,6}連絡|メール(?:へ|へ?の|に)?添付|\bmy colleague\b"
        r"|\bopt out of (?:the|our|a|that) (?!e-?mail|mail|list|newsletter|campaign|marketing|communic|"
        r"future|further)"
        r"|\b(?:old|former|wrong) (?:e-?mail )?address\b|\b(?:alten?|ancienne|oude|gamla|gamle|starou|"
        r"stary|starego|"
        r"eski) (?:e-?mail-?)?adre\w+|\bстар\w{2,3} (?:адрес|почт)|\b(?:vieja|antigua) direcci|\bvecchio "
        r"indirizzo|\bendereço antigo|"
        r"\brégi cím|\badresa veche|\bπαλιά διεύθυνση|旧地址|老地址|旧邮箱|古いアドレス|이전 주소|địa chỉ "
        r"cũ|alamat lama|"
        r"العنوان القديم|הכתובת הישנה|\b(?:streichen|nehmen|löschen|entfernen) sie (?:mich|"
        r"uns)[^.!?\n]{0,12}\bnicht\b|\buse [\w.+-]{1,64}@",
    ),
    re.IGNORECASE,
)
"""A sentence that speaks of unsubscribing without asking for it."""

SELF_AND_LIST = re.compile(
    without_accents(
        r"\b(?:me|us|my|our|mich|uns|mein\w*|moi|nous|mon|mes|notre|mi|nuestr\w+|mij|ons|mijn|mig|meg|oss|"
        r"mnie|"
        r"nas|mne|ma|minut|mă|ne|меня|нас|мене|με|beni|bizi)\b.{0,60}(?:\blist|verteiler|database|datenbank|"
        r"mailing|newsletter|base|lijst|список|списк|рассыл|розсил|λιστα|mail)"
    ),
    re.IGNORECASE,
)
"""A request that names the writer and a list: goods named after it don't make it one about goods."""

UNSUBSCRIBING = re.compile(
    without_accents(
        r"unsubscri|opt (?:me |us )?out|abmeld|abbestell|désabonn|désinscri|desuscri|darme de baja|"
        r"descadastr|disiscri|avregistrer|avprenumer|wypis|odhlás|leiratkoz|dezabon|отпис|відпис|"
        r"abonelikten|配信停止|수신 ?거부|odjav|απεγγραφ"
    ),
    re.IGNORECASE,
)
"""Words that are said of lists alone, whatever number or goods stand beside them."""

GOODS = re.compile(
    without_accents(
        r"\b(?:goods|cargo|shipment|pallet|pdfs?|paper|printed|certificates?|merchandise|production)\b|"
        r"\b(?:ware|lieferung|palette|dollar)|\b(?:marchandise|livraison|colis|palette)|\b(?:mercancía|pedido|"
        r"palet)|\b(?:merce|spedizione)\b|\bmercadoria|\bfactuur|pro ?forma|\bzending|\bdouane|\bpapieren|"
        r"\bpaller?\b|\bplast|\btowar|\bpalet|\bzboží|\btovar|\báru|\bmarf[aă]|\bгруз|\bтовар|\bбрак\b|"
        r"\bвантаж|\bстока|\bεμπόρευμ|\bπροϊόν|\b(?:mal|mall[ae]r\w*|ürün\w*|koli\w*)\b|\brob[aeu]\b|\bblag[aou]|"
        r"\bpreki|\bprek[eė]|\bpre[cč]e|\bkaupa?\b|\bbarang|بضاع|شحن|משלוח|סחורה|第.{1,3}[项項行条]|货|貨|订单|訂單|套|商品|製品|제품|"
        r"\bsampl|\bmuster|échantillon|\bmuestra|\bcampion|\bamostra|\bmonsters?\b|\bprov(?:er|bit|ex)|"
        r"\bvzork|"
        r"próbk|\bmintá|\bmostr[ei]|\bобраз(?:ц|ец)|\bзраз|\bмостр|numune|样品|樣品|サンプル|見本|샘플|\bmẫu|hàng|"
        r"\bsampel|عينات|العينات|דוגמ|ตัวอย่าง|नमून|\bitems?\b|\bpositi?on|\barticle|\bligne|\blínea|"
        r"\bartículo|"
        r"\barticolo|\bcodice|\bcódigo|\briga\b|\bpozyc|\bzamówie|\bpolož|\btétel|\bpozi[cț]|\bstavk|\beilut|"
        r"\brind[aiu]|\brida\b|строк|позици|специфик|заказ|позиці|поръчк|\bsatır|\bkalem|\bartikel|"
        r"\brad(?:en)?\b|"
        r"\blinj|\brivi|פריט|שורה|بند|الصنف|รายการที่|品番|型番|項目|품목|항목|型号|型號|货号|样|\binvoice|\brechnung|"
        r"\bfactura|\bfacture|\bdrawing|\bzeichnung|\border\b|\bbestellung|\bcontainer|\bparcel|\bdhl\b|"
        r"\bfedex|"
        r"\bups\b|\bcourier|\bkurir|\bkargo|\bper post|\bby post|\bpar la poste|\bpocztą\b|почтой|"
        r"顺丰|快递|邮政|"
        r"(?<![A-Za-z0-9_@.+-])\d{1,6}(?![\w@.-]{0,64}@)(?![A-Za-z0-9])"
    ),
    re.IGNORECASE,
)
"""Things of trade and ways to ship them: `remove item 3`, `send no samples` ask for no silence."""

NOT_YET = re.compile(
    without_accents(
        r"\b(?:yet|before|until|for now|for the moment)\b|\bnoch (?:nicht|keine)\b|\b(?:pas encore|avant)\b|"
        r"\b(?:todavía|aún|antes)\b|\b(?:ancora|prima)\b|\b(?:ainda|antes)\b|\bnog (?:niet|geen)\b|\bännu|"
        r"\bendnu\b|\bennå\b|\bvielä\b|\b(?:jeszcze|przed)\b|\b(?:zatím|ještě|zatiaľ|ešte)\b|\bmeg ne\b|"
        r"\bîncă\b|"
        r"\b(?:пока|ещё|еще|до)\b|\b(?:поки|ще|перед)\b|\b(?:още|преди)\b|\bακόμ[αη]\b|\b(?:henüz|önce)\b|"
        r"\b(?:još|prije|pre|pred|šele)\b|\bdar ne|\bprieš\b|\b(?:vēl|pirms)\b|\b(?:veel|enne)\b|\b(?:dulu|"
        r"sebelum)\b|"
        r"قبل|עדיין|לפני|先(?:别|別|不|勿)|等我|等(?:船|款|确认)|暂|まだ|아직|chưa"
    ),
    re.IGNORECASE,
)
"""Beside a request to send nothing: what is asked for is a delay."""

FOOTER = re.compile(
    without_accents(
        r"\bif you (?:do not|don't|no longer|prefer|wish|want|would)\b|\b(?:wenn|falls|sofern|sollten|"
        r"möchten) sie\b|"
        r"\bsi vous (?:ne )?(?:souhait|désir|voul|préfér)|\b(?:si (?:usted )?(?:no )?(?:dese|quier)|"
        r"puede(?:n|s)? "
        r"(?:darse|solicitar|ejercer|cancelar))|\bse (?:non )?(?:desidera|vuole|volete|vuoi)|\b(?:caso|se) "
        r"(?:você "
        r")?não (?:queira|deseje|quiser|desejar)|\bcaso (?:queira|deseje)|\b(?:wilt|wenst|indien|als) u\b|"
        r"\bwil je "
        r"(?:je|geen)\b|\bom du\b|\b(?:hvis|ønsker) du\b|\b(?:jos|mikäli) (?:et|haluat|ette)\b|\b(?:jeśli|"
        r"jeżeli)\b|"
        r"\b(?:pokud|jestliže|ak si|ak už)\b|\bamennyiben\b|\bha (?:nem kíván|le kíván|nem szeretn)|\bdacă "
        r"(?:nu "
        r")?(?:mai )?(?:dori|vre)|\bесли вы\b|\bякщо ви\b|\bако (?:не )?желае|\b(?:αν|εάν) (?:δεν "
        r")?(?:επιθυμ|θέλετ)|"
        r"(?:yor|ır|ir|er|ar)s[ae]n[iı]z\b|(?:如果|如|若|倘若)(?:您|你)?(?:不想|不希望|不愿|需|要|想|欲)|"
        r"(?:ご希望|希望(?:される|する)?|解除|停止|不要|不要な)(?:の|な|される|する)?(?:方|場合|際)|"
        r"(?:원하시|원하지|하시려|원할|원하실)|\bnếu (?:quý|bạn|không muốn)|\bjika anda\b|إذا (?:كنت|لم|"
        r"أردت)|"
        r"אם (?:אינ|את|ברצונ)|หาก(?:คุณ|ท่าน|ไม่)|(?:यदि|अगर) आप|اگر "
    ),
    re.IGNORECASE,
)
"""A sentence to the reader under the writer's own mails: it offers to unsubscribe, and asks for nothing."""
