"""Which days a country works: its own weekend, public holidays and make-up workdays, by year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

SATURDAY_SUNDAY = frozenset({6, 7})

# Where CLDR's week data (weekendStart, weekendEnd) and the holidays package disagree and CLDR is right.
_WEEKENDS = {"LY": frozenset({5, 6})}


@dataclass(frozen=True, slots=True)
class DayBook:
    """One country's year."""

    weekend: frozenset[int]
    """ISO weekdays (Monday = 1)."""
    holidays: Mapping[date, str]
    """Public holidays with their names (in English, where the source has them)."""
    make_up_days: frozenset[date]
    """Days of the weekend that are worked in exchange for a bridge day (China)."""

    def is_weekend(self, day: date) -> bool:
        return day.isoweekday() in self.weekend and day not in self.make_up_days

    def is_day_off(self, day: date) -> bool:
        return self.is_weekend(day) or day in self.holidays


@lru_cache(maxsize=4096)
def day_book(country: str, state: str, year: int) -> DayBook:
    """The year in a country (ISO alpha-2) and, where `state` names a subdivision, its regional holidays.

    Source: the holidays package; a country it does not know has Saturday and Sunday off and no holidays.
    """
    # 50-130 ms to import: only what computes dates pays for it.
    import holidays

    try:
        found = holidays.country_holidays(
            country, subdiv=_subdivision(country, state), years=year, language="en_US"
        )
    except NotImplementedError:
        return DayBook(_WEEKENDS.get(country, SATURDAY_SUNDAY), {}, frozenset())
    weekend = frozenset(day + 1 for day in found.weekend)
    made_up = frozenset(getattr(found, "weekend_workdays", ()))
    return DayBook(_WEEKENDS.get(country, weekend), dict(found), made_up)


def is_day_off(day: date, country: str, subdivision: str = "") -> bool:
    """Whether nobody works on that day: weekend or public holiday of the country (and subdivision)."""
    return day_book(country, subdivision, day.year).is_day_off(day)


def business_days_after(day: date, n: int, country: str, subdivision: str = "") -> date:
    """The `n`-th working day after `day`.

    A day off counts as the working day before it, so that Saturday and Friday have the same answer;
    `n` = 0 is the day itself. ValueError when `n` is negative.
    """
    if n < 0:
        raise ValueError(f"business days run forward, got {n}")
    while n:
        day += timedelta(days=1)
        n -= not is_day_off(day, country, subdivision)
    return day


@lru_cache(maxsize=4096)
def _subdivision(country: str, state: str) -> str | None:
    """The package's code of a subdivision, from its code or name as a user wrote it; None when unknown."""
    if not state:
        return None
    import holidays

    from sequencer.core.countries import folded

    known = holidays.country_holidays(country)
    names = {code: code for code in known.subdivisions} | dict(known.subdivisions_aliases)
    return next((code for name, code in names.items() if folded(name) == folded(state)), None)
