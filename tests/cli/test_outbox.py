"""`outbox`: seen, edited, approved and settled, on a real workspace."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from sequencer.core.enrollment import EnrollmentState, FinishReason, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.store import enrollments, mailboxes, outbox, schema
from sequencer.testing import DROP, a_config
from tests.cli.command_line import Ran, run
from tests.firm import Firm

ANA = "ana@luso.example"


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """Ana's first message waits for approval."""
    firm = Firm(tmp_path, approve="always")
    firm.enroll(ANA)
    firm.tick()
    return firm


@pytest.fixture
def unsure(tmp_path: Path) -> Firm:
    """The server took Ana's first message, or not: the line broke at the final dot."""
    firm = Firm(tmp_path)
    firm.enroll(ANA)
    firm.courier.fail("DOT", DROP, is_kept=False)
    firm.tick()
    assert firm.message(1).state is OutboxState.UNSURE
    return firm


def edit_with(firm: Firm, tmp_path: Path, script: str) -> Ran:
    """`outbox edit 1` with an editor that is this Python script (the file is `path`)."""
    editor = tmp_path / "editor.py"
    editor.write_text(f"import pathlib, sys\npath = pathlib.Path(sys.argv[1])\n{script}\n", "utf-8")
    return run(firm.session, "outbox", "edit", "1", env={"EDITOR": f"{sys.executable} {editor}"})


def test_the_list_says_why_each_message_waits(firm: Firm) -> None:
    ran = run(firm.session, "outbox", "list", "--json")
    (message,) = ran.document["messages"]
    assert (message["id"], message["state"], message["contact"]) == (1, "awaiting_approval", ANA)
    assert message["reason"] == "waits for approval"
    assert message["due_at"] == "2026-03-02T12:00:00Z"
    assert ran.document["total"] == 1


def test_the_list_shows_open_ends_only_unless_asked(firm: Firm) -> None:
    run(firm.session, "outbox", "approve", "1")
    firm.tick()
    assert run(firm.session, "outbox", "list", "--json").document["messages"] == []
    assert run(firm.session, "outbox", "list", "--all", "--json").document["total"] == 1
    assert run(firm.session, "outbox", "list", "--state", "sent", "--json").document["total"] == 1
    assert run(firm.session, "outbox", "list", "--unsure", "--json").document["total"] == 0


def test_the_list_is_cut_and_says_so(tmp_path: Path) -> None:
    firm = Firm(tmp_path, approve="always")
    firm.enroll(ANA, "bo@nord.example", "cy@nord.example")
    firm.tick()
    ran = run(firm.session, "outbox", "list", "--limit", "2")
    assert len(ran.out.splitlines()) == 3
    assert "2 of 3 messages" in ran.err
    only = run(firm.session, "outbox", "list", "--contact", "bo@nord.example", "--json")
    assert [one["contact"] for one in only.document["messages"]] == ["bo@nord.example"]


def test_a_list_for_nobody_we_know_is_a_fault(firm: Firm) -> None:
    ran = run(firm.session, "outbox", "list", "--contact", "eve@nowhere.example")
    assert ran.code == 2
    assert "there is no contact 'eve@nowhere.example'" in ran.err


def test_show_tells_the_message_and_every_gate_that_keeps_it(firm: Firm) -> None:
    with firm.store.write() as tx:
        mailboxes.pause(tx, ["wang"], "quota is full", firm.clock.now())
    ran = run(firm.session, "outbox", "show", "1")
    assert "Subject:     Garden tools for Luso Tools Lda" in ran.out
    assert "the 10*20*30 cm box is new." in ran.out
    assert "waits for approval" in ran.out
    assert "the mailbox is paused: quota is full" in ran.out
    shown = run(firm.session, "outbox", "show", "1", "--json").document
    assert shown["waits"] == ["waits for approval", "the mailbox is paused: quota is full"]
    assert shown["message_id"] is None


def test_show_names_the_rehearsal_list_and_an_unread_inbox(tmp_path: Path) -> None:
    firm = Firm(tmp_path, a_config(only_to=("*@firm.example",)))
    firm.enroll(ANA)
    firm.tick()
    assert any(
        "rehearsal" in one for one in run(firm.session, "outbox", "show", "1", "--json").document["waits"]
    )


@pytest.mark.parametrize(
    "command", [("show", "9"), ("approve", "1", "9"), ("edit", "9"), ("resolve", "9", "--sent")]
)
def test_an_unknown_id_is_a_fault_and_changes_nothing(firm: Firm, command: tuple[str, ...]) -> None:
    ran = run(firm.session, "outbox", *command)
    assert ran.code == 2
    assert ran.err.startswith("Error: there is no message 9\nHint: ")
    assert firm.message(1).state is OutboxState.AWAITING_APPROVAL


def test_an_approved_message_leaves(firm: Firm) -> None:
    assert run(firm.session, "outbox", "approve", "1").out == "1 approved.\n"
    assert firm.message(1).is_approved
    firm.tick()
    assert firm.message(1).state is OutboxState.SENT


