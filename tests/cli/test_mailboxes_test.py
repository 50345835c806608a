"""`mailboxes test`: a real mail through real servers, each finding a line with its mend."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from sequencer.cli.session import Session
from sequencer.clock import Clock, VirtualClock
from sequencer.config import SecretRef
from sequencer.core.enrollment import EnrollmentState
from sequencer.core.inbound import VerdictKind
from tests.cli.command_line import Ran, run
from tests.flows.office import MONDAY
from tests.flows.post_office import WANG, PostOffice, post_office
from tests.servers.provider import PASSWORD, Files


class Shifted(VirtualClock):
    """Another clock that shows a different time."""

    def __init__(self, clock: Clock, by: timedelta) -> None:
        super().__init__(MONDAY)
        self._other, self._by = clock, by

    def now(self):  # type: ignore[no-untyped-def]
        return self._other.now() + self._by


def session_of(post: PostOffice, **mailbox: object) -> Session:
    """The command line in that office's workspace."""
    office = post.office
    (office.root / "password").write_text(PASSWORD, "utf-8")
    box = post.mailbox
    secret = SecretRef("file:password")
    servers = {"smtp": replace(box.smtp, password=secret)}
    if box.imap is not None:
        servers["imap"] = replace(box.imap, password=secret)
    box = replace(box, **(servers | mailbox))  # type: ignore[arg-type]
    others = tuple(one for one in office.engine.config.mailboxes if one.name != "wang")
    office.reconfigure(mailboxes=(box, *others))
    session = Session(workspace=str(office.root), acting=None, quiet=False, debug=False)
    session.__dict__.update(
        clock=office.clock, config=office.engine.config, store=office.engine.store, engine=office.engine
    )
    return session


def tried(post: PostOffice, *words: str, **mailbox: object) -> Ran:
    return run(session_of(post, **mailbox), "mailboxes", "test", "wang", *words)


def test_all_is_well_and_each_line_says_so(tmp_path: Path) -> None:
    with post_office(tmp_path, files=Files.AT_ONCE) as post:
        ran = tried(post)
        assert ran.code == 0
        lines = [line.split()[:2] for line in ran.out.splitlines()]
        abouts = ["imap", "folders", "smtp", "arrival", "clock", "sent"]
        assert lines == [["ok", about] for about in abouts]
        assert f"logged in as {WANG}" in ran.out
        assert "inbox = INBOX" in ran.out
        assert "sent = Sent" in ran.out
        assert "it is left there" in ran.out
        [lying] = post.host.imap.messages(WANG, "INBOX")
        assert lying.endswith(post.host.received[0][2])
        assert post.habit.files_sent is True


def test_the_document_has_stable_keys(tmp_path: Path) -> None:
    with post_office(tmp_path) as post:
        told = tried(post, "--json").document
        assert (told["result"], told["arrived_in"], told["provider_files_sent"]) == ("ok", "INBOX", False)
        assert (told["delivered_in_seconds"], told["clock_ahead_seconds"]) == (0.0, 0.0)
        assert {"name": "Junk", "role": "junk", "is_read": True, "messages": 0} in told["folders"]
        assert post.habit.files_sent is False


def test_a_mail_in_junk_is_a_warning_with_its_mend(tmp_path: Path) -> None:
    with post_office(tmp_path, files=Files.AT_ONCE) as post:
        post.host.delivers_to = "Junk"
        ran = tried(post)
        assert ran.code == 3
        assert "warn  arrival" in ran.out
        assert "SPF, DKIM and DMARC" in ran.out


def test_a_mail_that_does_not_come_fails_after_the_time_given(tmp_path: Path) -> None:
    with post_office(tmp_path, folders=("Junk", "Trash")) as post:
        post.host.delivers_to = "Trash"  # read by nobody
        started = post.office.clock.now()
        ran = tried(post, "--wait", "7")
        assert ran.code == 1
        assert "FAIL  arrival" in ran.out
        assert "within 7 s" in ran.out
        assert post.office.clock.now() - started == timedelta(seconds=7)
        assert post.habit.files_sent is None


def test_a_wrong_password_is_said_for_both_servers(tmp_path: Path) -> None:
    with post_office(tmp_path) as post:
        session = session_of(post)
        (tmp_path / "password").write_text("wrong", "utf-8")
        ran = run(session, "mailboxes", "test", "wang")
        assert ran.code == 1
        assert [line.split()[:2] for line in ran.out.splitlines()] == [["FAIL", "imap"], ["FAIL", "smtp"]]
        assert post.host.received == []


def test_a_clock_that_is_wrong_is_said(tmp_path: Path) -> None:
    with post_office(tmp_path, files=Files.AT_ONCE) as post:
        session = session_of(post)
        slow = Shifted(post.office.clock, timedelta(minutes=-5))
        session.__dict__["engine"] = replace(session.engine, clock=slow)
        ran = run(session, "mailboxes", "test", "wang")
        assert ran.code == 3
        assert "the server's clock is 300 s ahead of ours" in ran.out


def test_nobody_is_written_to_and_nothing_stands_in_the_outbox(tmp_path: Path) -> None:
    with post_office(tmp_path) as post:
        post.office.add_contact("ana@luso.example")
        post.office.enroll("ana@luso.example")
        tried(post)
        assert [to for _sender, to, _raw in post.host.received] == [WANG]
        assert [row.sending_at for row in post.office.rows()] == []


@pytest.mark.parametrize("files", [Files.AT_ONCE, Files.NEVER])
def test_the_daemon_takes_the_test_mail_for_nothing_even_of_a_rep_who_rehearses(
    tmp_path: Path, files: Files
) -> None:
    with post_office(tmp_path, files=files) as post:
        post.write_to(WANG)  # the rep is a contact: a mail by hand to this address would end the sequence
        post.tick(minutes=3)
        before = len(post.office.answers())
        assert tried(post).code == 0
        post.tick(minutes=3)
        [found, *more] = post.office.answers()[: len(post.office.answers()) - before]
        assert [one.kind for one in (found, *more)] == [VerdictKind.OTHER]
        assert {one.state for one in post.enrollments()} == {EnrollmentState.ACTIVE}
        marks = [message_from_bytes(raw)["Auto-Submitted"] for _s, _t, raw in post.host.received]
        assert marks == [None, "auto-generated"]


def test_a_mailbox_read_by_another_sends_there_and_says_that_no_copy_is_kept(tmp_path: Path) -> None:
    with post_office(tmp_path) as post:
        session = session_of(post)
        wang = post.office.engine.config.mailbox("wang")
        assert wang is not None
        li = replace(wang, name="li", address=WANG, imap=None, replies_in="wang")
        post.office.reconfigure(mailboxes=(wang, li))
        session.__dict__.update(config=post.office.engine.config, engine=post.office.engine)
        ran = run(session, "mailboxes", "test", "li")
        assert ran.code == 0
        assert "no [mailboxes.imap] of its own" in ran.out


def test_an_unknown_mailbox_is_a_wrong_call(tmp_path: Path) -> None:
    with post_office(tmp_path) as post:
        ran = run(session_of(post), "mailboxes", "test", "wnag")
        assert ran.code == 2
        assert post.host.received == []
