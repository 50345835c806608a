"""Which days a country works: its own weekend, public holidays and make-up workdays, by year."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from sequencer.config import CountryDays
from sequencer.core.countries import folded
from sequencer.core.weekends import COUNTRIES, SATURDAY_SUNDAY, STATES
from sequencer.core.zones import Place


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


def days_of(place: Place, year: int) -> DayBook:
    """The year where a buyer is, with what holidays.yaml says of it."""
    return day_book(place.country, place.state, year, place.calendar)


@lru_cache(maxsize=4096)
def day_book(country: str, state: str, year: int, calendar: tuple[CountryDays, ...] = ()) -> DayBook:
    """The year in a country (ISO alpha-2) and, where `state` names a subdivision, its regional holidays.

    Source: the holidays package; a country it does not know has Saturday and Sunday off and no holidays.
    What `calendar` says is laid over it in its order.
    """
    book = _known(country, state, year)
    for own in calendar:
        book = _laid_over(book, own, country, state, year)
    return book


@lru_cache(maxsize=4096)
def _known(country: str, state: str, year: int) -> DayBook:
    # 50-130 ms to import: only what computes dates pays for it.
    import holidays

    subdivision = _subdivision(country, state)
    try:
        found = holidays.country_holidays(country, subdiv=subdivision, years=year, language="en_US")
    except NotImplementedError:
        return DayBook(COUNTRIES.get(country, SATURDAY_SUNDAY), {}, frozenset())
    weekend = STATES.get((country, subdivision or "")) or COUNTRIES.get(country)
    made_up = frozenset(getattr(found, "weekend_workdays", ()))
    return DayBook(weekend or frozenset(day + 1 for day in found.weekend), dict(found), made_up)


def _laid_over(book: DayBook, own: CountryDays, country: str, state: str, year: int) -> DayBook:
    off = dict(book.holidays)
    for first, day in own.move:
        # The day it moves from may be the other year's.
        name = off.pop(first, None) or _known(country, state, first.year).holidays.get(
            first, "Public holiday"
        )
        if day.year == year:
            off[day] = name
    off |= {day: name for day, name in own.add if day.year == year}
    for day in (*own.remove, *own.work):
        off.pop(day, None)
    return DayBook(
        weekend=book.weekend if own.weekend is None else own.weekend,
        holidays=off,
        make_up_days=book.make_up_days | set(own.work),
    )


def with_calendar(place: Place, calendar: Iterable[CountryDays]) -> Place:
    """The place with what holidays.yaml says of it: of its country first, then of its state."""
    concerned = tuple(
        sorted(
            (own for own in calendar if _concerns(own, place.country, place.state)),
            key=lambda own: bool(own.state),
        )
    )
    return replace(place, calendar=concerned) if concerned else place


def _concerns(own: CountryDays, country: str, state: str) -> bool:
    if own.country != country:
        return False
    return not own.state or is_same_state(country, own.state, state)


def is_same_state(country: str, one: str, other: str) -> bool:
    """Whether two names (or codes) mean one subdivision."""
    if folded(one) == folded(other):
        return True
    code = _subdivision(country, one)
    return code is not None and code == _subdivision(country, other)


def is_day_off(
    day: date, country: str, subdivision: str = "", calendar: tuple[CountryDays, ...] = ()
) -> bool:
    """Whether nobody works on that day: weekend or public holiday of the country (and subdivision)."""
    return day_book(country, subdivision, day.year, calendar).is_day_off(day)


def business_days_after(
    day: date, n: int, country: str, subdivision: str = "", calendar: tuple[CountryDays, ...] = ()
) -> date:
    """The `n`-th working day after `day`.

    A day off counts as the working day before it, so that Saturday and Friday have the same answer;
    `n` = 0 is the day itself. ValueError when `n` is negative.
    """
    if n < 0:
        raise ValueError(f"business days run forward, got {n}")
    while n:
        day += timedelta(days=1)
        n -= not is_day_off(day, country, subdivision, calendar)
    return day


def business_days_before(day: date, n: int, place: Place) -> date:
    """The `n`-th working day before `day`."""
    while n > 0:
        day -= timedelta(days=1)
        n -= not days_of(place, day.year).is_day_off(day)
    return day


def holidays_between(place: Place, first: date, last: date) -> Iterator[tuple[date, str]]:
    """Public holidays there, both ends included, in order."""
    for year in range(first.year, last.year + 1):
        for day, name in sorted(days_of(place, year).holidays.items()):
            if first <= day <= last:
                yield day, name


def known_subdivisions(country: str) -> dict[str, str]:
    """Name or code → code of each subdivision that has holidays of its own; empty when none is known."""
    import holidays

    try:
        known = holidays.country_holidays(country)
    except NotImplementedError:
        return {}
    return {code: code for code in known.subdivisions} | dict(known.subdivisions_aliases)


@lru_cache(maxsize=4096)
def _subdivision(country: str, state: str) -> str | None:
    """The package's code of a subdivision, from its code or name as a user wrote it; None when unknown."""
    if not state:
        return None
    names = known_subdivisions(country)
    return next((code for name, code in names.items() if folded(name) == folded(state)), None)
