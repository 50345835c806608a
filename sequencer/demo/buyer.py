"""The buyers of the demo: who they are, and how each of them takes our mails."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Temper(StrEnum):
    """How a buyer takes our mails; the value is what the demo calls it."""

    SILENT = "says nothing"
    REPLY = "replies in the thread"
    QUESTION = "asks a question"
    FRESH_MAIL = "writes a fresh mail"
    COLLEAGUE = "a colleague answers"
    OUT_OF_OFFICE = "is out of office until a date"
    LEFT = "has left the company"
    UNSUBSCRIBE_BUTTON = "unsubscribes by the header"
    UNSUBSCRIBE_WORDS = "asks in words to be left alone"
    COMPLAINT = "reports us as spam"
    UNKNOWN = "is not known at the server"
    """Refused at RCPT with 550 5.1.1."""
    DEAD = "has a dead address"
    """Taken at first; a delivery report comes minutes later."""
    FULL = "has a full mailbox"
    """Taken at first; a delivery report (5.2.2) comes minutes later, once."""
    GREYLISTING = "sits behind greylisting"
    """451 at the first try; taken when tried again five minutes later or more. Says nothing."""
    BY_HAND = "gets a mail the rep wrote by hand"
    """Not a deed of the buyer: their rep writes to them from another program, which files it in Sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """One invented buyer, as the contact lists have them."""

    address: str
    name: str
    company: str
    country: str
    """ISO 3166 code."""
    language: str
    sequence: str
    """The sequence their list is enrolled in."""
    city: str = ""
    zone: str = "UTC"
    """IANA zone they live by."""
    colleague: str = ""
    """Name of somebody else at their firm; empty when the list gives that address no name."""
    colleague_address: str = ""
    is_colleague_listed: bool = False
    """The colleague is a buyer on our lists too, not only known at the firm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What the seed dealt to a buyer."""

    temper: Temper
    at_message: int = 1
    """Which of our messages to them brings the answer, from 1."""
    after_in: timedelta = timedelta(hours=2)
    """From its receipt to the answer; at least one second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A message on its way to one of our mailboxes, at an instant of the virtual clock."""

    at: datetime
    temper: Temper
    buyer: str
    """Address of the buyer it concerns, as we wrote to it."""
    mailbox: str
    """Address of our mailbox that gets it."""
    sender: str
    """Envelope sender; empty for delivery reports and responders (RFC 3834 §3.3)."""
    raw: bytes
    is_stopping: bool
    """Whether no follow-up may leave once it was read (docs/states.md): not so for an out-of-office."""
    is_sent_copy: bool = False
    """Filed in our own Sent folder instead of delivered: the rep wrote it by hand."""
