"""An alternation that is tried at the starts of words finds what the plain one finds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.classify import auto_reply_words, opt_out_words
from sequencer.core.word_starts import alternatives, at_word_starts, quick


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("a|b", ["a", "b"]),
        (r"a(?:b|c)|[|)]d|e\|f", ["a(?:b|c)", "[|)]d", r"e\|f"]),
        ("", [""]),
    ],
)
def test_only_the_top_level_is_split(words: str, wanted: list[str]) -> None:
    assert alternatives(words) == wanted


@given(st.text(alphabet="ab stop-é退订 ", max_size=30))
def test_the_quick_pattern_finds_what_the_plain_one_finds(text: str) -> None:
    words = r"\bstop\b|\ba b|退订|b+é"
    plain, fast = re.search(words, text, re.IGNORECASE), quick(words).search(text)
    assert (plain and plain.start()) == (fast and fast.start())


def test_the_tables_lose_no_phrase() -> None:
    starting, others = at_word_starts(opt_out_words._REQUESTS)
    assert len(alternatives(starting[5:-1])) + len(alternatives(others)) > 120
    assert auto_reply_words.ABSENCE.search("i am out of the office")
