"""Reply known: what is known of earlier answers to a message, before another one is written."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from sequencer.config import Mailbox
from sequencer.core.ports import ReadFailure, SentHeads
from sequencer.core.reply import Reply, ReplyState
from sequencer.core.wall_time import utc_text
from sequencer.errors import Attention, SequencerError
from sequencer.flows.engine import Engine
from sequencer.flows.reply_doubts import call_unsure, find_in_sent
from sequencer.flows.reply_question import Question, question
from sequencer.store.reply_lock import reply_lock

S = ReplyState
OpenHeads = Callable[[Mailbox], AbstractContextManager[SentHeads]]


def look_for_earlier(engine: Engine, asked: Question, open_heads: OpenHeads) -> tuple[Question, str]:
    """Look in Sent for answers in doubt, by a connection of our own; what is known then, and what failed.

    The mailbox itself is not read: that is the daemon's.
    """
    if not any(one.state in (S.CLAIMED, S.SENDING, S.UNSURE) for one in asked.standing):
        return asked, ""
    with reply_lock(engine.workspace.database, 0) as is_mine:
        if is_mine:
            call_unsure(engine, None)
    asked = question(engine, asked.answer.id, asked.rep)
    unsure = [one for one in asked.standing if one.state is S.UNSURE]
    reader = engine.config.mailbox(asked.mailbox.reader_name)
    if not unsure or reader is None or reader.imap is None:
        return asked, ""
    trouble = ""
    try:
        with open_heads(reader) as heads:
            find_in_sent(engine, reader.name, heads, unsure)
    except ReadFailure as failure:
        trouble = f"Sent of {reader.name} could not be looked through: {failure.message}"
    return question(engine, asked.answer.id, asked.rep), trouble


def refuse_a_second(asked: Question) -> None:
    """Raise when an answer to this message left, may have left, or is leaving; Attention for one in doubt."""
    answer_id, standing = asked.answer.id, asked.standing
    if not standing:
        return
    last = _last(standing)
    at = utc_text(last.sent_at or last.sending_at or last.created_at, timespec="minutes")
    if last.state is S.SENT:
        raise SequencerError(
            f"message {answer_id} was answered by {last.rep} at {at}",
            hint=f"to write once more: `sequencer inbox reply {answer_id} --again`",
        )
    if last.state is S.UNSURE:
        raise Attention(
            f"an answer of {last.rep}'s to message {answer_id} may have left at {at}, or not: {last.reason};"
            " it was not found in Sent",
            hint="look in Sent, or ask; --again sends another, which may then be a second copy",
        )
    raise SequencerError(
        f"an answer to message {answer_id} is leaving at this moment", hint="look again in a minute"
    )


def _last(standing: Sequence[Reply]) -> Reply:
    """One in doubt before any that left: it is the one to be told of."""
    return max(standing, key=lambda one: (one.state is not S.SENT, one.number))
