"""`enrollments`: seen, paused, resumed and stopped by a person."""

from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.core.contact import Stage
from sequencer.core.enrollment import EnrollmentState, FinishReason, Hold, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.files.version import load_version
from sequencer.flows import enroll
from sequencer.store import contacts, enrollments
from sequencer.testing import DROP
from tests.cli.command_line import run
from tests.firm import Firm

ANA, BO = "ana@luso.example", "bo@nord.example"


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """Ana and Bo, their first messages waiting for approval."""
    firm = Firm(tmp_path, approve="always")
    firm.enroll(ANA, BO)
    firm.tick()
    return firm


def hold(firm: Firm, reason: HoldReason, days: int | None = None, enrollment: int = 1) -> None:
    until = firm.clock.now() + timedelta(days=days) if days else None
    with firm.store.write() as tx:
        enrollments.hold(tx, firm.enrollment(enrollment), Hold(reason=reason, until=until), firm.clock.now())


def test_a_pause_cancels_what_is_unsent_and_a_resume_makes_it_afresh(firm: Firm) -> None:
    assert run(firm.session, "enrollments", "pause", "1", "--reason", "fair week").out == "1 paused.\n"
    assert firm.message(1).state is OutboxState.CANCELLED
    assert firm.enrollment().hold == Hold(reason=HoldReason.PAUSED, until=None, note="fair week")
    firm.later(hours=1)
    assert run(firm.session, "enrollments", "resume", "1").out == "1 resumed.\n"
    assert (firm.enrollment().state, firm.enrollment().hold) == (EnrollmentState.ACTIVE, None)
    firm.tick()
    assert [row.state for row in firm.messages() if row.enrollment_id == 1] == [
        OutboxState.CANCELLED,
        OutboxState.AWAITING_APPROVAL,
    ]


def test_an_address_in_the_place_of_a_number_is_told_where_it_belongs(firm: Firm) -> None:
    ran = run(firm.session, "enrollments", "stop", "ana@luso.example")
    assert ran.code == 2
    assert "ana@luso.example is an address: say --contact ana@luso.example" in ran.err


def test_a_step_far_away_is_not_prepared_at_once_on_resume(tmp_path: Path) -> None:
    firm = Firm(tmp_path)
    firm.enroll(ANA)
    firm.tick()
    firm.later(days=1)
    firm.tick()
    run(firm.session, "tasks", "done", "1")
    due_at = firm.enrollment().next_at
    run(firm.session, "enrollments", "pause", "1")
    run(firm.session, "enrollments", "resume", "1")
    enrollment = firm.enrollment()
    assert (enrollment.step, enrollment.next_at) == ("offer", due_at)
    assert due_at is not None
    assert enrollment.prepare_at == due_at - timedelta(hours=24)


def test_the_list_says_who_is_held_and_why(firm: Firm) -> None:
    hold(firm, HoldReason.OUT_OF_OFFICE, days=3)
    listed = run(firm.session, "enrollments", "list", "--state", "held", "--json").document
    (one,) = listed["enrollments"]
    assert (one["contact"], one["hold_reason"], one["held_until"]) == (
        ANA,
        "out_of_office",
        "2026-03-05T12:00:00Z",
    )
    table = run(firm.session, "enrollments", "list")
    assert "out_of_office until 2026-03-05 20:00" in table.out
    assert "2 of 2 enrollments" in table.err
    assert run(firm.session, "enrollments", "list", "--contact", BO, "--json").document["total"] == 1


def test_a_resume_of_another_hold_needs_its_name(firm: Firm) -> None:
    hold(firm, HoldReason.SOFT_BOUNCE, days=7)
    ran = run(firm.session, "enrollments", "resume", "1")
    assert ran.code == 1
    assert "enrollment 1 is held: soft_bounce until 2026-03-09; `--force soft_bounce`" in ran.err
    assert run(firm.session, "enrollments", "resume", "1", "--force", "soft_bounce").out == "1 resumed.\n"


def test_an_unsure_hold_is_ended_by_resolving_its_message_only(tmp_path: Path) -> None:
    firm = Firm(tmp_path)
    firm.enroll(ANA)
    firm.courier.fail("DOT", DROP)
    firm.tick()
    ran = run(firm.session, "enrollments", "resume", "1")
    assert ran.code == 1
    assert "`outbox resolve`" in ran.err
    assert run(firm.session, "enrollments", "resume", "1", "--force", "unsure").code == 2
    assert firm.enrollment().state is EnrollmentState.HELD


def test_all_resumes_what_a_person_paused_and_counts_the_rest(firm: Firm) -> None:
    hold(firm, HoldReason.CHALLENGE)
    run(firm.session, "enrollments", "pause", "2")
    ran = run(firm.session, "enrollments", "resume", "--all", "--yes")
    assert (ran.code, ran.out) == (0, "1 resumed.\n")
    assert "1 left as they are: is held: challenge" in ran.err


def test_a_bulk_pause_asks_first(firm: Firm) -> None:
    ran = run(firm.session, "enrollments", "pause", "--sequence", "fair", answer="n\n")
    assert ran.code == 1
    assert "Pause 2 enrollments?" in ran.err
    assert firm.enrollment().state is EnrollmentState.ACTIVE
    assert run(firm.session, "enrollments", "pause", "--sequence", "fair", "--yes").out == "2 paused.\n"


