"""What went wrong on an IMAP connection, as one line for people: mailbox, host, cause and the mend."""

import ast
import contextlib
import imaplib
import re
import socket
import ssl
from dataclasses import dataclass
from datetime import timedelta

from imapclient.exceptions import LoginError, ProtocolError

from sequencer.core.clipped import clipped
from sequencer.core.ports import ReadFailure
from sequencer.core.providers import CUSTOM, imap_hint, login_hint
from sequencer.mail.socks import ProxyFault

_LONGEST_QUOTE = 200
"""Characters of a server's own words that are repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a fault happened."""

    mailbox: str
    host: str
    port: int
    provider: str = CUSTOM

    def failure(self, cause: str, hint: str, *, is_lasting: bool) -> ReadFailure:
        """One line naming mailbox, host, port and cause."""
        line = " ".join(f"{self.mailbox}: {self.host}:{self.port}: {cause}".split())
        return ReadFailure(message=line, hint=hint, is_lasting=is_lasting)


class Refused(Exception):
    """The server answered a command with NO or BAD: the connection is still good."""

    def __init__(self, text: str, doing: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.doing = doing
        """What was tried: `opening`, `listing`."""

    @property
    def is_overload(self) -> bool:
        """The server is short of something now, which says nothing about the message (RFC 5530)."""
        return bool(_OVERLOAD.search(self.text))

    @property
    def is_unsafe_login(self) -> bool:
        """NetEase takes no command on this connection."""
        return bool(_UNSAFE_LOGIN.search(self.text))

    @property
    def is_gone(self) -> bool:
        """There is no such folder (any more)."""
        return bool(_GONE.search(self.text))

    @property
    def is_forbidden(self) -> bool:
        """This login has no right to the folder, by its ACL (RFC 4314, RFC 5530)."""
        return bool(_FORBIDDEN.search(self.text))


_GONE = re.compile(
    r"\[(NONEXISTENT|TRYCREATE)\]|(doesn't|does not|not) exist|no such (mailbox|folder)|unknown mailbox"
    r"|(mailbox|folder) not found",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(r"\[NOPERM\]|permission denied|access denied", re.IGNORECASE)
_OVERLOAD = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|THROTTLED|OVERQUOTA)\b", re.IGNORECASE)
_PASSING = re.compile(
    r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|THROTTLED|OVERQUOTA)\b|temporar|try again|try later|too many"
    r"|simultaneous|connection limit|rate limit|frequen|system (is )?busy|timed? ?out|系统繁忙|频繁|稍后",
    re.IGNORECASE,
)
_WRONG_PASSWORD = re.compile(
    r"\[AUTHENTICATIONFAILED\]|password is incorrect|password error|wrong password|invalid credentials"
    r"|password (is )?wrong|密码错误|密码不正确",
    re.IGNORECASE,
)
_UNSAFE_LOGIN = re.compile(r"unsafe login|kefu@188\.com", re.IGNORECASE)
_IMAP_OFF = re.compile(
    r"(not|isn't) enabled|disabled|service is not open|not open(ed)?|is closed|未开启|未启用|已关闭"
    r"|not (allowed|permitted) to use imap|enable imap",
    re.IGNORECASE,
)
_NEEDS_APP_PASSWORD = re.compile(
    r"application-specific|app(lication)? password|authori[sz](ation|ed) code|授权码|客户端专用密码",
    re.IGNORECASE,
)
_NEEDS_OAUTH = re.compile(r"basic ?auth|oauth|modern auth|web browser", re.IGNORECASE)

_WRAPPING = re.compile(r"^command: \w+ => |^\* BYE ")
"""What imaplib puts before a server's words."""
_BAD_ANSWER = re.compile(r"\w+ command error: BAD \[(?P<words>b'.*'|b\".*\")\]$", re.DOTALL)
_NO_GREETING = "no IMAP greeting"
_NOT_IMAP = re.compile(r"unexpected (tagged )?response|not IMAP4 compliant|no IMAP greeting|got more than")

_LOGIN_HINT = (
    "check this mailbox's imap username and password; many providers (NetEase, QQ, Gmail, Zoho) want an app "
    "password or authorization code (授权码) made in webmail instead of the login password"
)
_IMAP_OFF_HINT = "switch IMAP on for this account in the webmail settings, then try again"
_OAUTH_HINT = "this provider no longer takes passwords over IMAP here; make an app password if it offers one"
_UNSAFE_HINT = (
    "NetEase distrusts this login: open webmail, allow IMAP, use its authorization code (授权码) as "
    "password, and confirm the login if it asks; kefu@188.com lifts a block"
)
_LATER_HINT = "it will be tried again at the next read"
_PORT_HINT = 'set imap.port to the IMAP port: 993 with security = "tls", or 143 with "starttls"'
_BUG_HINT = "it will be tried again; if it lasts, please report this as a bug"
_NETWORK_HINT = "check the network and any firewall or proxy on the way; it will be tried again"


def refused_login(text: str, place: Place) -> ReadFailure:
    """A NO to LOGIN or AUTHENTICATE. Lasting, unless the server says that it may go better later."""
    cause = f"login refused: {_quoted(text)}"
    own_hint = login_hint(place.provider, place.host)
    password_hint = own_hint or _LOGIN_HINT
    if _UNSAFE_LOGIN.search(text):
        return place.failure(cause, _UNSAFE_HINT, is_lasting=True)
    if _WRONG_PASSWORD.search(text):
        return place.failure(cause, password_hint, is_lasting=True)
    if _PASSING.search(text):
        return place.failure(cause, _LATER_HINT, is_lasting=False)
    if _NEEDS_APP_PASSWORD.search(text):
        return place.failure(cause, password_hint, is_lasting=True)
    if _IMAP_OFF.search(text):
        hint = imap_hint(place.provider, place.host) or _IMAP_OFF_HINT
        return place.failure(cause, hint, is_lasting=True)
    if _NEEDS_OAUTH.search(text):
        return place.failure(cause, own_hint or _OAUTH_HINT, is_lasting=True)
    return place.failure(cause, password_hint, is_lasting=True)


