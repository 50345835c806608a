"""Refusals as mail providers document them, one by one, with the class that each must have.

Pages: see sequencer/mail/smtp_rules.py. Where the answer was found in a dated report instead, the date stands
beside it.
"""

from dataclasses import dataclass

from sequencer.core.ports import SmtpClass

S = SmtpClass


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What a provider's server says, and at which verb."""

    provider: str
    answer: str
    smtp_class: SmtpClass
    verb: str = "RCPT"


def _of(provider: str, *answers: tuple[str, SmtpClass] | tuple[str, SmtpClass, str]) -> list[ProviderAnswer]:
    return [ProviderAnswer(provider, *answer) for answer in answers]


_TENCENT = "http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022&&no=10007"
QQ = _of(
    "qq",
    (f"550 Mailbox not found. {_TENCENT}28", S.DEAD),
    (f"550 Mailbox unavailable or access denied {_TENCENT}29", S.SOFT),
    (f"550 Ip frequency limited. {_TENCENT}25", S.RATE),
    (f"550 Connection frequency limited {_TENCENT}22", S.RATE, "CONNECT"),
    (f"550 Sender frequency limited {_TENCENT}23", S.RATE),
    (f"550 Domain frequency limited {_TENCENT}24", S.RATE),
    ("550 Mail frequency limited", S.RATE, "CONTENT"),
    ("550 frequency limited", S.RATE),
    (f"550 Mail content denied. {_TENCENT}26", S.CONTENT, "CONTENT"),
    ("550 Mail is rejected by recipients", S.POLICY, "CONTENT"),
    ("550 Suspected spam sender", S.POLICY),
    ("550 Suspected bounce attacks", S.POLICY),
    ("550 SPF check failed", S.POLICY),
    ("550 DMARC check failed", S.POLICY, "CONTENT"),
    ("552 Message too large", S.CONTENT, "CONTENT"),
    ("501 mail from address must be same as authorization user", S.MAILBOX, "MAIL"),
    (
        "535 Login fail. Account is abnormal, service is not open, password is incorrect, login frequency "
        "limited, or system is busy.",
        S.MAILBOX,
        "AUTH",
    ),
)
EXMAIL = _of(
    "exmail",
    ("550 exceeded the daily limit", S.MAILBOX, "CONTENT"),
    ("550 域名当日发信量到达上限", S.MAILBOX, "CONTENT"),
    ("550 exceeded sending rate", S.RATE),
    ("550 exceeded", S.POLICY),
    ("550 The recipient may contain a non-existent account, please check the recipient address.", S.SOFT),
    ("535 Error: authentication failed, system busy", S.MAILBOX, "AUTH"),
)
NETEASE = _of(
    "163",
    ("421 HL:REP 163 mx9,hidden", S.RATE, "CONNECT"),
    ("421 HL:ICC 163 mx9,hidden", S.RATE, "CONNECT"),
    ("421 HL:IFC 163 mx9,hidden", S.RATE, "CONNECT"),
    ("421 HL:MEP 163 mx9,hidden", S.RATE, "CONNECT"),
    ("450 MI:CEL 163 smtp7,hidden", S.RATE, "MAIL"),
    ("450 MI:DMC 163 smtp7,hidden", S.RATE, "MAIL"),
    ("450 MI:CCL 163 smtp7,hidden", S.RATE, "MAIL"),
    ("450 RP:DRC 163 smtp7,hidden", S.RATE),
    ("450 DT:RBL 163 smtp7,hidden", S.POLICY),
    # As reported on 2020-08-08.
    ("451 MI:SFQ 163 smtp7,hidden 201,please see http://mail.163.com/help/help_spam_16.htm", S.RATE),
    ("451 RP:QRC 163 smtp7,hidden", S.RATE),
    ("451 DT:SPM ,please try again", S.POLICY, "CONTENT"),
    ("451 Requested mail action not taken: too much fail authentication", S.RATE, "AUTH"),
    ("451 Requested action aborted: local error in processing", S.SOFT),
    ("550 User not found: ana@163.example", S.DEAD),
    ("550 Invalid User: ana@163.example", S.DEAD),
    ("550 User in blacklist", S.POLICY),
    ("550 User suspended", S.POLICY),
    ("550 User has no permission", S.POLICY, "AUTH"),
    ("550 MI:NHD 163 smtp7,hidden", S.POLICY, "EHLO"),
    ("550 MI:IMF 163 smtp7,hidden", S.POLICY, "MAIL"),
    ("550 MI:SPF 163 smtp7,hidden", S.POLICY, "MAIL"),
    ("550 MI:DMA 163 smtp7,hidden", S.POLICY, "CONTENT"),
    ("550 MI:STC 163 smtp7,hidden", S.MAILBOX, "MAIL"),
    ("550 RP:FRL 163 smtp7,hidden", S.MAILBOX),
    ("550 RP:RCL 163 smtp7,hidden", S.RATE),
    ("550 RP:TRC 163 smtp7,hidden", S.MAILBOX),
    ("550 DT:SPM 163 smtp7,hidden", S.POLICY, "CONTENT"),
    ("550 Illegal Attachment", S.CONTENT, "CONTENT"),
    ("552 Requested mail action aborted: exceeded mailsize limit", S.CONTENT, "CONTENT"),
    ("553 Mail from must equal authorized user", S.MAILBOX, "MAIL"),
    ("553 authentication is required,163 smtp7,hidden", S.MAILBOX, "MAIL"),
    ("554 DT:SPM 163 smtp7,hidden,please see http://mail.163.com/help/help_spam_16.htm", S.POLICY, "CONTENT"),
    ("554 DT:SUM 163 smtp7,hidden", S.MAILBOX, "CONTENT"),
    ("554 MI:SPB 163 smtp7,hidden", S.MAILBOX, "MAIL"),
    ("554 HL:IPB 163 smtp7,hidden", S.POLICY, "CONNECT"),
    ("554 IP is rejected, smtp auth error limit exceed", S.POLICY, "AUTH"),
    ("535 Error: authentication failed", S.MAILBOX, "AUTH"),
)
GMAIL = _of(
    "gmail",
    ("421 4.3.0 Temporary System Problem. Try again later", S.SOFT),
    ("421 4.7.0 Try again later, closing connection. - gsmtp", S.RATE, "EHLO"),
    ("421 4.7.28 Our system has detected an unusual rate of unsolicited mail", S.RATE, "CONTENT"),
    ("450 4.2.1 The user you are trying to contact is receiving mail too quickly.", S.SOFT),
    ("450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents", S.SOFT),
    ("550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents", S.SOFT),
    ("452 4.2.2 The email account that you tried to reach is over quota.", S.FULL),
    ("552 5.2.2 The email account that you tried to reach is over quota.", S.FULL),
    ("552 5.2.3 Your message exceeded Google's message size limits.", S.CONTENT, "CONTENT"),
    ("454 4.7.0 Cannot authenticate due to a temporary system problem.", S.RATE, "AUTH"),
    ("454 4.7.0 Too many login attempts, please try again later.", S.RATE, "AUTH"),
    ("530 5.7.0 Must issue a STARTTLS command first.", S.MAILBOX, "MAIL"),
    ("534 5.7.9 Application-specific password required.", S.MAILBOX, "AUTH"),
    ("535 5.7.8 Username and Password not accepted.", S.MAILBOX, "AUTH"),
    ("550 5.1.1 The email account that you tried to reach does not exist.", S.DEAD),
    ("550 5.2.1 The email account that you tried to reach is disabled.", S.DEAD),
    ("550 5.4.5 Daily user sending limit exceeded.", S.MAILBOX, "CONTENT"),
    ("550 5.7.1 Our system has detected that this message is likely unsolicited mail.", S.POLICY, "CONTENT"),
    ("550 5.7.26 This message does not pass authentication checks.", S.POLICY, "CONTENT"),
)
EXCHANGE = _of(
    "exchange",
    ("421 4.3.2 The maximum number of concurrent connections has exceeded a limit", S.RATE, "CONNECT"),
    ("432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", S.RATE, "CONTENT"),
    ("432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded", S.SOFT),
    ("451 4.7.0 Temporary server error. Please try again later.", S.RATE),
    ("451 4.7.500 Server busy. Please try again later from [192.0.2.1].", S.RATE),
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", S.DEAD),
    ("550 5.4.1 Recipient address rejected: Access denied", S.DEAD),
    ("550 5.1.8 Access denied, bad outbound sender AS(42004)", S.MAILBOX, "CONTENT"),
    ("550 5.1.90 Your message can't be sent because you've reached your daily limit", S.MAILBOX, "CONTENT"),
    ("554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", S.MAILBOX, "CONTENT"),
    ("554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException", S.MAILBOX, "CONTENT"),
    ("554 5.2.2 mailbox full", S.FULL),
    # As reported on 2026-04-15.
    ("554 5.2.122 The recipient has exceeded their limit for the number of messages", S.SOFT),
    ("554 5.2.252 SendAsDenied; not allowed to send as", S.MAILBOX, "CONTENT"),
    ("530 5.7.57 SMTP; Client was not authenticated to send anonymous mail", S.MAILBOX, "MAIL"),
    ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", S.MAILBOX, "CONTENT"),
    ("550 5.7.64 TenantAttribution; Relay Access Denied", S.MAILBOX),
    ("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", S.MAILBOX, "AUTH"),
    # As reported on 2026-03-24.
    ("550 5.7.233 Your message can't be sent because your tenant has exceeded its daily limit", S.MAILBOX),
    ("550 5.7.501 Access denied, spam abuse detected", S.MAILBOX, "CONTENT"),
    ("550 5.7.508 Access denied, [192.0.2.1] has exceeded permitted limits within range", S.RATE),
    ("550 5.7.509 Access denied, sending domain does not pass DMARC verification", S.POLICY),
    ("550 5.7.606 Access denied, banned sending IP [192.0.2.1]", S.POLICY),
    ("550 5.7.705 Access denied, tenant has exceeded threshold", S.MAILBOX, "CONTENT"),
    ("550 5.7.708 Access denied, traffic not accepted from this IP", S.MAILBOX, "CONTENT"),
)
OTHERS = [
    *_of(
        "ses",
        ("454 Throttling failure: Maximum sending rate exceeded", S.RATE, "CONTENT"),
        ("454 Throttling failure: Daily message quota exceeded", S.MAILBOX, "CONTENT"),
    ),
    *_of(
        "aliyun",
        ("526 Authentication failure", S.POLICY, "AUTH"),
        ("552 Daily sending quota exceeded", S.MAILBOX, "CONTENT"),
        ("552 Not enough sending quota", S.MAILBOX, "CONTENT"),
        ("554 Reject by behaviour spam ANTISPAM_BAT: too frequently sending", S.RATE, "CONTENT"),
        ("454 Transient reject by behaviour spam: currently unexpected sending", S.RATE, "DATA"),
        ("554 Reject by content spam", S.POLICY, "CONTENT"),
        ("557 The length of DATA content is achieved the maximum threshold", S.CONTENT, "CONTENT"),
    ),
    *_of(
        "postfix",
        ("450 4.2.0 Recipient address rejected: Greylisted, see postgrey", S.SOFT),
        ("450 4.7.1 Sender address rejected: Deferring: Too many messages from sender in last 60", S.RATE),
        ("452 4.3.1 Insufficient system storage", S.SOFT, "MAIL"),
        ("552 5.3.4 Message size exceeds fixed limit", S.CONTENT, "MAIL"),
        ("552 5.2.2 user is over quota", S.FULL),
        ("554 5.7.1 Relay access denied", S.MAILBOX),
    ),
]
PROVIDER_ANSWERS = [*QQ, *EXMAIL, *NETEASE, *GMAIL, *EXCHANGE, *OTHERS]
