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
    no_work,
)
from sequencer.core.providers import messages_per_connection
from sequencer.mail.credentials import Credentials, Kind, as_credentials
from sequencer.mail.smtp_account import AGAIN, Account
from sequencer.mail.smtp_content import parcels
from sequencer.mail.smtp_dial import DialFault, Dialler
from sequencer.mail.smtp_envelope import (
    REPLIES,
    LostAt,
    ahead,
    commands,
    does_pipeline,
    heard,
    is_sayable,
    open_transaction,
)
from sequencer.mail.smtp_outcome import judge, read_answer, wire_id
from sequencer.mail.smtp_wire import DotLost, Wire
from sequencer.mail.socks import Way, no_password

Refusal = Deferred | Refused | MailboxFault

QUIT_SECONDS = 2.0
_WORN = re.compile(r"\bMI:DMC\b|too many (messages|mails|transactions)", re.IGNORECASE)
"""What servers say of one connection that has brought its share: NetEase (450 MI:DMC), Exim, sendmail."""
_LOST = OSError
"""What a dead connection raises: smtplib's exceptions are OSErrors too."""


class SmtpCourier:
    """Implements `core.ports.Courier`: smtplib opens the session, a Wire of our own carries the messages.

    `smtp_class` and `smtp_ssl_class` make the sessions: connect, ehlo, starttls, docmd (AUTH) and quit go
    through their methods, what lies between through those of `wire_class`. `password` and, for a proxy with
    a user, `proxy_password` are called at each dial and may raise SequencerError; Credentials bring a token
    instead. `final_reply_in` is how long the answer to the final dot may take (RFC 5321 §4.5.3.2.6 asks for
    ten minutes; the default is ten times the server's time-out), since giving up there makes an `unsure`.
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
        wire_class: type[Wire] = Wire,
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
        self._final_seconds = (final_reply_in or 10 * server.timeout_in).total_seconds()
        self._limit = server.messages_per_connection or messages_per_connection(server.provider, server.host)
        self._wire_class = wire_class
        self._smtp: smtplib.SMTP | None = None
        self._wire: Wire | None = None
        """The kept session; None when there is none or it was dropped."""
        self._reachable: smtplib.SMTP | None = None
        """The session that `abort` breaks: the kept one, or the one being dialled."""
        self._ahead: Outgoing | None = None
        """The message whose envelope left with the content before it; its replies are still to be heard."""
        self._is_aborted = False

    def send(
        self,
        outgoing: Outgoing,
        may_send: Callable[[], bool],
        *,
        then: Outgoing | None = None,
        idle: Callable[[], None] = no_work,
    ) -> Outcome:
        """Hand over `outgoing`: see `core.ports.Courier.send`.

        What `may_send` raises passes through, after the connection was dropped.
        """
        self._is_aborted = False
        try:
            if not self._is_answered(outgoing):
                idle()
            return self._send(outgoing, may_send, then=then, idle=idle)
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
        if self._ahead is not None:
            self._drop()  # QUIT would be content to a server that said 354
        smtp, self._smtp, self._wire, self._reachable = self._smtp, None, None, None
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

    def _is_answered(self, outgoing: Outgoing) -> bool:
        """Whether its envelope is answered already; a session is left that can't bring it."""
        wire = self._wire
        if wire is None:
            return False
        if self._ahead is not None:
            if self._ahead is outgoing and not wire.is_broken:
                return wire.has_replies(REPLIES)
            self._drop()
        elif wire.transactions >= self._limit:
            self.close()
        return False

    def _send(
        self,
        outgoing: Outgoing,
        may_send: Callable[[], bool],
        *,
        then: Outgoing | None,
        idle: Callable[[], None],
    ) -> Outcome:
        was_kept = self._wire is not None
        refusal = self._envelope(outgoing)
        if was_kept and _is_over(refusal) and not self._is_aborted:
            idle()
            refusal = self._envelope(outgoing)  # an idle or worn connection had ended: no fault of anybody's
        if refusal is not None:
            self._reset()
            return refusal
        if not may_send():
            self._reset()
            return Released()
        return self._content(outgoing, then)

    def _envelope(self, outgoing: Outgoing) -> Refusal | None:
        """MAIL and RCPT, and DATA where the server pipelines; None when all were accepted.

        A lost or closing connection is dropped.
        """
        try:
            if self._wire is not None and self._ahead is not None:
                self._ahead = None
                answer = heard(self._wire)
                return None if answer is None else self._judged(answer)
            wire = self._session()
            refusal = self._unfit(wire, outgoing)
            if refusal is not None:
                return refusal
            answer = open_transaction(wire, commands(wire, outgoing))
        except DialFault as error:
            return error.fault
        except LostAt as lost:
            self._drop()
            if lost.verb == "MAIL":
                return self._account.lost(lost.verb, lost.error)
            return self._deferred(lost.verb, lost.error)
        return None if answer is None else self._judged(answer)

    def _content(self, outgoing: Outgoing, then: Outgoing | None) -> Outcome:
        """DATA and the content; nothing is delivered before the final dot, whatever happens here."""
        verb = "DATA"
        try:
            wire = self._session()
            if not wire.awaits_content:
                wire.say("DATA", b"DATA\r\n")
                answer = read_answer(*wire.hear("DATA"), verb)
                if answer.code != 354:
                    refusal = self._judged(answer)
                    self._reset()
                    return refusal
                wire.awaits_content = True
            verb = "CONTENT"
            *first, last = parcels(outgoing.pieces)
            for parcel in first:
                wire.give(parcel)
            wire.end(last, self._envelope_ahead(wire, then))
        except DotLost as lost:
            return self._unsure(lost.__cause__ or lost)
        except _LOST as error:
            self._drop()
            return self._deferred(verb, error)
        return self._final_reply(wire)

    def _envelope_ahead(self, wire: Wire, then: Outgoing | None) -> bytes:
        """What of the next message may leave with this one's content."""
        if then is None or not does_pipeline(wire) or wire.transactions >= self._limit:
            return b""
        if self._unfit(wire, then) is not None:
            return b""
        self._ahead = then
        return ahead(wire, commands(wire, then))

    def _final_reply(self, wire: Wire) -> Outcome:
        """From the final dot on no answer means not knowing."""
        try:
            answer = read_answer(*wire.hear("CONTENT", self._final_seconds), "CONTENT")
        except _LOST as error:
            return self._unsure(error)
        wire.awaits_content = False
        if 200 <= answer.code < 300:
            return Sent(answer=answer, wire_id=wire_id(self._account.server.host, answer))
        if answer.code < 400:
            self._drop()
            return Unsure(cause=f"{self._account.where} answered the final dot with {answer.said}")
        return self._judged(answer)

    def _unsure(self, error: BaseException) -> Unsure:
        self._drop()
        why = "it was broken off" if self._is_aborted else self._account.cause(error, self._final_seconds)
        return Unsure(cause=f"{self._account.where}: no answer to the final dot: {why}")

    def _session(self) -> Wire:
        """The kept session, or a new one; raises DialFault."""
        if self._wire is None:
            self._smtp = self._dialler.dial(self._announce)
            if self._is_aborted:
                self._drop()
                answer = Answer(code=0, verb="CONNECT")
                raise DialFault(
                    self._account.fault(answer, "was not used: sending stops", AGAIN, is_lasting=False)
                )
            self._wire = self._wire_class(self._smtp, self._account.server.timeout_in.total_seconds())
        return self._wire

    def _announce(self, smtp: smtplib.SMTP) -> None:
        self._reachable = smtp

    def _unfit(self, wire: Wire, outgoing: Outgoing) -> Refusal | None:
        """The outcome for an envelope that cannot be said to this server; None when it can.

        That is what is not one mailbox or, without SMTPUTF8, a local part beyond ASCII (RFC 6531 §3.2).
        """
        for address in (outgoing.sender, outgoing.recipient):
            if not is_sayable(address):
                return self._unsayable(outgoing, address, "5.1.3", "not an address for SMTP")
        if not outgoing.needs_smtputf8 or "smtputf8" in wire.offers:
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
        """Leave the transaction, nothing delivered: RSET, or after 354 the end of the connection.

        RFC 2920 §3.1 has a lone dot for a 354 without a recipient. That trusts the server to refuse an
        empty message; a connection that ends before the dot delivers nothing by RFC 5321 §4.1.1.4.
        """
        wire = self._wire
        if wire is None:
            return
        if wire.awaits_content or wire.is_broken:
            self._drop()
            return
        try:
            wire.say("RSET", b"RSET\r\n")
            code, _ = wire.hear("RSET")
        except _LOST:
            code = 0
        if code != 250:
            self._drop()

    def _drop(self) -> None:
        self._ahead = None
        smtp, self._smtp, self._wire, self._reachable = self._smtp, None, None, None
        if smtp is not None:
            with contextlib.suppress(_LOST):
                smtp.close()


def _is_over(refusal: Refusal | None) -> bool:
    """The connection broke, or the server ends it, or it takes no further message on it."""
    if refusal is None:
        return False
    answer = refusal.answer
    is_worn = answer.verb == "MAIL" and 400 <= answer.code < 500 and _WORN.search(answer.text) is not None
    return answer.code in (0, 421) or is_worn
