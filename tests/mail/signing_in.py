"""A signed-in mailbox for tests: its issuer, its servers, its kept tokens, and everything that was said."""

import contextlib
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sequencer.clock import Clock
from sequencer.config import Mailbox, OAuth, Server
from sequencer.core.sign_in import Grant
from sequencer.files.token_file import TokenFile
from sequencer.files.workspace import Workspace
from sequencer.flows.credentials import token_of
from sequencer.mail.credentials import in_base64, xoauth2
from sequencer.mail.oauth.device import sign_in_by_device
from sequencer.mail.oauth.token import Token
from sequencer.testing import FakeClock, a_mailbox
from tests.servers.issuer import Issuer

LI = "li@ourfirm.example"


@dataclass(slots=True)
class Office:
    """One mailbox, `li`, in a workspace at `root`, with an issuer that runs."""

    root: Path
    issuer: Issuer
    clock: Clock = field(default_factory=FakeClock)
    smtp_port: int = 9
    imap_port: int = 9
    told: list[str] = field(default_factory=list)

    @property
    def oauth(self) -> OAuth:
        return OAuth(issuer=self.issuer.url, client_id="app-of-ours")

    @property
    def mailbox(self) -> Mailbox:
        smtp, imap = a_server(self.smtp_port), a_server(self.imap_port)
        return a_mailbox("li", address=LI, smtp=smtp, imap=imap, oauth=self.oauth)

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    @property
    def file(self) -> TokenFile:
        return TokenFile(self.workspace.tokens, "li")

    @property
    def token(self) -> Token:
        return token_of(self.mailbox, self.oauth, self.workspace, self.clock)

    def kept(self) -> Grant:
        grant = self.file.read()
        assert grant is not None, "nothing is kept"
        return grant

    def has_told_a_secret(self, *more: str) -> list[str]:
        """The secrets of the issuer that stand in what was told, or in `more`, plain or as SASL says them."""
        words = "\n".join([*self.told, *more])
        return [
            secret
            for secret in self.issuer.secrets
            if secret in words or in_base64(xoauth2(LI, secret)) in words
        ]


@contextlib.contextmanager
def signed_in(root: Path, clock: Clock) -> Iterator[Office]:
    """`li` has just signed in."""
    with Issuer(clock) as issuer:
        office = Office(root, issuer, clock)
        office.token.keep(sign_in_by_device(office.token.endpoint, office.told.append))
        yield office


def a_server(port: int) -> Server:
    return Server(
        host="127.0.0.1",
        port=port,
        security="none",
        username=LI,
        password=None,
        timeout_in=timedelta(seconds=10),
    )


def browse(link: str) -> tuple[int, str]:
    """What a browser makes of a link, redirects and all: status and page."""
    try:
        with urllib.request.urlopen(link, timeout=10) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@dataclass(slots=True)
class Browser:
    """Opens links in a thread of its own, as a browser does; `pages` is what the person saw."""

    pages: list[tuple[int, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def open(self, link: str) -> bool:
        self.links.append(link)
        thread = threading.Thread(target=lambda: self.pages.append(browse(link)))
        thread.start()
        self._threads.append(thread)
        return True

    def close(self) -> list[tuple[int, str]]:
        """The pages, once all have come."""
        for thread in self._threads:
            thread.join(20)
        return self.pages


def no_browser(_link: str) -> Any:
    """A machine without one."""
    return False
