"""How fast a mailbox writes, who goes first, and when a deferred message is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.pacing import (
    cap_opens_at,
    fraction,
    gap,
    is_given_up,
    message_key,
    next_allowed,
    pick_order,
    retry_at,
)

KEY = bytes(range(32))
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_the_jitter_of_a_message_never_changes() -> None:
    # Computed with another program (openssl dgst -sha256 -mac HMAC): the digest begins 1662c954b0c58b6a.
    # A change here would move every date that was ever shown to a user.
    key = message_key("ana@luso.example", "mail-group", 1, "intro")
    assert fraction(KEY, "gap", "wang", key) == (0x1662C954B0C58B6A >> 11) / 2**53
    assert gap(90 * SECOND, 60 * SECOND, KEY, "wang", key) == 95 * SECOND


@given(st.binary(min_size=1, max_size=40), st.text(), st.text())
def test_a_gap_is_the_least_one_and_less_than_all_its_jitter_more(
    key: bytes, mailbox: str, message: str
) -> None:
    paused = gap(90 * MINUTE, 60 * MINUTE, key, mailbox, message)
    assert 90 * MINUTE <= paused < 150 * MINUTE
    assert paused == gap(90 * MINUTE, 60 * MINUTE, key, mailbox, message)
    assert gap(90 * MINUTE, timedelta(0), key, mailbox, message) == 90 * MINUTE


def test_gaps_differ_by_key_mailbox_and_message_and_spread_over_the_jitter() -> None:
    def seconds(key: bytes, mailbox: str, step: str) -> float:
        return gap(timedelta(0), HOUR, key, mailbox, message_key("a@b.example", "s", 1, step)).total_seconds()

    one = seconds(KEY, "wang", "intro")
    assert one != seconds(bytes(32), "wang", "intro")
    assert one != seconds(KEY, "li", "intro")
    assert one != seconds(KEY, "wang", "quote")
    shares = [seconds(KEY, "wang", f"step-{n}") / 3600 for n in range(2000)]
    assert 0.47 < sum(shares) / len(shares) < 0.53
    assert min(shares) < 0.01
    assert max(shares) > 0.99


def test_the_parts_of_a_message_key_do_not_run_together() -> None:
    assert message_key("a", "b1", 1, "c") != message_key("a", "b", 11, "c")
    assert fraction(KEY, "a", "bc") != fraction(KEY, "ab", "c")


def test_the_next_message_waits_for_the_gap_and_no_longer() -> None:
    assert next_allowed(None, HOUR, NOON) == NOON
    assert next_allowed(NOON - 20 * MINUTE, HOUR, NOON) == NOON + 40 * MINUTE
    assert next_allowed(NOON - HOUR, HOUR, NOON) == NOON
    assert next_allowed(NOON - DAY, HOUR, NOON) == NOON


def test_a_cap_opens_when_the_oldest_message_in_the_way_is_a_day_old() -> None:
    times = [NOON - 23 * HOUR, NOON - 5 * HOUR, NOON - HOUR]
    assert cap_opens_at([], 1, NOON) == NOON
    assert cap_opens_at(times, 4, NOON) == NOON
    assert cap_opens_at(times, 3, NOON) == NOON + HOUR
    assert cap_opens_at(times, 2, NOON) == NOON + 19 * HOUR
    assert cap_opens_at(times, 1, NOON) == NOON + 23 * HOUR
    assert cap_opens_at(reversed_copy(times), 2, NOON) == NOON + 19 * HOUR
    # Exactly a day ago no longer counts; a second less does.
    assert cap_opens_at([NOON - DAY], 1, NOON) == NOON
    assert cap_opens_at([NOON - DAY + timedelta(seconds=1)], 1, NOON) == NOON + timedelta(seconds=1)


def reversed_copy(times: list[datetime]) -> list[datetime]:
    return list(reversed(times))


@given(st.lists(st.integers(0, 3 * 1440), max_size=60), st.integers(1, 10))
def test_no_day_holds_more_than_the_cap_and_no_message_waits_longer_than_it_must(
    minutes: list[int], cap: int
) -> None:
    sent: list[datetime] = []
    now = NOON
    for minute in sorted(minutes):
        now = max(now, NOON + minute * MINUTE)
        opens = cap_opens_at(sent, cap, now)
        assert opens >= now
        assert sum(opens - DAY < at <= opens for at in sent) < cap
        if opens > now:
            before = opens - timedelta(microseconds=1)
            assert sum(before - DAY < at <= before for at in sent) >= cap
        now = opens
        sent.append(opens)


@pytest.mark.parametrize("cap", [0, -1])
def test_a_cap_below_one_is_refused(cap: int) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        cap_opens_at([], cap, NOON)


def test_naive_instants_are_refused() -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="naive"):
        next_allowed(None, HOUR, naive)
    with pytest.raises(ValueError, match="naive"):
        cap_opens_at([], 1, naive)


def test_follow_ups_go_first_then_the_longest_waiting_then_the_lower_id() -> None:
    new_early = pick_order(is_follow_up=False, due_at=NOON - DAY, id=1)
    new_late = pick_order(is_follow_up=False, due_at=NOON, id=2)
    follow_up = pick_order(is_follow_up=True, due_at=NOON, id=9)
    follow_up_lower = pick_order(is_follow_up=True, due_at=NOON, id=8)
    follow_up_early = pick_order(is_follow_up=True, due_at=NOON - HOUR, id=10)
    rows = [new_late, follow_up, new_early, follow_up_lower, follow_up_early]
    assert sorted(rows) == [follow_up_early, follow_up_lower, follow_up, new_early, new_late]


def test_a_deferred_message_comes_back_after_5_10_20_40_minutes_and_at_most_4_hours() -> None:
    def waited(tries: int) -> timedelta:
        return retry_at(NOON, tries, NOON, KEY, "wang", "message", give_up_after=10 * DAY) - NOON

    for tries, minutes in enumerate((5, 10, 20, 40, 80, 160, 240, 240), start=1):
        assert minutes * MINUTE <= waited(tries) < (minutes + 1) * MINUTE
    assert 240 * MINUTE <= waited(500) < 241 * MINUTE
    assert waited(1) == waited(1)


def test_messages_deferred_together_do_not_come_back_together() -> None:
    back = {retry_at(NOON, 1, NOON, KEY, "wang", f"message {n}") for n in range(50)}
    assert len(back) > 20


def test_the_last_try_falls_on_the_end_of_the_day_and_then_it_is_given_up() -> None:
    last = retry_at(NOON, 9, NOON + 22 * HOUR, KEY, "wang", "message")
    assert last == NOON + DAY
    assert not is_given_up(NOON, last - timedelta(seconds=1))
    assert is_given_up(NOON, last)
    # A retry is never in the past.
    assert retry_at(NOON, 9, NOON + 30 * HOUR, KEY, "wang", "message") == NOON + 30 * HOUR
    with pytest.raises(ValueError, match="at least one try"):
        retry_at(NOON, 0, NOON, KEY, "wang", "message")
