"""The table of faults: what a server does, and the outcome and the line that must come of it."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sequencer.config import SecretRef
from sequencer.core.ports import Deferred, MailboxFault, Outgoing, Refused, SmtpClass, Unsure
from tests.servers.scripted_smtp import CLOSE, SILENCE

PASSWORD = "p4ss-wörd"
MESSAGE = Outgoing(
    sender="lily@yutools.example", recipient="ana@lusotools.example", pieces=[b"Subject: x\r\n\r\nhello\r\n"]
)
BIG = Outgoing(sender=MESSAGE.sender, recipient=MESSAGE.recipient, pieces=[b"x" * 998 + b"\r\n"] * 20_000)
LOGIN = ("AUTH PLAIN LOGIN",)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One fault: what the server does, and what must come of it."""

    name: str
    script: dict = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    tls: object = None
    is_implicit: bool = False
    settings: dict = field(default_factory=dict)
    message: Outgoing = MESSAGE
    kind: type
    verb: str = ""
    smtp_class: SmtpClass | None = None
    is_lasting: bool = False
    line: str = ""
    hint: str = ""


def refused(name, verb, answer, smtp_class, **more) -> Case:
    return Case(name=name, script={verb: answer}, kind=Refused, verb=verb, smtp_class=smtp_class, **more)


def deferred(name, verb, answer, smtp_class=SmtpClass.SOFT, **more) -> Case:
    return Case(name=name, script={verb: answer}, kind=Deferred, verb=verb, smtp_class=smtp_class, **more)


def fault(name, verb, line, hint="", *, is_lasting=False, **more) -> Case:
    return Case(name=name, kind=MailboxFault, verb=verb, is_lasting=is_lasting, line=line, hint=hint, **more)


def unsure(name, answer, line, **more) -> Case:
    return Case(name=name, script={"DOT": answer}, kind=Unsure, line=line, **more)


IMPATIENT = {"timeout_in": timedelta(seconds=1)}
STARTTLS = {"security": "starttls"}
TLS = {"security": "tls"}
WITH_LOGIN = {"username": "lily", "password": SecretRef("env:WANG_PASSWORD")}

