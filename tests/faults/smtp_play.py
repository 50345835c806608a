"""Plays one SMTP fault against the real courier and tick, then lets it end and time move on."""

import functools
import logging
import re
import socket
import ssl
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from sequencer.config import Mailbox, Server
from sequencer.core.enrollment import Enrollment, EnrollmentState
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.flows.engine import Desk
from sequencer.flows.mailbox_lines import MailboxLine, mailbox_lines
from sequencer.flows.pause_mailboxes import resume_mailboxes
from sequencer.flows.status import status
from sequencer.flows.tick import tick
from sequencer.mail.smtp import SmtpCourier
from tests.faults.row import SmtpFault, Tls
from tests.flows.office import SEQUENCE, Office
from tests.servers.certificates import ca_file, server_context
from tests.servers.scripted_smtp import ScriptedSmtp

ANA, BEN = "ana@luso.example", "ben@muster.example"
A_DAY = timedelta(hours=24)
_LARGE = 12_000_000


@dataclass(frozen=True, kw_only=True)
class Played:
    """What was seen, in the words of the table."""

    message: str
    copies: int
    enrollment: str
    mailbox: str
    read: str
    afterwards: str


class _Abrupt:
    """In place of a TLS context: hangs up instead of shaking hands."""

    def wrap_socket(self, connection: socket.socket, server_side: bool) -> ssl.SSLSocket:
        connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionError(f"hung up on purpose ({server_side=})")


@functools.cache
def _context(tls: Tls) -> ssl.SSLContext | None:
    match tls:
        case "none":
            return None
        case "good":
            return server_context()
        case "expired":
            return server_context(not_after=datetime(2021, 1, 1, tzinfo=UTC))
        case "other name":
            return server_context("imap.firm.example")
        case "unknown authority":
            return server_context(ca=trustme.CA())
        case "broken":
            return _Abrupt()  # type: ignore[return-value]


class SmtpPlay:
    """One mailbox `wang`, its real courier, and a server that does as told."""

    def __init__(self, root: Path, host: ScriptedSmtp, fault: SmtpFault) -> None:
        attach = 'template: short/intro\n    attach: ["list.pdf"]'
        sequence = SEQUENCE.replace("template: short/intro", attach) if fault.is_large else SEQUENCE
        self.office = Office(root / "ws", sequence=sequence)
        if fault.is_large:
            limits = replace(self.office.engine.config.limits, max_message_bytes=2 * _LARGE)
            self.office.reconfigure(limits=limits)
            (self.office.engine.workspace.assets / "list.pdf").write_bytes(b"%PDF-1.4\n" + b"x" * _LARGE)
        self.host = host
        self.fault = fault
        self.server = Server(
            host="127.0.0.1",
            port=host.port,
            security="starttls" if fault.wants_tls else "none",
            username="wang" if fault.logs_in else None,
            password=None,
            timeout_in=fault.timeout_in,
            ca_file=ca_file(root),
        )
        self.courier = SmtpCourier(self.server, lambda: "s3cret", "wang", final_reply_in=fault.timeout_in)

    @property
    def _mailbox(self) -> Mailbox:
        mailbox = self.office.engine.config.mailbox("wang")
        assert mailbox is not None
        return replace(mailbox, smtp=self.server)

    def tick(self, later: timedelta = timedelta(0)) -> None:
        self.office.clock.advance(later)
        desk: Desk = replace(self.office.desk(), mailbox=self._mailbox, courier=self.courier)
        tick(desk)

    def begin(self) -> None:
        """Ana's first message is due, and the server is at fault."""
        fault, host = self.fault, self.host
        host.play(fault.script)
        host.extensions, host.tls, host.is_dribbling = (
            fault.extensions,
            _context(fault.tls),
            fault.is_dribbling,
        )
        self.office.add_contact(ANA)
        self.office.enroll(ANA)
        self.tick()
        if fault.lasts:
            for _ in range(60):
                self.tick(timedelta(minutes=30))

    def end(self) -> None:
        """The server is well again."""
        self.host.play({})
        self.host.is_dribbling = False
        if self.fault.wants_tls:
            self.host.extensions, self.host.tls = ("STARTTLS",), _context("good")
        elif self.fault.logs_in:
            self.host.extensions = ("AUTH PLAIN",)

    def message(self, address: str = ANA) -> OutboxRow:
        """The address's first message."""
        [row] = [row for row in self.office.rows() if row.address == address and row.step == "intro"]
        return row

    @property
    def enrollment(self) -> Enrollment:
        return self.office.enrollments()[0]

    def copies(self, address: str = ANA) -> int:
        """How many of the address's first message the server holds."""
        marks = (f"To: <{address}>".encode(), f"To: {address}".encode(), f"<{address}>\r\n".encode())
        heads = [raw.partition(b"\r\n\r\n")[0] + b"\r\n" for raw in self.host.held]
        return sum(any(mark in head for mark in marks) and b"Subject: Torque" in head for head in heads)

    @property
    def line(self) -> MailboxLine:
        with self.office.engine.store.read() as tx:
            lines = mailbox_lines(tx, self.office.engine.config, self.office.clock.now())
        return next(line for line in lines if line.name == "wang")

    def ben_leaves(self) -> bool:
        """Whether the mailbox's next message, to somebody else, leaves at once."""
        self.office.add_contact(BEN)
        self.office.enroll(BEN)
        self.tick(timedelta(seconds=1))
        return self.copies(BEN) == 1

    def shown_in_status(self) -> str:
        """What `status` says of the message and its mailbox."""
        found = status(self.office.engine)
        reasons = [one.reason for one in (*found.overdue, *found.unsure)]
        return " ".join([*reasons, *(line.pause_reason or "" for line in found.mailboxes)])


