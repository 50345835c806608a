"""IDLE in the real daemon: an answer is read within moments though polling is an hour away, and it stops."""

import re
import signal
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sequencer.config import Server
from sequencer.core.ports import Courier
from sequencer.daemon import Daemon
from sequencer.mail.idle_watch import IdleWatch
from sequencer.mail.imap import ImapReader
from sequencer.mail.imap_bell import ImapBell
from tests.e2e.desks import ANA, Desks
from tests.e2e.stage import parsed, reply_to
from tests.e2e.test_daemon_turns import until
from tests.flows.office import Office
from tests.servers.dovecot import Dovecot, dovecot

__all__ = ["dovecot"]

STOP_SECONDS = 5


def poll_hourly(desks: Desks, more: str = "") -> None:
    config = desks.stage.workspace / "config.toml"
    text = config.read_text(encoding="utf-8").replace('poll_every = "1s"', 'poll_every = "1h"')
    text = re.sub(r'(min_gap = "0s"\n)', rf"\1{more}", text)
    config.write_text(text, encoding="utf-8")


def waiting(desks: Desks, name: str) -> bool:
    return "IDLE" in desks.imap[name].commands


def answer_ana(desks: Desks, name: str) -> None:
    [sent] = [parsed(one.raw) for one in desks.smtp[name].received]
    desks.imap[name].deliver(name, reply_to(sent, "Please send your price list."))


def states_of(desks: Desks) -> set[str]:
    rows = desks.ask(
        f"SELECT e.state FROM enrollments e JOIN contacts c ON c.id = e.contact_id WHERE c.address = '{ANA}'"
    )
    return {state for (state,) in rows}


def test_an_answer_is_read_while_the_next_look_is_an_hour_away(desks: Desks) -> None:
    poll_hourly(desks)
    name = desks.mailbox_of(ANA)
    daemon = desks.run()
    desks.wait_states("sent", "sent")
    desks.wait(lambda: waiting(desks, name))
    answer_ana(desks, name)
    desks.wait(lambda: states_of(desks) == {"finished"})
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(STOP_SECONDS) == 0
    assert "Traceback" not in desks.log


def test_a_daemon_whose_mailboxes_all_wait_stops_at_once(desks: Desks) -> None:
    poll_hourly(desks)
    daemon = desks.run()
    desks.wait(lambda: all(waiting(desks, name) for name in ("li", "wang")))
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(STOP_SECONDS) == 0
    assert [name for name in ("li", "wang") if desks.imap[name].commands[-1] != "LOGOUT"] == []


def test_a_mailbox_may_do_without(desks: Desks) -> None:
    poll_hourly(desks, "idle = false\n")
    daemon = desks.run()
    desks.wait_states("sent", "sent")
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(STOP_SECONDS) == 0
    assert not any(waiting(desks, name) for name in ("li", "wang"))


def watching() -> set[threading.Thread]:
    """The threads that wait in IDLE, those of other tests among them."""
    return {one for one in threading.enumerate() if one.name == "idle"}


def test_many_mailboxes_on_dovecot_wait_with_one_thread_and_each_is_woken_by_its_own_mail(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    office = Office(tmp_path / "ws")
    [wang, *_] = office.engine.config.mailboxes
    names = [f"m{number:02}" for number in range(20)]
    for name in names:
        dovecot.add_user(name, "secret")
    boxes = tuple(replace(wang, name=name, address=f"{name}@firm.example") for name in names)
    limits = replace(office.engine.config.limits, poll_every_in=timedelta(hours=1))
    office.reconfigure(mailboxes=boxes, limits=limits)
    watch, readers, before = IdleWatch(), {}, watching()

    def open_reader(mailbox):  # type: ignore[no-untyped-def]
        server = Server(
            host=dovecot.host, port=dovecot.port, security="none", username=mailbox.name, password=None
        )
        readers[mailbox.name] = ImapReader(server, lambda: "secret", mailbox.name)
        return readers[mailbox.name]

    def open_courier(_mailbox: object) -> Courier:
        return office.couriers["wang"]

    daemon = Daemon(
        office.engine,
        open_courier=open_courier,
        open_reader=open_reader,
        open_bell=lambda _mailbox, reader: ImapBell(reader.kept, watch),  # type: ignore[attr-defined]
    )
    thread = threading.Thread(target=daemon.run, daemon=True)
    thread.start()
    try:
        until(lambda: len(watch._waits) == len(names))
        assert len(watching() - before) == 1
        for name in names[::7]:
            dovecot.deliver(name, f"From: x@shop.example\r\nMessage-ID: <{name}@x>\r\n\r\nHi\r\n".encode())
        until(lambda: len(office.answers()) == len(names[::7]))
    finally:
        daemon.stop()
        thread.join(30)
    assert not thread.is_alive()
    assert watch._waits == {}
