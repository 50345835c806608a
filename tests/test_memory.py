"""What a daemon does not need is not loaded: it would be megabytes for as long as the process runs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.throughput import workspace
from benchmarks.throughput.contestants import product
from benchmarks.throughput.load import LARGE, SMALL, Load
from benchmarks.throughput.rounds import job_of
from benchmarks.throughput.sinks import fast_sink, imap_server

NEVER_BEFORE_USE = {
    "a guess at an encoding": "charset_normalizer",
    "public holidays": "holidays",
    "the metronome": "apscheduler",
    "rules for incoming mail": "sequencer.core.classify",
    "a parser of incoming mail": "sequencer.core.mime",
    "webhooks and tokens": "urllib.request",
    "a database that is not SQLite": "sqlalchemy.dialects.postgresql",
    "shapes of files": "pydantic",
    "a parser of YAML": "ruamel.yaml",
    "a parser of TOML": "tomllib",
    "what was meant by a slip": "difflib",
    "drivers of databases that wait for each other": "asyncio",
    "a rep's day in numbers": "sequencer.flows.digest",
    "medians": "statistics",
    "a check of addresses": "email_validator",
    "domains in other scripts": "idna",
}
DAEMON = """
import sequencer.cli.run, sequencer.daemon, sequencer.flows.credentials
import sequencer.mail.imap, sequencer.mail.smtp
"""
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


READ_APART = """
import gc, json, sys
from pathlib import Path
from sequencer.cli.run import open_daemon
from sequencer.cli.session import Session
from sequencer.flows.start import check_running, running_versions
session = Session(workspace=sys.argv[1], acting=None, quiet=True, debug=False)
open_daemon(session, "text", Path(sys.argv[1], "log"))
assert gc.get_freeze_count() > 0.9 * len(gc.get_objects())
check_running(session.engine)
versions, loaded = running_versions(session.engine), sorted(sys.modules)
from sequencer.files.config_file import read_config
from sequencer.files.version import load_version
assert session.config == read_config(session.workspace.config)
(version,) = versions.values()
assert version == load_version(session.workspace, "throughput", session.config)
print(json.dumps(loaded))
"""

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked, no /proc")


@linux_only
def test_a_daemon_has_its_settings_and_sequences_without_their_parsers(tmp_path: Path) -> None:
    workspace.make(tmp_path, SMALL.scaled(2))
    workspace.configure(tmp_path, smtp=1, imap=1)
    words = [sys.executable, "-c", READ_APART, str(tmp_path)]
    loaded = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    assert "sequencer.mail.smtp" in loaded
    assert {"pydantic", "ruamel.yaml", "tomllib"} & set(loaded) == set()


LIBRARIES = """
import imapclient, jinja2, markdown_it, smtplib, sqlite3, sqlalchemy.dialects.sqlite
from benchmarks.throughput.memory import peak_mb
print(peak_mb())
"""
"""What no daemon can do without."""
TIMES_ITS_LIBRARIES = 1.4
"""Found were 1.32 to 1.34; with the parsers in it, 1.57."""


@linux_only
@pytest.mark.parametrize("load", [SMALL.scaled(3), LARGE.scaled(2)], ids=["4 kB", "2 MB"])
def test_a_daemon_holds_little_more_than_its_libraries_and_attachments(tmp_path: Path, load: Load) -> None:
    root = Path(__file__).parents[1]
    libraries = subprocess.run(
        [sys.executable, "-c", LIBRARIES], check=True, capture_output=True, text=True, cwd=root
    )
    workspace.make(tmp_path / "enrolled", load)
    with imap_server(1) as imap, fast_sink() as sink:
        places = {"tools": tmp_path, "imap_port": imap, "scratch": tmp_path}
        result = product.send(job_of(load, sink, tmp_path / "enrolled", 0, **places))
    assert result.peak_mb <= TIMES_ITS_LIBRARIES * float(libraries.stdout) + 1.4 * load.attachments_mb
