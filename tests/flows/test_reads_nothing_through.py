"""Months of ticks, with all that comes between, read no table through that grows with them."""

from datetime import timedelta
from email.message import Message
from pathlib import Path

import pytest

from sequencer.core.enrollment import FinishReason
from sequencer.core.outbox import OutboxState
from sequencer.flows.approve import approve, waiting_for_approval
from sequencer.flows.finish_tasks import finish_tasks
from sequencer.store import tasks
from tests.flows.office import MONDAY, Office, parse
from tests.store.query_plans import analyze, watched

SEQUENCE = """
sequence: short
window: buyer
steps:
  - id: intro
    template: short/intro
  - id: call
    wait: 1d
    task: Call {{ contact.first_name }}
  - id: offer
    wait: 3d
    template: short/offer
    approve: always
  - id: last
    wait: 1w
    template: short/last
"""
BUYERS = [f"buyer{number}@firm{number // 2}.example" for number in range(16)]
WALKS = (
    # Once a start: the first enrollment of a mailbox that has some.
    "SELECT enrollments.created_at \nFROM enrollments",
)
"""They end where they find what they look for."""


def months(office: Office) -> list[str]:
    """Everybody gets their mails; servers refuse, break off, ask to wait; buyers answer, or are away.

    Returns the statements of the ticks that read a table through.
    """
    found: list[str] = []

    def run(days: int, every: timedelta) -> None:
        with watched(office.engine.store) as read:
            office.run(MONDAY + timedelta(days=days), every)
        found.extend(read)

    office.enroll(*BUYERS[:12])
    office.enroll(*BUYERS[12:], rep="li")
    courier = office.couriers["wang"]
    courier.fail("RCPT", "550 5.1.1 no such user", recipient=BUYERS[0])
    courier.fail("RCPT", "552 5.2.2 mailbox full", recipient=BUYERS[2])
    courier.fail("RCPT", "451 4.7.1 later", recipient=BUYERS[4])
    courier.fail("DOT", "drop", recipient=BUYERS[6], is_kept=True)
    run(1, timedelta(hours=8))
    received = {one.recipient: parse(one) for one in courier.received}
    office.answer(received[BUYERS[8]], "Please send me a quotation for 500 pieces.")
    office.answer(received[BUYERS[11]], "Please take me off your list.")
    office.mailboxes["wang"].append("INBOX", away(received[BUYERS[10]]))
    run(4, timedelta(hours=8))
    with office.engine.store.read() as tx:
        calls = [one.id for one in tasks.listed(tx)]
    assert len(calls) > 6
    finish_tasks(office.engine, calls, note="", by="wang")
    run(14, timedelta(hours=16))
    assert approve(office.engine, waiting_for_approval(office.engine), by="wang").approved
    run(50, timedelta(hours=16))
    return found


def away(to: Message) -> bytes:
    """An answer that nobody wrote."""
    lines = (
        f"From: {to['To']}",
        f"To: {to['From']}",
        f"Subject: Automatic reply: {to['Subject']}",
        "Message-ID: <away@buyer.example>",
        f"In-Reply-To: {to['Message-ID']}",
        "Auto-Submitted: auto-replied",
        "Date: Tue, 03 Mar 2026 10:00:00 +0000",
        "",
        "I am out of the office until Monday, 16 March 2026.",
        "",
    )
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize(
    ("in_batches", "has_statistics"),
    [(True, False), (False, True)],
    ids=["in batches", "one by one, analyzed"],
)
def test_months_of_ticks_read_no_growing_table_through(
    tmp_path: Path, in_batches: bool, has_statistics: bool
) -> None:
    office = Office(tmp_path / "ws", sequence=SEQUENCE, in_batches=in_batches)
    for address in BUYERS:
        office.add_contact(address)
    if has_statistics:
        analyze(office.engine.store)
    found = months(office)
    assert [one for one in found if not any(walk in one for walk in WALKS)] == []
    ends = {one.finish_reason for one in office.enrollments()}
    assert ends >= {
        FinishReason.BOUNCED,
        FinishReason.REPLIED,
        FinishReason.OPTED_OUT,
        FinishReason.COMPLETED,
    }
    assert {row.state for row in office.rows()} >= {OutboxState.REFUSED, OutboxState.UNSURE}
