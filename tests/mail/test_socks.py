"""Mail by way of a SOCKS5 proxy: names are looked up there, and TLS still checks the server's own name."""

import contextlib
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from sequencer.config import Proxy, SecretRef, Server
from sequencer.core.ports import MailboxFault, Outgoing, ReadFailure, Sent
from sequencer.errors import SequencerError
from sequencer.mail.imap import ImapReader
from sequencer.mail.smtp import SmtpCourier
from sequencer.mail.socks import ProxyFault, Way
from tests.mail.reading import a_server, read
from tests.servers.certificates import ca_file, server_context
from tests.servers.scripted_imap import A_MAIL, ScriptedImap
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.socks import SocksProxy

SMTP, IMAP = "smtp.yutools.example", "imap.yutools.example"
MESSAGE = Outgoing(
    sender="lily@yutools.example", recipient="ana@lusotools.example", pieces=[b"Subject: x\r\n\r\nhello\r\n"]
)
LOGIN = ("AUTH PLAIN",)


def by_way_of(proxy: SocksProxy, **changes: object) -> Proxy:
    return replace(Proxy(host="127.0.0.1", port=proxy.port), **changes)  # type: ignore[arg-type]


def smtp_server(folder: Path, proxy: Proxy, **changes: object) -> Server:
    settings = {
        "host": SMTP,
        "security": "starttls",
        "password": SecretRef("env:LILY"),
        "ca_file": ca_file(folder),
        "proxy": proxy,
    }
    return a_server(587, **(settings | changes))


def sent(server: Server, proxy_password: str = "") -> object:
    courier = SmtpCourier(server, lambda: "secret", "lily", proxy_password=lambda: proxy_password)
    with contextlib.closing(courier):
        return courier.send(MESSAGE, lambda: True)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_leaves_through_the_proxy_to_a_name_that_only_the_proxy_knows(
    tmp_path: Path, security: str
) -> None:
    is_implicit = security == "tls"
    extensions = LOGIN if is_implicit else (*LOGIN, "STARTTLS")
    host = ScriptedSmtp(extensions=extensions, tls=server_context(SMTP), is_implicit=is_implicit)
    with host, SocksProxy(hosts={SMTP: host.port}) as proxy:
        outcome = sent(smtp_server(tmp_path, by_way_of(proxy), security=security))
        assert isinstance(outcome, Sent), outcome
        assert proxy.asked == [("name", SMTP, 587)]
    assert len(host.contents) == 1


def test_answers_are_read_through_the_proxy_and_its_login(tmp_path: Path) -> None:
    with (
        ScriptedImap(tls=server_context(IMAP)) as host,
        SocksProxy(hosts={IMAP: host.port}, users={"lily": "geheim-ü"}) as proxy,
    ):
        server = a_server(
            993,
            host=IMAP,
            security="tls",
            ca_file=ca_file(tmp_path),
            proxy=by_way_of(proxy, username="lily"),
        )
        reader = ImapReader(server, lambda: "secret", "lily", proxy_password=lambda: "geheim-ü")
        assert [mail.raw for mail in read(reader)] == [A_MAIL]
        reader.close()
        assert proxy.asked == [("name", IMAP, 993)]


def test_a_server_by_another_name_is_found_out_through_the_proxy_too(tmp_path: Path) -> None:
    host = ScriptedSmtp(extensions=LOGIN, tls=server_context("smtp.other.example"), is_implicit=True)
    with host, SocksProxy(hosts={SMTP: host.port}) as proxy:
        outcome = sent(smtp_server(tmp_path, by_way_of(proxy), security="tls"))
    assert isinstance(outcome, MailboxFault)
    assert f"lily: {SMTP}:587 shows a certificate for another name: " in outcome.message
    assert host.heard == []


def test_imap_by_another_name_is_found_out_through_the_proxy_too(tmp_path: Path) -> None:
    with (
        ScriptedImap(tls=server_context("imap.other.example")) as host,
        SocksProxy(hosts={IMAP: host.port}) as proxy,
    ):
        server = a_server(993, host=IMAP, security="tls", ca_file=ca_file(tmp_path), proxy=by_way_of(proxy))
        with pytest.raises(ReadFailure, match="certificate does not fit"):
            read(ImapReader(server, lambda: "secret", "lily"))
    assert host.commands == []


