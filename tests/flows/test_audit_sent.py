"""The audit against Sent: what lies there and should not, or twice, and who could not be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.config import Mailbox
from sequencer.core.ports import FolderRole, ReadFailure, SentHeads
from sequencer.flows.audit_sent import AgainstSent, SentCheck, against_sent
from sequencer.store.audit import Which
from sequencer.testing import FakeMailbox, RecordingSentHeads
from tests.flows.audited_office import BEN, EVA, a_campaign, another, change, happen, message, run_sql
from tests.flows.office import MONDAY, Office


@pytest.fixture(scope="module")
def as_it_went(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return a_campaign(tmp_path_factory.mktemp("campaign") / "ws")


@pytest.fixture
def office(as_it_went: Office, tmp_path: Path) -> Office:
    return another(as_it_went, tmp_path / "copy")


class Post:
    """Sent folders as the provider filed them: one copy of everything that it took."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.boxes = {name: FakeMailbox(office.clock) for name in ("wang", "li")}
        self.heads = {name: RecordingSentHeads(box) for name, box in self.boxes.items()}
        self.opened: list[str] = []
        for name, courier in office.couriers.items():
            for outgoing in courier.received:
                self.boxes[name].append("Sent", b"".join(outgoing.pieces))

    def file(self, row_id: int, folder: str = "Sent", mailbox: str = "wang") -> None:
        """One more copy of a message."""
        [row] = [row for row in self.office.rows() if row.id == row_id]
        message_id = row.headers.message_id if row.headers else f"<{row_id}@none.example>"
        self.boxes[mailbox].append(folder, f"Message-ID: {message_id}\r\n\r\nHello\r\n".encode())

    def compare(self, which: Which | None = None) -> AgainstSent:
        engine = self.office.engine

        @contextmanager
        def opened(mailbox: Mailbox) -> Iterator[SentHeads]:
            self.opened.append(mailbox.name)
            yield self.heads[mailbox.name]

        boxes = engine.config.mailboxes
        return against_sent(engine.store, boxes, opened, which or Which(), engine.clock.now())


def found(compared: AgainstSent) -> dict[SentCheck, list[int]]:
    findings: dict[SentCheck, list[int]] = {}
    for one in compared.findings:
        findings.setdefault(one.check, []).append(one.message)
    return findings


def test_what_the_provider_filed_agrees_and_a_resend_lies_there_twice_by_order(office: Office) -> None:
    post = Post(office)
    compared = post.compare()
    assert not compared.findings
    [looked] = compared.mailboxes
    assert (looked.mailbox, looked.heads, looked.ours, looked.failure) == ("wang", 9, 8, None)
    assert looked.since == MONDAY - timedelta(days=1)
    [note] = compared.notes
    assert f"message {message(office, EVA, 'intro')} lies in Sent of wang 2 times: a person ordered" in note


def test_a_message_that_lies_there_twice_is_found(office: Office) -> None:
    post = Post(office)
    twice = message(office, BEN, "offer")
    post.file(twice)
    assert found(post.compare()) == {SentCheck.TWICE: [twice]}


def test_a_copy_that_we_saved_beside_the_provider_s_is_a_note(office: Office) -> None:
    post = Post(office)
    twice = message(office, BEN, "offer")
    happen(office, twice, "copy_saving", "copy_saved")
    post.file(twice)
    compared = post.compare()
    assert not compared.findings
    assert any("one of the copies we put there" in note for note in compared.notes)


def test_a_copy_in_each_of_two_folders_is_a_note(office: Office) -> None:
    post = Post(office)
    post.boxes["wang"].add_folder("Sent Messages", FolderRole.SENT)
    post.file(message(office, BEN, "offer"), "Sent Messages")
    compared = post.compare()
    assert not compared.findings
    assert any("in Sent and Sent Messages, once in each" in note for note in compared.notes)


@pytest.mark.parametrize("state", ["ready", "cancelled", "refused", "deferred"])
def test_what_lies_there_though_its_row_says_that_it_did_not_leave_is_found(
    office: Office, state: str
) -> None:
    post = Post(office)
    left = message(office, BEN, "last")
    change(office, left, state=state, sent_at=None)
    [finding] = post.compare().findings
    assert (finding.check, finding.message, finding.contact) == (SentCheck.UNTOLD, left, 2)
    assert f"its row says {state}" in finding.words


def test_a_relay_s_own_id_is_known_as_ours(office: Office) -> None:
    post = Post(office)
    left = message(office, BEN, "last")
    change(office, left, wire_id="<relay@mx.example>", state="cancelled", sent_at=None)
    post.boxes["wang"].append("Sent", b"Message-ID: <relay@mx.example>\r\n\r\nHello\r\n")
    assert SentCheck.UNTOLD in found(post.compare())


def test_what_should_lie_there_and_does_not_is_said_and_no_finding(office: Office) -> None:
    post = Post(office)
    sent = post.boxes["wang"].folders["Sent"]
    gone = message(office, BEN, "offer")
    [row] = [row for row in office.rows() if row.id == gone]
    assert row.headers is not None
    head = f"Message-ID: {row.headers.message_id}".encode()
    sent.mails = [mail for mail in sent.mails if head not in mail.raw]
    assert post.compare().mailboxes[0].missing == ()
    run_sql(office, "UPDATE mailboxes SET files_sent = 1")
    compared = post.compare()
    assert compared.mailboxes[0].missing == (gone,)
    assert not compared.findings
    change(office, gone, sent_at=office.clock.now() - timedelta(minutes=59))
    assert post.compare().mailboxes[0].missing == ()


def test_a_mailbox_that_cannot_be_read_is_said_and_the_others_are_looked_at(office: Office) -> None:
    post = Post(office)
    change(office, message(office, BEN, "last"), mailbox="li")
    post.heads["wang"].failures = [ReadFailure("wang: mx:993 refused the password", "mend it")]
    compared = post.compare()
    assert post.opened == ["li", "wang"]
    [unreadable] = compared.unreadable
    assert unreadable.failure == "wang: mx:993 refused the password (mend it)"


def test_a_mailbox_that_is_not_configured_any_more_is_said(office: Office) -> None:
    post = Post(office)
    office.reconfigure(mailboxes=tuple(box for box in office.engine.config.mailboxes if box.name == "li"))
    [unreadable] = post.compare().unreadable
    assert "not in config.toml any more" in (unreadable.failure or "")


def test_only_mailboxes_that_sent_what_is_asked_for_are_dialled(office: Office) -> None:
    post = Post(office)
    assert post.compare(Which(mailbox="li")).mailboxes == ()
    assert not post.opened
    since = MONDAY + timedelta(days=8)
    assert post.compare(Which(since=since)).mailboxes[0].since > MONDAY
