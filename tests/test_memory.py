"""What a daemon does not need is not loaded: it would be megabytes for as long as the process runs."""

import subprocess
import sys

import pytest

NEVER_BEFORE_USE = {
    "a guess at an encoding": "charset_normalizer",
    "public holidays": "holidays",
    "the metronome": "apscheduler",
    "rules for incoming mail": "sequencer.core.classify",
    "a parser of incoming mail": "sequencer.core.mime",
    "webhooks and tokens": "urllib.request",
    "a database that is not SQLite": "sqlalchemy.dialects.postgresql",
}
DAEMON = "import sequencer.daemon, sequencer.flows.credentials, sequencer.mail.smtp"
OPEN_WINDOW = """
from datetime import UTC, datetime, time
from sequencer.config import Window
from sequencer.core.windows import is_open
from sequencer.core.zones import Place
hours, days = ((time(0), time(0)),), (1, 2, 3, 4, 5, 6, 7)
window = Window(name="always", zone="buyer", hours=hours, days=days, holidays="none")
assert is_open(datetime(2026, 3, 2, 9, tzinfo=UTC), window, Place("Europe/Lisbon", "PT"), (), "Asia/Shanghai")
"""


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh process has after running this."""
    told = "\nimport sys\nprint(*sys.modules)"
    words = [sys.executable, "-c", code + told]
    return set(subprocess.run(words, check=True, capture_output=True, text=True).stdout.split())


def test_a_daemon_starts_without_what_it_may_never_use() -> None:
    loaded = loaded_by(DAEMON)
    assert "sequencer.flows.deliver_batch" in loaded
    assert {why for why, name in NEVER_BEFORE_USE.items() if name in loaded} == set()


def test_a_window_that_knows_its_days_asks_for_no_holidays() -> None:
    assert "holidays" not in loaded_by(OPEN_WINDOW)


@pytest.mark.parametrize(("holidays", "days"), [("buyer", "(1, 2)"), ("none", "None")])
def test_other_windows_do(holidays: str, days: str) -> None:
    other = OPEN_WINDOW.replace('"none"', f'"{holidays}"').replace("(1, 2, 3, 4, 5, 6, 7)", days)
    assert "holidays" in loaded_by(other)
