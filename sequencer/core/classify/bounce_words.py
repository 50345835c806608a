"""Wording of refusals, by the reason it tells of: an ordered table, the first match speaks."""

REASON_WORDS: tuple[tuple[str, str], ...] = (
    # Forms that hold the words of another reason stand first.
    ("mailererror", r"^(?:procmail|maildrop|vacation): |(?::|rejected:) mailer error"),
    ("systemerror", r"internal system error|queue file write error|duplicated message-id in <"),
    (
        "hostunknown",
        r"host or domain name not found|name service error.{0,120}: host not found|\bhost not found$",
    ),
    ("notaccept", r"doesn't receive e?-?mail according to"),
    (
        "spamdetected",
        r"due to spam classification|black-?listed url|[-:] spam\.|\burl in message\b.{0,60}black",
    ),
    (
        "mailboxfull",
        r"messages in recipient's mailbox exceed|user mailbox exceeds|mailbox.{0,20}exceeds allowed",
    ),
    (
        "badreputation",
        r"due to (?:\w+ )?(?:ip |domain )?reputation|unexpected volume or user complaints",
    ),
    ("filtered", r"due to recipient preferences"),
    (
        "securityerror",
        r"turn on smtp authentication|delivery not authorized",
    ),
    (
        "blocked",
        r"refused to talk to me|my name was rejected|not accepting connections"
        r"|a problem occurred\. \(ask your postmaster",
    ),
    (
        "rejected",
        r"unrout(?:e)?able sender|from: domain is invalid|valid from:|'send mail as' account",
    ),
    ("syntaxerror", r"malformed address: "),
    (
        "notcompliantrfc",
        r"duplicate header|multiple addresses in from|more than one (?:from|address)",
    ),
    ("virusdetected", r"virus|infected|malware (?:was )?(?:found|detected)|threat detected|worm\b"),
    (
        "authfailure",
        r"\bdmarc\b|\bspf\b(?! record is fine)|\bdkim\b|sender policy framework|unauthenticated "
        r"(?:e?mail|sender)|5\.7\.(?:20|21|22|23|24|26|27|30)\b"
        r"|5\.7\.509|sender (?:id|authentication) (?:check|failed)|not authorized to send (?:mail "
        r")?(?:from|on behalf)|not permitted to (?:relay|send) .{0,40}from",
    ),
    (
        "requireptr",
        r"reverse (?:dns|hostname|mapping|lookup|name)|\bptr\b|no rdns|\brdns\b|hostname (?:lookup "
        r")?(?:verification|mismatch)|cannot find your (?:hostname|reverse)"
        r"|cannot resolve your (?:hostname|address)|client host rejected: cannot find|5\.7\.25\b|does "
        r"not have a valid (?:reverse|hostname)",
    ),
    (
        "spamdetected",
        r"\b(?:is|as|like|be|considered|looks|classified|identified|detected|flagged|suspected)\b.{0,"
        r"40}\b(?:spam|spamlike|junk|uce|unsolicited)\b"
        r"|\bspam(?:message)? (?:message )?(?:re?jected|detected|content|refused|score|filter)|"
        r"spam-?like|message content rejected.{0,30}spam|dspam|spamassassin|high spam"
        r"|bulk (?:mail|e-?mail) (?:detected|rejected)|rejected (?:as|because of|due to) (?:suspected "
        r")?spam|550 high|\bube\b|[-:] ?spam$|message content rejected|spam classification|suspected "
        r"spam|垃圾邮件"
        r"|unsolicited (?:mail|e?-?mail|message|bulk)",
    ),
    (
        "speeding",
        r"rate (?:limit|control)|(?:sending|receiving|mail|being) (?:rate|at a rate)|too (?:fast|"
        r"frequent(?:ly)?)|frequency limit(?:ed)?|limit(?:ed)? the rate|daily (?:sending |user "
        r")?(?:quota|limit)|message (?:count )?quota .{0,20}for sender|5\.4\.5\b|unusual rate"
        r"|frequenc(?:y|ies)|throttl|too many messages|sent (?:to )?too many|exceed(?:s|ed"
        r"|ing)? .{0,30}\brate\b|"
        r"slow down|discarded by frequency|unexpected sending|too much fail"
        # NetEase's codes for pace and the day's quota (mail.163.com/help/help_spam_16.htm).
        r"|\b(?:hl:(?:rep|icc|if[cq]|itc|mep)|mi:(?:sfq|dmc|ccl|cel|stc)|rp:(?:qrc|trc|drc|ccl|cel|rcl))\b",
    ),
    (
        # QQ of a buyer who gets too much at the moment; Exmail where it only suspects a wrong address.
        "onhold",
        r"unavailable or access denied|may contain a non-?existent",
    ),
    (
        "toomanyconn",
        r"too many recipients|too many (?:concurrent )?(?:connection|sessions|simultaneous)"
        r"|connection (?:limit|rate)|"
        r"max(?:imum)? (?:number of )?connections|concurren(?:t|cy) (?:connection|limit)",
    ),
    (
        "exceedlimit",
        r"recipients? (?:limit|quota)|message (?:count )?quota (?:exceeded|is full) "
        r"for sender|exceeds? (?:the )?(?:fixed |maximum )?(?:number of )?(?:recipients|hop|"
        r"attachments|lines)"
        r"|too many attachments|RecipSizeLimit|too large for this recipient|exceeds limit set by "
        r"recipient|5\.2\.3\b",
    ),
    (
        "mesgtoobig",
        r"(?:message|mail|e-?mail|data|size|body).{0,40}(?:too (?:big|large)|exceed(?:s|ed)? .{0,"
        r"40}(?:size|limit|maximum|kb|mb|bytes))|(?:size|length) (?:limit )?exceed|5\.3\.4\b"
        r"|exceed(?:s|ed)? .{0,30}(?:message size|maximum size|size limit|file size|allowable message "
        r"size)|552 5\.3\.4|max(?:imum)? (?:message |mail )?size",
    ),
    (
        "mailboxfull",
        r"(?:mail ?box|inbox|mailfolder|maildir|account|user|recipient|storage|disk|mail ?dir).{0,"
        r"60}\b(?:full|quota|over ?quota|exceeded (?:its |their )?(?:storage|quota)|out of space)\b"
        r"|over ?(?:-|the )?(?:disk )?(?:quota|storage)|quota (?:has been )?(?:exceeded|violation|full|"
        r"limit)|exceed(?:s|ed|ing)? (?:its |the |their |his |her )?.{0,30}(?:quota|disk|storage|"
        r"mailbox size|mail ?box)"
        r"|mail ?box (?:is )?(?:too (?:big|large)|exceeds|size limit)|insufficient (?:disk|storage|"
        r"space) .{0,30}(?:mailbox|user|recipient)|\b[45]\.2\.2\b|not enough (?:storage|disk) space"
        r"|邮箱(?:空间)?已?满|容量(?:已)?(?:满|不足)|переполнен|mailfull|no space left .{0,20}mail|too "
        r"much mail|mailbox_full|boite (?:aux lettres )?pleine|bo[iî]te .{0,30}pleine|postfach .{0,"
        r"30}voll|buz[oó]n .{0,20}lleno",
    ),
    (
        "systemfull",
        r"(?:mail )?system (?:is )?full|no space left on|insufficient system (?:storage|resources)|"
        r"server (?:is )?out of (?:disk|space)|\b[45]\.3\.1\b",
    ),
    (
        "rejected",
        r"domain of sender|sender (?:address|domain|verif\w+)?.{0,20}(?:rejected|denied|refused|does not "
        r"exist|verif\w+ fail\w*|unknown|invalid|not found)|sender rejected|(?:envelope|mail) from "
        r".{0,80}(?:rejected|refused|denied)",
    ),
    (
        "norelaying",
        r"relay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:allowed|permitted)|prohibited|refused|"
        r"disabled)|(?:unable|not allowed|cannot|refus\w+) to relay|we do(?: not|n't) relay|not (?:a "
        r")?relay|relaying mail|not local .{0,20}relay"
        r"|no relaying|insecure mail relay|mail server requires authentication|not (?:one )?of "
        r"our (?:hosted )?domains|"
        r"5\.7\.54\b|that domain isn't in my list",
    ),
    (
        "notcompliantrfc",
        r"(?:violat\w*|per|see|against|comply with|compliant with|required by) rfc ?-?\d{3,4}|not (?:rfc "
        r")?compliant|multiple addresses in from|(?:invalid|missing|duplicate|multiple|bad|"
        r"malformed) (?:.{0,20})?(?:header|message-id|from: header|subject)|bare (?:lf|newline|cr)",
    ),
    (
        "badreputation",
        r"(?:bad|poor|low|negative) (?:sender |ip |domain )?reputation|reputation (?:of|is|score|service|"
        r"too)|senderbase|senderscore|low reputation",
    ),
    (
        "blocked",
        r"black ?-?list|block ?-?list|\bdnsbl\b|\brbl\b|spamhaus|spamcop|barracuda(?:central| "
        r"reputation)|\bsorbs\b|abuseat|\bcbl\b|\b(?:ip(?: address)?|client host|(?:sending|your|"
        r"this) (?:host|server|ip|network|mail server|ip address|domain))\b.{0,60}\b(?:block(?:ed)?|"
        r"banned|rejected|refused|denied|listed)\b"
        r"|(?:banned|blocked) (?:sending|ip|host|using|by)|access denied.{0,40}(?:ip|host|network|"
        r"client)|5\.7\.(?:1\.)?60[6-9]|5\.7\.511|listed (?:at|in|by|on) \S{0,40}(?:bl|rbl|dnsbl|"
        r"list|\.(?:org|net|com))\b|ip frequency|from your (?:ip|host|network)|dynamic ip"
        r"|unable to receive .{0,30}from (?:this|your) (?:ip|host)|bad (?:helo|host)|helo (?:command "
        r")?rejected|\bdynamic\b.{0,20}(?:address|ip|pool)|S3150|JunkMail rejected",
    ),
    (
        "suspend",
        r"(?:account|mailbox|user|recipient|address|mail).{0,50}\b(?:suspended|disabled|deactivated|"
        r"inactive|locked|frozen|blocked|not active|dormant|expired account|on hold)\b|\b(?:disabled|"
        r"inactive|suspended|deactivated|locked) (?:user|account|mailbox|recipient|address|due)"
        r"|domain .{0,20}(?:is )?suspended|not active|boite .{0,20}archiv|vdelivermail: account is locked",
    ),
    (
        "hasmoved",
        r"has (?:been )?moved|(?:user|address|mailbox|recipient|account) (?:has )?(?:changed|moved)|has "
        r"been replaced by|has (?:left|changed) .{0,30}address|no longer (?:works|employed)|"
        r"5\.1\.6\b|please (?:use|try) (?:the )?new address|551 5\.1\.6|551 user (?:not local|has)",
    ),
    (
        "userunknown",
        r"(?:user|recipient|mailbox|account|address|addressee|alias|local[ -]?part|person|customer|"
        r"e-?mail|destination|name|id)\b.{0,60}\b(?:unknown|not (?:be )?found|(?:does|do|did)(?: not|"
        r"n't|n’t) (?:exist|appear|have an? (?:account|mailbox))|not exist(?:ing|s)?|invalid|not "
        r"(?:valid|known|listed|recogni[sz]ed|exist)|non-?exist\w*|isn't (?:valid|listed)|is not "
        r"(?:a )?(?:valid|known|our|local|active user|registered)|undeliverable|bad|has been "
        r"(?:deleted|removed|discontinued|closed|terminated)|discontinued|unavailable or not local|"
        r"(?:is )?no longer (?:available|valid|exists?|in use|active|here|used|accept\w*|on (?:this "
        r")?server))\b"
        r"|(?:unknown|no such|invalid|nonexist\w*|non-existent|bad|illegal|unrouteable|incorrect|"
        r"undefined|unrecogni[sz]ed|not a valid|not a known|unregistered) (?:local )?(?:user|"
        r"recipient|mailbox|address|account|addressee|alias|person|local[ -]?part|destination "
        r"mailbox|destination|e-?mail|customer|username|mail drop|name|rcpt|id)\b"
        r"|(?:there is )?no (?:mail ?box|user|account|one|person|recipient|such|valid recipients?|"
        r"mailbox)\b.{0,50}\b(?:here|by that|with (?:that|this)|named?|exists?|found|such|user|"
        r"account|address|name)"
        r"|doesn't have an? .{0,40}account|has no (?:mailbox|account)|this user doesn't have|not (?:a "
        r")?(?:valid|our) (?:mailbox|user|customer|recipient|address)|\b5\.1\.(?:1|3)\b|"
        r"\b5\.1\.0\b.{0,40}(?:address|unknown|recipient)|recipnotfound|recipientnotfound|user "
        r"doesn'?t exist"
        r"|(?:user|recipient|mailbox|account|address) (?:.{0,40} )?not found|couldn't be found|wasn't "
        r"found|unable to (?:find|locate) (?:the )?(?:user|recipient)|cannot find (?:the )?(?:user|"
        r"recipient|mailbox)|mailbox unavailable(?! or busy)|mailbox not found|can't (?:find|create) "
        r"(?:a )?(?:user|mailbox|output)|addressee rejected|recipient "
        r"(?:address )?rejected(?:\.?\s*(?:\(|$)|: (?:undeliverable|unknown|not found|invalid"
        r"|no such))|recipient "
        r"(?:was )?not (?:accepted|ok|allowed)|user not (?:found|exist|local)|is not known"
        r"|invalid (?:final )?delivery userid|\b542 \S{3,200} rejected|unknown "
        r"to (?:us|this)|recipient address rejected: access denied|\b5\.4\.1\b.{0,200}access denied"
        r"|不存在|无此用户|用户不存在|收件人(?:地址)?(?:错误|有误|不存在)|無此|使用者不存在|нет такого "
        r"пользователя|пользователь не найден|не существует|utilisateur inconnu|destinataire "
        r"(?:inconnu|invalide|inexistant)|empf[aä]nger .{0,30}(?:unbekannt|nicht gefunden|existiert "
        r"nicht)|benutzer unbekannt|unbekannter (?:benutzer|empf)|usuario (?:desconocido|no existe|"
        r"inexistente)|destinatario (?:sconosciuto|desconocido)|utente sconosciuto|usu[aá]rio "
        r"(?:desconhecido|inexistente|n[aã]o existe)|宛先不明|ユーザー?(?:が|は)?(?:存在しません|"
        r"不明)|존재하지 않",
    ),
    (
        "hostunknown",
        r"(?:host|domain|dns|mx|server|mail exchanger|exchanger)\b.{0,60}(?:unknown|not found|(?:does|"
        r"do)(?: not|n't) exist|nonexist\w*|non-existent|no such|can(?:not|'t) be resolved|no (?:a|"
        r"mx)\b|lookup fail(?:ed|ure) permanently)|(?:unknown|no such|bad|invalid|nonexistent|"
        r"illegal|unrouteable|unroutable) (?:mail )?(?:host|domain)|nxdomain|\b5\.1\.2\b|\b5\.4\.4\b|"
        r"name (?:or service )?not (?:known|found)"
        r"|unrouteable (?:mail )?domain|no (?:mx|a|aaaa) (?:or \w+ )?record|null ?mx|couldn't find any "
        r"host|domain (?:name )?(?:is )?(?:invalid|not valid|has no|does not accept)|(?:domain|host) "
        r"must (?:exist|resolve)|域名(?:不存在|错误)|找不到.{0,12}域名|\bhost .{1,80} not found",
    ),
    (
        "notaccept",
        r"does not accept (?:any )?(?:mail|e-?mail|messages)|do(?:es)?(?: not|n't) accept mail|null mx|"
        r"\bnullmx\b|not accept(?:ing)? (?:any )?(?:mail|messages|e-?mail)\b(?! (?:from|for policy))|"
        r"smtp protocol (?:does|is) not|554 5\.7\.1 no mail service|\b521\b|\b556\b",
    ),
    (
        "securityerror",
        r"authenticat(?:ion|e) (?:required|failed|needed)|requires? (?:tls|encryption|authentication)|"
        r"security (?:policy|problem|violation|failure)|\b5\.7\.(?:0|3|8|9|10|11|13)\b|starttls|"
        r"prohibited (?:attachment|file)|(?:attachment|executable|file type).{0,40}(?:not (?:allowed|"
        r"permitted)|block|prohibit|reject)",
    ),
    (
        "rejected",
        r"sender (?:address )?(?:rejected|denied|refused|blocked|not (?:allowed|authori[sz]ed|accepted)|"
        r"verif\w+ fail\w*|unknown|domain|is)|(?:from|envelope|your) address (?:is )?(?:reject|block|"
        r"not allowed|refused|invalid)|mail from .{0,60}(?:reject|denied|not allowed|refused)|(?:you|"
        r"sender|user) (?:are|is) not (?:allowed|authori[sz]ed|permitted)|"
        r"access denied|not allowed to (?:post|send)|5\.7\.1(?:33|34|29|24)\b|5\.1\.[78]\b|you are not "
        r"(?:a )?(?:member|allowed)|is restricted|only accepts mail from|administratively "
        r"(?:prohibited|denied)|domain of sender",
    ),
    (
        "policyviolation",
        r"polic(?:y|ies)|(?:message|content|mail|transaction) (?:was |has been )?(?:rejected|blocked|"
        r"refused|denied|prohibited)|content (?:filter|not (?:allowed|accepted))|\b5\.7\.[12]\b|"
        r"rejected by|prohibited|blocked by|local policy|violat",
    ),
    (
        "expired",
        r"(?:retry|delivery|queue|message|mail).{0,30}(?:time ?-?out|expired|too (?:long|old)|lifetime)|"
        r"retry time(?:out)? exceeded|\b[45]\.4\.7\b|could not (?:be )?(?:send|deliver\w*|sent) "
        r"(?:message )?(?:for|in|within|after) .{0,20}(?:day|hour)|been (?:in|on) the queue|giving "
        r"up|max(?:imum)? (?:retries|number of (?:delivery )?attempts)|(?:this message )?(?:has been|"
        r"i've been) .{0,30}queue|too long in queue|(?:delayed|will keep trying|still being retried|"
        r"not yet been delivered|delivery delayed|temporarily deferred|message delayed)",
    ),
    (
        "networkerror",
        r"connect(?:ion)? (?:was )?(?:refused|timed? ?out|reset|closed|lost|dropped|fail\w*|error|died|"
        r"attempt)|(?:operation|conversation|session|read|host|server).{0,20}timed? ?out|time ?-?out|"
        r"no route|network (?:is )?(?:unreachable|error)|host (?:is )?(?:unreachable|down)|(?:unable|"
        r"not able|failed|could not|couldn't) to (?:connect|establish)|"
        r"dns (?:error|fail|server|lookup)|name server|lookup (?:failure|failed)|\b[45]\.4\.[0-36]\b|"
        r"\bloop(?:s|ing)?\b|too many hops|routing loop|can't connect|lost connection|sent or queued|"
        r"remote (?:host|server) (?:said|did)|无法连接",
    ),
    (
        "onhold",
        r"(?:message|mail) (?:is )?(?:on hold|held)|awaits? moderat|greylist|gr[ea]y-?list|try again "
        r"later|temporar(?:y|ily)|please retry|defer",
    ),
    (
        "systemerror",
        r"(?:system|server|service|local|internal|configuration|disk|i/o|lmtp|mail server) "
        r"(?:config(?:uration)? )?(?:error|failure|problem|unavailable|not available)|\b[45]\.3\.["
        r"0-57-9]\b|service (?:currently )?unavailable|aliasing/forwarding loop|mail system|not "
        r"(?:currently )?available|resources",
    ),
    (
        "mailererror",
        r"(?:pipe|command|procmail|maildrop|mailer|x-unix|program|vacation).{0,60}(?:fail|error|exit|"
        r"returned|died|status|abort)|can't (?:create|open)|exit (?:status|code)|local delivery fail",
    ),
    (
        "contenterror",
        r"(?:content|body|attachment|mime|message (?:format|syntax)|8bit|conversion|charset).{0,"
        r"60}(?:reject|error|not (?:allowed|supported|permitted)|invalid|fail)|\b[45]\.6\.\d\b|"
        r"suspicious (?:attach|content)",
    ),
    (
        "syntaxerror",
        r"syntax error|bad (?:command )?(?:sequence|syntax)|command (?:not|un)(?: ?recogni[sz]ed| "
        r"?implemented)|\b[45]\.5\.[0-4]\b|unrecogni[sz]ed command|\b50[0-4] ",
    ),
    (
        "filtered",
        r"filter(?:ed)?|refuses? to (?:receive|accept)|not accepting (?:mail|messages) from|user (?:has "
        r")?(?:refuse|reject|block)|message (?:was )?refused|rejected by (?:the )?recipient",
    ),
)

