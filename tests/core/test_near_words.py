"""A mistyped word is told what it may mean; a word of its own is not."""

import pytest

from sequencer.core.near_words import mend_for_typo, near_word

KNOWN = ("subject", "first_name", "phone", "Asia/Shanghai")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("subjct", "subject"),
        ("Subject", "subject"),
        ("firstname", "first_name"),
        ("phon", "phone"),
        ("asia/shangai", "Asia/Shanghai"),
        ("turnover", None),
        ("", None),
        ("x", None),
    ],
)
def test_the_nearest_known_word_is_found_in_any_case(word: str, meant: str | None) -> None:
    assert near_word(word, KNOWN) == meant
    assert mend_for_typo(word, KNOWN, otherwise="look") == (f"did you mean {meant}?" if meant else "look")
