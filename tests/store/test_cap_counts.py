"""What counts under a cap: what left or may have, by when, and whatever is claimed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from sequencer.core.outbox import SPENT, OutboxState
from sequencer.store import cap_counts
from sequencer.store.cap_counts import Counted
from sequencer.store.engine import Store
from sequencer.store.schema import outbox
from tests.store.ledger_rows import NOON, a_store, add_contact, add_enrollment, add_message

HOUR = timedelta(hours=1)
SINCE = NOON - 24 * HOUR
S = OutboxState


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Three messages of one mailbox: two to the first contact, one to another of the same company."""
    store = a_store(tmp_path)
    with store.write() as tx:
        for contact, address in ((1, "ana@luso.example"), (2, "rui@luso.example")):
            add_contact(tx, contact, address)
        for number, contact in ((1, 1), (2, 1), (3, 2)):
            add_enrollment(tx, number, contact)
            add_message(tx, number, contact, address=f"p{number}@luso.example")
        tx.execute(update(outbox).values(company="luso.example"))
    return store


def stand(store: Store, row_id: int, state: OutboxState, **fields: Any) -> None:
    at = fields.get("sending_at")
    known = {"message_id": f"<{row_id}@firm.example>", "attempt_id": "a"}
    with store.write() as tx:
        values = {"state": state, **known, **fields, "sent_at": at if state is S.SENT else None}
        tx.execute(update(outbox).where(outbox.c.id == row_id).values(**values))


@pytest.mark.parametrize("state", [state for state in S if state is not S.CANCELLED])
def test_a_state_counts_as_sent_as_claimed_or_not_at_all(store: Store, state: OutboxState) -> None:
    stand(store, 1, state, sending_at=NOON - HOUR)
    expected = Counted(spent=int(state in SPENT), reserved=int(state is S.CLAIMED))
    with store.read() as tx:
        assert cap_counts.of_mailboxes(tx, ["li", "wang"], SINCE) == expected
        assert cap_counts.of_mailboxes(tx, ["wang"], SINCE, only_new=True) == expected
        assert cap_counts.of_companies(tx, ["luso.example"], SINCE).of("luso.example") == expected
        assert cap_counts.of_contacts(tx, [1, 2], SINCE).of(1) == expected
        assert cap_counts.of_contacts(tx, [1, 2], SINCE).of(2) == Counted()
        assert cap_counts.of_mailboxes(tx, ["li"], SINCE) == Counted()
        assert cap_counts.written_to(tx, [1, 2]) == ({1} if state in SPENT else set())
        assert cap_counts.first_sent(tx, ["wang"]) == ({"wang": NOON - HOUR} if state in SPENT else {})


def test_what_began_at_the_very_start_of_the_span_no_longer_counts(store: Store) -> None:
    stand(store, 1, S.SENT, sending_at=SINCE)
    stand(store, 3, S.SENT, sending_at=SINCE + timedelta(microseconds=1))
    with store.read() as tx:
        assert cap_counts.of_mailboxes(tx, ["wang"], SINCE).spent == 1
        assert cap_counts.of_companies(tx, ["luso.example"], SINCE).of("luso.example").spent == 1
        assert cap_counts.times_of_mailboxes(tx, ["wang"], SINCE) == [SINCE + timedelta(microseconds=1)]


def test_only_the_first_message_to_a_contact_is_a_first_one_however_long_ago(store: Store) -> None:
    stand(store, 1, S.SENT, sending_at=NOON - 99 * 24 * HOUR)
    stand(store, 2, S.SENT, sending_at=NOON - HOUR)
    stand(store, 3, S.SENT, sending_at=NOON - HOUR)
    with store.read() as tx:
        assert cap_counts.of_mailboxes(tx, ["wang"], SINCE, only_new=True).spent == 1
    # Of two at one instant the one that was made first.
    stand(store, 1, S.SENT, sending_at=NOON - HOUR)
    with store.read() as tx:
        assert cap_counts.of_mailboxes(tx, ["wang"], SINCE, only_new=True).spent == 2
    stand(store, 1, S.REFUSED, sending_at=NOON - HOUR)
    with store.read() as tx:
        assert cap_counts.of_mailboxes(tx, ["wang"], SINCE, only_new=True).spent == 2