def test_approving_all_asks_first_and_no_means_no(firm: Firm) -> None:
    ran = run(firm.session, "outbox", "approve", "--all", answer="n\n")
    assert ran.code == 1
    assert ANA in ran.out
    assert firm.message(1).state is OutboxState.AWAITING_APPROVAL
    assert run(firm.session, "outbox", "approve", "--all", "--sequence", "other").out.startswith("No message")
    assert run(firm.session, "outbox", "approve", "--all", "--yes").out == "1 approved.\n"


def test_approving_what_left_already_says_so(firm: Firm) -> None:
    run(firm.session, "outbox", "approve", "1")
    firm.tick()
    ran = run(firm.session, "outbox", "approve", "1")
    assert ran.code == 1
    assert "message 1 is sent: it waits for no approval" in ran.err


def test_one_approved_and_one_not_needs_attention(firm: Firm) -> None:
    run(firm.session, "outbox", "approve", "1")
    firm.enroll("bo@nord.example")
    firm.tick()
    ran = run(firm.session, "outbox", "approve", "1", "2")
    assert (ran.code, ran.out) == (3, "1 approved.\n")


@pytest.mark.parametrize("words", [(), ("1", "--all"), ("1", "--sequence", "fair")])
def test_approve_wants_to_know_which(firm: Firm, words: tuple[str, ...]) -> None:
    assert run(firm.session, "outbox", "approve", *words).code == 2


def test_an_edited_text_is_sent_as_text_and_html_and_still_waits_for_approval(
    firm: Firm, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.md"
    mine.write_text("Dear Ana,\n\nsee you in **Porto**.\n", "utf-8")
    ran = run(firm.session, "outbox", "edit", "1", "--subject", "Porto", "--text-file", str(mine))
    assert ran.code == 0
    assert "sequencer outbox approve 1" in ran.out
    row = firm.message(1)
    assert (row.state, row.is_edited) == (OutboxState.AWAITING_APPROVAL, True)
    run(firm.session, "outbox", "approve", "1")
    firm.tick()
    (sent,) = firm.courier.received
    wire = b"".join(sent.pieces)
    assert b"Subject: Porto" in wire
    assert b"see you in Porto." in wire
    assert b"<strong>Porto</strong>" in wire


def test_the_editor_gets_the_message_and_its_changes_are_kept(firm: Firm, tmp_path: Path) -> None:
    script = (
        "text = path.read_text('utf-8').replace('Garden', 'Fine').replace('is new', 'is back')\n"
        "path.write_text(text, 'utf-8')"
    )
    ran = edit_with(firm, tmp_path, script)
    assert ran.code == 0
    row = firm.message(1)
    assert row.content.subject == "Fine tools for Luso Tools Lda"
    assert row.content.text == "Dear Ana,\n\nthe 10*20*30 cm box is back.\n\n- spades\n- rakes\n\nWang Lei\n"


def test_an_editor_closed_without_a_change_changes_nothing(firm: Firm, tmp_path: Path) -> None:
    before = firm.message(1)
    ran = edit_with(firm, tmp_path, "pass")
    assert ran.out == "Nothing was changed.\n"
    assert firm.message(1) == before


def test_a_new_subject_alone_keeps_the_text_as_it_was_rendered(firm: Firm) -> None:
    before = firm.message(1).content
    run(firm.session, "outbox", "edit", "1", "--subject", "Tools")
    after = firm.message(1).content
    assert (after.subject, after.text, after.html) == ("Tools", before.text, before.html)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--subject", ""), "the subject is empty"),
        (("--subject", "Re: our talk"), "begins with 'Re:'"),
        (("--subject", "a\nBcc: b@c.example"), "line break"),
        (("--text-file", "nowhere.md"), "no such file"),
    ],
)
def test_an_edit_that_cannot_be_sent_is_refused(firm: Firm, words: tuple[str, ...], fault: str) -> None:
    ran = run(firm.session, "outbox", "edit", "1", *words)
    assert ran.code == 2
    assert fault in ran.err
    assert not firm.message(1).is_edited


def test_an_edit_of_what_left_meanwhile_says_so_and_keeps_the_words(firm: Firm, tmp_path: Path) -> None:
    with firm.store.read() as tx:
        seen = outbox.by_id(tx, 1)
    assert seen is not None
    run(firm.session, "outbox", "approve", "1")
    firm.tick()
    ran = run(firm.session, "outbox", "edit", "1", "--subject", "Late")
    assert ran.code == 1
    assert "message 1 is sent: nothing to edit any more" in ran.err


def test_the_words_of_a_person_survive_a_message_that_leaves_while_they_write(
    firm: Firm, tmp_path: Path
) -> None:
    database = firm.workspace.database
    leave = (
        "import sqlite3\npath.write_text(path.read_text('utf-8').replace('new', 'old'), 'utf-8')\n"
        f"db = sqlite3.connect({str(database)!r})\n"
        "db.execute(\"update outbox set state='cancelled', attempt=attempt+1\"); db.commit(); db.close()"
    )
    ran = edit_with(firm, tmp_path, leave)
    assert ran.code == 1
    assert "it is cancelled by now" in ran.err
    kept = Path(ran.err.split("your text is kept in ")[1].splitlines()[0])
    assert "is old" in kept.read_text("utf-8")
    kept.unlink()


