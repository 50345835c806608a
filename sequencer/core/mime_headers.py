"""Header blocks read tolerantly: fields in order, encoded words, message ids, addresses, parameters."""

import binascii
import re
import urllib.parse
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from sequencer.core.charsets import decode_text

MAX_HEADER_BYTES = 65_536
MAX_HEADERS = 1_000
MAX_IDS = 200
MAX_ADDRESSES = 100

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\n]{0,4096})\?=")
_ANGLE_ID = re.compile(r"<([^<>]{1,998})>")
_COMMENT = re.compile(r"\([^()]{0,998}\)")
_PARAMETER = re.compile(r";\s*([^\s=;]{1,60})\s*=\s*(\"(?:[^\"\\]|\\.){0,998}\"|[^;]{0,998})")
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"\\@]{1,128}@[^\s<>()\[\]:;,\"\\@]{1,255}")
_ASCII_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&*+/=?^_{|}~.-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}[A-Za-z0-9]")
_QUOTED_LOCAL = re.compile(r"\"[^\"\n]{1,128}\"@[^\s<>()\[\]:;,\"\\@]{1,255}")


@dataclass(frozen=True, slots=True)
class Fields:
    """Header fields in their order; names in lower case, duplicates kept, values decoded."""

    items: tuple[tuple[str, str], ...]
    _first: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first: dict[str, str] = {}
        for name, value in self.items:
            first.setdefault(name, value)
        object.__setattr__(self, "_first", first)

    def first(self, name: str) -> str:
        """The first value of field `name` (lower case), empty when there is none."""
        return self._first.get(name, "")

    def every(self, name: str) -> list[str]:
        """All values of field `name`, in order."""
        return [value for key, value in self.items if key == name] if name in self._first else []

    def __contains__(self, name: object) -> bool:
        return name in self._first


def split_block(data: bytes, start: int, end: int) -> tuple[list[tuple[str, str]], int]:
    """Raw fields of the block at `start`, unfolded, and where the body begins (LF line ends).

    Only the first 64 KB of a block are read. A line that is no field ends the block, as the body's
    first line: truncated and garbled mail often lacks the blank line.
    """
    fields: list[tuple[str, str]] = []
    position = start
    limit = min(end, start + MAX_HEADER_BYTES)
    while position < limit:
        line_end = data.find(b"\n", position, end)
        line_end = end if line_end < 0 else line_end
        if line_end == position:
            return fields, line_end + 1
        line = data[position : min(line_end, limit)]
        if line[:1] in (b" ", b"\t") and fields:
            name, value = fields[-1]
            fields[-1] = (
                name,
                f"{value}\n{decode_text(line, None)}" if len(value) < MAX_HEADER_BYTES else value,
            )
        elif match := _FIELD.match(line):
            if len(fields) < MAX_HEADERS:
                fields.append((match[1].decode("ascii").lower(), decode_text(line[match.end() :], None)))
        elif not (position == start and line.startswith((b"From ", b">From "))):
            return fields, position
        position = line_end + 1
    blank = data.find(b"\n\n", max(start, position - 1), end)
    return fields, end if blank < 0 else blank + 2


def unfold(value: str) -> str:
    """One line: folds become single spaces."""
    return " ".join(value.split("\n")) if "\n" in value else value


def decode_words(value: str) -> str:
    """RFC 2047 encoded words decoded, pieces of one character joined first; never raises."""
    value = re.sub(r"\n[ \t]*", " ", value).strip()
    if "=?" not in value:
        return value
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    last = 0
    for match in _WORD.finditer(value):
        between = value[last : match.start()]
        if between.strip() or not pending:
            out.append(_flush(pending) + between)
        charset = match[1].partition("*")[0].lower()
        payload = _word_bytes(match[2], match[3])
        if pending and pending[-1][0] == charset:
            pending[-1] = (charset, pending[-1][1] + payload)
        else:
            pending.append((charset, payload))
        last = match.end()
    out.append(_flush(pending) + value[last:])
    return "".join(out).replace("\n", " ")


def _flush(pending: list[tuple[str, bytes]]) -> str:
    text = "".join(decode_text(payload, charset) for charset, payload in pending)
    pending.clear()
    return text


