"""Dates and times as mail programs and people write them in the languages of the cast."""

from collections.abc import Mapping
from datetime import date, datetime

from sequencer.core.date_words import MONTHS

_WEEKDAYS: Mapping[str, str] = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "zh": "周一 周二 周三 周四 周五 周六 周日",
}


def weekday(day: date, language: str) -> str:
    """The weekday's name."""
    return _WEEKDAYS[language].split()[day.weekday()]


def month(day: date, language: str) -> str:
    """The month's name as it stands after a day; a number in Chinese."""
    if language == "zh":
        return str(day.month)
    name = MONTHS[language].split()[day.month - 1]
    return name.capitalize() if language in ("en", "de") else name


def day_and_month(day: date, language: str, country: str) -> str:
    """`9 March`, in the United States `March 9`, `9. März`, `9 de marzo`, `3月9日`."""
    name = month(day, language)
    match language:
        case "zh":
            return f"{name}月{day.day}日"
        case "de":
            return f"{day.day}. {name}"
        case "es":
            return f"{day.day} de {name}"
        case "en" if country == "US":
            return f"{name} {day.day}"
        case _:
            return f"{day.day} {name}"


def clock(at: datetime, country: str) -> str:
    """`09:15`; in the United States `9:15 AM`."""
    if country != "US":
        return f"{at:%H:%M}"
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"
