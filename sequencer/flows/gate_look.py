"""What a gate is asked about: one message of one enrollment at one moment."""

from dataclasses import dataclass
from datetime import datetime

from sequencer.core.contact import Contact
from sequencer.core.enrollment import Enrollment
from sequencer.core.why import GateLine, GateName
from sequencer.flows.engine import Engine
from sequencer.flows.next_message import NextMessage
from sequencer.store.engine import Tx
from sequencer.store.gates import Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One message at one moment, and what the database said of its gates."""

    engine: Engine
    tx: Tx
    now: datetime
    enrollment: Enrollment
    contact: Contact
    message: NextMessage
    shut: frozenset[Gate]


def shut_for_person(gate: GateName, measured: str, mend: str = "") -> GateLine:
    """A gate that only a person opens."""
    return GateLine(gate=gate, measured=measured, is_open=False, needs_person=True, mend=mend)
