"""Incoming mail, each message recorded once; what matches nobody keeps no sender, subject or body."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, insert, not_, or_, select

from sequencer.core.inbound import MatchVia, VerdictKind
from sequencer.core.marks import FROM_PEOPLE, SETTLED, Mark
from sequencer.store.engine import Tx
from sequencer.store.schema import contacts, inbox, marks, outbox, replies

_SOFT = ("full", "soft")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """One incoming message about to be recorded. Without a contact, nothing personal is kept."""

    mailbox: str
    folder: str
    uid_validity: int
    uid: int
    fingerprint: str
    received_at: datetime
    kind: VerdictKind
    contact_id: int | None = None
    enrollment_id: int | None = None
    outbox_id: int | None = None
    match_via: MatchVia | None = None
    message_id: str | None = None
    from_address: str | None = None
    subject: str | None = None
    own_text: str | None = None
    reply_to: str | None = None
    """Where its sender wants answers, if elsewhere."""
    references: tuple[str, ...] = ()
    """The ids of its thread, oldest first, its own not among them."""
    verdict: dict[str, Any] = field(default_factory=dict)
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One recorded message that concerns a contact."""

    id: int
    mailbox: str
    folder: str
    uid_validity: int
    uid: int
    received_at: datetime
    read_at: datetime
    kind: VerdictKind
    contact_id: int | None
    contact_address: str | None
    enrollment_id: int | None
    outbox_id: int | None
    match_via: str | None
    message_id: str | None
    from_address: str | None
    subject: str | None
    own_text: str | None
    verdict: dict[str, Any]
    effects: list[str]
    reply_to: str | None = None
    references: tuple[str, ...] = ()
    answered_at: datetime | None
    """When a rep next wrote to the contact: by hand, as seen in Sent, or by `inbox reply`."""
    mark: str | None
    """What a person says it comes to."""

    @property
    def is_waiting(self) -> bool:
        """A person wrote, nobody has written back yet, and nobody says that there is no need."""
        if self.mark is not None and Mark(self.mark) in SETTLED:
            return False
        return self.kind in FROM_PEOPLE and self.contact_id is not None and self.answered_at is None


def known_fingerprints(tx: Tx, mailbox: str, fingerprints: Sequence[str]) -> set[str]:
    """Which of these were recorded already (moved to another folder, shown under another label, …)."""
    query = select(inbox.c.fingerprint).where(
        inbox.c.mailbox == mailbox, inbox.c.fingerprint.in_(list(fingerprints))
    )
    return {row.fingerprint for row in tx.execute(query)}


def ids_of(tx: Tx, mailbox: str, fingerprints: Sequence[str]) -> dict[str, int]:
    """Fingerprint → id of what is recorded."""
    query = select(inbox.c.fingerprint, inbox.c.id).where(
        inbox.c.mailbox == mailbox, inbox.c.fingerprint.in_(list(fingerprints))
    )
    return {row.fingerprint: row.id for row in tx.execute(query)}


def recorded_in(tx: Tx, mailbox: str, folder: str, fingerprints: Sequence[str]) -> set[str]:
    """Which of these were recorded in this very folder."""
    query = select(inbox.c.fingerprint).where(
        inbox.c.mailbox == mailbox, inbox.c.folder == folder, inbox.c.fingerprint.in_(list(fingerprints))
    )
    return {row.fingerprint for row in tx.execute(query)}


def record_answers(tx: Tx, answers: Iterable[NewAnswer], read_at: datetime) -> int:
    """Insert a batch; returns how many."""
    rows = [_values(answer) | {"read_at": read_at} for answer in answers]
    if rows:
        tx.execute(insert(inbox), rows)
    return len(rows)


def listed(
    tx: Tx,
    *,
    kinds: Sequence[VerdictKind] = (),
    contact_id: int | None = None,
    with_strangers: bool = False,
    is_open: bool = False,
    limit: int = 100,
) -> list[Answer]:
    """Recorded messages, newest first, those of people who wait before all others; `is_open`: these alone.

    Those that match nobody come only `with_strangers`.

    Copies of our own mail are no answers: they come only where `kinds` names them, or `with_strangers`.
    """
    is_from_contact = and_(inbox.c.kind.in_(sorted(FROM_PEOPLE)), inbox.c.contact_id.is_not(None))
    is_settled = func.coalesce(marks.c.mark, "").in_(sorted(SETTLED))
    is_waiting = and_(is_from_contact, answered_at().is_(None), not_(is_settled))
    query = _answers().order_by(is_waiting.desc(), inbox.c.received_at.desc(), inbox.c.id.desc()).limit(limit)
    if is_open:
        query = query.where(is_waiting)
    if kinds:
        query = query.where(inbox.c.kind.in_(list(kinds)))
    elif not with_strangers:
        query = query.where(inbox.c.kind != VerdictKind.OWN_COPY)
    if contact_id is not None:
        query = query.where(inbox.c.contact_id == contact_id)
    if not with_strangers:
        query = query.where(inbox.c.contact_id.is_not(None))
    return [_answer(row) for row in tx.execute(query).mappings()]


