"""Auto-replies (RFC 3834 and what came before it): absence, departure, a changed address, a ticket."""

import re

from sequencer.core.classify import auto_reply_words as words
from sequencer.core.classify.intent import intent_of
from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import AutoReplyType, Evidence, Verdict, VerdictKind
from sequencer.core.mime_headers import find_addresses
from sequencer.core.return_date import return_date
from sequencer.core.subject import answer_mark

NAME = "auto_reply"
MAX_OWN = 6_000

_REPLY_PREFIX = re.compile(
    r"^\s*(?:re|aw|sv|antw|odp|vs|ynt|回复|答复|回覆)\s*(?:\[\d+\])?\s*[:\uff1a]\s*", re.IGNORECASE
)


def check(reading: Reading) -> Verdict | None:
    """A responder's header, or a responder's subject; then what the text says decides the subtype."""
    proof = _proof(reading)
    if proof is None:
        return None
    own = reading.own[:MAX_OWN]
    back = return_date(
        f"{_subject_of_theirs(reading)}\n{own}", reading.context.received_at, reading.context.language
    )
    subtype = _subtype(reading, own, has_date=back is not None)
    is_away = subtype is AutoReplyType.OUT_OF_OFFICE
    moved = subtype in {AutoReplyType.LEFT_COMPANY, AutoReplyType.ADDRESS_CHANGED}
    return Verdict(
        kind=VerdictKind.AUTO_REPLY,
        subtype=subtype,
        evidence=proof,
        return_at=back if is_away else None,
        successor=_successor(reading, own) if moved else None,
    )


def _proof(reading: Reading) -> tuple[Evidence, ...] | None:
    mail = reading.mail
    for name in words.RESPONDER_HEADERS:
        if name in mail.headers and mail.header(name).strip().lower() not in {"", "no", "false"}:
            return evidence(NAME, f"header:{name}", mail.header(name))
    for name in ("precedence", "x-precedence"):
        if mail.header(name).strip().lower() in {"auto_reply", "auto-reply", "autoreply"}:
            return evidence(NAME, f"header:{name}", mail.header(name))
    if mail.header("x-apple-action").strip().upper() == "VACATION":
        return evidence(NAME, "header:x-apple-action", "VACATION")
    submitted = reading.auto_submitted
    if submitted.startswith("auto-replied"):
        return evidence(NAME, "header:auto-submitted", submitted)
    subject = _subject_proof(reading)
    if subject is None and submitted.startswith("auto-generated"):
        return _generated_proof(reading, submitted)
    return subject


def _generated_proof(reading: Reading, submitted: str) -> tuple[Evidence, ...] | None:
    """`auto-generated` is a notification, unless Exchange's rules made it or it answers as responders do."""
    mail = reading.mail
    is_rule = "x-ms-exchange-inbox-rules-loop" in mail.headers
    is_rule = is_rule or "mailbox rules" in mail.header("x-ms-exchange-generated-message-source").lower()
    own = reading.own
    if not is_rule and reading.answers_us:
        # Ticket systems mark what their agents write so as well: who asks for something is a person.
        is_rule = bool(words.ABSENCE.search(own))
        is_rule = is_rule or (intent_of(own) is None and bool(words.TICKET.search(own)))
    if is_rule:
        return evidence(NAME, "header:auto-submitted", submitted)
    return None


def _subject_proof(reading: Reading) -> tuple[Evidence, ...] | None:
    """A responder's subject. Our own sent subject, and any `Re:`, is a person answering."""
    subject = reading.mail.subject.strip()
    sent = (reading.context.sent_subject or "").strip().lower()
    if sent and _REPLY_PREFIX.sub("", subject).strip().lower() == sent:
        return None
    if words.RESPONDER_SUBJECT.match(subject):
        return evidence(NAME, "subject", subject)
    if words.RESPONDER_TITLE.match(subject) and _is_absent(reading, reading.own[:MAX_OWN]):
        return evidence(NAME, "subject", subject)
    if not words.ABSENCE_SUBJECT.match(subject) or answer_mark(subject) or not reading.cited:
        return None
    is_bulk = _is_bulk(reading)
    if not is_bulk and not (sent and subject.lower().endswith(sent)):
        return None
    own = reading.own[:MAX_OWN]
    # A person who types `Ausente: ...` asks for something, or tells of an absence that is over.
    if intent_of(own) is None and _is_absent(reading, own):
        return evidence(NAME, "subject", subject)
    return None


def _is_absent(reading: Reading, own: str) -> bool:
    back = return_date(own, reading.context.received_at, reading.context.language)
    return back is not None or bool(words.ABSENCE.search(own))


def _is_bulk(reading: Reading) -> bool:
    """A null Return-Path and `Precedence: bulk`: the responders of some hosts write no more than that."""
    is_null = reading.mail.header("return-path").strip() == "<>"
    return is_null and reading.mail.header("precedence").strip().lower() in {"bulk", "junk"}


def _subject_of_theirs(reading: Reading) -> str:
    """The subject without our own sent one, whose words are not theirs."""
    sent = reading.context.sent_subject
    return reading.mail.subject.replace(sent, "") if sent else reading.mail.subject


def _subtype(reading: Reading, own: str, *, has_date: bool) -> AutoReplyType:
    """Departure and new addresses first: such notes often speak of an absence as well."""
    subject = _subject_of_theirs(reading)
    text = f"{subject}\n{own}"
    if words.LEFT.search(words.NEARBY.sub("", text)):
        return AutoReplyType.LEFT_COMPANY
    if words.CHANGED.search(text) and not (has_date and words.ABSENCE.search(text)):
        return AutoReplyType.ADDRESS_CHANGED
    is_away = has_date or bool(words.ABSENCE.search(text)) or bool(words.ABSENCE_SUBJECT.match(subject))
    if not is_away and words.TICKET.search(text):
        return AutoReplyType.TICKET
    return AutoReplyType.OUT_OF_OFFICE


def _successor(reading: Reading, own: str) -> str | None:
    """The first address in the sender's own text that is neither theirs nor ours."""
    not_them = {reading.mail.from_address.lower(), *reading.context.own_addresses}
    return next((found for found in find_addresses(own, 10) if found.lower() not in not_them), None)


RULE = Rule(NAME, "A responder answered, not a person.", check)
