"""Steer: a person pauses, resumes or stops enrollments, however many, in short transactions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sequencer.core.actions import Notice
from sequencer.core.condition import parse_condition
from sequencer.core.effects import VerdictCase, decide_case
from sequencer.core.enrollment import Enrollment, EnrollmentState, FinishReason, Hold, HoldReason
from sequencer.core.inbound import MatchVia
from sequencer.core.matching import Match
from sequencer.errors import InputError, SequencerError
from sequencer.flows.effects import apply_actions
from sequencer.flows.end_hold import standing_on_resume
from sequencer.flows.engine import Engine
from sequencer.flows.find_contact import the_contact
from sequencer.store import contacts, enrollment_list, enrollments, enrollments_many
from sequencer.store.engine import Tx, chunks
from sequencer.store.enrolling import ANSWERED_BY_HAND
from sequencer.store.enrollments_many import Reopening
from sequencer.store.events import Event, record

UNFINISHED = (EnrollmentState.ACTIVE, EnrollmentState.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The enrollments a command means."""

    enrollments: tuple[Enrollment, ...]
    is_named: bool
    """Named one by one or by their contact: what can't be done to one of them is said, not passed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """An enrollment that stays as it is, with the reason."""

    enrollment: Enrollment
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """What became of the chosen enrollments."""

    changed: tuple[int, ...] = ()
    left: tuple[Left, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which enrollments a person means; all that is said must be true of them."""

    contact: str | None = None
    """An id or address."""
    sequence: str | None = None
    step: str | None = None
    rep: str | None = None
    mailbox: str | None = None
    where: str | None = None
    """A condition on the contact."""
    tag: str | None = None
    """Of the contact."""


def choose(
    engine: Engine,
    *,
    ids: Sequence[int] = (),
    which: Which | None = None,
    states: Sequence[EnrollmentState] = UNFINISHED,
) -> Chosen:
    """Enrollments by id, or those that `which` says (nothing said: all); but for ids only in `states`.

    InputError for an id or a contact that is not there, or a condition that can't be read, before anything
    is changed.
    """
    with engine.store.read() as tx:
        if ids:
            return Chosen(enrollments=_by_ids(tx, ids), is_named=True)
        found = tuple(enrollment for enrollment, _address in listed(tx, which or Which(), states))
    return Chosen(enrollments=found, is_named=which is not None and which.contact is not None)


def listed(tx: Tx, which: Which, states: Sequence[EnrollmentState] = ()) -> list[tuple[Enrollment, str]]:
    """The enrollments `which` says, each with its contact's address, oldest first."""
    try:
        condition = parse_condition(which.where) if which.where is not None else None
    except ValueError as error:
        raise InputError(f"--where: {error}") from None
    stored = enrollment_list.Filter(
        contact_id=the_contact(tx, which.contact).id if which.contact is not None else None,
        sequence=which.sequence,
        step=which.step,
        rep=which.rep,
        mailbox=which.mailbox,
        states=states,
    )
    found = enrollment_list.listed(tx, stored)
    if condition is None and which.tag is None:
        return found
    people = contacts.contacts_of(tx, {one.contact_id for one, _address in found})
    meant = {
        contact.id
        for contact in people.values()
        if (which.tag is None or which.tag in contact.tags)
        and (condition is None or condition.holds(contact))
    }
    return [(one, address) for one, address in found if one.contact_id in meant]


def preview(verb: Callable[[Enrollment], str | None], chosen: Sequence[Enrollment]) -> Steered:
    """What a verb would do to the chosen enrollments; nothing is written."""
    fit, left = _sorted(chosen, verb)
    return Steered(changed=tuple(one.id for one in fit), left=tuple(left))


def pause(engine: Engine, chosen: Sequence[Enrollment], note: str = "", by: str = "") -> Steered:
    """Hold enrollments until a person resumes them; unsent messages are cancelled."""
    hold = Hold(reason=HoldReason.PAUSED, until=None, note=note)
    fit, left = _sorted(chosen, against_pause)

    def write(tx: Tx, batch: Sequence[Enrollment], now: datetime) -> set[int]:
        return enrollments_many.hold_many(tx, batch, hold, now, by=by)

    return _in_batches(engine, fit, left, write)


def resume(
    engine: Engine, chosen: Sequence[Enrollment], force: HoldReason | None = None, by: str = ""
) -> Steered:
    """End holds of kind `paused`, and of kind `force`; what goes on is prepared afresh."""
    fit, left = _sorted(chosen, lambda enrollment: against_resume(enrollment, force))

    def write(tx: Tx, batch: Sequence[Enrollment], now: datetime) -> set[int]:
        people = contacts.contacts_of(tx, {enrollment.contact_id for enrollment in batch})
        reopenings = []
        for enrollment in batch:
            try:
                standing = standing_on_resume(engine, tx, enrollment, people[enrollment.contact_id], now)
            except SequencerError as error:
                left.append(Left(enrollment=enrollment, reason=str(error)))
                continue
            reopenings.append(Reopening(enrollment=enrollment, standing=standing))
        return enrollments_many.resume_many(tx, reopenings, now, by=by)

    return _in_batches(engine, fit, left, write)


