"""A workspace in which anything may happen at any moment of a tick, and what must be true afterwards."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import Message
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from sqlalchemy import update

from sequencer.core.enrollment import Enrollment, EnrollmentState
from sequencer.core.outbox import UNSENT, OutboxRow, OutboxState
from sequencer.core.ports import Outcome, Outgoing, no_work
from sequencer.flows.engine import Desk, open_engine
from sequencer.flows.start import check_mailboxes
from sequencer.flows.tick import Ticked
from sequencer.store import contacts, enrollments, mailboxes, suppressions, tasks
from sequencer.store.schema import outbox
from sequencer.testing import RecordingCourier, RecordingReader, RecordingSentFolder
from tests.flows.moments import Moment, ToldStore, Way
from tests.flows.office import MONDAY, Office, parse

ANA, BEN, NEW = "ana@luso.example", "ben@muster.example", "ana.nova@luso.example"
CARO = "caro@aarhus.example"
"""In a batch, the one whose message is ahead of Ana's."""
FIRST, SECOND = MONDAY, MONDAY + timedelta(days=3, hours=1)
"""When Ana's first message leaves, and the tick of the second."""

HERS = """
sequence: hers
description: Three mails
window: buyer
steps:
  - id: intro
    template: short/intro
  - id: offer
    wait: 3d
    template: short/offer
    attach: ["price.pdf"]
    approve: key_accounts
  - id: last
    wait: 1w
    template: short/last
"""
CALLED = HERS.replace(
    "  - id: offer", "  - id: call\n    wait: 2d\n    task: Call her\n  - id: offer"
).replace("wait: 3d", "wait: 0d")

Step = tuple[str, int, str]
"""Sequence, round and step of a message."""


class Killed(BaseException):
    """The process is gone."""


class _Courier(RecordingCourier):
    def __init__(self, name: str, office: "RaceOffice") -> None:
        super().__init__(name)
        self.office = office
        self._announced: Outgoing | None = None

    def send(self, outgoing: Outgoing, may_send: Callable[[], bool], **more: Any) -> Outcome:
        def asked() -> bool:
            self.office.reach_of_message(Moment.ACCEPTED)
            is_marked = may_send()
            if is_marked:
                self.office.require_allowed(outgoing)
                self.office.reach_of_message(Moment.MARKED)
            return is_marked

        idle = more.pop("idle", no_work)
        self.office.dialled += 1
        # An envelope that came with the content before it needs no wait until its mark.
        if self.office.way is not Way.PIPED or outgoing is not self._announced:
            idle()
        self._announced = more.get("then")
        self.office.reach_of_message(Moment.DIALLED)
        outcome = super().send(outgoing, asked, **more)
        self.office.reach_of_message(Moment.ANSWERED)
        self.office.store.was_answered, self.office.answered = True, self.office.dialled
        return outcome

    def _take(self, verb, outgoing):  # type: ignore[no-untyped-def]
        if verb == "DOT":
            self.office.reach_of_message(Moment.HANDED_OVER)
        return super()._take(verb, outgoing)


class _Reader(RecordingReader):
    def __init__(self, office: "RaceOffice", name: str) -> None:
        super().__init__(office.mailboxes[name])
        self.office = office

    def read_new(self, cursors, since):  # type: ignore[no-untyped-def]
        self.office.reach(Moment.BEFORE_READ)
        for batch in super().read_new(cursors, since):
            yield batch
            self.office.reach(Moment.BETWEEN_BATCHES)


class _SentFolder(RecordingSentFolder):
    def __init__(self, office: "RaceOffice", name: str) -> None:
        super().__init__(office.mailboxes[name])
        self.office = office

    def save(self, raw, message_id, sent_at, learnt=None):  # type: ignore[no-untyped-def]
        self.office.reach(Moment.FILING)
        return super().save(raw, message_id, sent_at, learnt)


