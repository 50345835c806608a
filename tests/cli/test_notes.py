"""Notes and reasons: a person's words stand in the contact, events hold who, when and codes."""

from pathlib import Path

import pytest

from sequencer.store.events import events_of_contact
from tests.cli.command_line import run
from tests.firm import Firm

ANA = "ana@luso.example"


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    firm = Firm(tmp_path)
    firm.enroll(ANA)
    return firm


def note(firm: Firm) -> str:
    said: str = run(firm.session, "contacts", "show", ANA, "--json").document["note"]
    return said


def test_notes_are_dated_signed_and_shown_an_entry_a_line(firm: Firm) -> None:
    assert run(firm.session, "contacts", "note", ANA, "wants long spades").out == f"{ANA}: noted.\n"
    firm.later(days=1)
    run(firm.session, "contacts", "note", ANA, "calls", "back\nin May")
    assert note(firm) == "2026-03-02 wang: wants long spades | 2026-03-03 wang: calls back in May"
    lines = [line for line in run(firm.session, "contacts", "show", ANA).out.splitlines() if "wang:" in line]
    assert [line.split("  ", 1)[0] for line in lines] == ["note", "note"]


def test_an_empty_note_is_refused(firm: Firm) -> None:
    assert run(firm.session, "contacts", "note", ANA, "  ").code == 2
    assert note(firm) == ""


def test_a_reason_goes_into_the_note_and_the_event_holds_codes_only(firm: Firm) -> None:
    ran = run(firm.session, "contacts", "edit", ANA, "--stage", "won", "--reason", "signed at the fair")
    assert ran.code == 0
    assert note(firm) == "2026-03-02 wang: stage won: signed at the fair"
    assert note(firm) in run(firm.session, "why", ANA).out
    with firm.store.read() as tx:
        happened = {one.kind: one.data for one in events_of_contact(tx, 1)}
    assert happened["stage_set"] == {"from": "opportunity", "to": "won", "by": "wang"}
    assert "fair" not in str(happened)


def test_an_edit_that_changes_nothing_notes_nothing(firm: Firm) -> None:
    run(firm.session, "contacts", "edit", ANA, "--stage", "opportunity", "--reason", "because")
    assert note(firm) == ""


def test_what_came_of_a_task_is_noted(firm: Firm) -> None:
    firm.tick()
    firm.later(days=1)
    firm.tick()
    assert run(firm.session, "tasks", "done", "1", "--note", "sends a sample").code == 0
    assert note(firm) == "2026-03-03 wang: Call Ana: sends a sample"


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--due", "today"), 1),
        (("--due", "2026-03-02"), 0),
        (("--due", "2026-03-03"), 1),
        (("--contact", ANA), 1),
        (("--rep", "wang", "--due", "tomorrow"), 1),
    ],
)
def test_tasks_are_listed_by_day_and_contact(firm: Firm, words: tuple[str, ...], count: int) -> None:
    firm.tick()
    firm.later(days=1)
    firm.tick()
    assert len(run(firm.session, "tasks", "list", "--json", *words).document["tasks"]) == count


def test_a_day_that_is_none_is_refused(firm: Firm) -> None:
    assert run(firm.session, "tasks", "list", "--due", "soon").code == 2
