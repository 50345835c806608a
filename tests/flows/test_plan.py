"""The plan is what the daemon's own flows then send, to the minute."""

from datetime import datetime, timedelta
from pathlib import Path

from sequencer.core.forecast import Forecast
from sequencer.flows.plan import plan
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