def recorded_at(tx: Tx, at: datetime) -> list[Answer]:
    """The messages whose effects were written at exactly this instant, in order."""
    query = _answers().where(inbox.c.read_at == at, inbox.c.contact_id.is_not(None)).order_by(inbox.c.id)
    return [_answer(row) for row in tx.execute(query).mappings()]


def by_id(tx: Tx, answer_id: int) -> Answer | None:
    """One recorded message."""
    row = tx.execute(_answers().where(inbox.c.id == answer_id)).mappings().first()
    return _answer(row) if row else None


def soft_bounced_before(tx: Tx, enrollment_id: int, outbox_id: int) -> bool:
    """Whether the enrollment's message before this one came back, or was refused, as full or soft."""
    query = (
        select(outbox.c.id, outbox.c.state, outbox.c.smtp_class)
        .where(
            outbox.c.enrollment_id == enrollment_id,
            outbox.c.id < outbox_id,
            outbox.c.state.in_(["sent", "refused", "unsure"]),
            ~outbox.c.is_cancelled,  # as its index says, which is asked instead of all that came before
        )
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    before = tx.execute(query).first()
    if before is None:
        return False
    if before.state == "refused":
        return before.smtp_class in _SOFT
    bounces = select(inbox.c.verdict).where(
        inbox.c.outbox_id == before.id, inbox.c.kind == VerdictKind.BOUNCE
    )
    return any((row.verdict or {}).get("bounce_class") in _SOFT for row in tx.execute(bounces))


def _answers() -> Any:
    columns = contacts.c.address.label("contact_address"), answered_at().label("answered_at"), marks.c.mark
    query = select(inbox, *columns).outerjoin(contacts, contacts.c.id == inbox.c.contact_id)
    return query.outerjoin(marks, marks.c.inbox_id == inbox.c.id)


def answered_at() -> ColumnElement[Any]:
    """When a rep next wrote to the contact of the enclosing statement's incoming message."""
    hand, sent = _by_hand(), _by_reply()
    return case((hand.is_(None), sent), (sent.is_(None), hand), (hand < sent, hand), else_=sent)


def _by_reply() -> ScalarSelect[Any]:
    # A server's clock ahead of ours dates the mail after its own answer.
    is_later = or_(replies.c.sent_at >= inbox.c.received_at, replies.c.inbox_id == inbox.c.id)
    return (
        select(func.min(replies.c.sent_at))
        .where(replies.c.contact_id == inbox.c.contact_id, replies.c.sent_at.is_not(None), is_later)
        .correlate(inbox)
        .scalar_subquery()
    )


def _by_hand() -> ScalarSelect[Any]:
    by_hand = inbox.alias("by_hand")
    return (
        select(func.min(by_hand.c.received_at))
        .where(
            by_hand.c.contact_id == inbox.c.contact_id,
            by_hand.c.kind == VerdictKind.HAND_WRITTEN,
            by_hand.c.received_at >= inbox.c.received_at,
        )
        .correlate(inbox)
        .scalar_subquery()
    )


def _values(answer: NewAnswer) -> dict[str, Any]:
    place = {
        "mailbox": answer.mailbox,
        "folder": answer.folder,
        "uid_validity": answer.uid_validity,
        "uid": answer.uid,
        "fingerprint": answer.fingerprint,
        "received_at": answer.received_at,
        "kind": answer.kind,
    }
    personal = {
        "contact_id": answer.contact_id,
        "enrollment_id": answer.enrollment_id,
        "outbox_id": answer.outbox_id,
        "match_via": answer.match_via,
        "message_id": answer.message_id,
        "from_address": answer.from_address,
        "subject": answer.subject,
        "own_text": answer.own_text,
        "reply_to": answer.reply_to,
        "references": list(answer.references) or None,
        "verdict": answer.verdict,
        "effects": list(answer.effects),
    }
    if answer.contact_id is None:
        personal = dict.fromkeys(personal)
    return place | personal


def _answer(row: Any) -> Answer:
    made = ("kind", "verdict", "effects", "references")
    plain = {name: row[name] for name in Answer.__slots__ if name not in made}
    return Answer(
        **plain,
        kind=VerdictKind(row["kind"]),
        verdict=row["verdict"] or {},
        effects=row["effects"] or [],
        references=tuple(row["references"] or ()),
    )
