"""How the reader behaves on a connection: what it asks, what it keeps, and how it is broken off."""

import ssl
import threading
import time
from datetime import UTC, datetime

import pytest

from sequencer import __version__
from sequencer.core.ports import FolderRole, ReadFailure
from sequencer.demo.imap_host import ImapHost
from sequencer.mail.imap import ImapReader
from sequencer.mail.imap_faults import Place
from sequencer.mail.imap_login import dial, identify
from sequencer.mail.socks import Way
from tests.mail.reading import AT_ONE, NAME, SINCE, a_reader, a_server, batches_of, read
from tests.servers.scripted_imap import A_MAIL, CAPABILITIES, Fault, ScriptedImap


def test_nothing_new_costs_one_list_and_one_status_a_folder() -> None:
    with ImapHost({"wang": "secret"}) as host:
        reader = a_reader(host.port)
        host.append("wang", "INBOX", A_MAIL)
        cursors = [batch.cursor for batch in batches_of(reader)]
        host.commands.clear()
        assert read(reader, cursors) == []
        assert host.commands == ["LIST", "STATUS INBOX", "STATUS Junk", "STATUS Sent", "STATUS 已处理"]
        reader.close()


def test_only_folders_that_moved_are_opened_and_only_to_look() -> None:
    with ImapHost({"wang": "secret"}) as host:
        reader = a_reader(host.port)
        cursors = [batch.cursor for batch in batches_of(reader)]
        host.append("wang", "已处理", A_MAIL)
        host.commands.clear()
        read(reader, cursors)
        opened = [command for command in host.commands if command.startswith(("EXAMINE", "SELECT"))]
        assert opened == ["EXAMINE 已处理"]
        reader.close()


def test_starting_without_a_date_opens_no_folder() -> None:
    with ImapHost({"wang": "secret"}) as host:
        host.append("wang", "INBOX", A_MAIL)
        reader = a_reader(host.port)
        assert read(reader, since=None) == []
        assert not [command for command in host.commands if command.startswith(("EXAMINE", "UID"))]
        reader.close()


def test_after_a_failure_nothing_more_is_asked_on_that_connection() -> None:
    with ScriptedImap(script={"STATUS": [b"* STATUS (\r\nTAG OK done\r\n"]}) as server:
        reader = a_reader(server.port)
        with pytest.raises(ReadFailure):
            read(reader)
        server.commands.clear()
        read(reader)
        assert server.commands[:2] == ["CAPABILITY", "LOGIN"]
        reader.close()


def test_news_about_flags_is_not_taken_for_mail() -> None:
    news = b"* 1 FETCH (FLAGS (\\Seen))\r\n* 9 FETCH (FLAGS (\\Seen) MODSEQ (12))\r\n"
    listing = b'* 1 FETCH (UID 1 INTERNALDATE " 2-Mar-2026 09:00:01 +0000")\r\nTAG OK done\r\n'
    with ScriptedImap(script={"FETCH": [news + listing]}) as server:
        reader = a_reader(server.port)
        [batch] = batches_of(reader)
        assert ([mail.uid for mail in batch.mails], batch.cursor) == ([1], AT_ONE)
        reader.close()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system cannot change its zone for one process")
def test_dates_do_not_depend_on_this_machines_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, ScriptedImap() as server:
        patch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        reader = a_reader(server.port)
        [mail] = read(reader)
        reader.close()
    time.tzset()
    assert mail.received_at == datetime(2026, 3, 2, 9, 0, 1, tzinfo=UTC)
    assert mail.received_at.tzinfo is UTC


def test_every_fetch_of_text_is_a_peek() -> None:
    with ScriptedImap() as server:
        reader = a_reader(server.port)
        assert [mail.raw for mail in read(reader)] == [A_MAIL]
        reader.close()
    fetches = [command for command in server.commands if "BODY" in command]
    assert fetches
    assert all("BODY.PEEK[" in command for command in fetches)


def test_a_connection_that_died_between_two_reads_is_replaced_without_a_word() -> None:
    with ImapHost({"wang": "secret"}) as host:
        reader = a_reader(host.port)
        cursors = [batch.cursor for batch in batches_of(reader)]
        host.stop()
        host.start()
        host.append("wang", "INBOX", A_MAIL)
        assert [mail.raw for mail in read(reader, cursors)] == [A_MAIL]
        reader.close()


def test_a_bye_between_two_reads_means_logging_in_again() -> None:
    with ScriptedImap(script={"LIST": [None, b"* BYE idle for too long\r\n"]}) as server:
        reader = a_reader(server.port)
        read(reader)
        assert [mail.raw for mail in read(reader)] == [A_MAIL]
        assert server.commands.count("LOGIN") == 2
        reader.close()


def test_a_read_that_was_left_half_way_does_not_disturb_the_next() -> None:
    with ImapHost({"wang": "secret"}) as host:
        host.append("wang", "INBOX", A_MAIL)
        reader = a_reader(host.port)
        for batch in reader.read_new([], SINCE):
            assert batch.mails
            break
        host.append("wang", "INBOX", A_MAIL)
        assert len(read(reader)) == 2
        reader.close()


def test_id_is_sent_after_login_where_offered() -> None:
    with ScriptedImap(wants_id=True) as server:
        reader = a_reader(server.port)
        assert len(read(reader)) == 1
        reader.close()
    assert server.commands.index("LOGIN") < server.commands.index(
        f'ID ("name" "sequencer" "version" "{__version__}")'
    )


def test_netease_refuses_a_client_that_sends_no_id() -> None:
    with (
        ScriptedImap(wants_id=True, capabilities="IMAP4rev1") as server,
        pytest.raises(ReadFailure, match="Unsafe Login") as caught,
    ):
        read(a_reader(server.port))
    assert caught.value.is_lasting


