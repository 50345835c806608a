"""The examples of docs/scheduling.md are what the program does, and every key of a step's time has one."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.core.time_tables import TimeCase, cases_in
from tests.structure.sources import ROOT

PAGE = ROOT / "docs" / "scheduling.md"
with TemporaryDirectory() as _folder:
    CASES = cases_in(PAGE, Path(_folder))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
def test_an_example_leaves_when_the_page_says(case: TimeCase) -> None:
    assert case.found == case.expected


def test_there_is_an_example_of_everything() -> None:
    steps = " ".join(case.step for case in CASES)
    for key in ("wait:", "at:", "on:", "before_holiday:", "expires:", "name:", "within:", "bd"):
        assert key in steps, key
    assert any(case.closures for case in CASES)
    assert any(case.place.calendar for case in CASES)
    assert {case.window.zone for case in CASES} == {"buyer", "sender", "Europe/Berlin"}
    assert any(len(case.window.hours) > 1 for case in CASES)
    assert len(CASES) >= 35
