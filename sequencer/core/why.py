"""Why a message has not left: every gate with what it measured, and the one that binds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class GateName(StrEnum):
    """Everything a message passes, in the order in which `why` tells it; of the caps those that are set."""

    SUPPRESSION = "suppression"
    """Nothing speaks against writing to the address: not itself, not the person, not a pattern."""
    OWNER = "owner"
    """The contact belongs to the enrollment's rep, or to nobody."""
    ENROLLMENT = "enrollment"
    """The enrollment is active, and stands at this step."""
    STEP = "step"
    """There is a step left whose condition (`when`) holds for this contact."""
    TASK = "task"
    """No task of the rep comes first."""
    ADDRESS = "address"
    """The contact's address is still the one the message was made for."""
    TEXT = "text"
    """It can be rendered, threaded and put together."""
    ATTACHMENT = "attachment"
    """The files it names are under assets/."""
    APPROVAL = "approval"
    """No person must approve it first."""
    REHEARSAL = "rehearsal"
    """There is no rehearsal list (`only_to`), or the address is on it."""
    MAILBOX = "mailbox"
    """Its mailbox is in config.toml and not paused."""
    DAEMON = "daemon"
    """`run` is running."""
    INBOX = "inbox"
    """Every mailbox that wrote to the contact was read recently enough, or will be before it leaves."""
    DUE = "due"
    """Its time has come, and it is not put off until a later look or retry."""
    WINDOW = "window"
    """Its window is open at this moment."""
    CAP = "cap"
    """The mailbox's rolling 24 hours have room."""
    DATE_CAP = "date_cap"
    """So has the date, in the mailbox's zone."""
    NEW_CAP = "new_cap"
    """So have its first mails of 24 hours, where this is one."""
    GROUP_CAP = "group_cap"
    """So have the 24 hours of the mailboxes of its group together."""
    COMPANY_CAP = "company_cap"
    """The buyer's company may be sent one more, from whatever mailbox."""
    CONTACT_CAP = "contact_cap"
    """So may the contact, of whatever sequence."""
    GAP = "gap"
    """The pause after the mailbox's last message is over."""
    TURN = "turn"
    """No other message of the mailbox that may leave goes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """One gate at one moment."""

    gate: GateName
    measured: str
    """What was found, in words."""
    is_open: bool = True
    opens_at: datetime | None = None
    """When a shut gate opens by itself; None: nobody can say, or only a person opens it."""
    needs_person: bool = False
    """A shut gate that does not open by itself."""
    mend: str = ""
    """What a person can do about a shut gate."""


def binding(lines: Sequence[GateLine]) -> GateLine | None:
    """The shut gate that keeps the message longest; None when nothing does.

    One that only a person opens keeps it for ever, so the first of those binds; else the one that opens
    last by itself (of two at the same instant the later in the order of `GateName`: a window rather than
    the look put off until then); else one that opens by itself at no known time.
    """
    shut = [line for line in lines if not line.is_open]
    for line in shut:
        if line.needs_person:
            return line
    timed = [(line.opens_at, index) for index, line in enumerate(shut) if line.opens_at is not None]
    if timed:
        return shut[max(timed)[1]]
    return shut[0] if shut else None
