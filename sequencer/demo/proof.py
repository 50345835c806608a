"""The two promises, judged from what the mail server holds: nothing of the judged program is asked."""

import hashlib
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from sequencer.core.address import address_key
from sequencer.demo.buyer import Answer
from sequencer.demo.receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One message that should not have left, and why."""

    receipt: Receipt
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was found against the promises; three empty lists are what was promised."""

    duplicates: tuple[Breach, ...]
    """The same recipient got the same Message-ID, or the same content, before."""
    sent_after_answer: tuple[Breach, ...]
    """Follow-ups that left though a stopping answer lay there to be read, or without a look at the inbox."""
    unknown_ids: tuple[Breach, ...]
    """Message-IDs that the program's own ledger does not know."""

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not (self.duplicates or self.sent_after_answer or self.unknown_ids)


def prove(
    receipts: Sequence[Receipt],
    answers: Iterable[Answer],
    readings: Mapping[str, Sequence[datetime]],
    known_ids: Collection[str],
    max_inbox_age_in: timedelta,
) -> Proof:
    """Judge every message the server took, in order of arrival.

    `answers` are those that were delivered, `readings` the instants (ascending) at which the inbox of each of
    our mailboxes was looked at, as the IMAP server saw it. A follow-up breaks the promise when a stopping
    answer was dated before the whole second of the last look, or that look is older than `max_inbox_age_in`.
    """
    marks = [_marks(receipt.raw) for receipt in receipts]
    return Proof(
        duplicates=tuple(_duplicates(receipts, marks)),
        sent_after_answer=tuple(_late(receipts, answers, readings, max_inbox_age_in)),
        unknown_ids=tuple(
            Breach(receipt=receipt, reason=f"{mark.message_id} is not in the ledger")
            for receipt, mark in zip(receipts, marks, strict=True)
            if mark.message_id not in known_ids
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """What tells a message from another one to the same buyer."""

    message_id: str
    content_hash: str


def _marks(raw: bytes) -> _Marks:
    message = message_from_bytes(raw, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("the default policy makes EmailMessage")
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    content = f"{message.get('Subject', '')}\n{' '.join(text.split())}"
    return _Marks(
        message_id=str(message.get("Message-ID", "")).strip(),
        content_hash=hashlib.sha256(content.encode()).hexdigest(),
    )


def content_hash(raw: bytes) -> str:
    """SHA-256 over decoded subject and text: equal for mails that differ in ids, dates or boundaries."""
    return _marks(raw).content_hash


def _duplicates(receipts: Sequence[Receipt], marks: Sequence[_Marks]) -> Iterable[Breach]:
    seen: dict[tuple[str, str], datetime] = {}
    for receipt, mark in zip(receipts, marks, strict=True):
        to = address_key(receipt.recipient)
        named = (("the same Message-ID", mark.message_id), ("the same content", mark.content_hash))
        earlier = [(what, seen[to, value]) for what, value in named if (to, value) in seen]
        if earlier:
            what, at = earlier[0]
            yield Breach(receipt=receipt, reason=f"{what} as at {at:%Y-%m-%d %H:%M:%S} UTC")
        for _what, value in named:
            seen.setdefault((to, value), receipt.at)


def _late(
    receipts: Iterable[Receipt],
    answers: Iterable[Answer],
    readings: Mapping[str, Sequence[datetime]],
    max_inbox_age_in: timedelta,
) -> Iterable[Breach]:
    stops: dict[str, list[datetime]] = {}
    for answer in answers:
        if answer.is_stopping:
            # INTERNALDATE has whole seconds (RFC 3501 §2.3.3).
            stops.setdefault(address_key(answer.buyer), []).append(answer.at.replace(microsecond=0))
    writers: dict[str, list[str]] = {}
    for receipt in receipts:
        to = address_key(receipt.recipient)
        written = writers.setdefault(to, [])
        for mailbox in written:
            looked_at = _last_reading(readings.get(mailbox, ()), receipt.at)
            reason = _why_late(mailbox, looked_at, receipt.at, stops.get(to, []), max_inbox_age_in)
            if reason:
                yield Breach(receipt=receipt, reason=reason)
                break
        if receipt.sender not in written:
            written.append(receipt.sender)


def _why_late(
    mailbox: str,
    looked_at: datetime | None,
    sent_at: datetime,
    stopped_at: Sequence[datetime],
    max_inbox_age_in: timedelta,
) -> str | None:
    if looked_at is None or sent_at - looked_at > max_inbox_age_in:
        since = f"since {looked_at:%Y-%m-%d %H:%M:%S} UTC" if looked_at else "ever"
        answered = [at for at in stopped_at if at < sent_at.replace(microsecond=0)]
        after = f"answered at {answered[0]:%Y-%m-%d %H:%M:%S} UTC; " if answered else ""
        return f"{after}{mailbox} was not looked at {since}"
    readable = [at for at in stopped_at if at < looked_at.replace(microsecond=0)]
    if readable:
        return f"the answer of {readable[0]:%Y-%m-%d %H:%M:%S} UTC lay in {mailbox} to be read"
    return None


def _last_reading(readings: Sequence[datetime], at: datetime) -> datetime | None:
    index = bisect_right(readings, at)
    return readings[index - 1] if index else None
