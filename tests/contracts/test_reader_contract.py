"""What every MailReader must do: the same tests over the fake, the in-process host and Dovecot."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol, cast
from uuid import uuid4

import pytest

from sequencer.config import Server
from sequencer.core.ports import Cursor, FolderBatch, FolderRole, MailReader, RawMail
from sequencer.demo.imap_host import ImapHost
from sequencer.mail.imap import ImapReader
from sequencer.testing import FakeMailbox, RecordingReader
from tests.servers.dovecot import Dovecot, dovecot

__all__ = ["dovecot"]  # a fixture
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Box(Protocol):
    """The server's side of a mailbox."""

    def append(self, folder: str, raw: bytes, received_at: datetime | None = None) -> int: ...
    def add_folder(self, folder: str) -> None: ...
    def delete(self, folder: str, uid: int) -> None: ...
    def renumber(self, folder: str) -> None: ...


class HostBox:
    """The mailbox of one user on a real IMAP server."""

    def __init__(self, host: ImapHost | Dovecot, user: str) -> None:
        self.host = host
        self.user = user

    def append(self, folder: str, raw: bytes, received_at: datetime | None = None) -> int:
        return self.host.append(self.user, folder, raw, received_at)

    def add_folder(self, folder: str) -> None:
        self.host.add_folder(self.user, folder)

    def delete(self, folder: str, uid: int) -> None:
        self.host.delete(self.user, folder, uid)

    def renumber(self, folder: str) -> None:
        self.host.renumber(self.user, folder)


class Reading:
    """A mailbox, a reader of it, and the cursors that the flow would keep."""

    def __init__(self, box: Box, reader: MailReader) -> None:
        self.box = box
        self.reader = reader
        self.cursors: dict[str, Cursor] = {}

    def read(self, since: datetime | None = None) -> list[RawMail]:
        return [mail for batch in self.batches(since) for mail in batch.mails]

    def batches(self, since: datetime | None = None) -> list[FolderBatch]:
        got = []
        for batch in self.reader.read_new(list(self.cursors.values()), since):
            self.cursors[batch.cursor.folder] = batch.cursor
            got.append(batch)
        return got


@pytest.fixture
def fake() -> Reading:
    mailbox = FakeMailbox()
    mailbox.add_folder("已处理")
    return Reading(mailbox, RecordingReader(mailbox))


@pytest.fixture
def in_process() -> Iterator[Reading]:
    with ImapHost({"wang": "secret"}) as host:
        yield from reading_of(host, "wang")
        session = {"CAPABILITY", "LOGIN", "ID", "LOGOUT"}
        allowed = session | {"LIST", "STATUS", "EXAMINE", "FETCH", "UID FETCH", "UNSELECT", "CLOSE"}
        asked = {command if command == "UID FETCH" else command.split()[0] for command in host.commands}
        assert asked <= allowed, asked - allowed


@pytest.fixture
def on_dovecot(dovecot: Dovecot) -> Iterator[Reading]:
    user = f"wang{uuid4().hex}"
    dovecot.add_user(user, "secret")
    yield from reading_of(dovecot, user)


def reading_of(host: ImapHost | Dovecot, user: str) -> Iterator[Reading]:
    """A reader of the user's mailbox, which afterwards holds nothing that is marked as read."""
    server = Server(host=host.host, port=host.port, security="none", username=user, password=None)
    reader = ImapReader(server, lambda: "secret", "wang@ourfirm.example")
    yield Reading(HostBox(host, user), reader)
    for folder in ("INBOX", "Sent", "已处理"):
        assert set().union(*host.flags(user, folder).values()) == set()
    reader.close()


@pytest.fixture(params=["fake", "in_process", "on_dovecot"])
def reading(request: pytest.FixtureRequest) -> Reading:
    return cast(Reading, request.getfixturevalue(request.param))


def a_mail(number: int, body: bytes = b"Yes, please send the price list.\r\n") -> bytes:
    return b"From: ana@lusotools.example\r\nMessage-ID: <%d@lusotools.example>\r\n\r\n%b" % (number, body)


def test_the_first_read_without_a_date_fetches_nothing_and_gives_every_folder_a_cursor(
    reading: Reading,
) -> None:
    reading.box.append("INBOX", a_mail(1))
    batches = reading.batches()
    assert [mail for batch in batches for mail in batch.mails] == []
    assert {"INBOX", "Junk", "Sent", "已处理"} <= {batch.cursor.folder for batch in batches}
    assert all(batch.was_reset for batch in batches)
    assert reading.read() == []


def test_a_read_before_any_mail_came_sees_the_first_mail_that_comes(reading: Reading) -> None:
    reading.read()
    reading.box.append("INBOX", a_mail(1))
    assert [mail.raw for mail in reading.read()] == [a_mail(1)]


def test_the_first_read_with_a_date_fetches_what_came_in_that_second_or_later(reading: Reading) -> None:
    for second, number in ((-1, 1), (0, 2), (1, 3)):
        reading.box.append("INBOX", a_mail(number), MONDAY + timedelta(seconds=second))
    got = reading.read(since=MONDAY + timedelta(microseconds=700_000))
    assert [mail.raw for mail in got] == [a_mail(2), a_mail(3)]


def test_new_mail_is_read_once_and_in_the_order_of_its_uids(reading: Reading) -> None:
    reading.read()
    uids = [
        reading.box.append("INBOX", a_mail(number), MONDAY - timedelta(days=number)) for number in range(5)
    ]
    got = reading.read()
    assert [mail.uid for mail in got] == uids == sorted(uids)
    assert [mail.raw for mail in got] == [a_mail(number) for number in range(5)]
    assert reading.read() == []


