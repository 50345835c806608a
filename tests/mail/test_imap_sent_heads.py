"""Looking through Sent where servers are odd: Gmail's labels, two Sent folders, refusals, broken lines."""

from datetime import UTC, datetime, timedelta

import pytest

from sequencer.core.ports import ReadFailure, SentHead
from sequencer.demo.imap_host import ImapHost
from sequencer.mail import imap_sent_heads
from sequencer.mail.imap_sent_heads import ImapSentHeads
from tests.mail.reading import a_reader
from tests.servers.scripted_imap import Fault, ScriptedImap, Step

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
GMAIL = (
    b'(\\HasNoChildren) "/" INBOX',
    b'(\\All \\HasNoChildren) "/" "[Gmail]/All Mail"',
    b'(\\Sent \\HasNoChildren) "/" "[Gmail]/Sent Mail"',
)


def raw(number: int) -> bytes:
    return b"Message-ID: <%d@firm.example>\r\nSubject: Hi\r\n\r\nHello.\r\n" % number


def looked(port: int, configured: str | None = None, since: datetime = MONDAY) -> list[SentHead]:
    reader = a_reader(port)
    try:
        return list(ImapSentHeads(reader.kept, configured).sent_since(since))
    finally:
        reader.close()


def test_on_gmail_what_all_mail_labels_sent_is_told() -> None:
    with ScriptedImap(
        folders=GMAIL,
        capabilities="IMAP4rev1 X-GM-EXT-1",
        mails={1: raw(1), 2: raw(2), 3: raw(3)},
        labels={1: '"\\\\Sent"', 2: '"\\\\Inbox"', 3: '"\\\\Important" "\\\\Sent"'},
        uid_next=4,
    ) as server:
        assert [one.uid for one in looked(server.port)] == [1, 3]
        assert not any("Sent Mail" in command for command in server.commands if "EXAMINE" in command)


def test_on_gmail_with_all_mail_hidden_sent_mail_is_looked_through() -> None:
    with ScriptedImap(
        folders=(GMAIL[0], GMAIL[2]), capabilities="IMAP4rev1 X-GM-EXT-1", mails={1: raw(1)}
    ) as server:
        assert [one.folder for one in looked(server.port)] == ["[Gmail]/Sent Mail"]


def test_every_folder_for_sent_mail_is_looked_through_the_users_own_first() -> None:
    with ImapHost({"wang": "secret"}, folders=("Sent", "Sent Items", "Verschickt", "Customers")) as host:
        for number, folder in enumerate(("Sent", "Sent Items", "Verschickt", "Customers")):
            host.append("wang", folder, raw(number), MONDAY)
        assert [one.folder for one in looked(host.port)] == ["Sent", "Sent Items"]
        assert [one.folder for one in looked(host.port, "verschickt")] == [
            *("Verschickt", "Sent", "Sent Items"),
        ]


def test_going_backwards_ends_after_enough_old_mail_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_sent_heads, "LISTED", 5)
    with ImapHost({"wang": "secret"}, folders=("Sent",)) as host:
        for number in range(60):
            is_recent = number in (10, 39)
            host.append("wang", "Sent", raw(number), MONDAY if is_recent else MONDAY - timedelta(days=9))
        assert [one.message_ids for one in looked(host.port)] == []
        host.append("wang", "Sent", raw(60), MONDAY)
        host.commands.clear()
        # 61 mails: one recent block, then four without any end the look above number 39.
        assert [one.message_ids[0] for one in looked(host.port)] == ["<39@firm.example>", "<60@firm.example>"]


@pytest.mark.parametrize("step", ["NO not now", "BAD what", Fault.DROP, Fault.HALF, b"* BYE enough\r\n"])
@pytest.mark.parametrize("command", ["LIST", "EXAMINE", "FETCH"])
def test_whatever_goes_wrong_is_a_failure_and_never_an_empty_sent_folder(command: str, step: Step) -> None:
    folders = (b'(\\HasNoChildren) "/" INBOX', b'(\\HasNoChildren) "/" Sent')
    with (
        ScriptedImap(script={command: step}, folders=folders, mails={1: raw(1)}) as server,
        pytest.raises(ReadFailure),
    ):
        looked(server.port)


def test_a_folder_that_is_not_there_is_named() -> None:
    with ImapHost({"wang": "secret"}) as host, pytest.raises(ReadFailure) as caught:
        looked(host.port, "Verschikt")
    assert "no folder 'Verschikt'" in caught.value.message
    assert caught.value.hint
