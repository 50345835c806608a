"""`sequences diff` and `apply` as a lead uses them."""

from pathlib import Path

import pytest

from tests.cli.command_line import run
from tests.firm import OFFER, Firm

ANA = "ana@luso.example"


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """Ana had the first mail; the lead rewrites the offer."""
    firm = Firm(tmp_path)
    firm.enroll(ANA)
    firm.tick()
    (tmp_path / "templates" / "offer.md").write_text(OFFER.replace("seen it", "tried it"), encoding="utf-8")
    return firm


def test_a_lead_sees_whom_an_edit_touches_and_applies_just_that(firm: Firm) -> None:
    shown = run(firm.session, "sequences", "diff", "fair")
    assert shown.code == 0
    assert "text of offer" in shown.out
    assert "1 of 1 will read other words" in shown.out
    assert "-Dear Ana, have you seen it?" in shown.out
    assert "+Dear Ana, have you tried it?" in shown.out
    hash_ = run(firm.session, "sequences", "diff", "fair", "--json").document["diff"]
    assert f"sequencer sequences apply fair --diff {hash_}" in shown.out
    applied = run(firm.session, "sequences", "apply", "fair", "--diff", hash_)
    assert applied.code == 0, applied.err
    assert "1 run version" in applied.out
    assert "nobody runs another version" in run(firm.session, "sequences", "diff", "fair").out


def test_a_hash_of_another_diff_is_refused_in_one_line(firm: Firm) -> None:
    refused = run(firm.session, "sequences", "apply", "fair", "--diff", "000000000000")
    assert refused.code == 2
    assert "that diff of fair is no longer true" in refused.err
    assert "sequences diff fair" in refused.err


def test_an_edit_for_new_enrollments_only_quiets_status(firm: Firm) -> None:
    assert (
        "fair was edited, and 1 run it as it was: sequencer sequences diff fair"
        in run(firm.session, "status").out
    )
    hash_ = run(firm.session, "sequences", "diff", "fair", "--json").document["diff"]
    kept = run(firm.session, "sequences", "apply", "fair", "--diff", hash_, "--only-new", "--json")
    assert kept.document["changed"] == 0
    assert "was edited" not in run(firm.session, "status").out


def test_a_faulty_edit_is_told_as_file_and_line_and_nothing_is_applied(firm: Firm, tmp_path: Path) -> None:
    (tmp_path / "templates" / "offer.md").write_text("Dear {{ contact.frist_name }}\n", encoding="utf-8")
    faulty = run(firm.session, "sequences", "diff", "fair")
    assert faulty.code == 2
    assert "templates/offer.md:1" in faulty.err


def test_a_sequence_that_is_not_there_is_named(firm: Firm) -> None:
    assert "there is no sequence 'fare'" in run(firm.session, "sequences", "diff", "fare").err
