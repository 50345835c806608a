"""`mailboxes login`, and a mailbox that lives by it: sent, revoked, left alone, signed in again, sent."""

import logging
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from sequencer.cli.post import open_courier, open_reader
from sequencer.clock import SystemClock
from sequencer.config import OAuth
from sequencer.core.outbox import OutboxState
from sequencer.flows.engine import Desk
from sequencer.flows.tick import Ticked, tick
from sequencer.store import mailboxes
from sequencer.testing import FakeClock, a_config, a_mailbox
from tests.cli.command_line import Ran, run
from tests.firm import Firm
from tests.mail.signing_in import LI, Browser, Office
from tests.servers.issuer import Issuer
from tests.servers.token_hosts import TokenImap, TokenSmtp

ANA = "ana@luso.example"


@dataclass(slots=True)
class Signing:
    """A firm whose one mailbox signs in, with real servers."""

    firm: Firm
    office: Office
    smtp: TokenSmtp
    imap: TokenImap
    logs: pytest.LogCaptureFixture
    printed: list[str]

    @property
    def issuer(self) -> Issuer:
        return self.office.issuer

    def login(self, *words: str) -> Ran:
        return self.run("login", "li", *words)

    def run(self, *words: str) -> Ran:
        ran = run(self.firm.session, "mailboxes", *words)
        self.printed += [ran.out, ran.err]
        return ran

    def work(self) -> Ticked:
        """A tick of the mailbox with its real courier and reader, as the daemon does it."""
        firm, box = self.firm, self.office.mailbox
        with firm.store.write() as tx:
            mailboxes.sync(tx, {"li": "li"})
        with (
            closing(open_courier(firm.session)(box)) as courier,
            closing(open_reader(firm.session)(box)) as reader,
        ):
            desk = Desk(
                engine=firm.engine, mailbox=box, courier=courier, reader=reader, stop=threading.Event()
            )
            return tick(desk)

    def paused_because(self) -> str | None:
        with self.firm.store.read() as tx:
            (one,) = mailboxes.statuses(tx)
        return one.pause_reason

    def leaks(self) -> list[str]:
        """The secrets that stand in what was printed, logged, or written anywhere but into tokens/."""
        root = self.firm.workspace.root
        files = [path for path in root.rglob("*") if path.is_file() and "tokens" not in path.parts]
        assert any(path.name == "sequencer.db" for path in files)
        words = [path.read_bytes().decode("latin-1") for path in files]
        return self.office.has_told_a_secret(*self.printed, self.logged(), *words)

    def logged(self) -> str:
        """Every line of every log, with the details that our own formats would add."""
        return "\n".join([self.logs.text, *(repr(vars(record)) for record in self.logs.records)])


@pytest.fixture
def signing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Signing]:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "pymap")  # the test server's own diary of what it is sent
    with (
        Issuer(FakeClock()) as issuer,
        TokenSmtp(takes=issuer.takes) as smtp,
        TokenImap(issuer.takes, LI) as imap,
    ):
        office = Office(tmp_path, issuer, smtp_port=smtp.port, imap_port=imap.port)
        firm = Firm(tmp_path, a_config(office.mailbox))
        issuer.clock = office.clock = firm.clock
        yield Signing(firm, office, smtp, imap, caplog, [])


def test_a_device_sign_in_is_proved_at_both_servers(signing: Signing) -> None:
    signing.issuer.pending = ["authorization_pending", "authorization_pending"]
    ran = signing.login("--device")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        f"Open {signing.issuer.url}/enter on any device and enter the code WDJB-MJHT",
        f"li: signed in as {LI}; SMTP and IMAP accept it.",
    ]
    assert len(signing.smtp.tokens) == len(signing.imap.tokens) == 1
    assert signing.smtp.received == []
    assert signing.leaks() == []


