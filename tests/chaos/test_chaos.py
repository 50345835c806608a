"""The daemon is killed at every named instant and at random: nobody gets a mail twice, no step is lost."""

from pathlib import Path

import pytest

from tests.chaos.__main__ import play
from tests.chaos.story import told


@pytest.mark.timeout(400)
def test_killed_at_every_instant_and_forty_times_it_never_writes_twice_nor_after_an_answer(
    tmp_path: Path,
) -> None:
    verdict = play(tmp_path, seed=1, kills=90, messages=190)
    assert verdict.breaches == [], told(verdict, 0)
    assert verdict.hows["timer"] + verdict.hows["idle"] + verdict.hows["instant"] >= 90
    assert verdict.answers
    assert min(verdict.states[state] for state in ("sent", "refused", "unsure")) > 0, verdict.states
