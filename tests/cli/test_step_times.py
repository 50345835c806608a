"""What a rep sees of a step's times: in the steps, in the plan, in the list of enrollments, in why."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sequencer.config import Closure
from tests.cli.command_line import run
from tests.firm import Firm

ANA = "ana@luso.example"
GREETING = """\
  - id: greeting
    wait: 1d
    on: [2020-01-06, 2020-01-02]
    at: "08:30"
    template: offer
"""


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """After the first mail comes a greeting whose dates are over."""
    firm = Firm(tmp_path)
    path = firm.workspace.sequences / "fair.yaml"
    steps = path.read_text("utf-8").replace("  - id: call", f"{GREETING}  - id: call")
    path.write_text(steps, encoding="utf-8")
    return firm


def test_the_steps_are_shown_with_their_times(firm: Firm) -> None:
    shown = run(firm.session, "sequences", "show", "fair").out
    assert "1d; on 2020-01-02, 2020-01-06; at 08:30" in shown
    steps = run(firm.session, "sequences", "show", "fair", "--json").document["steps"]
    greeting = steps[1]
    assert (greeting["wait"], greeting["at"], greeting["expires"]) == ("1d", "08:30", "2d")
    assert (greeting["on"], greeting["before_holiday"]) == (["2020-01-02", "2020-01-06"], None)
    assert [steps[0][key] for key in ("wait", "at", "on", "before_holiday", "expires")] == [
        *("0m", None, [], None, None)
    ]


def test_a_preview_says_when_each_mail_is_due(firm: Firm) -> None:
    preview = run(firm.session, "sequences", "preview", "fair", "--step", "greeting")
    due = "after 1d; on 2020-01-02, 2020-01-06; at 08:30"
    assert f"=== greeting · answers in the thread · {due}" in preview.out


def test_the_plan_names_what_it_will_skip(firm: Firm) -> None:
    firm.enroll(ANA)
    ran = run(firm.session, "plan", "--days", "30")
    assert f"{ANA}: fair/greeting is skipped (dates_over)" in ran.err
    [skip] = run(firm.session, "plan", "--days", "30", "--json").document["skipped"]
    assert skip == {
        "contact": ANA,
        "sequence": "fair",
        "step": "greeting",
        "mailbox": "wang",
        "reason": "dates_over",
    }


def test_what_was_skipped_is_listed_and_explained(firm: Firm) -> None:
    firm.enroll(ANA)
    firm.tick()
    firm.tick()
    assert "skipped greeting (dates_over)" in run(firm.session, "enrollments", "list").out
    [listed] = run(firm.session, "enrollments", "list", "--json").document["enrollments"]
    assert [(skip["step"], skip["reason"]) for skip in listed["skipped"]] == [("greeting", "dates_over")]
    why = run(firm.session, "why", ANA)
    assert "skipped: step greeting, " in why.out
    assert "its last date, 2020-01-06, is over" in why.out
    [told] = run(firm.session, "why", ANA, "--json").document["enrollments"]
    [skip] = told["skipped"]
    assert (skip["step"], skip["reason"]) == ("greeting", "dates_over")


def test_a_window_that_never_opens_is_a_fault_of_the_check(firm: Firm) -> None:
    assert "does not open" not in run(firm.session, "sequences", "check", "fair").err
    firm.enroll(ANA)
    shut = Closure(
        name="Lull", first=date(2026, 1, 1), last=date(2026, 12, 31), every_year=True, countries=("PT",)
    )
    firm.session.__dict__["config"] = replace(firm.config, closures=(shut,))
    ran = run(firm.session, "sequences", "check", "fair")
    assert ran.code == 2
    assert "the window 'always' does not open within two years for buyers in Portugal" in ran.err
    assert "closures leave no open hour (Lull)" in ran.err
