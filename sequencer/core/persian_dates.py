"""Dates of the Persian calendar, found in text and put into the Gregorian one."""

import re
from datetime import date, timedelta

from sequencer.core.accents import without_accents

_MONTHS = without_accents("فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند").split()
_EPOCH = date(2021, 3, 21) - timedelta(days=1)
"""The day before 1 Farvardin 1400."""

_DATE = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s?(?:ام )?(?P<month>{'|'.join(_MONTHS)})(?!\w)(?:\s?(?:ماه "
    rf")?(?P<year>1[34]\d\d))?"
    r"|(?<!\d)(?P<ny>1[34]\d\d)(?P<sep>[/.-])(?P<nm>\d{1,2})(?P=sep)(?P<nd>\d{1,2})(?!\d)"
)


def in_gregorian(text: str, today: date) -> str:
    """`text` with its Persian dates written as `2026-10-26`; a missing year makes it the next such day."""
    if text.isascii():
        return text
    return _DATE.sub(lambda match: _written(match, today), text)


def _written(match: re.Match[str], today: date) -> str:
    if match["nm"]:
        year, month, day = int(match["ny"]), int(match["nm"]), int(match["nd"])
    else:
        month, day = _MONTHS.index(match["month"]) + 1, int(match["day"])
        year = int(match["year"] or 0)
    if not 1 <= month <= 12 or not 1 <= day <= (31 if month < 7 else 30):
        return match[0]
    if year:
        return gregorian(year, month, day).isoformat()
    days = [gregorian(today.year - before, month, day) for before in (622, 621, 620)]
    return next(one for one in days if (today - one).days < 60).isoformat()


def gregorian(year: int, month: int, day: int) -> date:
    """A Persian date as a Gregorian one; right from 1343 to 1472 (1964 to 2093), where leap years follow
    a cycle of 33 years."""
    days = (year - 1400) * 365 + _leap_days(year) - _leap_days(1400)
    days += (month - 1) * 31 if month < 7 else 186 + (month - 7) * 30
    return _EPOCH + timedelta(days=days + day)


def _leap_days(year: int) -> int:
    """Leap days before a year: in each 33 years the 1st, 5th, 9th, 13th, 17th, 22nd, 26th and 30th."""
    cycles, place = divmod(year, 33)
    return cycles * 8 + sum(1 for one in (1, 5, 9, 13, 17, 22, 26, 30) if one < place)
