"""Telling a copy of our own message from what the rep wrote by hand, by what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.same_text import says_the_same

OURS = (
    "Hello Ana,\n\nwe make torque wrenches: see https://firm.example/a?b=1\n\nWang Lei\n\n"
    'Firm Ltd, 1 Road, Ningbo. If you want no more mail, answer "unsubscribe".\n'
)
LINES = OURS.splitlines()


@pytest.mark.parametrize(
    "theirs",
    [
        OURS,
        OURS.replace("\n", "\r\n"),
        OURS.upper(),
        " ".join(OURS.split()),
        "\n".join(OURS.split()),
        OURS.replace("https://firm.example/a?b=1", "<https://safe.example/?u=https%3A%2F%2Ffirm.example>"),
        OURS + "\n--\nThis mail was scanned. Confidential.\n",
        OURS.replace('"', "\u201c").replace("Hello Ana", "*Hello\u00a0Ana*"),
        OURS.replace("Firm", "\uff26irm"),
    ],
)
def test_wrapped_converted_or_with_a_footer_it_is_ours(theirs: str) -> None:
    assert says_the_same((OURS,), theirs) is True


@pytest.mark.parametrize(
    "theirs",
    [
        "",
        "Hello Ana,\n\nas promised on the phone: here is the price list.\n",
        "\n".join(LINES[:3]),
        f"Dear Ana, did you see my mail below?\n\n{OURS}",
        f"Short.\n\n-----Original Message-----\nFrom: wang@firm.example\n{OURS}",
        "One word.\n\nOn Monday wang wrote:\n" + "".join(f"> {line}\n" for line in LINES),
        "".join(f"> {line}\n" for line in LINES) + "\nOne word below.\n",
        OURS.replace("torque", "better"),
        OURS.replace("unsubscribe", "unsubscribe today"),
    ],
)
def test_own_words_a_part_or_a_quotation_are_not_ours(theirs: str) -> None:
    assert says_the_same((OURS,), theirs) is False


@pytest.mark.parametrize("ours", [(), ("",), (" \n", ""), ("> quoted\n",)])
def test_where_ours_says_nothing_nothing_can_be_told(ours: tuple[str, ...]) -> None:
    assert says_the_same(ours, OURS) is None


def test_either_of_our_texts_will_do() -> None:
    assert says_the_same((OURS, "我们生产扳手。"), "我们生产\n扳手\uff0e") is True


@given(st.text(max_size=200), st.text(max_size=100))
def test_every_text_is_its_own_copy_with_whatever_below(ours: str, below: str) -> None:
    found = says_the_same((ours,), f"{ours}\n{below}")
    assert found is True or found is None
    assert says_the_same((ours,), ours) is found


@given(st.text(alphabet="abc \n", max_size=40), st.text(alphabet="abc \n", max_size=40))
def test_only_what_begins_with_all_our_letters_is_ours(ours: str, theirs: str) -> None:
    if says_the_same((ours,), theirs):
        assert "".join(theirs.split()).startswith("".join(ours.split()))
