"""The gates of the contact, the enrollment and the text: what `why` says of each."""

from collections.abc import Callable
from datetime import datetime

from sequencer.core.enrollment import Enrollment, EnrollmentState, Hold, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.core.timing import skip_in_words
from sequencer.core.why import GateLine, GateName
from sequencer.flows import own_gates
from sequencer.flows.gate_look import Look, shut_for_person
from sequencer.store import suppressions
from sequencer.store.gates import Gate

G = GateName
_RESUME_BY_HAND = {
    HoldReason.PAUSED: "sequencer enrollments resume {id}",
    HoldReason.UNSURE: "look in Sent, then: sequencer outbox resolve ID --sent | --resend",
}


def _suppression(look: Look) -> GateLine:
    if Gate.SUPPRESSION not in look.shut:
        return GateLine(gate=G.SUPPRESSION, measured="nothing speaks against writing to them")
    found = suppressions.is_suppressed(look.tx, look.message.row.address_key, look.contact.id)
    if found is None:
        return shut_for_person(G.SUPPRESSION, "suppressed")
    if found.pattern == look.message.row.address_key:
        kind = "this address"
    elif "*" in found.pattern:
        kind = f"the pattern {found.pattern}"
    else:
        kind = f"the person, by their address {found.pattern}"
    mend = f"sequencer suppressions remove {found.pattern}"
    if found.is_opt_out:
        mend = "none: they asked not to be written to"
    return shut_for_person(G.SUPPRESSION, f"{kind} is suppressed: {found.reason}", mend)


def _owner(look: Look) -> GateLine:
    owner, rep = look.contact.owner, look.enrollment.rep
    if Gate.OWNER not in look.shut:
        return GateLine(gate=G.OWNER, measured=f"belongs to {owner or 'nobody'}")
    mend = f"sequencer contacts edit {look.contact.address} --owner {rep}"
    return shut_for_person(G.OWNER, f"belongs to {owner}; {rep} enrolled them", mend)


def _enrollment(look: Look) -> GateLine:
    one = look.enrollment
    if one.state is EnrollmentState.HELD and one.hold is not None:
        return _held(one, one.hold, look.now)
    if Gate.ENROLLMENT in look.shut:
        return shut_for_person(
            G.ENROLLMENT, f"stands at step {one.step}, the message is of {look.message.row.step}"
        )
    return GateLine(gate=G.ENROLLMENT, measured=f"active, at step {one.step}")


def _held(one: Enrollment, hold: Hold, now: datetime) -> GateLine:
    note = f": {hold.note}" if hold.note else ""
    words = _RESUME_BY_HAND.get(hold.reason, "sequencer enrollments resume {id} --force {reason}")
    mend = words.format(id=one.id, reason=hold.reason)
    if hold.until is None:
        return shut_for_person(G.ENROLLMENT, f"held for a person ({hold.reason}){note}", mend)
    if hold.until <= now:
        return GateLine(gate=G.ENROLLMENT, measured=f"its hold ({hold.reason}) is over: it goes on")
    return GateLine(
        gate=G.ENROLLMENT,
        measured=f"held ({hold.reason}){note}",
        is_open=False,
        opens_at=hold.until,
        mend=mend,
    )


def _step(look: Look) -> GateLine:
    step, at = look.message.step, look.message.standing_at
    if look.message.is_last_skipped:
        words = f"{_skip_words(look)}: it is skipped, no step is left, the enrollment ends"
        return shut_for_person(G.STEP, words, "nothing more is sent unless the contact's data change")
    if step.id != at.id:
        return GateLine(gate=G.STEP, measured=f"{at.id} is skipped: {_skip_words(look)}; then {step.id}")
    if step.when is None:
        return GateLine(gate=G.STEP, measured="no condition")
    # A message that is prepared leaves whatever becomes of its condition.
    told = "held when it was prepared" if look.message.is_prepared else "holds"
    return GateLine(gate=G.STEP, measured=f"`{step.when}` {told}")


def _skip_words(look: Look) -> str:
    at = look.message.standing_at
    return skip_in_words(look.message.skipped[0].reason, at.timing, at.when)


def _task(look: Look) -> GateLine:
    step, task = look.message.step, look.message.task
    if not step.is_task:
        return GateLine(gate=G.TASK, measured="none comes first")
    if task is not None:
        return shut_for_person(
            G.TASK, f"waits for task {task.id}: {task.title}", f"sequencer tasks done {task.id}"
        )
    if step.wait_for_task:
        return shut_for_person(G.TASK, f"a task comes first ({step.id}), set when it is due")
    opens_at = max(look.message.row.due_at, look.now)
    return GateLine(
        gate=G.TASK, measured=f"a task is set first ({step.id})", is_open=False, opens_at=opens_at
    )


def _address(look: Look) -> GateLine:
    if Gate.ADDRESS not in look.shut:
        return GateLine(gate=G.ADDRESS, measured=f"made for {look.message.row.address}")
    words = f"made for {look.message.row.address}; the contact is now {look.contact.address}"
    one = look.enrollment.id
    return shut_for_person(
        G.ADDRESS, words, f"sequencer enrollments pause {one}, then resume {one}: it is prepared afresh"
    )


def _text(look: Look) -> GateLine:
    fault = look.message.fitness.fault
    if fault:
        return shut_for_person(
            G.TEXT, fault, "mend the file or the contact's data, then sequencer sequences check"
        )
    words = "the task's title renders" if look.message.step.is_task else "it can be put together"
    return GateLine(gate=G.TEXT, measured=words)


def _attachment(look: Look) -> GateLine:
    missing = look.message.fitness.missing
    if missing:
        files = ", ".join(f"assets/{path}" for path in missing)
        return shut_for_person(G.ATTACHMENT, f"not there: {files}", "put the file there")
    there = [one.path for one in look.message.row.content.attachments]
    return GateLine(gate=G.ATTACHMENT, measured=", ".join(there) or "none")


def _approval(look: Look) -> GateLine:
    message, row = look.message, look.message.row
    if row.state is OutboxState.AWAITING_APPROVAL:
        words = f"waits for approval: {row.reason}" if row.reason else "waits for approval"
        return shut_for_person(G.APPROVAL, words, f"sequencer outbox approve {row.id}")
    if message.fitness.asks:
        return shut_for_person(
            G.APPROVAL, f"goes back for approval: {message.fitness.asks}", "sequencer outbox approve"
        )
    is_asked = row.is_edited or message.step.needs_approval(is_key_account=look.contact.is_key_account)
    if not message.is_prepared and is_asked and not message.step.is_task:
        return shut_for_person(
            G.APPROVAL, "will wait for approval once it is prepared", "sequencer outbox approve"
        )
    return GateLine(gate=G.APPROVAL, measured="approved" if row.is_approved else "not asked for")


def _rehearsal(look: Look) -> GateLine:
    if not look.engine.config.only_to:
        return GateLine(gate=G.REHEARSAL, measured="no rehearsal list")
    if own_gates.is_left_out(look.engine, look.message.row.address_key):
        return shut_for_person(
            G.REHEARSAL, own_gates.NOT_REHEARSED, "take only_to out of config.toml when the rehearsal is over"
        )
    return GateLine(gate=G.REHEARSAL, measured="on the rehearsal list")


QUESTIONS: tuple[Callable[[Look], GateLine], ...] = (
    *(_suppression, _owner, _enrollment, _step, _task, _address, _text, _attachment, _approval),
    _rehearsal,
)
