"""A mailbox that used to receive and does not any more: told once, seen in status and doctor."""

from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.core.notices import NoticeKind
from sequencer.flows.checkup import at_work
from sequencer.flows.checkup.ground import Ground
from sequencer.flows.silence import Silences, silent_since
from sequencer.flows.status import status
from sequencer.store import mailboxes
from tests.flows.telling import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "ws")
    desk.office.tick()
    for number in range(8):
        come(desk, number)
    return desk


def come(desk: Desk, number: int, sender: str = "news@shop.example", folder: str = "INBOX") -> None:
    """A day passes and a mail comes, from somebody nobody wrote to."""
    desk.office.clock.advance(timedelta(days=1))
    raw = f"From: {sender}\r\nMessage-ID: <{number}@shop.example>\r\nSubject: Offer {number}\r\n\r\nBuy.\r\n"
    desk.office.mailboxes["wang"].append(folder, raw.encode())
    desk.office.tick()


def pass_by(desk: Desk, days: int) -> int:
    """Days without mail, each with its reading; returns how many notices arrived."""
    told = 0
    for _ in range(days):
        desk.office.clock.advance(timedelta(days=1))
        desk.office.tick()
        told += desk.tell()
    return told


def test_it_is_told_once_until_mail_comes_again(desk: Desk) -> None:
    assert pass_by(desk, 2) == 0
    assert pass_by(desk, 10) == 1
    [mail] = desk.mails()
    assert mail["To"] == "Wang Lei <wang@firm.example>"
    assert mail["Subject"].startswith("Mailbox wang has received nothing since 2026-03-10")
    assert "Send it a mail from outside" in mail.get_payload()
    for number in range(20, 25):
        come(desk, number)
    assert pass_by(desk, 10) == 1


def test_status_and_doctors_line_say_since_when(desk: Desk) -> None:
    pass_by(desk, 8)
    [wang] = [line for line in status(desk.office.engine).mailboxes if line.name == "wang"]
    assert wang.silent_since is not None
    assert f"{wang.silent_since:%Y-%m-%d}" == "2026-03-10"
    [li] = [line for line in status(desk.office.engine).mailboxes if line.name == "li"]
    assert li.silent_since is None, "a mailbox that never received is not silent"


def test_what_lies_in_sent_and_what_we_wrote_ourselves_breaks_no_silence(desk: Desk) -> None:
    for number in range(30, 38):
        come(desk, number, folder="Sent")
        come(desk, number + 100, sender="li@firm.example")
    assert desk.tell() == 1


def test_an_inbox_that_cannot_be_read_is_another_matter(desk: Desk) -> None:
    engine = desk.office.engine
    with engine.store.write() as tx:
        mailboxes.read_failed(tx, "wang", "no network", engine.clock.now())
    desk.office.clock.advance(timedelta(days=20))
    assert desk.tell() == 0


def test_of_days_on_which_nobody_read_nothing_is_said(desk: Desk) -> None:
    desk.office.clock.advance(timedelta(days=20))
    assert desk.tell() == 0
    with desk.office.engine.store.read() as tx:
        [wang] = [one for one in mailboxes.statuses(tx) if one.name == "wang"]
    assert silent_since(desk.office.engine.config, wang, desk.office.clock.now()) is None


def test_mail_that_comes_before_the_notice_leaves_makes_it_void(desk: Desk) -> None:
    desk.office.clock.advance(timedelta(days=10))
    desk.office.tick()
    Silences(desk.office.engine).tell(desk.office.clock.now())
    come(desk, 50)
    assert desk.tell() == 0
    assert [row.kind for row in desk.rows()] == [NoticeKind.PAUSED]


def test_doctor_warns_of_it(desk: Desk) -> None:
    pass_by(desk, 8)
    engine = desk.office.engine
    ground = Ground(
        workspace=engine.workspace,
        now=engine.clock.now(),
        config=engine.config,
        config_fault=None,
        store=engine.store,
        store_fault=None,
    )
    [check] = [one for one in at_work.mailboxes(ground) if one.name == "mailbox wang"]
    assert "nothing has come since 2026-03-10" in check.what
