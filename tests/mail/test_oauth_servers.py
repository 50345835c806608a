"""XOAUTH2 at real servers: a good token gets in, a stale one is replaced, a revoked one is a person's."""

import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.core.ports import MailboxFault, Outgoing, ReadFailure, Sent
from sequencer.mail.credentials import in_base64, xoauth2
from sequencer.mail.imap import ImapReader
from sequencer.mail.smtp import SmtpCourier
from sequencer.testing import FakeClock
from tests.mail.reading import SINCE
from tests.mail.signing_in import LI, Office, a_server, signed_in
from tests.servers.challenging_imap import ChallengingImap
from tests.servers.dovecot import DOVECOT, Dovecot
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_server import SmtpServer
from tests.servers.token_hosts import TokenImap, TokenSmtp

MESSAGE = Outgoing(sender=LI, recipient="ana@luso.example", pieces=[b"Subject: x\r\n\r\nhello\r\n"])
ANSWER = b"From: ana@luso.example\r\nSubject: Re: x\r\n\r\nYes.\r\n"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def office(tmp_path: Path, clock: FakeClock) -> Iterator[Office]:
    with signed_in(tmp_path, clock) as office:
        yield office


@pytest.fixture
def smtp(office: Office) -> Iterator[TokenSmtp]:
    with TokenSmtp(takes=office.issuer.takes) as host:
        yield host


@pytest.fixture(params=["pymap", "dovecot"])
def imap_port(request: pytest.FixtureRequest, office: Office) -> Iterator[int]:
    """A server with one message in INBOX."""
    if request.param == "pymap":
        with TokenImap(office.issuer.takes, LI) as host:
            host.deliver(LI, ANSWER)
            yield host.port
        return
    if DOVECOT is None:
        pytest.skip("Dovecot is not installed (apt install dovecot-imapd)")
    with Dovecot({}, introspect=f"{office.issuer.url}/introspect") as server:
        server.add_user(LI, "for the test alone")
        server.deliver(LI, ANSWER)
        yield server.port


def courier(office: Office, smtp: SmtpServer | ScriptedSmtp) -> SmtpCourier:
    return SmtpCourier(a_server(smtp.port), office.token, "li")


def fault(office: Office, smtp: SmtpServer | ScriptedSmtp) -> MailboxFault:
    with closing(courier(office, smtp)) as one:
        outcome = one.send(MESSAGE, lambda: True)
    assert isinstance(outcome, MailboxFault), outcome
    assert office.has_told_a_secret(outcome.message, outcome.hint, repr(outcome)) == []
    return outcome


def subjects(office: Office, port: int) -> list[bytes]:
    with closing(ImapReader(a_server(port), office.token, "li")) as reader:
        batches = list(reader.read_new((), SINCE))
    return [mail.raw for batch in batches for mail in batch.mails]


def read_failure(office: Office, port: int) -> ReadFailure:
    with pytest.raises(ReadFailure) as caught:
        subjects(office, port)
    assert office.has_told_a_secret(caught.value.message, caught.value.hint) == []
    return caught.value


def test_smtp_takes_a_message_from_a_mailbox_that_signed_in(office: Office, smtp: TokenSmtp) -> None:
    with closing(courier(office, smtp)) as one:
        assert isinstance(one.send(MESSAGE, lambda: True), Sent)
    assert len(smtp.received) == 1
    assert smtp.verbs.count("AUTH") == 1
    assert len(smtp.tokens[0]) > 1000, "a token as long as Microsoft's"


def test_smtp_gets_a_new_token_when_the_old_one_has_ended(
    office: Office, smtp: TokenSmtp, clock: FakeClock
) -> None:
    clock.advance(timedelta(hours=2))
    with closing(courier(office, smtp)) as one:
        assert isinstance(one.send(MESSAGE, lambda: True), Sent)
    assert len(smtp.tokens) == 1


def test_smtp_that_refuses_a_token_before_its_time_gets_another_one(office: Office, smtp: TokenSmtp) -> None:
    office.issuer.forget_access_tokens()
    with closing(courier(office, smtp)) as one:
        assert isinstance(one.send(MESSAGE, lambda: True), Sent)
    assert len(set(smtp.tokens)) == 2
    assert len(smtp.received) == 1


def test_smtp_that_refuses_the_second_token_too_is_a_persons_to_mend(office: Office, smtp: TokenSmtp) -> None:
    office.issuer.account = "somebody.else@ourfirm.example"
    outcome = fault(office, smtp)
    assert outcome.is_lasting
    assert "refused the sign-in (535 5.7.8 Authentication credentials invalid)" in outcome.message
    assert outcome.hint == f"sign in with `sequencer mailboxes login li` as {LI}"
    assert len(smtp.tokens) == 2


def test_a_revoked_sign_in_is_one_line_with_its_mend_and_no_server_is_asked(
    office: Office, smtp: TokenSmtp, clock: FakeClock
) -> None:
    clock.advance(timedelta(hours=2))
    office.issuer.revoke()
    outcome = fault(office, smtp)
    assert outcome.is_lasting
    assert outcome.message.startswith(f"li: no sign-in for 127.0.0.1:{smtp.port}: ")
    assert outcome.hint == "sign in with `sequencer mailboxes login li`"
    assert smtp.connections == 0


