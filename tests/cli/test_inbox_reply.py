"""`inbox reply` as a rep types it: the editor, the preview, the question, and what is kept when it fails."""

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sequencer.cli.session import Session
from sequencer.config import Server
from tests.cli.command_line import Ran, run
from tests.e2e.stage import parsed
from tests.flows.answering import ANA, answered_office
from tests.flows.office import Office
from tests.servers.smtp_server import DROP, SmtpServer


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return answered_office(tmp_path / "w", "Yes, please send prices. \x1b]0;owned\x07")


@pytest.fixture
def session(office: Office, smtp: SmtpServer) -> Session:
    """The rep's session, its mailbox at a real server."""
    server = Server(host="127.0.0.1", port=smtp.port, security="none", username=None, password=None)
    boxes = tuple(replace(box, smtp=server, imap=None) for box in office.engine.config.mailboxes)
    office.reconfigure(mailboxes=boxes)
    session = Session(workspace=str(office.root), acting=None, quiet=False, debug=False)
    engine = office.engine
    session.__dict__.update(clock=office.clock, config=engine.config, store=engine.store, engine=engine)
    return session


def reply(session: Session, *words: str, writes: str | None = None, says: str | None = None) -> Ran:
    """The command, with an editor that puts `writes` above the draft."""
    return run(session, "inbox", "reply", *words, answer=says, env=editor(session, writes))


def editor(session: Session, writes: str | None) -> dict[str, str]:
    script = session.workspace.root.parent / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        f"file, words = pathlib.Path(sys.argv[1]), {writes!r}\n"
        "file.write_text(words + file.read_text('utf-8') if words is not None else '', 'utf-8')\n"
    )
    return {"VISUAL": f"{sys.executable} {script}", "EDITOR": "false"}


def draft(session: Session) -> Path:
    return session.workspace.root / "drafts" / "reply-1.md"


def test_the_draft_shows_what_is_answered_and_sends_none_of_it_but_the_quotation(
    session: Session, smtp: SmtpServer
) -> None:
    ran = reply(session, "1", writes="# Prices\n\nFrom *3 USD*.\n", says="y\n")
    assert ran.code == 0, ran.err
    assert ran.out.endswith(f"Sent to {ANA} from wang.\n")
    assert ran.out.startswith("From     wang@firm.example\nTo       ana@luso.example\nSubject  Re: Torque")
    [taken] = smtp.received
    text = parsed(taken.raw).get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[attr-defined]
    assert text.startswith("Prices\n\nFrom 3 USD.\n\nWang Lei\n\nOn 2026-03-02 12:30, Ana Silva <")
    assert text.endswith("> Yes, please send prices. ]0;owned\n")
    assert "#|" not in text
    assert not draft(session).parent.exists()


def test_what_the_editor_opens_on(session: Session) -> None:
    assert reply(session, "1", "--snippet", "thanks", "--dry-run", writes="").code == 0
    lines = draft(session).read_text("utf-8").splitlines()
    assert lines[:6] == [
        *("Hi Ana,", "", "thank you for your answer. I will send you the details today.", "", "Wang Lei", "")
    ]
    assert lines[6] == "#| Lines that begin with #| are not sent. An empty answer sends nothing."
    assert lines[-1] == "#| Yes, please send prices. ]0;owned"


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps other rights")
def test_a_no_keeps_the_draft_for_its_owner_and_offers_it_again(session: Session, smtp: SmtpServer) -> None:
    with pytest.raises(SystemExit):
        raise SystemExit(reply(session, "1", writes="First words.\n", says="n\n").code)
    assert stat.S_IMODE(draft(session).stat().st_mode) == 0o600
    assert smtp.received == []
    again = reply(session, "1", "--yes", writes="More. ")
    assert f"Your draft in {draft(session)} is opened again" in again.err
    assert b"More. First words." in smtp.received[0].raw


def test_an_empty_draft_and_a_signature_alone_send_nothing(session: Session, smtp: SmtpServer) -> None:
    for writes in (None, ""):
        ran = reply(session, "1", "--yes", writes=writes)
        assert (ran.code, ran.out) == (0, "")
        assert "Nothing was written, nothing was sent." in ran.err
    assert smtp.received == []
    assert not draft(session).exists()


def test_a_failure_keeps_the_words_and_says_where(session: Session, smtp: SmtpServer) -> None:
    smtp.fail("RCPT", "550 5.1.1 no such user")
    ran = reply(session, "1", "--yes", writes="Words. ")
    assert ran.code == 1
    assert "the answer to ana@luso.example was refused: RCPT: 550 5.1.1 no such user" in ran.err
    assert f"Your text is kept in {draft(session)}" in ran.err
    assert "Words." in draft(session).read_text("utf-8")


def test_a_piped_text_is_signed_and_kept_when_it_fails(session: Session, smtp: SmtpServer) -> None:
    smtp.fail("DOT", "451 4.7.1 later")
    ran = reply(session, "1", "--text", "-", "--yes", says="Piped words.\n")
    assert (ran.code, "did not leave: the server takes it later" in ran.err) == (1, True)
    assert draft(session).read_text("utf-8") == "Piped words.\n\nWang Lei\n"
    assert reply(session, "1", "--text", "-", "--yes", says="Piped words.\n").code == 0
    assert b"Piped words.\r\n\r\nWang Lei\r\n" in smtp.received[0].raw
    assert not draft(session).exists()


