"""The SMTP courier: one message at a time over one kept, verified connection per mailbox."""

import contextlib
import re
import smtplib
import socket
from collections.abc import Callable
from datetime import timedelta

from sequencer.config import Server
from sequencer.core.ports import (
    Answer,
    Deferred,
    MailboxFault,
    Outcome,
    Outgoing,
    Refused,
    Released,
    Sent,
    SmtpClass,
    Unsure,
)
from sequencer.mail.credentials import Credentials, Kind, as_credentials
from sequencer.mail.smtp_account import AGAIN, Account
from sequencer.mail.smtp_content import FINAL_DOT, stuffed
from sequencer.mail.smtp_dial import DialFault, Dialler
from sequencer.mail.smtp_outcome import judge, read_answer, wire_id
from sequencer.mail.socks import Way, no_password

Refusal = Deferred | Refused | MailboxFault

QUIT_SECONDS = 2.0
_ONE_MAILBOX = re.compile(r'(?:"(?:[^"\\\r\n]|\\.)*"|[^\s"(),:;<>@\\]+)@[^\s"(),;<>@\\]+')
"""A Mailbox as it stands between angle brackets (RFC 5321 §4.1.2): a list or a name is none."""
_LOST = OSError
"""What a dead connection raises: smtplib's exceptions are OSErrors too."""


