"""Mark answer: what a rep says an answer comes to, with its stage, its task and what it ends."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sequencer.core.address_check import check_address
from sequencer.core.contact import Contact
from sequencer.core.enrollment import EnrollmentState, HoldReason
from sequencer.core.inbound import VerdictKind
from sequencer.core.marks import FROM_PEOPLE, MARKS, OUR_OWN, Mark, day_of, decide_mark
from sequencer.core.notices import zone_of
from sequencer.errors import InputError
from sequencer.flows.correct_verdict import Wanted, apply_correction, corrected, refuse_erased
from sequencer.flows.effects import apply_actions
from sequencer.flows.end_effects import Said, end_holds, finished_by, set_stage
from sequencer.flows.engine import Engine
from sequencer.flows.note_contact import write_entry
from sequencer.flows.rehearse import written
from sequencer.flows.stored_answer import match_of, the_answer, verdict_of
from sequencer.flows.take_back_mark import source_of, take_back_mark
from sequencer.store import contacts, enrollments, marks, tasks
from sequencer.store.engine import Tx
from sequencer.store.events import Event, record
from sequencer.store.inbox import Answer
from sequencer.store.marks import Marked

_OF_MAIL = (HoldReason.AMBIGUOUS, HoldReason.ADDRESS_CHANGED, HoldReason.CHALLENGE)
"""Holds for a person that a mail set."""
_MORNING, _EVENING = time(9), time(18)
"""When a task of a day is due, and one of today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a rep says of a message."""

    answer_id: int
    mark: Mark
    value: str = ""
    """The day of `later`, the address of `referral`."""
    note: str = ""
    by: str


@dataclass(slots=True, kw_only=True)
class MarkResult:
    """What came of it."""

    answer_id: int
    contact: str
    mark: Mark
    day: str | None = None
    address: str | None = None
    was: Mark | None = None
    """The mark that it replaces."""
    is_new: bool = True
    """False: it was marked so already."""
    said: Said = field(default_factory=Said)
    task_id: int | None = None


def mark_answer(engine: Engine, saying: Saying, *, is_dry_run: bool = False) -> MarkResult:
    """Mark a message and do what follows, in one transaction; the same again changes nothing.

    Another mark replaces the one before: its task, stage and suppressions are taken back. InputError for a
    message that is not there, concerns nobody, is our own or a machine's, or a day or address that is none.
    """
    return written(
        engine.store,
        lambda tx: _marked(engine, tx, saying, engine.clock.now()),
        is_dry_run=is_dry_run,
    )


def _marked(engine: Engine, tx: Tx, saying: Saying, now: datetime) -> MarkResult:
    answer = the_answer(tx, saying.answer_id)
    refuse_erased(tx, answer)
    contact = _contact(tx, answer, saying.mark)
    result = MarkResult(answer_id=answer.id, contact=contact.address, mark=saying.mark)
    before = marks.mark_of(tx, answer.id)
    result.day, result.address = _value(engine, saying, now, before)
    if before is not None and (before.mark, before.day, before.address) == (
        *(saying.mark, result.day, result.address),
    ):
        result.is_new = False
        _note(engine, tx, contact, saying, now)
        return result
    if before is not None:
        result.was = before.mark
        result.said.done += take_back_mark(tx, before, now, saying.by)
    if MARKS[saying.mark].is_answer and answer.kind is VerdictKind.AMBIGUOUS:
        answer = _as_reply(engine, tx, answer, saying.by, now, result.said)
    did = _do(engine, tx, answer, contact, saying, result, now)
    marks.put_mark(
        tx,
        Marked(
            inbox_id=answer.id,
            contact_id=contact.id,
            mark=saying.mark,
            day=result.day,
            address=result.address,
            rep=saying.by,
            marked_at=now,
            did=did,
        ),
    )
    _record(tx, answer, contact, saying, before, now)
    _note(engine, tx, contact, saying, now)
    result.said.left += _still_held(tx, contact)
    return result


def _contact(tx: Tx, answer: Answer, mark: Mark) -> Contact:
    if answer.kind in OUR_OWN:
        raise InputError(f"message {answer.id} is our own mail: there is nothing to mark")
    contact = contacts.contact_of(tx, answer.contact_id) if answer.contact_id is not None else None
    if contact is None:
        hint = f"if it does, say what it is: `sequencer inbox mark {answer.id} --verdict reply`"
        raise InputError(f"message {answer.id} concerns none of your contacts", hint=hint)
    if MARKS[mark].of_people_only and answer.kind not in FROM_PEOPLE:
        hint = f"if a person wrote it, say so first: `sequencer inbox mark {answer.id} --verdict reply`"
        raise InputError(f"message {answer.id} was taken for {answer.kind}, which nobody wrote", hint=hint)
    return contact


def _value(
    engine: Engine, saying: Saying, now: datetime, before: Marked | None
) -> tuple[str | None, str | None]:
    """(day, address), of the marks that have one."""
    text = saying.value.strip()
    if saying.mark is Mark.LATER:
        if before is not None and before.mark is Mark.LATER and before.day == text:
            return text, None  # said again after that day has come
        today = now.astimezone(ZoneInfo(_zone(engine, saying.by))).date()
        if not text:
            raise InputError("later: when?", hint="name a day, such as 2027-03-01, 3w or 2m (months)")
        try:
            return day_of(text, today).isoformat(), None
        except ValueError as error:
            raise InputError(f"later: {error}") from None
    if saying.mark is Mark.REFERRAL:
        if not text:
            raise InputError("referral: to whom?", hint="name the address they gave you")
        try:
            return None, check_address(text).address
        except ValueError as error:
            raise InputError(f"referral: {error}") from None
    if text:
        raise InputError(f"{saying.mark} takes nothing more: {text!r}", hint="words of your own go to --note")
    return None, None


def _zone(engine: Engine, name: str) -> str:
    rep = engine.config.rep(name)
    return zone_of(engine.config, rep) if rep else engine.config.default_zone


def _as_reply(engine: Engine, tx: Tx, answer: Answer, by: str, now: datetime, said: Said) -> Answer:
    """Whoever says what a doubtful mail comes to says that a person wrote it."""
    wanted = Wanted(answer_id=answer.id, kind=VerdictKind.REPLY, by=by)
    verdict = corrected(verdict_of(answer), wanted)
    said.add(apply_correction(engine, tx, answer, verdict, match_of(tx, answer), by, now))
    return the_answer(tx, answer.id)


def _do(
    engine: Engine,
    tx: Tx,
    answer: Answer,
    contact: Contact,
    saying: Saying,
    result: MarkResult,
    now: datetime,
) -> dict[str, Any]:
    """What the mark's row of the table says; returns what could be taken back."""
    effect, said = MARKS[saying.mark], result.said
    match = match_of(tx, answer)
    last = marks.last_suppression(tx)
    if match is not None:
        actions = decide_mark(saying.mark, answer.kind, match)
        said.done += apply_actions(
            tx, engine, actions, reading_mailbox=answer.mailbox, received_at=answer.received_at, now=now
        )
    marks.claim_suppressions(tx, last, source_of(answer.id))
    if effect.releases:
        said.add(end_holds(engine, tx, answer, now))
        if finished_by(tx, answer):
            what = f"`sequencer inbox mark {answer.id} --verdict other`"
            said.left.append(f"what it ended stays ended; if it was no answer at all: {what}")
    did: dict[str, Any] = {}
    stage = (contacts.contact_of(tx, contact.id) or contact).stage
    if effect.stage is not None and stage in effect.stage_from:
        said.done += set_stage(tx, contact.id, stage, effect.stage, now, saying.by)
        did["stage"] = [stage.value, effect.stage.value]
    if effect.task is not None and not (effect.only_unanswered and answer.answered_at is not None):
        did["task"] = result.task_id = _add_task(engine, tx, answer, contact, result, now)
    return did


