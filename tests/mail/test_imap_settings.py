"""Settings that do not fit the server: password, host, TLS, secrets; what is said, and what is never sent."""

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from sequencer.config import Server
from sequencer.demo.imap_host import ImapHost
from sequencer.errors import SequencerError
from sequencer.mail.imap import ImapReader
from sequencer.mail.imap_faults import Place, broken
from tests.mail.reading import NAME, a_reader, a_server, failure_of, read
from tests.servers.scripted_imap import A_MAIL, ScriptedImap


def test_a_wrong_password_is_refused_by_a_real_server_and_a_mended_one_works() -> None:
    passwords = iter(["wrong", "secret"])
    with ImapHost({"wang": "secret"}) as host:
        reader = ImapReader(a_server(host.port), lambda: next(passwords), NAME)
        failure = failure_of(reader)
        assert str(failure).startswith(f"{NAME}: 127.0.0.1:{host.port}: login refused: ")
        assert failure.is_lasting
        assert read(reader) == []
        reader.close()


def test_nobody_listening_is_not_lasting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    failure = failure_of(a_reader(a_server(port)))
    assert str(failure) == f"{NAME}: 127.0.0.1:{port}: connection refused"
    assert "993 for tls" in failure.hint
    assert not failure.is_lasting


def test_a_host_name_that_cannot_exist_is_said_so_without_asking_the_network() -> None:
    failure = failure_of(a_reader(a_server(993, host="imap..ourfirm.example", security="tls")))
    assert str(failure) == f"{NAME}: imap..ourfirm.example:993: host name not found"
    assert "imap.host" in failure.hint


def test_a_host_name_that_is_not_found_is_said_so() -> None:
    place = Place(mailbox=NAME, host="imap.ourfirm.example", port=993)
    failure = broken(
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        "connecting",
        place,
        timedelta(seconds=1),
    )
    assert str(failure) == f"{NAME}: imap.ourfirm.example:993: host name not found"
    assert not failure.is_lasting


@pytest.fixture
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(ca: trustme.CA, tmp_path: Path) -> Path:
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


Hosting = Callable[..., ImapHost]


@pytest.fixture
def hosting(ca: trustme.CA) -> Iterator[Hosting]:
    """Starts hosts with a certificate of `ca` for the names given."""
    hosts: list[ImapHost] = []

    def start(*names: str, is_implicit_tls: bool, not_after: datetime | None = None) -> ImapHost:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert(*names, not_after=not_after).configure_cert(context)
        host = ImapHost({"wang": "secret"}, tls=context, is_implicit_tls=is_implicit_tls)
        hosts.append(host)
        host.start()
        host.append("wang", "INBOX", A_MAIL)
        return host

    yield start
    for host in hosts:
        host.close()


def a_tls_server(host: ImapHost, is_implicit_tls: bool, ca_file: Path | None) -> Server:
    security = "tls" if is_implicit_tls else "starttls"
    return a_server(host.port, security=security, ca_file=ca_file)


@pytest.mark.parametrize("is_implicit_tls", [True, False], ids=["tls", "starttls"])
def test_mail_is_read_over_verified_tls(hosting: Hosting, ca_file: Path, is_implicit_tls: bool) -> None:
    host = hosting("127.0.0.1", is_implicit_tls=is_implicit_tls)
    reader = a_reader(a_tls_server(host, is_implicit_tls, ca_file))
    assert [mail.raw for mail in read(reader)] == [A_MAIL]
    assert ("STARTTLS" in host.commands) is not is_implicit_tls
    reader.close()