def test_mail_that_comes_between_two_reads_is_in_the_second(reading: Reading) -> None:
    reading.read()
    for number in range(3):
        reading.box.append("INBOX", a_mail(number))
        assert [mail.raw for mail in reading.read()] == [a_mail(number)]


def test_mail_that_comes_while_a_read_is_under_way_is_read_now_or_next_and_once(reading: Reading) -> None:
    reading.read()
    reading.box.append("INBOX", a_mail(1))
    got: list[RawMail] = []
    for batch in reading.reader.read_new(list(reading.cursors.values()), None):
        if not got:
            reading.box.append("INBOX", a_mail(2))
            reading.box.append("已处理", a_mail(3))
        reading.cursors[batch.cursor.folder] = batch.cursor
        got += batch.mails
    got += reading.read()
    assert sorted(mail.raw for mail in got) == [a_mail(1), a_mail(2), a_mail(3)]


def test_the_bytes_of_a_message_are_exactly_those_of_the_server(reading: Reading) -> None:
    awkward = [
        a_mail(1, b""),
        a_mail(2, "价格表 — già letto".encode() + b"\r\n"),
        a_mail(3, bytes(range(1, 10)) + b"\x0b\x0c\xff\xfe) FLAGS (\\Seen)\r\n* 1 FETCH (UID 9)\r\n"),
        a_mail(4, b"no newline at the end"),
        a_mail(5, b".\r\n..\r\n" + b"x" * 5000 + b"\r\n"),
    ]
    reading.read()
    for raw in awkward:
        reading.box.append("INBOX", raw)
    assert [mail.raw for mail in reading.read()] == awkward


def test_the_date_is_the_servers_in_utc(reading: Reading) -> None:
    reading.read()
    beijing = timezone(timedelta(hours=8))
    reading.box.append("INBOX", a_mail(1), datetime(2026, 3, 2, 17, 30, 5, tzinfo=beijing))
    [mail] = reading.read()
    assert mail.received_at == datetime(2026, 3, 2, 9, 30, 5, tzinfo=UTC)
    assert mail.received_at.utcoffset() == timedelta(0)


def test_every_folder_is_read_the_inbox_first(reading: Reading) -> None:
    reading.box.add_folder("Customers")
    reading.read()
    for number, folder in enumerate(("Customers", "已处理", "Sent", "Junk", "INBOX")):
        reading.box.append(folder, a_mail(number))
    batches = reading.batches()
    assert batches[0].cursor.folder == "INBOX"
    got = {mail.folder: mail.role for batch in batches for mail in batch.mails}
    assert got == {
        "INBOX": FolderRole.INBOX,
        "Junk": FolderRole.JUNK,
        "Sent": FolderRole.SENT,
        "已处理": FolderRole.OTHER,
        "Customers": FolderRole.OTHER,
    }


def test_a_folder_made_after_the_first_read_is_read_by_date(reading: Reading) -> None:
    reading.read()
    reading.box.add_folder("Moved by a rule")
    reading.box.append("Moved by a rule", a_mail(1), MONDAY - timedelta(days=1))
    reading.box.append("Moved by a rule", a_mail(2), MONDAY)
    assert [mail.raw for mail in reading.read(since=MONDAY)] == [a_mail(2)]


def test_a_new_uid_validity_means_reading_again_by_date(reading: Reading) -> None:
    reading.read()
    reading.box.append("已处理", a_mail(1), MONDAY - timedelta(days=1))
    reading.box.append("已处理", a_mail(2), MONDAY)
    assert len(reading.read()) == 2
    reading.box.renumber("已处理")
    batches = [batch for batch in reading.batches(since=MONDAY) if batch.cursor.folder == "已处理"]
    assert [(mail.raw, batch.was_reset) for batch in batches for mail in batch.mails] == [(a_mail(2), True)]
    reading.box.append("已处理", a_mail(3), MONDAY)
    assert [mail.raw for mail in reading.read(since=MONDAY)] == [a_mail(3)]


def test_many_messages_come_in_batches_whose_cursors_can_be_kept_one_by_one(reading: Reading) -> None:
    reading.read()
    for number in range(250):
        reading.box.append("INBOX", a_mail(number))
    seen: list[RawMail] = []
    for batch in reading.reader.read_new(list(reading.cursors.values()), None):
        assert len(batch.mails) <= 100
        reading.cursors[batch.cursor.folder] = batch.cursor
        seen += batch.mails
        if len(seen) >= 100:
            break  # the program ends here; the cursors so far are stored
    seen += reading.read()
    assert [mail.raw for mail in seen] == [a_mail(number) for number in range(250)]
    assert reading.read() == []


def test_a_deleted_message_leaves_no_gap_and_no_failure(reading: Reading) -> None:
    reading.read()
    uids = [reading.box.append("INBOX", a_mail(number)) for number in range(4)]
    reading.box.delete("INBOX", uids[1])
    reading.box.delete("INBOX", uids[3])
    assert [mail.raw for mail in reading.read()] == [a_mail(0), a_mail(2)]
    assert reading.read() == []
    reading.box.append("INBOX", a_mail(4))
    assert [mail.raw for mail in reading.read()] == [a_mail(4)]


def test_a_reader_that_was_closed_reads_on_when_asked_again(reading: Reading) -> None:
    reading.read()
    reading.box.append("INBOX", a_mail(1))
    reading.reader.close()
    assert [mail.raw for mail in reading.read()] == [a_mail(1)]
