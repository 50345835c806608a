"""What the audit finds by looking at many messages: rolling caps, the residual window, clocks, patterns."""

from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from sequencer.core.audit import seconds
from sequencer.core.audit_rows import (
    LEAST_COPIES,
    Patterns,
    Spent,
    clock_difference,
    over_caps,
    residual_of,
)
from sequencer.core.pacing import ROLLING_DAY
from sequencer.core.suppression import Suppression
from tests.core.audited import NINE, at


@example(gaps=[0, 86_400], mailboxes=["a"] * 60, limit=1)
@given(
    gaps=st.lists(st.integers(0, 20_000), max_size=60),
    mailboxes=st.lists(st.sampled_from("ab"), min_size=60, max_size=60),
    limit=st.integers(1, 12),
)
def test_a_cap_counts_the_24_hours_before(gaps: list[int], mailboxes: list[str], limit: int) -> None:
    spent = []
    moment = NINE
    for number, gap in enumerate(gaps):
        moment += timedelta(seconds=gap)
        spent.append(Spent(id=number, key=mailboxes[number], sending_at=moment, limit=limit))
    spent.sort(key=lambda one: (one.key, one.sending_at, one.id))
    expected = {}
    for index, one in enumerate(spent):
        before = [
            other
            for other in spent[:index]
            if other.key == one.key and other.sending_at > one.sending_at - ROLLING_DAY
        ]
        if len(before) >= limit:
            expected[one.id] = len(before)
    assert dict(over_caps(spent)) == expected


def test_a_cap_with_a_span_of_its_own_counts_from_where_that_begins() -> None:
    def spent(number: int, seconds: float, limit: int | None, since: float) -> Spent:
        return Spent(id=number, key="a", sending_at=at(seconds), limit=limit, since=at(since))

    of_two_dates = [spent(1, 10, 1, 0), spent(2, 20, None, 0), spent(3, 30, 2, 0), spent(4, 101, 1, 100)]
    assert dict(over_caps(of_two_dates)) == {3: 2}


@given(spans=st.lists(st.floats(0, 1000), min_size=1, max_size=300))
def test_the_residual_window_says_no_more_than_was_measured(spans: list[float]) -> None:
    residual = residual_of(spans)
    assert residual.median_in is not None
    assert residual.p99_in is not None
    assert residual.max_in is not None
    assert residual.median_in <= residual.p99_in <= residual.max_in
    within = sum(1 for span in spans if timedelta(seconds=span) <= residual.p99_in)
    assert within >= 0.99 * len(spans)
    assert residual.messages == len(spans)


@given(seconds_ahead=st.lists(st.integers(-100, 100), max_size=9))
def test_a_clock_is_known_from_three_copies_on(seconds_ahead: list[int]) -> None:
    clock = clock_difference([timedelta(seconds=one) for one in seconds_ahead])
    assert (clock.ahead_in is not None) is (len(seconds_ahead) >= LEAST_COPIES)
    if clock.ahead_in is not None:
        assert min(seconds_ahead) <= clock.ahead_in.total_seconds() <= max(seconds_ahead)


def test_a_pattern_covers_from_the_oldest_that_fits() -> None:
    def suppressed(number: int, pattern: str) -> Suppression:
        return Suppression(
            id=number, pattern=pattern, like_pattern="x", reason="manual", created_at=at(number)
        )

    patterns = Patterns([suppressed(1, "sales@*"), suppressed(2, "*@luso.example"), suppressed(3, "s*@*")])
    assert {one.created_at for one in patterns.covering("sales@luso.example")} == {at(1), at(2)}
    assert {one.created_at for one in patterns.covering("sam@nord.example")} == {at(3)}
    assert not list(patterns.covering("ana@nord.example"))


def test_spans_are_said_as_people_say_them() -> None:
    said = [seconds(timedelta(seconds=value)) for value in (0.44, 38, 119, 2400, 200_000)]
    assert said == ["0.4 s", "38 s", "119 s", "40 min", "2 days"]