def play(fault: SmtpFault, root: Path, caplog: pytest.LogCaptureFixture) -> Played:
    """Everything of one row. AssertionError where what must hold for every row does not."""
    caplog.set_level(logging.WARNING, "sequencer.mail")
    with ScriptedSmtp() as host:
        game = SmtpPlay(root, host, fault)
        with closing(game.courier):
            game.begin()
            row, copies, read = game.message(), game.copies(), _said(caplog, host.port)
            enrollment, line = _enrollment(game), game.line
            _tells_the_same(game, row, read, host.port)
            game.end()
            mailbox = _mailbox(game, line)
            if line.paused_at is not None:
                now = game.office.clock.now()
                assert resume_mailboxes(game.office.engine.store, {"wang": "wang"}, ["wang"], now) == ["wang"]
            for later in (7, 30, 30):
                game.tick(timedelta(minutes=later))
            assert game.copies() <= 1
            assert game.copies(BEN) == 1
            afterwards = f"{game.message().state}, {_copies(game.copies())}"
    return Played(
        message=row.state.value,
        copies=copies,
        enrollment=enrollment,
        mailbox=mailbox,
        read=read,
        afterwards=afterwards,
    )


def _said(caplog: pytest.LogCaptureFixture, port: int) -> str:
    """The log's warnings and errors, without ids: each once, the last of each kind."""
    lines = {one.getMessage(): f"{one.getMessage()}: {vars(one).get('detail', '')}" for one in caplog.records}
    return "; ".join(_in_general(line, port) for line in lines.values()) or "nothing"


def _in_general(text: str, port: int) -> str:
    return re.sub(r"after \d+ tries", "after N tries", text.replace(f"127.0.0.1:{port}", "HOST:PORT"))


def _tells_the_same(game: SmtpPlay, row: OutboxRow, read: str, port: int) -> None:
    """`outbox list` and `status` say what the log said, and no password."""
    assert _in_general(row.reason, port) in read
    assert "s3cret" not in read
    if row.state in (OutboxState.READY, OutboxState.DEFERRED, OutboxState.UNSURE):
        assert row.reason in game.shown_in_status()


def _enrollment(game: SmtpPlay) -> str:
    found = game.enrollment
    with game.office.engine.store.read() as tx:
        is_suppressed = tx.exec_driver_sql("SELECT count(*) FROM suppressions").scalar() == 1
    suppressed = ", address suppressed" if is_suppressed else ""
    if found.state is EnrollmentState.FINISHED:
        return f"finished: {found.finish_reason}{suppressed}"
    assert not is_suppressed
    if found.hold is None:
        return "active"
    until = found.hold.until
    ends = "a person" if until is None else f"{round((until - game.office.clock.now()) / A_DAY)} days"
    return f"held: {found.hold.reason}, {ends}"


def _mailbox(game: SmtpPlay, line: MailboxLine) -> str:
    """By the mailbox's line, and by whether another message leaves now that the fault is over."""
    now, leaves = game.office.clock.now(), game.ben_leaves()
    if line.paused_at is not None:
        assert not leaves
        return "paused"
    if line.slow_until is not None:
        assert not leaves
        return f"waits {(line.slow_until - now) // timedelta(minutes=1)} min"
    assert leaves
    return "goes on"


def _copies(count: int) -> str:
    return "1 copy" if count == 1 else f"{count} copies"
