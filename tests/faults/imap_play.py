"""Plays one IMAP fault against the real reader and courier, with and without an answer in the inbox."""

import logging
import re
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.config import Server
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.flows.engine import Desk
from sequencer.flows.status import status
from sequencer.flows.tick import tick
from sequencer.mail.imap import ImapReader
from sequencer.mail.smtp import SmtpCourier
from tests.faults.row import ImapRow
from tests.flows.office import Office
from tests.servers.scripted_imap import ScriptedImap
from tests.servers.scripted_smtp import ScriptedSmtp

ANA = "ana@luso.example"
FOLDERS = (b'(\\HasNoChildren) "/" INBOX', b'(\\HasNoChildren) "/" Projects')
VALIDITY = 7
_OTHER = b"From: news@shop.example\r\nMessage-ID: <n1@shop.example>\r\nSubject: Offers\r\n\r\nBuy.\r\n"
_PASSWORD = "s3cret"


@dataclass(frozen=True, kw_only=True)
class Played:
    """What was seen, in the words of the table."""

    followup: str
    enrollment: str
    inbox: str
    read: str
    afterwards: str


class ImapPlay:
    """Ana got her first message on Monday; her follow-up is due on Thursday."""

    def __init__(self, root: Path, smtp: ScriptedSmtp, imap: ScriptedImap, timeout_in: timedelta) -> None:
        self.office = Office(root / "ws")
        self.smtp, self.imap = smtp, imap
        server = Server(
            host="127.0.0.1",
            port=imap.port,
            security="none",
            username="wang",
            password=None,
            timeout_in=timeout_in,
        )
        self.reader = ImapReader(server, lambda: _PASSWORD, "wang")
        self.server = replace(server, port=smtp.port, username=None)
        self.courier = SmtpCourier(self.server, lambda: _PASSWORD, "wang")

    def tick(self, later: timedelta = timedelta(0)) -> None:
        self.office.clock.advance(later)
        desk: Desk = self.office.desk()
        mailbox = replace(desk.mailbox, smtp=self.server)
        tick(replace(desk, mailbox=mailbox, courier=self.courier, reader=self.reader))

    def write(self) -> None:
        """The first message leaves, and the inbox is read."""
        self.office.add_contact(ANA)
        self.office.enroll(ANA)
        self.tick()
        assert self.rows("intro")[0].state is OutboxState.SENT
        self.office.clock.advance(timedelta(days=3))

    def new_mail(self, *, has_answer: bool) -> None:
        """Something from a stranger, and perhaps Ana's answer after it."""
        self.imap.mails[2] = _OTHER
        headers = self.rows("intro")[0].headers
        assert headers is not None
        if has_answer:
            self.imap.mails[4] = (
                f"From: {ANA}\r\nTo: wang@firm.example\r\nMessage-ID: <a1@luso.example>\r\n"
                f"In-Reply-To: {headers.message_id}\r\nSubject: Re: wrenches\r\n\r\nPlease call me.\r\n"
            ).encode()
        self.imap.uid_next = 5

    def begin(self, row: ImapRow) -> None:
        """The kept connection has died of old age, and the server is at fault."""
        self.reader.close()
        row.change(self.imap)
        self.imap.play(row.script)
        self.tick()

    def end(self) -> None:
        """The server is well again; the mailbox may have been locked out for ten minutes."""
        self.imap.play({})
        self.imap.uid_validity, self.imap.folders = VALIDITY, FOLDERS
        for minutes in (1, 11, 30):
            self.tick(timedelta(minutes=minutes))

    def rows(self, step: str) -> list[OutboxRow]:
        return [row for row in self.office.rows() if row.step == step]

    @property
    def copies(self) -> int:
        """Follow-ups that the SMTP server holds: whatever came after the first message."""
        return len(self.smtp.held) - 1

    def followup(self) -> str:
        state = self.rows("offer")[-1].state
        return f"{state}, {self.copies} {'copy' if self.copies == 1 else 'copies'}"


def play(row: ImapRow, root: Path, caplog: pytest.LogCaptureFixture) -> Played:
    """The row without an answer: what is seen meanwhile, and that the follow-up leaves once, afterwards."""
    with ExitStack() as stack:
        game = _opened(stack, root, row)
        game.new_mail(has_answer=False)
        caplog.set_level(logging.WARNING, "sequencer.mail")
        caplog.clear()
        game.begin(row)
        followup, inbox = game.followup(), _inbox(game)
        [enrollment] = game.office.enrollments()
        assert enrollment.hold is None
        read = _said(caplog, game.imap.port)
        assert _PASSWORD not in read
        game.end()
        return Played(
            followup=followup,
            enrollment=enrollment.state.value,
            inbox=inbox,
            read=read,
            afterwards=game.followup(),
        )


def play_answered(row: ImapRow, root: Path) -> str:
    """The row with Ana's answer among the new mail: nothing leaves, meanwhile and afterwards."""
    with ExitStack() as stack:
        game = _opened(stack, root, row)
        game.new_mail(has_answer=True)
        game.begin(row)
        assert game.copies == 0
        game.end()
        [enrollment] = game.office.enrollments()
        return f"{enrollment.state}: {enrollment.finish_reason}, {game.copies} copies"


def _opened(stack: ExitStack, root: Path, row: ImapRow) -> ImapPlay:
    smtp = stack.enter_context(ScriptedSmtp())
    imap = stack.enter_context(ScriptedImap(folders=FOLDERS, uid_validity=VALIDITY, mails={1: _OTHER}))
    game = ImapPlay(root, smtp, imap, row.timeout_in)
    stack.callback(game.courier.close)
    stack.callback(game.reader.close)
    game.write()
    return game


def _inbox(game: ImapPlay) -> str:
    """Read or unread, which the follow-up must agree with: unread, and it waits and says so."""
    [line] = [one for one in status(game.office.engine).mailboxes if one.name == "wang"]
    if line.read_failed_at is None:
        assert line.read_at == game.office.clock.now()
        return "read"
    assert line.read_at != game.office.clock.now()
    assert game.copies == 0
    waiting = game.rows("offer")[-1]
    assert waiting.state is OutboxState.READY
    assert waiting.reason == f"inbox of wang unread since {line.read_failed_at:%Y-%m-%d %H:%M}Z"
    assert waiting.reason in [one.reason for one in status(game.office.engine).overdue]
    is_left_alone = "wang" in game.office.engine.locked_out
    return "unread, left alone for 10 min" if is_left_alone else "unread, tried at the next turn"


def _said(caplog: pytest.LogCaptureFixture, port: int) -> str:
    lines = [
        f"{one.getMessage()}: {vars(one).get('detail', '')}".removesuffix(": ") for one in caplog.records
    ]
    return re.sub(rf"127\.0\.0\.1:{port}", "HOST:PORT", "; ".join(lines)) or "nothing"
