"""The caps as gates: what `why` says of each that is in force for a message."""

from collections.abc import Iterator

from sequencer.core.cap_words import use_in_words
from sequencer.core.caps import CapKind
from sequencer.core.why import GateLine, GateName
from sequencer.flows.cap_room import room_for
from sequencer.flows.gate_look import Look

_GATES = {
    CapKind.MAILBOX: GateName.CAP,
    CapKind.DATE: GateName.DATE_CAP,
    CapKind.NEW: GateName.NEW_CAP,
    CapKind.GROUP: GateName.GROUP_CAP,
    CapKind.COMPANY: GateName.COMPANY_CAP,
    CapKind.CONTACT: GateName.CONTACT_CAP,
}


def cap_lines(look: Look) -> Iterator[GateLine]:
    """One for each cap that the message must fit under, in the order of `GateName`."""
    box, row = look.message.mailbox, look.message.row
    if box is None:
        yield GateLine(gate=GateName.CAP, measured="no mailbox to measure")
        return
    room = room_for(look.engine, look.tx, box, [row], look.now)
    uses = {_GATES[use.cap.kind]: use for use in room.uses(row)}
    for gate in GateName:
        use = uses.get(gate)
        if use is None:
            continue
        words = use_in_words(use.cap, use.used, look.now)
        if use.is_full:
            yield GateLine(gate=gate, measured=words, is_open=False, opens_at=room.opens_at(use.cap))
        else:
            yield GateLine(gate=gate, measured=words)
