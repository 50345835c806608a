"""A workspace at work: fake clock, couriers and mailboxes around the real store and flows."""

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path

from sequencer.core.enrollment import Enrollment
from sequencer.core.outbox import OutboxRow
from sequencer.core.ports import Outgoing
from sequencer.core.seeking import Seeking
from sequencer.files.config_file import read_config
from sequencer.files.init_workspace import make_workspace
from sequencer.files.version import load_version
from sequencer.flows.engine import Desk, Engine, open_engine
from sequencer.flows.enroll import EnrollPlan, Rules, enroll, plan_enrollment
from sequencer.flows.mail_log import Troubles
from sequencer.flows.start import check_mailboxes
from sequencer.flows.tick import Ticked, tick
from sequencer.store import contacts, enrollments, inbox, outbox_list
from sequencer.store.engine import Store, create_schema
from sequencer.testing import (
    FakeClock,
    FakeMailbox,
    RecordingCourier,
    RecordingReader,
    RecordingSentHeads,
    a_contact,
)

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

CONFIG = """
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
hours = ["09:00-18:00"]
[[reps]]
name = "wang"
full_name = "Wang Lei"
email = "wang@firm.example"
mailboxes = ["wang"]
signature = "Wang Lei"
[[reps]]
name = "li"
full_name = "Li Na"
email = "li@firm.example"
mailboxes = ["li"]
signature = "Li Na"
[limits]
company_cap = 0
contact_cap = 0
"""

MAILBOX = """
[[mailboxes]]
name = "{name}"
address = "{name}@firm.example"
display_name = "{name}"
daily_cap = {cap}
min_gap = "{gap}"
gap_jitter = "0s"
{extra}
[mailboxes.smtp]
host = "127.0.0.1"
port = 2525
security = "none"
[mailboxes.imap]
host = "127.0.0.1"
port = 2143
security = "none"
"""

SEQUENCE = """
sequence: short
description: Two mails
window: buyer
steps:
  - id: intro
    template: short/intro
  - id: offer
    wait: 3d
    template: short/offer
  - id: last
    wait: 1w
    template: short/last
"""

TEMPLATES = {
    "intro": "---\nsubject: Torque wrenches for {{ contact.company }}\n---\n"
    "Hello {{ contact.first_name }},\n\nwe make wrenches.\n",
    "offer": "Hello {{ contact.first_name }},\n\nhere is the offer.\n",
    "last": "Hello {{ contact.first_name }},\n\na last question.\n",
}


