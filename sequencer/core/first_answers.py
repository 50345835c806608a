"""How fast reps answer: from a buyer's mail to the rep's first answer, and who still waits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

DENOMINATOR = (
    "first answers = times a buyer wrote and a rep wrote back, by hand (seen in Sent) or by `inbox reply`; "
    "several mails before one answer count once, from the first; minutes by the clock, nights and weekends "
    "included; auto-replies, and mail that may be one, don't count"
)
"""What the figures are parts of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanMail:
    """One mail that a person wrote to us."""

    contact_id: int
    received_at: datetime
    answered_at: datetime | None
    """When a rep next wrote to the contact."""
    rep: str | None
    mailbox: str
    sequence: str | None
    """Of the enrollment it belongs to, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTimes:
    """The first answers of one rep (or mailbox, or sequence)."""

    name: str
    answered: int = 0
    median_in: timedelta | None = None
    """None: nobody was answered yet."""
    p90_in: timedelta | None = None
    """Nine of ten were answered within it (nearest rank)."""
    waiting: int = 0
    longest_in: timedelta | None = None
    """How long the one who waits longest has waited; None: nobody waits."""


def first_of_each_wait(mails: Iterable[HumanMail]) -> list[HumanMail]:
    """Of several mails before one answer the first: a buyer waits from then on."""
    firsts: dict[tuple[int, datetime | None], HumanMail] = {}
    for mail in sorted(mails, key=lambda one: one.received_at):
        firsts.setdefault((mail.contact_id, mail.answered_at), mail)
    return list(firsts.values())


def answer_times(
    waits: Iterable[HumanMail], name_of: Callable[[HumanMail], str | None], now: datetime
) -> list[AnswerTimes]:
    """One line a name, in their order; what belongs to no name comes last as `-`."""
    groups: dict[str, list[HumanMail]] = {}
    for wait in waits:
        groups.setdefault(name_of(wait) or "-", []).append(wait)
    return [_times(name, groups[name], now) for name in sorted(groups, key=lambda one: (one == "-", one))]


def _times(name: str, waits: list[HumanMail], now: datetime) -> AnswerTimes:
    # A server's clock may be ahead of ours.
    nothing = timedelta(0)
    took = sorted(
        max(one.answered_at - one.received_at, nothing) for one in waits if one.answered_at is not None
    )
    open_ = [max(now - one.received_at, nothing) for one in waits if one.answered_at is None]
    return AnswerTimes(
        name=name,
        answered=len(took),
        median_in=_median(took) if took else None,
        p90_in=took[ceil(0.9 * len(took)) - 1] if took else None,
        waiting=len(open_),
        longest_in=max(open_, default=None),
    )


def _median(spans: list[timedelta]) -> timedelta:
    from statistics import median  # fractions come with it, into every daemon

    return timedelta(seconds=median(one.total_seconds() for one in spans))
