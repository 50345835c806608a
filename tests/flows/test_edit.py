"""A person edits while the daemon delivers: what leaves is what stands in the outbox."""

from pathlib import Path

import pytest

from sequencer.core.outbox import OutboxState
from sequencer.errors import SequencerError
from sequencer.flows.edit import Edited, edit
from sequencer.store import ledger, mailboxes, outbox
from sequencer.store.ledger import Attempt
from tests.firm import Firm
from tests.store.ledger_rows import headers_of


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """One message, ready a day ahead of its time."""
    firm = Firm(tmp_path)
    firm.enroll("ana@luso.example")
    with firm.store.write() as tx:
        mailboxes.sync(tx, {"wang": "wang"})
        mailboxes.pause(tx, ["wang"], "test", firm.clock.now())
    firm.tick()
    return firm


def test_bytes_made_of_the_text_before_an_edit_are_never_claimed(firm: Firm) -> None:
    seen = firm.message(1)
    firm.later(seconds=1)
    edit(firm.engine, seen, Edited(subject="Mine"), "wang")
    with firm.store.write() as tx:
        attempt = Attempt(row=seen, attempt_id="a", boot_id="b")
        assert not ledger.claim(tx, attempt, headers_of(seen), firm.clock.now())
    assert firm.message(1).state is OutboxState.READY


def test_an_edit_made_from_the_text_before_a_claim_is_refused(firm: Firm) -> None:
    seen = firm.message(1)
    with firm.store.write() as tx:
        attempt = Attempt(row=seen, attempt_id="a", boot_id="b")
        assert ledger.claim(tx, attempt, headers_of(seen), firm.clock.now())
        assert ledger.release(tx, attempt, reason="", retry_at=None, now=firm.clock.now())
    with pytest.raises(SequencerError, match="was not changed"):
        edit(firm.engine, seen, Edited(subject="Mine"), "wang")


def test_an_edit_after_a_claim_that_came_to_nothing_changes_the_subject_on_the_wire(firm: Firm) -> None:
    seen = firm.message(1)
    with firm.store.write() as tx:
        attempt = Attempt(row=seen, attempt_id="a", boot_id="b")
        ledger.claim(tx, attempt, headers_of(seen), firm.clock.now())
        ledger.release(tx, attempt, reason="", retry_at=None, now=firm.clock.now())
    edit(firm.engine, firm.message(1), Edited(subject="Mine"), "wang")
    with firm.store.write() as tx:
        mailboxes.resume(tx, ["wang"], firm.clock.now())
    firm.tick()
    assert b"Subject: Mine" in b"".join(firm.courier.received[0].pieces)


def test_a_persons_own_message_stays_ready_and_is_never_rendered_again(firm: Firm) -> None:
    edited = edit(firm.engine, firm.message(1), Edited(body="Only this."), "wang")
    assert (edited.state, edited.is_frozen) == (OutboxState.READY, True)
    with firm.store.write() as tx:
        mailboxes.resume(tx, ["wang"], firm.clock.now())
    firm.later(hours=30)
    firm.tick()
    assert outbox_text(firm) == "Only this.\n"


def outbox_text(firm: Firm) -> str:
    with firm.store.read() as tx:
        row = outbox.by_id(tx, 1)
    assert row is not None
    assert row.state is OutboxState.SENT
    return row.content.text
