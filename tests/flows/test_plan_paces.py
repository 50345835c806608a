"""A plan goes on from what was sent: every cap counts what left, or may have, before the plan begins."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from sequencer.config import Limits, MailboxGroup
from sequencer.core.caps import CapKind
from sequencer.core.forecast import Gate, PlannedMessage
from sequencer.core.outbox import OutboxState
from sequencer.flows.plan import plan
from sequencer.flows.plan_paces import paces_at
from sequencer.store.engine import Store
from sequencer.store.schema import outbox
from sequencer.testing import a_config, a_mailbox
from tests.flows.office import MONDAY, SEQUENCE, Office
from tests.store.ledger_rows import NOON, a_store, add_contact, add_enrollment, add_message, headers_of

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def an_office(tmp_path: Path, *addresses: str, sequence: str = SEQUENCE) -> Office:
    """Its mailbox `wang` has written to these people, just now."""
    office = Office(tmp_path / "ws", sequence=sequence)
    enroll(office, *addresses)
    office.tick()
    assert len(office.received()) == len(addresses)
    return office


def enroll(office: Office, *addresses: str, rep: str = "wang") -> None:
    for address in addresses:
        office.add_contact(address)
    office.enroll(*addresses, rep=rep)


def with_mailbox(office: Office, **fields: object) -> None:
    boxes = (replace(box, **fields) for box in office.engine.config.mailboxes)  # type: ignore[arg-type]
    office.reconfigure(mailboxes=tuple(boxes))


def planned(office: Office, days: int = 3) -> list[PlannedMessage]:
    return list(plan(office.engine, start=office.clock.now(), days=days).messages)


def when(office: Office) -> list[tuple[str, datetime]]:
    return [(message.contact, message.due_at) for message in planned(office, days=2)]


def test_a_company_counts_what_every_mailbox_wrote_to_it(tmp_path: Path) -> None:
    office = an_office(tmp_path, "ana@luso.example", "rui@luso.example", "ida@muster.example")
    office.clock.advance(HOUR)
    enroll(office, "eva@luso.example", rep="li")
    enroll(office, "udo@muster.example", rep="li")
    office.reconfigure(limits=Limits(company_cap=2))
    assert when(office) == [("udo@muster.example", MONDAY + HOUR), ("eva@luso.example", MONDAY + DAY)]
    office.reconfigure(limits=Limits(company_cap=0))
    assert {at for _contact, at in when(office)} == {MONDAY + HOUR}


def test_free_mail_is_nobodys_company(tmp_path: Path) -> None:
    office = an_office(tmp_path, "ana@gmail.com", "rui@gmail.com")
    enroll(office, "eva@gmail.com")
    office.reconfigure(limits=Limits(company_cap=1))
    assert when(office) == [("eva@gmail.com", MONDAY)]


def test_a_contact_counts_what_was_written_to_them(tmp_path: Path) -> None:
    quick = SEQUENCE.replace("wait: 3d", "wait: 2h")
    office = an_office(tmp_path, "ana@luso.example", sequence=quick)
    office.reconfigure(limits=Limits(contact_cap=1))
    assert when(office) == [("ana@luso.example", MONDAY + DAY)]
    [message] = planned(office, days=2)
    assert Gate.CONTACT in message.gates


def test_the_cap_of_new_contacts_counts_first_mails_alone(tmp_path: Path) -> None:
    office = an_office(tmp_path, "ana@luso.example", "rui@luso.example")
    office.clock.set(MONDAY + 3 * DAY)
    office.tick()
    assert len(office.received()) == 4
    enroll(office, "ida@muster.example", "udo@harbour.example")
    with_mailbox(office, new_cap=1)
    thursday = MONDAY + 3 * DAY
    assert when(office) == [("ida@muster.example", thursday), ("udo@harbour.example", thursday + DAY)]


def test_a_group_counts_what_its_other_mailbox_sent(tmp_path: Path) -> None:
    office = an_office(tmp_path, "ana@luso.example")
    enroll(office, "ida@muster.example", rep="li")
    office.reconfigure(groups=(MailboxGroup(name="firm", daily_cap=1),))
    with_mailbox(office, group="firm")
    assert when(office) == [("ida@muster.example", MONDAY + DAY)]


def test_a_ramp_runs_from_the_first_message_that_left(tmp_path: Path) -> None:
    office = an_office(tmp_path, "ana@luso.example")
    with_mailbox(office, ramp_from=1, ramp_by=1)
    enroll(office, "ida@muster.example", "udo@harbour.example", "eva@kontor.example")
    tuesday = MONDAY.replace(hour=9, minute=0) + DAY
    # Lisbon's Tuesday lets two in 24 hours: Monday's of 09:30 still counts until 09:30. Then come three.
    assert when(office) == [
        ("ida@muster.example", tuesday),
        ("udo@harbour.example", tuesday + timedelta(minutes=30)),
        ("eva@kontor.example", tuesday + DAY),
    ]


def as_sent(store: Store, at: datetime, state: OutboxState = OutboxState.SENT, number: int = 1) -> None:
    """Contact, enrollment and message of this number, gone at that time."""
    with store.write() as tx:
        add_contact(tx, number, f"buyer{number}@firm{number}.example")
        add_enrollment(tx, number, number)
        row = add_message(tx, number, number, address=f"buyer{number}@firm{number}.example")
        tx.execute(
            update(outbox)
            .where(outbox.c.id == row.id)
            .values(
                state=state,
                sending_at=at,
                sent_at=at if state is OutboxState.SENT else None,
                message_id=headers_of(row).message_id,
                attempt_id=f"a{number}",
            )
        )


def test_a_date_of_25_hours_is_counted_whole(tmp_path: Path) -> None:
    # Berlin, 25 October 2026: midnight is 22:00 UTC the day before.
    midnight = datetime(2026, 10, 24, 22, tzinfo=UTC)
    store = a_store(tmp_path)
    as_sent(store, midnight + timedelta(minutes=10))
    as_sent(store, midnight - timedelta(minutes=10), number=2)
    config = a_config(a_mailbox(zone="Europe/Berlin", date_cap=1))
    with store.read() as tx:
        pace = paces_at(config, tx, midnight + timedelta(hours=24, minutes=50)).mailboxes["wang"]
    assert pace.sending_times == (midnight + timedelta(minutes=10),)
    [_rolling, date] = pace.caps
    assert date.opens_at(pace.sending_times, midnight + timedelta(hours=24, minutes=50)) == (
        midnight + timedelta(hours=25)
    )


def test_unsure_counts_and_refused_only_keeps_the_gap(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    as_sent(store, NOON, OutboxState.UNSURE)
    as_sent(store, NOON + HOUR, OutboxState.REFUSED, number=2)
    with store.read() as tx:
        paces = paces_at(a_config(), tx, NOON + 2 * HOUR)
    pace = paces.mailboxes["wang"]
    assert (pace.sending_times, pace.last_at) == ((NOON,), NOON + HOUR)
    assert paces.spent[CapKind.CONTACT, "1"] == paces.spent[CapKind.NEW, "wang"] == [NOON]
    assert (CapKind.CONTACT, "2") not in paces.spent
