"""What an SMTP answer does to its message or mailbox, by its class (smtp_rules.py) and its verb."""

import re

from sequencer.core.ports import Answer, Deferred, MailboxFault, Refused, SmtpClass
from sequencer.mail.smtp_account import Account
from sequencer.mail.smtp_rules import RULES

MAX_TEXT = 300
"""Characters of a server's text that are kept."""

_ENHANCED_LINE = re.compile(r"^\s*(?P<code>[245]\.\d{1,3}\.\d{1,3})(?![\d.])[\s:-]*")
_ENHANCED_INSIDE = re.compile(r"(?<![\d.])#?(?P<code>[245]\.[0-7]\.\d{1,3})(?![\d.])")
_NOT_WORDS = re.compile(r"<[^<>\s]*>|https?://\S+|\S+@\S+")
"""Addresses and links: `spam.unknown@x.example` is a name, not a reason."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

OURS = frozenset({"CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL"})
"""Verbs before any recipient is named: a refusal there is about the mailbox."""


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
    when the server said 5xx and did not only ask us to slow down. A request to slow down is never final,
    whatever its code: QQ and NetEase make it with 550.
    """
    smtp_class = classify(answer)
    is_rate = smtp_class is SmtpClass.RATE
    is_final = answer.code >= 500 and not is_rate
    is_about_us = answer.verb in OURS and smtp_class is not SmtpClass.CONTENT
    if smtp_class is SmtpClass.MAILBOX or is_about_us:
        is_slow = not is_final and (is_rate or smtp_class is SmtpClass.MAILBOX)
        return account.refused(answer, is_lasting=is_final, is_rate=is_slow)
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
