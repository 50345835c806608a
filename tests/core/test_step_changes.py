"""An edited sequence beside an earlier one, as a lead reads it."""

from datetime import time

from sequencer.core.sequence import Sequence, SequenceVersion, Step, Template
from sequencer.core.step_changes import step_changes
from sequencer.core.timing import Wait


def a_version(*steps: Step, **bodies: str) -> SequenceVersion:
    templates = {
        f"t/{name}": Template(name=f"t/{name}", subject=None, body=text) for name, text in bodies.items()
    }
    sequence = Sequence(name="short", window="buyer", steps=steps)
    return SequenceVersion(hash=repr((steps, bodies)), sequence=sequence, templates=templates)


def test_each_change_of_a_step_is_told_in_the_words_of_its_author() -> None:
    old = a_version(
        Step(id="a", template="t/a"),
        Step(id="b", template="t/b", wait=Wait(3, "d")),
        Step(id="c", template="t/a"),
        Step(id="gone", task="Call them"),
        a="one",
        b="two",
    )
    new = a_version(
        Step(id="a", template="t/a", approve="always", when='country == "DE"'),
        Step(id="d", was="b", template="t/b", wait=Wait(5, "bd"), at=time(9, 30), weekdays=frozenset({5})),
        Step(id="new", template="t/a", attach=("price.pdf",)),
        Step(id="c", template="t/a", variants=("t/b",), weights=(3, 1)),
        a="one",
        b="other words",
    )
    told = {one.step: (one.was, "; ".join(one.words)) for one in step_changes(old, new, [new.sequence])}
    assert told == {
        "a": ("a", 'when none → country == "DE"; approve never → always'),
        "d": ("b", "was b; due 3d → 5bd; on fri; at 09:30; text of t/b"),
        "new": (None, "added"),
        "c": ("c", "weights none → 3, 1; template t/a → t/a, t/b; text of t/b"),
        "gone": ("gone", "removed"),
    }


def test_a_removed_step_stands_behind_the_one_it_came_after() -> None:
    old = a_version(Step(id="a", task="x"), Step(id="b", task="x"), Step(id="c", task="x"))
    new = a_version(Step(id="c", task="x"), Step(id="a", task="x"))
    found = step_changes(old, new, [new.sequence])
    assert [(one.step, one.words) for one in found] == [("c", ("moved",)), ("a", ()), ("b", ("removed",))]
