"""A workspace with the starter library, enrolled buyers, three paced mailboxes and a real SMTP server."""

import hashlib
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sequencer.clock import VirtualClock
from sequencer.core.forecast import Forecast
from sequencer.files.config_file import read_config
from sequencer.files.version import load_version
from sequencer.flows.engine import Desk, Engine, open_engine
from sequencer.flows.enroll import Rules, enroll, plan_enrollment
from sequencer.flows.init import init
from sequencer.flows.plan import plan
from sequencer.flows.start import check_mailboxes
from sequencer.mail.smtp import SmtpCourier
from sequencer.store import contacts, outbox_list
from sequencer.store.engine import Store
from sequencer.testing import FakeMailbox, RecordingReader
from tests.forecast.buyers import buyers
from tests.servers.smtp_server import SmtpServer

STARTS_AT = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
"""A Monday morning in Shanghai. Within 45 days clocks go forward in America and Europe and back in Australia,
Chile and New Zealand; Ramadan ends, and Easter comes."""

_CONFIG = """
me = "li"
default_zone = "Asia/Shanghai"
only_to = []
[notices]
mail = false
digest_at = ""
[sender]
company = "Harbour Tools Co., Ltd."
postal_address = "88 Harbour Road, Ningbo, China"
[windows.buyer]
zone = "buyer"
hours = ["09:00-12:00", "13:30-17:00"]
[[closures]]
name = "Qingming"
first = 2026-04-04
last = 2026-04-06
[[reps]]
name = "li"
full_name = "Li Wei"
email = "li@firm.example"
mailboxes = ["li-one", "li-two", "li-batch"]
signature = "Li Wei"
"""
_MAILBOX = """
[[mailboxes]]
name = "{name}"
address = "{name}@firm.example"
daily_cap = {cap}
min_gap = "{gap}"
gap_jitter = "{jitter}"
save_sent = "never"
[mailboxes.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
[mailboxes.imap]
host = "127.0.0.1"
port = 1
security = "none"
"""
_PACES = (("li-one", "90s", "60s"), ("li-two", "4m", "11m"), ("li-batch", "0s", "0s"))
Caps = tuple[int, int, int]
"""Of the three mailboxes."""
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message as the SMTP server took it."""

    at: datetime
    recipient: str
    message_id: str


@dataclass(slots=True, kw_only=True)
class World:
    """Everything a forecast is held against."""

    engine: Engine
    clock: VirtualClock
    arrivals: list[Arrival]
    desks: dict[str, Desk] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    """Mailboxes that a gate wants read."""
    shares_buyers: bool = False
    """Somebody is in two sequences, and so perhaps written to from two mailboxes."""
    _enrolled: set[str] = field(default_factory=set)

    def plan(self, days: int) -> Forecast:
        """What `plan` says at this moment."""
        return plan(self.engine, start=self.clock.now(), days=days)

    def enroll(self, sequence: str, addresses: Sequence[str]) -> None:
        """Enroll buyers that nothing speaks against but perhaps another sequence."""
        engine = self.engine
        self.shares_buyers = self.shares_buyers or not self._enrolled.isdisjoint(addresses)
        self._enrolled.update(addresses)
        version = load_version(engine.workspace, sequence, engine.config)
        with engine.store.read() as tx:
            people = list(contacts.contacts_at(tx, addresses).values())
        wanted = plan_enrollment(engine, version, people, engine.rep("li"), Rules(also=True))
        assert not wanted.refused, wanted.refused[0]
        assert enroll(engine, wanted) == len(addresses)

    def steps_by_message_id(self) -> dict[str, tuple[str, str, str]]:
        """Mailbox, sequence and step of every message that was given a Message-ID."""
        with self.engine.store.read() as tx:
            rows = outbox_list.listed(tx, outbox_list.Filter())
        return {row.headers.message_id: (row.mailbox, row.sequence, row.step) for row in rows if row.headers}


@contextmanager
def open_world(root: Path, *, contacts_count: int, caps: Caps) -> Iterator[World]:
    """The workspace with its buyers in it, nobody enrolled; the server runs while the block lasts."""
    clock = VirtualClock(STARTS_AT)
    arrivals: list[Arrival] = []

    def take(recipient: str, raw: bytes) -> None:
        found = _MESSAGE_ID.search(raw)
        assert found is not None, raw[:500]
        arrivals.append(Arrival(at=clock.now(), recipient=recipient, message_id=found[1].decode()))

    with SmtpServer(deliver_to=take) as server:
        engine = _engine(root, server.port, clock, caps)
        with engine.store.write() as tx:
            contacts.insert_contacts(tx, buyers(contacts_count), clock.now())
        world = World(engine=engine, clock=clock, arrivals=arrivals)
        world.desks = {box.name: _desk(world, box.name) for box in engine.config.mailboxes}
        try:
            yield world
        finally:
            for desk in world.desks.values():
                desk.courier.close()
            engine.store.close()


def _engine(root: Path, port: int, clock: VirtualClock, caps: Caps) -> Engine:
    workspace = init(root)
    boxes = (
        _MAILBOX.format(name=name, cap=cap, gap=gap, jitter=jitter, port=port)
        for cap, (name, gap, jitter) in zip(caps, _PACES, strict=True)
    )
    workspace.config.write_text(_CONFIG + "".join(boxes), encoding="utf-8")
    # In place of the random key: every run has the same jitter.
    workspace.key.write_bytes(hashlib.sha256(b"forecast").digest())
    store = Store(workspace.database, is_durable=False)
    engine = open_engine(workspace, read_config(workspace.config), store, clock)
    check_mailboxes(engine)
    return engine


def _desk(world: World, name: str) -> Desk:
    mailbox = world.engine.config.mailbox(name)
    assert mailbox is not None
    return Desk(
        engine=world.engine,
        mailbox=mailbox,
        courier=SmtpCourier(mailbox.smtp, lambda: "", name),
        reader=RecordingReader(FakeMailbox(world.clock)),  # type: ignore[arg-type]
        stop=threading.Event(),
        want=world.wanted.add,
    )
