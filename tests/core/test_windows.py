"""Open windows, by hand: each case states the fact of the calendar that makes it so."""

from datetime import datetime

import pytest

from sequencer.config import Closure, Window
from sequencer.core.calendar import NeverOpens, due_at, is_open, next_open, open_until
from sequencer.core.timing import Timing, Wait
from sequencer.core.zones import Place
from tests.core.calendars import (
    BERLIN,
    KATHMANDU,
    KOLKATA,
    LISBON,
    MUNICH,
    NEW_YORK,
    NOWHERE,
    RIYADH,
    SHANGHAI,
    TEHRAN,
    TOKYO,
    a_closure,
    a_window,
    local,
    shown,
)

OFFICE = a_window("09:00-12:00", "14:00-17:00")
NIGHT = a_window("22:00-02:00", days=(1, 2, 3, 4, 5))
ALWAYS = a_window("00:00-00:00", days=(1, 2, 3, 4, 5, 6, 7), holidays="none")
SENDER = "Asia/Shanghai"

CASES = [
    # 2026-03-02 is a Monday.
    ("2026-03-02 08:59", OFFICE, LISBON, "Mon 2026-03-02 09:00"),
    ("2026-03-02 09:00", OFFICE, LISBON, "Mon 2026-03-02 09:00"),
    ("2026-03-02 11:59", OFFICE, LISBON, "Mon 2026-03-02 11:59"),
    # The end is not part of a span.
    ("2026-03-02 12:00", OFFICE, LISBON, "Mon 2026-03-02 14:00"),
    ("2026-03-06 17:00", OFFICE, LISBON, "Mon 2026-03-09 09:00"),
    # Thursday evening in Riyadh: Friday and Saturday are the weekend.
    ("2026-03-05 18:00", OFFICE, RIYADH, "Sun 2026-03-08 09:00"),
    # Iran works on Saturdays, rests on Fridays.
    ("2026-02-19 18:00", OFFICE, TEHRAN, "Sat 2026-02-21 09:00"),
    # The window's own days win over the buyer's weekend.
    ("2026-03-05 18:00", a_window(days=(1, 2, 3, 4, 5)), RIYADH, "Fri 2026-03-06 09:00"),
    # Good Friday (3 April 2026) and Easter Monday are holidays in Germany.
    ("2026-04-02 18:00", OFFICE, BERLIN, "Tue 2026-04-07 09:00"),
    ("2026-04-02 18:00", a_window(holidays="none"), BERLIN, "Fri 2026-04-03 09:00"),
    # Epiphany is a holiday in Bavaria, not in Berlin.
    ("2026-01-05 18:00", OFFICE, MUNICH, "Wed 2026-01-07 09:00"),
    ("2026-01-05 18:00", OFFICE, BERLIN, "Tue 2026-01-06 09:00"),
    # Golden Week: 3 to 6 May 2026 (Sunday to Wednesday); Friday 1 May is worked.
    ("2026-05-01 18:00", OFFICE, TOKYO, "Thu 2026-05-07 09:00"),
    # Spring Festival 2026: 16 to 20 February off, 23 February too; Saturday the 14th is worked.
    ("2026-02-13 18:00", OFFICE, SHANGHAI, "Sat 2026-02-14 09:00"),
    ("2026-02-14 18:00", OFFICE, SHANGHAI, "Tue 2026-02-24 09:00"),
    # Half-hour and three-quarter zones open on their own hour (India 03:30 UTC, Nepal 03:15 UTC).
    ("2026-03-02 03:00", OFFICE, KOLKATA, "Mon 2026-03-02 09:00"),
    ("2026-03-10 03:00", OFFICE, KATHMANDU, "Tue 2026-03-10 09:00"),
    # Holi is kept on Monday and Tuesday in Nepal, 2 and 3 March 2026.
    ("2026-03-02 03:00", OFFICE, KATHMANDU, "Wed 2026-03-04 09:00"),
    # A night shift belongs to the day it began: Friday's lasts into Saturday, Saturday has none.
    ("2026-03-06 21:00", NIGHT, LISBON, "Fri 2026-03-06 22:00"),
    ("2026-03-07 01:59", NIGHT, LISBON, "Sat 2026-03-07 01:59"),
    ("2026-03-07 02:00", NIGHT, LISBON, "Mon 2026-03-09 22:00"),
    # Monday 00:30 would belong to Sunday's shift, and there is none.
    ("2026-03-09 00:30", NIGHT, LISBON, "Mon 2026-03-09 22:00"),
    # Hours that summer time skips (02:00–03:00 on Sunday 8 March 2026) open the day after.
    ("2026-03-08 00:00", a_window("02:00-03:00", days=(7, 1)), NEW_YORK, "Mon 2026-03-09 02:00"),
    # A span that begins in the gap opens at its end.
    ("2026-03-08 00:00", a_window("02:30-04:00", days=(7,)), NEW_YORK, "Sun 2026-03-08 03:00"),
    # No country: Saturday and Sunday off, and Christmas Day is a Friday like any other.
    ("2026-12-25 08:00", OFFICE, NOWHERE, "Fri 2026-12-25 09:00"),
    ("2026-12-26 08:00", OFFICE, NOWHERE, "Mon 2026-12-28 09:00"),
    # Leap day 2028 is a Tuesday.
    ("2028-02-28 18:00", OFFICE, LISBON, "Tue 2028-02-29 09:00"),
    # The year's end: 1 January 2027 is a Friday and a holiday in Portugal.
    ("2026-12-31 18:00", OFFICE, LISBON, "Mon 2027-01-04 09:00"),
]


