"""A provider fills a mailbox's servers in; what is written out wins; a proxy goes with both servers."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.config import Config, Mailbox, Proxy, SecretRef
from sequencer.core.provider_table import PROVIDERS
from sequencer.errors import FaultyInput
from sequencer.files.config_file import read_config
from sequencer.files.config_presets import with_presets
from tests.files.workspaces import CONFIG, write

HEAD = CONFIG.partition("[[mailboxes]]")[0]
MAILBOX = '[[mailboxes]]\nname = "li"\naddress = "li@ourfirm.example"\n'


def read(root: Path, *lines: str) -> Config:
    return read_config(write(root, "config.toml", HEAD + MAILBOX + "\n".join(lines) + "\n"))


def a_mailbox(root: Path, *lines: str) -> Mailbox:
    (mailbox,) = read(root, *lines).mailboxes
    return mailbox


def faults(root: Path, *lines: str) -> list[str]:
    with pytest.raises(FaultyInput) as caught:
        read(root, *lines)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("key", PROVIDERS)
def test_a_provider_and_a_password_are_all_a_rep_has_to_type(key: str, tmp_path: Path) -> None:
    mailbox = a_mailbox(tmp_path, f'provider = "{key}"', 'password = "env:LI_MAIL"')
    provider = PROVIDERS[key]
    assert mailbox.imap is not None
    for server, endpoint in ((mailbox.smtp, provider.smtp), (mailbox.imap, provider.imap)):
        assert (server.host, server.port, server.security) == (
            endpoint.host,
            endpoint.port,
            endpoint.security,
        )
        assert (server.username, server.password) == ("li@ourfirm.example", SecretRef("env:LI_MAIL"))
        assert server.provider == key
    assert mailbox.provider == key


def test_163_may_be_written_without_quotes(tmp_path: Path) -> None:
    mailbox = a_mailbox(tmp_path, "provider = 163", 'password = "env:LI_MAIL"')
    assert (mailbox.provider, mailbox.smtp.host) == ("163", "smtp.163.com")


@pytest.mark.parametrize("table", ["smtp", "imap"])
def test_a_password_in_either_table_serves_both(table: str, tmp_path: Path) -> None:
    mailbox = a_mailbox(tmp_path, 'provider = "qq"', f"[mailboxes.{table}]", 'password = "env:LI_MAIL"')
    assert mailbox.imap is not None
    assert mailbox.smtp.password == mailbox.imap.password == SecretRef("env:LI_MAIL")
    assert mailbox.smtp.username == mailbox.imap.username == "li@ourfirm.example"


def test_each_server_may_have_its_own_login(tmp_path: Path) -> None:
    mailbox = a_mailbox(
        tmp_path,
        'provider = "zoho"',
        'password = "env:LI_MAIL"',
        '[mailboxes.imap]\nhost = "imappro.zoho.eu"\nusername = "li"\npassword = "env:LI_IMAP"',
    )
    assert mailbox.imap is not None
    assert (mailbox.imap.host, mailbox.imap.port, mailbox.imap.security) == ("imappro.zoho.eu", 993, "tls")
    assert (mailbox.imap.username, mailbox.imap.password) == ("li", SecretRef("env:LI_IMAP"))
    assert (mailbox.smtp.username, mailbox.smtp.password) == ("li@ourfirm.example", SecretRef("env:LI_MAIL"))


@pytest.mark.parametrize(
    ("written", "port", "security"),
    [
        ("port = 587", 587, "starttls"),
        ('security = "starttls"', 587, "starttls"),
        ("port = 994", 994, "tls"),
        ('security = "tls"', 465, "tls"),
        ('port = 2525\nsecurity = "starttls"', 2525, "starttls"),
    ],
)
def test_a_port_or_a_security_brings_its_fellow(
    written: str, port: int, security: str, tmp_path: Path
) -> None:
    login = 'provider = "163"', 'password = "env:LI_MAIL"'
    mailbox = a_mailbox(tmp_path, *login, f"[mailboxes.smtp]\n{written}")
    assert (mailbox.smtp.port, mailbox.smtp.security) == (port, security)


def test_a_mailbox_whose_answers_go_elsewhere_is_not_read_by_its_preset(tmp_path: Path) -> None:
    other = '[[mailboxes]]\nname = "old"\naddress = "old@ourfirm.example"\nprovider = "qq"\n'
    lines = 'provider = "qq"', 'password = "env:LI_MAIL"', other, 'password = "env:OLD"', 'replies_in = "li"'
    li, old = read(tmp_path, *lines).mailboxes
    assert li.imap is not None
    assert (old.imap, old.reader_name) == (None, "li")


def test_one_password_serves_servers_that_are_written_out_too(tmp_path: Path) -> None:
    tables = '[mailboxes.smtp]\nhost = "a.example"\nusername = "li"\n[mailboxes.imap]\nhost = "b.example"'
    mailbox = a_mailbox(tmp_path, 'password = "env:LI_MAIL"', tables)
    assert mailbox.imap is not None
    assert (mailbox.smtp.username, mailbox.imap.username) == ("li", "li@ourfirm.example")
    assert mailbox.smtp.password == mailbox.imap.password == SecretRef("env:LI_MAIL")
    assert mailbox.provider == mailbox.smtp.provider == "custom"


def test_a_preset_without_a_password_says_so_once(tmp_path: Path) -> None:
    assert faults(tmp_path, 'provider = "gmail"') == [
        'config.toml:17: there is no `password` (add password = "env:NAME", "file:PATH" or "cmd:COMMAND")'
    ]


def test_a_password_in_the_open_is_told_once_and_not_repeated(tmp_path: Path) -> None:
    (told,) = faults(tmp_path, 'provider = "gmail"', 'password = "hunter2"')
    assert told.startswith("config.toml:21: `mailboxes.password`: a secret is not written into the file")
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("written", "proxy"),
    [
        ("socks5://127.0.0.1:7891", Proxy(host="127.0.0.1", port=7891)),
        ("socks5h://proxy.ourfirm.example", Proxy(host="proxy.ourfirm.example")),
        ("socks5://[::1]:1080/", Proxy(host="::1")),
    ],
)
def test_a_proxy_goes_with_both_servers(written: str, proxy: Proxy, tmp_path: Path) -> None:
    lines = 'provider = "gmail"', 'password = "env:LI_MAIL"', f'proxy = "{written}"'
    mailbox = a_mailbox(tmp_path, *lines)
    assert mailbox.imap is not None
    assert mailbox.smtp.proxy == mailbox.imap.proxy == proxy


def test_a_proxy_with_a_login_knows_where_its_password_is_kept(tmp_path: Path) -> None:
    lines = 'proxy = "socks5://li%40office@127.0.0.1:1080"', 'proxy_password = "env:LI_PROXY"'
    mailbox = a_mailbox(tmp_path, 'provider = "gmail"', 'password = "env:LI_MAIL"', *lines)
    assert mailbox.smtp.proxy == Proxy(
        host="127.0.0.1", username="li@office", password=SecretRef("env:LI_PROXY")
    )


def test_a_password_in_the_proxys_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    lines = 'provider = "gmail"', 'password = "env:LI_MAIL"', 'proxy = "socks5://li:hunter2@127.0.0.1:1080"'
    (told,) = faults(tmp_path, *lines)
    assert "proxy_password" in told
    assert "hunter2" not in told


SCALARS = st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False)
TABLES = st.dictionaries(st.sampled_from(["host", "port", "security", "username", "password"]), SCALARS)
MAILBOXES = st.dictionaries(
    st.sampled_from(["provider", "password", "address", "replies_in", "smtp", "imap"]),
    SCALARS | TABLES | st.sampled_from([*PROVIDERS, "custom"]),
)


@given(data=st.dictionaries(st.just("mailboxes"), SCALARS | st.lists(MAILBOXES | SCALARS)))
def test_whatever_is_written_is_still_there_and_nothing_raises(data: dict[str, object]) -> None:
    filled = with_presets(data)
    assert set(filled) == set(data)
    mailboxes = data.get("mailboxes")
    if isinstance(mailboxes, list):
        for before, after in zip(mailboxes, filled["mailboxes"], strict=True):
            assert is_kept(before, after)


def is_kept(before: object, after: object) -> bool:
    if isinstance(before, dict) and isinstance(after, dict):
        return all(is_kept(value, after[key]) for key, value in before.items())
    return before == after


def test_how_many_messages_a_connection_carries_is_a_matter_of_smtp(tmp_path: Path) -> None:
    lines = 'provider = "gmail"', 'password = "env:LI_MAIL"'
    mailbox = a_mailbox(tmp_path, *lines, "messages_per_connection = 20")
    assert mailbox.imap is not None
    assert mailbox.smtp.messages_per_connection == 20
    assert mailbox.imap.messages_per_connection is None
    assert a_mailbox(tmp_path, *lines).smtp.messages_per_connection is None
