"""Prepare: enrollments whose next step is near get its message rendered, or its task set."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sequencer.core.caps import company_of
from sequencer.core.condition import parse_condition
from sequencer.core.contact import Contact
from sequencer.core.enrollment import Enrollment, EnrollmentState, Hold, HoldReason
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.core.progress import Skipped, Standing, skip_unwanted, standing_after
from sequencer.core.sequence import Sequence, Step
from sequencer.errors import SequencerError
from sequencer.flows import mail_log
from sequencer.flows.compose import Composed, compose, task_title
from sequencer.flows.end_hold import end_hold
from sequencer.flows.engine import Engine
from sequencer.flows.prepare_many import put_in_outbox
from sequencer.flows.settle import hold_unsure
from sequencer.flows.tell import hold_and_tell
from sequencer.store import contacts, enrollments, outbox, tasks, wakes
from sequencer.store.contacts import Seen
from sequencer.store.engine import Tx
from sequencer.store.outbox_new import NewMessage, add_all
from sequencer.store.skips import record_skips

logger = logging.getLogger("sequencer.mail")

_BATCH = 100
"""Steps prepared in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One enrollment to prepare, with what was found out before the write."""

    enrollment: Enrollment
    contact: Contact
    sequence: Sequence
    skipped_to: Standing | None
    """Where it stands after steps that are skipped; None when it stands where it stood."""
    skipped: tuple[Skipped, ...] = ()
    is_completed: bool = False
    expires_at: datetime | None = None
    """From when on the step it stands at is skipped."""
    composed: Composed | None = None
    task: str | None = None
    failure: str | None = None


def prepare(
    engine: Engine, mailbox: str, now: datetime, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """End holds whose date has come, then prepare what is near; returns how many steps were prepared.

    An enrollment that can't go on is held for a person, the others go on.
    """
    _end_holds(engine, mailbox, now)
    prepared, passed = 0, set[int]()
    while not is_stopping():
        near = _look_near(engine, mailbox, now, passed)
        if not near.works:
            break
        done, alone = _write(engine, near, now)
        passed.update(work.enrollment.id for work in near.works if work.enrollment.id not in done)
        prepared += len(done) + alone
        del near  # before the next are rendered
    return prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class _Near:
    """Enrollments whose next step is near, and the people as they were seen."""

    works: list[_Work]
    people: dict[int, Seen]


def _look_near(engine: Engine, mailbox: str, now: datetime, passed: Collection[int]) -> _Near:
    with engine.store.read() as tx:
        found = wakes.to_prepare(tx, mailbox, now, limit=_BATCH + len(passed))
        near = [one for one in found if one.id not in passed][:_BATCH]
        people = contacts.seen_of(tx, {enrollment.contact_id for enrollment in near})
        edited = outbox.edited_of(tx, [enrollment.id for enrollment in near])
        works = [_look(engine, tx, one, people[one.contact_id].contact, edited, now) for one in near]
    return _Near(works=works, people=people)


def _write(engine: Engine, near: _Near, now: datetime) -> tuple[set[int], int]:
    """The enrollments that got their message with others, and for how many more something was prepared."""
    with engine.store.write() as tx:
        # What was rendered of data that changed meanwhile is left: the next tick renders it anew.
        same_people = contacts.unchanged(tx, near.people)
        same = [work for work in near.works if work.contact.id in same_people]
        done = put_in_outbox(tx, _plain(same, now), now)
        rest = [work for work in same if work.enrollment.id not in done]
        return done, sum(_apply_alone(engine, tx, work, now) for work in rest)


def _end_holds(engine: Engine, mailbox: str, now: datetime) -> None:
    with engine.store.read() as tx:
        if not wakes.holds_ending(tx, mailbox, now, limit=1):
            return
    with engine.store.write() as tx:
        for enrollment in wakes.holds_ending(tx, mailbox, now):
            try:
                end_hold(engine, tx, enrollment, now)
            except SequencerError as error:
                _hold(tx, engine, enrollment, str(error), now)


def _hold(tx: Tx, engine: Engine, enrollment: Enrollment, note: str, now: datetime) -> bool:
    """Wait for a person, who is told why."""
    hold = Hold(reason=HoldReason.RENDER_FAILED, until=None, note=note)
    is_held = hold_and_tell(tx, engine, enrollment, hold, now)
    if is_held:
        mail_log.held(enrollment.mailbox, enrollment.id, enrollment.contact_id, note)
    return is_held


def _look(
    engine: Engine,
    tx: Tx,
    enrollment: Enrollment,
    contact: Contact,
    edited: Mapping[tuple[int, str], OutboxRow],
    now: datetime,
) -> _Work:
    """Find the step to prepare and render it; nothing is written."""
    nothing = Sequence(name=enrollment.sequence, window="", steps=())
    work = _Work(enrollment=enrollment, contact=contact, sequence=nothing, skipped_to=None)
    try:
        work = replace(work, sequence=engine.version(tx, enrollment.version_hash).sequence)
        work = _skip_unwanted(engine, work, now)
        if work.is_completed or (work.skipped_to and work.skipped_to.prepare_at > now):
            return work
        step = _step(work)
        if step.is_task:
            return replace(work, task=task_title(engine, tx, enrollment, contact, step))
        mine = edited.get((enrollment.id, step.id)) or edited.get((enrollment.id, step.was or ""))
        return replace(work, composed=compose(engine, tx, enrollment, contact, step, mine))
    except SequencerError as error:
        return replace(work, failure=str(error))
    except Exception as error:
        logger.exception("not prepared", extra={"contact_id": contact.id})
        return replace(work, failure=f"internal error ({type(error).__name__}), see the log")


def _skip_unwanted(engine: Engine, work: _Work, now: datetime) -> _Work:
    step, enrollment = _step(work), work.enrollment
    onward = skip_unwanted(
        work.sequence,
        standing_of(enrollment, step),
        engine.rhythm(work.contact, work.sequence),
        lambda step: is_wanted(step, work.contact) and step.id not in enrollment.passed,
        now,
    )
    work = replace(work, skipped=onward.skipped, expires_at=onward.expires_at)
    if onward.standing is None:
        return replace(work, is_completed=True)
    return work if onward.standing.step == step.id else replace(work, skipped_to=onward.standing)


def standing_of(enrollment: Enrollment, step: Step) -> Standing:
    """Where an enrollment stands whose step has come near."""
    return Standing(
        step=step.id,
        anchor_at=enrollment.anchor_at,
        next_at=enrollment.next_at or enrollment.anchor_at,
        prepare_at=enrollment.anchor_at,
    )


def is_wanted(step: Step, contact: Contact) -> bool:
    """Whether the step's condition holds for the contact; a step without one is for everybody."""
    return step.when is None or parse_condition(step.when).holds(contact)


