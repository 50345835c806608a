"""Reading on Dovecot: ten new mails among 100,000, and a hundred mailboxes with nothing new.

The whole chain is timed: asking, fetching, verdicts, effects, storing with a durable commit. The server
works on the same cores, and its own part is timed beside it: what `imaplib` waits for the same mail.
"""

import imaplib
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sequencer.config import Mailbox, Server
from sequencer.flows.read import read_mailbox
from sequencer.flows.start import check_mailboxes
from sequencer.mail.imap import ImapReader
from tests.flows.office import MONDAY, Office
from tests.servers.dovecot import DOVECOT, Dovecot

MESSAGES, NEW, MAILBOXES, ROUNDS = 100_000, 10, 100, 7
TEN_NEW_MS, SWEEP_S, FIRST_MB = 150.0, 2.0, 40.0
ANA = "ana@luso.example"
_AT_ONCE = 1000
_OLD = '"01-Jan-2024 08:00:00 +0000"'


def a_mail(number: int) -> bytes:
    """Nine of ten are from strangers; the tenth is Ana's, whom we wrote to."""
    sender = ANA if number % NEW == 0 else f"news{number}@shop.example"
    text = "We will think about it and come back to you.\r\n" * 20
    return (
        f"From: {sender}\r\nTo: wang@firm.example\r\nSubject: Offer {number}\r\n"
        f"Message-ID: <{number}@shop.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\n\r\n{text}"
    ).encode()


class Filler:
    """Puts many messages into a mailbox with few commands (MULTIAPPEND, LITERAL+)."""

    def __init__(self, host: Dovecot, user: str) -> None:
        self._imap = imaplib.IMAP4(host.host, host.port)
        self._imap.login(user, "secret")
        self.count = 0

    def put(self, count: int, date: str = "") -> None:
        """So many more messages, received at `date` (now when empty)."""
        for start in range(0, count, _AT_ONCE):
            mails = [a_mail(self.count + one) for one in range(min(_AT_ONCE, count - start))]
            tag = self._imap._new_tag()  # type: ignore[attr-defined]
            head = b" " + date.encode() if date else b""
            parts = [b" ()" + head + b" {%d+}\r\n" % len(raw) + raw for raw in mails]
            self._imap.send(tag + b" APPEND INBOX" + b"".join(parts) + b"\r\n")
            while not (line := self._imap.readline()).startswith(tag):
                assert line, "Dovecot hung up"
            assert b" OK " in line, line
            self.count += len(mails)

    def own_seconds(self, uid: int) -> float:
        """What the server itself needs to hand over what lies above `uid`, its folder kept open."""
        started = time.perf_counter()
        self._imap.select("INBOX", readonly=True)
        self._imap.uid("FETCH", f"{uid + 1}:*", "(UID INTERNALDATE BODY.PEEK[]<0.262144>)")
        taken = time.perf_counter() - started
        self._imap.unselect()
        return taken


@contextmanager
def an_office() -> Iterator[Office]:
    """Ana was enrolled and written to."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder, "w"))
        office.add_contact(ANA)
        office.enroll(ANA)
        office.tick()
        assert office.received()
        yield office
        office.engine.store.close()


def a_reader(host: Dovecot, user: str) -> ImapReader:
    """Of a mailbox on the server."""
    server = Server(host=host.host, port=host.port, security="none", username=user, password=None)
    return ImapReader(server, lambda: "secret", user)


def timed(what: Callable[[], object]) -> float:
    """Seconds on the wall."""
    started = time.perf_counter()
    what()
    return time.perf_counter() - started


def one_large(storage: str) -> bool:
    """Ten new mails among 100,000, again and again; whether the limits were kept."""
    with Dovecot({"wang": "secret"}, storage=storage) as host, an_office() as office:
        filler = Filler(host, "wang")
        filler.put(MESSAGES, _OLD)
        mailbox = office.engine.config.mailbox("wang")
        assert mailbox is not None
        reader = a_reader(host, "wang")
        office.clock.set(MONDAY.replace(month=12))

        def read(expected: int) -> float:
            found: list[int] = []
            seconds = timed(lambda: found.append(_recorded(office, mailbox, reader)))
            assert found == [expected], found
            return seconds

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        filler.put(NEW)
        first = read(NEW)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
        taken, own = [], []
        for _ in range(ROUNDS):
            filler.put(NEW)
            taken.append(read(NEW))
            own.append(filler.own_seconds(filler.count - NEW))
        reader.close()
    ours, theirs = statistics.median(taken) * 1000, statistics.median(own) * 1000
    print(
        f"reading: {NEW} new among {MESSAGES:,} ({storage}) in {ours:.0f} ms, of which the server alone "
        f"takes {theirs:.0f}; {_verdict(ours <= TEN_NEW_MS)} the target of {TEN_NEW_MS:.0f} ms. The first "
        f"look took {first:.1f} s and {grown:.0f} MB, {_verdict(grown <= FIRST_MB)} {FIRST_MB:.0f} MB"
    )
    return ours <= TEN_NEW_MS and grown <= FIRST_MB


def _recorded(office: Office, mailbox: Mailbox, reader: ImapReader) -> int:
    result = read_mailbox(office.engine, mailbox, reader)
    assert result.failure is None, result.failure
    return result.recorded


def many_quiet() -> bool:
    """A hundred mailboxes with nothing new, each on its kept connection; whether the limit was kept."""
    names = [f"m{number:03}" for number in range(MAILBOXES)]
    with Dovecot(dict.fromkeys(names, "secret")) as host, an_office() as office:
        wang = office.engine.config.mailbox("wang")
        assert wang is not None
        boxes = tuple(replace(wang, name=name, address=f"{name}@firm.example") for name in names)
        office.reconfigure(mailboxes=(wang, *boxes))
        check_mailboxes(office.engine)
        readers = [a_reader(host, name) for name in names]

        def sweep() -> None:
            for box, reader in zip(boxes, readers, strict=True):
                _recorded(office, box, reader)

        sweep()
        seconds = min(timed(sweep) for _ in range(3))
        for reader in readers:
            reader.close()
    print(
        f"reading: {MAILBOXES} mailboxes with nothing new in {seconds:.2f} s, "
        f"{_verdict(seconds <= SWEEP_S)} the target of {SWEEP_S:.0f} s"
    )
    return seconds <= SWEEP_S


def _verdict(is_kept: bool) -> str:
    return "within" if is_kept else "OVER"


def main() -> int:
    """1 when a limit was missed; where Dovecot is missing nothing is measured, and that is said."""
    if DOVECOT is None:
        print("reading: NOT measured: Dovecot is not installed (apt install dovecot-imapd)")
        return 0
    return 0 if all([one_large("mdbox"), many_quiet()]) else 1


if __name__ == "__main__":
    if "--maildir" in sys.argv:  # the slowest for the server: it lists all files anew
        sys.exit(0 if one_large("maildir") else 1)
    sys.exit(main())
