"""Prove sent: what shows that a message in doubt did leave, and what follows for its enrollment."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sequencer.core.enrollment import Hold, HoldReason
from sequencer.core.inbound import VerdictKind
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.errors import SequencerError
from sequencer.flows import mail_log
from sequencer.flows.await_copies import expect
from sequencer.flows.engine import Engine
from sequencer.flows.resolve import go_on_from
from sequencer.flows.tell import hold_and_tell
from sequencer.store import enrollments, unsure
from sequencer.store.engine import Tx

if TYPE_CHECKING:  # both load what recognises mail
    from sequencer.core.matching import MatchKeys, SentRef
    from sequencer.flows.recognise import Recognised


class By(StrEnum):
    """What proves it, as the event `resolved` says."""

    SENT_COPY = "sent_copy"
    BOUNCE = "bounce"
    """Also a report of a delay or a complaint: whoever reports on it had it."""
    ANSWER = "answer"
    RECEIPT = "receipt"


BY_KIND: Mapping[VerdictKind, By] = {
    VerdictKind.BOUNCE: By.BOUNCE,
    VerdictKind.DELAY: By.BOUNCE,
    VerdictKind.COMPLAINT: By.BOUNCE,
    VerdictKind.RECEIPT: By.RECEIPT,
    VerdictKind.REPLY: By.ANSWER,
    VerdictKind.AUTO_REPLY: By.ANSWER,
    VerdictKind.UNSUBSCRIBE: By.ANSWER,
    VerdictKind.CHALLENGE: By.ANSWER,
    VerdictKind.AMBIGUOUS: By.ANSWER,
}
"""Mail that cites a message's id; what bears it as its own is a copy."""
_WORDS = {
    By.BOUNCE: "a report on it came back",
    By.ANSWER: "it was answered",
    By.RECEIPT: "its receipt came",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Why a message counts as sent."""

    by: By
    folder: str | None = None
    uid: int | None = None
    inbox_id: int | None = None
    """Of a mail that was recorded before anybody was in doubt."""

    @property
    def copy_in(self) -> str | None:
        """The folder that holds its copy."""
        return self.folder if self.by is By.SENT_COPY else None

    @property
    def words(self) -> str:
        """For the row's reason."""
        return f"found in {self.folder}" if self.by is By.SENT_COPY else _WORDS[self.by]

    @property
    def data(self) -> dict[str, object]:
        """For the event."""
        return {"by": self.by.value, "folder": self.folder, "uid": self.uid, "inbox_id": self.inbox_id}


def prove(tx: Tx, engine: Engine, row: OutboxRow, proof: Proof, now: datetime) -> bool:
    """A message in doubt counts as sent and its sequence goes on; as `outbox resolve --sent`, by evidence.

    One that a person gave up stays given up, for its sequence has gone on: it is said, in one line.
    """
    if row.state is OutboxState.REFUSED:
        unsure.note_arrived_anyway(tx, row, proof.data, now)
        words = f"message {row.id} was resolved as not sent, and did arrive: {proof.words}"
        mail_log.mailbox_event(logging.WARNING, "arrived anyway", row.mailbox, words)
        return False
    if not unsure.prove(tx, row, proof.words, proof.data, now):
        return False
    _go_on(tx, engine, row, now)
    if row.state is OutboxState.UNSURE:
        mail_log.mailbox_event(logging.INFO, "proved sent", row.mailbox, f"message {row.id}: {proof.words}")
    else:
        words = f"message {row.id} was to leave again and does not, the first copy arrived: {proof.words}"
        mail_log.mailbox_event(logging.WARNING, "arrived anyway", row.mailbox, words)
    return True


def _go_on(tx: Tx, engine: Engine, row: OutboxRow, now: datetime) -> None:
    """What follows must never undo the proof: an enrollment that cannot go on waits for a person."""
    mailbox = engine.config.mailbox(row.mailbox)
    if mailbox is not None:
        expect(tx, mailbox, row, now)
    try:
        with tx.begin_nested():
            go_on_from(tx, engine, row, ended_at=row.sending_at or now, now=now)
    except SequencerError as error:
        enrollment = enrollments.by_id(tx, row.enrollment_id)
        if enrollment is None or enrollment.hold is None:
            return
        if enrollment.hold.reason is HoldReason.UNSURE and enrollments.resume(tx, enrollment, now, now):
            again = enrollments.by_id(tx, row.enrollment_id) or enrollment
            hold = Hold(reason=HoldReason.RENDER_FAILED, until=None, note=str(error))
            hold_and_tell(tx, engine, again, hold, now)


def prove_by_mail(tx: Tx, engine: Engine, read: "Sequence[Recognised]", now: datetime) -> None:
    """What was just read, held against the messages in doubt; before it does what it does by itself."""
    proofs: dict[int, Proof] = {}
    for one in read:
        found = _proof_in(one)
        if found is not None:
            proofs.setdefault(*found)
    for row in unsure.doubted(tx, proofs) if proofs else ():
        prove(tx, engine, row, proofs[row.id], now)


def _proof_in(one: "Recognised") -> tuple[int, Proof] | None:
    if one.own_copy_of is not None:
        is_draft = any(label.strip("\\").lower() in ("draft", "drafts") for label in one.raw.labels)
        is_vague = one.is_copy_by_subject_alone or is_draft
        return None if is_vague else (one.own_copy_of, _proof(By.SENT_COPY, one))
    by = BY_KIND.get(one.verdict.kind)
    cited = cited_in(one.keys, one.index.sent) if by is not None else None
    return None if by is None or cited is None else (cited, _proof(by, one))


def _proof(by: By, one: "Recognised") -> Proof:
    return Proof(by=by, folder=one.raw.folder, uid=one.raw.uid)


def cited_in(keys: "MatchKeys", sent: "Mapping[str, SentRef]") -> int | None:
    """The message of ours that a mail names by id, the most telling first.

    Not by a token, which names the enrollment: an older message may have brought it.
    """
    for message_id in (*keys.answered_ids, *keys.original_ids):
        found = sent.get(message_id) or sent.get(message_id.lower())
        if found is not None and found.outbox_id is not None:
            return found.outbox_id
    return None
