"""Rows for ledger tests: a contact, an enrollment and a prepared message, straight into the tables."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from sequencer.core.enrollment import EnrollmentState
from sequencer.core.outbox import Content, Headers, OutboxRow, OutboxState
from sequencer.store import mailboxes, outbox, outbox_new
from sequencer.store.engine import Store, Tx, create_schema
from sequencer.store.gates import GateLimits
from sequencer.store.schema import contacts, enrollments, sequence_versions

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADDRESS = "ana@luso.example"


def a_store(folder: Path) -> Store:
    """A database with one mailbox `wang`, read just now, and one pinned version."""
    store = Store(folder / "sequencer.db")
    create_schema(store)
    with store.write() as tx:
        mailboxes.sync(tx, {"wang": "wang"})
        mailboxes.read_completed(tx, "wang", NOON)
        tx.execute(insert(sequence_versions).values(hash="v1", sequence="s", texts={}, created_at=NOON))
    return store


def add_contact(tx: Tx, contact_id: int = 1, address: str = ADDRESS, owner: str | None = "wang") -> None:
    """One contact."""
    tx.execute(
        insert(contacts).values(
            id=contact_id,
            address=address,
            address_key=address,
            owner=owner,
            tags=[],
            extra={},
            created_at=NOON,
            updated_at=NOON,
        )
    )


def add_enrollment(tx: Tx, enrollment_id: int = 1, contact_id: int = 1, step: str = "intro") -> None:
    """An active enrollment of the contact, standing at `step`."""
    tx.execute(
        insert(enrollments).values(
            id=enrollment_id,
            contact_id=contact_id,
            sequence=f"s{enrollment_id}",
            round=1,
            version_hash="v1",
            rep="wang",
            mailbox="wang",
            state=EnrollmentState.ACTIVE,
            step=step,
            anchor_at=NOON,
            next_at=NOON,
            created_at=NOON,
        )
    )


def add_message(
    tx: Tx, enrollment_id: int = 1, contact_id: int = 1, step: str = "intro", address: str = ADDRESS
) -> OutboxRow:
    """A ready message of the enrollment's step."""
    message = outbox_new.NewMessage(
        enrollment_id=enrollment_id,
        contact_id=contact_id,
        address=address,
        address_key=address,
        sequence=f"s{enrollment_id}",
        round=1,
        step=step,
        mailbox="wang",
        rep="wang",
        version_hash="v1",
        state=OutboxState.READY,
        due_at=NOON,
        content=Content(subject="Hello", text="Hello", html="<p>Hello</p>"),
        data_hash="",
    )
    row = outbox.by_id(tx, *outbox_new.add_all(tx, [message], NOON))
    assert row is not None
    return row


def headers_of(row: OutboxRow) -> Headers:
    """Minted headers, the same for every try of one row."""
    return row.headers or Headers(
        message_id=f"<{row.id}@firm.example>", date_at=NOON, subject=row.content.subject or "Re: Hello"
    )


def limits(now: datetime = NOON, *, cap: int = 50, max_age: timedelta = timedelta(seconds=60)) -> GateLimits:
    """Gate limits at `now`."""
    return GateLimits(
        oldest_read=now - max_age, newest_read=now, cap=cap, cap_since=now - timedelta(hours=24)
    )
