"""docs/walkthrough.md, lived through: real commands, real daemon, real servers, a clock moved by hand."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.clock import SystemClock
from sequencer.demo.imap_host import ImapHost
from tests.docs.page import Page
from tests.e2e.launcher import MovedClock
from tests.e2e.stage import PASSWORD, ROOT, reply_to
from tests.e2e.walk import LI, MONDAY, Log, Walk, letter_to
from tests.servers.certificates import ca_file, server_context
from tests.servers.smtp_server import SmtpServer

CONTACTS = """\
email,first_name,company,country
ana@luso.example,Ana,Luso,Portugal
ben@muster.example,Ben,Muster GmbH,Germany
"""


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    clock = tmp_path / "clock"
    offset = MONDAY - SystemClock().now()
    clock.write_text(str(offset.total_seconds()))
    with (
        ImapHost({LI: PASSWORD}, tls=server_context(), clock=MovedClock(clock)) as imap,
        SmtpServer(accounts={LI: PASSWORD}, security="starttls", tls_context=server_context()) as smtp,
    ):
        walk = Walk(root=tmp_path, smtp=smtp, imap=imap, ca_file=ca_file(tmp_path), offset=offset)
        (tmp_path / "contacts.csv").write_text(CONTACTS, "utf-8")
        walk.folder = tmp_path
        yield walk
        walk.close()


def test_the_page_tells_what_happens(walk: Walk) -> None:
    page = Page(ROOT / "docs" / "walkthrough.md")
    page.run(walk.type)  # init
    page.tell("toml", walk.set_up_mailbox())
    page.run(walk.type)  # import, enroll

    log = Log(walk)
    daemon = walk.start()
    walk.wait_log("sent message 1 ")
    walk.move(timedelta(minutes=3))
    walk.wait_log("sent message 2 ")
    page.tell("text", log.news())

    walk.imap.deliver(LI, reply_to(letter_to(walk, "ana@luso.example"), page.quotation))
    walk.wait_log("reply")
    walk.move(timedelta(days=2))
    walk.wait_log("sent message 3 ")
    walk.move(timedelta(days=5))
    walk.wait_log("sent message 4 ")
    daemon.send_signal(signal.SIGINT)
    assert daemon.wait(20) == 0
    page.tell("text", log.news())
    to_buyers = [one.recipient for one in walk.smtp.received if one.recipient != LI]  # notices are hers
    assert to_buyers[2:] == ["ben@muster.example"] * 2

    page.run(walk.type)  # inbox, enrollments, outbox, report, status
    page.end()