@pytest.mark.parametrize("is_implicit_tls", [True, False], ids=["tls", "starttls"])
@pytest.mark.parametrize(
    ("name", "not_after", "is_known", "says", "hint"),
    [
        ("127.0.0.1", None, False, "unable to get local issuer certificate", "imap.ca_file"),
        ("imap.other.example", None, True, "IP address mismatch", "imap.host"),
        ("127.0.0.1", datetime(2020, 1, 1, tzinfo=UTC), True, "certificate has expired", "renew"),
    ],
    ids=["unknown authority", "another name", "expired"],
)
def test_a_certificate_that_does_not_fit_is_lasting_and_the_password_stays_here(
    hosting: Hosting,
    ca_file: Path,
    is_implicit_tls: bool,
    name: str,
    not_after: datetime | None,
    is_known: bool,
    says: str,
    hint: str,
) -> None:
    host = hosting(name, is_implicit_tls=is_implicit_tls, not_after=not_after)
    failure = failure_of(a_reader(a_tls_server(host, is_implicit_tls, ca_file if is_known else None)))
    assert str(failure).startswith(f"{NAME}: 127.0.0.1:{host.port}: certificate does not fit: ")
    assert says in str(failure)
    assert hint in failure.hint
    assert failure.is_lasting
    assert "LOGIN" not in host.commands


def test_tls_on_a_plain_port_names_the_setting() -> None:
    with ImapHost({"wang": "secret"}) as host:
        failure = failure_of(a_reader(a_server(host.port, security="tls")))
    assert str(failure) == f"{NAME}: 127.0.0.1:{host.port}: does not speak TLS on this port"
    assert "starttls on 143" in failure.hint
    assert failure.is_lasting


def test_starttls_that_is_not_offered_sends_no_password() -> None:
    with ImapHost({"wang": "secret"}) as host:
        failure = failure_of(a_reader(a_server(host.port, security="starttls")))
        assert "LOGIN" not in host.commands
    assert str(failure) == f"{NAME}: 127.0.0.1:{host.port}: does not offer STARTTLS"
    assert failure.is_lasting


def test_a_plain_connection_to_anything_but_loopback_is_refused_before_dialling() -> None:
    failure = failure_of(a_reader(a_server(143, host="192.0.2.1")))
    assert str(failure) == f"{NAME}: 192.0.2.1:143: refusing to send the password unencrypted"
    assert failure.is_lasting


@pytest.mark.parametrize(("content", "says"), [(None, "No such file"), ("not PEM", "")])
def test_a_ca_file_that_cannot_be_used_is_named(tmp_path: Path, content: str | None, says: str) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    failure = failure_of(a_reader(a_server(993, security="tls", ca_file=path)))
    assert str(failure).startswith(f"{NAME}: 127.0.0.1:993: cannot use ca_file {path}: {says}")
    assert failure.is_lasting


def test_a_missing_user_name_is_named() -> None:
    failure = failure_of(a_reader(a_server(143, username=None)))
    assert str(failure) == f"{NAME}: 127.0.0.1:143: no user name"
    assert failure.is_lasting


def test_a_password_of_two_lines_is_not_sent() -> None:
    with ScriptedImap() as server:
        failure = failure_of(a_reader(a_server(server.port), "secret\nmore"))
        assert "LOGIN" not in server.commands
    assert "control character" in str(failure)
    assert failure.is_lasting


def test_a_password_that_the_server_cannot_take_is_not_sent() -> None:
    with ScriptedImap() as server:
        failure = failure_of(a_reader(a_server(server.port), "密码"))
        assert "LOGIN" not in server.commands
    assert str(failure) == f"{NAME}: 127.0.0.1:{server.port}: user name or password is not ASCII"
    assert failure.is_lasting


def test_a_secret_that_cannot_be_fetched_is_a_read_failure_with_its_own_words() -> None:
    def password() -> str:
        raise SequencerError("WANG_IMAP is not set", hint="export WANG_IMAP")

    failure = failure_of(ImapReader(a_server(143), password, NAME))
    assert str(failure) == f"{NAME}: 127.0.0.1:143: WANG_IMAP is not set"
    assert (failure.hint, failure.is_lasting) == ("export WANG_IMAP", True)
