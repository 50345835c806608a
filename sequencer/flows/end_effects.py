"""End effects: what a message did and a person says it should not have, as far as it can be had back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sequencer.core import actions as act
from sequencer.core.contact import Stage
from sequencer.core.effects import EFFECTS, case_of, decide
from sequencer.core.enrollment import Enrollment, EnrollmentState, Hold, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.errors import SequencerError
from sequencer.flows.effects import hold_until
from sequencer.flows.end_hold import end_hold
from sequencer.flows.engine import Engine
from sequencer.flows.stored_answer import match_of, the_answer, verdict_of
from sequencer.flows.tell import hold_and_tell
from sequencer.store import contacts, enrollments, mailboxes, marks, outbox, outbox_list, suppressions
from sequencer.store.engine import Tx
from sequencer.store.events import Event, record
from sequencer.store.inbox import Answer

_HELD = re.compile(r"enrollment (\d+) held .*\((\w+)\)")
_FINISHED = re.compile(r"enrollment (\d+) finished \((\w+)\)")
_SUPPRESSED = re.compile(r"suppressed \((\w+)\)")


@dataclass(slots=True, kw_only=True)
class Said:
    """What was done, and what is left to a person, in words."""

    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def add(self, other: "Said") -> None:
        """What came of one more thing."""
        self.done += other.done
        self.left += other.left


def end_effects(
    engine: Engine, tx: Tx, answer: Answer, now: datetime, by: str, *, ends: frozenset[int] = frozenset()
) -> Said:
    """Holds, suppressions, stage, tasks and counters of a message; what it finished is named with the command
    that begins it anew. `ends`: contacts whose enrollments finish in any case, and are not let go before.
    """
    if answer.contact_id is None:
        return Said()
    said = end_holds(engine, tx, answer, now, ends=ends)
    said.add(_unsuppress(tx, answer))
    said.done += _stage_back(tx, answer, now, by)
    said.done += _no_task(tx, answer, now)
    said.done += _uncount(tx, answer)
    said.left += finished_by(tx, answer, ends=ends)
    return said


def end_holds(
    engine: Engine, tx: Tx, answer: Answer, now: datetime, *, ends: frozenset[int] = frozenset()
) -> Said:
    """Let go what the message held and still holds, unless another message holds it too."""
    said = Said()
    for enrollment, reason in _held_by(tx, answer):
        if enrollment.contact_id in ends:
            continue
        try:
            _let_go(engine, tx, enrollment, answer.id, now)
        except SequencerError as error:
            said.left.append(f"enrollment {enrollment.id} stays held ({reason}): {error}")
            continue
        kept = enrollments.by_id(tx, enrollment.id)
        if kept is not None and kept.hold is not None:
            said.left.append(f"enrollment {enrollment.id} stays held ({kept.hold.reason})")
        else:
            said.done.append(f"enrollment {enrollment.id} goes on")
    return said


def _held_by(tx: Tx, answer: Answer) -> Iterator[tuple[Enrollment, HoldReason]]:
    """Enrollments that still stand as this message left them."""
    for effect in answer.effects:
        found = _HELD.fullmatch(effect)
        enrollment = enrollments.by_id(tx, int(found[1])) if found else None
        if found and enrollment and enrollment.hold and enrollment.hold.reason == found[2]:
            yield enrollment, enrollment.hold.reason


def _let_go(engine: Engine, tx: Tx, enrollment: Enrollment, answer_id: int, now: datetime) -> None:
    """held → active, and held again by whatever else still speaks for it."""
    since = marks.last_resumed(tx, enrollment.id) or enrollment.created_at
    others = marks.others_that_held(tx, enrollment.id, answer_id, since)
    end_hold(engine, tx, enrollment, now)
    for other in (the_answer(tx, one) for one in others):
        for hold in _holds_of(engine, tx, other, enrollment, now):
            _hold(engine, tx, enrollment.id, hold, now)
    doubts = outbox_list.Filter(contact_id=enrollment.contact_id, states=[OutboxState.UNSURE])
    if any(row.enrollment_id == enrollment.id for row in outbox_list.listed(tx, doubts)):
        _hold(engine, tx, enrollment.id, Hold(reason=HoldReason.UNSURE, until=None), now)


def _hold(engine: Engine, tx: Tx, enrollment_id: int, hold: Hold, now: datetime) -> None:
    fresh = enrollments.by_id(tx, enrollment_id)
    if fresh is not None:
        hold_and_tell(tx, engine, fresh, hold, now)


def _holds_of(engine: Engine, tx: Tx, answer: Answer, of: Enrollment, now: datetime) -> Iterator[Hold]:
    """How a message holds an enrollment, if its date is not over."""
    contact = contacts.contact_of(tx, of.contact_id)
    if contact is None:
        return
    place = engine.place_of(contact)
    for action in decide(verdict_of(answer), match_of(tx, answer)):
        if isinstance(action, act.HoldEnrollments):
            since = min(answer.received_at, answer.read_at)
            until = hold_until(action.rule, place, since, answer.read_at)
            if until is None or until > now:
                yield Hold(reason=action.reason, until=until)


def _unsuppress(tx: Tx, answer: Answer) -> Said:
    """Addresses that this message alone had suppressed."""
    said, match = Said(), match_of(tx, answer)
    reasons = {found[1] for effect in answer.effects if (found := _SUPPRESSED.fullmatch(effect))}
    if match is None or not reasons:
        return said
    contact = contacts.contact_of(tx, match.contact_id)
    own = contact.address_key if contact else None
    keys = {key for key in (match.address_key, match.sender_key, own) if key}
    others = marks.others_that(tx, match.contact_id, answer.id, "suppressed (")
    for suppression_id, reason in marks.suppressed_by_answer(tx, keys, _acted_at(tx, answer)):
        if reason not in reasons:
            continue
        if others:
            said.left.append(f"stays suppressed ({reason}): message {others[0]} asks for it too")
        else:
            suppressions.remove_suppression(tx, suppression_id)
            said.done.append(f"no longer suppressed ({reason})")
    return said


def _stage_back(tx: Tx, answer: Answer, now: datetime, by: str) -> list[str]:
    """Where the contact stood before, unless somebody moved them on since or another answer did as much."""
    moved = EFFECTS[case_of(verdict_of(answer), match_of(tx, answer))].stage
    if moved is None or answer.contact_id is None or f"stage {moved[1]}" not in answer.effects:
        return []
    if marks.others_that(tx, answer.contact_id, answer.id, "enrollment % finished (replied)"):
        return []
    return set_stage(tx, answer.contact_id, moved[1], moved[0], now, by)


def set_stage(tx: Tx, contact_id: int, before: Stage, after: Stage, now: datetime, by: str) -> list[str]:
    """Move a contact who stands at `before`, by a person's word; in words what was done."""
    if not contacts.move_stage(tx, contact_id, before, after, now):
        return []
    data = {"from": before.value, "to": after.value, "by": by}
    record(tx, now, Event(kind="stage_set", contact_id=contact_id, data=data))
    return [f"stage {after}"]


