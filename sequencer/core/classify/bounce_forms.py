"""How mail systems name themselves, what they say and where they put the address, as tables to extend."""

import re

_ADDRESS = (
    r"[A-Za-z0-9!#$%&*+/=?^_{|}~.-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}[A-Za-z0-9]"
    r"(?![A-Za-z0-9-]|\.[A-Za-z0-9])"
)

MACHINES = re.compile(
    r"^\W{0,2}(?:mailer[-_. ]?daemon|post[-_.]?master|mail[-_. ]?delivery|maildelivery|mail[-_. ]?daemon|"
    r"mdaemon|mail[-_ ]?system|"
    r"mail[-_ ]?admin|smtp[-_ ]?(?:server|daemon|mail)|bounces?|bounced|ndr|symantec_antivirus|imss|"
    r"e500_smtp|amavis|"
    r"microsoftexchange[0-9a-f]{20,}|double-bounce|mailgateway|mail-gateway|system administrator|"
    r"exchange-system)(?![a-z0-9])"
    r"|mail delivery (?:sub)?system|mail administrator|mailer[- ]daemon|postmaster|系统退信|退信|"
    r"邮件系统|mail system"
    r"|mail\.delivery\.system|system administrator|administrador de sistema",
    re.IGNORECASE,
)

ADMINISTRATORS = re.compile(
    r"\W{0,3}(?:systemadministrator|systemadministratör|systemansvarlig|systemansvarig|administrateur "
    r"(?:du )?système|administrador del? sistema|amministratore (?:di|del) sistema|systeembeheerder|"
    r"järjestelmänvalvoja|administrator (?:systemu|de sistem|sustava|sistema)|správ[cs][ea] systému|"
    r"správca systému|rendszergazda|sistem yöneticisi|системный администратор|системний адміністратор|"
    r"системен администратор|διαχειριστής συστήματος|システム管理者|시스템 관리자|系统管理员|系統管理員|"
    r"مسؤول النظام|מנהל המערכת|ผู้ดูแลระบบ|quản trị viên hệ thống|administrator sistem|メール配信システム)"
    r"\W{0,3}",
    re.IGNORECASE,
)
"""Exchange's name for itself: the whole of a display name, since people bear the title beside theirs."""

SUBJECTS = re.compile(
    r"^\W{0,4}(?:\[[^\]]{1,40}\]\s?)?(?:failure notice|failure delivery|undeliver(?:able|ed)|returned "
    r"(?:mail|e-?mail|to sender)|(?:mail )?delivery (?:has )?(?:failure|failed|error|problem|warning|"
    r"report|status|unsuccessful|incomplete|delayed)"
    r"|delivery status notification|mail (?:delivery )?(?:failure|failed|error|not delivered|could not|"
    r"system error|status report|returned)|message (?:delivery )?(?:failure|failed|not delivered|"
    r"undeliverable|delayed|delivery has)"
    r"|permanent delivery failure|automatically rejected|nondeliverable|non[- ]?delivery|could not (?:be "
    r")?deliver|(?:your )?(?:message|mail|email).{0,60}(?:could not be|couldn't be|was not|cannot be|"
    r"not) delivered"
    r"|warning: (?:message|could not send|mail)|delayed mail|mail bounced|bounced mail|rejected mail|"
    r"mail rejected|processing error|failed mail to\b|non-delivery:"
    r"|unzustellbar|nicht zustellbar|non remis|échec de (?:la )?(?:remise|distribution)|no se (?:puede|"
    r"ha podido|pudo) entregar|no entregado|non recapitabile|mancato recapito|niet te bezorgen|"
    r"onbestelbaar|kan niet worden (?:bezorgd|afgeleverd)"
    r"|não (?:é possível entregar|entregue)|falha na entrega|nie można dostarczyć|niedostarczon|"
    r"nedoručiteln|kézbesíthetetlen|nelivrabil|imposibil de livrat|teslim edilemedi|iletilemedi|"
    r"olevererbar|går inte att leverera|kan ikke leveres|ei voitu toimittaa|kohaletoimetamatu|"
    r"nepiegādājam|neįmanoma pristatyti"
    r"|не ?доставлен|недоставленное|ваше сообщение не доставлено|не удалось доставить|не вдалося "
    r"доставити|недоставимо|δεν (?:είναι δυνατή|παραδόθηκε)"
    r"|系统退信|退信|来自.{1,30}的退信|無法傳遞|无法送达|無法送達|无法投递|未送达|投递失败|未传递|"
    r"配信不能|配信できません|メッセージを配信できません|送信できませんでした|배달되지 않음|배달할 "
    r"수 없음|전송 실패"
    r"|لم يتم التسليم|تعذر تسليم|غير قابل للتسليم|לא ניתן למסירה|(?:ไม่สามารถ)?ส่งไม่ได้|ไม่สามารถส่งได้"
    r"|(?:thư )?không (?:thể )?gửi được|tidak (?:dapat )?terkirim|det går inte att leverera|neisporučiv"
    r"|nedoručiteľn|nedostavljiv|недоставен|(?:лист|письмо|сообщение|повідомлення) не (?:было )?доставлен"
    r"|zpráva nebyla doručena|wiadomość niedostarczona|zwrot wiadomości|mensagem (?:devolvida|não entregue)"
    r"|mensaje (?:devuelto|no entregado)|messaggio non (?:consegnato|recapitato)|avis de non[- ]remise"
    r"|ileti teslim edilemedi|zustellfehler|unzustellbarkeits\w+|邮件退回|郵件退回|メール送信失敗|配信失敗)",
    re.IGNORECASE,
)

