"""Plays a campaign: one event after another on the virtual clock, through the daemon's own flows."""

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sequencer.core.address import address_key
from sequencer.demo.answers import answer
from sequencer.demo.buyer import Answer
from sequencer.demo.stage import Stage
from sequencer.flows.engine import Desk
from sequencer.flows.tick import tick


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a campaign is."""

    at: datetime
    day: int
    """From 1."""
    days: int
    sent: int
    """Messages the server has taken."""
    answers: int
    """Messages that came back."""


@dataclass(slots=True)
class Campaign:
    """The mailboxes' ticks and the buyers' answers, in the order of their instants.

    Time moves only when nothing more happens at the present instant: an answer is handed in over SMTP, and
    lies in the inbox before any tick of the same instant begins.
    """

    stage: Stage
    days: int
    tell: Callable[[Progress], None] = lambda _progress: None
    answers: list[Answer] = field(default_factory=list)
    """What came back so far."""
    _coming: list[tuple[datetime, int, Answer]] = field(default_factory=list)
    """A heap by instant, then by order of writing."""
    _due: dict[str, datetime] = field(default_factory=dict)
    """Mailbox → when it ticks next."""
    _judged: int = 0
    """Receipts whose buyers have made up their minds."""
    _got: Counter[str] = field(default_factory=Counter)
    """Messages each buyer has got."""

    def play(self) -> None:
        """Play until `days` have passed on the virtual clock."""
        clock, config = self.stage.clock, self.stage.engine.config
        desks = {mailbox.name: self.stage.desk(mailbox) for mailbox in config.mailboxes}
        started = clock.now()
        self._due = dict.fromkeys(sorted(desks), started)
        try:
            while (at := self._next_at()) is not None and at < started + timedelta(days=self.days):
                clock.set(max(at, clock.now()))
                self._hand_in()
                self._tick(desks)
                self._tell(started)
            clock.set(started + timedelta(days=self.days))
        finally:
            for desk in desks.values():
                desk.courier.close()
                if desk.reader is not None:
                    desk.reader.close()

    def _next_at(self) -> datetime | None:
        return min((*self._due.values(), *(at for at, _number, _answer in self._coming[:1])), default=None)

    def _hand_in(self) -> None:
        """Deliver the answers of this instant; each mailbox that got one reads it at its next poll."""
        now = self.stage.clock.now()
        while self._coming and self._coming[0][0] <= now:
            _at, _number, one = heapq.heappop(self._coming)
            if one.is_sent_copy:
                self.stage.host.file_sent(one.mailbox, one.raw)
            else:
                self.stage.host.hand_in(one.sender, one.mailbox, one.raw)
            self.answers.append(one)
            name = next(box.name for box in self.stage.engine.config.mailboxes if box.address == one.mailbox)
            self._come(name, self._next_poll(now))

    def _tick(self, desks: dict[str, Desk]) -> None:
        now = self.stage.clock.now()
        for name in sorted(name for name, at in self._due.items() if at <= now):
            del self._due[name]
            next_at = tick(desks[name]).next_at
            if next_at is not None:
                self._come(name, next_at)
            for wanted in sorted(self.stage.wanted):
                # The daemon wakes the other mailbox at once, and this one when that was read.
                tick(desks[wanted])
                self._come(name, self._next_poll(now))
            self.stage.wanted.clear()
            self._let_buyers_decide()

    def _let_buyers_decide(self) -> None:
        receipts = self.stage.host.receipts
        for receipt in receipts[self._judged :]:
            buyer = self.stage.buyers[address_key(receipt.recipient)]
            self._got[buyer.address] += 1
            habit = self.stage.habits[buyer.address]
            if self._got[buyer.address] == habit.at_message:
                one = answer(buyer, habit, receipt, receipt.sender)
                if one is not None:
                    written_before = len(self.answers) + len(self._coming)
                    heapq.heappush(self._coming, (one.at, written_before, one))
        self._judged = len(receipts)

    def _come(self, name: str, at: datetime) -> None:
        self._due[name] = min(at, self._due.get(name, at))

    def _next_poll(self, now: datetime) -> datetime:
        """When the daemon, which looks every `poll_every`, would look next."""
        every = self.stage.engine.config.limits.poll_every_in
        return now + every - (now - datetime.min.replace(tzinfo=now.tzinfo)) % every

    def _tell(self, started: datetime) -> None:
        now = self.stage.clock.now()
        self.tell(
            Progress(
                at=now,
                day=(now - started).days + 1,
                days=self.days,
                sent=self._judged,
                answers=len(self.answers),
            )
        )
