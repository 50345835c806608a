"""Every gate of one message asked at one moment, by the questions `deliver` asks."""

from dataclasses import replace
from datetime import datetime

from sequencer.core.contact import Contact
from sequencer.core.enrollment import Enrollment
from sequencer.core.why import GateLine
from sequencer.flows import contact_gates, mailbox_gates
from sequencer.flows.cap_gates import cap_lines
from sequencer.flows.cap_room import learn_ramp
from sequencer.flows.engine import Engine
from sequencer.flows.gate_look import Look
from sequencer.flows.next_message import NextMessage
from sequencer.store import gates
from sequencer.store.engine import Tx
from sequencer.store.gates import Gate


def gate_lines(
    engine: Engine,
    tx: Tx,
    enrollment: Enrollment,
    contact: Contact,
    message: NextMessage,
    now: datetime,
) -> tuple[GateLine, ...]:
    """All gates in the order of `GateName`, each with what it measured."""
    if message.mailbox is not None:
        learn_ramp(engine, tx, message.mailbox)
    look = Look(
        engine=engine,
        tx=tx,
        now=now,
        enrollment=enrollment,
        contact=contact,
        message=message,
        shut=frozenset(_asked_of_database(engine, tx, message, now)),
    )
    before = (ask(look) for ask in (*contact_gates.QUESTIONS, *mailbox_gates.QUESTIONS))
    return (*before, *cap_lines(look), *(ask(look) for ask in mailbox_gates.PACE))


def _asked_of_database(engine: Engine, tx: Tx, message: NextMessage, now: datetime) -> list[Gate]:
    """The gates of `store/gates.py`: of the row, or of the draft at the step its enrollment stands at."""
    box = message.mailbox
    # Without its settings a mailbox has no limits: only its own gate is told.
    limits = engine.gate_limits(box or engine.config.mailboxes[0], now)
    row = message.row.id if message.is_prepared else replace(message.row, step=message.standing_at.id)
    return gates.closed_gates(tx, row, limits)