UNMANNED = re.compile(r"daemon|deliver|bounce|microsoftexchange|\bndr\b|退信", re.IGNORECASE)
"""Senders that nobody writes as, however their relay marks the mail."""

TRANSCRIPT = re.compile(
    r"\b(?:rcpt to|mail from):|\berror message below|\btranscript of|^(?:final|original)-recipient:",
    re.IGNORECASE | re.MULTILINE,
)
"""What only a system writes into its answer."""

MAIL_PROGRAMS = re.compile(
    r"thunderbird|mozilla/|apple mail|i(?:phone|pad) mail|"
    r"\bmutt\b|neomutt|outlook|k-?9 ?mail|evolution|"
    r"kmail|"
    r"roundcube|squirrelmail|horde|foxmail|the bat|eudora|alpine|\bpine\b|gnus|claws|sylpheed|mailmate|"
    r"airmail|"
    r"em client|superhuman|sparrow|webmail",
    re.IGNORECASE,
)
"""What people write with; a mail system's own report names none of them."""

SAID_OF_DELIVERY = re.compile(
    rf"{_ADDRESS}|\b[45]\.\d\.\d{{1,3}}\b|(?<![\d.,])[45]\d\d[ -](?:\d\.\d|[A-Z#\"'<])|^\s*--- below this",
    re.IGNORECASE | re.MULTILINE,
)
"""An address, a status or a reply code: a report of a system that has one of its names gives one."""

DELAY_WORDS = re.compile(
    r"warning: could not send|warning: (?:message|mail).{0,80}delayed|(?:message|mail|delivery).{0,"
    r"80}\b(?:delayed|delay\b|deferred)|delayed mail|still being retried|not yet been delivered|has "
    r"not yet been delivered"
    r"|will (?:keep|continue|be) (?:trying|retr|attempt)|will be retried|will try again|delivery "
    r"attempts will continue|do not need to resend|no action is required on your part|temporary "
    r"(?:non-)?fatal errors|\(delay\)|delivery (?:is|has been) delayed"
    r"|will (?:keep|continue) to (?:try|attempt)|has been postponed"
    r"|verzögert|retardé|retrasad[oa]|ritardat|задерж|延迟|延遲|配信(?:が)?遅(?:延|れ)",
    re.IGNORECASE,
)