def _acted_at(tx: Tx, answer: Answer) -> datetime:
    """When the message did what it did: as it was read, or as it was last corrected."""
    before = marks.corrections_of(tx, answer.id)
    return before[-1].corrected_at if before else answer.read_at


def _no_task(tx: Tx, answer: Answer, now: datetime) -> list[str]:
    if answer.contact_id is None:
        return []
    made = marks.open_tasks_made_with(tx, answer.contact_id, _acted_at(tx, answer))
    titles = [one.removeprefix("task: ") for one in answer.effects if one.startswith("task: ")]
    return [
        f"task {made[title]} cancelled"
        for title in titles
        if title in made and marks.cancel_task(tx, made[title], now)
    ]


def _uncount(tx: Tx, answer: Answer) -> list[str]:
    counter = EFFECTS[case_of(verdict_of(answer), match_of(tx, answer))].counter
    if counter is None:
        return []
    row = outbox.by_id(tx, answer.outbox_id) if answer.outbox_id is not None else None
    mailbox = row.mailbox if row else answer.mailbox
    is_complaint = counter is act.Counter.COMPLAINTS
    mailboxes.count_against(tx, mailbox, complaints=-int(is_complaint), refusals=-int(not is_complaint))
    return [f"one less against {mailbox} ({counter})"]


def finished_by(tx: Tx, answer: Answer, *, ends: frozenset[int] = frozenset()) -> list[str]:
    """What the message ended, and stays so: each with the command that begins it anew."""
    found = [done for effect in answer.effects if (done := _FINISHED.fullmatch(effect))]
    over = enrollments.listed(tx, ids=[int(one[1]) for one in found]) if found else []
    people = contacts.contacts_of(tx, {one.contact_id for one in over})
    return [
        f"enrollment {one.id} stays finished ({one.finish_reason}); `sequencer enroll {one.sequence}"
        f" --contact {people[one.contact_id].address} --again` begins another round"
        for one in over
        if one.state is EnrollmentState.FINISHED and one.contact_id not in ends
    ]
