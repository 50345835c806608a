"""Plan: what leaves when, from which mailbox, and what waits and why; nothing is written."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sequencer.core.condition import parse_condition
from sequencer.core.contact import Contact
from sequencer.core.enrollment import Enrollment, EnrollmentState
from sequencer.core.forecast import Forecast, Pending, StepAhead
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.core.planner import forecast
from sequencer.core.progress import Rhythm, reopened
from sequencer.core.sequence import Step
from sequencer.core.suppression import Suppression
from sequencer.core.timing import AT_ONCE
from sequencer.core.windows import NeverOpens
from sequencer.flows.engine import Engine
from sequencer.flows.own_gates import NOT_REHEARSED, is_left_out
from sequencer.flows.plan_paces import caps_of, paces_at
from sequencer.store import contacts, mailboxes, outbox_list, suppressions, tasks, written
from sequencer.store import enrollments as enrollments_store
from sequencer.store.engine import Tx
from sequencer.store.tasks import Task

_UNSENT = (
    OutboxState.AWAITING_APPROVAL,
    OutboxState.READY,
    OutboxState.CLAIMED,
    OutboxState.DEFERRED,
    OutboxState.UNSURE,
)


def plan(engine: Engine, *, start: datetime, days: int, shown_from: datetime | None = None) -> Forecast:
    """What the daemon would send in the next `days` days if nobody answers and every inbox can be read.

    With a later `shown_from`: what it would send in the `days` days from there on, going on from now.
    Tasks are taken to be done on their due date and approvals to be given at once: see the gates.
    """
    with engine.store.read() as tx:
        pending = list(_all_pending(engine, tx, start))
        paces = paces_at(engine.config, tx, start)
    first = max(start, shown_from or start)
    found = forecast(
        pending,
        paces.mailboxes,
        start=start,
        until=first + timedelta(days=days),
        closures=engine.config.closures,
        sender_zone=engine.config.default_zone,
        key=engine.key,
        spent=paces.spent,
    )
    return found if first == start else found.since(first)


def _all_pending(engine: Engine, tx: Tx, start: datetime) -> Iterator[Pending]:
    """Everybody who has steps left."""
    running = enrollments_store.listed(tx, states=(EnrollmentState.ACTIVE, EnrollmentState.HELD))
    people = contacts.contacts_of(tx, {one.contact_id for one in running})
    made = _made(tx, running)
    suppressed = suppressions.suppressed_contacts(tx, list(people.values()))
    written_to = written.last_by_contact(tx, list(people))
    paused = {status.name: status.pause_reason or "" for status in mailboxes.statuses(tx)}
    for one in running:
        item = _pending(
            engine,
            tx,
            one,
            people[one.contact_id],
            made.get(one.id),
            suppressed.get(one.contact_id),
            is_follow_up=one.contact_id in written_to,
            pause=paused.get(one.mailbox, ""),
            start=start,
        )
        if item is not None:
            yield item


def _made(tx: Tx, running: Iterable[Enrollment]) -> dict[int, OutboxRow | Task]:
    """By enrollment what its step was made into: a message that has not left, or a task that is open."""
    step_of = {one.id: one.step for one in running}
    made: dict[int, OutboxRow | Task] = {
        task.enrollment_id: task
        for task in tasks.listed(tx)
        if task.enrollment_id is not None and task.step == step_of.get(task.enrollment_id, "")
    }
    rows = outbox_list.listed(tx, outbox_list.Filter(states=_UNSENT))
    return made | {row.enrollment_id: row for row in rows}


def _pending(
    engine: Engine,
    tx: Tx,
    enrollment: Enrollment,
    contact: Contact,
    made: OutboxRow | Task | None,
    suppression: Suppression | None,
    *,
    is_follow_up: bool,
    pause: str,
    start: datetime,
) -> Pending | None:
    sequence = engine.version(tx, enrollment.version_hash).sequence
    if enrollment.step is None:
        return None
    rhythm = engine.rhythm(contact, sequence)
    ahead = sequence.steps[sequence.index_of(enrollment.step) :]
    hold = enrollment.hold
    due_at = made.due_at if made else enrollment.next_at
    if hold is not None and hold.until is not None:
        due_at = _due_after_hold(ahead[0], enrollment, max(hold.until, start), rhythm) or due_at
    retry_at = made.retry_at if isinstance(made, OutboxRow) else None
    later = [at for at in (hold.until if hold else None, retry_at) if at]
    return Pending(
        id=enrollment.id,
        address=contact.address,
        address_key=contact.address_key,
        sequence=enrollment.sequence,
        round=enrollment.round,
        mailbox=enrollment.mailbox,
        place=rhythm.place,
        window=rhythm.window,
        steps=_as_made(made, *_ahead(ahead, contact, enrollment.passed)),
        anchor_at=enrollment.anchor_at,
        due_at=due_at,
        not_before=max(later, default=None),
        is_follow_up=is_follow_up,
        caps=caps_of(engine.config, contact),
        held=_held(engine, enrollment, contact, made, suppression, pause),
    )


def _as_made(made: OutboxRow | Task | None, first: StepAhead, *later: StepAhead) -> tuple[StepAhead, ...]:
    """The steps, the first as it was made: its condition and its approval no longer count then."""
    if isinstance(made, OutboxRow):
        is_awaited = made.state is OutboxState.AWAITING_APPROVAL
        first = replace(first, is_skipped=False, needs_approval=is_awaited)
    elif made is not None:
        # Nor does a task that is set expire: it ends by being done.
        first = replace(first, is_skipped=False, timing=AT_ONCE)
    return first, *later


def _due_after_hold(step: Step, enrollment: Enrollment, ends_at: datetime, rhythm: Rhythm) -> datetime | None:
    """When the step will be due once its hold ends; None when its window never opens."""
    try:
        return reopened(step, enrollment.anchor_at, enrollment.next_at, ends_at, rhythm).next_at
    except NeverOpens:
        return None


def _ahead(steps: Iterable[Step], contact: Contact, passed: Collection[str]) -> Iterable[StepAhead]:
    for step in steps:
        is_wanted = step.when is None or parse_condition(step.when).holds(contact)
        is_wanted = is_wanted and step.id not in passed
        yield StepAhead(
            id=step.id,
            timing=step.timing,
            is_skipped=not is_wanted,
            is_task=step.is_task,
            waits_for_person=step.is_task and step.wait_for_task,
            needs_approval=step.needs_approval(is_key_account=contact.is_key_account),
        )


def _held(
    engine: Engine,
    enrollment: Enrollment,
    contact: Contact,
    made: OutboxRow | Task | None,
    suppression: Suppression | None,
    pause: str,
) -> str:
    """Why the next step has no date; empty when it has one."""
    if enrollment.hold is not None and enrollment.hold.until is None:
        note = f": {enrollment.hold.note}" if enrollment.hold.note else ""
        return f"held for a person ({enrollment.hold.reason}{note})"
    if suppression is not None:
        return f"suppressed: {suppression.pattern} ({suppression.reason})"
    if contact.owner not in (None, enrollment.rep):
        return f"belongs to {contact.owner}"
    if pause:
        return f"mailbox paused: {pause}"
    if is_left_out(engine, contact.address_key):
        return NOT_REHEARSED
    if isinstance(made, OutboxRow) and made.state is OutboxState.UNSURE:
        return "its last message is unsure (sequencer outbox list --unsure)"
    if made is None and enrollment.prepare_at is None and enrollment.next_at is None:
        return "waits for a task (sequencer tasks list)"
    return ""
