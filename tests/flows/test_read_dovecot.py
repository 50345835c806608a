"""Reading a real Dovecot into the database: mail that moves, repeats itself, or lies among a great many."""

import imaplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from imapclient import IMAPClient

from sequencer.config import Server
from sequencer.core.inbound import VerdictKind
from sequencer.flows.read import read_mailbox
from sequencer.mail import imap_sweep
from sequencer.mail.imap import ImapReader
from tests.flows.office import MONDAY, Office
from tests.servers.dovecot import Dovecot, dovecot

__all__ = ["dovecot"]
ANA = "ana@luso.example"


@dataclass(kw_only=True)
class Reading:
    """Ana was written to; her answers come into a mailbox on Dovecot."""

    office: Office
    host: Dovecot
    user: str
    reader: ImapReader

    def read(self) -> int:
        mailbox = self.office.engine.config.mailbox("wang")
        assert mailbox is not None
        result = read_mailbox(self.office.engine, mailbox, self.reader)
        assert result.failure is None, result.failure
        return result.recorded

    def kinds(self) -> list[tuple[VerdictKind, str]]:
        return [(one.kind, one.folder) for one in self.office.answers()]

    def move(self, uid: int, source: str, target: str) -> None:
        client = IMAPClient(self.host.host, self.host.port, ssl=False)
        client.login(self.user, "secret")
        client.select_folder(source)
        client.move([uid], target)
        client.logout()


@pytest.fixture(params=["every folder opened anew", "INBOX kept open"])
def reading(
    request: pytest.FixtureRequest, dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Reading]:
    """In both ways in which a folder is looked at: a small one, and one as large as those kept open."""
    if request.param == "INBOX kept open":
        monkeypatch.setattr(imap_sweep, "LARGE", 0)
    office = Office(tmp_path / "ws")
    office.add_contact(ANA)
    office.enroll(ANA)
    office.tick()
    user = f"wang{uuid4().hex}"
    dovecot.add_user(user, "secret")
    server = Server(host=dovecot.host, port=dovecot.port, security="none", username=user, password=None)
    reader = ImapReader(server, lambda: "secret", "wang")
    yield Reading(office=office, host=dovecot, user=user, reader=reader)
    reader.close()


def an_answer(number: int = 1) -> bytes:
    return (
        f"From: {ANA}\r\nTo: wang@firm.example\r\nSubject: Re: wrenches {number}\r\n"
        f"Message-ID: <{number}@luso.example>\r\n\r\nPlease call me.\r\n"
    ).encode()


def test_mail_that_a_rule_moves_between_two_reads_is_recorded_once_wherever_it_lies(reading: Reading) -> None:
    reading.read()
    uid = reading.host.append(reading.user, "INBOX", an_answer(), MONDAY)
    assert reading.read() == 1
    reading.move(uid, "INBOX", "已处理")
    assert reading.read() == 0
    assert reading.kinds() == [(VerdictKind.REPLY, "INBOX")]


def test_mail_that_was_moved_before_the_first_look_is_found_where_it_lies(reading: Reading) -> None:
    reading.read()
    uid = reading.host.append(reading.user, "INBOX", an_answer(), MONDAY)
    reading.move(uid, "INBOX", "已处理")
    assert reading.read() == 1
    assert reading.kinds() == [(VerdictKind.REPLY, "已处理")]
    assert reading.read() == 0


def test_copies_of_one_message_in_many_folders_are_one(reading: Reading) -> None:
    reading.host.add_folder(reading.user, "Label one")
    for folder in ("INBOX", "已处理", "Label one", "Junk"):
        reading.host.append(reading.user, folder, an_answer(), MONDAY)
    assert reading.read() == 1


def test_a_new_uid_validity_records_nothing_twice(reading: Reading) -> None:
    reading.read()
    reading.host.append(reading.user, "已处理", an_answer(), MONDAY)
    assert reading.read() == 1
    reading.host.renumber(reading.user, "已处理")
    assert reading.read() == 0
    reading.host.append(reading.user, "已处理", an_answer(2), MONDAY)
    assert reading.read() == 1


def test_the_first_look_at_a_large_mailbox_takes_what_came_since_the_first_enrollment_wherever_it_lies(
    reading: Reading,
) -> None:
    """4,000 old ones, an answer in their middle (its mailbox was moved here), one at the end."""
    fill(reading, 2_500)
    reading.host.append(reading.user, "INBOX", an_answer(1), MONDAY + timedelta(hours=1))
    fill(reading, 1_500)
    reading.host.append(reading.user, "INBOX", an_answer(2), MONDAY + timedelta(hours=2))
    batches = list(reading.reader.read_new([], MONDAY))
    fetched = [mail.uid for batch in batches for mail in batch.mails]
    assert fetched == [2_501, 4_002]
    assert reading.read() == 2
    reading.host.append(reading.user, "INBOX", an_answer(3), MONDAY + timedelta(hours=3))
    assert reading.read() == 1


def fill(reading: Reading, count: int) -> None:
    """Mail from before anybody was enrolled, in one command (MULTIAPPEND)."""
    imap = imaplib.IMAP4(reading.host.host, reading.host.port)
    imap.login(reading.user, "secret")
    old = imaplib.Time2Internaldate(datetime(2024, 1, 1, tzinfo=UTC)).encode()
    raw = b"From: news@shop.example\r\nSubject: Offer\r\n\r\nBuy.\r\n"
    parts = (b" () " + old + b" {%d+}\r\n" % len(raw) + raw for _ in range(count))
    tag = imap._new_tag()  # type: ignore[attr-defined]
    imap.send(tag + b" APPEND INBOX" + b"".join(parts) + b"\r\n")
    while not (line := imap.readline()).startswith(tag):
        assert line
    assert b" OK " in line
    imap.logout()


def test_a_large_inbox_stays_open_and_is_asked_for_nothing_but_its_news(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_sweep, "LARGE", 0)
    user = f"wang{uuid4().hex}"
    dovecot.add_user(user, "secret")
    server = Server(host=dovecot.host, port=dovecot.port, security="none", username=user, password=None)
    reader = ImapReader(server, lambda: "secret", "wang")
    cursors = {batch.cursor.folder: batch.cursor for batch in reader.read_new([], None)}

    def read(*, stops_at: int | None = None) -> list[int]:
        found: list[int] = []
        for batch in reader.read_new(list(cursors.values()), None):
            found += [mail.uid for mail in batch.mails]
            if batch.mails and stops_at is not None:
                break  # the batch could not be written: its cursor stands where it was
            cursors[batch.cursor.folder] = batch.cursor
        return found

    connection = reader.kept.resting()
    assert connection is not None
    assert connection.held is not None
    examined: list[str] = []
    examine = connection.examine
    monkeypatch.setattr(connection, "examine", lambda folder: examined.append(folder.name) or examine(folder))
    for number in range(3):
        assert read() == []
        uid = dovecot.append(user, "INBOX", an_answer(number))
        assert read() == [uid]
    assert examined == []
    uid = dovecot.append(user, "INBOX", an_answer(7))
    assert read(stops_at=uid) == [uid]
    assert read() == [uid], "what was not written is read again"
    other = dovecot.append(user, "已处理", an_answer(8))
    assert read() == [other]
    late = dovecot.append(user, "INBOX", an_answer(9))
    assert read() == [late]
    dovecot.delete(user, "INBOX", late)
    assert read() == []
    reader.close()
