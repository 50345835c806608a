"""The end of an absence, read from an out-of-office text in many languages, or None when unsure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sequencer.core.date_words import AFTER_DATE, BEFORE_DATE, ISO_WEEK, MONTHS, SHORT_MONTHS, WEEKDAYS, Side

MIN_DAYS, MAX_DAYS = 1, 180
"""An absence that ends sooner or later than this from now is not believed."""

MAX_TEXT = 8_000

_MONTH_NUMBERS: dict[str, int] = dict(SHORT_MONTHS)
for _names in MONTHS.values():
    for _number, _name in enumerate(_names.split(), 1):
        _MONTH_NUMBERS[_name] = _number
_MONTH = "|".join(sorted(map(re.escape, _MONTH_NUMBERS), key=len, reverse=True))
_WEEKDAY_NUMBERS = {name: number for number, names in enumerate(WEEKDAYS) for name in names.split()}
_WEEKDAY = "|".join(sorted(map(re.escape, _WEEKDAY_NUMBERS), key=len, reverse=True))
_WEEK_WORD = "|".join(sorted(set("|".join(ISO_WEEK.values()).split("|")), key=len, reverse=True))
_LEAD = (
    rf"(?:\s|[,:\uff1a'’(]|\b(?:the|den|dem|der|d\.|le|el|il|lo|on|am|dia|día|giorno|dnia|data|de|pe|στις|τις|ngày|tanggal|pada"
    rf"|und mit|hétfő|{_WEEKDAY}|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)\b[.,]?){{0,8}}"
)
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    r"(?:"
    rf"(?P<iy>{_YEAR})\s?[-/.]\s?(?P<im>\d{{1,2}})\s?[-/.]\s?(?P<id>\d{{1,2}})(?!\d)"
    rf"|(?:(?P<cy>{_YEAR})\s?[年년]\s?)?(?P<cm>\d{{1,2}})\s?[月월]\s?(?P<cd>\d{{1,2}})\s?[日号號일]"
    rf"|(?P<ta>\d{{1,2}})\s?(?P<sep>[./-])\s?(?P<tb>\d{{1,2}})(?:\s?(?P=sep)\s?(?P<ty>{_YEAR}|\d\d(?![\d:])))?(?![\d:])\.?"
    rf"|(?P<dd>\d{{1,2}})(?:st|nd|rd|th|er|º|°|ª)?\.?\s?(?:de |d['’]|of |tháng )?(?P<dm>{_MONTH})\b\.?"
    rf"(?:,?\s(?:de |del )?(?P<dy>{_YEAR}))?"
    rf"|(?P<hy>{_YEAR})\.?\s(?P<hm>{_MONTH})\s(?P<hd>\d{{1,2}})(?!\d)"
    rf"|(?P<mm>{_MONTH})\b\.?\s(?P<md>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?\.?(?:,?\s(?P<my>{_YEAR}))?"
    rf"|(?:{_WEEK_WORD})\.?\s?(?P<week>\d{{1,2}})(?!\d)(?:[/ ](?P<wy>{_YEAR}))?"
    rf"|\b(?P<weekday>{_WEEKDAY})\b"
    r")",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"\s?(?:[-–—~〜～]|to|bis|au|al|a|tot|till|til|do|по|до|至|到|から|부터)\s?", re.IGNORECASE
)


def _anchors(table: tuple[tuple[str, Side, str], ...], form: str) -> list[tuple[str, Side, re.Pattern[str]]]:
    return [(lang, side, re.compile(form.format(words=words), re.IGNORECASE)) for lang, side, words in table]


_BEFORE = _anchors(BEFORE_DATE, r"(?<![^\W_])(?:{words})(?=[\s\d:\uff1a'’(]|$)")
_BEFORE_CJK = _anchors(tuple(row for row in BEFORE_DATE if row[0] in {"zh", "ja", "ko"}), r"(?:{words})")
_AFTER = _anchors(AFTER_DATE, r"\s?(?:{words})")
_LEAD_PATTERN = re.compile(_LEAD, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    side: Side
    day: date
    position: int


def return_date(text: str, received_at: datetime, language: str | None = None) -> datetime | None:
    """First instant after the absence that `text` tells of, UTC midnight; None when no date is sure.

    `text` must hold the sender's own words only: a date in quoted mail is not theirs. A missing year
    means the next such day after `received_at`. Inclusive ends (`bis`, `through`, `jusqu'au`) give the
    next day; dates under 1 or over 180 days away are not believed. `language` (such as `en-GB`) decides
    between day/month and month/day where weekday and range leave both open.
    """
    today = received_at.astimezone(UTC).date()
    text = text[:MAX_TEXT]
    found = [*_after_phrases(text, today, language), *_before_phrases(text, today, language)]
    backs = [item.day for item in found if item.side is Side.BACK]
    ends = [item.day + timedelta(days=item.side is Side.LAST) for item in found if item.side is not Side.BACK]
    days = [day for day in backs if _is_believable(day, today)]
    if not days:
        days = [day for day in ends if _is_believable(day, today)]
    if not days:
        return None
    day = min(days) if backs and days[0] in backs else max(days)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _is_believable(day: date, today: date) -> bool:
    return MIN_DAYS <= (day - today).days <= MAX_DAYS


def _after_phrases(text: str, today: date, language: str | None) -> list[_Found]:
    """Dates that follow a phrase: `until 23 October`."""
    found: list[_Found] = []
    taken: dict[int, int] = {}
    for anchors in (_BEFORE, _BEFORE_CJK):
        for lang, side, pattern in anchors:
            for anchor in pattern.finditer(text):
                lead = _LEAD_PATTERN.match(text, anchor.end())
                match = _DATE.match(text, lead.end() if lead else anchor.end()) or _DATE.match(
                    text, anchor.end()
                )
                if match is None:
                    # A weekday is swallowed by the words before a date; alone it is the date.
                    match = _lone_weekday(text, anchor.end())
                if match is None:
                    continue
                # `bis 23.10.` matches `bis` in several languages: the longest phrase speaks.
                if taken.get(match.start(), 0) >= anchor.end() - anchor.start():
                    continue
                last = _end_of_range(text, match)
                weekday = _weekday_before(text, anchor.end(), match.start())
                day = _day(last, today, language or lang, weekday if last is match else None)
                if day is None:
                    continue
                found = [item for item in found if item.position != match.start()]
                taken[match.start()] = anchor.end() - anchor.start()
                found.append(_Found(side, _through(day, last, side), match.start()))
    return found


def _through(day: date, match: re.Match[str], side: Side) -> date:
    """A week as the last one away ends on its Sunday."""
    return day + timedelta(days=6) if match["week"] and side is Side.LAST else day


def _lone_weekday(text: str, position: int) -> re.Match[str] | None:
    match = _DATE.search(text, position, position + 24)
    if match is None or not match["weekday"]:
        return None
    between = text[position : match.start()].strip(" ,'’").lower()
    return (
        match
        if between in {"", "next", "on", "am", "den", "the", "le", "el", "il", "op", "nächsten"}
        else None
    )


def _before_phrases(text: str, today: date, language: str | None) -> list[_Found]:
    """Dates that a phrase follows: `10月23日まで`."""
    found: list[_Found] = []
    for match in _DATE.finditer(text):
        if match["weekday"]:
            continue
        last = _end_of_range(text, match)
        if last is not match and (day := _day(last, today, language or "", None)) is not None:
            found.append(_Found(Side.LAST, day, match.start()))
            continue
        for lang, side, pattern in _AFTER:
            if pattern.match(text, last.end()):
                day = _day(last, today, language or lang, None)
                if day is not None:
                    found.append(_Found(side, day, match.start()))
                break
    return found


def _end_of_range(text: str, match: re.Match[str]) -> re.Match[str]:
    """Of `12 – 23 October` the 23rd; otherwise the date itself."""
    link = _RANGE.match(text, match.end())
    if link is None:
        return match
    lead = _LEAD_PATTERN.match(text, link.end())
    following = _DATE.match(text, lead.end() if lead else link.end())
    return match if following is None or following["weekday"] else following


def _weekday_before(text: str, start: int, end: int) -> int | None:
    for word in re.findall(r"\w+(?:-\w+)?", text[start:end].lower()):
        if word in _WEEKDAY_NUMBERS:
            return _WEEKDAY_NUMBERS[word]
    return None


def _day(match: re.Match[str], today: date, language: str, weekday: int | None) -> date | None:
    """The calendar day a match stands for, the year filled in; None for an impossible one."""
    try:
        if match["weekday"]:
            ahead = (_WEEKDAY_NUMBERS[match["weekday"].lower()] - today.weekday()) % 7 or 7
            return today + timedelta(days=ahead)
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
                number = _MONTH_NUMBERS.get(match[month].lower()) or int(match[month])
                return _next(match[year], number, int(match[day]), today)
    except ValueError:
        return None
    return None


def _next(year: str | None, month: int, day: int, today: date) -> date:
    """That day in its year, else its next occurrence after today (ValueError when there is none)."""
    if year:
        return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    this_year = date(today.year, month, day)
    # A few days past still belong to this year: a note left on after the return.
    return this_year if (today - this_year).days < 60 else date(today.year + 1, month, day)


def _week(number: int, year: str | None, today: date) -> date:
    """Monday of an ISO week: the last week away, or the week of the return, begins there."""
    monday = date.fromisocalendar(int(year) if year else today.year, number, 1)
    return monday if year or (today - monday).days < 60 else date.fromisocalendar(today.year + 1, number, 1)


def _numeric(match: re.Match[str], today: date, language: str, weekday: int | None) -> date | None:
    """`10/11`: day first, except for English with a slash, the weekday or a number over 12 says otherwise."""
    first, second = int(match["ta"]), int(match["tb"])
    options: list[date] = []
    is_month_first = match["sep"] == "/" and language.lower() in {"en", "en-us"}
    for day, month in (
        ((second, first), (first, second)) if is_month_first else ((first, second), (second, first))
    ):
        if month <= 12:
            try:
                options.append(_next(match["ty"], month, day, today))
            except ValueError:
                continue
    if match["sep"] == "." and match["ty"] is None and first <= 31 and second > 12:
        return None
    agreeing = [day for day in options if weekday is None or day.weekday() == weekday] or options
    near = [day for day in agreeing if _is_believable(day, today)]
    return next(iter(near or agreeing), None)
