"""A workspace of ten mailboxes and one sequence of nine mails, with a database to be filled."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sequencer.files.config_file import read_config
from sequencer.files.init_workspace import make_workspace
from sequencer.files.version import load_version
from sequencer.files.workspace import Workspace
from sequencer.flows.engine import Desk, Engine, open_engine
from sequencer.flows.start import check_mailboxes
from sequencer.store import mailboxes, versions
from sequencer.store.engine import Store, create_schema
from sequencer.testing import FakeClock, FakeMailbox, RecordingCourier, RecordingReader, RecordingSentHeads

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MAILBOXES = tuple(f"m{number}" for number in range(10))
BUSY, IDLE = MAILBOXES[0], MAILBOXES[-1]
"""The mailbox in which messages are due and to be prepared; one in which nothing is."""
STEPS = tuple(f"s{number}" for number in range(1, 10))
CAP = 50

_HEAD = """
me = "wang"
default_zone = "Europe/Lisbon"
only_to = []
[notices]
mail = false
digest_at = ""
[sender]
company = "Harbour Tools Co., Ltd."
postal_address = "88 Harbour Road, Ningbo, China"
[windows.buyer]
zone = "buyer"
hours = ["09:00-12:00", "14:00-17:00"]
[[reps]]
name = "wang"
full_name = "Wang Lei"
email = "wang@firm.example"
mailboxes = [{names}]
signature = "Wang Lei"
"""
_MAILBOX = """
[[mailboxes]]
name = "{name}"
address = "{name}@firm.example"
display_name = "{name}"
daily_cap = {cap}
[mailboxes.smtp]
host = "127.0.0.1"
port = 2525
security = "none"
[mailboxes.imap]
host = "127.0.0.1"
port = 2143
security = "none"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One workspace and its open engine."""

    engine: Engine
    version_hash: str

    @property
    def database(self) -> Path:
        """The file that is filled."""
        return self.engine.workspace.database

    def desk(self, name: str) -> Desk:
        """A mailbox at work over an inbox without news."""
        mailbox = self.engine.config.mailbox(name)
        assert mailbox is not None
        inbox = FakeMailbox(FakeClock(NOW))
        return Desk(
            engine=self.engine,
            mailbox=mailbox,
            courier=RecordingCourier(name),
            reader=RecordingReader(inbox),
            stop=threading.Event(),
            sent_heads=RecordingSentHeads(inbox),
        )


def make_office(root: Path) -> Office:
    """A workspace whose mailboxes were all read just now, and nobody is in it."""
    workspace = make_workspace(root)
    names = ", ".join(f'"{name}"' for name in MAILBOXES)
    boxes = (_MAILBOX.format(name=name, cap=CAP) for name in MAILBOXES)
    workspace.config.write_text(_HEAD.format(names=names) + "".join(boxes), encoding="utf-8")
    _write_sequence(workspace)
    store = Store(workspace.database, is_durable=False)
    create_schema(store)
    store.close()
    office = open_office(root)
    engine = office.engine
    check_mailboxes(engine)
    with engine.store.write() as tx:
        versions.keep(tx, load_version(workspace, "long", engine.config), NOW)
        for name in MAILBOXES:
            mailboxes.read_completed(tx, name, NOW)
    return office


def open_office(root: Path) -> Office:
    """The same again; commits do not wait for the disk, which would be timed instead of the questions."""
    workspace = Workspace(root)
    store = Store(workspace.database, is_durable=False)
    engine = open_engine(workspace, read_config(workspace.config), store, FakeClock(NOW))
    return Office(engine=engine, version_hash=load_version(workspace, "long", engine.config).hash)


def _write_sequence(workspace: Workspace) -> None:
    lines = ["sequence: long", "description: Nine mails", "window: buyer", "steps:"]
    (workspace.templates / "long").mkdir()
    for number, step in enumerate(STEPS):
        wait = ["    wait: 3bd"] if number else []
        lines += [f"  - id: {step}", *wait, f"    template: long/{step}"]
        head = "---\nsubject: Wrenches for {{ contact.company }}\n---\n" if not number else ""
        text = f"{head}Hello {{{{ contact.first_name }}}},\n\nmail {number + 1} of wrenches.\n"
        (workspace.templates / "long" / f"{step}.md").write_text(text, encoding="utf-8")
    (workspace.sequences / "long.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
