"""Broken on purpose: ways in which a build could break its promises, so that the proof is seen to fail."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text, true

from sequencer.core.outbox import OutboxState
from sequencer.store import engine, gates, ledger


def _late_outcome() -> None:
    """What the server answered is written when the next message is settled."""

    def late(real: Any) -> Any:
        kept: list[Any] = []

        def settle(tx: Any, attempt: Any, settlement: Any, *more: Any, **named: Any) -> bool:
            if settlement.state is not OutboxState.SENT:
                return bool(real(tx, attempt, settlement, *more, **named))
            kept.append((attempt, settlement, *more))
            if len(kept) > 1:
                real(tx, *kept.pop(0), **named)
            return True

        return settle

    _wrap_outcomes(late)


def _late_mark() -> None:
    """That content is leaving is written together with what came of it."""
    mark, kept = ledger.mark_sending, {}

    def mark_sending(tx: Any, attempt: Any, *more: Any, **named: Any) -> bool:
        kept[attempt.attempt_id] = (more, named)
        return True

    def marked_first(real: Any) -> Any:
        def settle(tx: Any, attempt: Any, *more: Any, **named: Any) -> bool:
            if attempt.attempt_id in kept:
                late, as_named = kept.pop(attempt.attempt_id)
                mark(tx, attempt, *late, **as_named)
            return bool(real(tx, attempt, *more, **named))

        return settle

    ledger.mark_sending = mark_sending
    _wrap_outcomes(marked_first)


def _wrap_outcomes(wrapped: Callable[[Any], Any]) -> None:
    """Put something around each function that writes an outcome."""
    for name in ("settle", "settle_sent"):
        if hasattr(ledger, name):
            setattr(ledger, name, wrapped(getattr(ledger, name)))


def _claimed_again() -> None:
    """What was leaving when the process died is taken for not having left."""
    real = ledger.recover

    def recover(tx: Any, mailbox: str, *more: Any, **named: Any) -> Any:
        tx.execute(
            text("UPDATE outbox SET state = 'ready' WHERE mailbox = :m AND state = 'sending'"), {"m": mailbox}
        )
        return real(tx, mailbox, *more, **named)

    ledger.recover = recover


def _open_gate() -> None:
    """Follow-ups leave whether or not the inbox was read."""
    real = gates.conditions

    def conditions(*arguments: Any, **named: Any) -> Any:
        return {**real(*arguments, **named), gates.Gate.INBOX: true()}

    gates.conditions = conditions


def _careless_commits() -> None:
    """No commit waits for the disk: a power cut takes intents and outcomes with it."""
    real = engine._set_pragmas

    def set_pragmas(connection: Any, *more: Any, **named: Any) -> None:
        real(connection, *more, **named)
        connection.execute("PRAGMA synchronous=NORMAL")

    engine._set_pragmas = set_pragmas


BREAKS: dict[str, Callable[[], None]] = {
    "late-mark": _late_mark,
    "late-outcome": _late_outcome,
    "claimed-again": _claimed_again,
    "open-gate": _open_gate,
    "careless-commits": _careless_commits,
}


def break_on_purpose(name: str) -> None:
    """Break this process's build in the way named; empty: not at all."""
    if name:
        BREAKS[name]()