def _word_bytes(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    return decode_base64(raw) if encoding in "bB" else binascii.a2b_qp(raw, header=True)


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def decode_base64(data: bytes) -> bytes:
    """Bytes of a base64 body with whatever stray characters, cut or missing padding; never raises."""
    clean = _NOT_BASE64.sub(b"", data)
    usable = len(clean) - (1 if len(clean) % 4 == 1 else 0)
    return binascii.a2b_base64(clean[:usable] + b"=" * (-usable % 4))


def message_ids(value: str) -> tuple[str, ...]:
    """Message-IDs of a header in order, each with angle brackets: folded, bare, comma separated alike."""
    if not value:
        return ()
    value = value[:MAX_HEADER_BYTES]
    found: list[str] = []
    rest: list[str] = []
    last = 0
    for match in _ANGLE_ID.finditer(value):
        rest.append(value[last : match.start()])
        last = match.end()
        inside = "".join(match[1].split())
        if inside:
            found.append(f"<{inside}>")
    rest.append(value[last:])
    if not found:
        bare = _COMMENT.sub(" ", " ".join(rest))
        found = [f"<{word.strip('<>')}>" for word in re.split(r"[\s,;]+", bare) if "@" in word.strip("<>@")]
    return tuple(dict.fromkeys(found))[-MAX_IDS:]


def addresses(value: str) -> tuple[tuple[str, str], ...]:
    """(name, address) pairs of an address header, names decoded; what is no address is left out."""
    pairs: list[tuple[str, str]] = []
    for item in _split_list(value[:MAX_HEADER_BYTES].replace("\n", " ")):
        if len(pairs) == MAX_ADDRESSES:
            break
        before, angle, inside = item.rpartition("<")
        address = find_address(inside if angle else _COMMENT.sub(" ", item))
        if address:
            pairs.append((_name(before), address))
    return tuple(pairs)


def find_address(text: str) -> str:
    """The first address in `text`, empty when there is none."""
    match = _ADDRESS.search(text) or _QUOTED_LOCAL.search(text)
    return match[0].strip(".'`") if match else ""


def find_addresses(text: str, limit: int = MAX_ADDRESSES) -> tuple[str, ...]:
    """Distinct addresses in running text, in order; internationalised ones only where no other is.

    Chinese text leaves no blank around an address, so that only ASCII can tell where one ends.
    """
    found: dict[str, None] = {}
    pattern = _ASCII_ADDRESS if _ASCII_ADDRESS.search(text) else _ADDRESS
    for match in pattern.finditer(text):
        found.setdefault(match[0].strip(".'`*"))
        if len(found) == limit:
            break
    return tuple(found)


def _name(raw: str) -> str:
    name = raw.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return decode_words(name).strip().strip("\"'").strip()


def _split_list(value: str) -> list[str]:
    """Split at commas and semicolons that stand outside quotes and angle brackets."""
    items: list[str] = []
    current: list[str] = []
    is_quoted = is_angle = False
    for piece in re.split(r"([\",;<>])", value):
        if piece == '"':
            is_quoted = not is_quoted
        elif piece in {"<", ">"} and not is_quoted:
            is_angle = piece == "<"
        elif piece in {",", ";"} and not is_quoted and not is_angle:
            items.append("".join(current))
            current = []
            continue
        current.append(piece)
    items.append("".join(current))
    return items


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """A structured header's main value (lower case) and its parameters, RFC 2231 continuations joined."""
    value = unfold(value)
    main = value.partition(";")[0].strip().lower()
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(value):
        name = match[1].lower()
        text = match[2].strip()
        if len(text) > 1 and text[0] == '"' == text[-1]:
            text = re.sub(r"\\(.)", r"\1", text[1:-1])
        elif text.startswith('"'):
            text = text[1:]
        base, star, _ = name.partition("*")
        if name.endswith("*"):
            text = urllib.parse.unquote(text.split("'", 2)[-1] if text.count("'") >= 2 else text)
        found[base] = found.get(base, "") + text if star else found.get(base, text)
    return main, found


def parse_date(value: str) -> datetime | None:
    """An RFC 5322 date in UTC (a missing zone counts as UTC); None when it is none."""
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
