"""Plays a simulation: a copy of the workspace in memory, the daemon's own flows, a virtual clock."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sequencer.config import Config, Mailbox, Notices, Rep
from sequencer.core.enrollment import EnrollmentState
from sequencer.demo.buyer import Answer
from sequencer.demo.turns import Turns
from sequencer.errors import InputError
from sequencer.files.workspace import Workspace
from sequencer.flows.cap_room import Scope, room_for
from sequencer.flows.deliver_batch import sends_batches
from sequencer.flows.engine import Desk, Engine, open_engine
from sequencer.flows.start import check_mailboxes, check_running, take_over
from sequencer.flows.tick import Ticked
from sequencer.simulate.buyers import Buyers, BuyersCourier
from sequencer.simulate.fates import Draws
from sequencer.simulate.inventing import Entered, invent
from sequencer.simulate.office import Office
from sequencer.simulate.settings import Settings
from sequencer.simulate.shut import Shut
from sequencer.store import contacts, enrollments, outbox, simulating, wakes, written
from sequencer.store.engine import Store
from sequencer.store.memory_copy import memory_copy
from sequencer.testing import FakeClock, FakeMailbox, RecordingReader

_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A copy that is ready to be played on."""

    engine: Engine
    clock: FakeClock
    start: datetime
    settings: Settings
    running: int
    """Enrollments that ran already."""
    entered: Entered | None
    """What came of inventing; None when nobody was to be invented."""
    is_rehearsing: bool
    """Whether the workspace has a rehearsal list, which is passed over here."""


@contextmanager
def staged(
    workspace: Workspace, config: Config, database: Path, rep: Rep, settings: Settings, now: datetime
) -> Iterator[Stage]:
    """The copy, with invented contacts if there are to be any; gone with the block.

    Errors as those of a daemon that starts, and InputError for what can't be simulated.
    """
    with memory_copy(database) as store:
        store.require_current()
        start = _start(store, settings.start, now)
        clock = FakeClock(start)
        engine = open_engine(workspace, _unobserved(config), store, clock)
        with store.write() as tx:
            simulating.make_ready(tx)
        check_mailboxes(engine)
        check_running(engine)
        take_over(engine)
        with store.read() as tx:
            running = len(enrollments.listed(tx, states=(EnrollmentState.ACTIVE, EnrollmentState.HELD)))
        entered = invent(engine, settings.invented, rep, settings.seed) if settings.invented else None
        yield Stage(
            engine=engine,
            clock=clock,
            start=start,
            settings=settings,
            running=running,
            entered=entered,
            is_rehearsing=bool(config.only_to),
        )


