"""The table of providers holds together, and is asked the same way by name and by host."""

import pytest

from sequencer.core.provider import Provider
from sequencer.core.provider_table import PROVIDERS, READ
from sequencer.core.providers import above_limit, imap_hint, login_hint, needs_id, provider_of
from sequencer.mail.folder_names import JUNK, SENT, TRASH

ROWS = [pytest.param(row, id=key) for key, row in PROVIDERS.items()]


@pytest.mark.parametrize("row", ROWS)
def test_every_server_is_reached_in_tls_on_its_port(row: Provider) -> None:
    assert (row.smtp.port, row.smtp.security) in ((465, "tls"), (587, "starttls"))
    assert (row.imap.port, row.imap.security) == (993, "tls")


@pytest.mark.parametrize("row", ROWS)
def test_a_figure_has_its_source_and_every_row_a_page(row: Provider) -> None:
    limits = row.limits
    has_figure = any((limits.per_day, limits.per_hour, limits.recipients_per_message))
    assert has_figure is (limits.source is not None)
    for page in filter(None, (row.source, limits.source)):
        assert page.startswith("https://")
    if limits.is_ceiling:
        assert limits.source in READ


@pytest.mark.parametrize("row", ROWS)
def test_a_hint_is_one_line_that_names_the_provider(row: Provider) -> None:
    assert row.title.split()[0] in row.login_hint
    for hint in (row.login_hint, row.imap_hint):
        assert "\n" not in hint
        assert "|" not in hint
        assert not hint.endswith(".")


@pytest.mark.parametrize("row", ROWS)
def test_the_folders_of_the_table_are_known_to_the_reader(row: Provider) -> None:
    for name, known in ((row.folders.sent, SENT), (row.folders.junk, JUNK), (row.folders.trash, TRASH)):
        if name is not None:
            assert name.rpartition("/")[2].casefold() in known


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("imap.exmail.qq.com", "exmail"),
        ("hwsmtp.exmail.qq.com", "exmail"),
        ("IMAP.QQ.COM", "qq"),
        ("imap.qiye.163.com", "163"),
        ("smtp.126.com.", "163"),
        ("smtp.mxhichina.com", "aliyun"),
        ("smtp.gmail.com", "gmail"),
        ("outlook.office365.com", "microsoft365"),
        ("smtp-mail.outlook.com", "outlook"),
        ("imappro.zoho.eu", "zoho"),
        ("imap.yandex.ru", "yandex"),
        ("mail.notqq.com", None),
        ("qq.com.ourfirm.example", None),
        ("", None),
    ],
)
def test_a_host_tells_its_provider(host: str, key: str | None) -> None:
    found = provider_of("custom", host)
    assert (found.key if found else None) == key


def test_a_name_counts_more_than_a_host() -> None:
    assert login_hint("workspace", "imap.gmail.com") == PROVIDERS["workspace"].login_hint
    assert imap_hint("outlook", "outlook.office365.com") == PROVIDERS["outlook"].imap_hint
    assert needs_id("163", "imap.gateway.example")


def test_a_strangers_server_has_no_hint() -> None:
    assert login_hint("custom", "imap.ourfirm.example") is None
    assert imap_hint("custom", "imap.ourfirm.example") is None
    assert not needs_id("custom", "imap.ourfirm.example")


def test_a_cap_above_the_published_figure_is_told() -> None:
    assert above_limit("workspace", "", 2000) is None
    assert above_limit("workspace", "", 2001) == (
        "daily_cap 2001 is more than Google Workspace takes in a day (2000)"
    )
    assert above_limit("custom", "smtp.yandex.com", 800) == (
        "daily_cap 800 is more than Yandex Mail takes in a day from a free mailbox (500)"
    )


def test_without_a_figure_any_cap_is_fine() -> None:
    assert above_limit("qq", "", 10_000) is None
    assert above_limit("custom", "smtp.ourfirm.example", 10_000) is None
