"""What mail systems report of our messages: delivery status (RFC 3464) and spam complaints (RFC 5965)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from sequencer.demo.buyer import Buyer
from sequencer.demo.mail_form import minted_id
from sequencer.demo.original import Original
from sequencer.demo.receipt import Receipt

PROVIDER_ADDRESS = "postmaster@feedback.mailhaven.example"
_FROM_PROVIDER = f"Mailhaven Feedback Loop <{PROVIDER_ADDRESS}>"

UNKNOWN_USER = ("5.1.1", "550 5.1.1 <{address}>: Recipient address rejected: User unknown")
OVER_QUOTA = ("5.2.2", "552 5.2.2 <{address}>: The mailbox is full and takes no more messages")

_FAILED = """This is the mail system at host {host}.

I'm sorry to have to inform you that your message could not
be delivered to one recipient. It is attached below.

<{address}>: host {remote}[192.0.2.40] said: {diagnostic} (in reply to end of DATA command)
"""
_COMPLAINED = """This is an email abuse report for a message received on {arrival}.
One of our users marked it as junk. The message is attached.
"""


def delivery_failure(
    buyer: Buyer, receipt: Receipt, original: Original, at: datetime, why: tuple[str, str]
) -> bytes:
    """The report of our relay, which took the message and could not hand it on; `why` is one of the above."""
    status, answer = why
    host, remote = f"relay.{receipt.sender.rpartition('@')[2]}", f"mx1.{buyer.address.rpartition('@')[2]}"
    address = receipt.recipient
    diagnostic = answer.format(address=address)
    fields = [
        ("Reporting-MTA", f"dns; {host}"),
        ("Arrival-Date", _date(receipt.at, "UTC")),
        ("", ""),
        ("Final-Recipient", f"rfc822; {address}"),
        ("Original-Recipient", f"rfc822; {address}"),
        ("Action", "failed"),
        ("Status", status),
        ("Remote-MTA", f"dns; {remote}"),
        ("Diagnostic-Code", f"smtp; {diagnostic}"),
    ]
    text = _FAILED.format(host=host, address=address, remote=remote, diagnostic=diagnostic)
    return _report(
        _Report(
            sender=f"Mail Delivery System <MAILER-DAEMON@{host}>",
            to=receipt.sender,
            subject="Undelivered Mail Returned to Sender",
            at=at,
            kind="delivery-status",
            parts=(
                _plain(text),
                ("message/delivery-status", _lines(fields)),
                ("text/rfc822-headers", original.head),
            ),
            fields=(("Auto-Submitted", "auto-replied"),),
        )
    )


def complaint(buyer: Buyer, receipt: Receipt, at: datetime) -> bytes:
    """The provider's feedback loop: a reader pressed "this is spam"."""
    fields = [
        ("Feedback-Type", "abuse"),
        ("User-Agent", "Mailhaven-FBL/2.1"),
        ("Version", "1"),
        ("Original-Mail-From", f"<{receipt.sender}>"),
        ("Original-Rcpt-To", f"<{receipt.recipient}>"),
        ("Arrival-Date", _date(receipt.at, "UTC")),
        ("Reported-Domain", receipt.sender.rpartition("@")[2]),
        ("Source-IP", "192.0.2.25"),
    ]
    return _report(
        _Report(
            sender=_FROM_PROVIDER,
            to=receipt.sender,
            subject="Abuse report: a message from your network",
            at=at,
            kind="feedback-report",
            parts=(
                _plain(_COMPLAINED.format(arrival=_date(receipt.at, buyer.zone))),
                ("message/feedback-report", _lines(fields)),
                ("message/rfc822", receipt.raw),
            ),
        )
    )


Part = tuple[str, bytes]
"""(media type with parameters, content)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    sender: str
    to: str
    subject: str
    at: datetime
    kind: str
    """The report-type (RFC 6522)."""
    parts: tuple[Part, Part, Part]
    """For people, for machines, and the original."""
    fields: tuple[tuple[str, str], ...] = ()


def _report(report: _Report) -> bytes:
    """By hand: the standard library takes every `message/*` part for a message and would rewrite ours."""
    host = report.sender.rpartition("@")[2].rstrip(">")
    message_id = minted_id(f"report@{host}", report.at, report.parts[1][1].decode("ascii"))
    edge = f"=_report.{message_id[1:17]}"
    head = [
        ("From", report.sender),
        ("To", report.to),
        ("Subject", report.subject),
        ("Date", _date(report.at, "UTC")),
        ("Message-ID", message_id),
        *report.fields,
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/report; report-type={report.kind};\r\n boundary="{edge}"'),
    ]
    pieces = [_lines(head)]
    for media_type, content in report.parts:
        pieces.append(f"\r\n--{edge}\r\nContent-Type: {media_type}\r\n\r\n".encode("ascii") + content)
    return b"".join([*pieces, f"\r\n--{edge}--\r\n".encode("ascii")])


def _plain(text: str) -> Part:
    return "text/plain; charset=us-ascii", text.replace("\n", "\r\n").encode("ascii")


def _lines(fields: Sequence[tuple[str, str]]) -> bytes:
    """Header fields; a nameless one is the empty line between two blocks."""
    return "".join(f"{name}: {value}\r\n" if name else "\r\n" for name, value in fields).encode("ascii")


def _date(at: datetime, zone: str) -> str:
    return format_datetime(at.astimezone(ZoneInfo(zone)))
