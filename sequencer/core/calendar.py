"""The calendar in one place: waits, days off, open windows, and when a step is due."""

from sequencer.core.days_off import business_days_after, is_day_off
from sequencer.core.due import Due, due_at
from sequencer.core.waits import add_wait
from sequencer.core.windows import NeverOpens, is_open, next_open, open_until

__all__ = [
    "Due",
    "NeverOpens",
    "add_wait",
    "business_days_after",
    "due_at",
    "is_day_off",
    "is_open",
    "next_open",
    "open_until",
]
