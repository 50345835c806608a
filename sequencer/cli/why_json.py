"""`why --json`: the document, with stable keys."""

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sequencer.cli.contact_view import suppression_json

if TYPE_CHECKING:
    from datetime import datetime

    from sequencer.core.why import GateLine
    from sequencer.flows.cause import Cause
    from sequencer.flows.why import Told, Why


def why_json(found: "Why") -> dict[str, Any]:
    """Everything `why` tells; keys are only ever added."""
    contact, marks = found.contact, found.marks
    return {
        "at": found.at,
        "contact": contact.address,
        "id": contact.id,
        "owner": contact.owner,
        "stage": contact.stage.value,
        "zone": found.place.zone,
        "is_zone_guessed": found.place.is_guessed,
        "zone_from": found.place.how,
        "note": contact.note,
        "mail_check": marks.mail_check,
        "mail_checked_at": marks.mail_checked_at,
        "erased_at": marks.erased_at,
        "suppression": suppression_json(found.suppression) if found.suppression else None,
        "enrollments": [_enrollment(found, told) for told in found.enrollments],
        "could_enter": [
            {
                "sequence": one.sequence,
                "refused": one.refusal or None,
                "first_at": one.first_at,
                "mailbox": one.mailbox,
            }
            for one in found.offers
        ],
    }


def _enrollment(found: "Why", told: "Told") -> dict[str, Any]:
    one, binds = told.enrollment, told.binding
    return {
        "id": one.id,
        "sequence": one.sequence,
        "round": one.round,
        "step": one.step,
        "state": one.state.value,
        "rep": one.rep,
        "mailbox": one.mailbox,
        "hold_reason": one.hold.reason.value if one.hold else None,
        "held_until": one.hold.until if one.hold else None,
        "hold_note": one.hold.note if one.hold else None,
        "finish_reason": one.finish_reason.value if one.finish_reason else None,
        "finished_at": one.finished_at,
        "cause": _cause(told.cause) if told.cause else None,
        "skipped": [
            {"step": one.step, "reason": one.reason, "words": one.words, "at": one.at} for one in told.skipped
        ],
        "next": _next(found, told),
        "gates": [_gate(line) for line in told.gates],
        "binding": binds.gate.value if binds else None,
    }


def _cause(cause: "Cause") -> dict[str, Any]:
    answer = cause.answer
    return {
        "at": cause.at,
        "kind": cause.kind,
        "by": cause.by,
        "answer": answer.id if answer else None,
        "answer_kind": answer.kind.value if answer else None,
        "answer_from": answer.from_address if answer else None,
        "message": cause.message_id,
        "said": cause.said,
    }


def _next(found: "Why", told: "Told") -> dict[str, Any] | None:
    message = told.message
    if message is None or message.is_last_skipped:
        return None
    row = message.row
    return {
        "step": message.step.id,
        "is_task": message.step.is_task,
        "message": row.id if message.is_prepared else None,
        "state": row.state.value if message.is_prepared else None,
        "due_at": row.due_at,
        "due_buyer": _local(row.due_at, found.place.zone),
        "due_mailbox": _local(row.due_at, told.mailbox_zone),
        "mailbox_zone": told.mailbox_zone,
        "prepare_at": message.prepare_at,
    }


def _gate(line: "GateLine") -> dict[str, Any]:
    return {
        "gate": line.gate.value,
        "is_open": line.is_open,
        "measured": line.measured,
        "opens_at": line.opens_at,
        "needs_person": line.needs_person,
        "mend": line.mend or None,
    }


def _local(at: "datetime", zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).isoformat()
