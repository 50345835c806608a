"""The table of wrong settings: what is set wrongly, what the server does, and the line with its mend."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tests.servers.scripted_imap import Step


class Protocol(StrEnum):
    SMTP = "SMTP"
    IMAP = "IMAP"


class Trouble(StrEnum):
    """What else is in the way besides the settings of the row."""

    NOBODY_LISTENS = "nobody listens"
    NAME_UNKNOWN = "name unknown"
    SECRET_MISSING = "secret missing"
    PROXY_DOWN = "proxy down"
    PROXY_PASSWORD = "proxy password"
    PROXY_HTTP = "proxy is an HTTP proxy"
    PROXY_KNOWS_NOT = "proxy does not know the host"


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One wrong setting. In lines, HOST:PORT is the server and PROXY the proxy."""

    setting: str
    protocol: Protocol
    line: str
    hint: str
    script: Mapping[str, Step] = field(default_factory=dict)
    security: str = "none"
    is_tls: bool = False
    """The server speaks TLS from the first byte."""
    trouble: Trouble | None = None
    is_lasting: bool = True


@dataclass(frozen=True, kw_only=True)
class Said:
    """How a provider says that a login, or IMAP, is not as it wants it."""

    provider: str
    protocol: Protocol
    answer: str
    is_about_imap: bool = False
    """The mend is to switch IMAP on."""
    mend: str | None = None
    """A mend that comes from the words, not from the provider."""


S, R = Protocol.SMTP, Protocol.IMAP
_AGAIN = "nothing to do unless it lasts: it is tried again at the next tick"
_START = "start the proxy, or mend `proxy` of this mailbox; it will be tried again"
_FOUND = "check the server's host and port, and whether the proxy itself gets out; it will be tried again"

