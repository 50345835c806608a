"""What IMAP servers answer, read into values: folders and their states, dates, messages."""

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from imapclient.exceptions import ProtocolError
from imapclient.imap_utf7 import decode as decode_utf7
from imapclient.response_parser import parse_fetch_response, parse_response

from sequencer.mail.folders import Listed, Namespaces
from sequencer.mail.reading_plan import FolderState

_NUMBERS = re.compile(rb"\(([^()]*)\)\s*$")
"""The end of a STATUS answer, whatever stands in the name before it."""
_MONTHS = {
    name: number
    for number, name in enumerate(
        (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"), 1
    )
}
_DATED = re.compile(
    rb'\d+ \(UID (\d+) INTERNALDATE "([ \d]\d)-([A-Za-z]{3})-(\d{4})'
    rb' (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"\)'
)
"""A line as nearly every server writes it; any other goes the long way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One message of a FETCH answer."""

    received_at: datetime | None
    """INTERNALDATE in UTC; None when the server sent none that can be read."""
    raw: bytes | None
    """None: the server named the message but sent no text."""
    labels: tuple[str, ...] = ()
    """X-GM-LABELS, on Gmail."""


def listed(lines: Sequence[Any], namespaces: Namespaces) -> list[Listed]:
    """The lines of a LIST answer; a name may be quoted, bare or a literal."""
    return [namespaces.placed(_listed(pieces)) for pieces in _grouped(lines)]


def _listed(pieces: Sequence[Any]) -> Listed:
    parsed = parse_response(list(pieces))
    if len(parsed) < 3:  # RFC 5258 §6: extended items may follow the name
        raise ProtocolError(f"LIST line {pieces!r}")
    flags, delimiter, name = parsed[:3]
    return Listed(
        wire=name if isinstance(name, bytes) else str(name).encode(),
        delimiter=delimiter.decode("latin-1") if delimiter else None,
        flags=frozenset(flag.decode("latin-1").lower() for flag in flags),
    )


def states(lines: Sequence[Any]) -> dict[bytes, FolderState]:
    """The lines of STATUS answers, by the folder's name; what cannot be read is left out."""
    found = {}
    for pieces in _grouped(lines):
        with contextlib.suppress(ProtocolError, ValueError):
            name = parse_response(list(pieces))[0]
            wire = name if isinstance(name, bytes) else str(name).encode()
            found[b"INBOX" if wire.upper() == b"INBOX" else wire] = counted(pieces[-1])
    return found


def counted(line: bytes) -> FolderState:
    """The numbers at the end of a STATUS line; ProtocolError when there are none."""
    numbers = _NUMBERS.search(line)
    words = numbers[1].decode("latin-1").upper().split() if numbers else []
    if numbers is None or len(words) % 2:
        raise ProtocolError(f"STATUS line {line!r}")
    return state(dict(zip(words[::2], words[1::2], strict=True)))


def state(told: dict[str, Any]) -> FolderState:
    """STATUS says MESSAGES where EXAMINE says EXISTS."""
    return FolderState(
        uid_validity=_number(told.get("UIDVALIDITY")) or 0,
        uid_next=_number(told.get("UIDNEXT")) or None,
        messages=_number(told.get("MESSAGES", told.get("EXISTS"))),
    )


def namespaces(lines: Sequence[Any]) -> Namespaces:
    """A NAMESPACE answer (RFC 2342 §5): the user's own, other users', shared; nothing for one that is odd."""
    with contextlib.suppress(ProtocolError, ValueError, IndexError, TypeError, AttributeError):
        own, *others = parse_response([line for line in lines if line != b""])
        return Namespaces(
            own=tuple(each[0] for each in own or ()),
            foreign=tuple(each[0] for some in others for each in some or () if each[0]),
        )
    return Namespaces()


def fetched(data: Sequence[Any]) -> dict[int, Fetched]:
    """The messages of a FETCH answer, by UID.

    Unasked-for news about flags comes without INTERNALDATE, keyed by sequence number: it is left out.
    """
    plain = [_DATED.fullmatch(line) if isinstance(line, bytes) else None for line in data]
    if data and None not in plain:
        return {int(match[1]): Fetched(received_at=_date(match), raw=None) for match in plain if match}
    parsed = {} if list(data) == [None] else parse_fetch_response(list(data), normalise_times=False)
    return {uid: _fetched(each) for uid, each in parsed.items() if b"INTERNALDATE" in each}


def _fetched(data: dict[bytes, Any]) -> Fetched:
    raw = next((value for key, value in data.items() if key.startswith(b"BODY[")), None)
    labels = data.get(b"X-GM-LABELS") or ()
    return Fetched(
        received_at=_in_utc(data[b"INTERNALDATE"]),
        raw=raw if raw is None or isinstance(raw, bytes) else str(raw).encode(),
        labels=tuple(decode_utf7(label) if isinstance(label, bytes) else str(label) for label in labels),
    )


def _date(match: re.Match[bytes]) -> datetime | None:
    _uid, day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    with contextlib.suppress(ValueError, OverflowError, KeyError):
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == b"-" else 1)
        date = datetime(int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), int(second))
        return _in_utc(date.replace(tzinfo=timezone(offset)))
    return None


def _in_utc(date: datetime | None) -> datetime | None:
    """None for a date that cannot be read, or lies at the rim of the calendar."""
    if date is None:
        return None
    with contextlib.suppress(OverflowError):
        return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
    return None


def text(data: Sequence[Any]) -> str:
    """A server's words in a tagged NO or BAD."""
    words = data[-1] if data else b""
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _grouped(lines: Sequence[Any]) -> Iterator[list[Any]]:
    """imaplib's pieces, an answer each: a literal is a pair, and what follows it stands apart."""
    pieces: list[Any] = []
    for line in lines:
        pieces.append(line)
        if isinstance(line, bytes):
            if pieces != [b""]:
                yield [piece for piece in pieces if piece != b""]
            pieces = []
    if pieces:
        yield pieces
