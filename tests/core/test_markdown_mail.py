"""Markdown becomes text as a person would type it, and HTML that every mail program shows."""

import pytest

from sequencer.core.render_fault import RenderFault
from sequencer.testing import a_contact
from tests.core.versions import html_of, text_of


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("a **b** _c_ `d`", "a b c d"),
        ("# Title\n\ntext", "Title\n\ntext"),
        ("- one\n- two", "- one\n- two"),
        ("- one\n\n- two", "- one\n\n- two"),
        ("3. one\n4. two", "3. one\n4. two"),
        ("- one\n  - in\n- two", "- one\n  - in\n- two"),
        ("- one\n  more", "- one\n  more"),
        ("> one\n> two", "> one\n> two"),
        ("a\nb", "a\nb"),
        ("a  \nb", "a\nb"),
        ("Name\n----\nrest", "Name\n\n------------------------\n\nrest"),
        ("    four spaces", "four spaces"),
        ("a\n\n***\n\nb", "a\n\n------------------------\n\nb"),
        ("```\na  b\n```", "a  b"),
        ("| a | b |\n|---|---|\n| 1 | **2** |", "a | b\n1 | 2"),
        ("1 < 2 & 3 &amp; 4", "1 < 2 & 3 & 4"),
        ("<b>raw</b>", "<b>raw</b>"),
        (r"5 \* 6", "5 * 6"),
        ("[site](https://x.example/a)", "site (https://x.example/a)"),
        ("[https://x.example/a](https://x.example/a)", "https://x.example/a"),
        ("[x.example/a](https://x.example/a)", "https://x.example/a"),
        ("<https://x.example/a>", "https://x.example/a"),
        ("see https://x.example/a.", "see https://x.example/a."),
        ("(https://x.example/a)", "(https://x.example/a)"),
        ("[write](mailto:a@x.example)", "write (a@x.example)"),
        ("[a@x.example](mailto:a@x.example)", "a@x.example"),
        ("[call](tel:+861)", "call (+861)"),
        ("**[site](https://x.example)**", "site (https://x.example)"),
    ],
)
def test_the_text_part(markdown: str, text: str) -> None:
    assert text_of(markdown) == text


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a **b** _c_", "a <strong>b</strong> <em>c</em>"),
        ("a\nb", "a<br>\nb"),
        ("see https://x.example/a?b=1&c=2.", '<a href="https://x.example/a?b=1&amp;c=2" style='),
        ("see https://x.example/a.", "https://x.example/a</a>."),
        ("<b>raw</b>", "&lt;b&gt;raw&lt;/b&gt;"),
        ("3. one", '<ol start="3" style='),
        ("|a|\n|-:|\n|1|", "text-align:right"),
    ],
)
def test_the_html_part(markdown: str, html: str) -> None:
    assert html in html_of(markdown)


def test_a_tag_alone_on_its_line_leaves_no_empty_line() -> None:
    body = "a\n{% if contact.company %}\nb\n{% endif %}\nc\n"
    assert text_of(body) == "a\nb\nc"


def test_a_tag_at_the_end_of_a_sentence_keeps_the_paragraphs_apart() -> None:
    body = "I know {% if contact.company %}you{% endif %}\n\nNext\n"
    assert text_of(body) == "I know you\n\nNext"


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "data:text/html,x", "ftp://x.example", "/page", "#top", "x.html", "//x.example"],
)
def test_other_link_targets_are_refused_with_their_line(target: str) -> None:
    with pytest.raises(RenderFault, match="must begin with https") as caught:
        text_of(f"one\n\ntwo [x]({target})")
    assert caught.value.where == "templates/t.md:3"


def test_an_image_is_refused() -> None:
    with pytest.raises(RenderFault, match="has an image in it"):
        text_of("![x](https://x.example/a.png)")


def test_a_value_within_a_link_is_percent_encoded() -> None:
    contact = a_contact(company='A&B "x" ü/?#')
    html = html_of("[x](https://x.example/?q={{ contact.company }}&z=1)", contact)
    assert 'href="https://x.example/?q=A%26B%20%22x%22%20%C3%BC%2F%3F%23&amp;z=1"' in html


def test_a_value_can_be_a_whole_link() -> None:
    html = html_of(
        "[our site]({{ sender.website }}) [call](tel:{{ rep.phone }}) [write](mailto:{{ rep.email }})"
    )
    assert 'href="https://ourfirm.example/a?b=1"' in html
    assert 'href="tel:+8657455500188"' in html
    assert 'href="mailto:li@ourfirm.example"' in html
    assert text_of("[{{ sender.website }}]({{ sender.website }})") == "https://ourfirm.example/a?b=1"


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "www.x.example", "https://x.example/a b", 'https:"x']
)
def test_a_value_that_is_no_link_is_refused_as_one(value: str) -> None:
    with pytest.raises(RenderFault, match="is no link target"):
        text_of("[x]({{ contact.website }})", a_contact(website=value))


def test_a_value_in_a_link_cannot_leave_its_attribute() -> None:
    html = html_of("[x]({{ contact.website }})", a_contact(website='https://x.example/"onclick="x()'))
    assert '"onclick' not in html