# The lines about a token that has run out are in test_oauth_servers.py, where there is an issuer to say so.
WRONG = (
    Wrong(
        setting="a port where nobody listens",
        protocol=S,
        trouble=Trouble.NOBODY_LISTENS,
        line="HOST:PORT cannot be reached: Connection refused",
        hint=f"check host and port; {_AGAIN}",
        is_lasting=False,
    ),
    Wrong(
        setting="the port of another service",
        protocol=S,
        script={"CONNECT": "* OK IMAP4rev1 ready"},
        line="HOST:PORT does not speak SMTP",
        hint='set the SMTP port: 587 with security = "starttls", or 465 with "tls"',
    ),
    Wrong(
        setting='security = "tls" on a STARTTLS port',
        protocol=S,
        security="tls",
        line="HOST:PORT does not speak TLS from the first byte",
        hint='set security = "starttls", or the TLS port (465)',
    ),
    Wrong(
        setting='security = "starttls" on a TLS port',
        protocol=S,
        security="starttls",
        is_tls=True,
        line="HOST:PORT speaks TLS from the first byte",
        hint='set security = "tls", or the STARTTLS port (587)',
    ),
    Wrong(
        setting='security = "starttls" at a server without it',
        protocol=S,
        security="starttls",
        line="HOST:PORT does not offer STARTTLS",
        hint='set port and security to the provider\'s TLS port (often 465 with security = "tls")',
    ),
    Wrong(
        setting="a host that does not exist",
        protocol=S,
        trouble=Trouble.NAME_UNKNOWN,
        line="HOST:PORT is not known by name",
        hint="check the host's spelling and this computer's network",
        is_lasting=False,
    ),
    Wrong(
        setting="a wrong password",
        protocol=S,
        script={"AUTH": "535 5.7.8 bad credentials"},
        line="HOST:PORT refused the password (535 5.7.8 bad credentials)",
        hint="set the right password (env:LI_MAIL) or an app password / 授权码",
    ),
    Wrong(
        setting="a login password where an app password is wanted",
        protocol=S,
        script={"AUTH": "534 5.7.9 Application-specific password required"},
        line="HOST:PORT refused the password (534 5.7.9 Application-specific password required)",
        hint="make an app password with the provider and set it (env:LI_MAIL)",
    ),
    Wrong(
        setting="a variable that is not set",
        protocol=S,
        trouble=Trouble.SECRET_MISSING,
        line="no password for HOST:PORT: the environment variable LI_MAIL is not set",
        hint="set LI_MAIL before starting sequencer",
    ),
    Wrong(
        setting="an address that the login may not send as",
        protocol=S,
        script={"MAIL": "553 Mail from must equal authorized user"},
        line="HOST:PORT refused the sender (553 Mail from must equal authorized user)",
        hint="let the login (li@ourfirm.example) send as this mailbox's address, or log in as that address",
    ),
    Wrong(
        setting="a proxy that is not running",
        protocol=S,
        trouble=Trouble.PROXY_DOWN,
        line="HOST:PORT cannot be reached: the proxy PROXY is not there (connection refused)",
        hint=_START,
        is_lasting=False,
    ),
    Wrong(
        setting="a wrong proxy_password",
        protocol=S,
        trouble=Trouble.PROXY_PASSWORD,
        line="HOST:PORT cannot be reached: the proxy PROXY refused its user name or password",
        hint="mend the user in `proxy`, or proxy_password",
    ),
    Wrong(
        setting="the HTTP port of a proxy program",
        protocol=S,
        trouble=Trouble.PROXY_HTTP,
        line="HOST:PORT cannot be reached: the proxy PROXY does not speak SOCKS5",
        hint="`proxy` must name the SOCKS5 port of the proxy program, not its HTTP port",
    ),
    Wrong(
        setting="a host that the proxy does not find",
        protocol=S,
        trouble=Trouble.PROXY_KNOWS_NOT,
        line="HOST:PORT cannot be reached: the proxy PROXY does not find this host",
        hint=_FOUND,
        is_lasting=False,
    ),
    Wrong(
        setting="a port where nobody listens",
        protocol=R,
        trouble=Trouble.NOBODY_LISTENS,
        line="HOST:PORT: connection refused",
        hint="check imap.host and imap.port (993 for tls, 143 for starttls), and any firewall on the way",
        is_lasting=False,
    ),
    Wrong(
        setting="the port of another service",
        protocol=R,
        script={"GREETING": b"220 mx.example ESMTP\r\n"},
        line=(
            "HOST:PORT: answer not understood while connecting: unexpected response: b'220 mx.example ESMTP'"
        ),
        hint='set imap.port to the IMAP port: 993 with security = "tls", or 143 with "starttls"',
        is_lasting=False,
    ),
    Wrong(
        setting='security = "tls" on a STARTTLS port',
        protocol=R,
        security="tls",
        line="HOST:PORT: does not speak TLS on this port",
        hint="imap.security must fit the port: tls on 993, starttls on 143",
    ),
    Wrong(
        setting='security = "starttls" on a TLS port',
        protocol=R,
        security="starttls",
        is_tls=True,
        line="HOST:PORT: speaks TLS from the first byte",
        hint='set imap.security = "tls", or the STARTTLS port (143)',
    ),
    Wrong(
        setting='security = "starttls" at a server without it',
        protocol=R,
        security="starttls",
        line="HOST:PORT: does not offer STARTTLS",
        hint="set imap.security to tls (port 993), or ask whoever runs the server to offer STARTTLS",
    ),
    Wrong(
        setting="a host that does not exist",
        protocol=R,
        trouble=Trouble.NAME_UNKNOWN,
        line="HOST:PORT: host name not found",
        hint="check imap.host of this mailbox, and that this machine is online",
        is_lasting=False,
    ),
    Wrong(
        setting="a wrong password, or a login password where an app password is wanted",
        protocol=R,
        script={"LOGIN": "NO [AUTHENTICATIONFAILED] Authentication failed."},
        line="HOST:PORT: login refused: [AUTHENTICATIONFAILED] Authentication failed.",
        hint=(
            "check this mailbox's imap username and password; many providers (NetEase, QQ, Gmail, Zoho) want "
            "an app password or authorization code (授权码) made in webmail instead of the login password"
        ),
    ),
    Wrong(
        setting="IMAP is switched off",
        protocol=R,
        script={"LOGIN": "NO IMAP access is disabled for this account"},
        line="HOST:PORT: login refused: IMAP access is disabled for this account",
        hint="switch IMAP on for this account in the webmail settings, then try again",
    ),
    Wrong(
        setting="a variable that is not set",
        protocol=R,
        trouble=Trouble.SECRET_MISSING,
        line="HOST:PORT: the environment variable LI_MAIL is not set",
        hint="set LI_MAIL before starting sequencer",
    ),
    Wrong(
        setting="a proxy that is not running",
        protocol=R,
        trouble=Trouble.PROXY_DOWN,
        line="HOST:PORT: cannot be reached: the proxy PROXY is not there (connection refused)",
        hint=_START,
        is_lasting=False,
    ),
    Wrong(
        setting="a wrong proxy_password",
        protocol=R,
        trouble=Trouble.PROXY_PASSWORD,
        line="HOST:PORT: cannot be reached: the proxy PROXY refused its user name or password",
        hint="mend the user in `proxy`, or proxy_password",
    ),
    Wrong(
        setting="a host that the proxy does not find",
        protocol=R,
        trouble=Trouble.PROXY_KNOWS_NOT,
        line="HOST:PORT: cannot be reached: the proxy PROXY does not find this host",
        hint=_FOUND,
        is_lasting=False,
    ),
)

