"""Saving a copy where the server refuses, hangs up, or has little patience."""

from datetime import UTC, datetime

import pytest

from sequencer.core.ports import ReadFailure
from sequencer.demo.imap_host import ImapHost
from sequencer.mail.imap_sent import ImapSentFolder
from tests.mail.reading import a_reader
from tests.servers.scripted_imap import Fault, ScriptedImap, Step

FOLDERS = (b'(\\HasNoChildren) "/" INBOX', b'(\\HasNoChildren) "/" Sent')
SENT_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
RAW = b"Message-ID: <7@firm.example>\r\n\r\nHello.\r\n"


def failure(script: dict[str, Step]) -> ReadFailure:
    with ScriptedImap(script=script, folders=FOLDERS, mails={}) as server:
        reader = a_reader(server.port)
        with pytest.raises(ReadFailure) as caught:
            ImapSentFolder(reader.kept).save(RAW, "<7@firm.example>", SENT_AT)
        reader.close()
        return caught.value


def test_a_refusal_tells_the_servers_words_and_a_mend_of_its_own() -> None:
    said = failure({"APPEND": "NO [OVERQUOTA] mailbox is full"})
    assert "refused a copy in 'Sent': [OVERQUOTA] mailbox is full" in said.message
    assert "space" in said.hint
    assert "ignore_folders" not in said.hint
    assert not said.is_lasting


@pytest.mark.parametrize("step", [Fault.DROP, b"* BYE too much\r\n", "BAD no such command"])
def test_whatever_the_server_does_instead_is_a_failure(step: Step) -> None:
    assert "Sent" in failure({"APPEND": step}).message


def test_after_a_refusal_the_connection_still_reads() -> None:
    with ScriptedImap(script={"APPEND": "NO not now"}, folders=FOLDERS, mails={}) as server:
        reader = a_reader(server.port)
        with pytest.raises(ReadFailure):
            ImapSentFolder(reader.kept).save(RAW, "<7@firm.example>", SENT_AT)
        list(reader.read_new((), None))
        assert server.commands.count("LOGIN") == 1
        reader.close()


def test_saving_asks_for_nothing_but_a_look_and_an_append() -> None:
    with ImapHost({"wang": "secret"}) as host:
        host.append("wang", "Sent", b"Message-ID: <1@x.example>\r\n\r\nHi.\r\n")
        reader = a_reader(host.port)
        list(reader.read_new((), None))
        host.commands.clear()
        ImapSentFolder(reader.kept).save(RAW, "<7@firm.example>", SENT_AT)
        used = [command.split()[0] for command in host.commands]
        assert used == ["LIST", "EXAMINE", "FETCH", "APPEND", "CLOSE"] or used == [
            *("LIST", "EXAMINE", "FETCH", "APPEND", "UNSELECT"),
        ]
        reader.close()


def test_a_folder_that_will_not_say_how_much_it_holds_is_listed_without() -> None:
    folders = (b'() "/" INBOX', b'() "/" Locked')
    with ScriptedImap(folders=folders, script={"STATUS": [None, "NO [NOPERM] no"]}) as server:
        reader = a_reader(server.port)
        found = {one.name: one.messages for one in ImapSentFolder(reader.kept).folders()}
        reader.close()
    assert found == {"INBOX": 1, "Locked": None}
