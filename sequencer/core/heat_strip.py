"""A mailbox's load as a strip: a character a day, drawn against the cap of that day."""

from collections.abc import Iterable
from datetime import date

_LEVELS = "▁▂▃▄▅▆▇█"
_NONE = "·"


def strip_of(days: Iterable[tuple[date, int, int]]) -> str:
    """Of day, messages and cap: `·` for none, `▁` to `█` for the cap; a blank between Sunday and Monday."""
    drawn = ""
    for day, count, cap in days:
        blank = " " if drawn and day.isoweekday() == 1 else ""
        drawn += blank + (_LEVELS[_level(count, cap)] if count else _NONE)
    return drawn


def _level(count: int, cap: int) -> int:
    return min(len(_LEVELS), -(-count * len(_LEVELS) // cap)) - 1
