"""Reply send: one answer claimed, handed over, settled; a crash leaves it unsure, nothing sends it again."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

from sequencer.config import Mailbox
from sequencer.core.enrollment import EnrollmentState, FinishReason
from sequencer.core.message import mint_message_id
from sequencer.core.outbox import Attachment, Headers
from sequencer.core.ports import Courier, Deferred, MailboxFault, Outcome, Refused, Released, Sent, Unsure
from sequencer.core.reply import Reply, ReplyState
from sequencer.core.sent_copies import look_at
from sequencer.errors import SequencerError, TryAgain
from sequencer.flows import mail_log
from sequencer.flows.await_copies import filing_of
from sequencer.flows.effects import finish_enrollment
from sequencer.flows.engine import Engine
from sequencer.flows.reply_bytes import bytes_of
from sequencer.flows.reply_doubts import call_unsure
from sequencer.flows.reply_question import Question, forbidden
from sequencer.store import copies, enrollments, replies
from sequencer.store.engine import Tx
from sequencer.store.ledger import LedgerError
from sequencer.store.replies import Came, NewReply
from sequencer.store.reply_lock import WAIT_SECONDS, reply_lock

_RUNNING = (EnrollmentState.ACTIVE, EnrollmentState.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What an answer says."""

    own_text: str
    """The rep's words as Markdown."""
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def drafted(engine: Engine, asked: Question, words: Words) -> Reply:
    """The answer as it would be handed over now, its headers minted; nothing is written."""
    now = engine.clock.now()
    return Reply(
        id=0,
        inbox_id=asked.answer.id,
        contact_id=asked.contact.id,
        number=max((one.number for one in asked.standing), default=0) + 1,
        rep=asked.rep.name,
        mailbox=asked.mailbox.name,
        address=asked.to_address,
        address_key=asked.to_key,
        state=ReplyState.CLAIMED,
        message_id=mint_message_id(asked.mailbox.domain, secrets.token_hex(16)),
        date_at=now,
        subject=asked.thread.subject,
        in_reply_to=asked.thread.in_reply_to,
        references=asked.thread.references,
        own_text=words.own_text,
        text=words.text,
        html=words.html,
        attachments=words.attachments,
        created_at=now,
    )


def send_reply(engine: Engine, asked: Question, reply: Reply, courier: Courier) -> Reply:
    """Hand `reply` over once; returns its row, whatever became of it.

    TryAgain while another answer leaves; SequencerError when its bytes can't be made, or when another
    answer to that message was begun since `asked` was read: nothing was sent then.
    """
    outgoing = bytes_of(engine, asked.mailbox, reply)
    with reply_lock(engine.workspace.database) as is_mine:
        if not is_mine:
            raise TryAgain(
                f"another answer has been leaving for {WAIT_SECONDS:.0f} s",
                hint="its server is slow; try again in a minute",
            )
        call_unsure(engine, None)  # whoever else had begun one is dead: we hold the lock
        claimed = _claim(engine, asked, reply)
        outcome = courier.send(outgoing, lambda: _may_send(engine, asked, claimed))
        _settle(engine, asked, claimed, outcome)
    return _row(engine, claimed.id)


def _claim(engine: Engine, asked: Question, reply: Reply) -> Reply:
    """Durable before anything is dialled: from here on this answer is known, whatever happens."""
    new = NewReply(
        inbox_id=reply.inbox_id,
        contact_id=reply.contact_id,
        number=reply.number,
        rep=reply.rep,
        mailbox=reply.mailbox,
        address=reply.address,
        address_key=reply.address_key,
        headers=Headers(
            message_id=reply.message_id,
            date_at=reply.date_at,
            subject=reply.subject,
            in_reply_to=reply.in_reply_to,
            references=reply.references,
        ),
        own_text=reply.own_text,
        text=reply.text,
        html=reply.html,
        attachments=reply.attachments,
    )
    with engine.store.write() as tx:
        made = replies.claim(tx, new, engine.clock.now())
    if made is None:
        raise SequencerError(
            f"message {asked.answer.id} was answered a moment ago: nothing more was sent",
            hint=f"`sequencer inbox show {asked.answer.id}` shows the answer",
        )
    return _row(engine, made)


def _may_send(engine: Engine, asked: Question, reply: Reply) -> bool:
    """The mark, and with it what a rep's own mail does: what runs for the contact is taken over."""
    with engine.store.write() as tx:
        # Read with the lock in hand, as for every mark.
        now = engine.clock.now()
        if not replies.mark_sending(tx, reply, now):
            return False
        for one in enrollments.listed(tx, contact_ids=[asked.contact.id], states=_RUNNING):
            finish_enrollment(tx, one, FinishReason.TAKEN_OVER, now)
    return True


def _settle(engine: Engine, asked: Question, reply: Reply, outcome: Outcome) -> None:
    now = engine.clock.now()
    with engine.store.write() as tx:
        came = _came(tx, asked, outcome, now)
        if not replies.settle(tx, reply, came, now):
            raise LedgerError(f"answer {reply.id} stands elsewhere than it was left")
    level = logging.INFO if came.state is ReplyState.SENT else logging.WARNING
    mail_log.mailbox_event(
        level, came.state.value, reply.mailbox, f"answer {reply.id} {came.reason}".rstrip()
    )


def _came(tx: Tx, asked: Question, outcome: Outcome, now: datetime) -> Came:
    match outcome:
        case Sent(answer=answer, wire_id=wire_id):
            return Came(
                state=ReplyState.SENT,
                code=answer.code,
                said=answer.text,
                wire_id=wire_id,
                copy_due_at=_copy_at(tx, asked.mailbox, now),
            )
        case Unsure(cause=cause):
            return Came(state=ReplyState.UNSURE, reason=cause)
        case Refused(answer=answer):
            said = f"{answer.verb}: {answer.said}"
            return Came(state=ReplyState.REFUSED, reason=said, code=answer.code, said=answer.text)
        case Deferred(answer=answer):
            said = f"the server takes it later: {answer.said}"
            return Came(state=ReplyState.CANCELLED, reason=said, code=answer.code, said=answer.text)
        case MailboxFault(answer=answer, message=message, hint=hint, is_lasting=is_lasting):
            # The hint to what passes promises another try by itself: an answer gets none.
            words = f"{message} ({hint})" if hint and is_lasting else message
            return Came(state=ReplyState.CANCELLED, reason=words, code=answer.code, said=answer.text)
        case Released():
            closed = forbidden(tx, asked)
            return Came(state=ReplyState.CANCELLED, reason=str(closed or "it was closed meanwhile"))
        case _:
            raise TypeError(f"no end for {outcome!r}")


def _copy_at(tx: Tx, mailbox: Mailbox, now: datetime) -> datetime | None:
    """When its copy in Sent is looked after, by the mailbox's next ticks."""
    return look_at(filing_of(mailbox, copies.habit(tx, mailbox.name).files_sent), now)


def _row(engine: Engine, reply_id: int) -> Reply:
    with engine.store.read() as tx:
        [row] = replies.by_ids(tx, [reply_id])
    return row