@dataclass(slots=True)
class Office:
    """One workspace, its mailboxes and their fakes."""

    root: Path
    gap: str = "0s"
    cap: int = 50
    sequence: str = SEQUENCE
    in_batches: bool = True
    """Where there is no gap; else one by one, as on a machine that does not tell when it was started."""
    clock: FakeClock = field(default_factory=lambda: FakeClock(MONDAY))
    mailboxes: dict[str, FakeMailbox] = field(default_factory=dict)
    couriers: dict[str, RecordingCourier] = field(default_factory=dict)
    readers: dict[str, RecordingReader] = field(default_factory=dict)
    heads: dict[str, RecordingSentHeads] = field(default_factory=dict)
    wanted: list[str] = field(default_factory=list)
    seeking: dict[str, Seeking] = field(default_factory=dict)
    troubles: dict[str, Troubles] = field(default_factory=dict)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        workspace = make_workspace(self.root)
        boxes = (MAILBOX.format(name=name, cap=self.cap, gap=self.gap, extra="") for name in ("wang", "li"))
        workspace.config.write_text(CONFIG + "".join(boxes), encoding="utf-8")
        (workspace.sequences / "short.yaml").write_text(self.sequence, encoding="utf-8")
        (workspace.templates / "short").mkdir()
        for name, text in TEMPLATES.items():
            (workspace.templates / "short" / f"{name}.md").write_text(text, encoding="utf-8")
        store = Store(workspace.database)
        create_schema(store)
        self.engine = open_engine(workspace, read_config(workspace.config), store, self.clock)
        self.engine = replace(self.engine, machine_boot="a boot" if self.in_batches else None)
        for name in ("wang", "li"):
            self.mailboxes[name] = FakeMailbox(self.clock)
            self.couriers[name] = RecordingCourier(name)
            self.readers[name] = RecordingReader(self.mailboxes[name])
            self.heads[name] = RecordingSentHeads(self.mailboxes[name])
        check_mailboxes(self.engine)

    def add_contact(self, address: str, **fields: object) -> int:
        """A contact of Luso Tools in Lisbon, nobody's yet."""
        contact = a_contact(address, **({"owner": None} | fields))
        with self.engine.store.write() as tx:
            contacts.insert_contacts(tx, [contact], self.clock.now())
            found = contacts.contact_at(tx, contact.address_key)
        assert found is not None
        return found.id

    def plan(
        self, *addresses: str, rep: str = "wang", rules: Rules | None = None, sequence: str = "short"
    ) -> EnrollPlan:
        """What enrolling these contacts would do."""
        version = load_version(self.engine.workspace, sequence, self.engine.config)
        with self.engine.store.read() as tx:
            people = [contacts.contact_at(tx, address) for address in addresses]
        return plan_enrollment(
            self.engine, version, [p for p in people if p], self.engine.rep(rep), rules or Rules()
        )

    def enroll(
        self, *addresses: str, rep: str = "wang", rules: Rules | None = None, sequence: str = "short"
    ) -> None:
        """Enroll contacts that nothing speaks against."""
        plan = self.plan(*addresses, rep=rep, rules=rules, sequence=sequence)
        assert not plan.refused, plan.refused
        enroll(self.engine, plan)

    def desk(self, name: str = "wang") -> Desk:
        """A mailbox at work, its faults remembered from tick to tick."""
        mailbox = self.engine.config.mailbox(name)
        assert mailbox is not None
        return Desk(
            engine=self.engine,
            mailbox=mailbox,
            courier=self.couriers[name],
            reader=self.readers[name] if mailbox.imap else None,
            stop=threading.Event(),
            want=self.wanted.append,
            sent_heads=self.heads[name] if mailbox.imap else None,
            seeking=self.seeking.setdefault(name, Seeking()),
            troubles=self.troubles.setdefault(name, Troubles()),
        )

    def tick(self, name: str = "wang") -> Ticked:
        """One tick of one mailbox."""
        return tick(self.desk(name))

    def reconfigure(self, **changes: object) -> None:
        """Other settings, as after a restart."""
        config = replace(self.engine.config, **changes)  # type: ignore[arg-type]
        self.engine = replace(self.engine, config=config)

    def run(self, until: datetime, every: timedelta = timedelta(hours=3)) -> None:
        """Tick both mailboxes until then."""
        while self.clock.now() < until:
            self.tick("wang")
            self.tick("li")
            self.clock.advance(every)

    def received(self, name: str = "wang") -> list[Message]:
        """What the mailbox's server took, parsed."""
        return [parse(outgoing) for outgoing in self.couriers[name].received]

    def answer(self, to: Message, text: str, *, sender: str | None = None, mailbox: str = "wang") -> None:
        """A person answers a message of ours, in its thread."""
        raw = (
            f"From: {sender or to['To']}\r\nTo: {to['From']}\r\nSubject: Re: {to['Subject']}\r\n"
            f"Message-ID: <{abs(hash((text, to['Message-ID'])))}@buyer.example>\r\n"
            f"In-Reply-To: {to['Message-ID']}\r\n"
            f"Date: {self.clock.now():%a, %d %b %Y %H:%M:%S +0000}\r\n\r\n{text}\r\n"
        )
        self.mailboxes[mailbox].append("INBOX", raw.encode())

    def enrollments(self) -> list[Enrollment]:
        """All of them."""
        with self.engine.store.read() as tx:
            return enrollments.listed(tx)

    def rows(self) -> list[OutboxRow]:
        """The outbox, oldest first."""
        with self.engine.store.read() as tx:
            return sorted(outbox_list.listed(tx, outbox_list.Filter()), key=lambda row: row.id)

    def answers(self) -> list[inbox.Answer]:
        """What was recorded, newest first."""
        with self.engine.store.read() as tx:
            return inbox.listed(tx, with_strangers=True)

    def with_only_to(self, *patterns: str) -> None:
        """Put the rehearsal list on."""
        self.reconfigure(only_to=patterns)


def parse(outgoing: Outgoing) -> Message:
    """The message as a mail program sees it."""
    return message_from_bytes(b"".join(outgoing.pieces), policy=default)
