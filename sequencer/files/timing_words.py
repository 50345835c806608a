"""How a sequence's author writes times: hours, weekdays, dates, spans before a holiday."""

import re
from datetime import date, datetime, time

from sequencer.core.near_words import near_word
from sequencer.core.timing import Wait
from sequencer.files.words import WEEKDAYS, WordFault

_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})$")
_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_NUMBERS = {name: n for names in (WEEKDAYS, _LONG) for n, name in enumerate(names, start=1)}

Days = tuple[frozenset[int], tuple[date, ...]]
"""ISO weekdays, and dates in order."""


def parse_time_of_day(written: object) -> time:
    """`09:30`; WordFault otherwise."""
    match = _CLOCK.match(written.strip()) if isinstance(written, str) else None
    try:
        return time(int(match[1]), int(match[2])) if match else time(24)
    except ValueError:
        raise WordFault(f"{written!r} is no time of day", 'write it as "09:30"') from None


def parse_day_list(written: object) -> Days:
    """`friday`, `2027-03-08`, or a list of such; WordFault otherwise."""
    listed = written if isinstance(written, list) else [written]
    if not listed:
        raise WordFault("names no day", "write a weekday, a date, or a list of them")
    found = [_day(one) for one in listed]
    weekdays = frozenset(one for one in found if isinstance(one, int))
    return weekdays, tuple(sorted({one for one in found if isinstance(one, date)}))


def parse_calendar_date(written: object) -> date:
    """`2027-03-08`; WordFault otherwise."""
    if isinstance(written, date) and not isinstance(written, datetime):
        return written
    try:
        return date.fromisoformat(written if isinstance(written, str) else "")
    except ValueError:
        raise WordFault(f"{str(written)!r} is no date", "write it as 2027-03-08") from None


def parse_wait(written: object, units: tuple[str, ...], *, least: int = 1) -> Wait:
    """A span in one of these units, `least` of them or more; WordFault otherwise."""
    try:
        wait = Wait.parse(written if isinstance(written, str) else str(written))
    except ValueError:
        wait = None
    if wait is None or wait.unit not in units or wait.amount < least:
        named = ", ".join(units[:-1]) + f" or {units[-1]}"
        raise WordFault(
            f"{written!r} is no such span", f"write a number from {least} on and {named}, such as 2d"
        )
    return wait


def _day(written: object) -> int | date:
    if isinstance(written, str) and written.casefold() in DAY_NUMBERS:
        return DAY_NUMBERS[written.casefold()]
    try:
        return parse_calendar_date(written)
    except WordFault:
        near = near_word(written.casefold(), DAY_NUMBERS) if isinstance(written, str) else None
        hint = (
            f"did you mean {near!r}?"
            if near
            else "write a weekday such as friday, or a date such as 2027-03-08"
        )
        raise WordFault(f"{str(written)!r} is no day", hint) from None