class SmtpCourier:
    """Implements `core.ports.Courier` with smtplib.

    `smtp_class` and `smtp_ssl_class` make the sessions; every verb goes through their methods: connect,
    ehlo, starttls, docmd (AUTH, DATA), mail, rcpt, send (content pieces, then the final dot by itself),
    getreply, rset, quit. `password` and, for a proxy with a user, `proxy_password` are called at each dial
    and may raise SequencerError; Credentials bring a token instead. `final_reply_in` is how long the answer
    to the final dot may take (RFC 5321 §4.5.3.2.6 asks for ten minutes; the default is ten times the
    server's time-out), since giving up there makes an `unsure`.
    """

    def __init__(
        self,
        server: Server,
        password: Callable[[], str] | Credentials,
        mailbox_name: str,
        smtp_class: type[smtplib.SMTP] = smtplib.SMTP,
        smtp_ssl_class: type[smtplib.SMTP_SSL] = smtplib.SMTP_SSL,
        local_hostname: str = "[127.0.0.1]",
        final_reply_in: timedelta | None = None,
        proxy_password: Callable[[], str] = no_password,
    ) -> None:
        credentials = as_credentials(password)
        signs_in = credentials.kind is Kind.XOAUTH2
        self._account = Account(mailbox=mailbox_name, server=server, signs_in=signs_in)
        self._dialler = Dialler(
            account=self._account,
            credentials=credentials,
            smtp_class=smtp_class,
            smtp_ssl_class=smtp_ssl_class,
            local_hostname=local_hostname,
            way=Way(proxy=server.proxy, password=proxy_password),
        )
        self._final_reply_in = final_reply_in or 10 * server.timeout_in
        self._smtp: smtplib.SMTP | None = None
        """The kept session; None when there is none or it was dropped."""
        self._reachable: smtplib.SMTP | None = None
        """The session that `abort` breaks: the kept one, or the one being dialled."""
        self._is_aborted = False

    def send(self, outgoing: Outgoing, may_send: Callable[[], bool]) -> Outcome:
        """Hand over `outgoing`: see `core.ports.Courier.send`.

        What `may_send` raises passes through, after the connection was dropped.
        """
        self._is_aborted = False
        try:
            return self._send(outgoing, may_send)
        except BaseException:
            self._drop()
            raise

    def try_login(self) -> MailboxFault | None:
        """Connect, log in and hang up; what is wrong, or None."""
        self._is_aborted = False
        try:
            self._session()
        except DialFault as error:
            return error.fault
        self.close()
        return None

    def close(self) -> None:
        """QUIT, waiting no longer than two seconds for the answer; never raises."""
        smtp, self._smtp, self._reachable = self._smtp, None, None
        if smtp is not None:
            with contextlib.suppress(_LOST):
                if smtp.sock is not None:
                    smtp.sock.settimeout(QUIT_SECONDS)
                smtp.quit()
            smtp.close()

    def abort(self) -> None:
        """From another thread: whatever `send` waits for now ends; a later `send` dials anew."""
        self._is_aborted = True
        smtp = self._reachable
        sock = smtp.sock if smtp is not None else None
        if sock is not None:
            with contextlib.suppress(OSError):
                # SSLSocket.shutdown forgets its encryption first: a racing write would go out in clear.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def _send(self, outgoing: Outgoing, may_send: Callable[[], bool]) -> Outcome:
        was_kept = self._smtp is not None
        refusal = self._envelope(outgoing)
        if was_kept and _is_lost(refusal) and not self._is_aborted:
            refusal = self._envelope(outgoing)  # an idle connection had died: no fault of anybody's
        if refusal is not None:
            self._reset()
            return refusal
        if not may_send():
            self._reset()
            return Released()
        return self._content(outgoing)

    def _envelope(self, outgoing: Outgoing) -> Refusal | None:
        """MAIL and RCPT; None when both were accepted. A lost or closing connection is dropped."""
        verb = "MAIL"
        try:
            smtp = self._session()
            refusal = self._unfit(smtp, outgoing)
            if refusal is not None:
                return refusal
            answer = read_answer(*smtp.mail(outgoing.sender, _mail_options(smtp, outgoing)), verb)
            if _is_good(answer):
                verb = "RCPT"
                answer = read_answer(*smtp.rcpt(outgoing.recipient), verb)
        except DialFault as error:
            return error.fault
        except _LOST as error:
            self._drop()
            return self._account.lost(verb, error) if verb == "MAIL" else self._deferred(verb, error)
        return None if _is_good(answer) else self._judged(answer)

    def _content(self, outgoing: Outgoing) -> Outcome:
        """DATA and the content; nothing is delivered before the final dot, whatever happens here."""
        verb = "DATA"
        try:
            smtp = self._session()
            answer = read_answer(*smtp.docmd("DATA"), verb)
            if answer.code != 354:
                refusal = self._judged(answer)
                self._reset()
                return refusal
            verb = "CONTENT"
            for piece in stuffed(outgoing.pieces):
                smtp.send(piece)
            _set_timeout(smtp, self._final_reply_in)
        except _LOST as error:
            self._drop()
            return self._deferred(verb, error)
        return self._final_dot(smtp)

    def _final_dot(self, smtp: smtplib.SMTP) -> Outcome:
        """From here on no answer means not knowing."""
        try:
            smtp.send(FINAL_DOT)
            answer = read_answer(*smtp.getreply(), "CONTENT")
            _set_timeout(smtp, self._account.server.timeout_in)
        except _LOST as error:
            self._drop()
            why = "it was broken off" if self._is_aborted else self._account.cause(error)
            return Unsure(cause=f"{self._account.where}: no answer to the final dot: {why}")
        if _is_good(answer):
            return Sent(answer=answer, wire_id=wire_id(self._account.server.host, answer))
        if answer.code < 400:
            self._drop()
            return Unsure(
                cause=f"{self._account.where} answered the final dot with {answer.code} {answer.text}"
            )
        return self._judged(answer)

    def _session(self) -> smtplib.SMTP:
        """The kept session, or a new one; raises DialFault."""
        if self._smtp is None:
            self._smtp = self._dialler.dial(self._announce)
            if self._is_aborted:
                self._drop()
                answer = Answer(code=0, verb="CONNECT")
                raise DialFault(
                    self._account.fault(answer, "was not used: sending stops", AGAIN, is_lasting=False)
                )
        return self._smtp

    def _announce(self, smtp: smtplib.SMTP) -> None:
        self._reachable = smtp

    def _unfit(self, smtp: smtplib.SMTP, outgoing: Outgoing) -> Refusal | None:
        """The outcome for an envelope that cannot be said to this server; None when it can.

        That is what is not one mailbox, or smtplib would read as another one (which differs between Pythons),
        or, without SMTPUTF8, a local part beyond ASCII (RFC 6531 §3.2).
        """
        for address in (outgoing.sender, outgoing.recipient):
            if not _ONE_MAILBOX.fullmatch(address) or smtplib.quoteaddr(address) != f"<{address}>":
                return self._unsayable(outgoing, address, "5.1.3", "not an address for SMTP")
        if not outgoing.needs_smtputf8 or smtp.has_extn("smtputf8"):
            return None
        culprit = outgoing.recipient if outgoing.sender.isascii() else outgoing.sender
        return self._unsayable(outgoing, culprit, "5.6.7", "the server does not offer SMTPUTF8")

    def _unsayable(self, outgoing: Outgoing, address: str, enhanced: str, why: str) -> Refusal:
        answer = Answer(code=553, enhanced=enhanced, text=why, verb="MAIL")
        if address != outgoing.sender:
            return Refused(answer=answer, smtp_class=SmtpClass.CONTENT)
        hint = "give the mailbox a plain address in ASCII letters"
        return self._account.fault(answer, "cannot carry this mailbox's address", hint, is_lasting=True)

    def _judged(self, answer: Answer) -> Refusal:
        """The verdict on a refusal; a connection that the server closes or that is out of step is dropped."""
        outcome = judge(answer, self._account)
        if answer.code == 421 or answer.code < 400 or isinstance(outcome, MailboxFault):
            self._drop()
        return outcome

    def _deferred(self, verb: str, error: Exception) -> Deferred:
        """Lost before the final dot: surely not delivered."""
        why = "sending was broken off" if self._is_aborted else f"the server {self._account.cause(error)}"
        return Deferred(answer=Answer(code=0, text=f"{why} at {verb}", verb=verb), smtp_class=SmtpClass.SOFT)

    def _reset(self) -> None:
        if self._smtp is not None:
            try:
                code, _ = self._smtp.rset()
            except _LOST:
                code = 0
            if code != 250:
                self._drop()

    def _drop(self) -> None:
        smtp, self._smtp, self._reachable = self._smtp, None, None
        if smtp is not None:
            with contextlib.suppress(_LOST):
                smtp.close()


def _is_good(answer: Answer) -> bool:
    return 200 <= answer.code < 300


def _is_lost(refusal: Refusal | None) -> bool:
    """The connection broke, or the server is closing it."""
    return refusal is not None and refusal.answer.code in (0, 421)


def _set_timeout(smtp: smtplib.SMTP, span: timedelta) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(span.total_seconds())


def _mail_options(smtp: smtplib.SMTP, outgoing: Outgoing) -> list[str]:
    """SIZE lets a server refuse before the content (RFC 1870); SMTPUTF8 brings 8-bit header fields."""
    options = [f"SIZE={sum(map(len, outgoing.pieces))}"] if smtp.has_extn("size") else []
    return [*options, "SMTPUTF8", "BODY=8BITMIME"] if outgoing.needs_smtputf8 else options
