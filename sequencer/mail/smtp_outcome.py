"""What an SMTP answer means: one ordered table from code, enhanced code, words and verb to a class."""

import re
from dataclasses import dataclass

from sequencer.core.ports import Answer, Deferred, MailboxFault, Refused, SmtpClass
from sequencer.mail.smtp_account import Account

MAX_TEXT = 300
"""Characters of a server's text that are kept."""

_ENHANCED_LINE = re.compile(r"^\s*(?P<code>[245]\.\d{1,3}\.\d{1,3})(?![\d.])[\s:-]*")
_ENHANCED_INSIDE = re.compile(r"(?<![\d.])#?(?P<code>[245]\.[0-7]\.\d{1,3})(?![\d.])")
_NOT_WORDS = re.compile(r"<[^<>\s]*>|https?://\S+|\S+@\S+")
"""Addresses and links: `spam.unknown@x.example` is a name, not a reason."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

OURS = frozenset({"CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL"})
"""Verbs before any recipient is named: a refusal there is about the mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Fits when code and severity fit, and the enhanced code *or* the words are found."""

    smtp_class: SmtpClass
    enhanced: str = r"(?!)"
    """Pattern of the whole subject.detail part of the RFC 3463 code: `1\\.1`."""
    words: str = r"(?!)"
    """Pattern sought in the lower-case text without addresses and links."""
    codes: frozenset[int] = frozenset()
    """Reply codes that fit by themselves."""
    severity: int | None = None
    """4 or 5: only answers of that severity."""

    def fits(self, answer: Answer, words: str) -> bool:
        """Whether this rule decides about `answer`."""
        if self.severity is not None and answer.code // 100 != self.severity:
            return False
        severity, _, detail = answer.enhanced.partition(".")
        if severity != str(answer.code // 100):
            detail = ""  # the two contradict each other: neither tells more than the code
        return (
            answer.code in self.codes
            or re.fullmatch(self.enhanced, detail) is not None
            or re.search(self.words, words) is not None
        )


# Order decides: what is ours comes before what is the buyer's, and of two readings the one that holds a
# contact comes before the one that suppresses the address. Sources: RFC 5321 §4.2, RFC 3463, RFC 4954 §6;
# the providers' own lists of refusals (Gmail, Exchange Online, QQ, Exmail, NetEase) for the words.
RULES: tuple[Rule, ...] = (
    # Our login, our right to send, our quota.
    Rule(
        smtp_class=SmtpClass.MAILBOX,
        severity=5,
        codes=frozenset({530, 534, 535, 538}),
        enhanced=r"7\.(3|8|9|14|57|139)",
        words=r"authentication (is )?(required|unsuccessful|failed)|not authenticated",
    ),
    Rule(
        smtp_class=SmtpClass.MAILBOX,
        severity=5,
        enhanced=r"7\.60|2\.252|1\.[78]",
        words=r"send ?as ?denied|sender address rejected|same as authoriz|authori[sz]ed user|"
        r"permissions? to send as|not (owned by|(allowed|authori[sz]ed) to send (as|from))|"
        r"\bsender\b.{0,40}(not exist|unknown|not found|invalid|verif)|"
        r"relay(ing)? (access )?(denied|not (permitted|allowed))|(not permitted|unable) to relay",
    ),
    Rule(
        smtp_class=SmtpClass.MAILBOX,
        enhanced=r"1\.90|7\.7\d\d",
        words=r"(daily|hourly)[\w ]{0,25}(limit|quota)|(sending|submission) (limit|quota)|"
        r"bad outbound sender|your account[\w ]{0,30}(suspended|disabled|blocked|locked)|outbound spam",
    ),
    # Neither here nor there: these say they do not know themselves.
    Rule(smtp_class=SmtpClass.SOFT, words=r"may contain a non-existent|unavailable or access denied"),
    Rule(smtp_class=SmtpClass.SOFT, severity=4, words=r"gr[ae]y-?list"),
    # Too much at a time: QQ and NetEase say so with 550, which elsewhere means a dead address.
    Rule(
        smtp_class=SmtpClass.RATE,
        enhanced=r"7\.28",
        words=r"frequency|too many (?!hops)|too (fast|quickly|often)|rate[ -]?limit|throttl|"
        r"at a rate|sending rate|unusual rate|exceeded[\w ]{0,20}(connections?|rate)\b|频率|频繁",
    ),
    Rule(smtp_class=SmtpClass.RATE, severity=4, enhanced=r"7\.\d+"),
    # The message itself.
    Rule(
        smtp_class=SmtpClass.CONTENT,
        enhanced=r"6\.\d+|3\.4|2\.3",
        words=r"message[\w ]{0,20}too (big|large|long)|too much (mail )?data|(message|mail) size|"
        r"size[\w ]{0,20}limit|attachment[\w ]{0,30}(not (allowed|permitted)|blocked|rejected|prohibited)|"
        r"illegal attachment|virus|malware",
    ),
    # The mailbox exists and takes nothing now.
    Rule(
        smtp_class=SmtpClass.FULL,
        enhanced=r"2\.2",
        words=r"(mailbox|inbox|account|user)[\w' ]{0,25}\bfull\b|over ?quota|quota[\w ]{0,20}exceeded|"
        r"exceeded[\w ]{0,25}(quota|storage)|storage allocation|disk quota|(邮箱|空间)已?满",
    ),
    Rule(smtp_class=SmtpClass.CONTENT, codes=frozenset({552})),
    # They do not want mail from us, or like this.
    Rule(
        smtp_class=SmtpClass.POLICY,
        enhanced=r"7\.\d+",
        words=r"spam|\bspm\b|junk|\bblock(ed|list)|black ?list|reputation|policy|\bspf\b|\bdkim\b|\bdmarc\b|"
        r"\bd?n?s?rbl\b|dnsbl|unsolicited|\bbanned\b|suspicious|reverse dns|\bptr\b|listed (in|at|by|on)",
    ),
    # Nobody is there. The only class that suppresses an address, hence the last and the narrowest.
    Rule(
        smtp_class=SmtpClass.DEAD,
        severity=5,
        enhanced=r"1\.(1|2|3|6|10)|2\.1",
        words=r"(user|mailbox|recipient|account|addressee|address|alias)[\w' ]{0,20}"
        r"(unknown|not found|not exist|doesn'?t exist|no longer (exists|valid|active|employed)|invalid)|"
        r"(unknown|no such|invalid|non-?existent) (user|mailbox|recipient|address|account|person)|"
        r"no mailbox (here )?by that name|not a valid (user|mailbox|recipient|address)|"
        r"recipient address rejected: access denied|(用户|收件人|邮箱|帐号|账号)不存在",
    ),
    Rule(smtp_class=SmtpClass.SOFT, enhanced=r"[345]\.\d+"),
    Rule(smtp_class=SmtpClass.SOFT, severity=4, words=r""),
)
"""First fit wins; what fits nothing is `policy`: a person looks, nobody is suppressed."""


def read_answer(code: int, text: bytes, verb: str) -> Answer:
    """A server's reply as one line: enhanced code taken out, GB18030 read where it is not UTF-8."""
    try:
        decoded = text.decode()
    except UnicodeDecodeError:
        decoded = text.decode("gb18030", "replace")
    enhanced, lines = "", []
    for line in decoded.splitlines():
        match = _ENHANCED_LINE.match(line)
        enhanced = enhanced or (match["code"] if match else "")
        lines.append(line[match.end() :] if match else line)
    said = _CONTROL.sub(" ", " ".join(" ".join(lines).split()))
    inside = _ENHANCED_INSIDE.search(said)
    if not enhanced and inside is not None:
        enhanced = inside["code"]
    return Answer(code=code, enhanced=enhanced, text=said[:MAX_TEXT], verb=verb)


