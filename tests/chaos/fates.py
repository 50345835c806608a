"""Fates: what the seed deals to each buyer: how their server takes our mails, and when they answer."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

STEPS = ("intro", "catalogue", "quote")


class Fault(StrEnum):
    """What the buyer's server does once, at one step; `unknown` at every try."""

    NONE = "none"
    LATER = "450 to RCPT"
    UNKNOWN = "550 5.1.1 to RCPT"
    CUT_TAKEN = "taken, then cut instead of an answer"
    CUT_LOST = "not taken, cut instead of an answer"
    STALL_TAKEN = "taken, never answered"
    STALL_LOST = "not taken, never answered"
    LATE = "taken, answered late"

    @property
    def withholds(self) -> bool:
        """Whether the final dot gets no answer at all."""
        return self in (Fault.CUT_TAKEN, Fault.CUT_LOST, Fault.STALL_TAKEN, Fault.STALL_LOST)

    @property
    def takes(self) -> bool:
        """Whether the server holds the message."""
        return self in (Fault.CUT_TAKEN, Fault.STALL_TAKEN, Fault.LATE)


WEIGHTS = {
    Fault.NONE: 80,
    Fault.LATER: 7,
    Fault.UNKNOWN: 4,
    Fault.CUT_TAKEN: 1,
    Fault.CUT_LOST: 1,
    Fault.STALL_TAKEN: 0.5,
    Fault.STALL_LOST: 0.5,
    Fault.LATE: 6,
}
WORDS = ("Thank you, please call me next week.", "Hello,\n\nplease remove me from your mailing list.\nThanks")
"""A reply and an opt-out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """One buyer's."""

    fault: Fault = Fault.NONE
    fault_at: int = 0
    """Index of the step in STEPS that meets the fault."""
    answer_at: int | None = None
    """Index of the step that they answer; None: they say nothing."""
    words: str = ""
    patience: int = 0
    """So many lives of the daemon after its receipt the answer comes."""


def deal(addresses: Sequence[str], dice: random.Random) -> dict[str, Fate]:
    """A fate for each buyer; every fault is dealt to somebody."""
    faults = dice.choices(list(WEIGHTS), list(WEIGHTS.values()), k=len(addresses))
    faults[: len(Fault)] = Fault
    dice.shuffle(faults)
    return {address: _one(fault, dice) for address, fault in zip(addresses, faults, strict=True)}


def _one(fault: Fault, dice: random.Random) -> Fate:
    answers = dice.random() < 0.18
    return Fate(
        fault=fault,
        fault_at=dice.randrange(len(STEPS)),
        answer_at=dice.randrange(2) if answers else None,
        words=dice.choice(WORDS),
        patience=dice.randint(0, 12),
    )
