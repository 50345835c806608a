"""Since when somebody is suppressed: never from before a mark that was committed earlier."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sequencer.flows.suppress import import_suppressions, suppress
from sequencer.store.engine import Store, Tx
from sequencer.store.suppressions import all_suppressions
from tests.flows.ana import forget
from tests.flows.lists import a_list
from tests.flows.office import Office

ANA = "ana@luso.example"
Suppresses = Callable[[Office], object]


class BusyStore(Store):
    """Whoever writes waits for the lock, while other threads mark their messages."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.engine.store.path)
        self._clock = office.clock
        self.since: dict[str, tuple[datetime, datetime]] = {}
        """By pattern, when it is dated and when the write had the lock that it came with."""

    @contextmanager
    def write(self) -> Iterator[Tx]:
        with super().write() as tx:
            locked_at = self._clock.advance(timedelta(seconds=20))
            yield tx
        with self.read() as tx:
            for one in all_suppressions(tx):
                self.since.setdefault(one.pattern, (one.created_at, locked_at))


def by_command(office: Office) -> None:
    suppress(office.engine.store, [ANA], clock=office.clock)


def by_list(office: Office) -> None:
    import_suppressions(office.engine.store, a_list(office.root, "email", ANA), clock=office.clock)


def by_answer(office: Office) -> None:
    office.answer(office.received()[0], "Please remove me from your list.")
    office.tick()


def by_refusal(office: Office) -> None:
    office.couriers["wang"].fail("RCPT", "550 5.1.1 nobody")
    office.enroll("bob@luso.example")
    office.tick()


def by_erasure(office: Office) -> None:
    forget(office, ANA)


@pytest.mark.parametrize("suppresses", [by_command, by_list, by_answer, by_refusal, by_erasure])
def test_it_counts_from_when_it_held_the_lock(tmp_path: Path, suppresses: Suppresses) -> None:
    office = Office(tmp_path / "ws")
    for address in (ANA, "bob@luso.example"):
        office.add_contact(address)
    office.enroll(ANA)
    office.tick()
    store = BusyStore(office)
    office.engine = replace(office.engine, store=store)
    suppresses(office)
    assert store.since
    assert all(created_at >= locked_at for created_at, locked_at in store.since.values())
