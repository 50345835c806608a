"""A firm with one message in doubt, and the mail that may tell what became of it."""

from pathlib import Path

from sequencer.core.enrollment import Enrollment
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.store import events
from sequencer.testing import DROP
from tests.flows.meddling_courier import MeddlingCourier
from tests.flows.office import Office

ANA, BEN = "ana@luso.example", "ben@muster.example"


def office_in_doubt(root: Path, *, others: tuple[str, ...] = (BEN,)) -> Office:
    """The line broke at the final dot of Ana's first message, which the server had taken."""
    office = Office(root / "ws")
    office.couriers["wang"] = MeddlingCourier()
    for address in (ANA, *others):
        office.add_contact(address, company=f"Firm of {address}")
    office.enroll(ANA, *others)
    office.couriers["wang"].fail("DOT", DROP, recipient=ANA, is_kept=True)
    office.tick()
    assert row_of(office).state is OutboxState.UNSURE
    return office


def row_of(office: Office, address: str = ANA) -> OutboxRow:
    """The first message to this address."""
    return next(row for row in office.rows() if row.address == address)


def enrollment_of(office: Office, address: str = ANA) -> Enrollment:
    row = row_of(office, address)
    return next(one for one in office.enrollments() if one.id == row.enrollment_id)


def raw_of(office: Office, address: str = ANA) -> bytes:
    """The bytes that left for this address."""
    sent = next(one for one in office.couriers["wang"].received if one.recipient == address)
    return b"".join(sent.pieces)


def a_copy(office: Office, *, message_id: str | None = None, **instead: str) -> bytes:
    """Ana's message as it may lie in Sent: under its own id or a relay's, with other words `instead`."""
    headers = row_of(office).headers
    assert headers is not None
    if not instead:
        return raw_of(office).replace(
            headers.message_id.encode(), (message_id or headers.message_id).encode()
        )
    return (
        f"From: wang <wang@firm.example>\r\nTo: {instead.get('to', ANA)}\r\n"
        f"Subject: {instead.get('subject', headers.subject)}\r\n"
        f"Message-ID: {message_id or headers.message_id}"
        f"\r\nContent-Type: text/{instead.get('kind', 'plain')}; charset=utf-8\r\n\r\n{instead['text']}\r\n"
    ).encode()


def a_bounce(office: Office, code: str = "5.1.1", *, cites: str | None = None) -> bytes:
    """A report that returns the head of Ana's message; `cites` another id, or none (empty)."""
    headers = row_of(office).headers
    assert headers is not None
    cited = headers.message_id if cites is None else cites
    returned = f"Message-ID: {cited}\r\n" if cited else ""
    words = {"5.1.1": "user unknown", "5.2.2": "mailbox full", "4.4.1": "delayed, will retry"}[code]
    action = "delayed" if code.startswith("4") else "failed"
    return (
        f"From: MAILER-DAEMON@mx.luso.example\r\nTo: wang@firm.example\r\nSubject: Report\r\n"
        f"Message-ID: <{code}.{cited.strip('<>')[:8]}@mx.luso.example>\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\nYour mail: {words}.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.luso.example\r\n\r\n"
        f"Final-Recipient: rfc822; {ANA}\r\nAction: {action}\r\nStatus: {code}\r\n"
        f"Diagnostic-Code: smtp; 550 {code} {words}\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}To: {ANA}\r\nSubject: x\r\n--b--\r\n"
    ).encode()


def an_answer(office: Office, text: str, **more: str) -> bytes:
    """Ana answers the message in doubt."""
    headers = row_of(office).headers
    assert headers is not None
    extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in more.items())
    return (
        f"From: {ANA}\r\nTo: wang@firm.example\r\nSubject: Re: {headers.subject}\r\n{extra}"
        f"Message-ID: <answer{len(text)}@luso.example>\r\nIn-Reply-To: {headers.message_id}\r\n\r\n{text}\r\n"
    ).encode()


def told_of(office: Office, kind: str, address: str = ANA) -> list[dict[str, object]]:
    """What the events of this kind say of the message."""
    row = row_of(office, address)
    with office.engine.store.read() as tx:
        found = events.events_of_contact(tx, row.contact_id)
    return [event.data for event in found if event.kind == kind and event.outbox_id == row.id]
