"""Text cut to a length: never longer than asked for, and seen to be cut."""

from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.clipped import clipped


def test_the_last_character_shows_that_there_was_more() -> None:
    assert clipped("one two", 7) == "one two"
    assert clipped("one two", 6) == "one t…"
    assert clipped("one two", 5) == "one…"


@given(st.text(), st.integers(min_value=1, max_value=20))
def test_it_is_never_longer_and_short_text_is_left_alone(text: str, size: int) -> None:
    cut = clipped(text, size)
    assert len(cut) <= size
    assert (cut == text) if len(text) <= size else cut.endswith("…")
