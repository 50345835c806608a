"""A contact's note: what reps wrote down, one dated entry after the other, on one line."""

from datetime import date

from sequencer.core.one_line import one_line

BETWEEN = " | "


def with_entry(note: str, text: str, by: str, day: date) -> str:
    """The note with `2026-03-02 wang: text` at its end; text without words changes nothing."""
    said = one_line(text)[0]
    if not said:
        return note
    entry = f"{day:%Y-%m-%d} {by}: {said}"
    return f"{note}{BETWEEN}{entry}" if note else entry
