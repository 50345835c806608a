"""Every fault a server or a wrong setting can show, each with its outcome and the line the user reads."""

import contextlib
import dataclasses
import functools
import smtplib
import socket
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from sequencer.config import Server
from sequencer.core.ports import MailboxFault, Unsure
from sequencer.errors import InputError
from sequencer.mail.smtp import SmtpCourier
from tests.mail.smtp_fault_table import (
    AT_CONNECT,
    AT_DATA,
    AT_DOT,
    AT_LOGIN,
    AT_MAIL,
    AT_RECIPIENT,
    CASES,
    LOGIN,
    MESSAGE,
    PASSWORD,
    WITH_LOGIN,
)
from tests.servers.certificates import ca_file, server_context
from tests.servers.scripted_smtp import ScriptedSmtp


@functools.cache
def context(kind):
    """Server contexts by the name a case gives them."""
    made = {
        None: lambda: None,
        "good": server_context,
        "other": lambda: server_context("imap.yutools.example"),
        "expired": lambda: server_context(not_after=datetime(2021, 1, 1, tzinfo=UTC)),
        "unknown": lambda: server_context(ca=trustme.CA()),
        "abrupt": Abrupt,
    }
    return made[kind]()


class Abrupt:
    """In place of a TLS context: hangs up instead of shaking hands."""

    def wrap_socket(self, connection, server_side):
        connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionError("hung up on purpose")


def courier_to(
    port, folder, read_password=lambda: PASSWORD, smtp_class=smtplib.SMTP, **settings
) -> SmtpCourier:
    fields = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "username": None,
        "password": None,
        "timeout_in": timedelta(seconds=20),
        "ca_file": ca_file(folder),
    }
    server = Server(**(fields | settings))
    return SmtpCourier(
        server, read_password, "wang", smtp_class=smtp_class, final_reply_in=timedelta(seconds=1)
    )


IN_ONE_WRITE = [
    dataclasses.replace(case, name=f"{case.name}, pipelined", extensions=(*case.extensions, "PIPELINING"))
    for case in (*AT_MAIL, *AT_RECIPIENT, *AT_DATA, *AT_DOT)
]


@pytest.mark.parametrize("case", [*CASES, *IN_ONE_WRITE], ids=lambda case: case.name)
def test_a_fault_has_its_outcome_and_its_line(case, tmp_path):
    host = ScriptedSmtp(
        script=case.script, extensions=case.extensions, tls=context(case.tls), is_implicit=case.is_implicit
    )
    with host, contextlib.closing(courier_to(host.port, tmp_path, **case.settings)) as courier:
        outcome = courier.send(case.message, lambda: True)
    assert type(outcome) is case.kind, outcome
    if isinstance(outcome, Unsure):
        assert case.line in outcome.cause
        return
    verb = "CONTENT" if case.verb in ("", "DOT") else case.verb
    assert outcome.answer.verb == verb
    if isinstance(outcome, MailboxFault):
        judge_fault(outcome, host.port, case)
    else:
        assert outcome.smtp_class is case.smtp_class


def judge_fault(outcome, port, case) -> None:
    """One line naming mailbox, host and port, a mend, and no password."""
    assert outcome.message.startswith(f"wang: 127.0.0.1:{port} ")
    assert case.line in outcome.message
    assert case.hint in outcome.hint
    assert outcome.hint
    assert outcome.is_lasting is case.is_lasting
    assert "\n" not in outcome.message + outcome.hint
    assert PASSWORD not in outcome.message + outcome.hint


def test_may_send_is_not_asked_when_the_recipient_or_anything_before_was_refused(tmp_path):
    asked = []
    for case in [*AT_CONNECT, *AT_LOGIN, *AT_MAIL, *AT_RECIPIENT]:
        host = ScriptedSmtp(script=case.script, extensions=case.extensions)
        with host, contextlib.closing(courier_to(host.port, tmp_path, **case.settings)) as courier:
            courier.send(case.message, lambda name=case.name: asked.append(name) or True)
    assert asked == []


def test_a_port_where_nobody_listens_is_a_passing_fault(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outcome = courier_to(port, tmp_path).send(MESSAGE, lambda: True)
    assert isinstance(outcome, MailboxFault)
    assert outcome.message == f"wang: 127.0.0.1:{port} cannot be reached: Connection refused"
    assert not outcome.is_lasting


def test_a_host_without_an_address_is_a_passing_fault(tmp_path):
    class Nameless(smtplib.SMTP):
        def connect(self, host="localhost", port=0, source_address=None):
            raise socket.gaierror(-2, "Name or service not known")

    outcome = courier_to(587, tmp_path, smtp_class=Nameless).send(MESSAGE, lambda: True)
    assert isinstance(outcome, MailboxFault)
    assert outcome.message == "wang: 127.0.0.1:587 is not known by name"
    assert not outcome.is_lasting


def test_a_host_that_is_no_name_is_a_lasting_fault(tmp_path):
    outcome = courier_to(587, tmp_path, host="smtp..example", security="starttls").send(MESSAGE, lambda: True)
    assert isinstance(outcome, MailboxFault)
    assert outcome.message == "wang: smtp..example:587 is not a host name"
    assert outcome.is_lasting


def test_nothing_goes_unencrypted_over_a_network(tmp_path):
    outcome = courier_to(25, tmp_path, host="192.0.2.1").send(MESSAGE, lambda: True)
    assert isinstance(outcome, MailboxFault)
    assert "security is none" in outcome.message
    assert outcome.is_lasting


def test_a_password_that_cannot_be_read_is_a_lasting_fault_before_any_connection(tmp_path):
    def unreadable() -> str:
        raise InputError("environment variable WANG_PASSWORD is not set", hint="export WANG_PASSWORD=…")

    with ScriptedSmtp(extensions=LOGIN) as host:
        outcome = courier_to(host.port, tmp_path, unreadable, **WITH_LOGIN).send(MESSAGE, lambda: True)
        assert host.heard == []
    assert isinstance(outcome, MailboxFault)
    assert outcome.message == (
        f"wang: no password for 127.0.0.1:{host.port}: environment variable WANG_PASSWORD is not set"
    )
    assert outcome.hint == "export WANG_PASSWORD=…"
    assert outcome.is_lasting
