"""A server that cannot be reached is left alone for ever longer; one refused folder delays nothing."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from sequencer.core.ports import ReadFailure
from sequencer.flows.read import FIRST_PAUSE_IN, LONGEST_PAUSE_IN, read_mailbox
from tests.flows.office import Office


class Dialled:
    """How often the server was dialled, while it fails each time."""

    def __init__(self, office: Office, **failure: bool) -> None:
        self.office = office
        self.reader = office.readers["wang"]
        self.failure = failure

    def read(self) -> bool:
        """One read; whether the server was dialled."""
        self.reader.failures[:] = [ReadFailure("wang: connection lost", "", **self.failure)]
        mailbox = self.office.engine.config.mailbox("wang")
        assert mailbox is not None
        result = read_mailbox(self.office.engine, mailbox, self.reader)
        assert result.failure == "wang: connection lost"
        return not self.reader.failures


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "ws")


def test_it_is_dialled_half_as_often_each_time_and_every_five_minutes_in_the_end(office: Office) -> None:
    dialled = Dialled(office)
    at = []
    for second in range(0, 1800, 5):
        if dialled.read():
            at.append(second)
        office.clock.advance(timedelta(seconds=5))
    gaps = [later - earlier for earlier, later in pairwise(at)]
    assert gaps[:6] == [5, 10, 20, 40, 80, 160]
    assert set(gaps[6:]) == {LONGEST_PAUSE_IN.total_seconds()}


def test_once_it_could_be_read_the_next_failure_is_the_first(office: Office) -> None:
    dialled = Dialled(office)
    for _ in range(5):
        dialled.read()
        office.clock.advance(LONGEST_PAUSE_IN)
    dialled.reader.failures.clear()
    assert office.tick().is_read_ok
    assert dialled.read()
    office.clock.advance(FIRST_PAUSE_IN)
    assert dialled.read()


def test_a_refused_folder_does_not_keep_the_others_waiting(office: Office) -> None:
    dialled = Dialled(office, is_partial=True)
    assert [dialled.read() for _ in range(5)] == [True] * 5
