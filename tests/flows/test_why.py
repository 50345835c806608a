"""`why`: for each gate a situation in which it alone is shut and binds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sequencer.config import Closure
from sequencer.core.enrollment import HoldReason
from sequencer.core.ports import ReadFailure
from sequencer.core.why import GateName
from sequencer.flows import steer
from sequencer.flows.why import why
from tests.flows.office import MONDAY, Office
from tests.flows.why_office import (
    ANA,
    APPROVE,
    ATTACH,
    BO,
    NEVER,
    TASK,
    G,
    a_day_after_the_first,
    an_office,
    another_wrote,
    at,
    bo_was_sent,
    change,
    dead_daemon,
    full_by_another_sequence,
    full_by_bo,
    full_by_colleague,
    gone_from_config,
    hold,
    line,
    made_before,
    other_address,
    paused,
    shut,
    skipped,
    stopped_daemon,
    suppress,
    task_is_open,
    told,
    unread,
)

SITUATIONS: dict[str, tuple[GateName, dict[str, object], Callable[[Office], None]]] = {
    "her address is suppressed": (G.SUPPRESSION, {}, suppress(ANA)),
    "she is suppressed by another address": (G.SUPPRESSION, {}, suppress("ana@old.example", 1)),
    "her company is suppressed": (G.SUPPRESSION, {}, suppress("*@luso.example")),
    "she is another rep's": (G.OWNER, {}, lambda office: change(office, owner="li")),
    "it is paused": (G.ENROLLMENT, {}, lambda office: hold(office, HoldReason.PAUSED, None)),
    "it is held until a day": (
        G.ENROLLMENT,
        {},
        lambda office: hold(office, HoldReason.OUT_OF_OFFICE, MONDAY + timedelta(days=2)),
    ),
    "no step is left for her": (G.STEP, {"sequence": NEVER}, skipped),
    "a task comes first": (G.TASK, {"sequence": TASK}, task_is_open),
    "she has another address": (G.ADDRESS, {}, other_address),
    "a field is empty": (G.TEXT, {}, lambda office: change(office, first_name="")),
    "a file is missing": (G.ATTACHMENT, {"sequence": ATTACH}, lambda _office: None),
    "a file is missing from what is prepared": (G.ATTACHMENT, {"sequence": ATTACH}, made_before),
    "it will ask for approval": (G.APPROVAL, {"sequence": APPROVE}, lambda _office: None),
    "it asks for approval": (G.APPROVAL, {"sequence": APPROVE}, made_before),
    "she is not on the rehearsal list": (G.REHEARSAL, {}, lambda office: office.with_only_to("*@x.example")),
    "its mailbox is paused": (G.MAILBOX, {}, paused),
    "its mailbox is not configured": (G.MAILBOX, {}, gone_from_config),
    "the daemon died": (G.DAEMON, {}, dead_daemon),
    "the daemon stopped": (G.DAEMON, {}, stopped_daemon),
    "its inbox can't be read": (G.INBOX, {}, unread),
    "another mailbox that wrote was read long ago": (G.INBOX, {}, another_wrote),
    "it is due later": (
        G.DUE,
        {},
        a_day_after_the_first,
    ),
    "it is night": (G.WINDOW, {}, lambda office: at(office, MONDAY.replace(hour=20))),
    "the cap is reached": (G.CAP, {"cap": 1}, bo_was_sent),
    "its date is full": (G.DATE_CAP, {}, full_by_bo(date_cap=1)),
    "no first mail is left": (G.NEW_CAP, {}, full_by_bo(new_cap=1)),
    "its group sent what it may": (G.GROUP_CAP, {}, full_by_bo(group="firm")),
    "her company got what it may": (G.COMPANY_CAP, {}, full_by_colleague),
    "she got what she may": (G.CONTACT_CAP, {}, full_by_another_sequence),
    "the mailbox has just sent": (G.GAP, {"gap": "90s"}, bo_was_sent),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_one_gate_is_shut_and_binds(tmp_path: Path, situation: str) -> None:
    gate, fields, arrange = SITUATIONS[situation]
    office = an_office(tmp_path, **fields)
    arrange(office)
    assert shut(office) == [gate]
    found = told(office).binding
    assert found is not None
    assert found.gate is gate
    assert found.measured
    before = sum(len(courier.received) for courier in office.couriers.values())
    if gate not in (G.DAEMON,) and situation != "its mailbox is not configured":
        if gate is G.INBOX:
            office.readers["wang"].failures = [ReadFailure("no connection")] * 9
        office.tick()
    assert sum(len(courier.received) for courier in office.couriers.values()) == before


def test_every_gate_has_its_situation() -> None:
    assert {gate for gate, _fields, _arrange in SITUATIONS.values()} == set(GateName) - {G.TURN}


def test_whoever_is_behind_another_waits_for_their_turn(tmp_path: Path) -> None:
    office = an_office(tmp_path, gap="90s")
    office.add_contact(BO, company="Nord")
    office.enroll(BO)
    made_before(office)
    assert (shut(office), shut(office, BO)) == ([], [G.TURN])
    binds = told(office, BO).binding
    assert binds is not None
    assert binds.opens_at == office.clock.now() + timedelta(seconds=90)
    office.tick()
    assert [message["To"].addresses[0].addr_spec for message in office.received()] == [ANA]


def test_without_pauses_all_leave_in_one_turn(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    office.add_contact(BO, company="Nord")
    office.enroll(BO)
    made_before(office)
    assert shut(office, BO) == []
    office.tick()
    assert len(office.received()) == 2


@pytest.mark.parametrize(
    ("moment", "closures", "words"),
    [
        (MONDAY.replace(hour=20), (), "hours: it is Mon 20:30 in Europe/Lisbon, open 09:00-18:00"),
        (MONDAY.replace(day=7), (), "Saturday is weekend in PT"),
        (datetime(2026, 4, 3, 10, 0, tzinfo=UTC), (), "public holiday in PT: Good Friday"),
        (
            MONDAY.replace(day=4),
            (Closure(name="Stocktaking", first=MONDAY.date(), last=MONDAY.replace(day=5).date()),),
            "closure Stocktaking until 2026-03-05",
        ),
    ],
)
def test_a_shut_window_names_its_rule(
    tmp_path: Path, moment: datetime, closures: tuple[Closure, ...], words: str
) -> None:
    office = an_office(tmp_path)
    at(office, moment)
    office.reconfigure(closures=closures)
    assert shut(office) == [G.WINDOW]
    assert line(office, G.WINDOW).measured == f"buyer: {words}"


def test_what_only_a_person_opens_binds_before_what_opens_by_itself(tmp_path: Path) -> None:
    office = an_office(tmp_path, sequence=APPROVE)
    made_before(office)
    at(office, MONDAY.replace(hour=20))
    assert shut(office) == [G.APPROVAL, G.WINDOW]
    binds = told(office).binding
    assert binds is not None
    assert (binds.gate, binds.mend) == (G.APPROVAL, "sequencer outbox approve 1")


def test_of_two_that_open_by_themselves_the_later_binds(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    hold(office, HoldReason.OUT_OF_OFFICE, MONDAY + timedelta(days=9))
    at(office, MONDAY.replace(hour=20))
    assert shut(office) == [G.ENROLLMENT, G.WINDOW]
    binds = told(office).binding
    assert binds is not None
    assert (binds.gate, binds.opens_at) == (G.ENROLLMENT, MONDAY + timedelta(days=9))


def test_an_answer_is_named_as_the_cause(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    office.tick()
    office.clock.advance(timedelta(hours=1))
    office.answer(office.received()[0], "Please send prices.")
    office.tick()
    found = told(office)
    assert found.gates == ()
    assert found.cause is not None
    assert found.cause.answer is not None
    assert (found.cause.answer.id, found.cause.answer.from_address) == (1, ANA)


def test_a_refusal_is_named_as_the_cause(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    office.couriers["wang"].fail("RCPT", "550 5.1.1 no such user")
    office.tick()
    cause = told(office).cause
    assert cause is not None
    assert (cause.kind, cause.message_id) == ("refusal", 1)


def test_a_person_is_named_as_the_cause(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    chosen = steer.choose(office.engine, which=steer.Which(contact=ANA))
    steer.pause(office.engine, chosen.enrollments, "fair week", by="li")
    cause = told(office).cause
    assert cause is not None
    assert (cause.kind, cause.by) == ("person", "li")


def test_somebody_never_enrolled_is_told_what_they_could_enter(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.add_contact(ANA)
    offers = {one.sequence: one for one in why(office.engine, ANA, office.engine.rep("wang")).offers}
    assert (offers["short"].refusal, offers["short"].mailbox) == ("", "wang")
    assert offers["short"].first_at == MONDAY
    change(office, owner="li")
    (refusal,) = {
        one.refusal
        for one in why(office.engine, ANA, office.engine.rep("wang")).offers
        if one.sequence == "short"
    }
    assert refusal == "belongs to li"
