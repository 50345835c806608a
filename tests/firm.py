"""A small firm at work: a real workspace and database, the real flows, a courier that records."""

import threading
from datetime import timedelta
from pathlib import Path

from sequencer.cli.session import Session
from sequencer.config import Config
from sequencer.core.enrollment import Enrollment
from sequencer.core.outbox import OutboxRow
from sequencer.files.version import load_version
from sequencer.files.workspace import Workspace
from sequencer.flows import enroll
from sequencer.flows.engine import Desk, Engine, open_engine
from sequencer.flows.tick import Ticked, tick
from sequencer.store import enrollments, mailboxes, outbox, outbox_list
from sequencer.store.contacts import contacts_at, insert_contacts
from sequencer.store.engine import Store, create_schema
from sequencer.testing import (
    FakeClock,
    FakeMailbox,
    RecordingCourier,
    RecordingReader,
    a_config,
    a_contact,
)
from tests.store.ledger_rows import NOON

SEQUENCE = """\
sequence: fair
description: Buyers met at a fair
window: always
steps:
  - id: intro
    template: intro
    approve: {approve}
  - id: call
    wait: 1d
    task: Call {{{{ contact.first_name }}}}
  - id: offer
    wait: 2d
    template: offer
"""
INTRO = """\
---
subject: Garden tools for {{ contact.company }}
---
Dear {{ contact.first_name }},

the 10\\*20\\*30 cm box is new.

- spades
- rakes
"""
OFFER = "Dear {{ contact.first_name }}, have you seen it?\n"


class Firm:
    """Everything a test of the command line needs, moved by its own clock."""

    def __init__(self, root: Path, config: Config | None = None, approve: str = "never") -> None:
        self.workspace = Workspace(root)
        self.config = config or a_config()
        self.clock = FakeClock(NOON)
        self.courier = RecordingCourier()
        self.inbox = FakeMailbox(self.clock)
        _write_files(root, approve)
        self.store = Store(self.workspace.database)
        create_schema(self.store)
        self.engine: Engine = open_engine(self.workspace, self.config, self.store, self.clock)
        self.session = Session(workspace=str(root), acting=None, quiet=False, debug=False)
        self.session.__dict__.update(
            clock=self.clock, config=self.config, store=self.store, engine=self.engine
        )

    def enroll(self, *addresses: str) -> None:
        """New contacts into the sequence `fair`."""
        people = [
            a_contact(address, first_name=address.partition("@")[0].title(), owner=None)
            for address in addresses
        ]
        with self.store.write() as tx:
            insert_contacts(tx, people, self.clock.now())
        version = load_version(self.workspace, "fair", self.config)
        with self.store.read() as tx:
            known = contacts_at(tx, [one.address_key for one in people])
        found = [known[one.address_key] for one in people]
        plan = enroll.plan_enrollment(self.engine, version, found, self.config.reps[0], enroll.Rules())
        assert not plan.refused, plan.refused
        enroll.enroll(self.engine, plan)

    def tick(self, mailbox: str = "wang") -> Ticked:
        """One tick of a mailbox, as the daemon does it."""
        with self.store.write() as tx:
            mailboxes.sync(tx, {one.name: one.reader_name for one in self.config.mailboxes})
        box = self.config.mailbox(mailbox)
        assert box is not None
        reader = RecordingReader(self.inbox)
        stop = threading.Event()
        return tick(Desk(engine=self.engine, mailbox=box, courier=self.courier, reader=reader, stop=stop))

    def later(self, **span: int) -> None:
        """Time passes."""
        self.clock.advance(timedelta(**span))

    def messages(self) -> list[OutboxRow]:
        """Everything in the outbox, oldest first."""
        with self.store.read() as tx:
            return sorted(outbox_list.listed(tx, outbox_list.Filter()), key=lambda row: row.id)

    def message(self, message_id: int) -> OutboxRow:
        with self.store.read() as tx:
            row = outbox.by_id(tx, message_id)
        assert row is not None
        return row

    def enrollment(self, enrollment_id: int = 1) -> Enrollment:
        with self.store.read() as tx:
            enrollment = enrollments.by_id(tx, enrollment_id)
        assert enrollment is not None
        return enrollment


def _write_files(root: Path, approve: str) -> None:
    (root / "config.toml").write_text("", "utf-8")
    (root / "workspace.key").write_bytes(bytes(range(32)))
    for folder in ("sequences", "templates", "assets", "overrides"):
        (root / folder).mkdir()
    (root / "sequences" / "fair.yaml").write_text(SEQUENCE.format(approve=approve), "utf-8")
    (root / "templates" / "intro.md").write_text(INTRO, "utf-8")
    (root / "templates" / "offer.md").write_text(OFFER, "utf-8")