def test_a_file_without_its_subject_line_is_refused(firm: Firm, tmp_path: Path) -> None:
    ran = edit_with(firm, tmp_path, "path.write_text('Dear Ana,', 'utf-8')")
    assert ran.code == 2
    assert "the first line must begin with 'Subject:'" in ran.err
    Path(ran.err.split("your text is kept in ")[1].splitlines()[0]).unlink()


def test_a_sent_unsure_message_counts_from_when_it_left_and_the_sequence_goes_on(unsure: Firm) -> None:
    left_at = unsure.clock.now()
    unsure.later(hours=5)
    ran = run(unsure.session, "outbox", "resolve", "1", "--sent", "--yes")
    assert ran.code == 0
    row, enrollment = unsure.message(1), unsure.enrollment()
    assert (row.state, row.sent_at) == (OutboxState.SENT, left_at)
    assert (enrollment.state, enrollment.hold, enrollment.step) == (EnrollmentState.ACTIVE, None, "call")
    assert enrollment.next_at == left_at + timedelta(days=1)


def test_a_resend_is_the_same_message_once_more_and_no_second_one(unsure: Firm) -> None:
    message_id = unsure.message(1).headers
    ran = run(unsure.session, "outbox", "resolve", "1", "--resend", answer="y\n")
    assert ran.code == 0
    assert "gets it twice" in ran.err
    assert unsure.message(1).state is OutboxState.READY
    assert unsure.enrollment().prepare_at is None
    for _ in range(3):
        unsure.later(minutes=10)
        unsure.tick()
    (row,) = unsure.messages()
    assert (row.state, row.headers, row.attempt) == (OutboxState.SENT, message_id, 2)
    assert len(unsure.courier.received) == 1
    assert unsure.enrollment().step == "call"


def test_a_message_given_up_is_not_sent_and_the_next_step_comes(unsure: Firm) -> None:
    run(unsure.session, "outbox", "resolve", "1", "--not-sent", "--yes")
    unsure.later(minutes=10)
    unsure.tick()
    assert unsure.message(1).state is OutboxState.REFUSED
    assert unsure.courier.received == []
    assert unsure.enrollment().step == "call"


def test_resolve_says_what_it_does_and_no_means_no(unsure: Firm) -> None:
    ran = run(unsure.session, "outbox", "resolve", "1", "--sent", answer="n\n")
    assert ran.code == 1
    assert "counts as sent at 2026-03-02 20:00 (Asia/Shanghai)" in ran.err
    assert unsure.message(1).state is OutboxState.UNSURE


def test_resolve_wants_to_know_what_became_of_it(unsure: Firm) -> None:
    ran = run(unsure.session, "outbox", "resolve", "1")
    assert ran.code == 2
    assert "--sent, --resend or --not-sent" in ran.err


def test_only_an_unsure_message_can_be_resolved(firm: Firm) -> None:
    ran = run(firm.session, "outbox", "resolve", "1", "--resend", "--yes")
    assert ran.code == 1
    assert "message 1 is awaiting approval, not unsure" in ran.err


def test_nothing_is_resent_to_somebody_who_answered_meanwhile(unsure: Firm) -> None:
    with unsure.store.write() as tx:
        enrollments.finish(tx, unsure.enrollment(), FinishReason.REPLIED, unsure.clock.now())
    ran = run(unsure.session, "outbox", "resolve", "1", "--resend", "--yes")
    assert ran.code == 1
    assert "has finished (replied)" in ran.err
    assert run(unsure.session, "outbox", "resolve", "1", "--sent", "--yes").code == 0
    assert unsure.enrollment().finish_reason is FinishReason.REPLIED


def test_a_persons_own_hold_outlives_the_doubt(tmp_path: Path) -> None:
    firm = Firm(tmp_path)
    firm.enroll(ANA)
    firm.courier.fail("DOT", DROP)
    firm.tick()
    with firm.store.write() as tx:
        tx.execute(update(schema.enrollments).values(hold_reason="paused"))
    ran = run(firm.session, "outbox", "resolve", "1", "--sent", "--yes")
    assert "still held: paused" in ran.err
    hold = firm.enrollment().hold
    assert hold is not None
    assert hold.reason is HoldReason.PAUSED


def test_the_json_of_show_is_one_document_with_text_and_headers(unsure: Firm) -> None:
    shown = json.loads(run(unsure.session, "outbox", "show", "1", "--json").out)
    assert shown["message_id"].endswith("@firm.example>")
    assert shown["text"].startswith("Dear Ana,")
    assert shown["references"] == []
    assert shown["waits"][0].startswith("may have left or not")
