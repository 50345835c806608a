"""The in-process IMAP host: what demo, tests and simulated buyers lean on."""

import gc
import selectors
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from sequencer.demo.imap_host import ImapHost

A_MAIL = b"From: ana@lusotools.example\r\nSubject: Pliers\r\n\r\nYes.\r\n"


@pytest.fixture
def host() -> Iterator[ImapHost]:
    with ImapHost({"wang": "secret", "li": "other"}) as host:
        yield host


def a_client(host: ImapHost, user: str = "wang", password: str = "secret") -> IMAPClient:
    client = IMAPClient(host.host, host.port, ssl=False, timeout=10)
    try:
        client.login(user, password)
    except LoginError:
        client.shutdown()
        raise
    return client


def test_each_user_has_the_standard_folders_and_mail_of_their_own(host: ImapHost) -> None:
    host.deliver("li", A_MAIL)
    with a_client(host) as client:
        assert {name for _, _, name in client.list_folders()} == {
            "INBOX", "Sent", "Drafts", "Trash", "Junk", "已处理",
        }  # fmt: skip
        assert client.select_folder("INBOX")[b"EXISTS"] == 0
    with a_client(host, "li", "other") as client:
        assert client.select_folder("INBOX")[b"EXISTS"] == 1


@pytest.mark.parametrize(("user", "password"), [("wang", "other"), ("nobody", "secret")])
def test_a_wrong_name_or_password_is_refused(host: ImapHost, user: str, password: str) -> None:
    with pytest.raises(LoginError):
        a_client(host, user, password)


def test_a_client_waiting_in_idle_wakes_when_mail_is_delivered(host: ImapHost) -> None:
    with a_client(host) as client:
        client.select_folder("INBOX")
        for number in range(1, 21):
            client.idle()
            gc.collect()  # stock pymap loses connections that nothing refers to here
            host.deliver("wang", A_MAIL)
            with selectors.DefaultSelector() as selector:
                selector.register(client.socket(), selectors.EVENT_READ)
                assert selector.select(10)
            _, news = client.idle_done()
            assert (number, b"EXISTS") in news


def test_many_threads_may_deliver_at_once(host: ImapHost) -> None:
    with ThreadPoolExecutor(8) as pool:
        uids = list(pool.map(lambda _: host.append("wang", "INBOX", A_MAIL), range(80)))
    assert len(set(uids)) == 80
    assert host.messages("wang", "INBOX") == [A_MAIL] * 80


def test_a_host_stopped_and_started_again_keeps_port_mail_and_numbers(host: ImapHost) -> None:
    uid, port = host.append("wang", "INBOX", A_MAIL), host.port
    with a_client(host) as client:
        before = client.folder_status("INBOX", ["UIDVALIDITY"])
    host.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host.host, port), 10)
    host.start()
    assert host.port == port
    with a_client(host) as client:
        assert client.folder_status("INBOX", ["UIDVALIDITY"]) == before
        client.select_folder("INBOX", readonly=True)
        assert list(client.fetch([uid], ["BODY.PEEK[]"])) == [uid]


def test_stopping_cuts_the_connections_that_are_open(host: ImapHost) -> None:
    client = a_client(host)
    host.stop()
    with pytest.raises((IMAPClient.AbortError, OSError)):
        client.noop()
    client.shutdown()


def test_flags_that_a_client_sets_can_be_seen(host: ImapHost) -> None:
    uid = host.append("wang", "INBOX", A_MAIL)
    assert host.flags("wang", "INBOX") == {uid: frozenset()}
    with a_client(host) as client:
        client.select_folder("INBOX")
        client.fetch([uid], ["BODY[]"])
    assert host.flags("wang", "INBOX") == {uid: frozenset({"\\Seen"})}


def test_closing_ends_the_thread() -> None:
    with ImapHost({"wang": "secret"}):
        assert "imap-host" in {thread.name for thread in threading.enumerate()}
    assert "imap-host" not in {thread.name for thread in threading.enumerate()}
