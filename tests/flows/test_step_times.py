"""Steps with an hour, a day, a holiday, an end: the daemon does what the plan said, and says why it skips."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sequencer.core.enrollment import FinishReason, Hold, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.core.timing import SkipReason
from sequencer.flows.approve import approve
from sequencer.flows.plan import plan
from sequencer.store import enrollments, mailboxes
from sequencer.store.skips import skips_of
from tests.flows.office import MONDAY, Office
from tests.flows.test_plan import COUNTRIES, planned, run_by_the_metronome, sent
from tests.flows.why_office import ANA, G, line, told

GREETING = """
sequence: short
window: buyer
steps:
  - id: intro
    template: short/intro
  - id: greeting
    wait: 1d
    on: 2026-03-05
    at: "10:00"
    template: short/offer
  - id: last
    wait: 1w
    template: short/last
"""
TIMED = """
sequence: short
window: buyer
steps:
  - id: intro
    at: "11:15"
    template: short/intro
  - id: friday
    wait: 1d
    on: [tuesday, friday]
    expires: 5h
    template: short/offer
  - id: before
    wait: 1d
    before_holiday: {days: 2d, within: 6w}
    template: short/offer
    subject: Before your holiday
  - id: women
    on: [2026-03-08, 2026-03-20]
    expires: 1bd
    template: short/offer
    when: country != "DE"
  - id: last
    wait: 2bd
    at: "16:30"
    template: short/last
