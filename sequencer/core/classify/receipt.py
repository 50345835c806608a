"""Read receipts (RFC 8098); a `rejected` one is Sieve's way of bouncing."""

import re

from sequencer.core.classify.bounce_reason import diagnose
from sequencer.core.classify.returned import original_ids
from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import Verdict, VerdictKind
from sequencer.core.mime_headers import find_addresses

NAME = "receipt"


def check(reading: Reading) -> Verdict | None:
    """`displayed`, `deleted` and their like are receipts; `rejected` is a refusal of what we wrote."""
    fields = reading.mail.disposition
    if fields is None:
        return _outlook_form(reading)
    disposition = fields.first("disposition").lower()
    proof = evidence(NAME, "part:disposition-notification", f"Disposition: {disposition}")
    submitted = reading.mail.header("auto-submitted").lower()
    if re.search(r"\brejected\b|;\s*(?:denied|failed)\b", disposition) or "rejected" in submitted:
        failure = diagnose(reading.mail.text[:2000], is_final_by_text=True)
        named = find_addresses(fields.first("original-recipient") or fields.first("final-recipient"), 5)
        return Verdict(
            kind=VerdictKind.BOUNCE,
            evidence=proof,
            bounce_class=failure.bounce_class,
            permanence="permanent" if failure.is_permanent else "temporary",
            hard=failure.is_hard,
            reason=failure.reason,
            recipients=named,
            original_ids=original_ids(reading.mail),
        )
    return Verdict(kind=VerdictKind.RECEIPT, evidence=proof, original_ids=original_ids(reading.mail))


_READ_SUBJECT = re.compile(
    r"^(?:read|not read|gelesen|ungelesen|lu|non lu|leído|no leído|letto|lida|gelezen|läst|læst|lest|"
    r"przeczytane|прочтено|прочитано"
    r"|okundu|已读|已讀|開封済み|읽음)\s?(?:receipt)?\s?:",
    re.IGNORECASE,
)


_FORM = re.compile(
    # Exchange: `Your message`, the labels of what was sent, and one line that tells when it was read.
    r"(?:your message|your mail|su mensaje|ihre nachricht|votre message|il messaggio|a sua mensagem|sua "
    r"mensagem|uw bericht|ditt meddelande|din meddelelse|viestisi|twoja wiadomość|vaše zpráva|az ön üzenete|"
    r"ваше сообщение|iletiniz|您的邮件|您的郵件|あなたのメッセージ|메시지)[^\S\n]*\n"
    r"(?:[^\S\n]*\n)?(?:[^\S\n]{0,8}\S{1,20}[^\S\n]?[:\uff1a][^\n]{0,300}\n){2,4}(?:[^\S\n]*\n)?[^\n]{8,200}"
    # Domino's return receipt.
    r"|your document:[^\n]{1,300}\n[^\S\n]*\n?[^\S\n]*was received by:[^\n]{1,200}\n[^\S\n]*\n?"
    r"[^\S\n]*at:[^\n]{1,100}",
    re.IGNORECASE,
)
_STATUS_SUBJECT = re.compile(
    r"message status - (?:opened|read|deleted|accepted|declined|completed)", re.IGNORECASE
)


def _outlook_form(reading: Reading) -> Verdict | None:
    """Receipts of before RFC 8098: a `Read:` subject over nothing but a TNEF part, or a fixed text."""
    mail = reading.mail
    text = mail.text.strip()
    is_tnef = not text and "application/ms-tnef" in mail.part_types and _READ_SUBJECT.match(mail.subject)
    if is_tnef or _STATUS_SUBJECT.fullmatch(mail.subject.strip()):
        return Verdict(kind=VerdictKind.RECEIPT, evidence=evidence(NAME, "subject", mail.subject))
    if len(text) < 1_500 and _FORM.fullmatch(text):
        return Verdict(kind=VerdictKind.RECEIPT, evidence=evidence(NAME, "text", text))
    return None


RULE = Rule(NAME, "A read receipt.", check)
