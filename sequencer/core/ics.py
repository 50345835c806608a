"""A calendar file of what is planned (RFC 5545), for calendar programs to subscribe to or import."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sequencer.core.wall_time import aware

_LINE_OCTETS = 75
"""RFC 5545 §3.1: a line has at most so many octets, its break not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One instant in a calendar."""

    uid: str
    """The same each time for the same thing, so that a program replaces it (RFC 5545 §3.8.4.7)."""
    at: datetime
    summary: str
    description: str = ""


def calendar_text(name: str, entries: Iterable[CalendarEntry], now: datetime) -> str:
    """The file's text, with CRLF line ends. ValueError for a naive instant."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//sequencer//plan//EN", f"X-WR-CALNAME:{_text(name)}"]
    for entry in entries:
        lines += (
            "BEGIN:VEVENT",
            f"UID:{_text(entry.uid)}",
            f"DTSTAMP:{_instant(now)}",
            f"DTSTART:{_instant(entry.at)}",
            f"SUMMARY:{_text(entry.summary)}",
            *([f"DESCRIPTION:{_text(entry.description)}"] if entry.description else ()),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        )
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _instant(at: datetime) -> str:
    return aware(at).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """RFC 5545 §3.3.11; what is no text there (control characters) is left out."""
    kept = "".join(letter for letter in value if letter == "\n" or letter.isprintable())
    escaped = kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Continued on lines that begin with a space; no character is cut in two."""
    part, room = "", _LINE_OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield part
            part, room = " ", _LINE_OCTETS - 1
        part, room = part + letter, room - size
    yield part
