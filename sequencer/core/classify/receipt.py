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


def _outlook_form(reading: Reading) -> Verdict | None:
    """Outlook's receipt between its own kind: a `Read:` subject over nothing but a TNEF part."""
    mail = reading.mail
    if (
        not _READ_SUBJECT.match(mail.subject)
        or mail.text.strip()
        or "application/ms-tnef" not in mail.part_types
    ):
        return None
    return Verdict(kind=VerdictKind.RECEIPT, evidence=evidence(NAME, "subject", mail.subject))


RULE = Rule(NAME, "A read receipt.", check)