_STATUSES = {
    "userunknown": "1.1 1.3",
    "hostunknown": "1.2 4.4",
    "hasmoved": "1.6",
    "notaccept": "1.10",
    "filtered": "1.0 1.4 2.0 2.4",
    "rejected": "1.7 1.8 7.2 7.27 7.133 7.134",
    "suspend": "2.1",
    "mailboxfull": "2.2",
    "exceedlimit": "2.3 4.5 5.3",
    "mesgtoobig": "3.4",
    "systemerror": "1.9 3.0 3.2 3.3 3.5 4.3",
    "systemfull": "3.1",
    "networkerror": "4.0 4.1 4.2 4.6",
    "expired": "4.7",
    "mailererror": "5.0",
    "syntaxerror": "5.1 5.2 5.4",
    "contenterror": "6.0 6.1 6.2 6.3 6.5",
    "securityerror": "7.0 7.3 7.4 7.5 7.6 7.7 7.8",
    "policyviolation": "7.1",
    "authfailure": "7.9 7.20 7.21 7.22 7.23 7.24 7.26 7.509",
    "requireptr": "7.25",
    "spamdetected": "7.28",
    "blocked": "7.606",
}
STATUS_REASONS = {detail: reason for reason, details in _STATUSES.items() for detail in details.split()}
"""RFC 3463 subject.detail (and well-known provider codes) to a reason, where the wording says nothing."""