@dataclass(slots=True, kw_only=True)
class Play:
    """A simulation as it goes on."""

    stage: Stage
    tell: Callable[["Play"], None] = lambda _play: None
    """Called after each instant at which something happened."""
    cap_binds: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    """Mailbox → when one of its caps first kept back what was due, and which, in words."""
    office: Office = field(init=False)
    buyers: Buyers = field(init=False)
    _couriers: dict[str, BuyersCourier] = field(default_factory=dict)
    _inboxes: dict[str, FakeMailbox] = field(default_factory=dict)

    def __post_init__(self) -> None:
        engine = self.stage.engine
        self.office, self.buyers = Office(engine=engine), _buyers(self.stage)
        for mailbox in engine.config.mailboxes:
            self._couriers[mailbox.name] = BuyersCourier(mailbox, self.buyers, engine.clock.now)
            self._inboxes[mailbox.name] = _empty_mailbox(self.stage.clock)

    def play(self) -> None:
        """Until the days are over, or nothing is left to happen."""
        engine, wanted = self.stage.engine, set[str]()
        desks = {box.name: self._desk(box, wanted) for box in engine.config.mailboxes}
        turns = Turns(
            clock=self.stage.clock,
            desks=desks,
            wanted=wanted,
            poll_every_in=engine.config.limits.poll_every_in,
            after_tick=lambda name, ticked: self._after_tick(turns, name, ticked),
            before_tick=Shut(engine=engine, people=self.buyers.people).put_off,
        )
        self.office.look(turns)
        until = self.stage.start + timedelta(days=self.stage.settings.days)
        turns.play(until, lambda: self.tell(self))

    def _desk(self, mailbox: Mailbox, wanted: set[str]) -> Desk:
        return Desk(
            engine=self.stage.engine,
            mailbox=mailbox,
            courier=self._couriers[mailbox.name],
            reader=RecordingReader(self._inboxes[mailbox.name]) if mailbox.imap else None,
            stop=threading.Event(),
            want=wanted.add,
        )

    def _after_tick(self, turns: Turns, name: str, ticked: Ticked) -> None:
        mailbox = turns.desks[name].mailbox
        for one in self._couriers[name].arrivals():
            turns.call_at(one.at, partial(self._hand_in, one, mailbox.reader_name, turns))
        if ticked.prepared:
            self.office.look(turns)
        if (ticked.handed_over or ticked.read) and self._is_behind(name):
            turns.come(name, turns.next_poll())
        if name not in self.cap_binds and (words := self._kept_back(turns.desks[name], ticked)):
            self.cap_binds[name] = self.stage.clock.now(), words

    def _hand_in(self, one: Answer, reader: str, turns: Turns) -> None:
        """It lies in the inbox, and is read at the next poll."""
        self._inboxes[reader].append("INBOX", one.raw)
        turns.come(reader, turns.next_poll())

    def _is_behind(self, name: str) -> bool:
        """Whether a step is near by now, which names no instant to come: polling alone would find it."""
        with self.stage.engine.store.read() as tx:
            return bool(wakes.to_prepare(tx, name, self.stage.clock.now(), limit=1))

    def _kept_back(self, desk: Desk, ticked: Ticked) -> str:
        """Which cap of the mailbox keeps back what is due first, in words; empty: none."""
        if ticked.handed_over and not sends_batches(desk):
            return ""  # after its gap the next one will show it, with half the questions
        engine, now = self.stage.engine, self.stage.clock.now()
        with engine.store.read() as tx:
            rows = outbox.by_ids(tx, outbox.due_ids(tx, desk.mailbox.name, now)[:1])
            kept = room_for(engine, tx, desk.mailbox, rows, now).kept_back(rows[0]) if rows else None
        return kept.reason if kept is not None and kept.scope is not Scope.MESSAGE else ""


def _empty_mailbox(clock: FakeClock) -> FakeMailbox:
    """With UIDVALIDITYs that no server gives (32 bits, RFC 3501): the real mailbox's mail is recorded."""
    mailbox = FakeMailbox(clock)
    for folder in mailbox.folders.values():
        folder.uid_validity += 1 << 32
    return mailbox


def _unobserved(config: Config) -> Config:
    """Settings under which nobody is told of what does not happen, and all of it happens.

    Nobody looks at messages before they leave, so each is made when it is due: that is one look at a
    mailbox less for each.
    """
    limits = replace(config.limits, plan_ahead_in=timedelta(0))
    notices = Notices(mail=False, digest_at=None)
    return replace(config, only_to=(), notices=notices, webhooks=(), limits=limits)


def _start(store: Store, wanted: datetime | None, now: datetime) -> datetime:
    """When it begins: InputError for an instant after which something has happened already."""
    with store.read() as tx:
        last = simulating.last_event_at(tx)
    if wanted is not None and last is not None and wanted < last:
        raise InputError(
            f"things have happened in this workspace since {wanted:%Y-%m-%d %H:%M} UTC",
            hint=f"simulate from {last + timedelta(minutes=1):%Y-%m-%dT%H:%M} UTC on, or leave --from away",
        )
    if wanted is not None:
        return wanted.astimezone(UTC)
    soonest = max(now, last) if last is not None else now
    over = (soonest - datetime.min.replace(tzinfo=UTC)) % _QUARTER
    return soonest if not over else soonest - over + _QUARTER


def _buyers(stage: Stage) -> Buyers:
    """Everybody whom a running enrollment writes to."""
    engine = stage.engine
    with engine.store.read() as tx:
        running = enrollments.listed(tx, states=(EnrollmentState.ACTIVE, EnrollmentState.HELD))
        people = contacts.contacts_of(tx, {one.contact_id for one in running})
        known = written.last_by_contact(tx, list(people))
    return Buyers(
        draws=Draws(seed=stage.settings.seed, rates=stage.settings.rates),
        people={contact.address_key: contact for contact in people.values()},
        place_of=engine.place_of,
        written={people[contact_id].address_key for contact_id in known},
    )