class RaceOffice(Office):
    """Ana was written to once and her second message is due; Ben is about to be written to."""

    def __init__(
        self,
        root: Path,
        *,
        way: Way = Way.GAP,
        hers: str = HERS,
        is_prepared: bool = True,
        is_key_account: bool = False,
    ) -> None:
        super().__init__(root, gap="20s" if way is Way.GAP else "0s")
        self.way = way
        self.stop = threading.Event()
        self.dialled = 0
        """Messages of this tick."""
        self.answered = 0
        """The one that was answered last."""
        self.marked_before = False
        """Whether Ana's second message was marked when the thing happened."""
        self.claimed_before = False
        self.has_happened = False
        self.own_words = ""
        """What a person put into her second message, once it was saved."""
        self._failure: Exception | None = None
        self._armed: tuple[Moment, Callable[[RaceOffice], object]] | None = None
        workspace = self.engine.workspace
        (workspace.sequences / "hers.yaml").write_text(hers, encoding="utf-8")
        (workspace.assets / "price.pdf").write_bytes(b"a price list")
        # Hers is a day old when it leaves: where that is too old its text is rendered again.
        ttl = timedelta(days=2) if way.is_in_batch else timedelta(hours=12)
        self.reconfigure(limits=replace(self.engine.config.limits, render_ttl_in=ttl))
        self.engine.store.close()
        self.open()
        self.couriers["wang"] = _Courier("wang", self)
        self.readers["wang"] = _Reader(self, "wang")
        if way is not Way.GAP:
            self.enroll_another(CARO)
        self.her_id = self.add_contact(ANA, external_id="C-1", is_key_account=is_key_account)
        self.enroll(ANA, sequence="hers")
        self.tick()
        if is_prepared:
            self.clock.set(SECOND - timedelta(hours=22))
            self.tick()
            if way is Way.AFTER:
                self._make_fresh(CARO)
        self.clock.set(SECOND)
        self.enroll_another(BEN)

    def _make_fresh(self, address: str) -> None:
        """As if it had been rendered an hour before it leaves: it goes ahead of what is rendered again."""
        with self.engine.store.write() as tx:
            of_today = {"rendered_at": SECOND - timedelta(hours=1)}
            unsent = (outbox.c.address == address, outbox.c.state == "ready")
            tx.execute(update(outbox).where(*unsent).values(of_today))

    @property
    def store(self) -> ToldStore:
        store = self.engine.store
        assert isinstance(store, ToldStore)
        return store

    def open(self) -> None:
        """As the program opens its workspace."""
        workspace = self.engine.workspace
        store = ToldStore(workspace.database, self._over, lambda: self._armed is not None)
        engine = open_engine(workspace, self.engine.config, store, self.clock)
        self.engine = replace(engine, machine_boot=self.engine.machine_boot)
        check_mailboxes(self.engine)

    def restart(self, *, machine_boot: str | None = None) -> None:
        """The program ends and starts anew: what it only knew by heart is gone."""
        self.store.close()
        self.stop.clear()
        self.troubles.clear()
        self.engine = replace(self.engine, machine_boot=machine_boot or self.engine.machine_boot)
        self.open()

    def tick(self, name: str = "wang") -> Ticked:
        """A tick of its own: its messages are counted from the first."""
        self.dialled, self.store.was_answered = 0, False
        ticked = super().tick(name)
        if self._failure is not None:
            raise self._failure  # what settles a batch takes any error for one of its own
        return ticked

    def desk(self, name: str = "wang") -> Desk:
        desk = super().desk(name)
        mailbox = replace(desk.mailbox, save_sent="always")
        folder = _SentFolder(self, name) if name == "wang" else None
        return replace(desk, mailbox=mailbox, stop=self.stop, sent_folder=folder)

    def at(self, moment: Moment, happens: Callable[["RaceOffice"], object]) -> None:
        """Let this happen once, at this moment of the coming tick."""
        self._armed = (moment, happens)

    def reach_of_message(self, moment: Moment, number: int = 0) -> None:
        """A moment of the message with this number, or being dialled: in a batch the first is ahead."""
        self.reach(moment.of(is_ahead=self.way is not Way.GAP and (number or self.dialled) == 1))

    def _over(self, moment: Moment) -> None:
        if moment is Moment.SETTLED:
            self.reach_of_message(moment, self.answered)
        else:
            self.reach(moment)

    def reach(self, moment: Moment) -> None:
        """A moment of the tick is there."""
        if self._armed is None or self._armed[0] is not moment:
            return
        happens, self._armed = self._armed[1], None
        self.has_happened = True
        self.clock.advance(timedelta(seconds=1))
        offers = [row for row in self.rows_of(self.her_id) if row.step == "offer"]
        self.claimed_before = any(_was_claimed(row) for row in offers)
        self.marked_before = any(_was_marked(row) for row in offers)
        try:
            happens(self)
        except Exception as error:
            self._failure = error
            raise

    def enroll_another(self, address: str) -> None:
        """Somebody of another company is about to be written to."""
        self.add_contact(address, first_name="Ben", name="Ben Muster", domain=address.rpartition("@")[2])
        self.enroll(address)

    def rows_of(self, contact_id: int) -> list[OutboxRow]:
        """A person's messages, oldest first."""
        return [row for row in self.rows() if row.contact_id == contact_id]

    def enrollment_of(self, contact_id: int, sequence: str = "hers") -> Enrollment:
        """A person's newest enrollment in this sequence."""
        return [
            one for one in self.enrollments() if (one.contact_id, one.sequence) == (contact_id, sequence)
        ][-1]

    def days(self, *ahead: int) -> None:
        """Ticks on each of these days from now, at the same time of day, until nothing leaves."""
        start = self.clock.now()
        for day in ahead:
            self.clock.set(start + timedelta(days=day))
            while self.tick().handed_over and self.way is Way.GAP:
                self.clock.advance(timedelta(minutes=1))
            self.require_settled()

    def steps_to(self, address: str) -> Counter[Step]:
        """What the server took for this address, and how often."""
        known = self._rows_by_message_id()
        taken: Counter[Step] = Counter()
        for outgoing in self.couriers["wang"].received + self.couriers["li"].received:
            if outgoing.recipient == address:
                row = known[_message_id(outgoing)]
                taken[row.sequence, row.round, row.step] += 1
        return taken

    def bodies_to(self, address: str) -> list[str]:
        """The texts the server took for this address, in order."""
        return [
            str(parse(one).get_body(("plain",)).get_content())  # type: ignore[attr-defined]
            for one in self.couriers["wang"].received
            if one.recipient == address
        ]

    def offer_to_her(self) -> Message:
        """Her second message, as the server took it."""
        known = self._rows_by_message_id()
        received = self.couriers["wang"].received
        return next(parse(one) for one in received if known[_message_id(one)].content.attachments)

    def require_allowed(self, outgoing: Outgoing) -> None:
        """At the mark, asked without the gates' own words: she may be written to by this mailbox."""
        row = self._row_of(outgoing)
        with self.engine.store.read() as tx:
            contact = contacts.contact_of(tx, row.contact_id)
            enrollment = enrollments.by_id(tx, row.enrollment_id)
            assert contact is not None
            assert enrollment is not None
            assert suppressions.is_suppressed(tx, contact.address_key, contact.id) is None
            assert not any(one.paused_at for one in mailboxes.statuses(tx) if one.name == row.mailbox)
        assert (enrollment.state, enrollment.step) == (EnrollmentState.ACTIVE, row.step)
        assert contact.address_key == outgoing.recipient
        assert contact.owner in (None, row.rep)

    def _row_of(self, outgoing: Outgoing) -> OutboxRow:
        return self._rows_by_message_id()[_message_id(outgoing)]

    def _rows_by_message_id(self) -> dict[str, OutboxRow]:
        return {row.headers.message_id: row for row in self.rows() if row.headers is not None}

    def require_settled(self) -> None:
        """Nothing is under way between two ticks."""
        under_way = [row for row in self.rows() if row.state in (OutboxState.CLAIMED, OutboxState.SENDING)]
        assert not under_way, under_way

    def require_ways_on(self) -> None:
        """Nothing waits for what never comes: each running enrollment has something ahead of it."""
        rows = [row for row in self.rows() if row.state in UNSENT]
        with self.engine.store.read() as tx:
            people = contacts.contacts_of(tx, {row.contact_id for row in rows})
            asked = {task.enrollment_id for task in tasks.listed(tx)}
        lost = [row for row in rows if row.address_key != people[row.contact_id].address_key]
        assert not lost, f"made for an address they had: {lost}"
        found = {one.id: one for one in self.enrollments()}
        over = [row for row in rows if found[row.enrollment_id].state is EnrollmentState.FINISHED]
        assert not over, f"of an enrollment that has finished: {over}"
        waiting = {row.enrollment_id for row in rows}
        for one in found.values():
            if one.state is EnrollmentState.ACTIVE:
                has_way = one.prepare_at is not None or one.id in waiting or one.id in asked
                assert has_way, f"nothing ahead of {one}"


def _message_id(outgoing: Outgoing) -> str:
    """Of the head alone: this is asked often."""
    return str(BytesHeaderParser().parsebytes(outgoing.pieces[0])["Message-ID"])


def _was_claimed(row: OutboxRow) -> bool:
    return row.state is OutboxState.CLAIMED or _was_marked(row)


def _was_marked(row: OutboxRow) -> bool:
    return row.state in (OutboxState.SENDING, OutboxState.SENT)
