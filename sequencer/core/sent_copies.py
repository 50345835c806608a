"""When a copy of a sent message is put into Sent, so that the rep finds each mail there exactly once."""

from datetime import datetime, timedelta
from enum import StrEnum

from sequencer.config import SaveSent

LOOK_FOR_COPY_IN = timedelta(minutes=2)
"""How long a provider has to file what it sent, before it counts as one that does not."""
OBSERVATIONS = 2
"""So many messages must show the same before it counts as the provider's habit."""
LATE_IN = timedelta(hours=1)
"""A second copy this soon after ours was filed late by the provider; a later one was moved by a person."""
RETRIES_IN = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
"""Waits between tries to save one copy; after the last it is given up."""


class Filing(StrEnum):
    """What is done for the copy in Sent."""

    NOTHING = "nothing"
    AT_ONCE = "at_once"
    AFTER_LOOK = "after_look"
    """Wait for LOOK_FOR_COPY_IN, read the mailbox, and save it only if the provider did not."""


def filing(save_sent: SaveSent, learnt: bool | None, known: bool | None = None) -> Filing:
    """`learnt`: whether this mailbox's provider was seen to file; `known`: what is known of the provider.

    What was seen goes before what is known: filing can be switched off at many providers.
    """
    if save_sent == "never":
        return Filing.NOTHING
    if save_sent == "always":
        return Filing.AT_ONCE
    files = known if learnt is None else learnt
    if files is None:
        return Filing.AFTER_LOOK
    return Filing.NOTHING if files else Filing.AT_ONCE


def look_at(how: Filing, now: datetime) -> datetime | None:
    """When the copy of a message sent `now` is looked after; None: not at all."""
    if how is Filing.NOTHING:
        return None
    return now + LOOK_FOR_COPY_IN if how is Filing.AFTER_LOOK else now


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after `tries` (from 1) of saving; None: give up."""
    return now + RETRIES_IN[tries - 1] if tries <= len(RETRIES_IN) else None
