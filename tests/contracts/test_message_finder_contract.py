"""What every MessageFinder must do: the same tests over the fake, the in-process host and Dovecot."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from sequencer.config import Server
from sequencer.core.ports import MessageFinder, RawMail, ReadFailure
from sequencer.demo.imap_host import ImapHost
from sequencer.mail.imap import ImapReader
from sequencer.mail.imap_finder import ImapFinder
from sequencer.testing import FakeMailbox, RecordingReader
from tests.contracts.mailboxes import a_user, reader_of, require_only_reads
from tests.flows.finding import FakeFinder
from tests.servers.dovecot import Dovecot, dovecot

__all__ = ["dovecot"]  # a fixture
MONDAY = datetime(2026, 3, 2, 9, 30, 5, tzinfo=UTC)


@dataclass
class Rig:
    finder: MessageFinder
    reader: RecordingReader | ImapReader
    append: Callable[[str, bytes, datetime], int]
    delete: Callable[[str, int], None]

    def read(self) -> list[RawMail]:
        """What a mailbox's reader makes of it: where messages lie."""
        since = MONDAY - timedelta(days=400)
        return [mail for batch in self.reader.read_new((), since) for mail in batch.mails]

    def find(self, mail: RawMail, message_id: str | None = "<2@luso.example>") -> bytes | None:
        return self.finder.find(mail.folder, mail.uid_validity, mail.uid, message_id, mail.received_at)


@pytest.fixture
def fake() -> Rig:
    box = FakeMailbox()
    box.add_folder("Clients")
    return Rig(FakeFinder(box), RecordingReader(box), box.append, box.delete)


@pytest.fixture
def in_process() -> Iterator[Rig]:
    with ImapHost({"wang": "secret"}) as host:
        yield from rig_of(host, "wang")
        require_only_reads(host)


@pytest.fixture
def on_dovecot(dovecot: Dovecot) -> Iterator[Rig]:
    yield from rig_of(dovecot, a_user(dovecot))


def rig_of(host: ImapHost | Dovecot, user: str) -> Iterator[Rig]:
    """A mailbox in which nothing is marked as read afterwards."""
    reader = reader_of(host, user)
    yield Rig(
        ImapFinder(reader.kept),
        reader,
        lambda folder, raw, at: host.append(user, folder, raw, at),
        lambda folder, uid: host.delete(user, folder, uid),
    )
    assert set().union(*host.flags(user, "INBOX").values(), *host.flags(user, "Junk").values()) == set()
    reader.close()


@pytest.fixture(params=["fake", "in_process", "on_dovecot"])
def rig(request: pytest.FixtureRequest) -> Rig:
    return cast(Rig, request.getfixturevalue(request.param))


def a_mail(number: int, words: str = "Hello") -> bytes:
    return (
        f"From: Ana <ana@luso.example>\r\nTo: wang@firm.example\r\nMessage-ID: <{number}@luso.example>\r\n"
        f"Subject: mail {number}\r\n\r\n{words}\r\n"
    ).encode()


def three(rig: Rig) -> RawMail:
    """The second of three messages in INBOX."""
    for number in (1, 2, 3):
        rig.append("INBOX", a_mail(number), MONDAY + timedelta(minutes=number))
    [found] = [mail for mail in rig.read() if b"<2@luso.example>" in mail.raw]
    return found


def test_a_message_is_found_where_it_was_read(rig: Rig) -> None:
    assert rig.find(three(rig)) == a_mail(2)


def test_without_an_id_it_is_found_at_its_place_alone(rig: Rig) -> None:
    mail = three(rig)
    assert rig.find(mail, None) == a_mail(2)
    rig.delete("INBOX", mail.uid)
    rig.append("Junk", a_mail(2), mail.received_at)
    assert rig.find(mail, None) is None


def test_a_message_that_was_moved_is_found_by_its_id(rig: Rig) -> None:
    mail = three(rig)
    rig.delete("INBOX", mail.uid)
    rig.append("Junk", a_mail(9), mail.received_at)
    rig.append("Junk", a_mail(2), mail.received_at)
    assert rig.find(mail) == a_mail(2)


def test_a_folder_that_was_numbered_anew_is_not_trusted(rig: Rig) -> None:
    mail = three(rig)
    other = rig.finder.find(
        "INBOX", mail.uid_validity + 1, mail.uid + 1, "<2@luso.example>", mail.received_at
    )
    assert other == a_mail(2)


def test_a_message_that_is_gone_is_none_and_the_others_are_left_alone(rig: Rig) -> None:
    mail = three(rig)
    rig.delete("INBOX", mail.uid)
    assert rig.find(mail) is None
    assert len(rig.read()) == 2


def test_a_folder_that_is_gone_is_none(rig: Rig) -> None:
    three(rig)
    assert rig.finder.find("Nowhere", 1, 2, None, MONDAY) is None


def test_an_old_message_is_found_below_many_newer_ones(in_process: Rig) -> None:
    in_process.append("Junk", a_mail(2), MONDAY)
    for number in range(10, 700):
        in_process.append("Junk", a_mail(number), MONDAY + timedelta(days=3))
    found = in_process.finder.find("INBOX", 1, 1, "<2@luso.example>", MONDAY)
    assert found == a_mail(2)


def test_a_server_that_is_not_there_is_a_failure_and_not_a_none() -> None:
    server = Server(host="127.0.0.1", port=1, security="none", username="wang", password=None)
    reader = ImapReader(server, lambda: "secret", "wang")
    with pytest.raises(ReadFailure, match=r"wang: 127\.0\.0\.1:1"):
        ImapFinder(reader.kept).find("INBOX", 1, 1, None, MONDAY)
