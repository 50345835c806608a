"""Each figure of a score counts what it says, and a fault it is there for makes it fail."""

from typing import Any

import pytest

from sequencer.core.corpus import Classified, Label, Measure, by, score
from sequencer.core.inbound import AutoReplyType, BounceClass, Verdict, VerdictKind

K = VerdictKind


def label(kind: VerdictKind, file: str = "a.eml", **known: Any) -> Label:
    return Label(file=file, kind=kind, **known)


def taken(kind: VerdictKind, file: str = "a.eml", **facts: Any) -> Classified:
    of_message = {name: facts.pop(name) for name in ("sent_id", "orig_message_id", "error") if name in facts}
    return Classified(file=file, verdict=Verdict(kind=kind, **facts), **of_message)


def measure(name: str, *pairs: tuple[Label, Classified]) -> Measure:
    [found] = [one for one in score(pairs) if one.name == name]
    return found


@pytest.mark.parametrize(
    ("name", "known", "as_right", "as_wrong"),
    [
        ("bounces and delays found", label(K.BOUNCE), taken(K.DELAY), taken(K.OTHER)),
        (
            "permanent or temporary",
            label(K.BOUNCE, permanence="permanent"),
            taken(K.BOUNCE, permanence="permanent"),
            taken(K.BOUNCE, permanence="temporary"),
        ),
        (
            "original Message-ID",
            label(K.BOUNCE, orig_message_id="<x@y.example>"),
            taken(K.BOUNCE, orig_message_id="x@y.example"),
            taken(K.BOUNCE),
        ),
        (
            "reason's class (Sisimai's tests)",
            label(K.BOUNCE, reason="mailboxfull", label_from="sisimai-tests"),
            taken(K.BOUNCE, bounce_class=BounceClass.FULL),
            taken(K.BOUNCE, bounce_class=BounceClass.SOFT),
        ),
        (
            "hard (Sisimai's tests)",
            label(K.BOUNCE, hard=True, label_from="sisimai-tests"),
            taken(K.BOUNCE, hard=True),
            taken(K.BOUNCE),
        ),
        ("receipt recognised", label(K.RECEIPT), taken(K.RECEIPT), taken(K.OTHER)),
        (
            "matched to the right message",
            label(K.REPLY, sent_id="s1"),
            taken(K.REPLY, sent_id="s1"),
            taken(K.REPLY),
        ),
        (
            "own text exact",
            label(K.REPLY, reply_text="Yes,\nplease"),
            taken(K.REPLY, own_text="Yes, please"),
            taken(K.REPLY, own_text="Yes, please\n> no"),
        ),
    ],
)
def test_a_share_is_of_the_messages_whose_label_says_something(
    name: str, known: Label, as_right: Classified, as_wrong: Classified
) -> None:
    unknown = (label(K.OTHER, "b.eml"), taken(K.OTHER, "b.eml"))
    found = measure(name, (known, as_right), (known, as_wrong), unknown)
    assert (found.right, found.of, found.wrong) == (1, 2, ("a.eml",))
    assert not found.is_met
    assert measure(name, (known, as_right), unknown).is_met


def test_recipients_are_a_set_and_each_may_have_another_name() -> None:
    known = label(
        K.BOUNCE,
        recipients=("Ana@x.example", "ben@x.example"),
        also={"ana@x.example": frozenset({"a@x.example"})},
    )
    for recipients, is_right in (
        (("ben@x.example", "ana@x.example"), True),
        (("a@x.example", "ben@x.example"), True),
        (("a@x.example", "ana@x.example", "ben@x.example"), True),
        (("ana@x.example",), False),
        (("ana@x.example", "ben@x.example", "carl@x.example"), False),
        (("ana@x.example", "a@x.example"), False),
    ):
        found = measure("failed recipients exact", (known, taken(K.BOUNCE, recipients=recipients)))
        assert found.right == is_right, recipients


@pytest.mark.parametrize(
    ("name", "known", "as_fault"),
    [
        ("human replies taken for machine mail", label(K.REPLY), taken(K.AUTO_REPLY)),
        ("false stops", label(K.AUTO_REPLY), taken(K.UNSUBSCRIBE)),
        ("false stops", label(K.DELAY), taken(K.BOUNCE, permanence="permanent")),
        ("false stops", label(K.OTHER, sent_id="s1"), taken(K.REPLY)),
        ("missed stops", label(K.UNSUBSCRIBE), taken(K.OTHER)),
        ("missed stops", label(K.REPLY, sent_id="s1"), taken(K.OTHER)),
        ("wrong hard suppressions", label(K.OTHER), taken(K.BOUNCE, hard=True)),
        ("delays called permanent", label(K.DELAY), taken(K.BOUNCE, permanence="permanent")),
        ("reports called complaints", label(K.REPORT), taken(K.COMPLAINT)),
        ("matched to a wrong message", label(K.OTHER), taken(K.OTHER, sent_id="s9")),
        ("exceptions", label(K.REPLY), taken(K.REPLY, error="ValueError: x")),
    ],
)
def test_of_a_fault_there_may_be_none(name: str, known: Label, as_fault: Classified) -> None:
    found = measure(name, (known, as_fault))
    assert (found.right, found.is_met, found.wrong) == (1, False, ("a.eml",))
    assert measure(name, (known, taken(known.kind, sent_id=known.sent_id))).is_met


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (label(K.OTHER), taken(K.REPLY)),
        (label(K.AUTO_REPLY, stops_as=AutoReplyType.LEFT_COMPANY), taken(K.REPLY)),
        (label(K.REPLY), taken(K.OTHER)),
        (label(K.REPLY, sent_id="s1"), taken(K.UNSUBSCRIBE, sent_id="s1")),
        (label(K.DELAY), taken(K.BOUNCE, permanence="temporary")),
    ],
)
def test_what_stops_nobody_wrongly_is_no_fault(known: Label, found: Classified) -> None:
    for name in ("false stops", "missed stops"):
        assert measure(name, (known, found)).is_met


def test_what_is_right_is_counted_by_whatever_is_asked() -> None:
    pairs = [
        (label(K.BOUNCE, source="x"), taken(K.BOUNCE)),
        (label(K.BOUNCE, source="x"), taken(K.DELAY)),
        (label(K.REPLY, source="y"), taken(K.OTHER)),
    ]
    assert by(pairs, lambda one: one.source) == {"x": (1, 2), "y": (1, 1)}
