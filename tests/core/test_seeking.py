"""When a message in doubt is looked for: at once, a few times later, and again after a restart."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.seeking import AGAIN_IN, FIRST_LOOK_IN, LOOKS_AFTER, Seeking, is_near, may_be

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_new_doubt_is_due_at_once_and_five_times_in_all() -> None:
    seeking, now, looks = Seeking(), NOON, []
    for _minute in range(3 * 24 * 60):
        seeking.keep({7: 1}, now)
        if seeking.is_due(7, now):
            looks.append(now - NOON)
            seeking.looked(7, now)
        now += timedelta(minutes=1)
    assert tuple(looks) == LOOKS_AFTER
    assert seeking.next_at(now) is None


def test_a_look_that_failed_is_not_counted() -> None:
    seeking = Seeking()
    seeking.keep({7: 1}, NOON)
    seeking.failed(7, NOON)
    assert not seeking.is_due(7, NOON)
    assert seeking.is_due(7, NOON + AGAIN_IN)


def test_what_is_no_longer_in_doubt_is_forgotten_and_a_new_attempt_is_a_new_doubt() -> None:
    seeking = Seeking()
    seeking.keep({7: 1, 8: 1}, NOON)
    seeking.looked(7, NOON)
    seeking.keep({7: 2}, NOON + timedelta(minutes=1))
    assert seeking.known == {7}
    assert seeking.is_due(7, NOON + timedelta(minutes=1))


@given(st.integers(0, 10), st.integers(0, 100_000))
def test_the_next_look_always_lies_ahead(looks: int, seconds: int) -> None:
    seeking = Seeking()
    seeking.keep({7: 1}, NOON)
    for _look in range(looks):
        seeking.looked(7, NOON)
    now = NOON + timedelta(seconds=seconds)
    found = seeking.next_at(now)
    assert found is None or found >= now + FIRST_LOOK_IN


def test_subjects_are_the_same_however_they_were_folded() -> None:
    assert may_be("Torque wrenches  for Luso", "Torque  wrenches for Luso ")
    assert not may_be("Torque wrenches", "Re: Torque wrenches")
    assert not may_be(None, "")


def test_one_of_a_copys_times_near_ours_is_enough() -> None:
    minutes = timedelta(minutes=1)
    assert is_near(NOON, NOON + 30 * minutes, NOON - 9 * minutes)
    assert not is_near(NOON, NOON + 30 * minutes, None)
    assert not is_near(None, NOON)
