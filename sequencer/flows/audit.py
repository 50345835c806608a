"""Audit: everything that was handed over, judged against the promises by what the database says of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sequencer.config import Limits
from sequencer.core.audit import AuditLimits, Beside, Check, Finding, Handed, Result
from sequencer.core.audit_message import Judged, judge
from sequencer.core.audit_rows import (
    ClockDifference,
    Patterns,
    Residual,
    clock_difference,
    over_caps,
    residual_of,
    twins_of_id,
    twins_of_step,
)
from sequencer.core.caps import CapKind
from sequencer.errors import InputError
from sequencer.flows.own_gates import RETRY_PAST_WINDOW_IN
from sequencer.store import audit as questions
from sequencer.store import audit_caps, audit_rows, outbox
from sequencer.store.audit import Which
from sequencer.store.engine import Store, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What judging one snapshot of the database came to."""

    at: datetime
    which: Which
    limits: Limits
    states: Mapping[str, int]
    """How many messages were handed over, by state."""
    attempts: int
    """How often content left, or began to."""
    resends: int
    """How often a person ordered a message to be sent once more."""
    follow_ups: int
    results: Mapping[Check, Mapping[Result, int]]
    """By check: how many messages passed, and so on."""
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    residual: Residual
    clocks: Mapping[str, ClockDifference]
    """By reading mailbox."""
    shown: tuple[Judged, ...]
    """The last messages, each with its whole chain, as many as were asked for."""

    @property
    def messages(self) -> int:
        return sum(self.states.values())


@dataclass(slots=True)
class _Tally:
    """What is kept while messages pass by."""

    show: int | None
    states: Counter[str] = field(default_factory=Counter)
    attempts: int = 0
    resends: int = 0
    follow_ups: int = 0
    results: dict[Check, Counter[Result]] = field(default_factory=lambda: {one: Counter() for one in Check})
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    spans: list[float] = field(default_factory=list)
    shown: list[Judged] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        self.states[judged.message.state.value] += 1
        self.attempts += judged.chain.attempts
        self.resends += len(judged.chain.resends)
        self.follow_ups += judged.is_follow_up
        for one in judged.answers:
            self.results[one.check][one.result] += 1
        self.findings += judged.findings
        self.notes += judged.notes
        if judged.residual_in is not None:
            self.spans.append(judged.residual_in.total_seconds())
        self.shown.append(judged)
        if self.show is not None and len(self.shown) > self.show:
            del self.shown[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What is asked once, before the messages pass by."""

    limits: AuditLimits
    clocks: Mapping[str, ClockDifference]
    over_caps: Mapping[int, Mapping[CapKind, int]]
    patterns: Patterns
    shared: frozenset[str]
    """Addresses at which several contacts were written to."""


def audit(store: Store, limits: Limits, which: Which, now: datetime, *, show: int | None = 0) -> Audit:
    """Judge one snapshot; of the last `show` messages (None: all) the whole chain is kept.

    InputError when one message is asked for that was never handed over.
    """
    with store.read() as tx:
        ground = _ground(tx, limits, which)
        tally = _Tally(show=show)
        for messages in questions.handed_over(tx, which):
            for judged in _judged(tx, messages, ground):
                tally.add(judged)
        if which.message_id is not None and not tally.states:
            raise _never_handed_over(tx, which.message_id)
        _add_twins(tally, _twins(tx, which))
    return Audit(
        at=now,
        which=which,
        limits=limits,
        states=dict(sorted(tally.states.items())),
        attempts=tally.attempts,
        resends=tally.resends,
        follow_ups=tally.follow_ups,
        results=tally.results,
        findings=tuple(sorted(tally.findings, key=lambda one: (one.message, list(Check).index(one.check)))),
        notes=tuple(tally.notes),
        residual=residual_of(tally.spans),
        clocks=ground.clocks,
        shown=tuple(tally.shown),
    )


def _ground(tx: Tx, limits: Limits, which: Which) -> _Ground:
    clocks = {name: clock_difference(spans) for name, spans in sorted(audit_rows.copy_delays(tx).items())}
    return _Ground(
        limits=AuditLimits(
            max_inbox_age_in=limits.max_inbox_age_in,
            retry_past_window_in=RETRY_PAST_WINDOW_IN,
            ahead_in={name: one.ahead_in for name, one in clocks.items() if one.ahead_in is not None},
        ),
        clocks=clocks,
        over_caps=_over_caps(tx, which),
        patterns=Patterns(audit_rows.wildcards(tx)),
        shared=questions.shared_addresses(tx),
    )


def _over_caps(tx: Tx, which: Which) -> dict[int, dict[CapKind, int]]:
    found: dict[int, dict[CapKind, int]] = defaultdict(dict)
    for kind in CapKind:
        for message_id, count in over_caps(audit_caps.spent(tx, which, kind)):
            found[message_id][kind] = count
    return found


def _judged(tx: Tx, messages: list[Handed], ground: _Ground) -> Iterator[Judged]:
    contact_ids = {one.contact_id for one in messages}
    events = questions.events_of(tx, [one.id for one in messages])
    courses = questions.courses_of(tx, {one.enrollment_id for one in messages})
    earlier = questions.earlier_of(tx, messages, ground.shared)
    stops = questions.stops_of(tx, contact_ids)
    silences = audit_rows.silences_of(tx, {one.address_key for one in messages}, contact_ids)
    for one in messages:
        beside = Beside(
            events=events.get(one.id, ()),
            course=courses.get(one.enrollment_id, ()),
            earlier=earlier[one.id],
            stops=stops.get(one.contact_id, ()),
            silences=(
                *silences.by_key.get(one.address_key, ()),
                *silences.by_contact.get(one.contact_id, ()),
                *ground.patterns.covering(one.address_key),
            ),
            over=ground.over_caps.get(one.id, {}),
        )
        yield judge(one, beside, ground.limits)


def _twins(tx: Tx, which: Which) -> Iterator[Finding]:
    for group in audit_rows.twins_of_steps(tx, which):
        yield from twins_of_step(group)
    for message_id, group in audit_rows.twins_of_ids(tx, which):
        yield from twins_of_id(message_id, group)


def _add_twins(tally: _Tally, found: Iterator[Finding]) -> None:
    """What only several messages together show; a message already found a duplicate is counted once."""
    doubled = {one.message for one in tally.findings if one.check is Check.DUPLICATE}
    results = tally.results[Check.DUPLICATE]
    for one in found:
        tally.findings.append(one)
        if one.message not in doubled and results[Result.PASSED]:
            results.subtract([Result.PASSED])
            results.update([Result.FOUND])
        doubled.add(one.message)


def _never_handed_over(tx: Tx, message_id: int) -> InputError:
    row = outbox.by_id(tx, message_id)
    if row is None:
        return InputError(
            f"there is no message {message_id}", hint="`sequencer outbox list --all` shows them"
        )
    state = row.state.value.replace("_", " ")
    return InputError(f"message {message_id} was never handed over: it is {state}")
