"""Why a message stands where it stands, in one phrase."""

from datetime import timedelta

import pytest

from sequencer.core.outbox import Content, OutboxRow, OutboxState
from sequencer.core.waiting import why_it_waits
from tests.store.ledger_rows import NOON

S = OutboxState


def a_row(state: OutboxState, *, reason: str = "", due_in: int = 0) -> OutboxRow:
    return OutboxRow(
        id=1,
        enrollment_id=1,
        contact_id=1,
        address="ana@luso.example",
        address_key="ana@luso.example",
        sequence="fair",
        round=1,
        step="intro",
        mailbox="wang",
        rep="wang",
        version_hash="v1",
        state=state,
        due_at=NOON + timedelta(minutes=due_in),
        content=Content(subject="s", text="t", html="h"),
        rendered_at=NOON,
        reason=reason,
    )


@pytest.mark.parametrize(
    ("row", "is_paused", "words"),
    [
        (a_row(S.READY, due_in=1), False, "is not due yet"),
        (a_row(S.READY), False, "is due: waits for the mailbox's next turn"),
        (a_row(S.READY, reason="waits for window day"), False, "waits for window day"),
        (a_row(S.READY, reason="waits for window day"), True, "the mailbox is paused"),
        (a_row(S.DEFERRED, reason="RCPT: 451 later"), False, "RCPT: 451 later"),
        (a_row(S.AWAITING_APPROVAL), True, "waits for approval"),
        (a_row(S.AWAITING_APPROVAL, reason="data changed"), False, "waits for approval: data changed"),
        (a_row(S.SENDING), False, "is leaving now"),
        (a_row(S.UNSURE, reason="no answer"), False, "may have left or not; waits for a person: no answer"),
        (a_row(S.REFUSED, reason="550 no such user"), False, "550 no such user"),
    ],
)
def test_a_message_says_why_it_waits(row: OutboxRow, is_paused: bool, words: str) -> None:
    assert why_it_waits(row, NOON, is_mailbox_paused=is_paused) == words


@pytest.mark.parametrize("state", list(OutboxState))
def test_every_state_has_words_or_its_own_reason(state: OutboxState) -> None:
    assert why_it_waits(a_row(state, reason="because"), NOON, is_mailbox_paused=False)
