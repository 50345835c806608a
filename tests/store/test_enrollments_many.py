"""Arrows for many enrollments at once hold against what happened since they were read."""

from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.core.enrollment import Enrollment, EnrollmentState, FinishReason, Hold, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.core.progress import Standing
from sequencer.store import enrollments, enrollments_many, outbox
from sequencer.store.engine import Store, Tx
from sequencer.store.enrollments_many import Reopening
from sequencer.store.events import events_of_contact
from tests.store.ledger_rows import NOON, a_store, add_contact, add_enrollment, add_message

PAUSED = Hold(reason=HoldReason.PAUSED, until=None, note="fair")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Three enrollments of one contact, as they were read: 1, 2 and 3."""
    store = a_store(tmp_path)
    with store.write() as tx:
        add_contact(tx)
        for number in (1, 2, 3):
            add_enrollment(tx, number)
            add_message(tx, number)
    return store


def read(tx: Tx) -> list[Enrollment]:
    return enrollments.listed(tx)


def test_a_hold_leaves_alone_what_finished_or_waits_for_a_person_since(store: Store) -> None:
    with store.write() as tx:
        seen = read(tx)
        enrollments.finish(tx, seen[0], FinishReason.REPLIED, NOON)
        enrollments.hold(tx, seen[1], Hold(reason=HoldReason.UNSURE, until=None), NOON)
        assert enrollments_many.hold_many(tx, seen, PAUSED, NOON) == {3}
        now = read(tx)
        messages = [row.state for row in outbox.of_enrollment(tx, 3)]
    assert [one.state for one in now] == ["finished", "held", "held"]
    assert [one.hold.reason for one in now if one.hold] == ["unsure", "paused"]
    assert messages == []


def test_a_hold_beats_a_date(store: Store) -> None:
    with store.write() as tx:
        seen = read(tx)
        away = Hold(reason=HoldReason.OUT_OF_OFFICE, until=NOON + timedelta(days=3))
        enrollments.hold(tx, seen[0], away, NOON)
        assert enrollments_many.hold_many(tx, seen, PAUSED, NOON) == {1, 2, 3}
        assert {one.hold for one in read(tx)} == {PAUSED}


def test_only_a_persons_hold_is_given_to_many(store: Store) -> None:
    dated = Hold(reason=HoldReason.PAUSED, until=NOON)
    with store.write() as tx, pytest.raises(ValueError, match="person"):
        enrollments_many.hold_many(tx, read(tx), dated, NOON)


def test_a_resume_gives_each_its_own_times_and_skips_what_is_no_longer_held(store: Store) -> None:
    with store.write() as tx:
        enrollments_many.hold_many(tx, read(tx), PAUSED, NOON)
        held = read(tx)
        enrollments.finish(tx, held[1], FinishReason.STOPPED, NOON)
        days = [NOON + timedelta(days=one.id) for one in held]
        reopenings = [
            Reopening(
                enrollment=one, standing=Standing(step="intro", anchor_at=NOON, next_at=at, prepare_at=NOON)
            )
            for one, at in zip(held, days, strict=True)
        ]
        assert enrollments_many.resume_many(tx, reopenings, NOON) == {1, 3}
        now = read(tx)
    assert [(one.state, one.next_at) for one in now] == [
        (EnrollmentState.ACTIVE, days[0]),
        (EnrollmentState.FINISHED, None),
        (EnrollmentState.ACTIVE, days[2]),
    ]


def test_a_finish_replaces_completed_and_nothing_else(store: Store) -> None:
    with store.write() as tx:
        seen = read(tx)
        enrollments.finish(tx, seen[0], FinishReason.COMPLETED, NOON)
        enrollments.finish(tx, seen[1], FinishReason.OPTED_OUT, NOON)
        assert enrollments_many.finish_many(tx, seen, FinishReason.REPLIED, NOON) == {1, 3}
        assert [one.finish_reason for one in read(tx)] == ["replied", "opted_out", "replied"]
        assert outbox.of_enrollment(tx, 3) == []


def test_each_change_is_an_event(store: Store) -> None:
    with store.write() as tx:
        enrollments_many.hold_many(tx, read(tx), PAUSED, NOON)
        enrollments_many.finish_many(tx, read(tx)[:1], FinishReason.STOPPED, NOON)
        happened = [(event.kind, event.enrollment_id, event.data) for event in events_of_contact(tx, 1)]
    assert happened == [
        ("held", 1, {"reason": "paused"}),
        ("held", 2, {"reason": "paused"}),
        ("held", 3, {"reason": "paused"}),
        ("finished", 1, {"reason": "stopped"}),
    ]


def test_cancelled_messages_stay_in_the_outbox(store: Store) -> None:
    with store.write() as tx:
        enrollments_many.hold_many(tx, read(tx)[:1], PAUSED, NOON)
        row = outbox.by_id(tx, 1)
    assert row is not None
    assert (row.state, row.reason) == (OutboxState.CANCELLED, "held: paused")
