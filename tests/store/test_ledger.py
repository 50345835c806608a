"""The ledger as a state machine: whatever crashes or changes, a step is handed over at most once."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy.exc import IntegrityError

from sequencer.core.enrollment import FinishReason, Hold, HoldReason
from sequencer.core.outbox import OUTBOX_ARROWS, OutboxRow, OutboxState
from sequencer.store import enrollments, ledger, mailboxes, outbox
from sequencer.store.engine import Store
from sequencer.store.ledger import Attempt, Settlement
from tests.store.ledger_rows import (
    NOON,
    a_store,
    add_contact,
    add_enrollment,
    add_message,
    headers_of,
    limits,
)

S = OutboxState


def test_a_second_message_for_the_same_step_is_refused_by_the_database(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with store.write() as tx:
        add_contact(tx)
        add_enrollment(tx)
        add_message(tx)
    with pytest.raises(IntegrityError), store.write() as tx:
        add_message(tx)


def test_a_cancelled_message_makes_room_for_a_fresh_one(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with store.write() as tx:
        add_contact(tx)
        add_enrollment(tx)
        add_message(tx)
        assert outbox.cancel_unsent(tx, [1], "paused") == 1
        add_message(tx)


def test_a_late_answer_of_the_dialling_worker_turns_its_own_unsure_into_sent(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with store.write() as tx:
        add_contact(tx)
        add_enrollment(tx)
        row = add_message(tx)
        attempt = Attempt(row=row, attempt_id="a", boot_id="b")
        ledger.claim(tx, attempt, headers_of(row), NOON)
        ledger.mark_sending(tx, attempt, limits(), NOON)
        ledger.recover(tx, "wang", NOON)
        stranger = Attempt(row=row, attempt_id="other", boot_id="b")
        assert not ledger.settle(tx, stranger, Settlement(state=S.SENT), NOON)
        assert ledger.settle(tx, attempt, Settlement(state=S.SENT), NOON)


def test_a_row_left_sending_is_never_claimed_again(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with store.write() as tx:
        add_contact(tx)
        add_enrollment(tx)
        row = add_message(tx)
        attempt = Attempt(row=row, attempt_id="a", boot_id="b")
        ledger.claim(tx, attempt, headers_of(row), NOON)
        ledger.mark_sending(tx, attempt, limits(), NOON)
        assert ledger.recover(tx, "wang", NOON) == [(row.id, 1)]
        again = Attempt(row=row, attempt_id="b", boot_id="b")
        assert not ledger.claim(tx, again, headers_of(row), NOON)


class Ledger(RuleBasedStateMachine):
    """One message and a server that accepts or not; the program may die between any two steps."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store: Store = a_store(Path(self.folder.name))
        self.now = NOON
        self.attempt: Attempt | None = None
        self.attempts = 0
        self.accepted = 0
        self.ordered_resends = 0
        self.is_content_out = False
        self.seen: S | None = None

    @initialize()
    def prepare(self) -> None:
        with self.store.write() as tx:
            add_contact(tx)
            add_enrollment(tx)
            self.row_id = add_message(tx).id
        self.seen = S.READY

    def row(self) -> OutboxRow:
        with self.store.read() as tx:
            row = outbox.by_id(tx, self.row_id)
        assert row is not None
        return row

    @rule(by=st.integers(1, 90))
    def time_passes(self, by: int) -> None:
        self.now += timedelta(minutes=by)

    @precondition(lambda self: self.attempt is None)
    @rule()
    def claim(self) -> None:
        self.attempts += 1
        attempt = Attempt(row=self.row(), attempt_id=f"a{self.attempts}", boot_id="b")
        with self.store.write() as tx:
            if ledger.claim(tx, attempt, headers_of(attempt.row), self.now):
                self.attempt = attempt

    @precondition(lambda self: self.attempt is not None and not self.is_content_out)
    @rule(is_read=st.sampled_from([True, True, False]), accepts=st.sampled_from([True, True, False]))
    def mark_and_hand_over(self, is_read: bool, accepts: bool) -> None:
        assert self.attempt is not None
        with self.store.write() as tx:
            if is_read:
                mailboxes.read_completed(tx, "wang", self.now)
            if ledger.mark_sending(tx, self.attempt, limits(self.now), self.now):
                self.is_content_out = True
                self.accepted += accepts
                self.was_accepted = accepts
            else:
                ledger.release(tx, self.attempt, reason="shut", retry_at=None, now=self.now)
                self.attempt = None

    @precondition(lambda self: self.is_content_out)
    @rule(refusal=st.sampled_from([S.DEFERRED, S.REFUSED, S.READY]), is_lost=st.booleans())
    def answer(self, refusal: S, is_lost: bool) -> None:
        assert self.attempt is not None
        state = S.UNSURE if is_lost else S.SENT if self.was_accepted else refusal
        with self.store.write() as tx:
            assert ledger.settle(tx, self.attempt, Settlement(state=state), self.now)
        self.attempt, self.is_content_out = None, False

    @rule()
    def crash_and_restart(self) -> None:
        with self.store.write() as tx:
            ledger.recover(tx, "wang", self.now)
        self.attempt, self.is_content_out = None, False

    @rule(how=st.sampled_from(["hold", "resume", "resume", "finish"]))
    def a_person_or_an_answer_intervenes(self, how: str) -> None:
        with self.store.write() as tx:
            enrollment = enrollments.by_id(tx, 1)
            assert enrollment is not None
            if how == "hold":
                enrollments.hold(tx, enrollment, Hold(reason=HoldReason.PAUSED, until=None), self.now)
            elif how == "finish":
                enrollments.finish(tx, enrollment, FinishReason.REPLIED, self.now)
            elif enrollments.resume(tx, enrollment, self.now, self.now):
                enrollment = enrollments.by_id(tx, 1)
                assert enrollment is not None
                if outbox.in_the_way(tx, enrollment, "ana@luso.example") is None:
                    self.row_id = add_message(tx).id
                    self.seen = S.READY

    @rule(was_sent=st.booleans())
    def resolve(self, was_sent: bool) -> None:
        with self.store.write() as tx:
            if ledger.resolve(tx, self.row(), was_sent=was_sent, by="wang", now=self.now):
                self.ordered_resends += not was_sent

    @invariant()
    def the_server_never_holds_two(self) -> None:
        assert self.accepted <= 1 + self.ordered_resends

    @invariant()
    def the_ledger_says_no_less_than_the_server_holds(self) -> None:
        if self.accepted > self.ordered_resends:
            with self.store.read() as tx:
                rows = outbox.of_enrollment(tx, 1)
            assert any(row.state in (S.SENDING, S.SENT, S.UNSURE) for row in rows)

    @invariant()
    def every_change_is_an_arrow(self) -> None:
        if self.seen is None:
            return
        state = self.row().state
        assert state is self.seen or (self.seen, state) in _CLOSURE
        self.seen = state

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


def _reachable() -> set[tuple[S | None, S]]:
    """Arrows and paths of two or three arrows: one rule may take several steps."""
    pairs = set(OUTBOX_ARROWS)
    for _ in range(2):
        pairs |= {(a, d) for a, b in pairs for c, d in OUTBOX_ARROWS if b is c}
    return pairs


_CLOSURE = _reachable()

TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
