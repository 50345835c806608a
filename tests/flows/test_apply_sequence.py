"""An edited sequence and those who run it: what `diff` says is what `apply` does, and nothing else."""

from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.core.enrollment import EnrollmentState, FinishReason, Hold, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.core.version_change import Fate
from sequencer.errors import InputError
from sequencer.files.version import load_version
from sequencer.flows import edit as outbox_edit
from sequencer.flows.apply_sequence import Applied, apply_sequence, keep_for_new
from sequencer.flows.diff_samples import samples
from sequencer.flows.edited_sequences import edited_sequences
from sequencer.flows.finish_tasks import finish_tasks
from sequencer.flows.plan import plan
from sequencer.flows.sequence_diff import SequenceDiff, sequence_diff
from sequencer.store import enrollments, tasks
from sequencer.testing import DROP
from tests.flows.office import MONDAY, SEQUENCE, Office

ANA, BEN = "ana@luso.example", "ben@luso.example"
CALLS = SEQUENCE.replace("    template: short/offer\n", '    task: "Call {{ contact.first_name }}"\n')


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


def an_office(root: Path, sequence: str = SEQUENCE) -> Office:
    """Ana and Ben had the first mail."""
    office = Office(root, sequence=sequence)
    for address in (ANA, BEN):
        office.add_contact(address, company=f"Luso {address[:3]}")
    office.enroll(ANA, BEN)
    office.run(MONDAY + timedelta(hours=6))
    assert len(office.received()) == 2
    return office


def edit(office: Office, sequence: str | None = None, **templates: str) -> SequenceDiff:
    """Write files anew and look at the difference."""
    workspace = office.engine.workspace
    if sequence is not None:
        (workspace.sequences / "short.yaml").write_text(sequence, encoding="utf-8")
    for name, text in templates.items():
        (workspace.templates / "short" / f"{name}.md").write_text(text, encoding="utf-8")
    return sequence_diff(office.engine, load_version(workspace, "short", office.engine.config))


def apply(office: Office, diff: SequenceDiff) -> Applied:
    return apply_sequence(office.engine, diff, diff.hash, by="wang")


def run_to_the_end(office: Office, days: int = 16) -> None:
    office.run(MONDAY + timedelta(days=days), every=timedelta(hours=8))


def texts_to(office: Office, address: str) -> list[str]:
    return [one.get_body(("plain",)).get_content() for one in office.received() if address in str(one["To"])]


def test_without_an_edit_nobody_is_touched(office: Office) -> None:
    diff = edit(office)
    assert diff.effects == ()
    assert diff.current == 2


def test_new_words_are_read_by_those_still_to_get_them_and_by_nobody_twice(office: Office) -> None:
    diff = edit(office, offer="Hello {{ contact.first_name }},\n\nhere is a better offer.\n")
    assert [one.new_texts for one in diff.effects] == [("offer",), ("offer",)]
    assert not [one for one in diff.effects if one.is_redated]
    assert len(apply(office, diff).changed) == 2
    run_to_the_end(office)
    said = texts_to(office, ANA)
    assert len(said) == 3
    assert "a better offer" in said[1]


def test_without_apply_an_edit_changes_nothing(office: Office) -> None:
    edit(office, offer="Hello,\n\nhere is a better offer.\n")
    run_to_the_end(office)
    assert not [text for text in texts_to(office, ANA) if "better" in text]


def test_a_new_wait_moves_the_date_the_diff_said_and_the_plan_agrees(office: Office) -> None:
    diff = edit(office, SEQUENCE.replace("wait: 3d", "wait: 4d"))
    dates = {one.contact.address: one.new_at for one in diff.effects}
    assert all(one.is_redated for one in diff.effects)
    apply(office, diff)
    planned = plan(office.engine, start=office.clock.now(), days=5).messages
    assert {one.contact: one.due_at for one in planned if one.step == "offer"} == dates
    office.run(MONDAY + timedelta(days=5), every=timedelta(minutes=30))
    sent = {row.address: row.sent_at for row in office.rows() if row.step == "offer"}
    assert sent == dates


