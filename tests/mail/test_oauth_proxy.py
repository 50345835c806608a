"""A mailbox behind a proxy asks its issuer through the same proxy, by name and under TLS."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sequencer.config import Proxy, SecretRef
from sequencer.errors import TryAgain
from sequencer.flows.credentials import token_of
from sequencer.mail.oauth.device import sign_in_by_device
from sequencer.mail.oauth.token import Token
from sequencer.testing import FakeClock
from tests.mail.signing_in import LI, Office
from tests.servers.certificates import ca_file, server_context
from tests.servers.issuer import Issuer
from tests.servers.socks import SocksProxy

NAME = "login.issuer.example"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def issuer(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file(tmp_path)))
    monkeypatch.setenv("LI_PROXY", "let me out")
    with Issuer(clock, account=LI, tls=server_context(NAME)) as issuer:
        yield issuer


def token_by(proxy: SocksProxy, issuer: Issuer, clock: FakeClock, folder: Path) -> Token:
    """The token of a mailbox whose servers are reached through `proxy`."""
    office = Office(folder, issuer, clock)
    way = Proxy(host="127.0.0.1", port=proxy.port, username="li", password=SecretRef("env:LI_PROXY"))
    mailbox = replace(office.mailbox, smtp=replace(office.mailbox.smtp, proxy=way))
    oauth = replace(office.oauth, issuer=f"https://{NAME}")
    return token_of(mailbox, oauth, office.workspace, clock)


def test_signing_in_and_refreshing_go_through_the_mailboxes_own_proxy(
    issuer: Issuer, clock: FakeClock, tmp_path: Path
) -> None:
    with SocksProxy(hosts={NAME: issuer.port}, users={"li": "let me out"}) as proxy:
        token = token_by(proxy, issuer, clock, tmp_path)
        token.keep(sign_in_by_device(token.endpoint, [].append))
        issuer.forget_access_tokens()
        clock.advance(issuer.life_in)
        assert issuer.takes(LI, token.secret())
    assert len(issuer.forms("refresh_token")) == 1
    assert {(kind, host, port) for kind, host, port in proxy.asked} == {("name", NAME, 443)}


def test_a_proxy_that_is_no_way_out_is_told_with_its_mend_and_passes_by_itself(
    issuer: Issuer, clock: FakeClock, tmp_path: Path
) -> None:
    with SocksProxy(hosts={}, users={"li": "let me out"}) as proxy:
        token = token_by(proxy, issuer, clock, tmp_path)
        with pytest.raises(TryAgain, match=rf"{NAME} can't be reached: .*does not find this host") as caught:
            sign_in_by_device(token.endpoint, [].append)
    assert "let me out" not in str(caught.value)