_TENCENT = (
    "Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, "
    "or system is busy."
)
SAID = (
    Said(provider="qq", protocol=S, answer="535 Login Fail. Please enter your authorization code to login."),
    Said(provider="qq", protocol=S, answer=f"535 {_TENCENT}"),
    Said(provider="qq", protocol=R, answer=f"NO {_TENCENT}"),
    Said(provider="exmail", protocol=S, answer="535 Error: authentication failed, system busy"),
    Said(provider="exmail", protocol=R, answer=f"NO {_TENCENT}"),
    Said(provider="163", protocol=S, answer="535 Error: authentication failed"),
    Said(provider="163", protocol=S, answer="550 User has no permission"),
    Said(provider="163", protocol=R, answer="NO LOGIN Login error or password error"),
    Said(provider="aliyun", protocol=S, answer="526 Authentication failure"),
    Said(provider="aliyun", protocol=R, answer="NO LOGIN failed"),
    Said(provider="gmail", protocol=S, answer="534 5.7.9 Application-specific password required."),
    Said(provider="gmail", protocol=S, answer="535 5.7.8 Username and Password not accepted."),
    Said(provider="gmail", protocol=R, answer="NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"),
    Said(
        provider="workspace",
        protocol=R,
        answer="NO [ALERT] Your account is not enabled for IMAP use. (Failure)",
        is_about_imap=True,
    ),
    Said(
        provider="microsoft365",
        protocol=S,
        answer="535 5.7.139 SmtpClientAuthentication is disabled for the Tenant.",
        mend="let an administrator switch SMTP AUTH on for this mailbox, or log in with OAuth2",
    ),
    Said(
        provider="microsoft365",
        protocol=S,
        answer="535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
    ),
    Said(provider="microsoft365", protocol=R, answer="NO LOGIN failed."),
    Said(
        provider="outlook",
        protocol=S,
        answer="535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
    ),
    Said(provider="outlook", protocol=R, answer="NO LOGIN failed."),
    Said(provider="zoho", protocol=S, answer="535 Authentication Failed"),
    Said(
        provider="zoho",
        protocol=R,
        answer="NO [ALERT] You are yet to enable IMAP for your account.",
        is_about_imap=True,
    ),
    Said(
        provider="yandex",
        protocol=S,
        answer="535 5.7.8 Error: authentication failed: Invalid user or password!",
    ),
    Said(
        provider="yandex",
        protocol=R,
        answer="NO [AUTHENTICATIONFAILED] LOGIN invalid credentials or IMAP is disabled",
    ),
)
"""As users report them; the words may change, the mend comes from the provider."""
