"""A span of time in words, for lines that people read."""

from datetime import timedelta


def span_in_words(span: timedelta, *, least: int = 1) -> str:
    """`45 s`, `12 min`, `3 h`, `5 days`: the largest unit of which there are `least`, rounded down."""
    seconds = int(abs(span).total_seconds())
    for size, unit in ((86_400, "day"), (3_600, "h"), (60, "min")):
        if seconds >= least * size:
            count = seconds // size
            return f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}"
    return f"{seconds} s"
