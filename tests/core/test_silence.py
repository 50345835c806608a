"""When a mailbox without mail is silent, and when it is only quiet."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.config import Closure
from sequencer.core.silence import Arrivals, arrivals_of, is_silent

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
AFTER = timedelta(days=3)
DAILY = Arrivals(first_at=MONDAY - timedelta(days=28), last_at=MONDAY, days=21)
WEEKLY = Arrivals(first_at=MONDAY - timedelta(days=28), last_at=MONDAY, days=5)


def silent(known: Arrivals | None, now: datetime, *closures: Closure, after: timedelta = AFTER) -> bool:
    return is_silent(known, now, after, closures, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("known", "days", "is_so"),
    [
        (DAILY, 2.9, False),
        (DAILY, 4.1, False),
        (DAILY, 4.3, True),
        (WEEKLY, 4.0, False),
        (WEEKLY, 20.9, False),
        (WEEKLY, 21.1, True),
        (Arrivals(first_at=MONDAY, last_at=MONDAY, days=1), 30.0, False),
        (Arrivals(first_at=MONDAY - timedelta(days=4), last_at=MONDAY, days=4), 30.0, False),
        (None, 30.0, False),
        (DAILY, 4000.0, True),
    ],
)
def test_a_mailbox_is_measured_by_its_own_past(known: Arrivals | None, days: float, is_so: bool) -> None:
    assert silent(known, MONDAY + timedelta(days=days)) is is_so


def test_a_weekend_does_not_count() -> None:
    thursday = Arrivals(first_at=MONDAY - timedelta(days=28), last_at=MONDAY + timedelta(days=3), days=23)
    assert not silent(thursday, thursday.last_at + timedelta(days=4))
    assert silent(thursday, thursday.last_at + timedelta(days=5, hours=1))


def test_nor_does_a_closure_of_the_firm() -> None:
    week = Closure(name="New Year", first=date(2026, 3, 3), last=date(2026, 3, 9))
    assert not silent(DAILY, MONDAY + timedelta(days=9), week)
    assert silent(DAILY, MONDAY + timedelta(days=10, hours=1), week)


def test_zero_means_never() -> None:
    assert not silent(DAILY, MONDAY + timedelta(days=300), after=timedelta(0))


def test_a_silence_of_years_is_told_without_counting_its_days() -> None:
    closed = Closure(name="sabbatical", first=date(2026, 3, 3), last=date(2036, 1, 1))
    assert silent(DAILY, MONDAY + timedelta(days=400), closed)


TIMES = st.lists(st.integers(0, 40 * 24).map(lambda hours: MONDAY + timedelta(hours=hours)), max_size=30)


@given(first=TIMES, then=TIMES)
def test_what_is_known_does_not_depend_on_how_mail_was_bundled_as_long_as_it_comes_in_order(
    first: list[datetime], then: list[datetime]
) -> None:
    came = sorted(first + then)
    half = len(first)
    known = arrivals_of(came[:half])
    more = known.with_more(came[half:]) if known else arrivals_of(came[half:])
    assert more == arrivals_of(came)
    if more is not None:
        assert more.days == len({at.date() for at in came})
