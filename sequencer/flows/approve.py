"""Approve: a person lets messages go that wait for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.errors import InputError
from sequencer.flows.engine import Engine
from sequencer.store import outbox_list, texts
from sequencer.store.engine import chunks


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What became of the messages a person approved."""

    approved: tuple[int, ...]
    left: tuple[OutboxRow, ...]
    """Messages that don't wait for approval, or say something else than was shown, as they are now."""


def waiting_for_approval(engine: Engine, sequence: str | None = None) -> list[OutboxRow]:
    """Every message that waits for a person, next to leave first."""
    which = outbox_list.Filter(states=(OutboxState.AWAITING_APPROVAL,), sequence=sequence)
    with engine.store.read() as tx:
        return outbox_list.listed(tx, which)


def messages_by_id(engine: Engine, ids: Sequence[int]) -> list[OutboxRow]:
    """These messages in the order asked for; InputError when one is not there."""
    wanted = list(dict.fromkeys(ids))
    with engine.store.read() as tx:
        found = {row.id: row for row in outbox_list.listed(tx, outbox_list.Filter(ids=wanted))}
    missing = [str(one) for one in wanted if one not in found]
    if missing:
        raise InputError(
            f"there is no message {', '.join(missing)}", hint="`sequencer outbox list` shows their ids"
        )
    return [found[one] for one in wanted]


def approve(engine: Engine, rows: Sequence[OutboxRow], by: str) -> Approved:
    """awaiting_approval → ready, with the text of `rows`; it is never rendered again by itself."""
    approved: set[int] = set()
    for batch in chunks(rows):
        with engine.store.write() as tx:
            approved |= texts.approve(tx, batch, by, engine.clock.now())
    left = [row.id for row in rows if row.id not in approved]
    return Approved(
        approved=tuple(row.id for row in rows if row.id in approved),
        left=tuple(messages_by_id(engine, left)) if left else (),
    )
