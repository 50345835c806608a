"""The plan is what the daemon's own flows then send, to the minute, and says what it takes for granted."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sequencer.core.forecast import Forecast, Gate
from sequencer.core.outbox import OutboxState
from sequencer.flows.approve import approve, waiting_for_approval
from sequencer.flows.plan import plan
from sequencer.store import contacts
from tests.flows.office import MONDAY, Office

SEQUENCE = """
sequence: short
window: buyer
steps:
  - id: intro
    template: short/intro
  - id: offer
    wait: 2bd
    template: short/offer
    when: country != "DE"
  - id: last
    wait: 1w
    template: short/last
"""
COUNTRIES = ("PT", "DE", "AE", "US", "JP", "BR", "IN", "FR")


def sent(office: Office) -> list[tuple[str, str, datetime]]:
    rows = [row for row in office.rows() if row.sent_at is not None]
    return sorted((row.address, row.step, minute(row.sent_at)) for row in rows if row.sent_at)


def planned(found: Forecast) -> list[tuple[str, str, datetime]]:
    return sorted((m.contact, m.step, minute(m.due_at)) for m in found.messages)


def minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def run_by_the_metronome(office: Office, until: datetime) -> None:
    """Tick whenever a tick said to come again, as the daemon does."""
    while office.clock.now() < until:
        nexts = [office.tick(name).next_at for name in ("wang", "li")]
        later = [at for at in nexts if at is not None and at > office.clock.now()]
        office.clock.set(min([*later, office.clock.now() + timedelta(hours=6)]))


def test_a_plan_of_next_week_is_the_end_of_one_made_from_today(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws", gap="7m", cap=2)
    people = [f"buyer{n}@firm{n}.example" for n in range(10)]
    for address in people:
        office.add_contact(address)
    office.enroll(*people)
    now, week = office.clock.now(), timedelta(days=7)
    whole = plan(office.engine, start=now, days=14)
    shown = plan(office.engine, start=now, days=7, shown_from=now + week)
    assert shown.messages == tuple(one for one in whole.messages if one.due_at >= now + week)
    assert len(whole.messages) > len(shown.messages) > 0
    # The cap kept messages in both weeks; after them it keeps none.
    assert [one.gate for one in shown.bindings] == [Gate.CAP]
    assert plan(office.engine, start=now, days=7, shown_from=now + 10 * week).bindings == ()
    assert plan(office.engine, start=now, days=7, shown_from=now - week) == plan(
        office.engine, start=now, days=7
    )


def test_what_was_planned_is_what_leaves(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws", gap="7m", cap=5, sequence=SEQUENCE)
    for number, country in enumerate(COUNTRIES * 2):
        office.add_contact(f"buyer{number}@firm{number}.example", country=country, language="")
    office.enroll(*[f"buyer{n}@firm{n}.example" for n in range(10)])
    office.enroll(*[f"buyer{n}@firm{n}.example" for n in range(10, 16)], rep="li")
    expected = planned(plan(office.engine, start=office.clock.now(), days=21))
    run_by_the_metronome(office, MONDAY + timedelta(days=21))
    assert sent(office) == expected
    assert len(expected) > 40


def test_a_plan_made_midway_agrees_too(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws", gap="7m", cap=5, sequence=SEQUENCE)
    for number, country in enumerate(COUNTRIES):
        office.add_contact(f"buyer{number}@firm{number}.example", country=country, language="")
    office.enroll(*[f"buyer{n}@firm{n}.example" for n in range(8)])
    run_by_the_metronome(office, MONDAY + timedelta(days=1, hours=2))
    before = set(sent(office))
    expected = planned(plan(office.engine, start=office.clock.now(), days=19))
    run_by_the_metronome(office, MONDAY + timedelta(days=20))
    assert sorted(set(sent(office)) - before) == expected


def test_the_plan_says_what_waits_and_why(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    office.add_contact("ana@luso.example")
    office.enroll("ana@luso.example")
    office.with_only_to("*@nobody.example")
    found = plan(office.engine, start=office.clock.now(), days=7)
    assert found.messages == ()
    assert [held.reason for held in found.held] == ["not on the rehearsal list (only_to in config.toml)"]


PERSONS = """
sequence: short
window: buyer
steps:
  - id: intro
    template: short/intro
    approve: always
  - id: call
    wait: 1d
    task: Call them
  - id: offer
    wait: 2d
    template: short/offer
"""


def test_what_awaits_approval_is_planned_from_now_and_says_so_until_it_is_approved(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws", sequence=PERSONS)
    office.add_contact("ana@luso.example")
    office.enroll("ana@luso.example")
    office.tick()
    assert [row.state for row in office.rows()] == [OutboxState.AWAITING_APPROVAL]
    office.clock.advance(timedelta(hours=2))
    first = plan(office.engine, start=office.clock.now(), days=7).messages[0]
    assert (first.step, first.due_at, first.gates) == ("intro", office.clock.now(), (Gate.APPROVAL,))
    approve(office.engine, waiting_for_approval(office.engine), "wang")
    assert plan(office.engine, start=office.clock.now(), days=7).messages[0].gates == ()


def test_an_open_task_is_planned_from_its_due_date_and_an_overdue_one_from_now(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws", sequence=PERSONS)
    office.add_contact("ana@luso.example")
    office.enroll("ana@luso.example")
    office.tick()
    approve(office.engine, waiting_for_approval(office.engine), "wang")
    office.tick()
    [offer] = plan(office.engine, start=office.clock.now(), days=7).messages
    assert (offer.step, Gate.TASK in offer.gates) == ("offer", True)
    assert offer.due_at == MONDAY + timedelta(days=3)
    office.clock.set(MONDAY + timedelta(days=2))  # the call was due a day ago
    office.tick()
    found = plan(office.engine, start=office.clock.now(), days=7)
    assert [message.due_at for message in found.messages] == [MONDAY + timedelta(days=4)]
    assert found.held == ()


def test_a_message_that_is_made_is_planned_whatever_became_of_its_condition(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws", gap="7m", cap=1, sequence=SEQUENCE)
    for number in (1, 2):
        office.add_contact(f"buyer{number}@firm{number}.example", country="PT", language="")
    office.enroll("buyer1@firm1.example", "buyer2@firm2.example")
    run_by_the_metronome(office, MONDAY + timedelta(days=2, hours=1))  # the first one's offer is made
    with office.engine.store.write() as tx:
        one = contacts.contact_at(tx, "buyer1@firm1.example")
        assert one is not None
        contacts.update_contacts(tx, [replace(one, country="DE")], office.clock.now())
    before = set(sent(office))
    expected = planned(plan(office.engine, start=office.clock.now(), days=19))
    run_by_the_metronome(office, MONDAY + timedelta(days=21))
    assert sorted(set(sent(office)) - before) == expected
