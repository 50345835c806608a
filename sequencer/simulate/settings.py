"""What is simulated: how long, whose draws, and how often buyers answer."""

from dataclasses import dataclass, field
from datetime import datetime

from sequencer.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Shares from 0 to 1; InputError for any other number."""

    reply: float = 0.05
    """Of the messages that arrive: these are answered by the buyer."""
    ooo: float = 0.05
    """Of the messages that arrive and are not answered: these bring a note of absence."""
    bounce: float = 0.02
    """Of the addresses that get their first message: these are dead."""

    def __post_init__(self) -> None:
        for option, share in (("--reply-rate", self.reply), ("--ooo", self.ooo), ("--bounce", self.bounce)):
            if not 0 <= share <= 1:  # so that what is no number is refused as well
                raise InputError(f"{option} is a share from 0 to 1, not {share:g}", hint="5 % is 0.05")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """Contacts that are made up and enrolled in the copy alone."""

    count: int
    sequence: str | None = None
    """None: the only one there is."""
    mailboxes: tuple[str, ...] = ()
    """Of the acting rep's; empty: all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One simulation."""

    days: int
    seed: int = 1
    rates: Rates = field(default_factory=Rates)
    start: datetime | None = None
    """None: the next quarter of an hour, so that equal questions soon after each other are answered alike."""
    invented: Invented | None = None
