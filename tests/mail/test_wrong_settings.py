"""Every wrong setting shows one line and its mend, exactly; a provider's refusal the provider's own mend."""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.config import Proxy, SecretRef, Server
from sequencer.core.ports import MailboxFault, Outgoing, ReadFailure
from sequencer.core.provider_table import PROVIDERS
from sequencer.files.secret import resolve_secret
from sequencer.mail.imap import ImapReader
from sequencer.mail.smtp import SmtpCourier
from tests.mail.wrong_settings import SAID, WRONG, Protocol, Said, Trouble, Wrong
from tests.servers.certificates import ca_file, server_context
from tests.servers.scripted_imap import CAPABILITIES, ScriptedImap
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.socks import SocksProxy

MESSAGE = Outgoing(
    sender="li@ourfirm.example", recipient="ana@lusotools.example", pieces=[b"Subject: x\r\n\r\nhello\r\n"]
)
KEPT = " (the password is kept in env:LI_MAIL)"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the user reads."""

    line: str
    hint: str
    is_lasting: bool


@pytest.fixture
def li_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LI_MAIL", "s3cret")


def told(protocol: Protocol, server: Server) -> Told:
    """What the courier, or the reader, of this server says."""

    def secret() -> str:
        assert server.password is not None
        return resolve_secret(server.password, Path())

    if protocol is Protocol.SMTP:
        courier = SmtpCourier(server, secret, "li", proxy_password=lambda: "wrong")
        with contextlib.closing(courier):
            outcome = courier.send(MESSAGE, lambda: True)
        assert isinstance(outcome, MailboxFault), outcome
        return Told(line=outcome.message, hint=outcome.hint, is_lasting=outcome.is_lasting)
    with pytest.raises(ReadFailure) as caught:
        list(ImapReader(server, secret, "li", proxy_password=lambda: "wrong").read_new((), None))
    failure = caught.value
    return Told(line=str(failure), hint=failure.hint, is_lasting=failure.is_lasting)


@contextlib.contextmanager
def scripted(row: Wrong) -> Iterator[int]:
    """The port of a server that does what the row says."""
    tls = server_context() if row.is_tls else None
    if row.protocol is Protocol.SMTP:
        smtp = ScriptedSmtp(script=row.script, extensions=("AUTH PLAIN",), tls=tls, is_implicit=True)  # type: ignore[arg-type]
        with smtp:
            yield smtp.port
    else:
        with ScriptedImap(script=row.script, tls=tls) as imap:
            yield imap.port


@contextlib.contextmanager
def in_the_way(trouble: Trouble | None) -> Iterator[Proxy | None]:
    """The proxy that the trouble wants, if any."""
    makers = {
        Trouble.PROXY_PASSWORD: lambda: SocksProxy(users={"li": "right"}),
        Trouble.PROXY_HTTP: lambda: SocksProxy(greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        Trouble.PROXY_KNOWS_NOT: SocksProxy,
    }
    if trouble is Trouble.PROXY_DOWN:
        yield Proxy(host="127.0.0.1", port=free_port())
    elif trouble in makers:
        with makers[trouble]() as proxy:
            user = "li" if trouble is Trouble.PROXY_PASSWORD else None
            yield Proxy(host="127.0.0.1", port=proxy.port, username=user)
    else:
        yield None


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def nameless(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.usefixtures("li_mail")
@pytest.mark.parametrize("row", WRONG, ids=lambda row: f"{row.protocol} {row.setting}")
def test_a_wrong_setting_is_one_line_and_its_mend(
    row: Wrong, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if row.trouble is Trouble.SECRET_MISSING:
        monkeypatch.delenv("LI_MAIL")
    if row.trouble is Trouble.NAME_UNKNOWN:
        monkeypatch.setattr(socket, "getaddrinfo", nameless)
    with scripted(row) as port, in_the_way(row.trouble) as proxy:
        server = Server(
            host="127.0.0.1",
            port=free_port() if row.trouble is Trouble.NOBODY_LISTENS else port,
            security=row.security,  # type: ignore[arg-type]
            username="li@ourfirm.example",
            password=SecretRef("env:LI_MAIL"),
            ca_file=ca_file(tmp_path),
            timeout_in=timedelta(seconds=1 if row.is_tls else 20),
            proxy=proxy,
        )
        shown = told(row.protocol, server)
    line = shown.line.replace(f"127.0.0.1:{server.port}", "HOST:PORT")
    if proxy is not None:
        line = line.replace(f"{proxy.host}:{proxy.port}", "PROXY")
    assert replace(shown, line=line) == Told(line=f"li: {row.line}", hint=row.hint, is_lasting=row.is_lasting)
    assert "\n" not in shown.line + shown.hint
    assert "s3cret" not in shown.line + shown.hint


@contextlib.contextmanager
def at_the_provider(said: Said, host: str) -> Iterator[SocksProxy]:
    """A proxy behind which the provider's own host refuses the login with these words."""
    if said.protocol is Protocol.SMTP:
        is_implicit = PROVIDERS[said.provider].smtp.security == "tls"
        extensions = ("AUTH PLAIN",) if is_implicit else ("STARTTLS", "AUTH PLAIN")
        smtp = ScriptedSmtp(
            script={"AUTH": said.answer},
            extensions=extensions,
            tls=server_context(host),
            is_implicit=is_implicit,
        )
        with smtp, SocksProxy(hosts={host: smtp.port}) as proxy:
            yield proxy
    else:
        imap = ScriptedImap(
            script={"LOGIN": said.answer}, tls=server_context(host), capabilities=CAPABILITIES
        )
        with imap, SocksProxy(hosts={host: imap.port}) as proxy:
            yield proxy


