"""The shape of holidays.yaml: what a country, or a state of it, has off besides what the program knows."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sequencer.files.timing_words import DAY_NUMBERS
from sequencer.files.words import WEEKDAYS, WordFault, parse_line

Line = Annotated[str, BeforeValidator(parse_line)]


def _weekend(written: object) -> frozenset[int]:
    listed = written if isinstance(written, list) else [written]
    for day in listed:
        if not isinstance(day, str) or day.casefold() not in DAY_NUMBERS:
            raise WordFault(f"{str(day)!r} is no weekday", "the days are " + ", ".join(WEEKDAYS))
    days = frozenset(DAY_NUMBERS[str(day).casefold()] for day in listed)
    if len(days) == len(WEEKDAYS):
        raise WordFault("leaves no day to work on", "name the days off only")
    return days


Weekend = Annotated[frozenset[int], BeforeValidator(_weekend)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AddShape(Shape):
    name: Line
    first: date
    last: date | None = None


class MoveShape(Shape):
    day: date
    to: date


class StateShape(Shape):
    weekend: Weekend | None = None
    add: list[AddShape] = []
    remove: list[date] = []
    move: list[MoveShape] = []
    work: list[date] = []


class CountryShape(StateShape):
    states: dict[str, Any] = Field(default={})
    """Each of them a `StateShape`, read on its own."""
