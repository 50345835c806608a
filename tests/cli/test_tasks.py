"""`tasks`: what reps do between mails."""

from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.core.enrollment import Hold, HoldReason
from sequencer.core.progress import Standing
from sequencer.store import enrollments, tasks
from tests.cli.command_line import run
from tests.firm import Firm


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """Ana's sequence waits for a call."""
    firm = Firm(tmp_path)
    firm.enroll("ana@luso.example")
    firm.tick()
    firm.later(days=1)
    firm.tick()
    assert firm.enrollment().next_at is None
    return firm


def test_the_list_shows_what_is_open(firm: Firm) -> None:
    (task,) = run(firm.session, "tasks", "list", "--json").document["tasks"]
    assert (task["id"], task["title"], task["contact"], task["rep"]) == (
        1,
        "Call Ana",
        "ana@luso.example",
        "wang",
    )
    firm.later(hours=1)
    assert "Call Ana\toverdue" in run(firm.session, "tasks", "list", "--rep", "wang").out


def test_a_task_done_lets_its_sequence_go_on_from_that_moment(firm: Firm) -> None:
    firm.later(hours=5)
    done_at = firm.clock.now()
    assert run(firm.session, "tasks", "done", "1").out == "1 done.\n"
    enrollment = firm.enrollment()
    assert (enrollment.step, enrollment.next_at) == ("offer", done_at + timedelta(days=2))
    assert run(firm.session, "tasks", "list", "--json").document["tasks"] == []
    (done,) = run(firm.session, "tasks", "list", "--all", "--json").document["tasks"]
    assert done["done_at"] == "2026-03-03T17:00:00Z"
    firm.later(days=2)
    firm.tick()
    assert len(firm.courier.received) == 2


def test_a_task_done_twice_moves_nothing_twice(firm: Firm) -> None:
    run(firm.session, "tasks", "done", "1")
    before = firm.enrollment()
    firm.later(hours=1)
    ran = run(firm.session, "tasks", "done", "1")
    assert ran.code == 1
    assert "task 1 was done at 2026-03-03 12:00Z" in ran.err
    assert firm.enrollment() == before


def test_a_task_that_an_answer_made_moves_no_sequence(firm: Firm) -> None:
    now = firm.clock.now()
    with firm.store.write() as tx:
        title = "Left the company: write to rui@luso.example"
        tasks.add(tx, contact_id=1, enrollment_id=1, step=None, rep="wang", title=title, due_at=now, now=now)
    run(firm.session, "tasks", "done", "2")
    assert firm.enrollment().step == "call"


def test_a_task_done_while_its_enrollment_is_held_keeps_the_hold(firm: Firm) -> None:
    with firm.store.write() as tx:
        hold = Hold(reason=HoldReason.PAUSED, until=None)
        enrollments.hold(tx, firm.enrollment(), hold, firm.clock.now())
    run(firm.session, "tasks", "done", "1")
    enrollment = firm.enrollment()
    assert (enrollment.step, enrollment.hold) == ("offer", hold)


def test_done_and_over_together_need_attention(firm: Firm) -> None:
    run(firm.session, "tasks", "done", "1")
    now = firm.clock.now()
    with firm.store.write() as tx:
        tasks.add(tx, contact_id=1, enrollment_id=None, step=None, rep="wang", title="x", due_at=now, now=now)
    ran = run(firm.session, "tasks", "done", "1", "2")
    assert (ran.code, ran.out) == (3, "1 done.\n")


@pytest.mark.parametrize(
    "words", [("done", "1", "7"), ("done",), ("list", "--rep", "nobody"), ("done", "one")]
)
def test_wrong_input_changes_nothing(firm: Firm, words: tuple[str, ...]) -> None:
    assert run(firm.session, "tasks", *words).code == 2
    assert len(run(firm.session, "tasks", "list", "--json").document["tasks"]) == 1


def test_a_task_whose_sequence_did_not_wait_for_it_moves_nothing(firm: Firm) -> None:
    now = firm.clock.now()
    offer = Standing(step="offer", anchor_at=now, next_at=now + timedelta(days=9), prepare_at=now)
    with firm.store.write() as tx:
        assert enrollments.advance(tx, firm.enrollment(), offer, now)
    before = firm.enrollment()
    firm.later(hours=1)
    assert run(firm.session, "tasks", "done", "1").out == "1 done.\n"
    assert firm.enrollment() == before