FAILURE_WORDS = re.compile(
    r"duplicated message-id in <|did not reach the following recipient|did not exactly "
    r"match an?\b|qmail-send program|message was created automatically by (?:the )?mail "
    r"(?:delivery|transport)|this "
    r"is the (?:mail system|postfix|dragonfly|machine generated|email system|symantec|mail delivery)|"
    r"had (?:permanent )?(?:fatal|delivery) errors|"
    r"following (?:address(?:es)?|recipient\(?s?\)?|message|user)[^.]{0,60}(?:fail|not|error|could|"
    r"reject|undeliver|problem|had)|(?:could|can|was|were|has|have)(?:n't| ?not)(?: be| been)?(?: "
    r"successfully)? (?:deliver|sent|send|accept|process|reach)|unable to deliver|undeliver(?:able|"
    r"ed)|"
    r"deliver(?:y|ing)\b[^.]{0,80}\b(?:fail|error|reject|impossible|unsuccess|problem)|failed (?:to|"
    r"permanently|recipient|address|final)|fail(?:ed|ure) (?:to deliver|delivery|delivering)|"
    r"returned (?:to (?:you|sender|the sender)|mail|below|as undeliv)|"
    r"(?:permanent|fatal) (?:error|failure)|(?:user|host|recipient|mailbox|domain|address) (?:is "
    r")?(?:unknown|not found|unavailable|unlisted|full)|user .{1,80} not (?:listed|known|found)|does "
    r"not exist|no such (?:user|mailbox|address)|mailbox (?:is )?(?:full|unavailable|not found)|over "
    r"quota|"
    r"(?:message|mail|email) (?:was |has been |is )?(?:rejected|refused|blocked|bounced|returned)|"
    r"transcript of session|\b5\d\d[ -]\d\.\d\.\d|\b55[0-4] |not (?:a )?member|account (?:is "
    r")?(?:disabled|suspended)|non[- ]?delivery|bounce message|"
    r"退信|无法(?:送达|投递|到达|发送)|未能(?:送达|投递|发送)|不存在|投递失败|被退回|无法傳遞|"
    r"無法(?:送達|傳遞|投遞)|配信(?:でき|不能)|送信でき|届けることができません|배달|не (?:был[оа]? "
    r")?доставлен|не удалось доставить|не может быть доставлен|unzustellbar|nicht zugestellt|konnte "
    r"nicht|non (?:è stato|remis|distribu)|"
    r"n'a pas pu être (?:remis|délivr|distribu|livr)|no (?:se )?(?:pudo|puede|ha sido|fue) (?:ser "
    r")?entreg|não (?:pôde|foi|pode) (?:ser )?entreg|niet (?:worden )?(?:bezorgd|afgeleverd)|nie "
    r"(?:mogła|można|została) .{0,20}dostarcz|teslim edilemedi|iletilemedi"
    r"|(?:não|no) (?:pôde|pudo|ha podido|se ha podido|ha sido) (?:ser )?entreg|error de entrega a|falha na "
    r"entrega|échec de la remise|(?:n'a|n’a) pu être (?:remis|distribu|livr)|recapito non riuscito|non è "
    r"stato (?:consegnato|recapitato)|doručen\w{0,4} .{0,40}(?:nezdařil|zlyhal)|nemohla být doručena|"
    r"nem sikerült a kézbesítés|livrarea nu a reușit|сбой доставки|не може бути доставлен|не вдалося "
    r"доставити|не можа да бъде доставен|неуспешна доставка|(?:лист|письмо) .{0,40}не (?:было )?доставлен|"
    r"η παράδοση απέτυχε|det gick inte att leverera|levering .{0,60}mislyk|toimitus .{0,60}epäonnistui|"
    r"afleveren .{0,60}mislukt|isporuka .{0,40}nije uspjela|dostarczenie .{0,80}nie powiodło|配信に失敗|"
    r"無法傳遞|傳遞至.{0,20}失敗|被退回|(?:보내지|전송되지|배달하지) 못|فشل التسليم|המסירה .{0,40}נכשלה|"
    r"การส่งล้มเหลว|gửi không thành công|không gửi được vì|kunne ikke leveres",
    re.IGNORECASE,
)

REPORT_TITLE = re.compile(r"-{2,5} ?non-?delivery report ?-{2,5}\n", re.IGNORECASE)
"""How a gateway's text begins that names itself nowhere else."""

FORMULA_LINE = re.compile(
    r"[*=_-]{5,100}|(?P<formula>votre message n'a pas p[uû] [eê]tre d[eé]livr[eé] [aà]"
    r"|(?:your|the) (?:e-?mail|mail|message) could not be delivered to) ?:?"
    rf"|(?P<address><?{_ADDRESS}>?)",
    re.IGNORECASE,
)
"""Lines of a text of nothing but a gateway's formula: nobody writes so, whatever the sender is called."""

_LINES = re.IGNORECASE | re.MULTILINE

_BLANK_LINES = r"(?:(?:[^\S\n]*+\n){1,40}+)"
"""Taken whole or not at all, so that a thousand blank lines are not split in every way there is."""

