"""docs/first-week.md, lived through: a provider's quirks, a slip, an answer in the chat room, a sign-in."""

import json
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sequencer.clock import SystemClock
from tests.docs.page import Page
from tests.e2e.launcher import MovedClock
from tests.e2e.stage import ROOT, reply_to
from tests.e2e.terminal import in_terminal
from tests.e2e.walk import LI, MONDAY, Log, Walk, letter_to
from tests.servers.certificates import ca_file, server_context
from tests.servers.issuer import Issuer
from tests.servers.netease import NetEaseHost
from tests.servers.smtp_server import SmtpServer
from tests.servers.token_hosts import TokenImap, TokenSmtp
from tests.servers.webhook import WebhookServer

CODE = "a-16-letter-code"
OFFICE = "li.wei@office.example"
CONTACTS = """\
email,first_name,company,country
ana@luso.example,Ana,Luso,Portugal
ben@muster.example,Ben,Muster GmbH,Germany
"""
WITHIN_SECONDS = 60


@dataclass(slots=True, kw_only=True)
class Week(Walk):
    """Li Wei's first week: what she knows by heart, and the servers behind the names she writes."""

    room: WebhookServer
    issuer: Issuer
    office_smtp: TokenSmtp
    office_imap: TokenImap
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {**Walk.environment.fget(self), **self.secrets}  # type: ignore[attr-defined]

    def type(self, line: str) -> str:
        """What a command line prints, however it ends."""
        words = shlex.split(line)
        if words[0] == "cd":
            return Walk.type(self, line)
        command = [sys.executable, "-m", "tests.e2e.moved", *words[1:]]
        printed, code = in_terminal(command, self.folder, self.environment)
        assert code in (0, 2, 3) or words[1:3] == ["mailboxes", "test"], printed
        return printed

    def write_mailbox(self, block: str) -> None:
        """Her block in place of the example's, with the servers of this test behind her provider."""
        config = self.workspace / "config.toml"
        text = config.read_text("utf-8").replace('only_to = ["*@ourfirm.example"]', "only_to = []")
        before, after = text.index("\n[[mailboxes]]") + 1, text.index("# [[retired]]")
        servers = self._servers("starttls", self.smtp, self.imap)
        config.write_text(text[:before] + block + servers + text[after:], "utf-8")

    def write_webhook(self, block: str) -> None:
        config = self.workspace / "config.toml"
        config.write_text(f"{config.read_text('utf-8')}\n{block}", "utf-8")
        self.secrets["SALES_ROOM_URL"] = self.room.url

    def write_office(self, block: str) -> None:
        config = self.workspace / "config.toml"
        text = config.read_text("utf-8").replace('mailboxes = ["li"]', 'mailboxes = ["li", "office"]')
        block = block.replace('issuer = "microsoft"', f'issuer = "{self.issuer.url}"')
        config.write_text(text + "\n" + block + self._servers("none", self.office_smtp, self.office_imap))

    @staticmethod
    def _servers(security: str, smtp: object, imap: object) -> str:
        return "".join(
            f'\n[mailboxes.{name}]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "{security}"\n'
            for name, server in (("smtp", smtp), ("imap", imap))
        )

    def misspell(self, right: str, wrong: str) -> None:
        """Change a word of the first mail."""
        template = self.workspace / "templates" / "mail-group" / "intro.md"
        text = template.read_text("utf-8")
        assert right in text
        template.write_text(text.replace(right, wrong, 1), "utf-8")


@pytest.fixture
def week(tmp_path: Path) -> Iterator[Week]:
    clock = tmp_path / "clock"
    offset = MONDAY - SystemClock().now()
    clock.write_text(str(offset.total_seconds()))
    moved = MovedClock(clock)
    with ExitStack() as stack:
        imap = stack.enter_context(NetEaseHost({LI: CODE}, tls=server_context(), clock=moved))
        smtp = SmtpServer(accounts={LI: CODE}, security="starttls", tls_context=server_context())
        smtp.deliver_to = lambda recipient, raw: imap.deliver(LI, raw) if recipient == LI else None
        issuer = stack.enter_context(Issuer(moved, account=OFFICE, pending=["authorization_pending"]))
        week = Week(
            root=tmp_path,
            smtp=stack.enter_context(smtp),
            imap=imap,
            ca_file=ca_file(tmp_path),
            offset=offset,
            room=stack.enter_context(WebhookServer("json", clock=moved)),
            issuer=issuer,
            office_smtp=stack.enter_context(TokenSmtp(takes=issuer.takes)),
            office_imap=stack.enter_context(TokenImap(issuer.takes, OFFICE)),
        )
        (tmp_path / "contacts.csv").write_text(CONTACTS, "utf-8")
        week.folder = tmp_path
        yield week
        week.close()


def without_numbers(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what differs from run to run.

    Copies of our own mail in Sent may be read before the answer or after it, which gives it another number.
    """
    [notice] = document["notices"]
    number, step = notice["inbox_id"], notice["next_step"]
    assert step.endswith(f"sequencer inbox show {number}")
    same = notice | {"inbox_id": 2, "next_step": re.sub(rf"(show|reply) {number}\b", r"\1 2", step)}
    told = document | {"notices": [same]}
    return {key: value for key, value in told.items() if key not in ("id", "sent_at")}


def test_the_page_tells_what_happens(week: Week) -> None:
    page = Page(ROOT / "docs" / "first-week.md")
    page.run(week.type)  # init
    week.write_mailbox(page.given("toml"))
    week.secrets["LI_MAIL"] = "password-of-the-web-page"
    page.run(week.type)  # mailboxes test, refused
    week.secrets["LI_MAIL"] = CODE
    page.run(week.type)  # mailboxes test, fine

    week.misspell("contact.first_name", "contact.frist_name")
    page.run(week.type)  # import; enroll finds it
    week.misspell("contact.frist_name", "contact.first_name")
    page.run(week.type)  # enroll

    week.write_webhook(page.given("toml"))
    daemon = week.start()
    week.wait_log("sent message 1 ")
    week.move(timedelta(minutes=3))
    week.wait_log("sent message 2 ")
    week.imap.deliver(LI, reply_to(letter_to(week, "ana@luso.example"), "Please quote the BP-210."))
    [posted] = week.room.wait_accepted(1, WITHIN_SECONDS)
    page.tell("json", json.dumps(without_numbers(posted.document), indent=2, ensure_ascii=False))
    page.run(lambda line: re.sub(r"answer \d+ \(", "answer 2 (", week.type(line)))  # why
    daemon.terminate()
    assert daemon.wait(20) == 0

    week.write_office(page.given("toml"))
    page.run(week.type)  # mailboxes login
    page.run(week.type)  # doctor, backup
    page.end()
    assert "BP-210" not in json.dumps(posted.document)
    assert Log(week).news().count("Unsafe Login") == 0
