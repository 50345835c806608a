"""Waits, by hand: each case states the fact of the calendar that makes it so."""

from datetime import date, datetime

import pytest

from sequencer.core.calendar import add_wait, business_days_after, is_day_off
from sequencer.core.timing import Wait
from sequencer.core.zones import Place
from tests.core.calendars import (
    ADELAIDE,
    BERLIN,
    DUBAI,
    KATHMANDU,
    KOLKATA,
    LISBON,
    MUNICH,
    NEW_YORK,
    NOWHERE,
    RIYADH,
    SHANGHAI,
    TEHRAN,
    TEL_AVIV,
    TOKYO,
    local,
    shown,
)

CASES = [
    # 2026-03-06 is a Friday; Portugal's weekend is Saturday and Sunday.
    ("2026-03-06 10:00", "2bd", LISBON, "Tue 2026-03-10 10:00"),
    # A Saturday counts as its Friday: one business day later is Monday.
    ("2026-03-07 10:00", "1bd", LISBON, "Mon 2026-03-09 10:00"),
    ("2026-03-08 23:59", "1bd", LISBON, "Mon 2026-03-09 23:59"),
    # Good Friday 2026 is 3 April; Easter Monday is a working day in Portugal.
    ("2026-04-02 09:30", "1bd", LISBON, "Mon 2026-04-06 09:30"),
    # Easter Monday is a public holiday in Germany.
    ("2026-04-02 09:30", "1bd", BERLIN, "Tue 2026-04-07 09:30"),
    # Epiphany, Tuesday 6 January 2026, is a holiday in Bavaria, not in Berlin.
    ("2026-01-05 11:00", "1bd", MUNICH, "Wed 2026-01-07 11:00"),
    ("2026-01-05 11:00", "1bd", BERLIN, "Tue 2026-01-06 11:00"),
    # Saudi Arabia's weekend is Friday and Saturday: Thursday + 1 is Sunday.
    ("2026-03-05 08:00", "1bd", RIYADH, "Sun 2026-03-08 08:00"),
    ("2026-03-06 08:00", "1bd", RIYADH, "Sun 2026-03-08 08:00"),
    # The Emirates moved to Saturday and Sunday in 2022.
    ("2026-02-05 08:00", "2bd", DUBAI, "Mon 2026-02-09 08:00"),
    # Iran rests on Friday alone.
    ("2026-02-19 08:00", "1bd", TEHRAN, "Sat 2026-02-21 08:00"),
    # Israel rests on Friday and Saturday.
    ("2026-02-05 08:00", "1bd", TEL_AVIV, "Sun 2026-02-08 08:00"),
    # Thanksgiving is 26 November 2026; the Friday after it is no federal holiday.
    ("2026-11-25 15:00", "1bd", NEW_YORK, "Fri 2026-11-27 15:00"),
    # Independence Day 2026 is a Saturday, observed on Friday 3 July.
    ("2026-07-02 15:00", "1bd", NEW_YORK, "Mon 2026-07-06 15:00"),
    # Golden Week in Japan: 29 April, then 3 to 6 May 2026 (the 6th in lieu of Sunday the 3rd).
    ("2026-04-28 09:00", "1bd", TOKYO, "Thu 2026-04-30 09:00"),
    ("2026-05-01 09:00", "1bd", TOKYO, "Thu 2026-05-07 09:00"),
    # China's National Day 2025: 1 to 8 October; Saturday the 11th is worked in exchange.
    ("2025-09-30 09:00", "1bd", SHANGHAI, "Thu 2025-10-09 09:00"),
    ("2025-10-10 09:00", "1bd", SHANGHAI, "Sat 2025-10-11 09:00"),
    # No country: Saturday and Sunday off, no holidays (25 December 2026 is a Friday).
    ("2026-12-24 09:00", "2bd", NOWHERE, "Mon 2026-12-28 09:00"),
    # Christmas and the year's end: Germany rests on 25, 26 December and 1 January.
    ("2026-12-24 09:00", "5bd", BERLIN, "Mon 2027-01-04 09:00"),
    # Leap day 2028 is a Tuesday and a working day in Portugal.
    ("2028-02-28 09:00", "1bd", LISBON, "Tue 2028-02-29 09:00"),
    ("2028-02-28 09:00", "2d", LISBON, "Wed 2028-03-01 09:00"),
    ("2027-02-28 09:00", "1d", LISBON, "Mon 2027-03-01 09:00"),
    # Calendar days take weekends as they come.
    ("2026-03-06 10:00", "3d", LISBON, "Mon 2026-03-09 10:00"),
    ("2026-03-06 10:00", "2w", LISBON, "Fri 2026-03-20 10:00"),
    # US summer time begins on 8 March 2026 at 02:00: the wall time stays, the elapsed time does not.
    ("2026-03-07 10:00", "1d", NEW_YORK, "Sun 2026-03-08 10:00"),
    ("2026-03-07 10:00", "24h", NEW_YORK, "Sun 2026-03-08 11:00"),
    # 02:30 on that night does not exist; the next time that does is 03:00.
    ("2026-03-07 02:30", "1d", NEW_YORK, "Sun 2026-03-08 03:00"),
    # EU summer time begins on 29 March 2026 at 01:00 UTC, 02:00 in Berlin, 01:00 in Lisbon.
    ("2026-03-28 02:59", "1d", BERLIN, "Sun 2026-03-29 03:00"),
    ("2026-03-28 01:00", "1d", LISBON, "Sun 2026-03-29 02:00"),
    # EU summer time ends on 25 October 2026: 24 hours later the clock shows an hour less.
    ("2026-10-24 10:00", "24h", BERLIN, "Sun 2026-10-25 09:00"),
    ("2026-10-24 10:00", "1d", BERLIN, "Sun 2026-10-25 10:00"),
    # India is at +5:30, Nepal at +5:45: minutes stay what they were.
    ("2026-03-02 09:45", "90m", KOLKATA, "Mon 2026-03-02 11:15"),
    ("2026-03-02 09:45", "1w", KATHMANDU, "Mon 2026-03-09 09:45"),
    # South Australia leaves summer time (+10:30 to +9:30) on 5 April 2026 at 03:00.
    ("2026-04-04 12:00", "24h", ADELAIDE, "Sun 2026-04-05 11:00"),
    ("2026-04-04 12:00", "1d", ADELAIDE, "Sun 2026-04-05 12:00"),
]


