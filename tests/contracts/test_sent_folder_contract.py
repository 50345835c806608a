"""What every SentFolder must do: the same tests over the fake, the in-process host and Dovecot."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from sequencer.config import Server
from sequencer.core.ports import Cursor, FolderRole, MailReader, RawMail, ReadFailure, SentFolder
from sequencer.demo.imap_host import ImapHost
from sequencer.mail.imap import ImapReader
from sequencer.mail.imap_sent import ImapSentFolder
from sequencer.testing import FakeMailbox, RecordingReader, RecordingSentFolder
from tests.contracts.mailboxes import a_user, reader_of
from tests.servers.dovecot import Dovecot, dovecot

__all__ = ["dovecot"]  # a fixture
SENT_AT = datetime(2026, 3, 2, 9, 30, 5, tzinfo=UTC)


@dataclass
class Rig:
    sent: SentFolder
    reader: MailReader
    append: Callable[[str, bytes], int]
    messages: Callable[[], list[bytes]]

    def save(self, raw: bytes, number: int) -> bool:
        """Whether it lay there already."""
        return self.sent.save(raw, f"<{number}@firm.example>", SENT_AT).was_there

    def read(self) -> list[RawMail]:
        return [mail for batch in self.reader.read_new((), SENT_AT) for mail in batch.mails]


@pytest.fixture
def fake() -> Rig:
    box = FakeMailbox()
    return Rig(
        RecordingSentFolder(box),
        RecordingReader(box),
        box.append,
        lambda: [mail.raw for mail in box.folders["Sent"].mails],
    )


@pytest.fixture
def in_process() -> Iterator[Rig]:
    with ImapHost({"wang": "secret"}) as host:
        yield from rig_of(host, "wang")


@pytest.fixture
def on_dovecot(dovecot: Dovecot) -> Iterator[Rig]:
    yield from rig_of(dovecot, a_user(dovecot))


def rig_of(host: ImapHost | Dovecot, user: str) -> Iterator[Rig]:
    """The user's Sent folder, in which nothing lies unread afterwards but what was put there by others."""
    reader = reader_of(host, user)
    yield Rig(
        ImapSentFolder(reader.kept),
        reader,
        lambda folder, raw: host.append(user, folder, raw),
        lambda: host.messages(user, "Sent"),
    )
    reader.close()
    for raw, flags in zip(host.messages(user, "Sent"), host.flags(user, "Sent").values(), strict=True):
        assert flags == ({"\\Seen"} if raw.startswith(b"From: wang@firm.example") else set())


@pytest.fixture(params=["fake", "in_process", "on_dovecot"])
def rig(request: pytest.FixtureRequest) -> Rig:
    return cast(Rig, request.getfixturevalue(request.param))


def ours(number: int, body: bytes = b"Hello.\r\n") -> bytes:
    return b"From: wang@firm.example\r\nMessage-ID: <%d@firm.example>\r\n\r\n%b" % (number, body)


def another(number: int) -> bytes:
    return b"From: wang@x.example\r\nMessage-ID:\r\n <other%d@x.example>\r\n\r\nBy hand.\r\n" % number


def test_a_copy_is_saved_byte_by_byte_with_the_time_it_was_sent_at(rig: Rig) -> None:
    raw = ours(1, "价格表\r\n.\r\n".encode() + bytes(range(128, 256)) + b"\r\n")
    assert rig.save(raw, 1) is False
    [mail] = rig.read()
    assert (mail.raw, mail.received_at, mail.role) == (raw, SENT_AT, FolderRole.SENT)


def test_a_large_copy_arrives_whole(rig: Rig) -> None:
    raw = ours(1, b"QUJD" * 19 + b"\r\n") + b"x" * 76 * 30_000 + b"\r\n"
    rig.save(raw, 1)
    assert rig.messages() == [raw]


def test_what_lies_there_is_not_added_again(rig: Rig) -> None:
    assert [rig.save(ours(1), 1), rig.save(ours(1), 1), rig.save(ours(2), 2)] == [False, True, False]
    assert rig.messages() == [ours(1), ours(2)]


def test_it_is_found_below_newer_mail_of_the_reps_own(rig: Rig) -> None:
    rig.save(ours(1), 1)
    for number in range(30):
        rig.append("Sent", another(number))
    assert rig.save(ours(1), 1) is True
    assert rig.save(ours(2), 2) is False


def test_a_copy_to_which_a_relay_gave_another_id_is_found_by_the_one_it_notes(rig: Rig) -> None:
    raw = (
        b"Message-ID:<relay@x.example>\r\nX-Microsoft-Original-Message-ID: <1@firm.example>\r\n"
        b"From: wang@x.example\r\n\r\nHello.\r\n"
    )
    rig.append("Sent", raw)
    assert rig.sent.save(ours(1), "<1@firm.example>", SENT_AT).was_there is True


def test_an_id_that_only_stands_in_a_text_or_in_references_is_no_copy(rig: Rig) -> None:
    rig.append("Sent", another(1) + b"Message-ID: <1@firm.example>\r\n")
    rig.append("Sent", b"References: <1@firm.example>\r\n" + another(2))
    assert rig.sent.save(ours(1), "<1@firm.example>", SENT_AT).was_there is False


def test_saving_and_reading_take_turns_on_one_mailbox(rig: Rig) -> None:
    cursors: dict[str, Cursor] = {}
    for number in range(3):
        rig.save(ours(number), number)
        rig.append("INBOX", another(number))
        got = []
        for batch in rig.reader.read_new(list(cursors.values()), SENT_AT - timedelta(days=1)):
            cursors[batch.cursor.folder] = batch.cursor
            got += [mail.raw for mail in batch.mails]
        assert got == [another(number), ours(number)]


def test_a_connection_that_was_closed_between_is_made_anew(rig: Rig) -> None:
    rig.save(ours(1), 1)
    rig.reader.close()
    assert rig.save(ours(1), 1) is True


def test_without_a_sent_folder_the_failure_lasts_and_has_a_mend() -> None:
    bare = FakeMailbox()
    del bare.folders["Sent"]
    with ImapHost({"wang": "secret"}, folders=("Junk", "Customers")) as host:
        server = Server(host=host.host, port=host.port, security="none", username="wang", password=None)
        reader = ImapReader(server, lambda: "secret", "wang")
        for sent in (RecordingSentFolder(bare), ImapSentFolder(reader.kept)):
            with pytest.raises(ReadFailure) as caught:
                sent.save(ours(1), "<1@firm.example>", SENT_AT)
            assert "no Sent folder" in caught.value.message
            assert caught.value.is_lasting
            assert caught.value.hint
        reader.close()
