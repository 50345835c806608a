"""Whatever happens at whatever moment of a tick: what is closed stays closed, and no step leaves twice."""

import os
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flows.happenings import HAPPENINGS, Happening, Rule
from tests.flows.moments import Moment
from tests.flows.race_office import ANA, BEN, NEW, Killed, RaceOffice

HERS = ("intro", "offer", "last")
TICK = [moment for moment in Moment if moment is not Moment.RECOVERING]
ALIKE = (
    (Moment.BEFORE_READ, Moment.BETWEEN_BATCHES),
    (Moment.CLAIMED, Moment.DIALLED, Moment.ACCEPTED),
    (Moment.MARKED, Moment.HANDED_OVER, Moment.ANSWERED),
    (Moment.COPY_DUE, Moment.FILING),
)
"""Nothing is written between these: each thing happens at one of them, in turn. RACES=all: at each."""


def cells() -> list[tuple[Happening, Moment]]:
    """What happens when."""
    found = []
    for number, happening in enumerate(HAPPENINGS):
        left_out: set[Moment] = set()
        for alike in () if os.environ.get("RACES") == "all" else ALIKE:
            left_out |= set(alike) - {alike[number % len(alike)]}
        found += [(happening, moment) for moment in TICK if moment not in left_out]
    return found


def an_office(root: Path, happening: Happening, moment: Moment) -> RaceOffice:
    """Her second message is rendered already, but where the moment lies in its preparation."""
    is_prepared = moment not in (Moment.BETWEEN_BATCHES, Moment.RENDERED, Moment.PREPARED)
    office = RaceOffice(root, **({"is_prepared": is_prepared} | happening.start))
    if happening.before is not None:
        happening.before(office)
    return office


def expected(happening: Happening, *, is_undone: bool, was_marked: bool) -> tuple[set[str], set[str]]:
    """The steps that leave to her address, and those that leave to the new one."""
    if happening.name == "outbox resolve --sent" or happening.name == "outbox resolve --not-sent":
        return {"intro", "last"} if is_undone else {"intro"}, set()
    before = {"intro", "offer"} if was_marked else {"intro"}
    match happening.rule:
        case Rule.MOVES:
            return before, set(HERS) - before
        case Rule.GOES_ON:
            return set(HERS), set()
        case Rule.WAITS if is_undone:
            return set(HERS), set()
        case _:
            return before, set()


def counted(steps: set[str]) -> Counter[tuple[str, int, str]]:
    return Counter(("hers", 1, step) for step in steps)


def round_one(office: RaceOffice) -> Counter[tuple[str, int, str]]:
    """What she was sent of the enrollment that it happens to."""
    return Counter({step: times for step, times in office.steps_to(ANA).items() if step[:2] == ("hers", 1)})


def live_on(office: RaceOffice, happening: Happening) -> None:
    """The rest of the tick is over: what holds at once, then for three weeks with a restart in between."""
    is_late = office.claimed_before if happening.spares_claimed else office.marked_before
    at_once, _later = expected(happening, is_undone=False, was_marked=is_late)
    if happening.rule is not Rule.GOES_ON:
        assert round_one(office) == counted(at_once)
    office.require_settled()
    if happening.undo is not None:
        office.clock.advance(timedelta(minutes=3))
        office.tick()
        assert round_one(office) == counted(at_once)
        office.clock.advance(timedelta(minutes=3))
        happening.undo(office)
    office.days(0, 1, 8)
    office.restart()
    office.days(1, 12)
    to_her, to_new = expected(happening, is_undone=True, was_marked=is_late)
    more = Counter(happening.more)
    assert office.steps_to(ANA) == counted(to_her) + more
    assert office.steps_to(NEW) == counted(to_new)
    assert set(office.steps_to(BEN).values()) == {1}
    assert len(office.steps_to(BEN)) == 3
    office.require_ways_on()
    if office.own_words:
        assert office.own_words in office.bodies_to(ANA)[1]


@pytest.mark.parametrize(
    ("happening", "moment"), cells(), ids=[f"{one.name}-{moment.name.lower()}" for one, moment in cells()]
)
def test_it_may_happen_at_any_moment(tmp_path: Path, happening: Happening, moment: Moment) -> None:
    office = an_office(tmp_path / "ws", happening, moment)
    office.at(moment, happening.does)
    office.tick()
    assert office.has_happened
    live_on(office, happening)


@pytest.mark.parametrize("died_at", [Moment.DIALLED, Moment.HANDED_OVER], ids=["claimed", "sending"])
@pytest.mark.parametrize("happening", HAPPENINGS, ids=[one.name for one in HAPPENINGS])
def test_it_may_happen_while_what_a_dead_process_left_is_taken_up(
    tmp_path: Path, happening: Happening, died_at: Moment
) -> None:
    office = an_office(tmp_path / "ws", happening, Moment.RECOVERING)

    def dies(_office: RaceOffice) -> None:
        raise Killed

    office.at(died_at, dies)
    with pytest.raises(Killed):
        office.tick()
    office.restart()
    office.has_happened = False
    office.at(Moment.RECOVERING, happening.does)
    office.tick()
    assert office.has_happened
    office.require_settled()
    office.days(0, 1, 8, 20)
    assert set((office.steps_to(ANA) + office.steps_to(NEW)).values()) == {1}
