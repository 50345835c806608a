"""Spans of time in words, and the one form that instants have in JSON."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sequencer.core.spans import span_in_words
from sequencer.core.wall_time import utc_text


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=-90), "1 min"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=5), "2 days"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(span: timedelta, words: str) -> None:
    assert span_in_words(span) == words


def test_what_is_held_against_a_limit_keeps_the_smaller_unit_longer() -> None:
    assert span_in_words(timedelta(seconds=119), least=2) == "119 s"
    assert span_in_words(timedelta(minutes=90), least=2) == "90 min"
    assert span_in_words(timedelta(days=2), least=2) == "2 days"


def test_an_instant_is_written_in_utc_with_a_z() -> None:
    at = datetime(2026, 3, 2, 17, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=8)))
    assert utc_text(at) == "2026-03-02T09:00:00.250000Z"
    assert utc_text(at, timespec="seconds") == "2026-03-02T09:00:00Z"
    assert utc_text(datetime(2026, 3, 2, 9, tzinfo=UTC)) == "2026-03-02T09:00:00Z"