STRONG_FORMS: tuple[re.Pattern[str], ...] = (
    # Postfix and qmail: the address alone in brackets, then a colon; an alias it was expanded from is ours.
    re.compile(
        rf"^\s{{0,4}}<[^<>\n]{{3,200}}>\s*\((?:expanded|generated) from\s*<?(?P<address>{_ADDRESS})>?\)",
        _LINES,
    ),
    re.compile(
        rf"^\s{{0,8}}{_ADDRESS}\s*\n\s*\((?:expanded|generated) from:?\s*<?(?P<address>{_ADDRESS})>?\)",
        _LINES,
    ),
    # sendmail's transcript, and gateways that list refusals with a bullet.
    re.compile(rf"^[45]\d\d (?:[45]\.\d\.\d{{1,3}} )?<(?P<address>{_ADDRESS})>\.\.\.", _LINES),
    re.compile(rf"^\s{{0,8}}\* \[(?P<address>{_ADDRESS})\]:", _LINES),
    # Exchange before 2007 names it with the date, alone or inside an X.400 address.
    re.compile(
        r"^(?:[^\n@]{0,160}SMTP=)?(?P<address>[A-Za-z0-9!#$%&*+/?^_{"
        r"|}~.-]{1,64}@[A-Za-z0-9.-]{1,252}[A-Za-z0-9])"
        r";? on (?:\w{3}, )?\d",
        _LINES,
    ),
    re.compile(rf"\b(?:of this mailing list|duplicated message-id in) <(?P<address>{_ADDRESS})>", _LINES),
    re.compile(rf"^[^<>\n:]{{0,80}}<(?P<address>{_ADDRESS})>: malformed address", _LINES),
    # Exim lists each at an indent of two, its answer deeper.
    re.compile(rf"^ {{2}}(?P<address>{_ADDRESS})$", _LINES),
    re.compile(rf"^\s{{0,4}}<(?P<address>{_ADDRESS})>(?:\s*\([^()\n]{{0,200}}\))?\s?:", _LINES),
)
"""Where only a failed address can stand."""

WEAK_FORMS: tuple[re.Pattern[str], ...] = (
    # Exim, sendmail and others: a line of its own under a heading that speaks of recipients or addresses.
    re.compile(
        rf"(?:recipient|address|user|destinat|收件人|адрес|empfänger)[^\n]{{0,220}}\n{_BLANK_LINES}?"
        rf"(?:{_BLANK_LINES}|[^\S\n]*+[^\s@][^\n@]{{0,160}}\n){{0,3}}[ \t]*(?:to:? ?|-\s?|"
        rf"\d+\.?\s)?[<'\"(]?(?P<address>{_ADDRESS})[>'\")]?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:recipient(?:s| address)?|rcpt to|final-recipient|original-recipient|to address|failed "
        rf"address|addressee|intended recipient|undeliverable to|mailbox|delivered to|delivery to|"
        rf"deliver(?:ed)? (?:your |the )?(?:message|mail|email)?\s?to|sent to|message (?:you sent "
        rf")?to|mail to|email to|user|address|unknown|(?:收件人|收信人)(?:邮件地址|地址)?|адрес\w*)"
        rf"(?:\s(?:the|following|address|recipient|user|is|was|account|email|name|mailbox|failed|<)){{0,"
        rf"4}}[\s:=;\"'<(\uff1a]{{1,8}}(?:rfc822;\s?|mailto:)?(?P<address>{_ADDRESS})",
        re.IGNORECASE,
    ),
    re.compile(rf"^[ \t]{{0,10}}[<\"']?(?P<address>{_ADDRESS})[>\"']?[ \t]*(?:$|[:;,.-]|\()", _LINES),
    re.compile(rf"[<(\"'](?P<address>{_ADDRESS})[>)\"']", _LINES),
    re.compile(rf"(?P<address>{_ADDRESS})", _LINES),
)
"""Where our own address may stand as well. All are tried in order; the first found names the failed ones."""

LOCAL_NAME = re.compile(
    r"(?:recipients? (?:could not|cannot|was not|were not)[^:]{0,200}(?:@[^:]{0,100})?:[ \t]*\n|\bnot "
    r"delivered "
    r"to the following:[ \t]*\n(?:[ \t]*\n)?)[ \t]{1,8}"
    r"(?P<local>[A-Za-z0-9][\w.-]{1,63})(?:[ \t]*(?:\n|$)|[ \t]{2,8}[A-Z])",
    re.IGNORECASE,
)
"""AOL's form, and phquery's: a name without its domain, which is the sender's without its host."""
