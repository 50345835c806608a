"""Whatever a contact is called, the mail around the name stays the same."""

import html
import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.arms import choose_arm
from sequencer.core.seal import Unprintable, refuse_controls
from sequencer.core.sequence import Step
from sequencer.testing import a_contact
from tests.core.versions import a_version, html_of, render, text_of


def is_printable(value: str) -> bool:
    try:
        refuse_controls(value)
    except Unprintable:
        return False
    return bool(value.strip())


MARKUP = st.sampled_from(
    [*"*_`#[]()<>!|\\&\"'-+.~:/=1 {}%^$@;", "**", "<b>", "](", "{{", "}}", "{%", "https://"]
)
VALUES = (st.text(max_size=30) | st.lists(MARKUP | st.text(max_size=3), max_size=12).map("".join)).filter(
    is_printable
)

BODY = """Hi {{ contact.company }},

{{ contact.company }} is **{{ contact.company }}** and _{{ contact.company }}_.

- {{ contact.company }}
- [{{ contact.company }}](https://x.example/?q={{ contact.company }})

1. {{ contact.company }}

> {{ contact.company }}

| a | b |
|---|---|
| {{ contact.company }} | x |

{{ contact.company }}
"""


class Skeleton(HTMLParser):
    """The tags and attributes of a document, without its text and link targets."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[object] = []
        self.texts: list[str] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, [(name, "…" if name == "href" else value) for name, value in attrs]))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


PLAIN = Skeleton(html_of(BODY, a_contact(company="Plain")))


@given(VALUES)
def test_no_value_changes_the_structure_of_the_html(value: str) -> None:
    found = Skeleton(html_of(BODY, a_contact(company=value)))
    assert found.tags == PLAIN.tags
    assert "".join(found.texts).count(value) >= 8


@given(VALUES)
def test_every_value_stands_unchanged_in_the_text_and_escaped_in_the_html(value: str) -> None:
    contact = a_contact(company=value)
    assert text_of("[a {{ contact.company }} z]", contact) == f"[a {value} z]"
    assert f"[a {html.escape(value)} z]" in html_of("[a {{ contact.company }} z]", contact)


@given(VALUES)
def test_the_text_around_a_value_is_the_same_for_everybody(value: str) -> None:
    plain = text_of(BODY, a_contact(company="\ue000"))
    found = text_of(BODY, a_contact(company=value))
    pieces = [re.escape(piece) for piece in re.split("\ue000|%EE%80%80", plain)]
    assert re.fullmatch(".*".join(pieces), found, re.DOTALL)


@given(VALUES)
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    contact = a_contact(company=value + "{{ contact.address }}")
    assert text_of("{{ contact.company }}", contact).endswith("{{ contact.address }}")


@given(VALUES)
def test_a_subject_holds_the_value_as_it_is(value: str) -> None:
    assert (
        render(a_version("x", subject="a {{ contact.company }} z"), a_contact(company=value)).subject
        == f"a {value} z"
    )


def step_of(*arms: str, id: str = "one", weights: tuple[int, ...] = ()) -> Step:
    return Step(id=id, template=arms[0], variants=arms[1:], weights=weights)


@given(st.binary(min_size=32, max_size=32), st.text(), st.integers(1, 5), st.data())
def test_the_arm_of_an_address_never_changes(
    key: bytes, address_key: str, count: int, data: st.DataObject
) -> None:
    weights = data.draw(st.sampled_from([(), (3, 1, 4, 1, 5)[:count]]))
    step = step_of(*(f"arm-{number}" for number in range(count)), weights=weights)
    first = choose_arm(key, "s", step, address_key)
    assert first in step.arms
    assert choose_arm(key, "s", step, address_key) == first


def chosen_by(step: Step) -> list[str]:
    return [choose_arm(bytes(range(32)), "s", step, f"buyer{number}@x.example") for number in range(2000)]


def test_arms_get_equal_shares() -> None:
    chosen = chosen_by(step_of("a", "b"))
    assert 900 < chosen.count("a") < 1100
    assert chosen == chosen_by(step_of("a", "b", weights=(1, 1)))
    other = chosen_by(step_of("a", "b", id="two"))
    assert 900 < sum(one != two for one, two in zip(chosen, other, strict=True)) < 1100


def test_weights_are_the_shares_of_the_arms_in_their_order() -> None:
    chosen = chosen_by(step_of("a", "b", "c", weights=(7, 1, 2)))
    assert 1340 < chosen.count("a") < 1460
    assert 150 < chosen.count("b") < 250
    assert 340 < chosen.count("c") < 460
