"""People change what a running tick sends, each in a thread of their own, on one real database."""

import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.errors import SequencerError
from sequencer.flows.edit import Edited, edit
from sequencer.flows.steer import choose, pause
from sequencer.flows.suppress import suppress
from sequencer.store import contacts, outbox
from sequencer.store.schema import events
from tests.flows.lists import a_list, brought_in
from tests.flows.office import MONDAY, Office, parse

BUYERS = 80


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """So many first messages are ready; each tick sends one."""
    office = Office(tmp_path / "ws", gap="20s", cap=BUYERS)
    for number in range(BUYERS):
        office.add_contact(f"buyer{number}@firm{number}.example", domain=f"firm{number}.example")
    office.clock.set(MONDAY + timedelta(hours=12))
    office.enroll(*(f"buyer{number}@firm{number}.example" for number in range(BUYERS)))
    office.tick()
    office.clock.set(MONDAY + timedelta(days=1))
    assert {row.state for row in office.rows()} == {OutboxState.READY}
    return office


def edits(office: Office, row: OutboxRow) -> str | None:
    try:
        edit(office.engine, row, Edited(body=f"Words for {row.id} of my own."), "wang")
    except SequencerError:
        return None
    return "edited"


def pauses(office: Office, row: OutboxRow) -> str | None:
    done = pause(office.engine, choose(office.engine, ids=[row.enrollment_id]).enrollments)
    return "held" if done.changed else None


def imports(office: Office, row: OutboxRow) -> str | None:
    lines = a_list(office.root, "email,first name", f"{row.address},Changed")
    brought_in(office.engine.store, lines, now=office.clock.now(), overwrites=True)
    return "imported"


def suppresses(office: Office, row: OutboxRow) -> str | None:
    suppress(office.engine.store, [row.address], clock=office.clock)
    return "suppressed"


Acts = Callable[[Office, OutboxRow], str | None]
HANDS: tuple[Acts, ...] = (edits, pauses, imports, suppresses)


def next_to_leave(office: Office) -> OutboxRow:
    with office.engine.store.read() as tx:
        row = outbox.by_id(tx, outbox.due_ids(tx, "wang", office.clock.now())[0])
    assert row is not None
    return row


def test_two_threads_on_one_database_lose_nothing_and_lock_nobody_out(office: Office) -> None:
    done: defaultdict[int, set[str | None]] = defaultdict(set)
    with ThreadPoolExecutor(2) as pool:
        for number in range(BUYERS * 3 // 5):
            row, gate = next_to_leave(office), threading.Barrier(2)
            acts = HANDS[number % len(HANDS)]

            def ticks(gate: threading.Barrier = gate) -> None:
                gate.wait(10)
                office.tick()

            def happens(
                gate: threading.Barrier = gate, row: OutboxRow = row, acts: Acts = acts
            ) -> str | None:
                gate.wait(10)
                return acts(office, row)

            ticking, acting = pool.submit(ticks), pool.submit(happens)
            ticking.result(60)
            done[row.id].add(acting.result(60))
            office.clock.advance(timedelta(minutes=1))
    while office.tick().handed_over:
        office.clock.advance(timedelta(minutes=1))
    require_nothing_lost(office, done)


def require_nothing_lost(office: Office, done: dict[int, set[str | None]]) -> None:
    taken = {one.recipient: str(parse(one)) for one in office.couriers["wang"].received}
    assert len(taken) == len(office.couriers["wang"].received)
    with office.engine.store.read() as tx:
        told = [(one.outbox_id, one.enrollment_id, one.kind) for one in tx.execute(select(events))]
    for row in office.rows():
        what = done.get(row.id, set())
        assert row.state in (OutboxState.SENT, OutboxState.CANCELLED), (
            row.state,
            row.reason,
            what,
            row.retry_at,
        )
        if "edited" in what and not what & {"held", "suppressed"}:
            assert f"Words for {row.id} of my own." in taken[row.address]
        if "held" in what and row.address in taken:
            order = [kind for _row, enrollment, kind in told if enrollment == row.enrollment_id]
            assert order.index("sending") < order.index("held")
        if "imported" in what:
            with office.engine.store.read() as tx:
                contact = contacts.contact_of(tx, row.contact_id)
            assert contact is not None
            assert contact.first_name == "Changed"