def stop(engine: Engine, chosen: Sequence[Enrollment], reason: FinishReason, by: str) -> Steered:
    """Finish enrollments for good; `replied` counts as an answer, wherever it was given."""
    if reason is FinishReason.REPLIED:
        return _answered(engine, chosen, by)
    fit, left = _sorted(chosen, against_stop)

    def write(tx: Tx, batch: Sequence[Enrollment], now: datetime) -> set[int]:
        return enrollments_many.finish_many(tx, batch, reason, now, by=by)

    return _in_batches(engine, fit, left, write)


def _answered(engine: Engine, chosen: Sequence[Enrollment], by: str) -> Steered:
    """What a reply does, done for an answer that no mailbox saw: one commit a contact."""
    ids = list(dict.fromkeys(enrollment.contact_id for enrollment in chosen))
    changed: list[int] = []
    for contact_id in ids:
        now = engine.clock.now()
        with engine.store.write() as tx:
            before = enrollments.listed(tx, contact_ids=[contact_id])
            contact = contacts.contact_of(tx, contact_id)
            if contact is None:
                continue
            record(tx, now, Event(kind=ANSWERED_BY_HAND, contact_id=contact_id, data={"by": by}))
            domain = "" if contact.is_free_mail else contact.domain
            match = Match(contact_id=contact_id, via=MatchVia.FROM, domain=domain)
            # No notice: whoever says so knows.
            decided = decide_case(VerdictCase.REPLY, match)
            actions = tuple(action for action in decided if not isinstance(action, Notice))
            mailbox = before[0].mailbox if before else ""
            apply_actions(tx, engine, actions, reading_mailbox=mailbox, received_at=now, now=now)
            after = {one.id: one for one in enrollments.listed(tx, contact_ids=[contact_id])}
            changed += [one.id for one in before if after[one.id] != one]
    left = [Left(enrollment=one, reason=_finished_words(one)) for one in chosen if one.id not in changed]
    return Steered(changed=tuple(sorted(changed)), left=tuple(left))


def _in_batches(
    engine: Engine,
    fit: Sequence[Enrollment],
    left: list[Left],
    write: Callable[[Tx, Sequence[Enrollment], datetime], set[int]],
) -> Steered:
    changed: set[int] = set()
    for batch in chunks(fit):
        now = engine.clock.now()
        with engine.store.write() as tx:
            changed |= write(tx, batch, now)
    told = {one.enrollment.id for one in left}
    left += [
        Left(enrollment=one, reason="it changed meanwhile: look again with `enrollments list`")
        for one in fit
        if one.id not in changed and one.id not in told
    ]
    return Steered(changed=tuple(sorted(changed)), left=tuple(left))


def _sorted(
    chosen: Sequence[Enrollment], against: Callable[[Enrollment], str | None]
) -> tuple[list[Enrollment], list[Left]]:
    fit, left = [], []
    for enrollment in chosen:
        reason = against(enrollment)
        if reason is None:
            fit.append(enrollment)
        else:
            left.append(Left(enrollment=enrollment, reason=reason))
    return fit, left


def against_pause(enrollment: Enrollment) -> str | None:
    """Why it can't be paused; None when it can."""
    if enrollment.state is EnrollmentState.FINISHED:
        return _finished_words(enrollment)
    if enrollment.hold is not None and enrollment.hold.until is None:
        return f"is held already: {enrollment.hold.reason}"
    return None


def against_resume(enrollment: Enrollment, force: HoldReason | None) -> str | None:
    """Why it can't be resumed; None when it can."""
    if enrollment.state is EnrollmentState.FINISHED:
        return _finished_words(enrollment)
    if enrollment.hold is None:
        return "is not held"
    reason = enrollment.hold.reason
    if reason is HoldReason.UNSURE:
        return "is held: unsure; say what became of its message with `outbox resolve`"
    if reason in (HoldReason.PAUSED, force):
        return None
    until = enrollment.hold.until
    when = f" until {until:%Y-%m-%d}" if until else ""
    return f"is held: {reason}{when}; `--force {reason}` resumes it all the same"


def against_stop(enrollment: Enrollment) -> str | None:
    """Why it can't be stopped; None when it can."""
    is_over = enrollment.state is EnrollmentState.FINISHED
    if is_over and enrollment.finish_reason is not FinishReason.COMPLETED:
        return _finished_words(enrollment)
    return None


def _finished_words(enrollment: Enrollment) -> str:
    return f"has finished: {enrollment.finish_reason}"


def _by_ids(tx: Tx, ids: Sequence[int]) -> tuple[Enrollment, ...]:
    wanted = list(dict.fromkeys(ids))
    found = {enrollment.id: enrollment for enrollment in enrollments.listed(tx, ids=wanted)}
    missing = [str(one) for one in wanted if one not in found]
    if missing:
        raise InputError(
            f"there is no enrollment {', '.join(missing)}",
            hint="`sequencer enrollments list` shows their ids",
        )
    return tuple(found[one] for one in wanted)