"""
THURSDAY = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)  # the clock in Lisbon shows UTC until 29 March


def an_office(folder: Path, sequence: str = GREETING, **fields: object) -> Office:
    office = Office(folder, sequence=sequence, **fields)  # type: ignore[arg-type]
    office.add_contact(ANA)
    office.enroll(ANA)
    return office


def skips(office: Office) -> list[tuple[str, str]]:
    with office.engine.store.read() as tx:
        found = skips_of(tx, [one.id for one in office.enrollments()])
    return [(skip.step, skip.reason) for enrollment in sorted(found) for skip in found[enrollment]]


def test_a_greeting_leaves_on_its_date_at_its_hour(tmp_path: Path) -> None:
    office = an_office(tmp_path / "ws")
    run_by_the_metronome(office, THURSDAY + timedelta(days=1))
    assert [row.sent_at for row in office.rows()] == [MONDAY, THURSDAY]
    assert skips(office) == []


def test_a_greeting_that_is_too_late_is_skipped_and_keeps_the_rhythm(tmp_path: Path) -> None:
    office = an_office(tmp_path / "ws")
    office.tick()
    office.clock.set(THURSDAY + timedelta(days=4))  # nobody was there until Monday the 9th
    office.tick()
    assert skips(office) == [("greeting", "expired")]
    [enrollment] = office.enrollments()
    # A day and a week after the first mail, as if the greeting had left when its wait was over.
    assert (enrollment.step, enrollment.next_at) == ("last", MONDAY + timedelta(days=8))
    run_by_the_metronome(office, MONDAY + timedelta(days=9))
    assert [row.step for row in office.rows() if row.sent_at] == ["intro", "last"]


def test_a_message_that_was_made_in_time_and_waits_too_long_is_cancelled(tmp_path: Path) -> None:
    office = an_office(tmp_path / "ws", sequence=GREETING.replace("    at:", "    approve: always\n    at:"))
    run_by_the_metronome(office, THURSDAY + timedelta(hours=1))
    assert [row.state for row in office.rows()] == [OutboxState.SENT, OutboxState.AWAITING_APPROVAL]
    ends_at = THURSDAY + timedelta(days=2)
    office.clock.set(ends_at - timedelta(seconds=1))
    assert office.tick().next_at == ends_at
    assert skips(office) == []
    office.clock.set(ends_at)
    office.tick()
    assert office.rows()[1].state is OutboxState.CANCELLED
    assert office.rows()[1].reason == "skipped: expired"
    assert skips(office) == [("greeting", "expired")]


def test_one_that_is_approved_in_time_leaves(tmp_path: Path) -> None:
    office = an_office(tmp_path / "ws", sequence=GREETING.replace("    at:", "    approve: always\n    at:"))
    run_by_the_metronome(office, THURSDAY + timedelta(hours=1))
    approve(office.engine, [office.rows()[1]], "wang")
    office.clock.set(THURSDAY + timedelta(days=1))
    office.tick()
    assert office.rows()[1].sent_at == THURSDAY + timedelta(days=1)


def test_a_hold_that_ends_too_late_skips_the_greeting(tmp_path: Path) -> None:
    office = an_office(tmp_path / "ws")
    office.tick()
    with office.engine.store.write() as tx:
        hold = Hold(reason=HoldReason.OUT_OF_OFFICE, until=THURSDAY + timedelta(days=5))
        enrollments.hold(tx, office.enrollments()[0], hold, office.clock.now())
    expected = planned(plan(office.engine, start=office.clock.now(), days=21))
    run_by_the_metronome(office, MONDAY + timedelta(days=21))
    assert skips(office) == [("greeting", "expired")]
    assert [one for one in sent(office) if one[1] != "intro"] == expected
    assert [step for _, step, _ in expected] == ["last"]


@pytest.mark.parametrize(
    ("days", "leaves"),
    [
        ("on: friday", "Fri 2026-03-20 09:00"),
        ('at: "16:30"', "Mon 2026-03-16 16:30"),
        ("wait: 2d", "Mon 2026-03-16 09:30"),
    ],
)
def test_a_step_held_past_its_time_goes_on_at_its_next_hour_or_weekday(
    tmp_path: Path, days: str, leaves: str
) -> None:
    steps = GREETING.replace('    wait: 1d\n    on: 2026-03-05\n    at: "10:00"', f"    {days}")
    office = an_office(tmp_path / "ws", sequence=steps)
    office.tick()
    with office.engine.store.write() as tx:
        hold = Hold(reason=HoldReason.OUT_OF_OFFICE, until=MONDAY + timedelta(days=14))
        enrollments.hold(tx, office.enrollments()[0], hold, office.clock.now())
    expected = planned(plan(office.engine, start=office.clock.now(), days=20))
    run_by_the_metronome(office, MONDAY + timedelta(days=20))
    assert [one for one in sent(office) if one[1] != "intro"] == expected
    [greeting] = [row for row in office.rows() if row.step == "greeting" and row.sent_at]
    assert greeting.sent_at is not None
    assert f"{greeting.sent_at:%a %Y-%m-%d %H:%M}" == leaves


def test_a_date_that_was_over_before_the_wait_is_skipped_at_once(tmp_path: Path) -> None:
    office = an_office(tmp_path / "ws", sequence=GREETING.replace("2026-03-05", "2026-03-01"))
    office.tick()
    office.tick()
    assert skips(office) == [("greeting", "dates_over")]
    [enrollment] = office.enrollments()
    assert (enrollment.step, enrollment.next_at) == ("last", MONDAY + timedelta(days=8))


def test_a_last_step_that_is_skipped_ends_the_enrollment(tmp_path: Path) -> None:
    steps = GREETING[: GREETING.index("  - id: last")].replace("2026-03-05", "2026-03-01")
    office = an_office(tmp_path / "ws", sequence=steps)
    office.tick()
    office.tick()
    assert skips(office) == [("greeting", "dates_over")]
    assert office.enrollments()[0].finish_reason is FinishReason.COMPLETED


def test_why_says_what_is_skipped_and_what_was(tmp_path: Path) -> None:
    office = an_office(tmp_path / "ws")
    office.tick()
    office.clock.set(THURSDAY + timedelta(days=4))
    before = line(office, G.STEP)
    assert before.measured == "greeting is skipped: expired: it may leave until 2d after its time; then last"
    office.tick()
    [skip] = told(office).skipped
    assert (skip.step, skip.reason, skip.at) == ("greeting", "expired", office.clock.now())
    assert skip.words == "expired: it may leave until 2d after its time"


def test_a_paused_mailbox_lets_greetings_go(tmp_path: Path) -> None:
    office = an_office(tmp_path / "ws")
    run_by_the_metronome(office, THURSDAY - timedelta(hours=1))
    with office.engine.store.write() as tx:
        mailboxes.pause(tx, ["wang"], "quota", office.clock.now())
    office.clock.set(THURSDAY + timedelta(days=3))
    office.tick()
    assert skips(office) == [("greeting", "expired")]


@pytest.mark.parametrize("cap", [2, 5])
def test_what_was_planned_is_what_leaves_and_what_is_skipped(tmp_path: Path, cap: int) -> None:
    office = Office(tmp_path / "ws", gap="7m", cap=cap, sequence=TIMED)
    for number, country in enumerate((COUNTRIES * 2)[:12]):
        office.add_contact(f"buyer{number}@firm{number}.example", country=country, language="")
    office.enroll(*[f"buyer{n}@firm{n}.example" for n in range(12)])
    found = plan(office.engine, start=office.clock.now(), days=40)
    run_by_the_metronome(office, MONDAY + timedelta(days=40))
    assert sent(office) == planned(found)
    assert sorted(skips(office)) == sorted((one.step, one.reason.value) for one in found.skipped)
    reasons = {one.reason for one in found.skipped}
    assert reasons == {SkipReason.EXPIRED, SkipReason.DATES_OVER, SkipReason.NO_HOLIDAY}
    assert len(planned(found)) > 30
