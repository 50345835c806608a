"""Conditions: what may be asked of a contact, and how a mistake is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.condition import parse_condition
from sequencer.core.contact import Stage
from sequencer.testing import a_contact

ANA = a_contact(
    country="DE",
    tags=("fair", "2026"),
    owner=None,
    external_id="C-1",
    extra={"product": "pumps", "turnover": "1,200", "产品": "泵", "class": "A"},
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('contact.country == "DE" and "fair" in contact.tags and contact.stage == "opportunity"', True),
        ('not contact.is_role and contact.extra.product == "pumps"', True),
        ('country in ["AT", "DE"]', True),
        ('country not in ("AT", "DE")', False),
        ('"sample" in tags or country != "DE"', False),
        ('extra.nothing == ""', True),
        ('extra.nothing == "x" or not extra.product', False),
        ("extra.turnover > 1000", True),
        ("extra.turnover < 1000", False),
        ("100 < extra.turnover <= 1200", True),
        ("extra.product > 5", False),
        ("extra.product != 5", True),
        ('extra.产品 == "泵"', True),
        ('extra["class"] == "A"', True),
        ('owner == ""', True),
        ("owner == None", True),
        ("not owner", True),
        ("owner != None", False),
        ('id == "C-1"', True),
        ('"Luso" in company', True),
        ("is_role == False", True),
        ("tags", True),
        ('stage in ["won", "lost"]', False),
        ("True", True),
    ],
)
def test_a_condition_holds_or_does_not(text: str, holds: bool) -> None:
    assert parse_condition(text).holds(ANA) is holds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('contry == "DE"', "column 1: a contact has no field 'contry'; did you mean country?"),
        ('owner == "王" and contry == "DE"', "column 18: a contact has no field 'contry'"),
        ('country == "Germany"', "two capital letters"),
        ('stage == "oppertunity"', "did you mean opportunity?"),
        ('stage >= "won"', "stages have no order"),
        ('tags == "fair"', 'write "text" in tags'),
        ('country = "DE"', "write == to compare"),
        ('country == "DE" && is_role', "write and instead of &&"),
        ("country == “DE”", 'write " instead of “'),
        ("is_role == 'yes'", "cannot be compared"),
        ("name == 5", "no number"),
        ("extra", "write extra.<name>"),
        ("contact", "no question"),
        ("name.upper", "not a field"),
        ('name.__class__.__name__ == "str"', "not a field"),
        ("__import__('os')", "only fields"),
        ('open("/etc/passwd")', "only fields"),
        ('"a".join(tags) == ""', "only fields"),
        ("[x for x in tags]", "only fields"),
        ("9**9**9 == 1", "only fields"),
        ("lambda: 1", "only fields"),
        ("name is None", "compare with =="),
        ("", "empty"),
        ("(" * 300 + "is_role" + ")" * 300, "nested"),
        ("x" * 2001, "longer than"),
        ('country == "DE" and', "stops in the middle"),
        ('country == "DE" "x" or', "stops in the middle"),
        ("name ! tags", "column 6"),
    ],
)
def test_a_faulty_condition_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_condition(text)
    assert message in str(caught.value)


def test_the_longest_nesting_that_is_read_can_be_asked() -> None:
    assert parse_condition("not " * 498 + "is_role").holds(ANA) is False


@given(st.text('abcdeintro .=<>!"()[],_1&|', max_size=30))
def test_any_text_is_read_or_refused_with_a_value_error(text: str) -> None:
    try:
        condition = parse_condition(text)
    except ValueError:
        return
    assert condition.holds(ANA) in (True, False)


def test_every_stage_may_be_asked_for() -> None:
    for stage in Stage:
        assert parse_condition(f'stage == "{stage}"').holds(a_contact(stage=stage))
