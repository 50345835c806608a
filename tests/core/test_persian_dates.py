"""Dates of the Persian calendar beside their Gregorian ones."""

from datetime import date, timedelta

import pytest

from sequencer.core.persian_dates import gregorian, in_gregorian

TODAY = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("persian", "wanted"),
    [
        ((1375, 1, 1), date(1996, 3, 20)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1400, 1, 1), date(2021, 3, 21)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1405, 1, 1), date(2026, 3, 21)),
        ((1405, 8, 4), date(2026, 10, 26)),
        ((1408, 12, 30), date(2030, 3, 20)),
    ],
)
def test_a_persian_date_is_the_gregorian_one(persian: tuple[int, int, int], wanted: date) -> None:
    assert gregorian(*persian) == wanted


def test_days_follow_one_another_through_years() -> None:
    day = gregorian(1395, 1, 1)
    for year in range(1395, 1425):
        assert gregorian(year, 1, 1) == day
        day += timedelta(days=(gregorian(year + 1, 1, 1) - gregorian(year, 1, 1)).days)
        assert (gregorian(year + 1, 1, 1) - gregorian(year, 12, 29)).days in {1, 2}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("تا 2 ابان", "تا 2026-10-24"),
        ("تا 2 فروردین", "تا 2027-03-22"),
        ("تا 1405/08/02", "تا 2026-10-24"),
        ("تا 31 ابان", "تا 31 ابان"),
        ("تا 1405/13/02", "تا 1405/13/02"),
        ("until 1405/08/02", "until 1405/08/02"),
    ],
)
def test_only_what_can_be_a_persian_date_is_rewritten(text: str, wanted: str) -> None:
    assert in_gregorian(text, TODAY) == wanted
