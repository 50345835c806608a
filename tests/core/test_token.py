"""Unsubscribe tokens."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.token import find_tokens, unsubscribe_token, verify_token

KEY = bytes(range(32))
IDS = st.integers(min_value=0, max_value=2**63)


@given(IDS)
def test_a_token_brings_its_enrollment_back_whatever_happens_to_its_case(enrollment_id):
    token = unsubscribe_token(KEY, enrollment_id)
    assert re.fullmatch("[a-z0-9]{15,28}", token)
    subject = f"Fwd: UNSUBSCRIBE-{token.upper()} please"
    assert find_tokens(subject) == [token]
    assert verify_token(KEY, token.upper()) == enrollment_id


@given(IDS, IDS)
def test_a_token_of_one_enrollment_is_none_of_another(one, other):
    token = unsubscribe_token(KEY, one)
    swapped = unsubscribe_token(KEY, other)[:-13] + token[-13:]
    assert verify_token(KEY, swapped) == (one if one == other else None)


def test_another_key_or_a_changed_letter_is_refused():
    token = unsubscribe_token(KEY, 42)
    assert verify_token(b"x" * 32, token) is None
    for index in range(len(token)):
        changed = "b" if token[index] != "b" else "c"
        assert verify_token(KEY, token[:index] + changed + token[index + 1 :]) is None


def test_leading_zeros_do_not_make_a_second_token():
    token = unsubscribe_token(KEY, 42)
    assert verify_token(KEY, "a0" + token[1:]) is None


@pytest.mark.parametrize(
    "text", ["", "unsubscribe", "unsubscribe-", "unsubscribe-me-now-please-thanks", "a" * 300]
)
def test_plain_words_hold_no_token(text):
    assert find_tokens(text) == []
    assert verify_token(KEY, text) is None


def test_a_token_is_found_in_a_plus_address_and_each_once():
    token = unsubscribe_token(KEY, 7)
    text = f"lily+unsubscribe-{token}@yutools.example, unsubscribe-{token}"
    assert find_tokens(text) == [token]


def test_a_negative_id_is_refused():
    with pytest.raises(ValueError, match="negative"):
        unsubscribe_token(KEY, -1)
