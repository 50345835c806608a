"""A short run of `make fuzz`, the same every time: damaged messages break no promise of the reader."""

from random import Random

import pytest

from tests import golden_messages as golden
from tests.fuzz.mutate import mutated
from tests.fuzz.target import read

MESSAGES = [golden.raw(name) for name in golden.NAMES]


@pytest.mark.parametrize("seed", range(8))
def test_damaged_messages_break_no_promise(seed: int) -> None:
    random = Random(seed)
    for _ in range(250):
        read(mutated(MESSAGES, random, most=16_384))


def test_the_damage_is_the_same_for_the_same_seed_and_never_none() -> None:
    once, again = (mutated(MESSAGES, Random(5)) for _ in range(2))
    assert once == again
    assert once not in MESSAGES