def test_a_prepared_message_in_old_words_is_withdrawn_and_made_anew(office: Office) -> None:
    office.run(MONDAY + timedelta(days=2, hours=6))
    assert {row.state for row in office.rows() if row.step == "offer"} == {OutboxState.READY}
    apply(office, edit(office, offer="Hello,\n\nnew words.\n"))
    run_to_the_end(office)
    assert [row.state for row in office.rows() if row.step == "offer" and row.address == ANA] == [
        OutboxState.CANCELLED,
        OutboxState.SENT,
    ]
    assert "new words" in texts_to(office, ANA)[1]


def test_a_prepared_message_that_the_edit_does_not_touch_stays(office: Office) -> None:
    office.run(MONDAY + timedelta(days=2, hours=6))
    before = office.rows()
    apply(office, edit(office, last="Hello,\n\nquite another end.\n"))
    assert office.rows() == before
    run_to_the_end(office)
    assert len(office.rows()) == 6
    versions = {row.step: row.version_hash for row in office.rows()}
    assert versions["offer"] == versions["intro"] != versions["last"]


def test_a_persons_words_are_kept_and_asked_about_again(office: Office) -> None:
    office.run(MONDAY + timedelta(days=2, hours=6))
    hers = next(row for row in office.rows() if row.step == "offer" and row.address == ANA)
    outbox_edit.edit(office.engine, hers, outbox_edit.Edited(body="My own words."), "wang")
    apply(office, edit(office, SEQUENCE.replace("id: offer", "id: proposal\n    was: offer")))
    office.tick()
    row = next(row for row in office.rows() if row.step == "proposal" and row.address == ANA)
    assert row.state is OutboxState.AWAITING_APPROVAL
    assert "My own words" in row.content.text


def test_a_renamed_step_is_not_sent_again(office: Office) -> None:
    renamed = SEQUENCE.replace("id: intro", "id: hello\n    was: intro")
    moved = renamed.replace("  - id: hello\n    was: intro\n    template: short/intro\n", "")
    moved = moved.replace("template: short/offer", "template: short/offer\n    subject: An offer")
    moved += "  - id: hello\n    was: intro\n    wait: 1d\n    template: short/intro\n"
    diff = edit(office, moved)
    assert {one.move.skipped for one in diff.effects} == {("hello",)}
    apply(office, diff)
    run_to_the_end(office)
    assert [row.step for row in office.rows() if row.address == ANA] == ["intro", "offer", "last"]
    assert {one.finish_reason for one in office.enrollments()} == {FinishReason.COMPLETED}


def test_who_stands_at_a_removed_step_goes_on_with_the_next(office: Office) -> None:
    without = SEQUENCE.replace("  - id: offer\n    wait: 3d\n    template: short/offer\n", "")
    diff = edit(office, without)
    assert {(one.move.fate, one.move.step) for one in diff.effects} == {(Fate.REMOVED, "last")}
    apply(office, diff)
    run_to_the_end(office)
    assert [row.step for row in office.rows() if row.address == ANA] == ["intro", "last"]


def test_who_stands_at_a_removed_last_step_has_completed(tmp_path: Path) -> None:
    short = SEQUENCE[: SEQUENCE.index("  - id: last")]
    office = an_office(tmp_path, short)
    apply(office, edit(office, short[: short.index("  - id: offer")]))
    assert {one.finish_reason for one in office.enrollments()} == {FinishReason.COMPLETED}


def test_an_open_task_that_is_a_message_now_is_cancelled_and_the_message_leaves(tmp_path: Path) -> None:
    office = an_office(tmp_path, CALLS)
    office.run(MONDAY + timedelta(days=4))
    apply(office, edit(office, SEQUENCE))
    with office.engine.store.read() as tx:
        assert tasks.listed(tx) == []
    run_to_the_end(office)
    assert len(texts_to(office, ANA)) == 3


