"""An answer's text: comments never leave, the quotation is read as one in every language, nothing is lost."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.message import reply_subject
from sequencer.core.own_text import own_text
from sequencer.core.reply_text import (
    COMMENT,
    QUOTED_LANGUAGES,
    introduction,
    is_empty,
    new_draft,
    own_words,
    reply_parts,
    signed,
)
from sequencer.core.threading import MAX_REFERENCES, answering_headers

AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
ANA = "Ana Silva <ana@luso.example>"
SIGNATURE = "Wang Lei\nHarbour Tools Co., Ltd."


@pytest.mark.parametrize("language", QUOTED_LANGUAGES)
def test_our_own_reader_finds_the_reps_words_and_nothing_of_the_quotation(language: str) -> None:
    before = introduction(language, ANA, AT, "Europe/Lisbon")
    text, html = reply_parts(f"Here they are.\n\n{SIGNATURE}", "Please send\nprices <b>", before, language)
    assert own_text(text) == f"Here they are.\n\n{SIGNATURE}"
    assert "2026-03-02 14:05" in before
    assert "prices &lt;b&gt;" in html
    assert text.endswith("> Please send\n> prices <b>\n")


def test_an_unknown_language_and_a_dialect_are_served() -> None:
    assert introduction("pt-BR", ANA, AT, "UTC").startswith("Em 2026")
    assert introduction("xx", ANA, AT, "UTC") == f"On 2026-03-02 14:05, {ANA} wrote:"
    assert introduction("", "{date} <x>", AT, "UTC") == "On 2026-03-02 14:05, {date} <x> wrote:"


@given(said=st.text(), snippets=st.lists(st.text(alphabet="ab \n", max_size=20), max_size=3))
def test_no_comment_is_ever_sent(said: str, snippets: list[str]) -> None:
    draft = new_draft(snippets, SIGNATURE, introduction("en", ANA, AT, "UTC"), said)
    words = own_words(draft)
    assert not [line for line in words.split("\n") if line.startswith(COMMENT)]
    assert words.endswith(SIGNATURE)
    assert is_empty(words, SIGNATURE) == (not "".join(snippets).strip())


@given(st.text(max_size=300))
def test_a_strangers_words_bring_no_control_character_into_our_mail(said: str) -> None:
    text, html = reply_parts("Hello.", said, introduction("en", ANA, AT, "UTC"), "en")
    for part in (text, html):
        assert not [one for one in part if (ord(one) < 32 and one not in "\n\t") or 0x7F <= ord(one) < 0xA0]
        part.encode()


def test_a_heading_is_no_comment() -> None:
    assert own_words("# Prices\n#|no\n#| no\n\n\n\n#1 is best\n") == "# Prices\n\n#1 is best"


def test_a_signature_is_added_once() -> None:
    once = signed("Hello.", SIGNATURE)
    assert once == f"Hello.\n\n{SIGNATURE}"
    assert signed(once, SIGNATURE) == once
    assert is_empty("", SIGNATURE)
    assert is_empty(SIGNATURE, SIGNATURE)


IDS = st.from_regex(r"<[a-z0-9]{1,8}@x\.example>", fullmatch=True)


@given(references=st.lists(IDS, max_size=60), answered=st.none() | IDS)
def test_the_thread_holds_each_id_once_and_the_answered_one_last(
    references: list[str], answered: str | None
) -> None:
    thread = answering_headers(answered, references, "RE: re: Prices")
    assert thread.subject == reply_subject("Prices") == "Re: Prices"
    assert len(thread.references) == len(set(thread.references)) <= MAX_REFERENCES
    assert thread.in_reply_to == answered
    if answered is not None:
        assert thread.references[-1] == answered


def test_an_id_that_is_none_keeps_nobody_from_answering() -> None:
    thread = answering_headers("<a b@x>", ["<ok@x.example>", "<böse@x>", "x" * 2000], "Prices")
    assert (thread.in_reply_to, thread.references) == (None, ("<ok@x.example>",))
