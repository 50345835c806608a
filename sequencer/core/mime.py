"""One incoming message as values: a tolerant, bounded reading of its raw bytes that never raises."""

import binascii
import re
from dataclasses import dataclass, replace
from datetime import datetime

from sequencer.core import mime_headers as heads
from sequencer.core.charsets import decode_text
from sequencer.core.html_text import text_of_html
from sequencer.core.mime_headers import Fields
from sequencer.core.mime_walk import Part, walk

MAX_RAW = 4 * 1024 * 1024
"""Bytes of a message that are looked at; text, reports and returned headers stand near the beginning."""
MAX_PART = 256 * 1024
"""Decoded bytes of one part."""
MAX_TEXT = 64 * 1024
"""Characters of text that rules look at."""

RETURNED_TYPES = frozenset(
    {
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global-headers",
        "message/partial",
    }
)
STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
DISPOSITION_TYPES = frozenset({"message/disposition-notification", "message/global-disposition-notification"})


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMail:
    """What one message says, decoded. Ids carry angle brackets; addresses are as written."""

    headers: Fields
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    """Oldest first, as in the header."""
    from_address: str = ""
    from_name: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    """Delivered-To, X-Original-To, Envelope-To and their kin."""
    subject: str = ""
    date_at: datetime | None = None
    """The Date header: the sender's claim, never an ordering."""
    content_type: str = "text/plain"
    report_type: str = ""
    text: str = ""
    """What a reader sees: text/plain where it says anything, else text from HTML; at most 64 K characters."""
    delivery_status: tuple[Fields, ...] = ()
    """Blocks of RFC 3464 reports: per message first, then one per recipient."""
    feedback: Fields | None = None
    """Fields of an RFC 5965 feedback report."""
    disposition: Fields | None = None
    """Fields of an RFC 8098 disposition notification."""
    returned: tuple[Fields, ...] = ()
    """Headers of messages returned or attached whole."""
    part_types: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """First value of a header (name in lower case), empty when absent."""
        return self.headers.first(name)

    @property
    def answers(self) -> tuple[str, ...]:
        """Ids this message says it answers, the most telling first."""
        return tuple(dict.fromkeys((*reversed(self.in_reply_to), *reversed(self.references))))


_LEADING_BLANKS = re.compile(rb"\A(?:[ \t]*+\n)++")
_NO_FIELD = re.compile(rb"^(?![!-9;-~]{1,200}[ \t]*:|[ \t]).+\n?", re.MULTILINE)


def fields_of(raw_fields: list[tuple[str, str]]) -> Fields:
    """Decoded header fields from raw ones."""
    return Fields(tuple((name, heads.decode_words(value)) for name, value in raw_fields))


def line_feeds(data: bytes) -> bytes:
    """The bytes with LF line ends; a few CRs before an LF are one line end, as mangling relays write them.

    Plain replacements: a regular expression would be quadratic on a run of lone CRs, and hold every line.
    """
    if b"\r" not in data:
        return data
    for _ in range(3):
        data = data.replace(b"\r\r\n", b"\r\n")
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def parse_mail(raw: bytes) -> InboundMail:
    """Read a message of any quality: at most 4 MB, 64 KB of headers, 500 parts, 50 deep, 256 KB a part."""
    mail, data, parts = _read(raw)
    if mail.report_type == "delivery-status" and not mail.delivery_status:
        return _unwrapped(mail, data, parts)
    return mail


def _unwrapped(mail: InboundMail, data: bytes, parts: list[Part]) -> InboundMail:
    """A gateway put the whole report into an attachment: what that says, under the outer headers."""
    whole = next((part for part in parts if part.media_type == "message/rfc822"), None)
    inner = _read(_content(data, whole))[0] if whole is not None else None
    if inner is None or inner.report_type != "delivery-status" or not inner.delivery_status:
        return mail
    return replace(mail, text=inner.text, delivery_status=inner.delivery_status, returned=inner.returned)


