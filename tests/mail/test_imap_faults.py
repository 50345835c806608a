"""How a server can fail a read: the one line, its mend, whether it lasts; and the next read is whole."""

import logging
from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.mail.reading import NAME, a_reader, a_server, failure_of, read
from tests.servers.scripted_imap import A_MAIL, CAPABILITIES, Fault, ScriptedImap, Step

QUICK, PATIENT = timedelta(seconds=0.5), timedelta(seconds=10)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A command, what the server does instead of answering it, and what the user is told."""

    command: str
    step: Step
    says: str
    hint: str
    is_lasting: bool = False
    capabilities: str = CAPABILITIES


QQ = "NO Login fail. Account is abnormal, service is not open, password is incorrect, or system is busy."
ROWS = {
    "greeted with BYE": Row(
        command="GREETING",
        step=b"* BYE Too many connections from your address\r\n",
        says="connection closed by the server while connecting: Too many connections from your address",
        hint="tried again",
    ),
    "dropped before the greeting": Row(
        command="GREETING", step=Fault.DROP, says="connection lost while connecting", hint="network"
    ),
    "no greeting": Row(
        command="GREETING", step=Fault.STALL, says="no answer within 0.5 s while connecting", hint="network"
    ),
    "an SMTP server": Row(
        command="GREETING",
        step=b"220 mx.example ESMTP\r\n",
        says="answer not understood while connecting: unexpected response: b'220 mx.example ESMTP'",
        hint="imap.port",
    ),
    "a POP3 server": Row(
        command="GREETING",
        step=b"+OK POP3 ready\r\n",
        says="answer not understood while connecting: no IMAP greeting",
        hint="imap.port",
    ),
    "wrong password": Row(
        command="LOGIN",
        step="NO [AUTHENTICATIONFAILED] Authentication failed.",
        says="login refused: [AUTHENTICATIONFAILED] Authentication failed.",
        hint="authorization code (授权码)",
        is_lasting=True,
    ),
    "wrong password in Chinese, BAD": Row(
        command="LOGIN",
        step="BAD login failed, 密码错误",
        says="login refused: login failed, 密码错误",
        hint="password",
        is_lasting=True,
    ),
    "QQ's one answer to everything": Row(
        command="LOGIN", step=QQ, says=f"login refused: {QQ[3:]}", hint="授权码", is_lasting=True
    ),
    "a password that the server repeats": Row(
        command="LOGIN",
        step="NO cannot log in with LOGIN wang secret",
        says="login refused: cannot log in with LOGIN wang …",
        hint="password",
        is_lasting=True,
    ),
    "an app password is needed": Row(
        command="LOGIN",
        step="NO [ALERT] Application-specific password required",
        says="login refused: [ALERT] Application-specific password required",
        hint="app password",
        is_lasting=True,
    ),
    "IMAP is switched off": Row(
        command="LOGIN",
        step="NO [ALERT] Your account is not enabled for IMAP use.",
        says="login refused: [ALERT] Your account is not enabled for IMAP use.",
        hint="switch IMAP on",
        is_lasting=True,
    ),
    "passwords are no longer taken": Row(
        command="LOGIN",
        step="NO BasicAuthBlocked",
        says="login refused: BasicAuthBlocked",
        hint="no longer takes passwords",
        is_lasting=True,
    ),
    "too busy for a login": Row(
        command="LOGIN",
        step="NO [UNAVAILABLE] Temporary authentication failure.",
        says="login refused: [UNAVAILABLE] Temporary authentication failure.",
        hint="tried again",
    ),
    "hung up at the login": Row(
        command="LOGIN",
        step=b"* BYE Server shutting down\r\n",
        says="connection closed by the server while logging in: Server shutting down",
        hint="tried again",
    ),
    "NetEase distrusts the login": Row(
        command="EXAMINE",
        step="NO EXAMINE Unsafe Login. Please contact kefu@188.com for help",
        says="refused opening 'INBOX': EXAMINE Unsafe Login. Please contact kefu@188.com for help",
        hint="授权码",
        is_lasting=True,
    ),
    "LIST refused": Row(
        command="LIST",
        step="NO not now",
        says="refused listing the folders: not now",
        hint="tried again",
    ),
    "a LIST that is not one": Row(
        command="LIST",
        step=b"* LIST oh dear\r\nTAG OK done\r\n",
        says="answer not understood while listing the folders",
        hint="bug",
    ),
    "STATUS refused": Row(
        command="STATUS",
        step="NO [NOPERM] Permission denied",
        says="refused asking about 'INBOX': [NOPERM] Permission denied",
        hint="ignore_folders",
    ),
    "a STATUS without an answer": Row(
        command="STATUS",
        step=b"TAG OK done\r\n",
        says="answer not understood while asking about 'INBOX'",
        hint="bug",
    ),
    "BYE instead of STATUS": Row(
        command="STATUS",
        step=b"* BYE Autologout; idle for too long\r\n",
        says="connection closed by the server while asking about 'INBOX': Autologout; idle for too long",
        hint="tried again",
    ),
    "EXAMINE refused": Row(
        command="EXAMINE",
        step="NO Mailbox cannot be opened",
        says="refused opening 'INBOX': Mailbox cannot be opened",
        hint="ignore_folders",
    ),
    "EXAMINE refused for the moment": Row(
        command="EXAMINE",
        step="NO [INUSE] Mailbox is locked",
        says="refused opening 'INBOX': [INUSE] Mailbox is locked",
        hint="tried again",
    ),
    "FETCH not understood by the server": Row(
        command="FETCH",
        step="BAD Error in IMAP command FETCH: Invalid uidset",
        says="refused listing 'INBOX': Error in IMAP command FETCH: Invalid uidset",
        hint="ignore_folders",
    ),
    "dropped in the middle of a FETCH": Row(
        command="FETCH", step=Fault.HALF, says="connection lost while reading 'INBOX'", hint="network"
    ),
    "silent in the middle of a FETCH": Row(
        command="FETCH",
        step=Fault.HALF_STALL,
        says="no answer within 0.5 s while reading 'INBOX'",
        hint="network",
    ),
    "dropped instead of a FETCH": Row(
        command="FETCH", step=Fault.DROP, says="connection lost while reading 'INBOX'", hint="network"
    ),
    "a FETCH that is not one": Row(
        command="FETCH",
        step=b"* 1 FETCH (UID one\r\nTAG OK done\r\n",
        says="answer not understood while reading 'INBOX'",
        hint="bug",
    ),
    "LOGIN is switched off": Row(
        command="NOTHING",
        step=None,
        says="takes no password login",
        hint="tls or starttls",
        is_lasting=True,
        capabilities="IMAP4rev1 LOGINDISABLED",
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_a_fault_is_one_line_with_its_mend_and_the_next_read_is_whole(row: Row) -> None:
    with ScriptedImap(script={row.command: [row.step]}, capabilities=row.capabilities) as server:
        timeout_in = QUICK if row.step in (Fault.STALL, Fault.HALF_STALL) else PATIENT
        reader = a_reader(a_server(server.port, timeout_in=timeout_in))
        failure = failure_of(reader)
        assert str(failure).startswith(f"{NAME}: 127.0.0.1:{server.port}: {row.says}")
        assert len(str(failure).splitlines()) == 1
        assert row.hint in failure.hint
        assert failure.is_lasting is row.is_lasting
        assert "secret" not in str(failure) + failure.hint + repr(failure.__cause__)
        server.capabilities = "IMAP4rev1"
        assert [mail.raw for mail in read(reader)] == [A_MAIL]
        reader.close()


def test_an_answer_in_many_packets_is_read_whole() -> None:
    steps = dict.fromkeys(("GREETING", "LOGIN", "LIST", "STATUS", "EXAMINE", "FETCH"), Fault.DRIBBLE)
    with ScriptedImap(script=steps) as server:
        reader = a_reader(a_server(server.port))
        assert [mail.raw for mail in read(reader)] == [A_MAIL]
        reader.close()


def test_nothing_of_the_conversation_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ScriptedImap() as server:
        reader = a_reader(a_server(server.port))
        read(reader)
        reader.close()
    assert "secret" not in caplog.text
    assert "ana@lusotools.example" not in caplog.text
