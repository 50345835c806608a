"""Dates as people write them in many languages and calendars, found in text and read as days."""

import re
from datetime import date, timedelta

from sequencer.core.accents import without_accents
from sequencer.core.date_words import (
    ISO_WEEK,
    JOINED_WEEKDAYS,
    LISTOPADA,
    MONTHS,
    SHORT_MONTHS,
    WEEKDAYS,
)


def _plain(name: str) -> str:
    return without_accents(name.replace("_", " ")).lower()


def _numbers(rows: tuple[str, ...]) -> dict[str, int]:
    return {_plain(name): number for number, names in enumerate(rows) for name in names.split()}


def _any_of(names: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


_MONTH_NUMBERS = {_plain(name): number for name, number in SHORT_MONTHS.items()}
for _names in MONTHS.values():
    _MONTH_NUMBERS.update(
        {_plain(name): number for number, name in enumerate(_names.split(), 1) if name != "_"}
    )
_SPACED, _JOINED = _numbers(WEEKDAYS), _numbers(JOINED_WEEKDAYS)
WEEKDAY_NUMBERS = _SPACED | _JOINED
MONTH = _any_of(_MONTH_NUMBERS)
WEEKDAY = _any_of(WEEKDAY_NUMBERS)
_WEEK = without_accents("|".join(sorted(set("|".join(ISO_WEEK.values()).split("|")), key=len, reverse=True)))
_YEAR = r"(?:19|20|25)\d\d"
_BETWEEN_WEEKS = r"(?:[-–/+,&]|und|and|och|og|ja|en|et|bis|t/m|to|til)"
DATE = re.compile(
    r"(?:"
    rf"(?P<iy>{_YEAR})\s?[-/.]\s?(?P<im>\d{{1,2}})\s?[-/.]\s?(?P<id>\d{{1,2}})(?!\d)\.?"
    r"|(?:(?P<era>令和)?\s?(?P<cy>\d{1,4})\s?[年년]\s?)?(?P<cm>\d{1,2})\s?[月월]\s?(?P<cd>\d{1,2})\s?[日号號일]"
    rf"|(?<![\d+])(?<!\d\d\d-)(?P<ta>\d{{1,2}})\s?(?P<sep>[./])\s?(?P<tb>\d{{1,2}})"
    rf"(?:\s?(?P=sep)\s?(?P<ty>{_YEAR}|\d\d(?![\d:])))?(?![\d:])\.?"
    rf"|(?P<dd>\d{{1,2}})(?:st|nd|rd|th|er|o|a|º|°|ª)?\.?[\s-]?(?:de |d['’]|of |thang |ng |ב)?"
    rf"(?P<dm>{MONTH})(?!\w)\.?(?:[-,\s]{{1,2}}(?:de |del )?(?P<dy>{_YEAR}))?"
    rf"|(?P<hy>{_YEAR})\.?\s(?:m\. |g\. )?(?P<hm>{MONTH})\s(?P<hd>\d{{1,2}})(?!\d)"
    rf"|(?<!\w)(?P<mm>{MONTH})(?!\w)\.?\s(?:the )?(?P<md>\d{{1,2}})(?![\d:])(?:st|nd|rd|th)?\.?"
    rf"(?:,?\s(?P<my>{_YEAR}))?"
    rf"|(?<!\w)(?:(?:{_WEEK})\.?\s?|第)(?:(?P<w0>\d{{1,2}})\s?{_BETWEEN_WEEKS}\s?(?:(?:{_WEEK})\.?\s?)?)?"
    rf"(?P<week>\d{{1,2}})(?!\d)[週周주]?(?:[/ ](?P<wy>{_YEAR}))?"
    rf"|(?<!\w)(?P<weekday>{_any_of(_SPACED)})(?!\w)"
    rf"|(?P<next>下个?|下個|来週の?|다음 ?주 ?)?(?P<joined>{_any_of(_JOINED)})"
    r")",
    re.IGNORECASE,
)
"""Asked of lower-case text without accents."""

DAY_WITH_SIGN = re.compile(r"(?<![\d월月/.-])(?P<only>\d{1,2})\s?[日号號일]")
"""`26日` without its month: a date only where a phrase stands behind it."""

DAY_ONLY = re.compile(
    r"(?P<only>\d{1,2})(?P<mark>st|nd|rd|th|er|\.)?\s?(?:(?P<sign>[日号號일])|(?!\w))(?![A-Za-z0-9:/%]|[.,-]\d)(?:,?\s(?P<oy>20\d\d))?"
)


def is_weekday(match: re.Match[str]) -> bool:
    """Whether it is a weekday's name and no more."""
    return bool(match["weekday"] or match["joined"])


def day_of(
    match: re.Match[str], text: str, today: date, language: str, weekday: int | None = None
) -> date | None:
    """The calendar day a match stands for, the year filled in; None for an impossible one."""
    try:
        if is_weekday(match):
            number = WEEKDAY_NUMBERS[(match["weekday"] or match["joined"]).lower()]
            if match["next"]:
                return today + timedelta(days=7 - today.weekday() + number)
            return today + timedelta(days=(number - today.weekday()) % 7 or 7)
        if match["week"]:
            return _week(int(match["week"]), match["wy"], today)
        if match["ta"]:
            return _numeric(match, today, language, weekday)
        for year, month, day in (
            ("iy", "im", "id"),
            ("cy", "cm", "cd"),
            ("dy", "dm", "dd"),
            ("hy", "hm", "hd"),
            ("my", "mm", "md"),
        ):
            if match[month]:
                written = _reiwa(match["cy"]) if match["era"] else match[year]
                return _next(written, _month(match[month], text), int(match[day]), today)
    except ValueError:
        return None
    return None


def day_of_month(number: int, today: date, weekday: int | None) -> date | None:
    """The next day with that number, and that weekday when one is told; None within half a year."""
    days = (today + timedelta(days=ahead) for ahead in range(1, 181))
    return next((day for day in days if day.day == number and weekday in {None, day.weekday()}), None)


def _reiwa(year: str) -> str:
    return str(2018 + int(year))


def _month(name: str, text: str) -> int:
    word, signs = LISTOPADA
    if name.lower() == word:
        return 10 if re.search(signs, text) else 11
    return _MONTH_NUMBERS.get(name.lower()) or int(name)


def _year(written: str) -> int:
    """Of the Common Era: 2569 and 69 are Buddhist, 115 counts from 1911, 26 is this century's."""
    number = int(written)
    if number >= 2400:
        return number - 543
    if 100 <= number < 200:
        return number + 1911
    if number < 100:
        return 2000 + number if number < 60 else 1957 + number
    return number


def _next(year: str | None, month: int, day: int, today: date) -> date:
    """That day in its year, else its next occurrence after today (ValueError when there is none)."""
    if year:
        return date(_year(year), month, day)
    this_year = date(today.year, month, day)
    # A few days past still belong to this year: a note left on after the return.
    return this_year if (today - this_year).days < 60 else date(today.year + 1, month, day)


def _week(number: int, year: str | None, today: date) -> date:
    """Monday of an ISO week: the last week away, or the week of the return, begins there."""
    monday = date.fromisocalendar(_year(year) if year else today.year, number, 1)
    return monday if year or (today - monday).days < 60 else date.fromisocalendar(today.year + 1, number, 1)


def _numeric(match: re.Match[str], today: date, language: str, weekday: int | None) -> date | None:
    """`10/11`: day first, except for English, Chinese, Japanese and Korean with a slash, or as the
    weekday or a number over 12 says."""
    first, second = int(match["ta"]), int(match["tb"])
    if match["sep"] == "." and match["ty"] is None and second > 12:
        return None
    is_month_first = match["sep"] == "/" and language.lower() in {"en", "en-us", "zh", "ja", "ko"}
    orders = ((second, first), (first, second)) if is_month_first else ((first, second), (second, first))
    options: list[date] = []
    for day, month in orders:
        if month <= 12:
            try:
                options.append(_next(match["ty"], month, day, today))
            except ValueError:
                continue
    agreeing = [day for day in options if weekday is None or day.weekday() == weekday] or options
    near = [day for day in agreeing if 1 <= (day - today).days <= 180]
    return next(iter(near or agreeing), None)
