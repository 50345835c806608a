"""A simulation as a document."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sequencer.simulate.outcome import Load, Outcome
    from sequencer.simulate.play import Stage

_TOTALS = ("new", "follow_ups", "replies", "auto_replies", "bounces", "other")


def document_of(stage: "Stage", outcome: "Outcome") -> dict[str, object]:
    """The document of `simulate --json`; keys are only ever added."""
    from sequencer.simulate.outcome import versions

    settings, entered = stage.settings, stage.entered
    rates = settings.rates
    return {
        "from": outcome.start,
        "until": outcome.until,
        "days": settings.days,
        "seed": settings.seed,
        "rates": {"reply": rates.reply, "ooo": rates.ooo, "bounce": rates.bounce},
        "enrolled_before": stage.running,
        "invented": {
            "sequence": entered.sequence,
            "enrolled": entered.count,
            "refused": [{"contact": one.address, "reason": one.reason} for one in entered.refused],
        }
        if entered
        else None,
        "is_rehearsal_list_ignored": stage.is_rehearsing,
        "approvals": outcome.approvals,
        "tasks": outcome.tasks,
        "sent": outcome.sent,
        "totals": {name: outcome.total(name) for name in _TOTALS},
        "by_day": [asdict(one) for one in outcome.days],
        "mailboxes": list(_mailboxes(outcome.mailboxes)),
        "ended": dict(outcome.ended),
        "open": {"active": outcome.active, "held": dict(outcome.held)},
        "last_finish_at": outcome.last_finish_at,
        "versions": versions(),
    }


def _mailboxes(loads: Iterable["Load"]) -> Iterable[dict[str, object]]:
    for one in loads:
        yield {
            "mailbox": one.mailbox,
            "cap": one.cap,
            "zone": one.zone,
            "messages": one.total,
            "days": [{"day": day.day, "messages": day.messages, "cap": day.cap} for day in one.days],
            "cap_binds_at": one.cap_binds_at,
            "cap_binds": one.cap_binds,
            "paused_at": one.paused_at,
            "pause_reason": one.pause_reason,
        }
