"""What the audit finds only by looking at many messages: rolling caps, twins, the residual window, clocks."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from sequencer.core.address import matches_pattern
from sequencer.core.audit import Check, Finding, Silence, said
from sequencer.core.pacing import ROLLING_DAY
from sequencer.core.suppression import Suppression

LEAST_COPIES = 3
"""So many copies must be known before a server's clock is said to differ from ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """One message that counts towards a cap."""

    id: int
    key: str | int
    """Whose messages count together."""
    sending_at: datetime
    limit: int | None
    """What it was held to; None: this cap did not bind it."""
    since: datetime | None = None
    """Messages that left after this instant count; None: those of the 24 hours before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """One of several messages that should be one."""

    id: int
    contact_id: int
    mailbox: str
    sequence: str
    round: int
    step: str
    at: datetime
    """When it left, or was claimed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """From the start of the read a follow-up relied on to its mark, over many follow-ups."""

    messages: int = 0
    median_in: timedelta | None = None
    p99_in: timedelta | None = None
    max_in: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDifference:
    """How far the clock of a mailbox's server is ahead of ours."""

    ahead_in: timedelta | None
    """None: too few copies are known; taken as no difference."""
    copies: int


def over_caps(spent: Iterable[Spent]) -> Iterator[tuple[int, int]]:
    """Message id and how many had left in the span of its cap, of those that stood above it.

    `spent` comes by key, then by time. Holds one key's span at a time.
    """
    span: deque[datetime] = deque()
    key: str | int | None = None
    for one in spent:
        if one.key != key:
            span.clear()
            key = one.key
        while span and span[0] <= (one.since or one.sending_at - ROLLING_DAY):
            span.popleft()
        if one.limit is not None and len(span) >= one.limit:
            yield one.id, len(span)
        span.append(one.sending_at)


def twins_of_step(group: Sequence[Twin]) -> Iterator[Finding]:
    """One step that reached one address by several messages: each but the first is a finding."""
    first, *others = sorted(group, key=lambda one: (one.at, one.id))
    for one in others:
        words = (
            f"step {one.step} of {one.sequence} (round {one.round}) had been handed over to this address at "
            f"{said(first.at)} already, as message {first.id}"
        )
        yield Finding(check=Check.DUPLICATE, message=one.id, contact=one.contact_id, words=words)


def twins_of_id(message_id: str, group: Sequence[Twin]) -> Iterator[Finding]:
    """Several messages under one Message-ID: each but the first is a finding."""
    first, *others = sorted(group, key=lambda one: (one.at, one.id))
    for one in others:
        words = f"it bears the Message-ID {message_id} of message {first.id}"
        yield Finding(check=Check.DUPLICATE, message=one.id, contact=one.contact_id, words=words)


class Patterns:
    """Suppressions that are patterns, asked which covers an address the longest."""

    def __init__(self, oldest_first: Iterable[Suppression]) -> None:
        self._by_domain: dict[str, Suppression] = {}
        self._others: list[Suppression] = []
        for one in oldest_first:
            local, _, domain = one.pattern.rpartition("@")
            if local == "*" and "*" not in domain:
                self._by_domain.setdefault(domain, one)
            else:
                self._others.append(one)

    def covering(self, key: str) -> Iterator[Silence]:
        """At most two: the whole domain's, and the oldest of the others that fit."""
        whole = self._by_domain.get(key.rpartition("@")[2])
        other = next((one for one in self._others if matches_pattern(key, one.pattern)), None)
        for one in (whole, other):
            if one is not None:
                yield Silence(pattern=one.pattern, reason=one.reason, created_at=one.created_at)


def residual_of(spans: Sequence[float]) -> Residual:
    """Median, 99th percentile (nearest rank) and maximum of spans in seconds."""
    if not spans:
        return Residual()
    ordered = sorted(spans)
    return Residual(
        messages=len(ordered),
        median_in=timedelta(seconds=median(ordered)),
        p99_in=timedelta(seconds=ordered[ceil(0.99 * len(ordered)) - 1]),
        max_in=timedelta(seconds=ordered[-1]),
    )


def clock_difference(spans: Sequence[timedelta]) -> ClockDifference:
    """From `received_at - sent_at` of our own copies that the provider filed: their median."""
    if len(spans) < LEAST_COPIES:
        return ClockDifference(ahead_in=None, copies=len(spans))
    ahead = median(span.total_seconds() for span in spans)
    return ClockDifference(ahead_in=timedelta(seconds=ahead), copies=len(spans))