def classify(answer: Answer) -> SmtpClass:
    """The class of a refusal; an answer that is neither 4xx nor 5xx is out of step, hence temporary."""
    if answer.code < 400:
        return SmtpClass.SOFT
    words = _NOT_WORDS.sub(" ", answer.text).lower()
    for rule in RULES:
        if rule.fits(answer, words):
            return rule.smtp_class
    return SmtpClass.POLICY


def judge(answer: Answer, account: Account) -> Deferred | Refused | MailboxFault:
    """What a refusal at any verb does to the message or to its mailbox.

    Before RCPT everything but the message's own size or form is the mailbox's fault; a person must mend it
    when the server said 5xx and did not only ask us to slow down.
    """
    smtp_class = classify(answer)
    is_final = answer.code >= 500
    is_about_us = answer.verb in OURS and smtp_class is not SmtpClass.CONTENT
    if smtp_class is SmtpClass.MAILBOX or is_about_us:
        return account.refused(answer, is_lasting=is_final and smtp_class is not SmtpClass.RATE)
    if is_final:
        return Refused(answer=answer, smtp_class=smtp_class)
    return Deferred(answer=answer, smtp_class=smtp_class)


_SES_HOST = re.compile(r"^email-smtp(?:-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com$")
_SES_OK = re.compile(r"^ok (?P<id>[0-9a-f]{16}-[0-9a-f-]{30,60})$", re.IGNORECASE)


def wire_id(host: str, answer: Answer) -> str | None:
    """The Message-ID that Amazon SES puts in place of ours, told in its 250; other relays say queue ids.

    Source: Amazon SES Developer Guide, "Header fields": Message-ID and Date are overridden.
    """
    region = _SES_HOST.match(host.lower())
    queued = _SES_OK.match(answer.text)
    if region is None or queued is None:
        return None
    domain = "email" if region["region"] == "us-east-1" else region["region"]
    return f"<{queued['id']}@{domain}.amazonses.com>"