def test_a_pause_is_stronger_than_a_date_and_weaker_than_another_persons_hold(firm: Firm) -> None:
    hold(firm, HoldReason.OUT_OF_OFFICE, days=3, enrollment=1)
    hold(firm, HoldReason.AMBIGUOUS, enrollment=2)
    ran = run(firm.session, "enrollments", "pause", "1", "2")
    assert (ran.code, ran.out) == (3, "1 paused.\n")
    assert "enrollment 2 is held already: ambiguous" in ran.err
    assert firm.enrollment(1).hold == Hold(reason=HoldReason.PAUSED, until=None)


def test_more_than_one_batch_is_paused_resumed_and_stopped(tmp_path: Path) -> None:
    firm = Firm(tmp_path, approve="always")
    firm.enroll(*(f"p{number}@buyer{number}.example" for number in range(1100)))
    assert run(firm.session, "enrollments", "pause", "--all", "--yes").out == "1100 paused.\n"
    assert run(firm.session, "enrollments", "resume", "--all", "--yes").out == "1100 resumed.\n"
    assert run(firm.session, "enrollments", "stop", "--all", "--yes").out == "1100 stopped.\n"


def test_a_stop_is_for_good_and_asks(firm: Firm) -> None:
    assert run(firm.session, "enrollments", "stop", "1", answer="n\n").code == 1
    assert run(firm.session, "enrollments", "stop", "1", "--yes").out == "1 stopped.\n"
    enrollment = firm.enrollment()
    assert (enrollment.state, enrollment.finish_reason) == (EnrollmentState.FINISHED, FinishReason.STOPPED)
    assert firm.message(1).state is OutboxState.CANCELLED
    ran = run(firm.session, "enrollments", "resume", "1")
    assert ran.code == 1
    assert "has finished: stopped" in ran.err


def test_a_stop_takes_the_open_task_of_its_step_with_it(tmp_path: Path) -> None:
    firm = Firm(tmp_path)
    firm.enroll(ANA)
    firm.tick()
    firm.later(days=1)
    firm.tick()
    assert len(run(firm.session, "tasks", "list", "--json").document["tasks"]) == 1
    run(firm.session, "enrollments", "stop", "1", "--yes")
    assert run(firm.session, "tasks", "list", "--json").document["tasks"] == []
    assert run(firm.session, "tasks", "done", "1").code == 1


def test_an_answer_told_by_hand_does_what_a_reply_does(tmp_path: Path) -> None:
    firm = Firm(tmp_path)
    firm.enroll(ANA, "rui@luso.example", BO)
    firm.tick()
    firm.later(hours=2)
    ran = run(firm.session, "enrollments", "stop", "--contact", ANA, "--reason", "replied", "--yes")
    assert ran.code == 0
    assert firm.enrollment(1).finish_reason is FinishReason.REPLIED
    hold = firm.enrollment(2).hold
    assert hold is not None
    assert hold.reason is HoldReason.COMPANY_REPLIED
    assert firm.enrollment(3).state is EnrollmentState.ACTIVE
    with firm.store.read() as tx:
        ana = contacts.contact_of(tx, 1)
    assert ana is not None
    assert ana.stage is Stage.CONVERSATION
    (line,) = run(firm.session, "report", "--json").document["lines"]
    assert (line["step"], line["reached"], line["replied"]) == ("intro", 3, 1)


def test_somebody_who_answered_by_hand_is_not_enrolled_again_for_a_while(tmp_path: Path) -> None:
    firm = Firm(tmp_path)
    firm.enroll(ANA)
    firm.tick()
    run(firm.session, "enrollments", "stop", "1", "--reason", "replied", "--yes")
    version = load_version(firm.workspace, "fair", firm.config)
    with firm.store.read() as tx:
        ana = contacts.contact_of(tx, 1)
    assert ana is not None

    def refusals() -> list[str]:
        rules = enroll.Rules(again=True, also=True)
        plan = enroll.plan_enrollment(firm.engine, version, [ana], firm.config.reps[0], rules)
        return [refused.reason for refused in plan.refused]

    firm.later(days=89)
    assert refusals() == ["answered on 2026-03-02: write to them by hand"]
    firm.later(days=2)
    assert refusals() == []


def test_an_answer_after_the_last_step_replaces_completed(tmp_path: Path) -> None:
    firm = Firm(tmp_path)
    firm.enroll(ANA)
    with firm.store.write() as tx:
        enrollments.finish(tx, firm.enrollment(), FinishReason.COMPLETED, firm.clock.now())
    run(firm.session, "enrollments", "stop", "--contact", ANA, "--reason", "replied", "--yes")
    assert firm.enrollment().finish_reason is FinishReason.REPLIED


@pytest.mark.parametrize(
    "words",
    [
        ("pause",),
        ("pause", "1", "--all"),
        ("stop", "--all", "--reason", "replied", "--yes"),
        ("stop", "1", "--reason", "opted_out"),
        ("pause", "1", "99"),
        ("resume", "--contact", "eve@nowhere.example"),
        ("list", "--state", "asleep"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_changes(firm: Firm, words: tuple[str, ...]) -> None:
    assert run(firm.session, "enrollments", *words).code == 2
    assert firm.enrollment(1).state is EnrollmentState.ACTIVE