def _step(work: _Work) -> Step:
    step_id = work.skipped_to.step if work.skipped_to else work.enrollment.step
    if step_id is None:
        raise SequencerError(f"enrollment {work.enrollment.id} stands at no step")
    return work.sequence.steps[work.sequence.index_of(step_id)]


def _apply_alone(engine: Engine, tx: Tx, work: _Work, now: datetime) -> bool:
    """One enrollment's share of a batch: what goes wrong with it is undone and stops no other."""
    try:
        with tx.begin_nested():
            return _apply(engine, tx, work, now)
    except SequencerError as error:
        current = _still_near(tx, work)
        return current is not None and _hold(tx, engine, current, str(error), now) and False
    except Exception:
        logger.exception("not prepared", extra={"contact_id": work.contact.id})
        return False


def _still_near(tx: Tx, work: _Work) -> Enrollment | None:
    """The enrollment as it is now; None when it was held, finished or moved since it was looked at."""
    current, seen = enrollments.by_id(tx, work.enrollment.id), work.enrollment
    if current is None or current.state is not EnrollmentState.ACTIVE or current.prepare_at is None:
        return None
    return current if (current.step, current.version_hash) == (seen.step, seen.version_hash) else None


def _apply(engine: Engine, tx: Tx, work: _Work, now: datetime) -> bool:
    enrollment = _still_near(tx, work)
    if enrollment is None:
        return False
    if work.is_completed or work.skipped_to is not None:
        # A message that was made in time and is too late by now.
        outbox.cancel_unsent(tx, [enrollment.id], f"skipped: {work.skipped[0].reason}")
        if not enrollments.advance(tx, enrollment, work.skipped_to, now):
            return False
        record_skips(tx, enrollment, work.skipped, now)
    if work.is_completed:
        return False
    if work.skipped_to is not None:
        enrollment = replace(enrollment, step=work.skipped_to.step, next_at=work.skipped_to.next_at)
    if work.failure is not None:
        return _hold(tx, engine, enrollment, work.failure, now) and False
    if work.task is not None:
        return _set_task(engine, tx, replace(work, enrollment=enrollment), now)
    if work.composed is not None:
        return _put_in_outbox(engine, tx, replace(work, enrollment=enrollment), work.composed, now)
    return False