def _add_task(
    engine: Engine, tx: Tx, answer: Answer, contact: Contact, result: MarkResult, now: datetime
) -> int:
    by_themselves = contact.name if answer.match_via != "company" else ""
    who = by_themselves or answer.from_address or contact.address
    title = (MARKS[result.mark].task or "").format(who=who, address=result.address)
    enrollment = enrollments.by_id(tx, answer.enrollment_id) if answer.enrollment_id is not None else None
    rep = (enrollment.rep if enrollment else contact.owner) or engine.config.me
    task_id = tasks.add(
        tx,
        contact_id=contact.id,
        enrollment_id=answer.enrollment_id,
        step=None,
        rep=rep,
        title=title,
        due_at=_due_at(result.day, ZoneInfo(_zone(engine, rep)), now),
        now=now,
    )
    on = f" (due {result.day})" if result.day else ""
    result.said.done.append(f"task {task_id}: {title}{on}")
    return task_id


def _due_at(day: str | None, zone: ZoneInfo, now: datetime) -> datetime:
    """That morning; without a day the end of today's work, or the next morning when that is over."""
    if day is not None:
        return datetime.combine(date.fromisoformat(day), _MORNING, zone)
    today = now.astimezone(zone).date()
    evening = datetime.combine(today, _EVENING, zone)
    return evening if now < evening else datetime.combine(today + timedelta(days=1), _MORNING, zone)


def _record(
    tx: Tx, answer: Answer, contact: Contact, saying: Saying, before: Marked | None, now: datetime
) -> None:
    data = {"inbox_id": answer.id, "mark": saying.mark.value, "by": saying.by}
    if before is not None:
        data["was"] = before.mark.value
    record(tx, now, Event(kind="inbox.marked", contact_id=contact.id, mailbox=answer.mailbox, data=data))


def _note(engine: Engine, tx: Tx, contact: Contact, saying: Saying, now: datetime) -> None:
    """A rep's own words stand in the contact's note alone, once."""
    if saying.note.strip() and saying.note.strip() not in contact.note:
        text = f"{saying.mark}: {saying.note.strip()}"
        write_entry(tx, contact.id, text, saying.by, now, engine.config.default_zone)


def _still_held(tx: Tx, contact: Contact) -> list[str]:
    """What still waits for a person who reads their mail, and how that ends."""
    held = enrollments.listed(tx, contact_ids=[contact.id], states=[EnrollmentState.HELD])
    return [
        f"enrollment {one.id} stays held ({one.hold.reason});"
        f" `sequencer enrollments resume {one.id} --force {one.hold.reason}` lets it go on"
        for one in held
        if one.hold is not None and one.hold.until is None and one.hold.reason in _OF_MAIL
    ]