def _read(raw: bytes) -> tuple[InboundMail, bytes, list[Part]]:
    data = _LEADING_BLANKS.sub(b"", line_feeds(raw[:MAX_RAW]))
    raw_fields, body = heads.split_block(data, 0, len(data))
    parts = walk(data, raw_fields, body)
    first: dict[str, str] = {}
    for name, value in raw_fields:
        first.setdefault(name, value)
    sender = next(iter(heads.addresses(first.get("from", ""))), ("", ""))
    content_type, parameters = heads.parameters(first.get("content-type", "text/plain"))
    mail = InboundMail(
        headers=fields_of(raw_fields),
        message_id=next(iter(heads.message_ids(first.get("message-id", ""))), None),
        in_reply_to=heads.message_ids(first.get("in-reply-to", "")),
        references=heads.message_ids(first.get("references", "")),
        from_address=sender[1],
        from_name=sender[0],
        to=_addresses(raw_fields, "to"),
        cc=_addresses(raw_fields, "cc"),
        delivered_to=_addresses(
            raw_fields, "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to"
        ),
        subject=heads.decode_words(first.get("subject", ""))[:1000],
        date_at=heads.parse_date(heads.unfold(first.get("date", ""))[:200]),
        content_type=content_type,
        report_type=parameters.get("report-type", "").lower(),
        text=_visible_text(data, parts),
        delivery_status=tuple(b for p in parts if p.media_type in STATUS_TYPES for b in _blocks(data, p)),
        feedback=_report(data, parts, frozenset({"message/feedback-report"})),
        disposition=_report(data, parts, DISPOSITION_TYPES),
        returned=tuple(_returned(data, part) for part in parts if part.media_type in RETURNED_TYPES)[:20],
        part_types=tuple(part.media_type for part in parts),
    )
    return mail, data, parts


def _addresses(raw_fields: list[tuple[str, str]], *names: str) -> tuple[str, ...]:
    found = [address for name, value in raw_fields if name in names for _, address in heads.addresses(value)]
    return tuple(dict.fromkeys(found))[: heads.MAX_ADDRESSES]


def _content(data: bytes, part: Part) -> bytes:
    """Decoded bytes of a part, at most 256 KB."""
    if part.encoding == "base64":
        return heads.decode_base64(data[part.start : min(part.end, part.start + 2 * MAX_PART)])[:MAX_PART]
    if part.encoding == "quoted-printable":
        return binascii.a2b_qp(data[part.start : min(part.end, part.start + 3 * MAX_PART)])[:MAX_PART]
    return data[part.start : min(part.end, part.start + MAX_PART)]


def _text(data: bytes, part: Part) -> str:
    return decode_text(_content(data, part), part.charset)


def _visible_text(data: bytes, parts: list[Part]) -> str:
    shown = [part for part in parts if not part.is_attachment]
    for media_type, convert in (("text/plain", str), ("text/html", text_of_html)):
        size = 0
        pieces: list[str] = []
        for part in shown:
            if part.media_type == media_type and size < MAX_TEXT:
                pieces.append(convert(_text(data, part)))
                size += len(pieces[-1])
        text = "\n".join(pieces)[:MAX_TEXT]
        if text.strip():
            return text
    return ""


def _blocks(data: bytes, part: Part) -> list[Fields]:
    content = line_feeds(_content(data, part))[: heads.MAX_HEADER_BYTES]
    found: list[Fields] = []
    for block in re.split(rb"\n[ \t]*\n", content)[:200]:
        raw_fields, _ = heads.split_block(block.strip(b"\n"), 0, len(block.strip(b"\n")))
        if raw_fields:
            found.append(_status_fields(raw_fields))
    return found


def _status_fields(raw_fields: list[tuple[str, str]]) -> Fields:
    """Fields of a report. Encoded words are none inside an address (RFC 2047 §5): the server used it so."""
    return Fields(
        tuple(
            (name, value if name.endswith("-recipient") and "?=@" in value else heads.decode_words(value))
            for name, value in raw_fields
        )
    )


def _report(data: bytes, parts: list[Part], media_types: frozenset[str]) -> Fields | None:
    for part in parts:
        if part.media_type in media_types:
            return Fields(tuple(item for block in _blocks(data, part) for item in block.items))
    return None


def _returned(data: bytes, part: Part) -> Fields:
    """Headers of a returned message; relays unfold and break lines, which must not end the block."""
    content = line_feeds(_content(data, part)).lstrip(b"\n")
    head = _NO_FIELD.sub(b"", content[: heads.MAX_HEADER_BYTES].partition(b"\n\n")[0])
    raw_fields, _ = heads.split_block(head, 0, len(head))
    return Fields(tuple((name, heads.decode_words(value)) for name, value in raw_fields))
