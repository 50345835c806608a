"""Whatever happens at whatever moment of a tick: what is closed stays closed, and no step leaves twice."""

import os
from collections import Counter
from datetime import timedelta
from email.message import Message
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.flows.audited_office import judge
from tests.flows.happenings import DIFFERENCES, HAPPENINGS, Happening, Rule, moves_to_tokyo
from tests.flows.moments import AHEAD, Moment, Way
from tests.flows.race_office import ANA, BEN, CARO, NEW, SECOND, Killed, RaceOffice
from tests.flows.race_stock import from_stock

HERS = ("intro", "offer", "last")
TICK = [moment for moment in Moment if moment is not Moment.RECOVERING]
AFTER_A_BATCH = (Moment.GATED, Moment.CLAIMED, *AHEAD)
"""While others' messages are claimed and sent, hers waits for the end of their batch."""
UNWRITTEN = (Moment.AHEAD_ANSWERED, Moment.DIALLED, Moment.ACCEPTED)
"""What became of the message ahead is written with her mark."""
ALIKE = {
    Way.GAP: (
        (Moment.CLAIMED, Moment.DIALLED, Moment.ACCEPTED),
        (Moment.MARKED, Moment.HANDED_OVER, Moment.ANSWERED),
    ),
    Way.BATCH: (
        (Moment.CLAIMED, Moment.AHEAD_DIALLED, Moment.AHEAD_ACCEPTED),
        (Moment.AHEAD_MARKED, Moment.AHEAD_HANDED_OVER, Moment.AHEAD_ANSWERED),
        (Moment.AHEAD_SETTLED, Moment.DIALLED, Moment.ACCEPTED),
        (Moment.MARKED, Moment.HANDED_OVER, Moment.ANSWERED),
    ),
    Way.PIPED: (UNWRITTEN,),
    Way.AFTER: (AFTER_A_BATCH,),
}
"""Nothing is written of her between these: each thing happens at one of them, in turn. RACES=all: at each."""
ALIKE_ALWAYS = ((Moment.BEFORE_READ, Moment.BETWEEN_BATCHES), (Moment.COPY_DUE, Moment.FILING))


def moments_of(way: Way) -> list[Moment]:
    """Those a tick has where messages are delivered this way; what is as in another way is left to it."""
    match way:
        case Way.GAP:
            return [moment for moment in TICK if moment not in AHEAD]
        case Way.BATCH:
            return TICK
        case Way.PIPED:
            return list(UNWRITTEN)
        case Way.AFTER:
            return list(AFTER_A_BATCH)


def cells(way: Way) -> list[tuple[Way, Happening, Moment]]:
    """What happens when."""
    found = []
    for number, happening in enumerate(HAPPENINGS):
        left_out: set[Moment] = set()
        for alike in () if os.environ.get("RACES") == "all" else (*ALIKE_ALWAYS, *ALIKE[way]):
            left_out |= set(alike) - {alike[number % len(alike)]}
        found += [(way, happening, moment) for moment in moments_of(way) if moment not in left_out]
    return found


CELLS = [cell for way in Way for cell in cells(way)]


def an_office(root: Path, happening: Happening, moment: Moment, way: Way) -> RaceOffice:
    """Her second message is rendered already, but where the moment lies in its preparation."""
    is_prepared = moment not in (Moment.BETWEEN_BATCHES, Moment.RENDERED, Moment.PREPARED)
    start = {"way": way, "is_prepared": is_prepared} | happening.start

    def make(root: Path) -> RaceOffice:
        office = RaceOffice(root, **start)
        if happening.before is not None:
            happening.before(office)
        return office

    return from_stock((*start.items(), happening.before), root, make)


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


def shows(mail: Message, what: bytes | str) -> bool:
    """Whether the message bears this name, or this file."""
    if isinstance(what, str):
        return what in mail["To"]
    return what in [part.get_payload(decode=True) for part in mail.walk()]


def round_one(office: RaceOffice) -> Counter[tuple[str, int, str]]:
    """What she was sent of the enrollment that it happens to."""
    return Counter({step: times for step, times in office.steps_to(ANA).items() if step[:2] == ("hers", 1)})