@pytest.mark.parametrize(
    ("host", "is_sent"),
    [
        ("imap.163.com", True),
        ("imap.126.com", True),
        ("IMAP.yeah.net", True),
        ("imap.qiye.163.com", True),
        ("188.com", True),
        ("imap.ourfirm.example", False),
        ("imap.not163.com", False),
    ],
)
def test_netease_is_sent_id_even_where_it_does_not_offer_it(host: str, is_sent: bool) -> None:
    with ScriptedImap(capabilities="IMAP4rev1") as server:
        place = Place(mailbox=NAME, host=host, port=993)
        client = dial(a_server(server.port), ssl.create_default_context(), Way(), place)
        identify(client, a_server(server.port, host=host))
        client.shutdown()
        assert any(command.startswith("ID (") for command in server.commands) is is_sent


@pytest.mark.parametrize("step", ["NO what?", "BAD unknown command"])
def test_a_server_that_dislikes_id_is_read_all_the_same(step: str) -> None:
    with ScriptedImap(script={"ID": step}) as server:
        reader = a_reader(server.port)
        assert len(read(reader)) == 1
        reader.close()


def test_a_folder_name_with_quotes_and_backslashes_is_asked_for_as_it_is() -> None:
    odd = (b'() "/" INBOX', rb'() "/" "a\"b\\c"', b'() "/" {5}\r\nR & D', b'() NIL "caf\xc3\xa9"')
    with ScriptedImap(folders=odd) as server:
        reader = a_reader(server.port)
        folders = {batch.cursor.folder for batch in batches_of(reader)}
        reader.close()
    assert folders == {"INBOX", 'a"b\\c', "R & D", "café"}
    assert rb'EXAMINE "a\"b\\c"'.decode() in server.commands


def test_a_password_beyond_ascii_goes_by_authenticate_plain() -> None:
    with ImapHost({"wang": "пароль-密码"}) as host:
        host.append("wang", "INBOX", A_MAIL)
        reader = a_reader(host.port, password="пароль-密码")
        assert [mail.raw for mail in read(reader)] == [A_MAIL]
        assert "AUTHENTICATE" in host.commands
        reader.close()


def test_gmail_drafts_are_left_out_and_labels_kept() -> None:
    folders = (
        b'(\\HasNoChildren) "/" INBOX',
        b'(\\All \\HasNoChildren) "/" "[Gmail]/All Mail"',
        b'(\\Drafts) "/" "[Gmail]/Drafts"',
    )
    with ScriptedImap(
        capabilities=f"{CAPABILITIES} X-GM-EXT-1",
        folders=folders,
        mails={1: A_MAIL, 2: A_MAIL, 3: A_MAIL},
        labels={1: "\\Inbox &XfJZBHQG-", 2: "\\Draft", 3: '"\\\\Sent"'},
        uid_next=4,
    ) as server:
        reader = a_reader(server.port)
        got = batches_of(reader)
        reader.close()
    assert [(mail.uid, mail.labels, mail.role) for batch in got for mail in batch.mails] == [
        (1, ("\\Inbox", "已处理"), FolderRole.ALL),
        (3, ("\\Sent",), FolderRole.ALL),
    ]
    assert [batch.cursor.last_uid for batch in got] == [3]


def test_a_long_message_is_cut() -> None:
    with ImapHost({"wang": "secret"}) as host:
        host.append("wang", "INBOX", A_MAIL + b"x" * 5000)
        reader = a_reader(host.port, max_bytes=300)
        assert [mail.raw for mail in read(reader)] == [(A_MAIL + b"x" * 5000)[:300]]
        reader.close()


class TestAbort:
    """Breaking a read off from another thread."""

    @pytest.mark.parametrize("command", ["LOGIN", "LIST", "EXAMINE", "FETCH"])
    def test_a_blocked_read_ends_at_once_and_the_next_is_whole(self, command: str) -> None:
        with ScriptedImap(script={command: [Fault.STALL]}) as server:
            reader = a_reader(server.port)
            failures: list[ReadFailure] = []

            def blocked() -> None:
                with pytest.raises(ReadFailure) as caught:
                    read(reader)
                failures.append(caught.value)

            thread = threading.Thread(target=blocked)
            thread.start()
            assert server.stalled.wait(10)
            reader.abort()
            thread.join(5)
            assert not thread.is_alive()
            assert "broken off while" in str(failures[0])
            assert not failures[0].is_lasting
            assert [mail.raw for mail in read(reader)] == [A_MAIL]
            reader.close()

    def test_aborting_between_reads_costs_a_new_login_and_nothing_else(self) -> None:
        with ScriptedImap() as server:
            reader = a_reader(server.port)
            reader.abort()
            assert len(read(reader)) == 1
            reader.abort()
            assert len(read(reader)) == 1
            reader.close()
            reader.close()

    def test_closing_does_not_wait_long_for_a_silent_server(self) -> None:
        with ScriptedImap(script={"LOGOUT": Fault.STALL}) as server:
            reader = a_reader(server.port)
            read(reader)
            thread = threading.Thread(target=reader.close)
            thread.start()
            thread.join(5)
            assert not thread.is_alive()


def test_an_ignored_folder_that_is_not_there_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    with ScriptedImap() as server:
        reader = ImapReader(a_server(server.port), lambda: "secret", NAME, ["Newsleters", "inbox"])
        for folders in (["INBOX"], ["INBOX"], ["INBOX", "Newsletters"], ["INBOX", "Newsleters"]):
            server.folders = [b'() "/" ' + name.encode() for name in folders]
            read(reader)
        reader.close()
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        f"{NAME}: ignore_folders: there is no folder 'Newsleters' (there are INBOX)"
    ]
