"""Next message: what an enrollment would send next, as it stands in the outbox or would if prepared now."""

from dataclasses import dataclass, replace
from datetime import datetime

from sequencer.config import Mailbox
from sequencer.core.caps import company_of
from sequencer.core.contact import Contact
from sequencer.core.enrollment import Enrollment
from sequencer.core.outbox import Content, OutboxRow, OutboxState
from sequencer.core.progress import Onward, Skipped, skip_unwanted
from sequencer.core.sequence import Sequence, Step
from sequencer.errors import SequencerError
from sequencer.flows.assemble import assemble_row, mint_headers
from sequencer.flows.compose import Waits, compose, look_afresh, task_title
from sequencer.flows.engine import Engine
from sequencer.flows.prepare import is_wanted, standing_of
from sequencer.store import outbox, tasks
from sequencer.store.engine import Tx
from sequencer.store.tasks import Task

_TOO_LATE = (OutboxState.AWAITING_APPROVAL, OutboxState.READY, OutboxState.DEFERRED)
"""States in which a message that expired is cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitness:
    """Whether a message can be made as things are."""

    fault: str = ""
    """Why it can't be rendered or put together."""
    missing: tuple[str, ...] = ()
    """Attachments that are not there, by path under assets/."""
    asks: str = ""
    """Why a person must see it (again) before it leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextMessage:
    """An enrollment's next step."""

    step: Step
    standing_at: Step
    """The step the enrollment stands at; those between it and `step` are skipped."""
    skipped: tuple[Skipped, ...]
    is_last_skipped: bool
    """No step is left that is not skipped: the enrollment ends."""
    row: OutboxRow
    """The row of the outbox, or (id 0) what would stand there."""
    prepare_at: datetime | None
    """When it is prepared; None when it is, or when something else must come first."""
    task: Task | None
    """The open task of a task step."""
    mailbox: Mailbox | None
    fitness: Fitness

    @property
    def is_prepared(self) -> bool:
        return self.row.id != 0


def next_message(
    engine: Engine, tx: Tx, enrollment: Enrollment, contact: Contact, now: datetime
) -> NextMessage:
    """What comes next. SequencerError when the sequence it is pinned to is gone, or it stands at no step."""
    sequence = engine.version(tx, enrollment.version_hash).sequence
    if enrollment.step is None:
        raise SequencerError(f"enrollment {enrollment.id} stands at no step")
    standing_at = sequence.steps[sequence.index_of(enrollment.step)]
    rows = outbox.of_enrollment(tx, enrollment.id)
    row = next((one for one in rows if one.step == enrollment.step), None)
    onward = _onward(engine, sequence, enrollment, contact, row, now)
    found = onward.standing
    if onward.skipped:
        row = None
    step = sequence.steps[sequence.index_of(found.step)] if found else standing_at
    task = _open_task(tx, enrollment, step)
    due_at = task.due_at if task else found.next_at if found else None
    message = NextMessage(
        step=step,
        standing_at=standing_at,
        skipped=onward.skipped,
        is_last_skipped=found is None,
        row=row or _draft(enrollment, contact, step, due_at, now),
        prepare_at=None if row else enrollment.prepare_at,
        task=task,
        mailbox=engine.config.mailbox(enrollment.mailbox),
        fitness=Fitness(),
    )
    return _fitted(engine, tx, message, enrollment, contact, now)


def _onward(
    engine: Engine,
    sequence: Sequence,
    enrollment: Enrollment,
    contact: Contact,
    row: OutboxRow | None,
    now: datetime,
) -> Onward:
    """Where it goes on; a message that is made leaves whatever becomes of its condition, but not too late."""
    step = sequence.steps[sequence.index_of(enrollment.step or "")]
    standing = standing_of(enrollment, step)
    if row is not None and not (row.state in _TOO_LATE and step.timing.may_be_skipped):
        return Onward(standing=standing)
    is_made = row is not None

    def is_to_come(one: Step) -> bool:
        return (is_made and one.id == step.id) or (
            is_wanted(one, contact) and one.id not in enrollment.passed
        )

    if not step.timing.may_be_skipped and is_to_come(step):
        return Onward(standing=standing)
    return skip_unwanted(sequence, standing, engine.rhythm(contact, sequence), is_to_come, now)


def _draft(
    enrollment: Enrollment, contact: Contact, step: Step, due_at: datetime | None, now: datetime
) -> OutboxRow:
    return OutboxRow(
        id=0,
        enrollment_id=enrollment.id,
        contact_id=contact.id,
        address=contact.address,
        address_key=contact.address_key,
        sequence=enrollment.sequence,
        round=enrollment.round,
        step=step.id,
        mailbox=enrollment.mailbox,
        rep=enrollment.rep,
        version_hash=enrollment.version_hash,
        state=OutboxState.READY,
        due_at=due_at or now,
        company=company_of(contact.domain),
        content=Content(subject=None, text="", html=""),
        rendered_at=now,
    )


def _open_task(tx: Tx, enrollment: Enrollment, step: Step) -> Task | None:
    if not step.is_task:
        return None
    of_step = (one for one in tasks.listed(tx, contact_id=enrollment.contact_id) if one.step == step.id)
    return next((one for one in of_step if one.enrollment_id == enrollment.id), None)


def _fitted(
    engine: Engine, tx: Tx, message: NextMessage, enrollment: Enrollment, contact: Contact, now: datetime
) -> NextMessage:
    step, row = message.step, message.row
    try:
        if step.is_task:
            task_title(engine, tx, enrollment, contact, step)
            return message
        if not message.is_prepared:
            edited = outbox.edited_of(tx, [enrollment.id]).get((enrollment.id, step.id))
            composed = compose(engine, tx, enrollment, contact, step, edited)
            row = replace(
                row, content=composed.content, data_hash=composed.data_hash, is_edited=composed.is_edited
            )
        fitness = _fitness(engine, row, message.mailbox, now)
    except SequencerError as error:
        fitness = Fitness(fault=str(error))
    return replace(message, row=row, fitness=fitness)


def _fitness(engine: Engine, row: OutboxRow, mailbox: Mailbox | None, now: datetime) -> Fitness:
    """What `deliver` would find when it makes the message ready to leave; nothing is written."""
    try:
        fresh = look_afresh(engine, row, now)
    except Waits as waits:
        return Fitness(missing=waits.missing, fault="" if waits.missing else waits.reason)
    row = replace(row, content=fresh.content or row.content)
    if mailbox is not None:
        assemble_row(engine, mailbox, row, mint_headers(engine, mailbox, row, now))
    return Fitness(asks=fresh.asks)
