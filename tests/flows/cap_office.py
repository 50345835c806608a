"""An office whose mailboxes have caps, and what its servers' records say of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sequencer.config import MailboxGroup
from sequencer.core.ports import Outcome, Outgoing
from sequencer.flows.start import check_mailboxes
from sequencer.testing import FakeMailbox, RecordingCourier, RecordingReader, RecordingSentHeads
from tests.flows.office import Office

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """One message as its mailbox's server took it."""

    at: datetime
    mailbox: str
    address: str

    @property
    def company(self) -> str:
        return self.address.rpartition("@")[2]


class _Courier(RecordingCourier):
    """Notes when the content of each message left that its server took."""

    def __init__(self, name: str, office: "CapOffice") -> None:
        super().__init__(name)
        self._name, self._office = name, office

    def send(self, outgoing: Outgoing, may_send: Callable[[], bool], **more: Any) -> Outcome:
        clock, taken, marked_at = self._office.clock, len(self.received), []

        def noted() -> bool:
            clock.advance(self._office.dials_in)
            marked_at.append(clock.now())
            return may_send()

        outcome = super().send(outgoing, noted, **more)
        if len(self.received) > taken:
            self._office.left.append(Left(at=marked_at[0], mailbox=self._name, address=outgoing.recipient))
        clock.advance(self._office.takes_in)
        return outcome


class CapOffice(Office):
    """Wang, Li and the office's common mailbox; dialling takes `dials_in`, a content `takes_in`."""

    def __init__(self, root: Path, **fields: Any) -> None:
        super().__init__(root, **fields)
        self.left: list[Left] = []
        self.dials_in = self.takes_in = timedelta(0)
        for name in ("wang", "li", "sales"):
            self.mailboxes.setdefault(name, FakeMailbox(self.clock))
            self.couriers[name] = _Courier(name, self)
            self.readers.setdefault(name, RecordingReader(self.mailboxes[name]))
            self.heads.setdefault(name, RecordingSentHeads(self.mailboxes[name]))
        config = self.engine.config
        sales = replace(config.mailboxes[0], name="sales", address="sales@firm.example")
        rep = replace(config.reps[0], name="sun", email="sun@firm.example", mailboxes=("sales",))
        self.reconfigure(mailboxes=(*config.mailboxes, sales), reps=(*config.reps, rep))
        check_mailboxes(self.engine)

    def set_caps(self, *names: str, **fields: Any) -> None:
        """Set caps of these mailboxes."""
        boxes = self.engine.config.mailboxes
        self.reconfigure(
            mailboxes=tuple(replace(one, **fields) if one.name in names else one for one in boxes)
        )

    def group(self, name: str, daily_cap: int, *names: str) -> None:
        """Let these mailboxes share a cap."""
        groups = (*self.engine.config.groups, MailboxGroup(name=name, daily_cap=daily_cap))
        self.reconfigure(groups=groups)
        self.set_caps(*names, group=name)

    def limit(self, **fields: int) -> None:
        """Set the caps of buyers."""
        self.reconfigure(limits=replace(self.engine.config.limits, **fields))

    def buyers(self, *addresses: str, rep: str = "wang") -> None:
        """Contacts who are enrolled, in this order."""
        for address in addresses:
            self.add_contact(address, first_name=address.partition("@")[0].title())
        self.enroll(*addresses, rep=rep)

    def on(self, until: datetime, names: Iterable[str] = ("li", "sales", "wang")) -> None:
        """As the daemon runs: each mailbox, in order of name, when it has something to do."""
        waiting = dict.fromkeys(names, self.clock.now())
        while min(waiting.values()) <= until:
            at = min(waiting.values())
            if at > self.clock.now():
                self.clock.set(at)
            for name in sorted(one for one in waiting if waiting[one] <= self.clock.now()):
                again = self.tick(name).next_at
                waiting[name] = again or self.clock.now() + timedelta(hours=6)
                if self.wanted:
                    waiting |= dict.fromkeys((one for one in self.wanted if one in waiting), self.clock.now())
                    self.wanted.clear()

    def addresses(self, *mailboxes: str) -> list[str]:
        """To whom these mailboxes' messages left, in order."""
        return [one.address for one in self.left if not mailboxes or one.mailbox in mailboxes]

    def at(self, address: str) -> list[datetime]:
        """When messages to this address left."""
        return [one.at for one in self.left if one.address == address]


def fullest(times: Iterable[datetime]) -> int:
    """How many lie in the fullest 24 hours; one that is exactly 24 hours older is in others."""
    known = sorted(times)
    return max((sum(1 for at in known if last - DAY < at <= last) for last in known), default=0)