@pytest.mark.parametrize(("anchor", "wait", "place", "expected"), CASES)
def test_a_wait_ends_when_the_calendar_says(anchor: str, wait: str, place: Place, expected: str) -> None:
    assert shown(add_wait(local(anchor, place), Wait.parse(wait), place), place) == expected


def test_a_time_shown_twice_is_its_first_showing() -> None:
    # 02:30 on 25 October 2026 in Berlin is 00:30 UTC (summer time) and again 01:30 UTC.
    ended = add_wait(local("2026-10-24 02:30", BERLIN), Wait(1, "d"), BERLIN)
    assert ended.isoformat() == "2026-10-25T00:30:00+00:00"
    # 01:30 on 1 November 2026 in New York is 05:30 UTC and again 06:30 UTC.
    ended = add_wait(local("2026-10-31 01:30", NEW_YORK), Wait(1, "d"), NEW_YORK)
    assert ended.isoformat() == "2026-11-01T05:30:00+00:00"


@pytest.mark.parametrize("wait", ["0m", "0h", "0d", "0w", "0bd"])
def test_no_wait_is_the_anchor_even_on_a_day_off_and_in_the_second_showing(wait: str) -> None:
    second_showing = datetime.fromisoformat("2026-10-25T01:30:00+00:00")  # a Sunday, 02:30 again in Berlin
    assert add_wait(second_showing, Wait.parse(wait), BERLIN) == second_showing


def test_a_naive_anchor_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        add_wait(datetime(2026, 3, 6, 10, 0), Wait(1, "d"), LISBON)


def test_business_days_do_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        business_days_after(date(2026, 3, 6), -1, "PT")


def test_a_make_up_saturday_is_worked_in_china() -> None:
    assert not is_day_off(date(2025, 10, 11), "CN")
    assert is_day_off(date(2025, 10, 18), "CN")


def test_a_state_is_known_by_its_code_and_its_name_in_any_case() -> None:
    epiphany = date(2026, 1, 6)
    assert [
        is_day_off(epiphany, "DE", state) for state in ("BY", "bayern", "Bayern", "BE", "Atlantis", "")
    ] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_libya_rests_on_friday_and_saturday() -> None:
    # CLDR's week data; the holidays package says Saturday and Sunday.
    assert [is_day_off(date(2026, 3, day), "LY") for day in (5, 6, 7, 8)] == [False, True, True, False]


def test_a_country_that_nobody_knows_has_a_plain_weekend_and_no_holidays() -> None:
    assert [is_day_off(date(2026, 12, day), "ZZ") for day in (25, 26, 27, 28)] == [False, True, True, False]
