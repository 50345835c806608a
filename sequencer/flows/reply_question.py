"""Reply question: the message a rep wants to answer, where the answer goes, and what forbids it."""

from dataclasses import dataclass
from typing import Any

from sequencer.config import Mailbox, Rep
from sequencer.core.address import address_key, key_or_none
from sequencer.core.contact import Contact
from sequencer.core.inbound import VerdictKind
from sequencer.core.reply import VOID, Reply
from sequencer.core.reply_text import introduction
from sequencer.core.suppression import Suppression
from sequencer.core.threading import ThreadHeaders, answering_headers
from sequencer.errors import InputError, SequencerError
from sequencer.flows.engine import Engine
from sequencer.flows.own_gates import NOT_REHEARSED, is_left_out
from sequencer.store import contacts, inbox, mailboxes, outbox, replies, suppressions, written
from sequencer.store.engine import Tx
from sequencer.store.inbox import Answer

_NOBODY_READS: dict[VerdictKind, str] = {
    VerdictKind.BOUNCE: "a bounce",
    VerdictKind.DELAY: "a report of a delay",
    VerdictKind.COMPLAINT: "a complaint through the provider",
    VerdictKind.RECEIPT: "a receipt",
    VerdictKind.REPORT: "a report",
    VerdictKind.OWN_COPY: "a copy of our own mail",
    VerdictKind.HAND_WRITTEN: "a mail of yours",
    VerdictKind.OTHER: "no mail from a contact",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One message, and how it is answered."""

    answer: Answer
    contact: Contact
    rep: Rep
    mailbox: Mailbox
    to_address: str
    to_key: str
    thread: ThreadHeaders
    earlier: tuple[Reply, ...]
    """Answers from the command line to this very message, those that never left included."""

    @property
    def said(self) -> str:
        """What its sender wrote."""
        return self.answer.own_text or ""

    @property
    def before(self) -> str:
        """The line above the quotation."""
        sender = self.answer.from_address or self.to_address
        is_contact = key_or_none(sender) == self.contact.address_key and self.contact.name
        who = f"{self.contact.name} <{sender}>" if is_contact else f"<{sender}>"
        return introduction(self.language, who, self.answer.received_at, self.mailbox.zone)

    @property
    def language(self) -> str:
        return self.contact.language or "en"

    @property
    def standing(self) -> tuple[Reply, ...]:
        """The answers that left, or may have."""
        return tuple(one for one in self.earlier if one.state not in VOID)


def question(engine: Engine, answer_id: int, rep: Rep) -> Question:
    """The message with all that answering it needs.

    InputError when there is no such message or nobody reads an answer to it, SequencerError when it must
    not be answered: another rep's contact, an opt-out, a paused mailbox, the rehearsal list.
    """
    with engine.store.read() as tx:
        answer = inbox.by_id(tx, answer_id)
        if answer is None:
            raise InputError(f"there is no incoming message {answer_id}", hint="see `sequencer inbox list`")
        _require_a_reader(answer)
        contact = contacts.contact_of(tx, answer.contact_id) if answer.contact_id is not None else None
        to_address = _to(engine, answer)
        if contact is None or to_address is None:
            raise InputError(f"message {answer_id} keeps no sender: there is nobody to answer")
        mailbox = _mailbox(engine, tx, answer, contact)
        found = Question(
            answer=answer,
            contact=contact,
            rep=rep,
            mailbox=mailbox,
            to_address=to_address,
            to_key=address_key(to_address),
            thread=answering_headers(answer.message_id, answer.references, answer.subject or ""),
            earlier=tuple(replies.of_answer(tx, answer_id)),
        )
        _refuse(engine, tx, found)
    return found


def forbidden(tx: Tx, asked: Question) -> SequencerError | None:
    """What may close while the rep writes: an opt-out, a pause of the mailbox."""
    suppression = suppressions.is_suppressed(tx, asked.to_key, asked.contact.id)
    if suppression is not None:
        return _suppressed(asked, suppression)
    paused = next(
        (one for one in mailboxes.statuses(tx) if one.name == asked.mailbox.name and one.paused_at), None
    )
    if paused is not None:
        name = asked.mailbox.name
        return SequencerError(
            f"mailbox {name} is paused: {paused.pause_reason}",
            hint=f"when that is mended: `sequencer mailboxes resume {name}`",
        )
    return None


def _require_a_reader(answer: Answer) -> None:
    what = _NOBODY_READS.get(answer.kind)
    if what is not None:
        hint = f"why it was taken for that: `sequencer inbox explain {answer.id}`"
        raise InputError(f"message {answer.id} is {what}: nobody reads an answer to it", hint=hint)


def _refuse(engine: Engine, tx: Tx, asked: Question) -> None:
    owner = asked.contact.owner
    if owner not in (None, asked.rep.name):
        raise SequencerError(
            f"{asked.contact.address} belongs to {owner}, not to {asked.rep.name}",
            hint=f"if you are {owner}: `sequencer --as {owner} inbox reply {asked.answer.id}`",
        )
    closed = forbidden(tx, asked)
    if closed is not None:
        raise closed
    if is_left_out(engine, asked.to_key):
        raise SequencerError(f"{asked.to_address} is {NOT_REHEARSED}", hint="empty only_to first")


def _suppressed(asked: Question, found: Suppression) -> SequencerError:
    if found.is_opt_out:
        return SequencerError(
            f"{asked.to_address} asked for no more mail ({found.reason}): not even an answer is sent",
            hint="only their own later wish for mail undoes it: `sequencer suppressions remove ADDRESS` asks",
        )
    return SequencerError(
        f"{asked.to_address} is suppressed ({found.reason})",
        hint=f"if that is out of date: `sequencer suppressions remove '{found.shown_pattern}'`",
    )


def _to(engine: Engine, answer: Answer) -> str | None:
    """Their Reply-To, unless it is an address of ours; else the sender."""
    ours = {key_or_none(one.address) for one in engine.config.mailboxes}
    wanted = (answer.reply_to, answer.from_address)
    return next((one for one in wanted if one and (key := key_or_none(one)) and key not in ours), None)


def _mailbox(engine: Engine, tx: Tx, answer: Answer, contact: Contact) -> Mailbox:
    """The one that wrote what is answered, else the one that wrote last, else the one it came to."""
    last: Any = written.last_by_contact(tx, [contact.id]).get(contact.id)
    row_id = answer.outbox_id or (last.outbox_id if last else None)
    row = outbox.by_id(tx, row_id) if row_id is not None else None
    retired = {one.name: one.replies_in for one in engine.config.retired}
    for name in (row.mailbox if row else None, answer.mailbox):
        mailbox = engine.config.mailbox(retired.get(name, name)) if name else None
        if mailbox is not None:
            return mailbox
    raise SequencerError(
        f"mailbox {answer.mailbox!r} is not in config.toml any more", hint="answer from your mail program"
    )
