"""The end of an absence, read from an out-of-office text in many languages, or None when unsure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sequencer.core.accents import without_accents
from sequencer.core.date_phrases import AFTER_DATE, AWAY, BEFORE_DATE, NOT_THE_ABSENCE, TOMORROW, Side
from sequencer.core.persian_dates import in_gregorian
from sequencer.core.written_dates import (
    DATE,
    DAY_ONLY,
    DAY_WITH_SIGN,
    WEEKDAY,
    WEEKDAY_NUMBERS,
    day_of,
    day_of_month,
    is_weekday,
)

MIN_DAYS, MAX_DAYS = 1, 180
"""An absence that ends sooner or later than this from now is not believed."""

MAX_TEXT = 8_000
_NEAR = 48
"""Letters around a date that say what it is about."""

_LEAD = re.compile(
    without_accents(
        rf"(?:[\s,:\uff1a'’(-]|\b(?:the|den|dem|der|d\.|le|el|il|lo|on|am|dia|giorno|dnia|data|de|pe|στις|"
        rf"τις|"
        rf"next|nachsten|kommenden|prochain|proximo|prossimo|ngày|tanggal|pada|und mit|zum|the end of|в|"
        rf"יום|ה|ב|يوم|{WEEKDAY}|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun|"
        rf"mo|di|mi|"
        r"do|fr|sa|so|\d{1,2}(?:[:.h]\d\d)?\s?(?:am|pm|a\.m\.|p\.m\.|uhr|o'clock))\b[.,]?){0,8}"
    ),
    re.IGNORECASE,
)
_DAY_WORD = re.compile(r"\b(?:dia|giorno|ziua)$")
_ARTICLE = re.compile(r"\b(?:the|le|el|il|den|dem|zum|dia|op)\b")
_RANGE = re.compile(
    without_accents(
        r"\s?(?:[(（][^()（）]{1,8}[)）]\s?)?(?:-?t[oó]l\s|(?:[-–—~〜～]|to|bis|au|al|a|y|e|och|tot|till|"
        r"til|do|"
        r"по|до|i|līdz|iki|kuni|og|ถึง|至|到|から|より|부터|से)\s?)"
    ),
    re.IGNORECASE,
)
_JOINED_LANGUAGES = {"zh", "ja", "ko", "th"}


def _anchors(table: tuple[tuple[str, Side, str], ...], form: str) -> list[tuple[str, Side, re.Pattern[str]]]:
    return [
        (lang, side, re.compile(form.format(words=without_accents(words)), re.IGNORECASE))
        for lang, side, words in table
    ]


_BEFORE = [
    *_anchors(BEFORE_DATE, r"(?<![^\W_])(?:{words})(?=[\s\d:\uff1a'’(-]|$)"),
    *_anchors(tuple(row for row in BEFORE_DATE if row[0] in _JOINED_LANGUAGES), r"(?:{words})"),
]
_AFTER = _anchors(AFTER_DATE, r"\s?(?:{words})")


@dataclass(frozen=True, slots=True)
class _Found:
    side: Side
    day: date
    position: int


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    """Lower case, without accents, with plain digits."""
    today: date
    language: str | None


def return_date(text: str, received_at: datetime, language: str | None = None) -> datetime | None:
    """First instant after the absence that `text` tells of, UTC midnight; None when no date is sure.

    `text` must hold the sender's own words only: a date in quoted mail is not theirs. A missing year
    means the next such day after `received_at`. Inclusive ends (`bis`, `through`, `jusqu'au`) give the
    next day; dates under 1 or over 180 days away are not believed. `language` (such as `en-GB`) decides
    between day/month and month/day where weekday and range leave both open.
    """
    today = received_at.astimezone(UTC).date()
    plain = _Text(in_gregorian(_plain(text[:MAX_TEXT]), today), today, _script(text) or language)
    found = [*_after_phrases(plain), *_before_phrases(plain), *_numbered_days(plain)]
    days: dict[Side, list[date]] = {side: [] for side in Side}
    for item in found:
        day = item.day + timedelta(days=item.side in {Side.LAST, Side.RANGE})
        if MIN_DAYS <= (day - plain.today).days <= MAX_DAYS:
            days[item.side].append(day)
    best = _choose(days)
    if best is None and not found and TOMORROW.search(plain.text):
        best = plain.today + timedelta(days=1)
    return datetime(best.year, best.month, best.day, tzinfo=UTC) if best else None


def _choose(days: dict[Side, list[date]]) -> date | None:
    """A day back is the plainest word, then the last end told, then what ranges and `from` let guess."""
    if days[Side.BACK]:
        return min(days[Side.BACK])
    ends = days[Side.LAST] + days[Side.UNTIL] or days[Side.RANGE]
    if not ends:
        return min(days[Side.FROM], default=None)
    end = max(ends)
    soon = [day for day in days[Side.FROM] if timedelta(0) <= day - end <= timedelta(days=10)]
    return min(soon, default=end)


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    digits = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return without_accents("".join(digits).replace("\uff0f", "/")).lower()


def _script(text: str) -> str | None:
    """Languages that write the month first; kana and Hangul tell more than ideographs do."""
    for language, signs in (("ja", "[\u3040-\u30ff]"), ("ko", "[\uac00-\ud7af]"), ("zh", "[\u4e00-\u9fff]")):
        if re.search(signs, text):
            return language
    return None


def _after_phrases(plain: _Text) -> Iterator[_Found]:
    """Dates that follow a phrase: `until 23 October`. Of several phrases the longest speaks."""
    spoken: dict[int, tuple[int, _Found]] = {}
    for lang, side, pattern in _BEFORE:
        for anchor in pattern.finditer(plain.text):
            length = anchor.end() - anchor.start()
            found = _date_after(plain, anchor, side, lang)
            if found is not None and spoken.get(found.position, (0, found))[0] < length:
                spoken[found.position] = (length, found)
    for _, found in spoken.values():
        if not _is_something_else(plain.text, found):
            yield found


def _date_after(plain: _Text, anchor: re.Match[str], side: Side, lang: str) -> _Found | None:
    text, start = plain.text, anchor.end()
    lead = _LEAD.match(text, start)
    position = lead.end() if lead else start
    weekday = _weekday_in(text[start:position])
    match = DATE.match(text, position)
    if match is None:
        only = _numbered_day(text, start, position, weekday, is_named=bool(_DAY_WORD.search(anchor[0])))
        if only is not None:
            day = day_of_month(int(only["only"]), plain.today, weekday)
            return None if day is None else _Found(side, day, only.start())
        match = _lone_weekday(text, start)
    if match is None:
        return None
    day, last = _end(plain, match, plain.language or lang, weekday)
    if day is None:
        return None
    if match["week"] and side is Side.LAST:
        day += timedelta(days=6)
    return _Found(side, day, last)


def _numbered_day(
    text: str, start: int, position: int, weekday: int | None, *, is_named: bool
) -> re.Match[str] | None:
    """`Monday 26`, `the 26th`, `26日`: a bare number may be anything."""
    only = DAY_ONLY.match(text, position)
    if only is None:
        return None
    is_day = is_named or weekday is not None or only["sign"] or only["mark"] in {"st", "nd", "rd", "th"}
    return only if is_day or _ARTICLE.search(text[start:position]) else None


def _lone_weekday(text: str, position: int) -> re.Match[str] | None:
    """A weekday is swallowed by the words before a date; alone it is the date."""
    match = DATE.search(text, position, position + 30)
    if match is None or not is_weekday(match):
        return None
    between = text[position : match.start()].strip(" ,'’:")
    little = {
        "",
        "next",
        "on",
        "am",
        "den",
        "the",
        "le",
        "el",
        "il",
        "op",
        "nachsten",
        "в",
        "יום",
        "ב",
        "يوم",
    }
    return match if between in little else None


def _before_phrases(plain: _Text) -> Iterator[_Found]:
    """Dates that a phrase follows, `10月23日まで`, and ranges and weeks without any phrase."""
    text = plain.text
    for match in DATE.finditer(text):
        if match["weekday"]:
            continue
        day, last = _end(plain, match, plain.language or "", None)
        if day is None:
            continue
        end = last if last != match.start() else match.end()
        side = _side_after(text, end)
        if side is None and (last != match.start() or match["week"]):
            side = Side.RANGE
            day += timedelta(days=6 if match["week"] else 0)
        found = None if side is None else _Found(side, day, match.start())
        if found is not None and not _is_something_else(text, found):
            yield found


def _numbered_days(plain: _Text) -> Iterator[_Found]:
    """`26日より出社`: the phrase behind it makes a date of a day without its month."""
    for match in DAY_WITH_SIGN.finditer(plain.text):
        if _side_after(plain.text, match.end()) is Side.BACK:
            day = day_of_month(int(match["only"]), plain.today, None)
            if day is not None:
                yield _Found(Side.BACK, day, match.start())


def _side_after(text: str, end: int) -> Side | None:
    return next((side for _, side, pattern in _AFTER if pattern.match(text, end)), None)


def _end(plain: _Text, match: re.Match[str], language: str, weekday: int | None) -> tuple[date | None, int]:
    """Of `12 – 23 October` the 23rd and where its text ends; of a single date the day and its beginning."""
    single = day_of(match, plain.text, plain.today, language, weekday)
    if is_weekday(match):
        return single, match.start()
    link = _RANGE.match(plain.text, match.end())
    if link is None:
        return single, match.start()
    lead = _LEAD.match(plain.text, link.end())
    position = lead.end() if lead else link.end()
    following = DATE.match(plain.text, position)
    if following is not None and not is_weekday(following):
        return day_of(following, plain.text, plain.today, language), following.end()
    only = DAY_ONLY.match(plain.text, position)
    if only is None or single is None or match["week"]:
        return single, match.start()
    try:
        last = single.replace(day=int(only["only"]))
    except ValueError:
        return single, match.start()
    return (last, only.end()) if last > single else (single, match.start())


def _is_something_else(text: str, found: _Found) -> bool:
    """A fair or the validity of an offer; and `from` a day on which the absence begins."""
    sentence_start = max(text.rfind(stop, 0, found.position) for stop in ".!?\n") + 1
    before = text[max(sentence_start, found.position - _NEAR) : found.position]
    if found.side is not Side.BACK and NOT_THE_ABSENCE.search(before):
        return True
    around = text[max(0, found.position - _NEAR) : found.position + _NEAR]
    return found.side is Side.FROM and bool(AWAY.search(around))


def _weekday_in(words: str) -> int | None:
    found = re.search(rf"(?<!\w)(?:{WEEKDAY})", words)
    return WEEKDAY_NUMBERS[found[0]] if found else None
