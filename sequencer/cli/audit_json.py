"""`audit --json`: the document, with stable keys."""

from typing import TYPE_CHECKING, Any

from sequencer.core.audit import Result

if TYPE_CHECKING:
    from datetime import timedelta

    from sequencer.core.audit import Finding
    from sequencer.core.audit_message import Judged
    from sequencer.core.audit_rows import ClockDifference
    from sequencer.flows.audit import Audit
    from sequencer.flows.audit_sent import AgainstSent, LookedAt


def audit_json(found: "Audit", in_sent: "AgainstSent | None") -> dict[str, Any]:
    """Everything `audit` tells; keys are only ever added."""
    residual = found.residual
    return {
        "at": found.at,
        "since": found.which.since,
        "mailbox": found.which.mailbox,
        "contact": found.which.contact_id,
        "message": found.which.message_id,
        "messages": found.messages,
        "by_state": dict(found.states),
        "attempts": found.attempts,
        "resends_ordered": found.resends,
        "follow_ups": found.follow_ups,
        "checks": {
            check.value: {one.value: results.get(one, 0) for one in Result}
            for check, results in found.results.items()
        },
        "findings": [_finding(one) for one in found.findings],
        "notes": [*found.notes, *(in_sent.notes if in_sent else ())],
        "residual_window": {
            "messages": residual.messages,
            "median_seconds": _seconds(residual.median_in),
            "p99_seconds": _seconds(residual.p99_in),
            "max_seconds": _seconds(residual.max_in),
            "limit_seconds": _seconds(found.limits.max_inbox_age_in),
        },
        "clocks": {name: _clock(one) for name, one in found.clocks.items()},
        "against_sent": _sent(in_sent) if in_sent else None,
        "chains": [_chain(one) for one in found.shown],
    }


def _finding(one: "Finding") -> dict[str, Any]:
    return {"check": one.check.value, "message": one.message, "contact": one.contact, "words": one.words}


def _clock(one: "ClockDifference") -> dict[str, Any]:
    return {"ahead_seconds": _seconds(one.ahead_in), "copies": one.copies}


def _chain(judged: "Judged") -> dict[str, Any]:
    message = judged.message
    return {
        "message": message.id,
        "contact": message.contact_id,
        "address": message.address,
        "enrollment": message.enrollment_id,
        "sequence": message.sequence,
        "round": message.round,
        "step": message.step,
        "version": message.version_hash,
        "mailbox": message.mailbox,
        "state": message.state.value,
        "message_id": message.message_id,
        "wire_id": message.wire_id,
        "claims": judged.chain.claims,
        "attempts": judged.chain.attempts,
        "is_follow_up": judged.is_follow_up,
        "claimed_at": message.claimed_at,
        "sending_at": message.sending_at,
        "sent_at": message.sent_at,
        "window": message.window,
        "window_until": message.window_until,
        "cap_count": message.cap_count,
        "cap_limit": message.cap_limit,
        "caps": dict(message.caps) if message.caps is not None else None,
        "gate_read_at": message.gate_read_at,
        "residual_seconds": _seconds(judged.residual_in),
        "events": [{"at": one.at, "kind": one.kind, **one.data} for one in judged.chain.events],
        "checks": {
            one.check.value: {"result": one.result.value, "words": one.words} for one in judged.answers
        },
    }


def _sent(found: "AgainstSent") -> dict[str, Any]:
    return {
        "mailboxes": [_looked_at(one) for one in found.mailboxes],
        "findings": [
            {
                "check": one.check.value,
                "message": one.message,
                "contact": one.contact,
                "mailbox": one.mailbox,
                "words": one.words,
            }
            for one in found.findings
        ],
    }


def _looked_at(one: "LookedAt") -> dict[str, Any]:
    return {
        "mailbox": one.mailbox,
        "since": one.since,
        "messages": one.heads,
        "ours": one.ours,
        "missing": list(one.missing),
        "failure": one.failure,
    }


def _seconds(span: "timedelta | None") -> float | None:
    return None if span is None else round(span.total_seconds(), 3)