def test_an_issuer_that_is_away_pauses_no_mailbox(office: Office, smtp: TokenSmtp, clock: FakeClock) -> None:
    clock.advance(timedelta(hours=2))
    office.issuer.fail("/token", 503, {})
    outcome = fault(office, smtp)
    assert not outcome.is_lasting
    assert "answered 503" in outcome.message


def test_smtp_auth_that_the_administrator_switched_off_is_his_to_mend(
    office: Office, smtp: TokenSmtp
) -> None:
    smtp.fail("AUTH", "535 5.7.139 SmtpClientAuthentication is disabled for the Mailbox.", times=2)
    outcome = fault(office, smtp)
    assert outcome.is_lasting
    assert outcome.hint == "let an administrator switch SMTP AUTH on for this mailbox"


def test_smtp_that_says_later_is_not_offered_another_token(office: Office, smtp: TokenSmtp) -> None:
    smtp.fail("AUTH", "454 4.7.0 Temporary authentication failure")
    assert not fault(office, smtp).is_lasting
    assert office.issuer.forms("refresh_token") == []


def test_a_server_that_knows_passwords_only_never_hears_the_token(office: Office) -> None:
    with SmtpServer(accounts={LI: "secret"}) as host:
        outcome = fault(office, host)
    assert outcome.is_lasting
    assert "offers no AUTH XOAUTH2 (it offers LOGIN PLAIN)" in outcome.message
    assert "AUTH" not in host.verbs


def test_imap_lets_a_mailbox_read_that_signed_in(office: Office, imap_port: int) -> None:
    assert subjects(office, imap_port) == [ANSWER]
    assert office.issuer.forms("refresh_token") == []


def test_imap_gets_a_new_token_when_the_old_one_has_ended(
    office: Office, imap_port: int, clock: FakeClock
) -> None:
    clock.advance(timedelta(hours=2))
    assert subjects(office, imap_port) == [ANSWER]


def test_imap_that_refuses_a_token_before_its_time_gets_another_one(office: Office, imap_port: int) -> None:
    office.issuer.forget_access_tokens()
    assert subjects(office, imap_port) == [ANSWER]
    assert len(office.issuer.forms("refresh_token")) == 1


def test_imap_that_refuses_the_second_token_too_is_a_persons_to_mend(office: Office, imap_port: int) -> None:
    office.issuer.account = "somebody.else@ourfirm.example"
    failure = read_failure(office, imap_port)
    assert failure.is_lasting
    assert failure.message.startswith(f"li: 127.0.0.1:{imap_port}: login refused: ")
    assert failure.hint.startswith(f"sign in with `sequencer mailboxes login li` as {LI}")
    assert len(office.issuer.forms("refresh_token")) == 1


def test_imap_of_a_revoked_sign_in_fails_lastingly(
    office: Office, imap_port: int, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    clock.advance(timedelta(hours=2))
    office.issuer.revoke()
    failure = read_failure(office, imap_port)
    assert failure.is_lasting
    assert failure.hint == "sign in with `sequencer mailboxes login li`"
    assert office.has_told_a_secret(caplog.text) == []


def test_an_issuer_that_is_away_leaves_reading_for_later(office: Office, clock: FakeClock) -> None:
    clock.advance(timedelta(hours=2))
    office.issuer.fail("/token", 503, {})
    assert not read_failure(office, 9).is_lasting


def test_imap_that_tells_its_reason_first_is_answered_with_an_empty_line(office: Office) -> None:
    first = office.token.secret()
    with ChallengingImap() as server:
        failure = read_failure(office, server.port)
    second = office.kept().tokens.access_token
    said = [in_base64(xoauth2(LI, token)).encode() for token in (first, second)]
    assert server.said == [said[0], b"", said[1], b""]
    assert first != second
    assert "login refused: [AUTHENTICATIONFAILED] Invalid credentials (Failure)" in failure.message
    assert failure.is_lasting


def test_imap_that_repeats_what_it_was_told_is_quoted_without_it(office: Office) -> None:
    with ChallengingImap(verdict="NO cannot use SAID") as server:
        failure = read_failure(office, server.port)
    assert failure.message.endswith("login refused: cannot use …")


def test_imap_that_is_busy_is_not_offered_another_token(office: Office) -> None:
    with ChallengingImap(verdict="NO [UNAVAILABLE] try again later") as server:
        assert not read_failure(office, server.port).is_lasting
    assert office.issuer.forms("refresh_token") == []


def test_imap_that_knows_passwords_only_never_hears_the_token(office: Office) -> None:
    with ChallengingImap(capabilities="IMAP4rev1 AUTH=PLAIN") as server:
        failure = read_failure(office, server.port)
    assert failure.is_lasting
    assert "takes no sign-in (AUTH=XOAUTH2)" in failure.message
    assert server.said == []