def test_an_address_goes_to_the_proxy_as_an_address() -> None:
    with SocksProxy(refusal=5) as proxy:
        way = Way(proxy=by_way_of(proxy))
        for host in ("192.0.2.7", "2001:db8::7"):
            with pytest.raises(ProxyFault):
                way.connect(host, 993, 10)
        assert proxy.asked == [("ip", "192.0.2.7", 993), ("ip", "2001:db8::7", 993)]


def test_a_name_beyond_ascii_is_asked_for_in_its_ascii_form() -> None:
    with SocksProxy() as proxy, pytest.raises(ProxyFault, match="does not find this host"):
        Way(proxy=by_way_of(proxy)).connect("imap.büro.example", 993, 10)
    assert proxy.asked == [("name", "imap.xn--bro-hoa.example", 993)]


FAULTS = {
    "failed": (SocksProxy(refusal=1), "failed", False),
    "not allowed": (SocksProxy(refusal=2), "does not allow this connection", True),
    "no network": (SocksProxy(refusal=3), "has no network to it", False),
    "unknown host": (SocksProxy(), "does not find this host", False),
    "refused by the server": (SocksProxy(refusal=5), "was refused by the server", False),
    "no such command": (SocksProxy(refusal=7), "cannot open connections", True),
    "no names": (SocksProxy(refusal=8), "takes no host names", True),
    "a code nobody knows": (SocksProxy(refusal=99), "failed (code 99)", False),
    "hung up": (SocksProxy(is_abrupt=True), "hung up", False),
    "an HTTP proxy": (SocksProxy(greeting=b"HTTP/1.1 400 Bad Request\r\n"), "does not speak SOCKS5", True),
    "SOCKS4": (SocksProxy(greeting=b"\x00\x5b"), "does not speak SOCKS5", True),
    "wants a login": (SocksProxy(users={"lily": "x"}), "takes no login of the kind we have", True),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_proxy_that_is_no_way_says_why_in_one_line(name: str) -> None:
    proxy, what, is_lasting = FAULTS[name]
    with proxy, pytest.raises(ProxyFault) as caught:
        Way(proxy=by_way_of(proxy)).connect(IMAP, 993, 10)
    assert caught.value.what == f"cannot be reached: the proxy 127.0.0.1:{proxy.port} {what}"
    assert caught.value.is_lasting is is_lasting
    assert caught.value.hint
    assert "\n" not in caught.value.what + caught.value.hint


def test_a_wrong_password_for_the_proxy_is_lasting_and_never_shown() -> None:
    with SocksProxy(users={"lily": "right"}) as proxy, pytest.raises(ProxyFault) as caught:
        Way(proxy=by_way_of(proxy, username="lily"), password=lambda: "wr0ng").connect(IMAP, 993, 10)
    assert caught.value.what.endswith("refused its user name or password")
    assert caught.value.is_lasting
    assert "wr0ng" not in caught.value.what + caught.value.hint
    assert proxy.asked == []


def test_a_password_that_cannot_be_read_asks_nobody() -> None:
    def unreadable() -> str:
        raise SequencerError("the environment variable LI_PROXY is not set", hint="set LI_PROXY")

    with SocksProxy(users={"lily": "right"}) as proxy, pytest.raises(ProxyFault) as caught:
        Way(proxy=by_way_of(proxy, username="lily"), password=unreadable).connect(IMAP, 993, 10)
    assert caught.value.what.endswith("has no password: the environment variable LI_PROXY is not set")
    assert (caught.value.hint, caught.value.is_lasting) == ("set LI_PROXY", True)


def test_a_proxy_that_is_not_running_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(ProxyFault) as caught:
        Way(proxy=Proxy(host="127.0.0.1", port=port)).connect(IMAP, 993, 10)
    told = f"cannot be reached: the proxy 127.0.0.1:{port} is not there (connection refused)"
    assert (caught.value.what, caught.value.is_lasting) == (told, False)


def test_a_proxy_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        proxy = Proxy(host="127.0.0.1", port=silent.getsockname()[1])
        with pytest.raises(ProxyFault, match=r"broke off \(no answer in time\)"):
            Way(proxy=proxy).connect(IMAP, 993, 0.2)
