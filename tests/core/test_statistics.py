"""Intervals against published and hand-computed values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.statistics import Rate, wilson_interval


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, table I, method 3: Wilson without continuity correction.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # By hand: 12/80 is (0.15 + 0.02401) / 1.04802 ± 0.0781.
        (12, 80, 0.0879, 0.2441),
        (1, 1, 0.2065, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_interval_is_wilsons(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=0.0001)


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_the_interval_holds_the_rate_and_mirrors_itself(successes: int, more: int) -> None:
    trials = successes + more
    low, high = wilson_interval(successes, trials)
    assert 0 <= low <= successes / trials <= high <= 1
    assert wilson_interval(trials - successes, trials) == pytest.approx((1 - high, 1 - low))


def test_a_wider_confidence_has_a_wider_interval() -> None:
    assert wilson_interval(12, 80, z=2.576)[1] > wilson_interval(12, 80)[1]


@pytest.mark.parametrize(("successes", "trials"), [(-1, 3), (4, 3), (0, -1)])
def test_impossible_counts_are_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="between 0 and trials"):
        wilson_interval(successes, trials)


def test_a_rate_is_written_with_its_counts_and_its_interval() -> None:
    assert str(Rate(12, 80)) == "12/80 15.0 % (8.8–24.4)"
    assert str(Rate(0, 0)) == "0/0 –"
    assert Rate(0, 0).share is None
    assert Rate(1, 4).share == 0.25
