"""Due times worked out by hand, in hand_computed_times.md, each fact of the calendar with its source."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.core.time_tables import TimeCase, cases_in

PAGE = Path(__file__).with_name("hand_computed_times.md")
with TemporaryDirectory() as _folder:
    CASES = cases_in(PAGE, Path(_folder))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
def test_a_step_leaves_when_the_calendar_says(case: TimeCase) -> None:
    assert case.found == case.expected


def test_there_are_enough_of_them_and_each_has_a_source() -> None:
    assert len({(case.place, case.anchor, case.step, case.window) for case in CASES}) >= 120
    assert [case.where for case in CASES if not case.source] == []
