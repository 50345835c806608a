"""Plays a campaign: one event after another on the virtual clock, through the daemon's own flows."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sequencer.core.address import address_key
from sequencer.demo.answers import answer
from sequencer.demo.buyer import Answer
from sequencer.demo.stage import Stage
from sequencer.demo.turns import Turns


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

    An answer is handed in over SMTP, and lies in the inbox before any tick of the same instant begins.
    """

    stage: Stage
    days: int
    tell: Callable[[Progress], None] = lambda _progress: None
    answers: list[Answer] = field(default_factory=list)
    """What came back so far."""
    _judged: int = 0
    """Receipts whose buyers have made up their minds."""
    _got: Counter[str] = field(default_factory=Counter)
    """Messages each buyer has got."""

    def play(self) -> None:
        """Play until `days` have passed on the virtual clock."""
        clock, config = self.stage.clock, self.stage.engine.config
        started = clock.now()
        turns = Turns(
            clock=clock,
            desks={mailbox.name: self.stage.desk(mailbox) for mailbox in config.mailboxes},
            wanted=self.stage.wanted,
            poll_every_in=config.limits.poll_every_in,
            after_tick=lambda _name, _ticked: self._let_buyers_decide(turns),
        )
        turns.play(started + timedelta(days=self.days), lambda: self._tell(started))

    def _hand_in(self, one: Answer, turns: Turns) -> None:
        """The mailbox that gets it reads it at its next poll."""
        if one.is_sent_copy:
            self.stage.host.file_sent(one.mailbox, one.raw)
        else:
            self.stage.host.hand_in(one.sender, one.mailbox, one.raw)
        self.answers.append(one)
        name = next(box.name for box in self.stage.engine.config.mailboxes if box.address == one.mailbox)
        turns.come(name, turns.next_poll())

    def _let_buyers_decide(self, turns: Turns) -> None:
        receipts = self.stage.host.receipts
        for receipt in receipts[self._judged :]:
            buyer = self.stage.buyers[address_key(receipt.recipient)]
            self._got[buyer.address] += 1
            habit = self.stage.habits[buyer.address]
            if self._got[buyer.address] == habit.at_message:
                one = answer(buyer, habit, receipt, receipt.sender)
                if one is not None:
                    turns.call_at(one.at, partial(self._hand_in, one, turns))
        self._judged = len(receipts)

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