def _put_in_outbox(engine: Engine, tx: Tx, work: _Work, composed: Composed, now: datetime) -> bool:
    enrollment, contact, step = work.enrollment, work.contact, _step(replace(work, skipped_to=None))
    earlier = outbox.in_the_way(tx, enrollment, contact.address_key)
    if earlier is not None:
        return _step_was_made(engine, tx, work, earlier, now)
    if not enrollments.outstanding(tx, enrollment, next_at=enrollment.next_at, expires_at=work.expires_at):
        return False
    message = _message(enrollment, contact, step, composed, now)
    [row_id] = add_all(tx, [message], now)
    mail_log.prepared(row_id, message)
    return True


def _message(
    enrollment: Enrollment, contact: Contact, step: Step, composed: Composed, now: datetime
) -> NewMessage:
    needs_person = composed.is_edited or step.needs_approval(is_key_account=contact.is_key_account)
    return NewMessage(
        enrollment_id=enrollment.id,
        contact_id=contact.id,
        address=contact.address,
        address_key=contact.address_key,
        company=company_of(contact.domain),
        sequence=enrollment.sequence,
        round=enrollment.round,
        step=step.id,
        mailbox=enrollment.mailbox,
        rep=enrollment.rep,
        version_hash=enrollment.version_hash,
        state=OutboxState.AWAITING_APPROVAL if needs_person else OutboxState.READY,
        due_at=enrollment.next_at or now,
        content=composed.content,
        data_hash=composed.data_hash,
        is_edited=composed.is_edited,
    )


def _plain(works: Iterable[_Work], now: datetime) -> list[NewMessage]:
    """The messages of enrollments with which nothing else happens than that they get them."""
    return [
        _message(work.enrollment, work.contact, _step(work), work.composed, now)
        for work in works
        if work.composed is not None and work.skipped_to is None and work.expires_at is None
    ]


def _step_was_made(engine: Engine, tx: Tx, work: _Work, earlier: OutboxRow, now: datetime) -> bool:
    """A message of this step left already, or may have: go on from it, never make another.

    One to the same address of somebody who had it before, and of which it is not known yet: look again.
    """
    is_own = earlier.enrollment_id == work.enrollment.id
    if earlier.state is OutboxState.UNSURE and is_own:
        hold_unsure(tx, engine, work.enrollment.id, now)
    elif earlier.state in (OutboxState.SENT, OutboxState.REFUSED):
        ended_at = earlier.sent_at or now
        rhythm = engine.rhythm(work.contact, work.sequence)
        standing = standing_after(work.sequence, earlier.step, ended_at, rhythm)
        enrollments.advance(tx, work.enrollment, standing, now)
    elif is_own:
        expires_at = work.expires_at
        enrollments.outstanding(tx, work.enrollment, next_at=work.enrollment.next_at, expires_at=expires_at)
    return False


def _set_task(engine: Engine, tx: Tx, work: _Work, now: datetime) -> bool:
    enrollment, step = work.enrollment, _step(replace(work, skipped_to=None))
    due_at = enrollment.next_at or now
    if not tasks.exists_for_step(tx, enrollment.id, step.id):
        tasks.add(
            tx,
            contact_id=work.contact.id,
            enrollment_id=enrollment.id,
            step=step.id,
            rep=enrollment.rep,
            title=work.task or step.id,
            due_at=due_at,
            now=now,
        )
    if step.wait_for_task:
        return enrollments.outstanding(tx, enrollment, next_at=None)
    rhythm = engine.rhythm(work.contact, work.sequence)
    standing = standing_after(work.sequence, step.id, due_at, rhythm)
    return enrollments.advance(tx, enrollment, standing, now)
