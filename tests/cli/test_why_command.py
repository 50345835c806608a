"""`why` on the command line: the gates as a table and as JSON, causes and reasons."""

from pathlib import Path

import pytest

from tests.cli.command_line import run
from tests.firm import Firm

ANA, BO = "ana@luso.example", "bo@nord.example"


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """Ana's first message waits for approval."""
    firm = Firm(tmp_path, approve="always")
    firm.enroll(ANA, BO)
    firm.tick()
    return firm


def test_the_binding_gate_is_marked_with_its_mend(firm: Firm) -> None:
    ran = run(firm.session, "why", ANA)
    assert ran.code == 0
    (marked,) = [line for line in ran.out.splitlines() if line.startswith("→")]
    assert marked.split("\t")[1:] == [
        "approval",
        "SHUT",
        "waits for approval",
        "",
        "sequencer outbox approve 1",
    ]
    assert "→ approval keeps it until a person acts: sequencer outbox approve 1" in ran.out
    assert (
        "12:00 Europe/Lisbon (buyer) = 2026-03-02 20:00 Asia/Shanghai (mailbox) = 2026-03-02 12:00 UTC"
        in (ran.out)
    )


def test_a_guessed_zone_says_what_it_was_guessed_from(firm: Firm) -> None:
    run(firm.session, "contacts", "edit", ANA, "--set", "country=BR")
    assert "America/Sao_Paulo (guessed from the country)" in run(firm.session, "why", ANA).out
    document = run(firm.session, "why", ANA, "--json").document
    assert (document["zone_from"], document["is_zone_guessed"]) == ("country", True)
    run(firm.session, "contacts", "edit", ANA, "--set", "state=AM")
    assert "guessed" not in run(firm.session, "why", ANA).out
    assert run(firm.session, "why", ANA, "--json").document["zone_from"] == "state"


def test_the_document_has_every_gate_and_names_the_one_that_binds(firm: Firm) -> None:
    from sequencer.core.why import GateName

    document = run(firm.session, "why", ANA, "--json").document
    (one,) = document["enrollments"]
    not_set = (GateName.DATE_CAP, GateName.NEW_CAP, GateName.GROUP_CAP)
    assert [line["gate"] for line in one["gates"]] == [gate for gate in GateName if gate not in not_set]
    assert one["binding"] == "approval"
    assert (one["next"]["message"], one["next"]["state"]) == (1, "awaiting_approval")
    assert one["next"]["due_buyer"] == "2026-03-02T12:00:00+00:00"
    assert one["next"]["due_mailbox"] == "2026-03-02T20:00:00+08:00"


def test_who_paused_it_and_their_reason_are_told(firm: Firm) -> None:
    run(firm.session, "enrollments", "pause", "1", "--reason", "fair week")
    (one,) = run(firm.session, "why", ANA, "--json").document["enrollments"]
    assert (one["hold_note"], one["cause"]["kind"], one["cause"]["by"]) == ("fair week", "person", "wang")
    said = run(firm.session, "why", ANA).out
    assert "held at step intro (paused) until a person resumes it: fair week" in said
    assert "because of wang, 2026-03-02 20:00" in said


def test_a_stop_by_a_person_is_told_with_who_and_when(firm: Firm) -> None:
    run(firm.session, "enrollments", "stop", "1", "--yes")
    (one,) = run(firm.session, "why", ANA, "--json").document["enrollments"]
    assert (one["finish_reason"], one["cause"]["by"], one["gates"]) == ("stopped", "wang", [])


def test_a_contact_who_is_not_there_is_an_error_with_its_mend(firm: Firm) -> None:
    ran = run(firm.session, "why", "eve@nowhere.example")
    assert ran.code == 2
    assert "sequencer contacts list" in ran.err
