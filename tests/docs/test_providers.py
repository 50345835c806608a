"""docs/providers.md and the code say the same of each provider, and of each wrong setting.

UPDATE_DOCS=1 writes the tables anew.
"""

import os
from collections.abc import Callable

import pytest

from sequencer.core.provider import Endpoint
from sequencer.core.provider_table import PROVIDERS, READ, READ_ON
from tests.docs.tables import Row, tables_of, with_rows
from tests.mail.wrong_settings import WRONG
from tests.structure.sources import ROOT

DOCUMENT = ROOT / "docs" / "providers.md"
_WORDS = {True: "yes", False: "no", None: "unknown"}


def servers() -> list[Row]:
    return [
        (row.key, row.title, _where(row.smtp), _where(row.imap), _WORDS[row.needs_id], _page(row.source))
        for row in PROVIDERS.values()
    ]


def _where(endpoint: Endpoint) -> str:
    return f"{endpoint.host}:{endpoint.port} {endpoint.security}"


def _page(address: str) -> str:
    return f"{address} (read {READ_ON:%Y-%m-%d})" if address in READ else address


def folders() -> list[Row]:
    return [
        (
            row.key,
            *(name or "unknown" for name in (row.folders.sent, row.folders.junk, row.folders.trash)),
            _WORDS[row.files_sent],
        )
        for row in PROVIDERS.values()
    ]


def limits() -> list[Row]:
    return [
        (
            row.key,
            *(
                str(figure or "unknown")
                for figure in (
                    row.limits.per_day,
                    row.limits.per_hour,
                    row.limits.recipients_per_message,
                    row.limits.messages_per_connection,
                )
            ),
            _WORDS[row.limits.is_ceiling],
            _page(row.limits.source) if row.limits.source else "unknown",
        )
        for row in PROVIDERS.values()
    ]


def hints() -> list[Row]:
    return [(row.key, row.login_hint, row.imap_hint) for row in PROVIDERS.values()]


def wrong_settings() -> list[Row]:
    return [(str(row.protocol), row.setting, row.line, row.hint) for row in WRONG]


TABLES: dict[str, Callable[[], list[Row]]] = {
    "Servers": servers,
    "Folders and copies": folders,
    "What they let you send": limits,
    "When the login is refused": hints,
    "When it does not connect": wrong_settings,
}


@pytest.mark.parametrize("heading", TABLES)
def test_the_table_is_that_of_the_code(heading: str) -> None:
    rows = TABLES[heading]()
    if os.environ.get("UPDATE_DOCS"):
        DOCUMENT.write_text(with_rows(DOCUMENT.read_text("utf-8"), heading, rows), "utf-8")
    assert tables_of(DOCUMENT)[heading] == rows


def test_the_example_of_the_page_names_every_provider() -> None:
    text = (ROOT / "config.example.toml").read_text("utf-8")
    (line,) = [line for line in text.splitlines() if " | custom" in line]
    assert set(line.strip("# ").split(" | ")) == {*PROVIDERS, "custom"}