def live_on(office: RaceOffice, happening: Happening, moment: Moment) -> None:
    """The rest of the tick is over: what holds at once, then for three weeks with a restart in between."""
    is_different = office.way.is_in_batch and (happening.name, moment) in DIFFERENCES
    was_assembled = office.claimed_before or is_different
    is_late = was_assembled if happening.spares_assembled else office.marked_before
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
    office.clock.advance(timedelta(hours=2))
    office.days(0, 8)
    office.restart()
    office.days(12)
    to_her, to_new = expected(happening, is_undone=True, was_marked=is_late)
    more = Counter(happening.more)
    assert office.steps_to(ANA) == counted(to_her) + more
    assert office.steps_to(NEW) == counted(to_new)
    for other in [BEN] if office.way is Way.GAP else [BEN, CARO]:
        assert sorted(office.steps_to(other).values()) == [1, 1, 1]
    office.require_ways_on()
    assert {one.check for one in judge(office).findings} <= happening.is_told_of
    if office.own_words:
        assert office.own_words in office.bodies_to(ANA)[1]
    if happening.shows:
        assert shows(office.offer_to_her(), happening.shows) is not was_assembled
    if happening.says:
        assert (happening.says in office.bodies_to(ANA)[1]) is not office.marked_before


@pytest.mark.parametrize(
    ("way", "happening", "moment"),
    CELLS,
    ids=["-".join((way.name.lower(), one.name, moment.name.lower())) for way, one, moment in CELLS],
)
def test_it_may_happen_at_any_moment(tmp_path: Path, way: Way, happening: Happening, moment: Moment) -> None:
    office = an_office(tmp_path / "ws", happening, moment, way)
    office.at(moment, happening.does)
    office.tick()
    assert office.has_happened
    live_on(office, happening, moment)


@pytest.mark.parametrize(
    ("way", "moment"),
    [(Way.GAP, Moment.CLAIMED), (Way.BATCH, Moment.GATED), (Way.BATCH, Moment.AHEAD_SETTLED)],
    ids=["gap-claimed", "batch-gated", "batch-ahead_settled"],
)
def test_whoever_moves_while_a_message_leaves_gets_the_next_one_in_their_own_window(
    tmp_path: Path, way: Way, moment: Moment
) -> None:
    office = RaceOffice(tmp_path / "ws", way=way)
    office.at(moment, moves_to_tokyo)
    office.tick()
    assert len(office.bodies_to(ANA)) == 2
    office.clock.advance(timedelta(days=7))
    while office.clock.now() < SECOND + timedelta(days=9):
        office.tick()
        office.clock.advance(timedelta(hours=1))
    [last] = [row for row in office.rows_of(office.her_id) if row.step == "last"]
    assert last.sending_at is not None
    assert 9 <= last.sending_at.astimezone(ZoneInfo("Asia/Tokyo")).hour < 18


DEATHS = {
    "claimed": (Way.GAP, Moment.DIALLED),
    "sending": (Way.GAP, Moment.HANDED_OVER),
    "claimed in a batch": (Way.BATCH, Moment.AHEAD_HANDED_OVER),
    "sending in a batch": (Way.BATCH, Moment.HANDED_OVER),
    "behind one unwritten": (Way.PIPED, Moment.DIALLED),
}


def deaths() -> list[tuple[str, Happening]]:
    """Each thing after one death of each way, in turn. RACES=all: after each."""
    if os.environ.get("RACES") == "all":
        return [(death, happening) for death in DEATHS for happening in HAPPENINGS]
    by_gap = [death for death, (way, _at) in DEATHS.items() if way is Way.GAP]
    others = [death for death in DEATHS if death not in by_gap]
    return [
        (some[number % len(some)], happening)
        for some in (by_gap, others)
        for number, happening in enumerate(HAPPENINGS)
    ]


@pytest.mark.parametrize(
    ("death", "happening"), deaths(), ids=[f"{death}-{one.name}" for death, one in deaths()]
)
def test_it_may_happen_while_what_a_dead_process_left_is_taken_up(
    tmp_path: Path, happening: Happening, death: str
) -> None:
    way, died_at = DEATHS[death]
    office = an_office(tmp_path / "ws", happening, Moment.RECOVERING, way)

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
