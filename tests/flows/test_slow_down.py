"""A server that asks for fewer messages: the whole mailbox waits, longer each time; nobody is suppressed."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from sequencer.config import Window
from sequencer.core.enrollment import EnrollmentState, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.flows.mailbox_lines import mailbox_lines
from sequencer.flows.why import why
from sequencer.store import slow_down
from tests.flows.office import MONDAY, Office

PEOPLE = [f"{name}@luso{number}.example" for number, name in enumerate(("ana", "ben", "eva", "rui"))]
LIMITED = "550 Mail frequency limited"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Four first messages are due."""
    office = Office(tmp_path / "ws")
    for address in PEOPLE:
        office.add_contact(address)
    office.enroll(*PEOPLE)
    return office


def slow_until(office: Office) -> object:
    with office.engine.store.read() as tx:
        lines = mailbox_lines(tx, office.engine.config, office.clock.now())
    return next(line.slow_until for line in lines if line.name == "wang")


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("answer", [LIMITED, "421 4.7.28 unusual rate", "450 MI:SFQ 163 smtp7"])
def test_one_answer_about_the_pace_keeps_all_messages_of_the_mailbox(
    office: Office, verb: str, answer: str
) -> None:
    courier = office.couriers["wang"]
    courier.fail(verb, answer, times=100)
    ticked = office.tick()
    assert courier.attempts == 1
    assert ticked.next_at is not None
    assert MONDAY + 5 * MINUTE <= ticked.next_at <= MONDAY + 6 * MINUTE
    assert slow_until(office) == ticked.next_at
    for _ in range(4):
        office.clock.advance(MINUTE)
        office.tick()
    assert courier.attempts == 1
    states = {row.state for row in office.rows()}
    assert states <= {OutboxState.READY, OutboxState.DEFERRED}
    assert {one.state for one in office.enrollments()} == {EnrollmentState.ACTIVE}


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DOT"])
def test_the_wait_doubles_whichever_message_is_tried(office: Office, verb: str) -> None:
    courier = office.couriers["wang"]
    courier.fail(verb, LIMITED, times=4)
    for expected in (5, 10, 20, 40):
        now = office.clock.now()
        until = office.tick().next_at
        assert until is not None
        assert expected * MINUTE <= until - now <= (expected + 1) * MINUTE
        office.clock.set(until)
    assert courier.attempts == 4
    office.tick()
    assert {row.state for row in office.rows()} == {OutboxState.SENT}
    assert len(courier.received) == 4
    assert slow_until(office) is None


def test_the_other_mailbox_goes_on(office: Office) -> None:
    office.add_contact("zoe@muster.example", owner="li")
    office.enroll("zoe@muster.example", rep="li")
    office.couriers["wang"].fail("RCPT", LIMITED)
    office.tick("wang")
    office.tick("li")
    assert len(office.couriers["li"].received) == 1


def test_why_and_the_mailboxes_line_say_until_when(office: Office) -> None:
    office.couriers["wang"].fail("RCPT", LIMITED)
    office.tick()
    look = why(office.engine, PEOPLE[3], office.engine.rep("wang"))
    [gate] = [one for one in look.enrollments[0].gates if one.gate == "mailbox"]
    assert not gate.is_open
    assert gate.opens_at == slow_until(office)
    assert gate.measured == "the server of wang asked it to send less: RCPT: 550 Mail frequency limited"


def test_a_day_of_it_waits_for_a_person_and_suppresses_nobody(office: Office) -> None:
    office.reconfigure(windows=tuple(_always(one) for one in office.engine.config.windows))
    office.couriers["wang"].fail("RCPT", LIMITED, times=100)
    office.run(MONDAY + timedelta(hours=30), every=timedelta(minutes=30))
    row = office.rows()[0]
    assert row.state is OutboxState.REFUSED
    assert row.reason.startswith("given up after ")
    held = office.enrollments()[0].hold
    assert held is not None
    assert (held.reason, held.until) == (HoldReason.BOUNCE_REFUSED, None)
    with office.engine.store.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM suppressions").scalar() == 0


def test_the_question_costs_no_scan_of_everything_ever_sent(office: Office) -> None:
    store, asked = office.engine.store, []

    def note(
        _connection: object, _cursor: object, statement: str, parameters: object, *_rest: object
    ) -> None:
        asked.append((statement, parameters))

    with store.read() as tx:
        event.listen(store._engine, "before_cursor_execute", note)
        slow_down.asked_of(tx, "wang", MONDAY)
        slow_down.times_asked(tx, "wang")
        event.remove(store._engine, "before_cursor_execute", note)
        assert len(asked) == 2
        for statement, parameters in asked:
            plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            assert "USING INDEX ix_outbox_due (mailbox=?)" in plan[0][3]


def _always(window: Window) -> Window:
    return replace(window, hours=((time(0), time(0)),), days=(1, 2, 3, 4, 5, 6, 7), holidays="none")
