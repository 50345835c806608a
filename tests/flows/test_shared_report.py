"""A report about several recipients: each contact of ours gets what it says of their address."""

from pathlib import Path

import pytest

from sequencer.core.enrollment import EnrollmentState, HoldReason
from sequencer.core.inbound import VerdictKind
from sequencer.store import suppressions
from tests.flows.in_doubt import ANA, BEN
from tests.flows.office import Office

DEAD = "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown"
FULL = "Action: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox full"
LATE = "Action: delayed\r\nStatus: 4.4.1\r\nDiagnostic-Code: smtp; 451 4.4.1 Connection timed out"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path / "ws")
    for address in (ANA, BEN):
        office.add_contact(address, company=f"Firm of {address}")
    office.enroll(ANA, BEN)
    office.tick()
    return office


def reported(office: Office, **blocks: str) -> None:
    """A report that returns Ana's first message comes in and is read."""
    headers = next(row for row in office.rows() if row.address == ANA).headers
    assert headers is not None
    told = "\r\n\r\n".join(
        f"Final-Recipient: rfc822; {address.replace('_at_', '@').replace('_', '.')}\r\n{block}"
        for address, block in blocks.items()
    )
    office.mailboxes["wang"].append(
        "INBOX",
        (
            "From: MAILER-DAEMON@mx.luso.example\r\nTo: wang@firm.example\r\nSubject: Report\r\n"
            "Message-ID: <report@mx.luso.example>\r\nAuto-Submitted: auto-replied\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nYour mail came back.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.luso.example\r\n\r\n"
            f"{told}\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
            f"Message-ID: {headers.message_id}\r\nTo: {ANA}\r\n--b--\r\n"
        ).encode(),
    )
    office.tick()


def fate_of(office: Office, address: str) -> tuple[str, str | None, bool]:
    """(state, why it is held, whether the address is suppressed)."""
    row = next(one for one in office.rows() if one.address == address)
    enrollment = next(one for one in office.enrollments() if one.id == row.enrollment_id)
    with office.engine.store.read() as tx:
        is_suppressed = suppressions.is_suppressed(tx, address) is not None
    return enrollment.state.value, enrollment.hold and enrollment.hold.reason.value, is_suppressed


def test_a_full_contact_beside_a_dead_neighbour_is_held_and_not_suppressed(office: Office) -> None:
    reported(office, eva_at_luso_example=DEAD, ana_at_luso_example=FULL)
    assert fate_of(office, ANA) == (EnrollmentState.HELD, HoldReason.SOFT_BOUNCE, False)
    assert office.answers()[0].verdict.get("hard") is None


def test_a_dead_contact_beside_a_full_neighbour_is_suppressed_alone(office: Office) -> None:
    reported(office, eva_at_luso_example=FULL, ana_at_luso_example=DEAD)
    assert fate_of(office, ANA) == (EnrollmentState.FINISHED, None, True)
    assert fate_of(office, BEN) == (EnrollmentState.ACTIVE, None, False)


def test_a_contact_who_is_still_tried_goes_on(office: Office) -> None:
    reported(office, eva_at_luso_example=DEAD, ana_at_luso_example=LATE)
    assert fate_of(office, ANA) == (EnrollmentState.ACTIVE, None, False)
    assert office.answers()[0].kind is VerdictKind.DELAY


def test_an_alias_with_one_dead_member_is_not_dead(office: Office) -> None:
    reported(office, one_at_group_example=DEAD, two_at_group_example=FULL)
    assert fate_of(office, ANA) == (EnrollmentState.HELD, HoldReason.SOFT_BOUNCE, False)


def test_an_alias_whose_members_are_all_dead_is(office: Office) -> None:
    reported(office, one_at_group_example=DEAD, two_at_group_example=DEAD)
    assert fate_of(office, ANA) == (EnrollmentState.FINISHED, None, True)
