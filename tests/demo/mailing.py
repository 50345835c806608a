"""A mail host on a clock of its own, and clients of it, for its tests."""

import base64
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient

from sequencer.clock import VirtualClock
from sequencer.demo.mail_host import MailHost, RecipientPolicy

START = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
WANG, LI = "wang@ourfirm.example", "li@ourfirm.example"
ANA, GONE, SLOW = "ana@lusotools.example", "gone@lusotools.example", "slow@nordwerk.example"
A_MAIL = b"From: wang@ourfirm.example\r\nSubject: Pliers\r\n\r\nA quote for you.\r\n"


def a_host(clock: VirtualClock) -> MailHost:
    policies = {
        ANA: RecipientPolicy.TAKES,
        GONE: RecipientPolicy.UNKNOWN,
        SLOW: RecipientPolicy.GREYLISTS,
    }
    return MailHost(clock, {WANG: "secret", LI: "пароль"}, policies)


@contextmanager
def smtp(host: MailHost, user: str | None = WANG, password: str = "secret") -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", host.smtp_port, "desk.example", 10) as client:
        client.ehlo()
        if user is not None:
            client.login(user, password)
        yield client


@contextmanager
def imap(host: MailHost) -> Iterator[IMAPClient]:
    with IMAPClient("127.0.0.1", host.imap_port, ssl=False, timeout=10) as client:
        client.normalise_times = False
        client.login(WANG, "secret")
        yield client


def answer_to(client: smtplib.SMTP, sender: str, *recipients: str) -> tuple[int, str]:
    """What the last RCPT was told."""
    client.rset()
    assert client.mail(sender)[0] == 250
    answers = [client.rcpt(recipient) for recipient in recipients]
    return answers[-1][0], answers[-1][1].decode().split()[0]


def plain(user: str, password: str) -> str:
    """The argument of AUTH for what smtplib's own login cannot send."""
    words = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    return f"PLAIN {words}"


def the_mail(client: IMAPClient, folder: str) -> dict[bytes, Any]:
    """The only message of a folder."""
    client.select_folder(folder, readonly=True)
    [found] = client.fetch(client.search(), ["INTERNALDATE", "FLAGS", "BODY.PEEK[]"]).values()
    return dict(found)
