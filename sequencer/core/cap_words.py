"""What a cap allows and how much of it is used, in words for `why`, the log and the lists."""

from datetime import datetime

from sequencer.core.caps import Cap, CapKind
from sequencer.core.wall_time import wall_time


def use_in_words(cap: Cap, used: int, now: datetime) -> str:
    """`12 of 50 in 24 h`, and what is counted where that is not the mailbox's own."""
    ratio = f"{used} of {cap.limit_at(now)}"
    match cap.kind:
        case CapKind.DATE:
            words = f"{ratio} on {wall_time(now, cap.zone):%Y-%m-%d} in {cap.zone}"
        case CapKind.NEW:
            words = f"{ratio} first mails in 24 h"
        case CapKind.GROUP:
            words = f"{ratio} in 24 h by the mailboxes of group {cap.of}"
        case CapKind.COMPANY:
            words = f"{ratio} to {cap.of} in 24 h"
        case CapKind.CONTACT:
            words = f"{ratio} to them in 24 h"
        case CapKind.MAILBOX:
            words = f"{ratio} in 24 h"
    ramp = ramp_in_words(cap, now)
    return f"{words}; {ramp}" if ramp else words


def ramp_in_words(cap: Cap, now: datetime) -> str:
    """`day 4 of its ramp: 16 of 50`; empty once it allows the whole cap."""
    limit = cap.limit_at(now)
    if cap.ramp is None or limit >= cap.limit:
        return ""
    return f"day {cap.ramp.day_at(now, cap.zone)} of its ramp: {limit} of {cap.limit}"


def full_in_words(cap: Cap, used: int, now: datetime) -> str:
    """Why a message waits for this cap."""
    what = {
        CapKind.MAILBOX: "the mailbox's 24 hours are full",
        CapKind.DATE: "the mailbox's day is full",
        CapKind.NEW: "the mailbox's first mails of 24 hours are used up",
        CapKind.GROUP: f"the 24 hours of group {cap.of} are full",
        CapKind.COMPANY: "their company got as many mails as it may",
        CapKind.CONTACT: "they got as many mails as they may",
    }
    return f"{what[cap.kind]}: {use_in_words(cap, used, now)}"
