"""Filters of `enrollments`: the same for the list and for what changes many."""

from pathlib import Path

import pytest

from sequencer.core.enrollment import EnrollmentState
from tests.cli.command_line import run
from tests.firm import Firm

ANA, BO, CEM = "ana@luso.example", "bo@nord.example", "cem@bosphor.example"


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """Three are enrolled; Bo has a tag, Cem is at another step."""
    firm = Firm(tmp_path)
    firm.enroll(CEM)
    firm.tick()
    firm.enroll(ANA, BO)
    run(firm.session, "contacts", "edit", BO, "--tag", "fair")
    return firm


def ids(firm: Firm, *words: str) -> list[int]:
    document = run(firm.session, "enrollments", "list", "--json", *words).document
    return [one["id"] for one in document["enrollments"]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--tag", "fair"), [3]),
        (("--where", '"fair" not in tags'), [1, 2]),
        (("--step", "intro"), [2, 3]),
        (("--step", "intro", "--tag", "fair"), [3]),
        (("--step", "call", "--tag", "fair"), []),
        (("--rep", "wang", "--mailbox", "wang", "--sequence", "fair"), [1, 2, 3]),
        (("--rep", "li"), []),
        (("--state", "held"), []),
    ],
)
def test_all_that_is_said_must_be_true(firm: Firm, words: tuple[str, ...], found: list[int]) -> None:
    assert ids(firm, *words) == found


def test_a_filtered_pause_asks_and_leaves_the_others_alone(firm: Firm) -> None:
    assert run(firm.session, "enrollments", "pause", "--step", "intro", answer="n\n").code == 1
    assert ids(firm, "--state", "held") == []
    assert run(firm.session, "enrollments", "pause", "--step", "intro", "--yes").out == "2 paused.\n"
    assert ids(firm, "--state", "held") == [2, 3]
    assert run(firm.session, "enrollments", "resume", "--tag", "fair", "--yes").out == "1 resumed.\n"
    assert ids(firm, "--state", "held") == [2]
    assert run(firm.session, "enrollments", "stop", "--state", "held", "--yes").code == 2
    ran = run(firm.session, "enrollments", "stop", "--rep", "wang", "--state", "held", "--yes")
    assert ran.out == "1 stopped.\n"
    assert firm.enrollment(3).state is EnrollmentState.ACTIVE


@pytest.mark.parametrize("verb", ["pause", "stop"])
def test_a_dry_run_tells_whom_it_would_change_and_changes_nobody(firm: Firm, verb: str) -> None:
    before = [firm.enrollment(number) for number in (1, 2, 3)]
    ran = run(firm.session, "enrollments", verb, "--step", "intro", "--dry-run")
    assert ran.code == 0
    assert "2: enrollment 2, 3; nothing was changed." in ran.out
    assert [firm.enrollment(number) for number in (1, 2, 3)] == before


def test_a_dry_run_of_a_resume_tells_who_would_stay(firm: Firm) -> None:
    run(firm.session, "enrollments", "pause", "2")
    ran = run(firm.session, "enrollments", "resume", "2", "3", "--dry-run")
    assert "would resume 1: enrollment 2; nothing was changed." in ran.out
    assert "1 would be left as they are: is not held" in ran.err


def test_a_condition_that_cannot_be_read_changes_nothing(firm: Firm) -> None:
    ran = run(firm.session, "enrollments", "stop", "--where", "country = 'PT'", "--yes")
    assert ran.code == 2
    assert "--where: write == to compare" in ran.err
