"""Instants for people: wall time in one zone that the heading names, and how long ago."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sequencer.core.spans import span_in_words


def shown(at: datetime | None, zone: str) -> str:
    """`2026-03-02 17:00` in the IANA zone; empty for None."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if at else ""


def age(at: datetime | None, now: datetime) -> str:
    """`20 s ago`, `4 min ago`, `3 h ago`, `2 days ago`; `never` for None."""
    if at is None:
        return "never"
    return f"{span_in_words(max(now - at, timedelta(0)))} ago"
