"""Sets the stage: a workspace made as a rep makes one, with the demo's lists imported and enrolled."""

import hashlib
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from pathlib import Path

from sequencer.clock import VirtualClock
from sequencer.config import Mailbox, Server
from sequencer.core.address import address_key
from sequencer.core.contact_import import Rules as ImportRules
from sequencer.core.contact_list import ContactList
from sequencer.core.contact_merge import ListWide
from sequencer.core.countries import country_code
from sequencer.demo.buyer import Buyer, Habit, Temper
from sequencer.demo.cast import LISTS, buyers, deal
from sequencer.demo.mail_host import MailHost, RecipientPolicy
from sequencer.demo.sabotage import Sabotage, broken_courier, broken_desk, broken_reader
from sequencer.demo.settings import ACCOUNTS, PASSWORD, PASSWORD_FILE, REPS, config_text
from sequencer.files.config_file import read_config
from sequencer.files.contact_file import read_contact_file
from sequencer.files.secret import resolve_secret
from sequencer.files.version import load_version
from sequencer.flows.engine import Desk, Engine, open_engine
from sequencer.flows.enroll import Rules, enroll, plan_enrollment
from sequencer.flows.import_contacts import ImportReport, import_contacts
from sequencer.flows.init import init
from sequencer.flows.select import select_contacts
from sequencer.flows.start import check_mailboxes
from sequencer.mail.imap import ImapReader
from sequencer.mail.smtp import SmtpCourier
from sequencer.store.engine import Store

STARTS_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""A Monday, nine in the morning in Shanghai: a date of its own, so that every run is the same."""

_POLICIES: Mapping[Temper, RecipientPolicy] = {
    Temper.UNKNOWN: RecipientPolicy.UNKNOWN,
    Temper.GREYLISTING: RecipientPolicy.GREYLISTS,
}


_OWNERS: Mapping[str, str] = {"distributors.csv": "li", "qiaohai.csv": "wang", "fair-cards.xlsx": "wang"}
"""List → the rep whose buyers it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A list that was imported and enrolled."""

    name: str
    sequence: str
    owner: str
    report: ImportReport
    written_in: str
    """`UTF-8`, `GB18030` as the import found out, or `Excel`."""
    enrolled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything a campaign needs to be played."""

    engine: Engine
    host: MailHost
    clock: VirtualClock
    buyers: Mapping[str, Buyer]
    """By address_key."""
    habits: Mapping[str, Habit]
    """By address, as the lists write it."""
    entered: tuple[Entered, ...]
    sabotage: Sabotage | None = None
    wanted: set[str] = field(default_factory=set)
    """Mailboxes that a gate wants read."""

    def desk(self, mailbox: Mailbox) -> Desk:
        """The mailbox at work: the real courier and the real reader, unless they are sabotaged."""
        root = self.engine.workspace.root
        courier = SmtpCourier(mailbox.smtp, partial(_password, mailbox.smtp, root), mailbox.name)
        if mailbox.imap is None:
            raise ValueError("every mailbox of the demo has an inbox")
        reader = ImapReader(mailbox.imap, partial(_password, mailbox.imap, root), mailbox.name)
        desk = Desk(
            engine=self.engine,
            mailbox=mailbox,
            courier=broken_courier(courier, self.sabotage),
            reader=broken_reader(reader, self.sabotage, self.clock),
            stop=threading.Event(),
            want=self.wanted.add,
        )
        return broken_desk(desk, self.sabotage)


def make_host(clock: VirtualClock, seed: int) -> MailHost:
    """The mail host for the cast that `seed` deals; it listens while its `with` block lasts."""
    habits = deal(seed)
    policies = {
        address: _POLICIES.get(habit.temper, RecipientPolicy.TAKES) for address, habit in habits.items()
    }
    return MailHost(clock, ACCOUNTS, policies)


def set_stage(
    folder: Path, host: MailHost, clock: VirtualClock, seed: int, sabotage: Sabotage | None = None
) -> Stage:
    """Make a workspace in `folder`, bring the lists in and enroll them; errors as `init`."""
    workspace = init(folder)
    settings = config_text(smtp_port=host.smtp_port, imap_port=host.imap_port)
    workspace.config.write_text(settings, "utf-8")
    # In place of the random key: jitter, arms and tokens follow from the seed.
    workspace.key.write_bytes(hashlib.sha256(f"sequencer demo {seed}".encode()).digest())
    (workspace.root / PASSWORD_FILE).write_text(f"{PASSWORD}\n", "utf-8")
    config = read_config(workspace.config)
    engine = open_engine(workspace, config, Store(workspace.database, is_durable=False), clock)
    check_mailboxes(engine)
    return Stage(
        engine=engine,
        host=host,
        clock=clock,
        buyers={address_key(buyer.address): buyer for buyer in buyers()},
        habits=deal(seed),
        entered=tuple(_enter(engine, name, sequence) for name, sequence in LISTS.items()),
        sabotage=sabotage,
    )


def _enter(engine: Engine, name: str, sequence: str) -> Entered:
    """Import one list for its rep, and put its people into its sequence."""
    folder = engine.workspace.root / "lists"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(resources.files("sequencer.demo").joinpath("lists", name).read_bytes())
    contact_list = read_contact_file(path)
    rep, tag = engine.rep(_OWNERS[name]), path.stem
    wide = ListWide(owner=rep.name, source=name, tags=(tag,))
    rules = ImportRules(wide=wide, acting=rep.name, reps=frozenset(rep.name for rep in REPS))
    now = engine.clock.now()
    report = import_contacts(
        engine.store, contact_list, rules, country_code=country_code, now=now, key=engine.key
    )
    version = load_version(engine.workspace, sequence, engine.config)
    people = select_contacts(engine, rep, where=f"{tag!r} in tags").found
    plan = plan_enrollment(engine, version, people, rep, Rules())
    return Entered(
        name=name,
        sequence=sequence,
        owner=rep.name,
        report=report,
        written_in=_written_in(contact_list),
        enrolled=enroll(engine, plan),
    )


def _written_in(contact_list: ContactList) -> str:
    if contact_list.path.endswith(".xlsx"):
        return "Excel"
    guessed = re.search(r"encoding looks like (\S+?);", " ".join(contact_list.guesses))
    return guessed[1].upper() if guessed else "UTF-8"


def _password(server: Server, root: Path) -> str:
    return resolve_secret(server.password, root) if server.password else ""
