"""A window that never opens is told at check time, by `sequences check` and at the start of `run`."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sequencer.config import Closure, CountryDays
from sequencer.errors import FaultyInput
from sequencer.flows.never_opens import shut_windows
from sequencer.flows.start import check_running
from tests.flows.office import Office

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FOR_GOOD = Closure(name="Moving house", first=date(2026, 1, 1), last=date(2029, 1, 1))


def told(office: Office, *homes: tuple[str, str]) -> list[str]:
    engine = office.engine
    return [str(fault) for fault in shut_windows(engine.workspace, engine.config, ["buyer"], homes, NOW)]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "ws", in_batches=False)


def test_a_window_that_opens_is_no_fault(office: Office) -> None:
    assert told(office, ("SA", ""), ("DE", "Bayern"), ("", ""), ("ZZ", "")) == []


def test_closures_that_leave_nothing_are_named(office: Office) -> None:
    office.reconfigure(closures=(FOR_GOOD,))
    assert told(office, ("SA", "")) == [
        "config.toml:11: the window 'buyer' does not open within two years: closures leave no open hour "
        "(Moving house) (mend [windows.buyer], or what shuts it)"
    ]


def test_only_the_buyers_for_whom_it_never_opens_are_named(office: Office) -> None:
    every_day = Closure(
        name="Ever", first=date(2026, 1, 1), last=date(2026, 12, 31), every_year=True, countries=("SA",)
    )
    office.reconfigure(closures=(every_day,))
    assert told(office) == [
        "config.toml:11: the window 'buyer' does not open within two years for buyers in Saudi Arabia: "
        "closures leave no open hour (Ever) (mend [windows.buyer], or what shuts it)"
    ]


def test_days_off_of_our_own_that_leave_nothing_are_named(office: Office) -> None:
    resting = CountryDays(
        country="QA",
        weekend=frozenset({1, 2, 3, 4, 5, 6}),
        add=tuple((date.fromordinal(day), "Rest") for day in range(NOW.toordinal(), NOW.toordinal() + 1100)),
    )
    office.reconfigure(calendar=(resting,))
    [fault] = told(office)
    assert "for buyers in Qatar: each of its days is a public holiday" in fault


def test_a_start_is_refused_for_the_windows_of_running_enrollments(office: Office) -> None:
    check_running(office.engine)
    office.add_contact("ana@luso.example", country="PT")
    office.add_contact("omar@riyadh.example", country="SA")
    office.enroll("ana@luso.example")
    check_running(office.engine)
    shut = Closure(
        name="Never", first=date(2026, 1, 1), last=date(2026, 12, 31), every_year=True, countries=("SA",)
    )
    office.reconfigure(closures=(shut,))
    with pytest.raises(FaultyInput) as told:
        check_running(office.engine)
    assert "for buyers in Saudi Arabia" in str(told.value.faults[0])


def test_a_start_is_refused_for_a_window_that_opens_for_nobody(office: Office) -> None:
    office.reconfigure(closures=(FOR_GOOD,))
    with pytest.raises(FaultyInput) as told:
        check_running(office.engine)
    assert "closures leave no open hour (Moving house)" in str(told.value.faults[0])
