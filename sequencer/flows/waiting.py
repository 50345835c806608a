"""Waiting: why one message has not left, every gate asked at this moment."""

from datetime import datetime

from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.core.progress import open_at
from sequencer.core.waiting import why_it_waits
from sequencer.errors import SequencerError
from sequencer.flows.cap_room import learn_ramp, room_for
from sequencer.flows.engine import Engine
from sequencer.flows.gate_words import gates_in_words
from sequencer.flows.own_gates import NOT_REHEARSED, is_left_out
from sequencer.store import contacts, gates, mailboxes
from sequencer.store.engine import Tx
from sequencer.store.gates import Gate

UNSENT = (OutboxState.AWAITING_APPROVAL, OutboxState.READY, OutboxState.DEFERRED)


def reasons(engine: Engine, tx: Tx, row: OutboxRow) -> list[str]:
    """What keeps the message now, in words; empty when it may leave at its mailbox's next turn."""
    now = engine.clock.now()
    if row.state not in UNSENT:
        said = why_it_waits(row, now, is_mailbox_paused=False)
        return [said] if said else []
    found = []
    if row.state is OutboxState.AWAITING_APPROVAL:
        found.append(why_it_waits(row, now, is_mailbox_paused=False))
    if row.due_at > now:
        found.append(f"is due at {row.due_at:%Y-%m-%d %H:%M}Z")
    elif row.reason and row.state is not OutboxState.AWAITING_APPROVAL:
        again = f" (looked at again at {row.retry_at:%H:%M}Z)" if row.retry_at and row.retry_at > now else ""
        found.append(f"{row.reason}{again}")
    closed = [
        _window(engine, tx, row, now),
        NOT_REHEARSED if is_left_out(engine, row.address_key) else "",
        _gates(engine, tx, row, now),
    ]
    found += [reason for reason in closed if reason]
    return list(dict.fromkeys(found))


def _window(engine: Engine, tx: Tx, row: OutboxRow, now: datetime) -> str:
    contact = contacts.contact_of(tx, row.contact_id)
    if contact is None:
        return "the contact is gone"
    try:
        rhythm = engine.rhythm(contact, engine.version(tx, row.version_hash).sequence)
        opens_at = open_at(max(now, row.due_at), rhythm)
    except SequencerError as error:
        return str(error)
    if opens_at <= max(now, row.due_at):
        return ""
    return f"window {rhythm.window.name} opens at {opens_at:%Y-%m-%d %H:%M}Z"


def _gates(engine: Engine, tx: Tx, row: OutboxRow, now: datetime) -> str:
    mailbox = engine.config.mailbox(row.mailbox)
    if mailbox is None:
        return f"mailbox {row.mailbox} is not in config.toml"
    learn_ramp(engine, tx, mailbox)
    limits = engine.gate_limits(mailbox, now)
    shut: list[Gate] = [gate for gate in gates.closed_gates(tx, row.id, limits) if gate is not Gate.CAP]
    words = gates_in_words(shut, gates.unread_mailboxes(tx, row.id, limits))
    kept = room_for(engine, tx, mailbox, [row], now).kept_back(row)
    if kept is not None:
        words = f"{words}; {kept.reason}" if words else kept.reason
    paused = next((one for one in mailboxes.statuses(tx) if one.name == row.mailbox), None)
    if paused is not None and paused.pause_reason:
        words = words.replace("the mailbox is paused", f"the mailbox is paused: {paused.pause_reason}")
    return words
