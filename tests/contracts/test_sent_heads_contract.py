"""What every SentHeads must do: the same tests over the fake, the in-process host and Dovecot."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from sequencer.config import Server
from sequencer.core.ports import MailReader, ReadFailure, SentHead, SentHeads
from sequencer.demo.imap_host import ImapHost
from sequencer.mail.imap import ImapReader
from sequencer.mail.imap_sent_heads import ImapSentHeads
from sequencer.testing import FakeMailbox, RecordingReader, RecordingSentHeads
from tests.contracts.mailboxes import a_user, reader_of, require_only_reads
from tests.servers.dovecot import Dovecot, dovecot

__all__ = ["dovecot"]  # a fixture
MONDAY = datetime(2026, 3, 2, 9, 30, 5, tzinfo=UTC)


@dataclass
class Rig:
    heads: SentHeads
    reader: MailReader
    append: Callable[[str, bytes, datetime], int]
    delete: Callable[[str, int], None]

    def put(self, raw: bytes, at: datetime = MONDAY, folder: str = "Sent") -> int:
        return self.append(folder, raw, at)

    def look(self, since: datetime = MONDAY) -> list[SentHead]:
        return list(self.heads.sent_since(since))


@pytest.fixture
def fake() -> Rig:
    box = FakeMailbox()
    return Rig(RecordingSentHeads(box), RecordingReader(box), box.append, box.delete)


@pytest.fixture
def in_process() -> Iterator[Rig]:
    with ImapHost({"wang": "secret"}) as host:
        yield from rig_of(host, "wang")
        require_only_reads(host)


@pytest.fixture
def on_dovecot(dovecot: Dovecot) -> Iterator[Rig]:
    yield from rig_of(dovecot, a_user(dovecot))


def rig_of(host: ImapHost | Dovecot, user: str) -> Iterator[Rig]:
    """A look through the user's Sent folder, in which nothing is marked as read afterwards."""
    reader = reader_of(host, user)
    yield Rig(
        ImapSentHeads(reader.kept),
        reader,
        lambda folder, raw, at: host.append(user, folder, raw, at),
        lambda folder, uid: host.delete(user, folder, uid),
    )
    assert set().union(*host.flags(user, "Sent").values()) == set()
    reader.close()


@pytest.fixture(params=["fake", "in_process", "on_dovecot"])
def rig(request: pytest.FixtureRequest) -> Rig:
    return cast(Rig, request.getfixturevalue(request.param))


def a_mail(number: int, subject: str = "Torque wrenches", head: str = "") -> bytes:
    return (
        f"From: wang@firm.example\r\nTo: Ana <ana@luso.example>\r\nMessage-ID: <{number}@firm.example>\r\n"
        f"{head}Subject: {subject}\r\n\r\nMessage-ID: <body@firm.example>\r\n"
    ).encode()


def numbers(heads: list[SentHead]) -> list[str]:
    return [one.message_ids[0] for one in heads]


def test_a_head_says_which_ids_whom_when_and_under_which_subject(rig: Rig) -> None:
    uid = rig.put(a_mail(1))
    assert rig.look() == [
        SentHead(
            folder="Sent",
            uid=uid,
            received_at=MONDAY,
            message_ids=("<1@firm.example>",),
            recipients=("ana@luso.example",),
            subject="Torque wrenches",
        )
    ]


def test_ids_are_both_the_relays_and_the_one_it_replaced_whatever_the_folding(rig: Rig) -> None:
    rig.put(
        b"MESSAGE-ID:\r\n <relay@x.example>\r\nX-Microsoft-Original-Message-ID: <7@firm.example>\r\n"
        b'To: a@b.example,\r\n "Ben, Mr" <ben@c.example>\r\nCc: d@e.example\r\n'
        b"References: <old@x.example>\r\n"
        b"Subject: =?utf-8?B?5Lu35qC86KGo?=\r\n =?utf-8?Q?_today?=\r\n\r\nHello.\r\n"
    )
    [head] = rig.look()
    assert head.message_ids == ("<relay@x.example>", "<7@firm.example>")
    assert head.recipients == ("a@b.example", "ben@c.example", "d@e.example")
    assert head.subject == "价格表 today"


def test_only_what_lies_there_since_that_day_is_told_oldest_first(rig: Rig) -> None:
    for number, days in ((1, -2), (2, -1), (3, 0), (4, 1)):
        rig.put(a_mail(number), MONDAY + timedelta(days=days))
    assert numbers(rig.look()) == ["<3@firm.example>", "<4@firm.example>"]
    early = MONDAY.replace(hour=0, minute=0, second=0)
    rig.put(a_mail(5), early)
    assert numbers(rig.look())[-1] == "<5@firm.example>"


def test_what_was_moved_there_later_with_an_old_date_hides_nothing(rig: Rig) -> None:
    rig.put(a_mail(1))
    for number in range(2, 30):
        rig.put(a_mail(number), MONDAY - timedelta(days=40))
    assert numbers(rig.look()) == ["<1@firm.example>"]


def test_more_than_one_answer_holds_are_told_once_each(rig: Rig) -> None:
    for number in range(130):
        rig.put(a_mail(number))
    assert numbers(rig.look()) == [f"<{number}@firm.example>" for number in range(130)]


def test_other_folders_are_left_alone(rig: Rig) -> None:
    rig.put(a_mail(1), folder="INBOX")
    assert rig.look() == []


def test_a_mail_without_any_head_is_told_without_one(rig: Rig) -> None:
    rig.put(b"\r\nOnly words.\r\n")
    [head] = rig.look()
    assert (head.message_ids, head.recipients, head.subject) == ((), (), "")


def test_what_was_deleted_is_told_no_more(rig: Rig) -> None:
    uids = [rig.put(a_mail(number)) for number in range(3)]
    rig.delete("Sent", uids[1])
    assert numbers(rig.look()) == ["<0@firm.example>", "<2@firm.example>"]


def test_the_whole_of_one_is_given_and_nothing_of_one_that_is_gone(rig: Rig) -> None:
    rig.put(a_mail(1))
    uid = rig.put(a_mail(2))
    first, second = rig.look()
    assert rig.heads.raw_of(first) == a_mail(1)
    rig.delete("Sent", uid)
    assert rig.heads.raw_of(second) == b""


def test_looking_and_reading_take_turns_and_reading_still_sees_all(rig: Rig) -> None:
    rig.put(a_mail(1))
    assert len(rig.look()) == 1
    got = [mail for batch in rig.reader.read_new((), MONDAY) for mail in batch.mails]
    assert [mail.raw for mail in got] == [a_mail(1)]
    assert len(rig.look()) == 1


def test_a_connection_that_was_closed_between_is_made_anew(rig: Rig) -> None:
    rig.put(a_mail(1))
    rig.look()
    rig.reader.close()
    assert len(rig.look()) == 1


def test_without_a_sent_folder_the_failure_lasts_and_has_a_mend() -> None:
    bare = FakeMailbox()
    del bare.folders["Sent"]
    with ImapHost({"wang": "secret"}, folders=("Junk", "Customers")) as host:
        server = Server(host=host.host, port=host.port, security="none", username="wang", password=None)
        reader = ImapReader(server, lambda: "secret", "wang")
        for heads in (RecordingSentHeads(bare), ImapSentHeads(reader.kept)):
            with pytest.raises(ReadFailure) as caught:
                list(heads.sent_since(MONDAY))
            assert "no Sent folder" in caught.value.message
            assert caught.value.is_lasting
            assert caught.value.hint
        reader.close()
