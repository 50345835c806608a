"""Anything at any moment, in any order: nobody is written to who may not be, and nothing leaves twice."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sequencer.core.outbox import OutboxState
from sequencer.flows.resolve import Resolution, resolve
from tests.flows.happenings import HAPPENINGS, Happening, Rule
from tests.flows.moments import Moment, Way
from tests.flows.race_office import ANA, NEW, Killed, RaceOffice

ONES = [one for one in HAPPENINGS if not one.start and one.before is None and "enroll" not in one.name]
"""What needs no workspace of its own."""
ANSWERS = ["451 4.7.1 later", "421 4.3.2 closing", "452 4.2.2 full", "550 5.1.1 nobody", "drop"]
MOMENTS = [moment for moment in Moment if moment is not Moment.RECOVERING]
DEADLY = [
    Moment.DIALLED,
    Moment.HANDED_OVER,
    Moment.ANSWERED,
    Moment.AHEAD_DIALLED,
    Moment.AHEAD_HANDED_OVER,
    Moment.AHEAD_ANSWERED,
]


class Races(RuleBasedStateMachine):
    """What is not allowed at a mark is found by the courier (`RaceOffice.require_allowed`)."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.undo: list[Happening] = []
        self.is_over = False

    @initialize(way=st.sampled_from(Way), is_prepared=st.booleans())
    def begins(self, way: Way, is_prepared: bool) -> None:
        self.office = RaceOffice(self.root / "ws", way=way, is_prepared=is_prepared)

    @rule(happening=st.sampled_from(ONES), moment=st.sampled_from(MOMENTS))
    def happens(self, happening: Happening, moment: Moment) -> None:
        """A moment that this tick does not come to is forgotten."""
        self.office.has_happened = False
        self.office.at(moment, happening.does)
        self.office.tick()
        self.office.at(moment, lambda _office: None)
        if self.office.has_happened:
            self.is_over |= happening.rule is Rule.ENDS
            self.undo += [happening] if happening.undo else []

    @rule(answer=st.sampled_from(ANSWERS))
    def the_server_fails(self, answer: str) -> None:
        self.office.couriers["wang"].fail("DOT", answer)
        self.office.tick()

    @rule(moment=st.sampled_from(DEADLY), machine_boot=st.sampled_from([None, "another boot"]))
    def the_process_dies(self, moment: Moment, machine_boot: str | None) -> None:
        """With it the whole machine, where it is started anew."""

        def dies(_office: RaceOffice) -> None:
            raise Killed

        self.office.at(moment, dies)
        try:
            self.office.tick()
        except Killed:
            self.office.restart(machine_boot=machine_boot)
        self.office.at(moment, lambda _office: None)
        self.office.tick()

    @rule(days=st.integers(0, 4))
    def time_passes(self, days: int) -> None:
        self.office.days(days)

    @precondition(lambda self: self.undo)
    @rule()
    def one_is_undone(self) -> None:
        self._undo(self.undo.pop())

    @rule(said=st.sampled_from([Resolution.SENT, Resolution.NOT_SENT]))
    def a_person_resolves(self, said: Resolution) -> None:
        for row in self.office.rows():
            if row.state is OutboxState.UNSURE:
                resolve(self.office.engine, row, said, "wang")

    @invariant()
    def nothing_is_under_way_between_ticks_and_no_step_left_twice(self) -> None:
        if not hasattr(self, "office"):
            return
        if not self.office.stop.is_set():
            self.office.require_settled()
        taken = self.office.steps_to(ANA) + self.office.steps_to(NEW)
        assert not taken or max(taken.values()) == 1

    def teardown(self) -> None:
        if hasattr(self, "office"):
            while self.undo:
                self._undo(self.undo.pop())
            self.a_person_resolves(Resolution.SENT)
            self.office.days(1, 8, 16, 24)
            self.nothing_is_under_way_between_ticks_and_no_step_left_twice()
            self.office.require_ways_on()
        shutil.rmtree(self.root)

    def _undo(self, happening: Happening) -> None:
        assert happening.undo is not None
        happening.undo(self.office)


TestRaces = Races.TestCase
TestRaces.settings = settings(max_examples=8, stateful_step_count=10, deadline=None)