AT_RECIPIENT = [
    refused("user unknown", "RCPT", "550 5.1.1 user unknown", SmtpClass.DEAD),
    refused("a bare 550", "RCPT", "550 no", SmtpClass.POLICY),
    deferred("550 for a rate limit", "RCPT", "550 Ip frequency limited", SmtpClass.RATE),
    deferred("greylisted", "RCPT", "451 4.7.1 greylisted, come back"),
    deferred("mailbox full", "RCPT", "452 4.2.2 full", SmtpClass.FULL),
    deferred("421 at RCPT", "RCPT", "421 4.3.2 shutting down"),
    deferred("closed at RCPT", "RCPT", CLOSE),
    deferred("silent at RCPT", "RCPT", SILENCE, settings=IMPATIENT),
    deferred("nonsense at RCPT", "RCPT", "hello there"),
]
AT_DATA = [
    deferred("450 at DATA", "DATA", "450 4.3.0 not now"),
    deferred("421 at DATA", "DATA", "421 4.3.2 bye"),
    refused("554 at DATA", "DATA", "554 5.7.1 spam", SmtpClass.POLICY),
    deferred("closed at DATA", "DATA", CLOSE),
    deferred("silent at DATA", "DATA", SILENCE, settings=IMPATIENT),
    deferred("250 instead of 354", "DATA", "250 ok"),
    deferred("cut while the content flows", "CONTENT", CLOSE, message=BIG),
]
AT_DOT = [
    Case(
        name="552 after the dot",
        script={"DOT": "552 5.3.4 too big"},
        kind=Refused,
        smtp_class=SmtpClass.CONTENT,
    ),
    Case(
        name="451 after the dot", script={"DOT": "451 4.3.0 later"}, kind=Deferred, smtp_class=SmtpClass.SOFT
    ),
    Case(
        name="421 after the dot", script={"DOT": "421 4.3.0 later"}, kind=Deferred, smtp_class=SmtpClass.SOFT
    ),
    Case(
        name="550 spam after the dot", script={"DOT": "554 DT:SPM"}, kind=Refused, smtp_class=SmtpClass.POLICY
    ),
    unsure("closed after the dot", CLOSE, "no answer to the final dot: closed the connection"),
    unsure("silent after the dot", SILENCE, "no answer to the final dot: did not answer within 1 s"),
    unsure("nonsense after the dot", "what?", "answered the final dot"),
    unsure("354 after the dot", "354 more", "answered the final dot with 354"),
    fault(
        "the provider's daily limit",
        "CONTENT",
        "does not let this mailbox send (550 5.4.5 Daily user sending limit exceeded)",
        "daily_cap",
        is_lasting=True,
        script={"DOT": "550 5.4.5 Daily user sending limit exceeded"},
    ),
]
AT_MAIL = [
    fault(
        "sender refused",
        "MAIL",
        "refused the sender (550 5.7.1 no)",
        "log in",
        is_lasting=True,
        script={"MAIL": "550 5.7.1 no"},
    ),
    fault(
        "sender not now",
        "MAIL",
        "takes no mail now (451 4.3.0 later)",
        "next tick",
        script={"MAIL": "451 4.3.0 later"},
    ),
    fault("closed at MAIL", "MAIL", "closed the connection at MAIL", "next tick", script={"MAIL": CLOSE}),
    Case(
        name="too large",
        script={"MAIL": "552 5.3.4 size"},
        kind=Refused,
        verb="MAIL",
        smtp_class=SmtpClass.CONTENT,
    ),
    Case(
        name="no SMTPUTF8",
        kind=Refused,
        verb="MAIL",
        smtp_class=SmtpClass.CONTENT,
        message=Outgoing(
            sender=MESSAGE.sender, recipient="采购@x.example", pieces=[b""], needs_smtputf8=True
        ),
    ),
    fault(
        "no SMTPUTF8 for our own address",
        "MAIL",
        "cannot carry this mailbox's address",
        "ASCII",
        is_lasting=True,
        message=Outgoing(sender="王@y.example", recipient="a@x.example", pieces=[b""], needs_smtputf8=True),
    ),
]
AT_LOGIN = [
    fault(
        "wrong password",
        "AUTH",
        "refused the password (535 5.7.8 bad credentials)",
        "set the right password (env:WANG_PASSWORD) or an app password / 授权码",
        is_lasting=True,
        script={"AUTH": "535 5.7.8 bad credentials"},
        extensions=LOGIN,
        settings=WITH_LOGIN,
    ),
    fault(
        "a server that echoes the password",
        "AUTH",
        "refused the password (535 5.7.8 bad: ***)",
        is_lasting=True,
        script={"AUTH": f"535 5.7.8 bad: {PASSWORD}"},
        extensions=LOGIN,
        settings=WITH_LOGIN,
    ),
    fault(
        "login not now",
        "AUTH",
        "takes no login now (454 4.7.0 later)",
        "the mailbox waits",
        script={"AUTH": "454 4.7.0 later"},
        extensions=LOGIN,
        settings=WITH_LOGIN,
    ),
    fault(
        "closed at AUTH",
        "AUTH",
        "closed the connection at AUTH",
        script={"AUTH": CLOSE},
        extensions=LOGIN,
        settings=WITH_LOGIN,
    ),
    fault(
        "no way to log in",
        "AUTH",
        "offers no AUTH PLAIN or LOGIN (it offers XOAUTH2)",
        "OAuth2",
        is_lasting=True,
        extensions=("AUTH XOAUTH2",),
        settings=WITH_LOGIN,
    ),
]
AT_CONNECT = [
    fault(
        "421 at connect",
        "CONNECT",
        "refused the connection (421 4.3.2 too busy)",
        script={"CONNECT": "421 4.3.2 too busy"},
    ),
    fault(
        "554 at connect",
        "CONNECT",
        "refused the connection (554 5.7.1 blocked)",
        "network address",
        is_lasting=True,
        script={"CONNECT": "554 5.7.1 blocked"},
    ),
    fault("closed at connect", "CONNECT", "closed the connection at CONNECT", script={"CONNECT": CLOSE}),
    fault(
        "silent at connect",
        "CONNECT",
        "did not answer within 1 s at CONNECT",
        script={"CONNECT": SILENCE},
        settings=IMPATIENT,
    ),
    fault(
        "not SMTP",
        "CONNECT",
        "does not speak SMTP",
        "587",
        is_lasting=True,
        script={"CONNECT": "* OK IMAP4rev1"},
    ),
    fault(
        "EHLO refused",
        "EHLO",
        "refused EHLO (550 5.5.0 who?)",
        is_lasting=True,
        script={"EHLO": "550 5.5.0 who?"},
    ),
    fault(
        "an endless line",
        "EHLO",
        "answered with a line that is too long at EHLO",
        script={"EHLO": b"250 " + b"x" * 9000},
    ),
]
AT_TLS = [
    fault(
        "STARTTLS stripped",
        "STARTTLS",
        "does not offer STARTTLS",
        'security = "tls"',
        is_lasting=True,
        settings=STARTTLS,
    ),
    fault(
        "STARTTLS refused",
        "STARTTLS",
        "refused STARTTLS (454 4.7.0 no TLS)",
        extensions=("STARTTLS",),
        script={"STARTTLS": "454 4.7.0 no TLS"},
        settings=STARTTLS,
    ),
    fault(
        "closed at STARTTLS",
        "STARTTLS",
        "closed the connection at STARTTLS",
        extensions=("STARTTLS",),
        script={"STARTTLS": CLOSE},
        settings=STARTTLS,
    ),
    fault(
        "no TLS after all",
        "STARTTLS",
        "broke off the TLS handshake",
        extensions=("STARTTLS",),
        settings=STARTTLS,
        script={"STARTTLS": "220 go", "MAIL": CLOSE},
        tls="abrupt",
    ),
    fault(
        "TLS on a plain port",
        "CONNECT",
        "does not speak TLS from the first byte",
        'security = "starttls"',
        is_lasting=True,
        settings=TLS,
    ),
    fault(
        "plain on a TLS port",
        "CONNECT",
        "speaks TLS from the first byte",
        'security = "tls"',
        is_lasting=True,
        tls="good",
        is_implicit=True,
        settings=STARTTLS | {"timeout_in": timedelta(seconds=3)},
    ),
    fault(
        "another host's certificate",
        "STARTTLS",
        "shows a certificate for another name: ",
        "set host",
        is_lasting=True,
        tls="other",
        extensions=("STARTTLS",),
        settings=STARTTLS,
    ),
    fault(
        "an expired certificate",
        "STARTTLS",
        "not valid now: certificate has expired",
        "clock",
        is_lasting=True,
        tls="expired",
        extensions=("STARTTLS",),
        settings=STARTTLS,
    ),
    fault(
        "an unknown authority",
        "STARTTLS",
        "of an unknown authority: ",
        "ca_file",
        is_lasting=True,
        tls="unknown",
        extensions=("STARTTLS",),
        settings=STARTTLS,
    ),
    fault(
        "an unknown authority from the first byte",
        "CONNECT",
        "of an unknown authority: ",
        "ca_file",
        is_lasting=True,
        tls="unknown",
        is_implicit=True,
        settings=TLS,
    ),
    fault(
        "no such ca_file",
        "CONNECT",
        "ca_file /nowhere/ca.pem holds no certificate",
        "PEM",
        is_lasting=True,
        settings=TLS | {"ca_file": Path("/nowhere/ca.pem")},
    ),
]
CASES = [*AT_RECIPIENT, *AT_DATA, *AT_DOT, *AT_MAIL, *AT_LOGIN, *AT_CONNECT, *AT_TLS]
