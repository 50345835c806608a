"""A person's own text: Markdown in, both parts out, and back into the editor unharmed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sequencer.core.edited_text import as_markdown, parts_of_own_text

WORDS = st.text(alphabet="ab *_#-+>`[]()<&1.)\\|~=", max_size=14).map(str.strip)


@pytest.mark.parametrize(
    "text",
    [
        "the 10*20*30 cm box and part_no_7\n",
        "1) one\n2) two\n",
        "# 3 of the order\n",
        "a < b & c > d &amp; <b>x</b>\n",
        "see our list (https://firm.example/a_b?c=d&e=f)\n",
        "- spades\n- rakes\n\nBest regards\nWang Lei\n+86 574 8888\n",
        "你好，\n\n价格见附件。\n",
    ],
)
def test_a_text_that_nobody_changed_reads_the_same_after_the_editor(text: str) -> None:
    assert parts_of_own_text(as_markdown(text), language="en")[0] == text


@example([[">", "\\>1"]])
@example([["1", "#", "\\*1*"]])
@given(st.lists(st.lists(WORDS.filter(bool), min_size=1, max_size=3), min_size=1, max_size=3))
def test_any_text_part_goes_through_the_editor_unharmed(paragraphs: list[list[str]]) -> None:
    once = "\n\n".join("\n".join(lines) for lines in paragraphs)
    try:
        text = parts_of_own_text(once, language="en")[0]
    except ValueError:
        return  # no text of ours: rendering refused it
    if not text.strip():
        return
    assert parts_of_own_text(as_markdown(text), language="en")[0].split() == text.split()


def test_markup_becomes_html_and_plain_words() -> None:
    text, html = parts_of_own_text("a **bold** word\n\n- one\n", language="de")
    assert text == "a bold word\n\n- one\n"
    assert "<strong>bold</strong>" in html
    assert 'lang="de"' in html


def test_html_that_a_person_types_is_shown_not_obeyed() -> None:
    assert "<script>" not in parts_of_own_text("<script>alert(1)</script>", language="en")[1]


def test_a_link_to_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="link to"):
        parts_of_own_text("[x](javascript:alert)", language="en")


@pytest.mark.parametrize("field", ["{{ contact.first_name }}", "{{x}}", "{% if contact.title %}"])
def test_a_field_that_nobody_would_fill_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match="which would leave as it stands"):
        parts_of_own_text(f"Dear {field},\n", language="en")


def test_braces_that_are_no_field_stay() -> None:
    assert parts_of_own_text("set {a, b} and 100 % {c}\n", language="en")[0] == "set {a, b} and 100 % {c}\n"
