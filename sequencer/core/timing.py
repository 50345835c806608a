"""When a step is due, as its author wrote it: wait, time of day, days, holidays, and how late is too late."""

import re
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Literal

WaitUnit = Literal["m", "h", "d", "w", "bd"]

_WAIT = re.compile(r"^(\d{1,4})(m|h|d|w|bd)$")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Wait:
    """A span between two steps: minutes, hours, calendar days, weeks, or business days."""

    amount: int
    unit: WaitUnit

    @classmethod
    def parse(cls, text: str) -> "Wait":
        """Read `30m`, `4h`, `3d`, `1w` or `3bd`; ValueError names what is accepted."""
        match = _WAIT.match(text.strip())
        if match is None:
            raise ValueError(f"wait must be a number and one of m, h, d, w, bd (such as 3bd), got {text!r}")
        unit: WaitUnit = match[2]  # type: ignore[assignment]
        return cls(int(match[1]), unit)

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def counts_days(self) -> bool:
        """Whether it ends on a day rather than after so much time."""
        return self.amount > 0 and self.unit in ("d", "w", "bd")

    @property
    def days(self) -> int:
        """Calendar days of a wait in d or w."""
        return self.amount * (7 if self.unit == "w" else 1)


NO_WAIT = Wait(0, "m")
GREETING_LASTS = Wait(2, "d")
"""How long after its time a greeting may still leave, unless its step says otherwise."""
HOLIDAY_WITHIN = Wait(26, "w")
"""How far ahead the next holiday is looked for, unless the step says otherwise."""


class SkipReason(StrEnum):
    """Why the program itself skips a step."""

    CONDITION = "condition"
    """Its `when` does not hold for the contact."""
    EXPIRED = "expired"
    """It could not leave before it was too late."""
    DATES_OVER = "dates_over"
    """Its last date was over before its wait was."""
    NO_HOLIDAY = "no_holiday"
    """The buyer has no such holiday in the time it is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeHoliday:
    """So long before the buyer's next public holiday."""

    lead: Wait
    """In d, w or bd."""
    name: str = ""
    """In English, or as the country calls it; empty: whichever comes next."""
    within: Wait = HOLIDAY_WITHIN
    """In d or w."""

    def __str__(self) -> str:
        within = "" if self.within == HOLIDAY_WITHIN else f" (within {self.within})"
        return f"{self.lead} before {self.name or 'the next public holiday'}{within}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """All that decides when a step is due, counted from the end of the step before."""

    wait: Wait = NO_WAIT
    at: time | None = None
    """Time of day by the buyer's clock."""
    weekdays: frozenset[int] = frozenset()
    """ISO weekdays (Monday = 1) on which it is due."""
    dates: tuple[date, ...] = ()
    """Dates on which it is due, in order."""
    before_holiday: BeforeHoliday | None = None
    expires: Wait | None = None
    """How long after its time it may still leave; see `lasts`."""

    @property
    def is_greeting(self) -> bool:
        """Bound to a holiday or a date: weeks later it would say nothing."""
        return self.before_holiday is not None or bool(self.dates)

    @property
    def lasts(self) -> Wait | None:
        """How long after its time it may still leave; None: however late."""
        return self.expires or (GREETING_LASTS if self.is_greeting else None)

    @property
    def may_be_skipped(self) -> bool:
        """Whether time alone can have it skipped."""
        return self.expires is not None or self.is_greeting

    @property
    def on_words(self) -> list[str]:
        """Its days as `on` takes them."""
        weekdays = [_WEEKDAYS[day - 1] for day in sorted(self.weekdays)]
        return weekdays + [day.isoformat() for day in self.dates]

    def __str__(self) -> str:
        parts = [str(self.wait)] if self.wait.amount else []
        if self.before_holiday is not None:
            parts.append(str(self.before_holiday))
        if self.on_words:
            parts.append("on " + ", ".join(self.on_words))
        if self.at is not None:
            parts.append(f"at {self.at:%H:%M}")
        if self.expires is not None:
            parts.append(f"expires {self.expires}")
        return "; ".join(parts) or str(NO_WAIT)


AT_ONCE = Timing()
"""No wait, no day, no hour."""


def skip_in_words(reason: SkipReason | str, timing: Timing, condition: str | None = None) -> str:
    """Why a step is skipped, for people."""
    match reason:
        case SkipReason.CONDITION:
            return f"`{condition}` does not hold" if condition else "it came before the sequence was edited"
        case SkipReason.EXPIRED:
            return f"expired: it may leave until {timing.lasts or 'its time'} after its time"
        case SkipReason.DATES_OVER:
            return f"its last date, {timing.dates[-1]}, is over" if timing.dates else "its dates are over"
        case SkipReason.NO_HOLIDAY:
            before = timing.before_holiday
            what = (before and before.name) or "public holiday"
            return f"the buyer has no {what} within {before.within if before else HOLIDAY_WITHIN}"
        case _:
            return str(reason)
