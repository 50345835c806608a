"""One message as bytes, exactly as it goes out: header fields, text and HTML, attachments spliced in."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sequencer.core import header
from sequencer.core.body import EncodedAttachment, text_part
from sequencer.core.outbox import Headers
from sequencer.core.ports import Outgoing
from sequencer.core.subject import without_reply_marks

_RANDOM_HEX = re.compile(r"[0-9a-f]{16,64}")
_MAILTO_SAFE = "!$'*+-.^_`{|}~"
"""What a local part may hold unencoded in a mailto URI (RFC 6068 §2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody in a header: the name in any script, the address as people write it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageParts:
    """Everything one message is made of."""

    sender: Party
    recipient: Party
    """The one recipient: envelope and To."""
    headers: Headers
    """Minted at claim; a retry assembles the same bytes from them."""
    zone: str
    """IANA zone of the mailbox, for the offset in Date."""
    text: str
    html: str = ""
    """Empty: the message is plain text."""
    reply_to: Party | None = None
    list_unsubscribe: tuple[str, ...] = ()
    """URIs without angle brackets, the preferred one first (RFC 2369)."""
    attachments: tuple[EncodedAttachment, ...] = ()
    is_automatic: bool = False
    """Says so (RFC 3834), so that no program answers it: a notice to the rep, never mail to a buyer."""


def assemble(parts: MessageParts) -> Outgoing:
    """The envelope and the bytes, in pieces that share the attachments' encoded bytes.

    The same parts give the same bytes. ValueError names the header whose value holds a line break or
    NUL, is not an address, or cannot be folded within 998 columns.
    """
    sender = header.wire_address("From", parts.sender.address)
    recipient = header.wire_address("To", parts.recipient.address)
    content = _text_and_html(parts)
    if not parts.attachments:
        pieces = [_head(parts) + content]
    else:
        heads = [attachment.head for attachment in parts.attachments]
        edge = _boundary(parts.headers.message_id, "mixed", [content, *heads])
        opening = _head(parts) + _multipart("mixed", edge) + b"--" + edge + b"\r\n" + content
        pieces = [opening]
        for attachment in parts.attachments:
            pieces[-1] += b"\r\n--" + edge + b"\r\n" + attachment.head
            pieces += [attachment.body, b""]
        pieces[-1] += b"--" + edge + b"--\r\n"
    is_ascii = all(address.isascii() for address in (sender, recipient, _reply_address(parts)))
    return Outgoing(sender=sender, recipient=recipient, pieces=tuple(pieces), needs_smtputf8=not is_ascii)


def mint_message_id(domain: str, random_hex: str) -> str:
    """A Message-ID in the sender's domain, angle brackets included; `random_hex` is 16–64 hex digits.

    ValueError for anything else than lower-case hex, or a domain that is none.
    """
    if not _RANDOM_HEX.fullmatch(random_hex):
        raise ValueError("Message-ID: the random part must be 16 to 64 lower-case hex digits")
    return f"<{random_hex}@{header.wire_domain('Message-ID', domain).lower()}>"


def reply_subject(first_subject: str) -> str:
    """`Re: ` once before the subject, however many it has already, in whatever language."""
    return f"Re: {without_reply_marks(first_subject)}"


def unsubscribe_uri(watched_address: str, token: str) -> str:
    """The mailto URI of List-Unsubscribe (RFC 2369, 6068): to the watched mailbox, token in the subject."""
    local, _, domain = header.wire_address("List-Unsubscribe", watched_address).rpartition("@")
    return f"mailto:{quote(local, safe=_MAILTO_SAFE)}@{domain}?subject=unsubscribe-{token}"


def _head(parts: MessageParts) -> bytes:
    """Every field but those of the body, which follow in the same head."""
    minted = parts.headers
    fields = [
        header.fold("Date", [_date(minted.date_at, parts.zone)], header.MAX_LINE),
        header.party("From", parts.sender.name, parts.sender.address),
        header.party("To", parts.recipient.name, parts.recipient.address),
    ]
    if parts.reply_to is not None:
        fields.append(header.party("Reply-To", parts.reply_to.name, parts.reply_to.address))
    fields += [
        header.unstructured("Subject", minted.subject),
        header.tokens("Message-ID", [minted.message_id]),
    ]
    if minted.in_reply_to is not None:
        fields.append(header.tokens("In-Reply-To", [minted.in_reply_to]))
    if minted.references:
        fields.append(header.tokens("References", minted.references))
    if parts.list_unsubscribe:
        uris = [f"<{uri}>," for uri in parts.list_unsubscribe]
        fields.append(header.tokens("List-Unsubscribe", [*uris[:-1], uris[-1].removesuffix(",")]))
    if parts.is_automatic:
        fields.append(header.tokens("Auto-Submitted", ["auto-generated"]))
    return b"".join([*fields, b"MIME-Version: 1.0\r\n"])


def _text_and_html(parts: MessageParts) -> bytes:
    """The text part, or both as multipart/alternative with the better one last (RFC 2046 §5.1.4)."""
    plain = text_part("plain", parts.text)
    if not parts.html:
        return plain
    rich = text_part("html", parts.html)
    edge = _boundary(parts.headers.message_id, "alternative", [plain, rich])
    line = b"--" + edge
    opening = _multipart("alternative", edge) + line + b"\r\n"
    return opening + plain + b"\r\n" + line + b"\r\n" + rich + b"\r\n" + line + b"--\r\n"


def _multipart(subtype: str, edge: bytes) -> bytes:
    return b"Content-Type: multipart/" + subtype.encode("ascii") + b';\r\n boundary="' + edge + b'"\r\n\r\n'


def _boundary(message_id: str, role: str, contents: Iterable[bytes]) -> bytes:
    """A boundary that follows from the Message-ID and occurs in none of `contents`.

    `=_` can stand neither in quoted-printable nor in base64 (RFC 2045 §6.7), so encoded attachments need
    not be searched; a 7bit text could quote an earlier message of ours, hence the search and the counter.
    """
    held = list(contents)
    count = 0
    while True:
        digest = hashlib.sha256(f"{message_id}\n{role}\n{count}".encode()).hexdigest()[:28]
        edge = f"=_{digest}".encode("ascii")
        if not any(edge in content for content in held):
            return edge
        count += 1


@lru_cache(maxsize=16)
def _date(date_at: datetime, zone: str) -> str:
    """RFC 5322 date-time in the mailbox's offset, shared by a batch; ValueError for a naive instant."""
    if date_at.tzinfo is None:
        raise ValueError(f"Date: {date_at!r} has no zone")
    return format_datetime(date_at.astimezone(ZoneInfo(zone)))


def _reply_address(parts: MessageParts) -> str:
    return header.wire_address("Reply-To", parts.reply_to.address) if parts.reply_to else ""
