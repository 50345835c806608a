"""What a bell may cost: wakings that bring nothing come ever later, and one that breaks is given up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.flows.bells import BROKEN_BEFORE_GIVING_UP, GIVEN_UP_IN, Bells
from sequencer.flows.engine import Desk
from sequencer.flows.tick import Ticked
from tests.flows.office import Office


class Bell:
    """A bell that a test rings."""

    def __init__(self) -> None:
        self.quiet: list[timedelta] = []
        self.ring: Callable[[], None] = lambda: None
        self.can = self.stands = True

    def listen(self, ring: Callable[[], None], quiet_in: timedelta) -> bool:
        self.ring = ring
        self.quiet.append(quiet_in)
        return self.can

    def hush(self) -> bool:
        return self.stands


class Turns:
    """A mailbox that is looked at again and again."""

    def __init__(self, root: Path) -> None:
        self.office = Office(root / "ws")
        self.bell = Bell()
        self.woken: list[str] = []
        self.bells = Bells(self.office.engine, self.woken.append)

    @property
    def desk(self) -> Desk:
        return replace(self.office.desk(), bell=self.bell)

    def turn(self, ticked: Ticked | None = None, *, rung: bool = False, later: int = 30) -> None:
        self.office.clock.advance(timedelta(seconds=later))
        if rung:
            self.bell.ring()
        self.bells.before(self.desk)
        self.bells.after(self.desk, ticked or Ticked())


@pytest.fixture
def turns(tmp_path: Path) -> Turns:
    return Turns(tmp_path)


def seconds(turns: Turns) -> list[float]:
    return [one.total_seconds() for one in turns.bell.quiet]


def test_a_ring_wakes_its_mailbox(turns: Turns) -> None:
    turns.turn()
    turns.turn(Ticked(read=1), rung=True)
    assert turns.woken == ["wang"]
    assert seconds(turns) == [0, 0]


def test_rings_that_bring_nothing_are_heard_ever_later_until_one_brings_mail(turns: Turns) -> None:
    turns.turn()
    for _ in range(8):
        turns.turn(rung=True)
    turns.turn(Ticked(read=1), rung=True)
    assert seconds(turns) == [0, 2, 4, 8, 16, 32, 60, 60, 60, 0]


def test_quiet_turns_are_forgiven(turns: Turns) -> None:
    turns.turn()
    turns.turn(rung=True)
    turns.turn()
    assert seconds(turns) == [0, 2, 0]


def test_what_breaks_at_once_is_given_up_for_an_hour(turns: Turns) -> None:
    turns.bell.stands = False
    for _ in range(BROKEN_BEFORE_GIVING_UP + 5):
        turns.turn(later=20)
    assert len(turns.bell.quiet) == BROKEN_BEFORE_GIVING_UP
    turns.turn(later=int(GIVEN_UP_IN.total_seconds()))
    assert len(turns.bell.quiet) == BROKEN_BEFORE_GIVING_UP + 1


def test_what_lasts_and_breaks_then_is_not(turns: Turns) -> None:
    turns.bell.stands = False
    for _ in range(10):
        turns.turn(later=120)
    assert len(turns.bell.quiet) == 10


def test_a_server_that_would_not_is_asked_again_in_an_hour(turns: Turns) -> None:
    turns.bell.can = False
    for _ in range(10):
        turns.turn()
    assert len(turns.bell.quiet) == 1
    turns.turn(later=int(GIVEN_UP_IN.total_seconds()))
    assert len(turns.bell.quiet) == 2


def test_nobody_waits_where_something_is_due_at_once_or_reading_failed(turns: Turns) -> None:
    soon = turns.office.clock.now() + timedelta(seconds=31)
    turns.turn(Ticked(next_at=soon))
    turns.turn(Ticked(is_read_ok=False))
    assert turns.bell.quiet == []
    turns.turn(Ticked(next_at=turns.office.clock.now() + timedelta(minutes=5)))
    assert len(turns.bell.quiet) == 1
