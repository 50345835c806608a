"""Opening an SMTP session: connection, greeting, EHLO, verified TLS, login; each failure told in one line."""

import contextlib
import functools
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from sequencer.core.loopback import is_loopback
from sequencer.core.ports import Answer, MailboxFault
from sequencer.errors import SequencerError, TryAgain
from sequencer.mail.credentials import Credentials, Kind, in_base64, xoauth2
from sequencer.mail.smtp_account import AGAIN, Account
from sequencer.mail.smtp_outcome import judge, read_answer
from sequencer.mail.socks import ProxyFault, Way
from sequencer.mail.tls import client_context, speaks_tls, told


class DialFault(Exception):
    """No session could be opened; `fault` is what `send` returns."""

    def __init__(self, fault: MailboxFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class _TokenRefused(DialFault):
    """The server did not take the token; another one may do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialler:
    """Everything a connection is made from."""

    account: Account
    credentials: Credentials
    smtp_class: type[smtplib.SMTP]
    smtp_ssl_class: type[smtplib.SMTP_SSL]
    local_hostname: str
    way: Way

    def dial(self, announce: Callable[[smtplib.SMTP], None]) -> smtplib.SMTP:
        """A session ready for MAIL; raises DialFault and leaves nothing open.

        `announce` gets the session before it connects, so that another thread can break it off. A token
        that is refused is replaced once, over a new connection: some servers close the old one.
        """
        secret = self._read(self.credentials.secret)
        try:
            return self._session(announce, secret)
        except _TokenRefused:
            another = self._read(partial(self.credentials.renew, secret))
            if not another:
                raise
        return self._session(announce, another)

    def _session(self, announce: Callable[[smtplib.SMTP], None], secret: str) -> smtplib.SMTP:
        smtp = self._new()
        announce(smtp)
        try:
            self._connect(smtp)
            self._greet(smtp)
            if self.account.server.security == "starttls":
                self._start_tls(smtp)
                self._greet(smtp)
            if self.account.server.username is not None:
                log_in = self._sign_in if self.credentials.kind is Kind.XOAUTH2 else self._log_in
                log_in(smtp, self.account.server.username, secret)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _read(self, secret: Callable[[], str | None]) -> str:
        if self.account.server.username is None:
            return ""
        try:
            return secret() or ""
        except SequencerError as error:
            answer, is_passing = Answer(code=0, verb="AUTH"), isinstance(error, TryAgain)
            what = "sign-in" if self.credentials.kind is Kind.XOAUTH2 else "password"
            message = f"{self.account.mailbox}: no {what} for {self.account.where}: {error}"
            hint = error.hint or (AGAIN if is_passing else f"set the password ({self.account.secret})")
            fault = MailboxFault(
                answer=answer, message=_one_line(message), hint=hint, is_lasting=not is_passing
            )
            raise DialFault(fault) from error

    def _new(self) -> smtplib.SMTP:
        """An unconnected session object; a password never goes over an open network."""
        server = self.account.server
        if server.security == "none" and not is_loopback(server.host):
            raise self._fault(
                "CONNECT", "is not this computer, and security is none", 'set security = "tls"', True
            )
        seconds = server.timeout_in.total_seconds()
        if server.security == "tls":
            smtp: smtplib.SMTP = self.smtp_ssl_class(
                local_hostname=self.local_hostname, timeout=seconds, context=self._context()
            )
        else:
            smtp = self.smtp_class(local_hostname=self.local_hostname, timeout=seconds)
        # smtplib checks certificates against the host given to its constructor, which would connect at once,
        # before another thread could get hold of the socket.
        smtp._host = server.host  # type: ignore[attr-defined]
        if server.proxy is not None:
            smtp._get_socket = functools.partial(self._proxied, smtp)  # type: ignore[attr-defined]
        return smtp

    def _proxied(self, smtp: smtplib.SMTP, host: str, port: int, seconds: float) -> socket.socket:
        """In place of smtplib's own `_get_socket`: the same socket, by way of the proxy."""
        opened = self.way.connect(host, port, seconds)
        if isinstance(smtp, smtplib.SMTP_SSL):
            return smtp.context.wrap_socket(opened, server_hostname=host)
        return opened

    def _connect(self, smtp: smtplib.SMTP) -> None:
        server = self.account.server
        try:
            code, text = smtp.connect(server.host, server.port)
        except smtplib.SMTPServerDisconnected as error:
            raise self._no_greeting(error) from error
        except ProxyFault as error:
            raise self._fault("CONNECT", error.what, error.hint, error.is_lasting) from error
        except ssl.SSLError as error:
            raise self._no_tls("CONNECT", error) from error
        except socket.gaierror as error:
            raise self._fault(
                "CONNECT",
                "is not known by name",
                "check the host's spelling and this computer's network",
                False,
            ) from error
        except UnicodeError as error:  # what Python's resolver makes of `smtp..example`
            raise self._fault("CONNECT", "is not a host name", "check the host's spelling", True) from error
        except OSError as error:
            raise self._unreachable(error) from error
        if smtp.sock is not None:  # a dot written after its content must not wait for the content's ACK
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if code == -1:
            hint = 'set the SMTP port: 587 with security = "starttls", or 465 with "tls"'
            raise self._fault("CONNECT", "does not speak SMTP", hint, True)
        if code != 220:
            raise DialFault(self._refused(code, text, "CONNECT"))

    def _greet(self, smtp: smtplib.SMTP) -> None:
        with self._lost_at("EHLO"):
            code, text = smtp.ehlo()
        if code != 250:
            raise DialFault(self._refused(code, text, "EHLO"))

    def _start_tls(self, smtp: smtplib.SMTP) -> None:
        if not smtp.has_extn("starttls"):
            hint = 'set port and security to the provider\'s TLS port (often 465 with security = "tls")'
            raise self._fault("STARTTLS", "does not offer STARTTLS", hint, True)
        context = self._context()
        try:
            with self._lost_at("STARTTLS"):
                smtp.starttls(context=context)
        except OSError as error:
            raise self._no_tls("STARTTLS", error) from error

    def _log_in(self, smtp: smtplib.SMTP, username: str, password: str) -> None:
        """AUTH PLAIN, else LOGIN, in UTF-8 (smtplib's own login knows ASCII passwords only)."""
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" not in offered and "LOGIN" not in offered:
            what = f"offers no AUTH PLAIN or LOGIN (it offers {' '.join(offered) or 'nothing'})"
            raise self._fault("AUTH", what, "switch SMTP on with the provider, or log in with OAuth2", True)
        with self._lost_at("AUTH"):
            if "PLAIN" in offered:
                code, text = smtp.docmd("AUTH", "PLAIN " + in_base64("\0".join(("", username, password))))
            else:
                code, text = smtp.docmd("AUTH", "LOGIN")
                for secret in (username, password):
                    if code == 334:
                        code, text = smtp.docmd(in_base64(secret))
        if code != 235:
            raise DialFault(self._refused(code, _without(text, password, in_base64(password)), "AUTH"))

    def _sign_in(self, smtp: smtplib.SMTP, username: str, token: str) -> None:
        """AUTH XOAUTH2 alone: a token is no password, and is said to nobody who does not know it."""
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        if "XOAUTH2" not in offered:
            what = f"offers no AUTH XOAUTH2 (it offers {' '.join(offered) or 'nothing'})"
            hint = "set smtp.host to the server of the provider this mailbox signs in with"
            raise self._fault("AUTH", what, hint, True)
        said = in_base64(xoauth2(username, token))
        with self._lost_at("AUTH"):
            code, text = smtp.docmd("AUTH", f"XOAUTH2 {said}")
            if code == 334:  # the reason in base64; an empty line brings the refusal itself
                code, text = smtp.docmd("")
        if code != 235:
            fault = self._refused(code, _without(text, token, said), "AUTH")
            raise (_TokenRefused if code == 535 else DialFault)(fault)

    def _context(self) -> ssl.SSLContext:
        ca_file = self.account.server.ca_file
        try:
            return client_context(ca_file)
        except OSError as error:
            what = f"cannot be checked: ca_file {ca_file} holds no certificate that can be read"
            raise self._fault("CONNECT", what, "set ca_file to a PEM file", True) from error

    @contextlib.contextmanager
    def _lost_at(self, verb: str) -> Iterator[None]:
        try:
            yield
        except smtplib.SMTPResponseException as error:
            if error.smtp_error == "Line too long.":  # smtplib's own words, as if the server had said 500
                raise DialFault(self.account.lost(verb, error)) from error
            raise DialFault(self._refused(error.smtp_code, _as_bytes(error.smtp_error), verb)) from error
        except smtplib.SMTPException as error:
            raise DialFault(self.account.lost(verb, error)) from error

    def _no_greeting(self, error: smtplib.SMTPServerDisconnected) -> DialFault:
        """A TLS port waits for a handshake while we wait for its greeting: ask before blaming the network."""
        server = self.account.server
        is_silent = isinstance(error.__context__, TimeoutError) and server.security != "tls"
        seconds = server.timeout_in.total_seconds()
        connect = functools.partial(self.way.connect, server.host, server.port, seconds)
        if is_silent and speaks_tls(connect, server.host):
            what = "speaks TLS from the first byte"
            return self._fault("CONNECT", what, 'set security = "tls", or the STARTTLS port (587)', True)
        return DialFault(self.account.lost("CONNECT", error))

    def _no_tls(self, verb: str, error: OSError) -> DialFault:
        what, hint, is_lasting = told(error)
        return self._fault(verb, what, hint, is_lasting)

    def _unreachable(self, error: Exception) -> DialFault:
        what = "cannot be reached: " + _one_line(
            getattr(error, "strerror", None) or str(error) or "no reason given"
        )
        return self._fault("CONNECT", what, f"check host and port; {AGAIN}", False)

    def _refused(self, code: int, text: bytes, verb: str) -> MailboxFault:
        outcome = judge(read_answer(code, text, verb), self.account)
        if isinstance(outcome, MailboxFault):
            return outcome
        return self.account.refused(outcome.answer, is_lasting=False)

    def _fault(self, verb: str, what: str, hint: str, is_lasting: bool) -> DialFault:
        return DialFault(self.account.fault(Answer(code=0, verb=verb), what, hint, is_lasting=is_lasting))


def _as_bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _without(text: bytes, *secrets: str) -> bytes:
    """A server's text with secrets blotted out, should it echo what it was sent."""
    for secret in secrets:
        text = text.replace(secret.encode(), b"***") if secret else text
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())
