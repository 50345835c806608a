"""Effects: the actions that a verdict or an SMTP refusal came to, applied in one transaction."""

from datetime import datetime, timedelta

from sequencer.core import actions as act
from sequencer.core.calendar import add_wait
from sequencer.core.effects import VerdictCase, case_of_smtp, decide_case
from sequencer.core.enrollment import Enrollment, EnrollmentState, FinishReason, Hold
from sequencer.core.inbound import MatchVia
from sequencer.core.outbox import OutboxRow
from sequencer.core.ports import SmtpClass
from sequencer.core.timing import Wait
from sequencer.core.zones import Place
from sequencer.flows.engine import Engine
from sequencer.flows.pause_itself import pause_if_it_must
from sequencer.flows.tell import hold_and_tell
from sequencer.store import contacts, enrollments, inbox, mailboxes, outbox, suppressions, tasks
from sequencer.store.engine import Tx
from sequencer.store.events import Event, record

SHORTEST_HOLD = timedelta(days=1)
LONGEST_HOLD = timedelta(days=180)


def apply_actions(
    tx: Tx,
    engine: Engine,
    actions: tuple[act.Action, ...],
    *,
    reading_mailbox: str,
    received_at: datetime,
    now: datetime,
) -> list[str]:
    """Do what was decided; returns what was really done, in words for `inbox list`."""
    done: list[str] = []
    for action in actions:
        match action:
            case act.FinishEnrollments():
                done += _finish(tx, action, now)
            case act.HoldEnrollments():
                done += _hold(tx, engine, action, min(received_at, now), now)
            case act.Suppress():
                # Read with the lock in hand: a mark that was committed before is not dated after it.
                done += _suppress(tx, action, engine.clock.now())
            case act.SetStage():
                done += _set_stage(tx, action, now)
            case act.AddTask():
                done += _add_task(tx, engine, action, now)
            case act.CountAgainstMailbox():
                _count(tx, action, reading_mailbox)
            case act.Notice():
                record(tx, now, Event(kind="notice", contact_id=action.contact_id))
    return done


def apply_refusal(tx: Tx, engine: Engine, row: OutboxRow, smtp_class: SmtpClass, now: datetime) -> None:
    """What a server's final refusal of a message means for its contact: the bounce rows of the table."""
    from sequencer.core.matching import Match

    case = case_of_smtp(smtp_class) or VerdictCase.BOUNCE_POLICY
    match = Match(
        contact_id=row.contact_id,
        via=MatchVia.ORIGINAL_ID,
        outbox_id=row.id,
        enrollment_id=row.enrollment_id,
        address_key=row.address_key,
    )
    is_again = inbox.soft_bounced_before(tx, row.enrollment_id, row.id)
    actions = decide_case(case, match, is_soft_again=is_again)
    apply_actions(tx, engine, actions, reading_mailbox=row.mailbox, received_at=now, now=now)
    pause_if_it_must(tx, engine, row.mailbox, now)


def finish_enrollment(tx: Tx, enrollment: Enrollment, reason: FinishReason, now: datetime) -> bool:
    """Finish one enrollment: its unsent messages and open tasks go with it."""
    if not enrollments.finish(tx, enrollment, reason, now):
        return False
    tasks.cancel_open_of_enrollment(tx, enrollment.id, now)
    return True


def _meant(tx: Tx, target: act.Target) -> list[Enrollment]:
    """The enrollments a target means; at a company only those that still run."""
    running = (EnrollmentState.ACTIVE, EnrollmentState.HELD)
    if target.scope is act.Scope.ENROLLMENT and target.enrollment_id is not None:
        return enrollments.listed(tx, ids=[target.enrollment_id])
    if target.scope in (act.Scope.CONTACT, act.Scope.ENROLLMENT):
        return enrollments.listed(tx, contact_ids=[target.contact_id])
    people = {contact.id for contact in contacts.contacts_at_domain(tx, target.domain)}
    if target.scope is act.Scope.COMPANY:
        people.discard(target.contact_id)
    return enrollments.listed(tx, contact_ids=people, states=running)


def _finish(tx: Tx, action: act.FinishEnrollments, now: datetime) -> list[str]:
    before = action.target.created_before
    return [
        f"enrollment {enrollment.id} finished ({action.reason})"
        for enrollment in _meant(tx, action.target)
        if (before is None or enrollment.created_at <= before)
        and finish_enrollment(tx, enrollment, action.reason, now)
    ]


def _hold(tx: Tx, engine: Engine, action: act.HoldEnrollments, since: datetime, now: datetime) -> list[str]:
    done = []
    for enrollment in _meant(tx, action.target):
        sequence = engine.version(tx, enrollment.version_hash).sequence
        if action.target.is_by_policy and sequence.on_reply == "company":
            if finish_enrollment(tx, enrollment, FinishReason.COMPANY_REPLIED, now):
                done.append(f"enrollment {enrollment.id} finished (company_replied)")
            continue
        contact = contacts.contact_of(tx, enrollment.contact_id)
        if contact is None:
            continue
        place = engine.place_of(contact)
        hold = Hold(reason=action.reason, until=hold_until(action.rule, place, since, now))
        if hold_and_tell(tx, engine, enrollment, hold, now):
            until = f"until {hold.until:%Y-%m-%d}" if hold.until else "for a person"
            done.append(f"enrollment {enrollment.id} held {until} ({action.reason})")
    return done


def hold_until(rule: act.HoldRule, place: Place, since: datetime, now: datetime) -> datetime | None:
    """When a hold ends (UTC); None: when a person acts. At least one day and at most 180 from `now`."""
    match rule:
        case act.UntilPerson():
            return None
        case act.HoldDays(days=days):
            until = add_wait(since, Wait(days, "d"), place)
        case act.HoldFor(business_days=days):
            until = add_wait(since, Wait(days, "bd"), place)
        case act.HoldUntil(until=back, plus_business_days=days):
            until = add_wait(back, Wait(days, "bd"), place)
    return min(max(until, now + SHORTEST_HOLD), now + LONGEST_HOLD)


def _suppress(tx: Tx, action: act.Suppress, now: datetime) -> list[str]:
    new = suppressions.NewSuppression(
        pattern=action.address_key,
        reason=action.reason.value,
        source="answer",
        contact_id=action.contact_id,
    )
    suppressions.add_suppressions(tx, [new], now)
    return [f"suppressed ({action.reason})"]


def _set_stage(tx: Tx, action: act.SetStage, now: datetime) -> list[str]:
    moved = contacts.move_stage(tx, action.contact_id, action.only_from, action.stage, now)
    return [f"stage {action.stage}"] if moved else []


def _add_task(tx: Tx, engine: Engine, action: act.AddTask, now: datetime) -> list[str]:
    contact = contacts.contact_of(tx, action.contact_id)
    enrollment = enrollments.by_id(tx, action.enrollment_id) if action.enrollment_id else None
    rep = enrollment.rep if enrollment else (contact.owner if contact else None) or engine.config.me
    tasks.add(
        tx,
        contact_id=action.contact_id,
        enrollment_id=action.enrollment_id,
        step=None,
        rep=rep,
        title=action.title,
        due_at=now,
        now=now,
    )
    return [f"task: {action.title}"]


def _count(tx: Tx, action: act.CountAgainstMailbox, reading_mailbox: str) -> None:
    row = outbox.by_id(tx, action.outbox_id) if action.outbox_id else None
    mailbox = row.mailbox if row else reading_mailbox
    is_complaint = action.counter is act.Counter.COMPLAINTS
    mailboxes.count_against(tx, mailbox, complaints=int(is_complaint), refusals=int(not is_complaint))