def test_a_browser_is_opened_where_that_is_usual(signing: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser()
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", browser.open)
    # A browser needs real time; the issuer's tokens are dated by the same clock.
    clock = SystemClock()
    signing.firm.session.__dict__["clock"] = signing.issuer.clock = clock
    ran = signing.login()
    ((status, page),) = browser.close()
    assert (ran.code, status) == (0, 200)
    assert ran.out.splitlines() == [
        "Sign in in the browser window that opens, or open this link:",
        browser.links[0],
        f"li: signed in as {LI}; SMTP and IMAP accept it.",
    ]
    signing.printed.append(page)
    assert signing.leaks() == []


@pytest.mark.parametrize(("words", "screen"), [(["--no-browser"], ":0"), ([], None)])
def test_no_browser_is_opened_when_told_so_or_without_a_screen(
    signing: Signing, monkeypatch: pytest.MonkeyPatch, words: list[str], screen: str | None
) -> None:
    """On a clock that does not wait, nobody comes."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    if screen is not None:
        monkeypatch.setenv("DISPLAY", screen)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(webbrowser, "open", pytest.fail)
    ran = signing.login(*words)
    assert ran.code == 1
    assert ran.out.startswith("Open this link:\n")
    assert "Error: nobody signed in within 5 minutes" in ran.err


def test_a_mailbox_lives_by_its_sign_in(signing: Signing) -> None:
    firm = signing.firm
    firm.enroll(ANA)
    signing.login("--device")
    assert "ok, signed in" in signing.run("list").out
    assert (signing.work().is_read_ok, len(signing.smtp.received)) == (True, 1)

    firm.later(days=4)  # every access token has ended long ago; the refresh token has not
    signing.work()
    firm.later(days=4)
    signing.issuer.revoke()
    asked, heard = len(signing.issuer.asked), len(signing.smtp.tokens)
    ticked = signing.work()
    assert not ticked.is_read_ok
    firm.later(seconds=30)
    signing.work()
    assert len(signing.issuer.asked) - asked <= 2, "a mailbox with a lasting fault is left alone"
    assert len(signing.smtp.tokens) == heard
    (line,) = signing.run("list", "--json").document["mailboxes"]
    assert "has ended the sign-in (invalid_grant" in (line["read_failure"] or line["pause_reason"])
    assert "\n" not in line["read_failure"]

    ran = signing.login("--device")
    assert ran.code == 0
    firm.later(minutes=15)
    assert signing.work().is_read_ok
    assert signing.leaks() == []


def test_sending_with_a_revoked_sign_in_pauses_the_mailbox_and_keeps_the_message(signing: Signing) -> None:
    firm = signing.firm
    signing.login("--device")
    firm.enroll(ANA)
    firm.later(hours=2)
    signing.issuer.revoke()
    signing.work()
    reason = signing.paused_because()
    assert reason is not None
    assert "li: no sign-in for 127.0.0.1" in reason
    assert firm.message(1).state is OutboxState.READY
    assert "sequencer mailboxes login li" in signing.logged()

    ran = signing.login("--device")
    assert ran.err == "li is paused: `sequencer mailboxes resume li` lets it send again.\n"
    signing.run("resume", "li")
    firm.later(minutes=15)
    signing.work()
    assert len(signing.smtp.received) == 1
    assert signing.leaks() == []


def test_the_account_of_somebody_else_is_found_out_at_once(signing: Signing) -> None:
    signing.issuer.account = "somebody.else@ourfirm.example"
    ran = signing.login("--device")
    assert ran.code == 1
    assert "Error: signed in, but li: 127.0.0.1:" in ran.err
    assert f"Hint: sign in with `sequencer mailboxes login li` as {LI}" in ran.err
    assert signing.leaks() == []


def test_signing_out_forgets(signing: Signing) -> None:
    signing.login("--device")
    kept = signing.office.file.path
    assert kept.exists()
    assert signing.login("--logout").out == "li: signed out on this computer.\n"
    assert not kept.exists()
    assert signing.login("--logout").out == "li: nobody was signed in.\n"
    assert "sign in with `sequencer mailboxes login li`" in signing.run("list").out
    assert signing.run("list", "--json").document["mailboxes"][0]["is_signed_in"] is False


def test_one_way_at_a_time(signing: Signing) -> None:
    assert signing.login("--device", "--loopback").code == 2
    assert signing.issuer.asked == []


@pytest.mark.parametrize(
    ("name", "says"), [("lli", "did you mean li?"), ("wang", "add [mailboxes.oauth] below it")]
)
def test_a_mailbox_that_does_not_sign_in_is_told_so(tmp_path: Path, name: str, says: str) -> None:
    oauth = OAuth(issuer="microsoft", client_id="app")
    firm = Firm(tmp_path, a_config(a_mailbox("li", oauth=oauth), a_mailbox("wang")))
    ran = run(firm.session, "mailboxes", "login", name)
    assert ran.code == 2
    assert says in ran.err


def test_the_leaks_are_looked_for_where_they_would_be(signing: Signing) -> None:
    signing.login("--device")
    assert signing.leaks() == []
    signing.printed.append(f"the token is {signing.smtp.tokens[0]}")
    assert signing.leaks() == signing.smtp.tokens
