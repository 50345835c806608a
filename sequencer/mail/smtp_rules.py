"""What a refusal by SMTP means: one ordered table from code, enhanced code and words to a class.

Codes: RFC 5321 §4.2, RFC 3463, RFC 4954 §6. The words are those of the providers' own lists of refusals:

* QQ and Exmail (Tencent): the help pages of "退信" that the answers name themselves,
  service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022&&no=1000725 and its neighbours 1000722 to 1000730.
* NetEase (163, 126, yeah.net): "退信代码说明", mail.163.com/help/help_spam_16.htm, named in each answer.
* Gmail and Workspace: "Gmail SMTP errors and codes", support.google.com/a/answer/3726730.
* Exchange Online: "Email nondelivery reports in Exchange Online", learn.microsoft.com/troubleshoot/exchange/
  email-delivery/ndr/non-delivery-reports-in-exchange-online; 5.7.233 as seen on 2026-03-24, 5.2.122 on
  2026-04-15.
* Amazon SES: "Errors related to the sending quotas", docs.aws.amazon.com/ses/latest/dg/
  manage-sending-quotas-errors.html.
* Aliyun: "常见退信代码", help.aliyun.com/document_detail/44499.html.

tests/mail/provider_answers.py holds their answers one by one.
"""

import re
from dataclasses import dataclass

from sequencer.core.ports import Answer, SmtpClass


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