def test_an_open_task_of_a_renamed_step_stays_and_ends_it(tmp_path: Path) -> None:
    office = an_office(tmp_path, CALLS)
    office.run(MONDAY + timedelta(days=4))
    apply(office, edit(office, CALLS.replace("id: offer", "id: call\n    was: offer")))
    with office.engine.store.read() as tx:
        open_tasks = tasks.listed(tx)
    assert {task.step for task in open_tasks} == {"call"}
    finish_tasks(office.engine, [task.id for task in open_tasks])
    run_to_the_end(office)
    assert len(texts_to(office, ANA)) == 2


def test_one_whose_message_is_unsure_keeps_its_version_and_is_named(office: Office) -> None:
    office.couriers["wang"].fail("DOT", DROP, recipient=ANA, is_kept=True)
    office.run(MONDAY + timedelta(days=3, hours=6))
    diff = edit(office, last="Hello,\n\nquite another end.\n")
    done = apply(office, diff)
    assert [(one.contact.address, one.left) for one in done.left] == [
        (ANA, "its message of step offer is unsure")
    ]
    assert [one.contact.address for one in done.changed] == [BEN]


def test_a_hold_stays_through_an_edit(office: Office) -> None:
    her = office.enrollments()[0]
    until = MONDAY + timedelta(days=8)
    with office.engine.store.write() as tx:
        enrollments.hold(tx, her, Hold(reason=HoldReason.OUT_OF_OFFICE, until=until), office.clock.now())
    apply(office, edit(office, SEQUENCE.replace("wait: 3d", "wait: 5d")))
    assert office.enrollments()[0].state is EnrollmentState.HELD
    run_to_the_end(office, days=22)
    sent = [row.sent_at for row in office.rows() if row.address == ANA]
    assert len(sent) == 3
    assert sent[1] is not None
    assert sent[1] >= until


def test_a_diff_that_is_no_longer_true_is_refused_and_changes_nothing(office: Office) -> None:
    diff = edit(office, offer="Hello,\n\nnew words.\n")
    with pytest.raises(InputError, match="no longer true"):
        apply_sequence(office.engine, diff, "0" * 12, by="wang")
    answered = next(one for one in office.received() if ANA in str(one["To"]))
    office.answer(answered, "Yes, please call.")
    office.tick()
    before = office.enrollments()
    with pytest.raises(InputError, match="no longer true"):
        apply(office, diff)
    assert office.enrollments() == before


def test_three_buyers_show_what_changes_for_them(office: Office) -> None:
    for at in range(4):
        office.add_contact(f"p{at}@new.example", language="es" if at == 3 else "en")
    office.enroll(*(f"p{at}@new.example" for at in range(4)))
    words = "---\nsubject: Llaves\n---\nHola {{ contact.first_name }}\n"
    diff = edit(office, offer="Hello {{ contact.first_name }},\n\na better offer.\n", **{"intro.es": words})
    shown = samples(office.engine, diff)
    assert [(one.address, one.step) for one in shown] == [
        (ANA, "offer"),
        ("p3@new.example", "intro"),
        (BEN, "offer"),
    ]
    assert "-here is the offer." in shown[0].lines
    assert "+a better offer." in shown[0].lines
    assert "+Subject: Llaves" in shown[1].lines


def edited(office: Office) -> list[tuple[str, int]]:
    with office.engine.store.read() as tx:
        return [(one.name, one.running) for one in edited_sequences(office.engine, tx)]


def test_status_names_an_edited_sequence_until_somebody_decides(office: Office) -> None:
    assert edited(office) == []
    diff = edit(office, **{"offer.es": "Hola.\n"})
    assert edited(office) == [("short", 2)]
    keep_for_new(office.engine, diff, diff.hash, by="wang")
    assert edited(office) == []
    diff = edit(office, offer="Hello,\n\nnew words.\n")
    assert edited(office) == [("short", 2)]
    apply(office, diff)
    assert edited(office) == []


def test_only_new_leaves_those_who_run_it_as_they_are(office: Office) -> None:
    before = office.enrollments()
    diff = edit(office, offer="Hello,\n\nnew words.\n")
    keep_for_new(office.engine, diff, diff.hash, by="wang")
    assert office.enrollments() == before
    office.add_contact("new@luso.example")
    office.enroll("new@luso.example")
    assert office.enrollments()[-1].version_hash == diff.new.hash
