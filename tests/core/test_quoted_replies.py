"""What a person wrote, exactly, for each mail program and language: as text, unmarked, and as HTML."""

import html

import pytest

from sequencer.core.html_text import text_of_html
from sequencer.core.own_text import own_text
from tests.core import quoted_replies as quoted

THEIRS = "Hello Lin,\n\nplease send 40 pieces by 3 November.\n\nAna Ruiz"
OURS = 'Dear Ana,\nour price is 4 USD.\n\nUnsubscribe: answer "stop".'
MARKED = "\n".join(f"> {line}".rstrip() for line in OURS.split("\n"))
INTRODUCTIONS = [
    pytest.param(intro, id=f"{program} {language}")
    for program, by_language in quoted.INTRODUCTIONS.items()
    for language, intro in by_language.items()
]
BLOCKS = [
    pytest.param(block, id=name)
    for name, block in [
        *((f"Outlook {language}", block) for language, block in quoted.OUTLOOK.items()),
        *((f"Foxmail {language}", block) for language, block in quoted.FOXMAIL.items()),
        *quoted.SEPARATORS.items(),
    ]
]


def as_html(text: str) -> str:
    return "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in text.split("\n"))


@pytest.mark.parametrize("intro", INTRODUCTIONS)
def test_own_text_above_and_below_an_introduction(intro: str) -> None:
    assert own_text(f"{THEIRS}\n\n{intro}\n{MARKED}\n") == THEIRS
    assert own_text(f"{THEIRS}\n\n{intro}\n\n{MARKED}\n") == THEIRS
    assert own_text(f"{intro}\n{MARKED}\n\n{THEIRS}\n") == THEIRS
    assert own_text(f"{THEIRS}\n\n{intro}\n\n{OURS}\n") == THEIRS


@pytest.mark.parametrize("intro", INTRODUCTIONS)
def test_own_text_of_html_above_an_introduction(intro: str) -> None:
    for quotation in (f"<blockquote>{as_html(OURS)}</blockquote>", as_html(OURS)):
        page = f"<html><body>{as_html(THEIRS)}<br>{as_html(intro)}{quotation}</body></html>"
        assert own_text(text_of_html(page)) == THEIRS


@pytest.mark.parametrize("block", BLOCKS)
def test_own_text_above_a_header_block_or_separator(block: str) -> None:
    assert own_text(f"{THEIRS}\n\n{block}\n\n{OURS}\n") == THEIRS
    assert own_text(f"{THEIRS}\n\n________________________________\n{block}\n\n{OURS}\n").startswith(THEIRS)
    assert own_text(text_of_html(f"{as_html(THEIRS)}<hr>{as_html(block)}{as_html(OURS)}")) == THEIRS


@pytest.mark.parametrize("line", quoted.PHONE_LINES)
def test_the_line_a_phone_adds_is_nobodys(line: str) -> None:
    assert own_text(f"{THEIRS}\n\n{line}\n") == THEIRS
    assert own_text(f"{THEIRS}\n\n{line}\n\n{quoted.GMAIL['en']}\n{MARKED}\n") == THEIRS


@pytest.mark.parametrize(
    "begin",
    [
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">',
        '<div id="ms-outlook-mobile-reference-message"><div>',
        '<div id="mail-editor-reference-message-container"><div>',
        '<div class="gmail_quote gmail_quote_container"><div>',
        '<div id="yahoo_quoted_123" class="yahoo_quoted"><div>',
        '<div id="isReplyContent"><div>',
        '<div class="ntes-mailreplyinfo"><div>',
        '<div name="messageReplySection"><div>',
        '<div id="x_divRplyFwdMsg">',
    ],
)
def test_html_that_only_its_marks_show_to_be_a_quotation(begin: str) -> None:
    page = f"<html><body>{as_html(THEIRS)}{begin}Lin Zhao</div>{as_html(OURS)}</body></html>"
    assert own_text(text_of_html(page)) == THEIRS
