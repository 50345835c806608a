"""What a buyer's mail program sees of the message it answers."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import getaddresses, parsedate_to_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from sequencer.demo.receipt import Receipt

_ENOUGH_BYTES = 65_536
"""The head and the text stand at the front; the attachments behind them are nobody's answer."""
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_MAILTO = re.compile(r"<\s*(mailto:[^<>]+)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """One message of ours, as far as an answer needs it."""

    message_id: str
    references: tuple[str, ...]
    subject: str
    sender_name: str
    sender: str
    """Address in From."""
    reply_to: str
    """Where an answer goes."""
    sent_at: datetime
    text: str
    head: bytes
    """The header fields as they came, with CRLF, without the empty line."""
    unsubscribe_to: str
    """Address of the List-Unsubscribe mailto; empty when there is none."""
    unsubscribe_subject: str


def original_of(receipt: Receipt) -> Original:
    """The parsed front of a receipt's message."""
    message = message_from_bytes(receipt.raw[:_ENOUGH_BYTES], policy=policy.default)
    name, sender = getaddresses([str(message["From"])])[0]
    reply_to = getaddresses([str(message["Reply-To"] or message["From"])])[0][1]
    body = message.get_body(("plain",))
    unsubscribe_to, unsubscribe_subject = _unsubscribe(str(message["List-Unsubscribe"] or ""))
    return Original(
        message_id=_ids(message["Message-ID"])[0],
        references=_ids(message["References"]),
        subject=str(message["Subject"]),
        sender_name=name,
        sender=sender,
        reply_to=reply_to,
        sent_at=parsedate_to_datetime(str(message["Date"])),
        text=body.get_content().replace("\r\n", "\n").rstrip() if body is not None else "",
        head=_head(receipt.raw),
        unsubscribe_to=unsubscribe_to,
        unsubscribe_subject=unsubscribe_subject,
    )


def _ids(value: object) -> tuple[str, ...]:
    return tuple(re.findall(r"<[^<>\s]+>", str(value or "")))


def _head(raw: bytes) -> bytes:
    end = _END_OF_HEAD.search(raw)
    head = raw[: end.start()] if end else raw
    return re.sub(rb"\r?\n", b"\r\n", head) + b"\r\n"


def _unsubscribe(value: str) -> tuple[str, str]:
    """Address and subject of the first mailto URI (RFC 2369, RFC 6068)."""
    match = _MAILTO.search(re.sub(r"\s+", "", value))
    if match is None:
        return "", ""
    parts = urlsplit(match[1])
    return unquote(parts.path), parse_qs(parts.query).get("subject", ["unsubscribe"])[0]