@pytest.mark.parametrize(("at", "window", "place", "expected"), CASES)
def test_a_window_opens_when_the_calendar_says(at: str, window: Window, place: Place, expected: str) -> None:
    assert shown(next_open(local(at, place), window, place, (), SENDER), place) == expected


CLOSED_CASES = [
    # Spring Festival at the sender's: 16 to 22 February 2026 in Shanghai. Their Monday begins on
    # Sunday 16:00 UTC and their Sunday ends on Sunday 22 February 16:00 UTC.
    ("2026-02-15 12:00", LISBON, OFFICE, "Mon 2026-02-23 09:00"),
    # In New York (UTC-5) the closure begins on Sunday at 11:00 and ends on Sunday at 11:00.
    ("2026-02-15 10:59", NEW_YORK, ALWAYS, "Sun 2026-02-15 10:59"),
    ("2026-02-15 11:00", NEW_YORK, ALWAYS, "Sun 2026-02-22 11:00"),
    ("2026-02-22 10:59", NEW_YORK, ALWAYS, "Sun 2026-02-22 11:00"),
    # It cuts a span in two: on Friday 13 February nothing changes.
    ("2026-02-13 09:00", LISBON, OFFICE, "Fri 2026-02-13 09:00"),
]


@pytest.mark.parametrize(("at", "place", "window", "expected"), CLOSED_CASES)
def test_nothing_opens_while_the_sender_is_closed(
    at: str, place: Place, window: Window, expected: str
) -> None:
    closures = [a_closure("2026-02-16", "2026-02-22")]
    assert shown(next_open(local(at, place), window, place, closures, SENDER), place) == expected


def test_hours_may_be_the_senders_or_of_a_zone_named() -> None:
    monday = local("2026-03-02 00:00", LISBON)
    # 09:00 in Shanghai is 01:00 in Lisbon; 09:00 in New York is 14:00 (winter time on both sides).
    senders = next_open(monday, a_window(zone="sender"), LISBON, (), SENDER)
    assert shown(senders, LISBON) == "Mon 2026-03-02 01:00"
    named = next_open(monday, a_window(zone="America/New_York"), LISBON, (), SENDER)
    assert shown(named, LISBON) == "Mon 2026-03-02 14:00"


def test_the_work_week_stays_the_buyers_whatever_zone_the_hours_are_in() -> None:
    # Friday 6 March 2026 is a day off in Riyadh.
    opened = next_open(local("2026-03-06 00:00", RIYADH), a_window(zone="sender"), RIYADH, (), SENDER)
    assert shown(opened, SHANGHAI) == "Sun 2026-03-08 09:00"


def test_a_window_without_an_open_day_never_opens() -> None:
    monday = local("2026-03-02 00:00", LISBON)
    for window in (a_window(days=()), a_window(hours=())):
        with pytest.raises(NeverOpens, match=r"'test' does not open within two years for PT"):
            next_open(monday, window, LISBON, (), SENDER)
    with pytest.raises(NeverOpens):
        next_open(monday, OFFICE, LISBON, [a_closure("2026-01-01", "2029-01-01")], SENDER)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        next_open(datetime(2026, 3, 2), OFFICE, LISBON, (), SENDER)


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="'Mars/Olympus' is not an IANA time zone"):
        next_open(local("2026-03-02 00:00", LISBON), OFFICE, Place("Mars/Olympus"), (), SENDER)


def test_a_window_is_open_until_its_span_ends() -> None:
    def until(at: str, window: Window, closures: tuple[Closure, ...] = ()) -> str | None:
        ends = open_until(local(at, LISBON), window, LISBON, closures, SENDER)
        return shown(ends, LISBON) if ends else None

    assert until("2026-03-02 09:00", OFFICE) == "Mon 2026-03-02 12:00"
    assert until("2026-03-02 12:00", OFFICE) is None
    assert until("2026-03-07 01:00", NIGHT) == "Sat 2026-03-07 02:00"
    # A closure in Shanghai begins at 16:00 the day before in Lisbon.
    assert until("2026-03-02 15:00", OFFICE, (a_closure("2026-03-03"),)) == "Mon 2026-03-02 16:00"
    # Spans that touch are one: the twenty-four hours of Friday to Sunday, then nothing.
    weekend = a_window("00:00-00:00", days=(5, 6, 7))
    assert until("2026-03-06 12:00", weekend) == "Mon 2026-03-09 00:00"
    assert until("2026-03-06 12:00", a_window("09:00-13:00", "12:30-15:00")) == "Fri 2026-03-06 15:00"
    assert not is_open(local("2026-03-06 12:00", LISBON), OFFICE, LISBON, (), SENDER)
    assert is_open(local("2026-03-06 11:00", LISBON), OFFICE, LISBON, (), SENDER)


def test_a_due_time_is_the_wait_and_then_the_window() -> None:
    # Friday 16:30 + 2 business days is Tuesday 16:30, in the window; + 1h is 17:30, after it.
    def due(wait: Wait) -> str:
        friday = local("2026-03-06 16:30", LISBON)
        return shown(due_at(friday, Timing(wait=wait), OFFICE, LISBON, (), SENDER).at, LISBON)

    assert due(Wait(2, "bd")) == "Tue 2026-03-10 16:30"
    assert due(Wait(1, "h")) == "Mon 2026-03-09 09:00"