_LOGIN = Rule(
    smtp_class=SmtpClass.MAILBOX,
    severity=5,
    codes=frozenset({530, 534, 535, 538}),
    enhanced=r"7\.(3|8|9|14|57|139)",
    words=r"authentication (is )?(required|unsuccessful|failed)|not authenticated|unsafe login",
)
_SENDER = Rule(
    smtp_class=SmtpClass.MAILBOX,
    severity=5,
    enhanced=r"7\.60|2\.252|1\.[78]",
    words=r"send ?as ?denied|sender address rejected|same as authoriz|authori[sz]ed user|"
    r"permissions? to send as|not (owned by|(allowed|authori[sz]ed) to send (as|from))|"
    r"\bsender\b.{0,40}(not exist|unknown|not found|invalid|verif)|"
    r"relay(ing)? (access )?(denied|not (permitted|allowed))|(not permitted|unable) to relay|"
    # NetEase: no open relay, a user who may not send, a From that is not the envelope's.
    r"\b(rp:frl|mi:spb|wm:bl[iu]|dt:sum)\b",
)
_RECEIVES_TOO_MUCH = Rule(
    smtp_class=SmtpClass.SOFT,
    enhanced=r"2\.12[12]",
    # Gmail and Microsoft, of a buyer who gets too much from everybody: nothing that we could send slower.
    words=r"is receiving mail (too quickly|at a rate)|recipient (has )?exceeded (their|its|the) limit|"
    r"recipient thread limit",
)
_QUOTA = Rule(
    smtp_class=SmtpClass.MAILBOX,
    enhanced=r"1\.90|7\.(50[123]|23[23]|7\d\d)",
    words=r"(daily|hourly|monthly)[\w ]{0,25}(limit|quota)|(sending|submission) (limit|quota)|"
    r"submissionquotaexceeded|outboundspamexception|you('ve| have) (exceeded|reached)|"
    r"bad outbound sender|your account[\w ]{0,30}(suspended|disabled|blocked|locked)|outbound spam|"
    # NetEase: the day's connections, the day's recipients. Exmail: the domain's mails of the day.
    r"\b(mi:stc|rp:trc)\b|发信量[^。]{0,8}(上限|超)",
)
_THEY_DO_NOT_KNOW = Rule(
    # QQ says the second one of a buyer who gets too much at the moment, other servers of a dead address.
    smtp_class=SmtpClass.SOFT,
    words=r"may contain a non-existent|unavailable or access denied",
)
_GREYLISTED = Rule(smtp_class=SmtpClass.SOFT, severity=4, words=r"gr[ae]y-?list")
_TOO_FAST = Rule(
    # QQ, Exmail, NetEase and Aliyun say it with 550 or 554, which elsewhere means a dead address.
    smtp_class=SmtpClass.RATE,
    enhanced=r"7\.(28|508)",
    words=r"frequency|frequently|too (many|much) (?!hops|(mail )?data)|too (fast|quickly|often|frequent)|"
    r"rate[ -]?limit|throttl|at a rate|sending rate|unusual rate|concurrent (smtp )?connections|"
    r"exceeded[\w ]{0,20}(connections?|rate|permitted limits)\b|sender thread limit|unexpected sending|"
    r"\b(hl:(rep|icc|if[cq]|itc|mep)|mi:(sfq|dmc|ccl|cel)|rp:(qrc|drc|ccl|cel|rcl))\b|频率|频繁",
)
_BUSY_WITH_US = Rule(smtp_class=SmtpClass.RATE, severity=4, enhanced=r"7\.(0|[5-8]\d\d)")
"""Gmail and Exchange to whoever comes too often; 4.7.1 is what a server says of one message."""
_MESSAGE = Rule(
    smtp_class=SmtpClass.CONTENT,
    enhanced=r"6\.\d+|3\.4|2\.3",
    words=r"message[\w ]{0,20}too (big|large|long)|too much (mail )?data|(message|mail) ?size|"
    r"size[\w ]{0,20}limit|length of data|"
    r"attachment[\w ]{0,30}(not (allowed|permitted)|blocked|rejected|prohibited)|"
    r"illegal attachment|virus|malware|content (denied|rejected)",
)
_FULL = Rule(
    smtp_class=SmtpClass.FULL,
    enhanced=r"2\.2",
    words=r"(mailbox|inbox|account|user)[\w' ]{0,25}\bfull\b|over ?quota|quota[\w ]{0,20}exceeded|"
    r"exceeded[\w ]{0,25}(quota|storage)|storage allocation|disk quota|(邮箱|空间)已?满",
)
_UNWANTED = Rule(
    smtp_class=SmtpClass.POLICY,
    enhanced=r"7\.\d+",
    words=r"spam|\bspm\b|junk|\bblock(ed|list)|black ?list|reputation|policy|\bspf\b|\bdkim\b|\bdmarc\b|"
    r"\bd?n?s?rbl\b|dnsbl|unsolicited|\bbanned\b|suspicious|suspected|reverse dns|\bptr\b|"
    # Whatever else NetEase's codes say, they are about us: the address of the buyer is named in words.
    r"listed (in|at|by|on)|\b(hl|mi|rp|dt|wm):[a-z]{3}\b",
)
_DEAD = Rule(
    smtp_class=SmtpClass.DEAD,
    severity=5,
    enhanced=r"1\.(1|2|3|6|10)|2\.1",
    words=r"(user|mailbox|recipient|account|addressee|address|alias)[\w' ]{0,20}"
    r"(unknown|not found|not exist|doesn'?t exist|no longer (exists|valid|active|employed)|invalid)|"
    r"(unknown|no such|invalid|non-?existent) (user|mailbox|recipient|address|account|person)|"
    r"no mailbox (here )?by that name|not a valid (user|mailbox|recipient|address)|"
    r"recipient address rejected: access denied|(用户|收件人|邮箱|帐号|账号)不存在",
)

RULES: tuple[Rule, ...] = (
    _LOGIN,
    _SENDER,
    _RECEIVES_TOO_MUCH,
    _QUOTA,
    _THEY_DO_NOT_KNOW,
    _GREYLISTED,
    _TOO_FAST,
    _BUSY_WITH_US,
    _MESSAGE,
    _FULL,
    Rule(smtp_class=SmtpClass.CONTENT, codes=frozenset({552})),
    _UNWANTED,
    # The only class that suppresses an address, hence the last and the narrowest.
    _DEAD,
    Rule(smtp_class=SmtpClass.SOFT, enhanced=r"[345]\.\d+"),
    Rule(smtp_class=SmtpClass.SOFT, severity=4, words=r""),
)
"""First fit wins; what fits nothing is `policy`: a person looks, nobody is suppressed.

What is ours comes before what is the buyer's, and of two readings the one that holds a contact comes before
the one that suppresses the address.
"""
