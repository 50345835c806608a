"""The bell rings when mail comes, or when something is wrong; it never reads, and never costs a login."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import trustme

from sequencer.config import Server
from sequencer.mail import idle_watch, imap_sweep
from sequencer.mail.idle_watch import IdleWatch
from sequencer.mail.imap import ImapReader
from sequencer.mail.imap_bell import ImapBell
from tests.mail.reading import AT_ONE, SINCE, a_reader, a_server, batches_of, read
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.scripted_imap import A_MAIL, CAPABILITIES, Fault, ScriptedImap

__all__ = ["dovecot"]

AT_ONCE, QUICK = timedelta(0), timedelta(seconds=0.3)
IDLES = f"{CAPABILITIES} IDLE UNSELECT"


@pytest.fixture
def rung() -> threading.Event:
    return threading.Event()


@pytest.fixture(params=["plain", "tls", "large"])
def on_dovecot(
    request: pytest.FixtureRequest,
    dovecot: Dovecot,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Dovecot, str, ImapReader]]:
    """A mailbox that has been read, on a plain connection and inside TLS, and one whose INBOX stays open."""
    user = f"wang{uuid4().hex}"
    if request.param == "large":
        monkeypatch.setattr(imap_sweep, "LARGE", 0)
    if request.param != "tls":
        dovecot.add_user(user, "secret")
        server = Server(host=dovecot.host, port=dovecot.port, security="none", username=user, password=None)
        yield from _read(dovecot, user, server)
        return
    ca = trustme.CA()
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    file.write_bytes(ca.cert_pem.bytes())
    with Dovecot({user: "secret"}, ca) as safe:
        server = Server(
            host="localhost", port=safe.tls_port, security="tls", username=user, password=None, ca_file=file
        )
        yield from _read(safe, user, server)


def _read(host: Dovecot, user: str, server: Server) -> Iterator[tuple[Dovecot, str, ImapReader]]:
    reader = ImapReader(server, lambda: "secret", "wang")
    batches_of(reader, since=None)
    yield host, user, reader
    reader.close()


def test_mail_that_comes_rings_and_is_read_over_the_same_connection(
    on_dovecot: tuple[Dovecot, str, ImapReader], rung: threading.Event
) -> None:
    host, user, reader = on_dovecot
    bell = ImapBell(reader.kept, IdleWatch())
    connection = reader.kept.resting()
    cursors = [batch.cursor for batch in batches_of(reader, since=None)]
    for number in range(3):
        rung.clear()
        assert bell.listen(rung.set, AT_ONCE)
        assert not rung.is_set()
        host.deliver(user, A_MAIL.replace(b"<1@", b"<%d@" % number))
        assert rung.wait(10)
        assert bell.hush()
        known = {cursor.folder: cursor for cursor in cursors}
        got = batches_of(reader, list(known.values()), since=None)
        cursors = [batch.cursor for batch in got]
        assert len([mail for batch in got for mail in batch.mails]) == 1
    assert reader.kept.resting() is connection


def test_mail_that_came_between_reading_and_waiting_rings_at_once(
    on_dovecot: tuple[Dovecot, str, ImapReader], rung: threading.Event
) -> None:
    host, user, reader = on_dovecot
    host.deliver(user, A_MAIL)
    assert ImapBell(reader.kept, IdleWatch()).listen(rung.set, AT_ONCE)
    assert rung.is_set()


def test_whoever_needs_the_connection_takes_it(
    on_dovecot: tuple[Dovecot, str, ImapReader], rung: threading.Event
) -> None:
    host, user, reader = on_dovecot
    ImapBell(reader.kept, IdleWatch()).listen(rung.set, AT_ONCE)
    host.deliver(user, A_MAIL)
    assert len(read(reader)) == 1


def test_a_connection_that_is_cut_rings_and_the_next_read_dials_anew(rung: threading.Event) -> None:
    with ScriptedImap(capabilities=IDLES) as server:
        reader = a_reader(server.port)
        read(reader)
        bell = ImapBell(reader.kept, IdleWatch())
        assert bell.listen(rung.set, AT_ONCE)
        server._sockets[0].shutdown(2)
        assert rung.wait(10)
        assert not bell.hush()
        assert [mail.raw for mail in read(reader)] == [A_MAIL]
        assert server.commands.count("LOGIN") == 2
        reader.close()


@pytest.mark.parametrize("step", ["NO not here", "BAD what?", b"* 1 EXISTS\r\nTAG NO later\r\n"])
def test_a_server_that_will_not_is_not_asked_to(step: str | bytes, rung: threading.Event) -> None:
    with ScriptedImap(capabilities=IDLES, script={"IDLE": step}) as server:
        reader = a_reader(server.port)
        read(reader)
        bell = ImapBell(reader.kept, IdleWatch())
        assert not bell.listen(rung.set, AT_ONCE)
        assert bell.hush()
        assert len(read(reader)) == 1
        assert server.commands.count("LOGIN") == 1
        reader.close()


def test_a_server_that_does_not_offer_it_is_not_asked(rung: threading.Event) -> None:
    with ScriptedImap() as server:
        reader = a_reader(server.port)
        read(reader)
        assert not ImapBell(reader.kept, IdleWatch()).listen(rung.set, AT_ONCE)
        assert "IDLE" not in server.commands
        reader.close()


@pytest.mark.parametrize("command", ["IDLE", "DONE"])
def test_a_server_that_stalls_costs_a_connection_and_no_reading(command: str, rung: threading.Event) -> None:
    with ScriptedImap(capabilities=IDLES, script={command: [Fault.STALL]}) as server:
        reader = a_reader(a_server(server.port, timeout_in=QUICK))
        read(reader)
        bell = ImapBell(reader.kept, IdleWatch())
        assert bell.listen(rung.set, AT_ONCE)
        assert not bell.hush()
        assert [mail.raw for mail in read(reader)] == [A_MAIL]
        reader.close()


def test_news_in_the_packet_that_begins_the_waiting_ring_at_once(rung: threading.Event) -> None:
    with ScriptedImap(capabilities=IDLES, script={"IDLE": b"+ idling\r\n* 2 EXISTS\r\n"}) as server:
        reader = a_reader(server.port)
        read(reader)
        assert ImapBell(reader.kept, IdleWatch()).listen(rung.set, AT_ONCE)
        assert rung.is_set()
        reader.close()


def test_nothing_is_dialled_in_order_to_wait(rung: threading.Event) -> None:
    with ScriptedImap(capabilities=IDLES) as server:
        reader = a_reader(server.port)
        assert ImapBell(reader.kept, IdleWatch()).listen(rung.set, AT_ONCE)
        assert server.commands == []


def test_it_says_goodbye_from_its_waiting(rung: threading.Event) -> None:
    with ScriptedImap(capabilities=IDLES) as server:
        reader = a_reader(server.port)
        read(reader, [AT_ONE])
        bell = ImapBell(reader.kept, IdleWatch())
        bell.listen(rung.set, AT_ONCE)
        reader.close()
        assert server.commands[-2:] == ["IDLE", "LOGOUT"]


class TestTheWatch:
    """One thread for all, that lives while there is something to watch."""

    def a_wait(self, server: ScriptedImap) -> ImapReader:
        reader = a_reader(server.port)
        read(reader, since=SINCE)
        return reader

    def test_it_rings_after_some_minutes_in_any_case(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(idle_watch, "LONGEST_WAIT_IN", timedelta(seconds=0.2))
        rung = threading.Event()
        with ScriptedImap(capabilities=IDLES) as server:
            reader = self.a_wait(server)
            assert ImapBell(reader.kept, IdleWatch()).listen(rung.set, AT_ONCE)
            assert rung.wait(10)
            reader.close()

    def test_what_comes_in_the_quiet_time_rings_when_that_is_over(self) -> None:
        rung = threading.Event()
        with ScriptedImap(capabilities=IDLES, script={"IDLE": b"+ idling\r\n* 2 EXISTS\r\n"}) as server:
            reader = self.a_wait(server)
            watch = IdleWatch()
            assert ImapBell(reader.kept, watch).listen(rung.set, timedelta(hours=1))
            assert not rung.wait(0.3)
            watch.forget("wang")
            reader.close()

    def test_its_thread_ends_with_the_last_wait_and_begins_again(self) -> None:
        watch = IdleWatch()
        for _ in range(3):
            with ScriptedImap(capabilities=IDLES) as server:
                reader = self.a_wait(server)
                bell = ImapBell(reader.kept, watch)
                bell.listen(threading.Event().set, AT_ONCE)
                thread = watch._thread
                assert thread is not None
                bell.hush()
                thread.join(10)
                assert not thread.is_alive()
                reader.close()