@pytest.mark.usefixtures("li_mail")
@pytest.mark.parametrize("is_named", [True, False], ids=["named", "by its host"])
@pytest.mark.parametrize("said", SAID, ids=lambda said: f"{said.provider} {said.answer}")
def test_a_refused_login_names_the_providers_own_mend(said: Said, is_named: bool, tmp_path: Path) -> None:
    provider = PROVIDERS[said.provider]
    endpoint = provider.smtp if said.protocol is Protocol.SMTP else provider.imap
    with at_the_provider(said, endpoint.host) as proxy:
        server = Server(
            host=endpoint.host,
            port=endpoint.port,
            security=endpoint.security,
            username="li@ourfirm.example",
            password=SecretRef("env:LI_MAIL"),
            ca_file=ca_file(tmp_path),
            provider=said.provider if is_named else "custom",
            proxy=Proxy(host="127.0.0.1", port=proxy.port),
        )
        shown = told(said.protocol, server)
    assert proxy.asked == [("name", endpoint.host, endpoint.port)]
    words = said.answer.removeprefix("NO ")
    assert words in shown.line
    assert shown.is_lasting
    assert shown.hint == mend_for(said, is_named=is_named)


def mend_for(said: Said, *, is_named: bool) -> str:
    if said.mend is not None:
        return said.mend
    name = said.provider if is_named else SHARING.get((said.provider, said.protocol), said.provider)
    provider = PROVIDERS[name]
    mend = provider.imap_hint if said.is_about_imap else provider.login_hint
    return mend + (KEPT if said.protocol is Protocol.SMTP else "")


SHARING = {
    ("workspace", Protocol.IMAP): "gmail",
    ("workspace", Protocol.SMTP): "gmail",
    ("outlook", Protocol.IMAP): "microsoft365",
}
"""Providers on another's hosts: of a mailbox that names none, the other one speaks."""


@pytest.mark.usefixtures("li_mail")
def test_the_mend_of_163_is_spelt_out(tmp_path: Path) -> None:
    said = Said(provider="163", protocol=Protocol.SMTP, answer="535 Error: authentication failed")
    with at_the_provider(said, "smtp.163.com") as proxy:
        server = Server(
            host="smtp.163.com",
            port=465,
            security="tls",
            username="li@163.com",
            password=SecretRef("env:LI_MAIL"),
            ca_file=ca_file(tmp_path),
            provider="163",
            proxy=Proxy(host="127.0.0.1", port=proxy.port),
        )
        shown = told(Protocol.SMTP, server)
    assert shown == Told(
        line="li: smtp.163.com:465 refused the password (535 Error: authentication failed)",
        hint=(
            "163 wants its authorization code (授权码), not the web password: webmail → Settings → "
            "POP3/SMTP/IMAP (设置 → POP3/SMTP/IMAP) → switch IMAP/SMTP on, make a code"
            " (the password is kept in env:LI_MAIL)"
        ),
        is_lasting=True,
    )