def test_a_file_a_snippet_and_an_attachment_as_json(session: Session, smtp: SmtpServer) -> None:
    text = session.workspace.root / "mine.md"
    text.write_text("See the list.\n\nWang Lei\n", "utf-8")
    (session.workspace.assets / "list.csv").write_text("a,b\n", "utf-8")
    words = ("1", "--text", str(text), "--snippet", "thanks", "--attach", "list.csv", "--json")
    shown = reply(session, *words, "--dry-run").document
    assert (shown["state"], shown["message_id"], smtp.received) == ("dry_run", None, [])
    done = reply(session, *words, "--yes").document
    assert (done["state"], done["reply"], done["to"]) == ("sent", 1, ANA)
    assert done["attachments"] == [{"name": "list.csv", "bytes": 4}]
    assert done["text"].startswith("Hi Ana,\n\nthank you")
    assert done["text"].count("Wang Lei") == 1
    assert done["message_id"].encode() in smtp.received[0].raw


def test_a_second_answer_is_not_sent_unless_it_is_asked_for(session: Session, smtp: SmtpServer) -> None:
    assert reply(session, "1", "--text", "-", "--yes", says="One.\n").code == 0
    ran = reply(session, "1", "--text", "-", "--yes", says="Two.\n")
    assert (ran.code, "message 1 was answered by wang at 2026-03-02T15:30Z" in ran.err) == (1, True)
    assert "`sequencer inbox reply 1 --again`" in ran.err
    assert len(smtp.received) == 1
    assert reply(session, "1", "--text", "-", "--yes", "--again", says="Two.\n").code == 0
    assert len(smtp.received) == 2


def test_one_in_doubt_is_told_and_not_sent_again(session: Session, smtp: SmtpServer) -> None:
    smtp.fail("DOT", DROP, is_kept=True)
    ran = reply(session, "1", "--text", "-", "--yes", says="One.\n")
    assert (ran.code, "may have left or not" in ran.err) == (3, True)
    again = reply(session, "1", "--text", "-", "--yes", says="One.\n")
    assert (again.code, "may have left at" in again.err, len(smtp.received)) == (3, True, 1)


def test_show_has_the_answer_and_list_no_longer_waits(session: Session) -> None:
    assert reply(session, "1", "--text", "-", "--yes", says="One.\n").code == 0
    shown = run(session, "inbox", "show", "1")
    assert "answer 1 by wang, 2026-03-02 15:30, sent\n\nOne.\n\nWang Lei\n" in shown.out
    assert [one["state"] for one in run(session, "inbox", "show", "1", "--json").document["replies"]] == [
        "sent"
    ]
    [listed] = run(session, "inbox", "list", "--json").document["messages"]
    assert (listed["minutes_waiting"], listed["answered_at"]) == (None, "2026-03-02T15:30:00Z")


def test_snippets_are_listed_with_their_languages(session: Session) -> None:
    rows = [line.split("\t") for line in reply(session, "--snippets").out.splitlines()]
    assert rows[0] == ["snippet", "languages", "begins"]
    assert ["thanks", "es zh", "Hi {{ contact.first_name or 'there' }},"] in rows


def test_an_unknown_snippet_and_a_missing_file_are_named(session: Session) -> None:
    ran = reply(session, "1", "--snippet", "thank", "--dry-run", writes="")
    assert (ran.code, "there is no snippet 'thank'" in ran.err, "thanks" in ran.err) == (2, True, True)
    assert "there is no such file" in reply(session, "1", "--attach", "no.pdf", "--dry-run", writes="").err


def test_what_cannot_be_a_mail_is_said_before_the_question(session: Session) -> None:
    ran = reply(session, "1", "--text", "-", says="![photo](https://x.example/p.png)\n")
    assert (ran.code, "in the answer: the text has an image in it" in ran.err) == (2, True)


def test_a_field_in_a_reps_own_words_never_reaches_a_buyer(session: Session, smtp: SmtpServer) -> None:
    ran = reply(session, "1", "--text", "-", "--yes", says="Dear {{ contact.frist_name }},\n\nyes.\n")
    assert (ran.code, smtp.received) == (2, [])
    assert "in the answer: it says {{ contact.frist_name }}, which would leave as it stands" in ran.err


def test_a_server_that_is_away_is_named_and_no_other_try_is_promised(
    session: Session, office: Office
) -> None:
    away = Server(host="127.0.0.1", port=1, security="none", username=None, password=None)
    boxes = tuple(replace(box, smtp=away) for box in session.config.mailboxes)
    office.reconfigure(mailboxes=boxes)
    session.__dict__.update(config=office.engine.config, engine=office.engine)
    ran = reply(session, "1", "--yes", writes="Yes.\n")
    assert ran.code == 1
    assert "did not leave: wang: 127.0.0.1:1 cannot be reached: Connection refused" in ran.err
    assert "tick" not in ran.err
    assert "`sequencer inbox reply 1` opens it again" in ran.err


def test_a_draft_whose_words_left_after_all_is_not_offered_again(
    session: Session, smtp: SmtpServer, office: Office
) -> None:
    from sqlalchemy import update

    from sequencer.store.schema import replies

    smtp.fail("DOT", DROP, is_kept=True)
    assert reply(session, "1", "--yes", writes="Words. ").code == 3
    assert draft(session).is_file()
    with office.engine.store.write() as tx:
        tx.execute(update(replies).values(state="sent", sent_at=replies.c.sending_at))
    ran = reply(session, "1", "--yes", "--again", writes="Other words. ")
    assert (ran.code, "opened again" in ran.err) == (0, False)
    assert b"Words. Wang" not in smtp.received[1].raw


def test_what_was_written_by_hand_meanwhile_is_said(session: Session, office: Office) -> None:
    from sequencer.core.inbound import VerdictKind
    from tests.cli.test_inbox import add

    add(session, 9, VerdictKind.HAND_WRITTEN, hours=5)
    ran = reply(session, "1", "--text", "-", "--yes", says="One.\n")
    assert (ran.code, "was written to by hand at 2026-03-02 14:30, as Sent shows" in ran.err) == (0, True)