def refused_command(text: str, doing: str, place: Place, *, folder: str | None) -> ReadFailure:
    """A NO or BAD to any other command; `doing` says what was tried (`opening`, `listing the folders`)."""
    what = f"{doing} {folder!r}" if folder else doing
    cause = f"refused {what}: {_quoted(text)}"
    if _UNSAFE_LOGIN.search(text):
        return place.failure(cause, _UNSAFE_HINT, is_lasting=True)
    if folder and not _PASSING.search(text):
        hint = f"if this folder never holds answers, add {folder!r} to this mailbox's ignore_folders"
        return place.failure(cause, hint, is_lasting=False)
    return place.failure(cause, _LATER_HINT, is_lasting=False)


def refused_copy(text: str, place: Place, folder: str) -> ReadFailure:
    """A NO or BAD while a copy was saved: no space, no right to write, a message too large."""
    hint = 'look at its space and rights in webmail, or write save_sent = "never" under this mailbox'
    return place.failure(f"refused a copy in {folder!r}: {_quoted(text)}", hint, is_lasting=False)


def broken(error: Exception, doing: str, place: Place, timeout_in: timedelta) -> ReadFailure:
    """Anything that ends a connection: no route, no TLS, silence, BYE, EOF, an answer that is not IMAP."""
    if isinstance(error, LoginError) and isinstance(error.__context__, Exception):
        error = error.__context__
    if isinstance(error, ProxyFault):
        return place.failure(error.what, error.hint, is_lasting=error.is_lasting)
    if isinstance(error, ssl.SSLCertVerificationError):
        return _bad_certificate(error, place)
    if isinstance(error, ssl.SSLError):
        return _no_tls(error, place)
    if isinstance(error, TimeoutError):
        seconds = f"{timeout_in.total_seconds():g}"
        return place.failure(f"no answer within {seconds} s while {doing}", _NETWORK_HINT, is_lasting=False)
    if isinstance(error, socket.gaierror | UnicodeError) and doing == "connecting":
        hint = "check imap.host of this mailbox, and that this machine is online"
        return place.failure("host name not found", hint, is_lasting=False)
    if isinstance(error, ConnectionRefusedError):
        hint = "check imap.host and imap.port (993 for tls, 143 for starttls), and any firewall on the way"
        return place.failure("connection refused", hint, is_lasting=False)
    if isinstance(error, OSError):
        cause = (error.strerror or type(error).__name__).lower()
        return place.failure(f"connection lost while {doing}: {cause}", _NETWORK_HINT, is_lasting=False)
    text = said(error)
    if (
        not isinstance(error, imaplib.IMAP4.error)
        or isinstance(error, ProtocolError)
        or _NOT_IMAP.search(text)
    ):
        hint = _PORT_HINT if doing == "connecting" else _BUG_HINT
        cause = f"answer not understood while {doing}: {_quoted(text)}"
        return place.failure(cause, hint, is_lasting=False)
    return _closed(text, doing, place)


def _closed(text: str, doing: str, place: Place) -> ReadFailure:
    """The server hung up, with BYE and a reason or without."""
    if "EOF" in text or "unterminated line" in text:
        return place.failure(f"connection lost while {doing}", _NETWORK_HINT, is_lasting=False)
    cause = f"connection closed by the server while {doing}: {_quoted(text)}"
    if _UNSAFE_LOGIN.search(text):
        return place.failure(cause, _UNSAFE_HINT, is_lasting=True)
    return place.failure(cause, _LATER_HINT, is_lasting=False)


def _bad_certificate(error: ssl.SSLCertVerificationError, place: Place) -> ReadFailure:
    reason = error.verify_message or str(error)
    if "expired" in reason:
        hint = "whoever runs this server must renew its certificate; check this machine's date too"
    elif "mismatch" in reason.lower() or "not valid for" in reason:
        hint = "set imap.host to the name that stands in the server's certificate"
    else:
        hint = "for a firm's own server, name its certificate authority in imap.ca_file"
    return place.failure(f"certificate does not fit: {reason}", hint, is_lasting=True)


def _no_tls(error: ssl.SSLError, place: Place) -> ReadFailure:
    """TLS did not come about for another reason than the certificate."""
    reason = (error.reason or str(error)).replace("_", " ").lower()
    if "wrong version number" in reason or "http request" in reason or "record layer" in reason:
        hint = "imap.security must fit the port: tls on 993, starttls on 143"
        return place.failure("does not speak TLS on this port", hint, is_lasting=True)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return place.failure("connection lost in TLS", _NETWORK_HINT, is_lasting=False)
    return place.failure(f"TLS failed: {reason}", _NETWORK_HINT, is_lasting=False)


def said(error: Exception) -> str:
    """The words of an error, in whatever form the IMAP libraries carry them."""
    first = error.args[0] if error.args else type(error).__name__
    if first is None:
        return _NO_GREETING
    if isinstance(first, bytes):
        return _WRAPPING.sub("", first.decode("utf-8", "replace"))
    bad = _BAD_ANSWER.match(str(first))
    if bad is not None:
        with contextlib.suppress(SyntaxError, ValueError):  # should a server's words only look like imaplib's
            return str(ast.literal_eval(bad["words"]), "utf-8", "replace")
    return _WRAPPING.sub("", str(first))


def _quoted(text: str) -> str:
    """A server's words on one line, without control characters, cut to a readable length."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return clipped(clean, _LONGEST_QUOTE)
