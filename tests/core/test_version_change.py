"""Where somebody stands after an edit: never back, never twice, never lost."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.sequence import Sequence, Step
from sequencer.core.version_change import Fate, ahead, move, moved_steps, traced


def of(*steps: str) -> Sequence:
    """`a b` are steps; `c<b` is the step c that was b."""
    named = (one.partition("<") for one in steps)
    return Sequence(
        name="short",
        window="buyer",
        steps=tuple(Step(id=name, template=f"t/{name}", was=was or None) for name, _sign, was in named),
    )


@pytest.mark.parametrize(
    ("old", "new", "at", "fate", "step", "skipped", "missed"),
    [
        ("a b c", "a b c", "b", Fate.STAYS, "b", "", ""),
        ("a b c", "a x b c", "b", Fate.STAYS, "b", "", "x"),
        ("a b c", "a b x c", "b", Fate.STAYS, "b", "", ""),
        ("a b c", "a d<b c", "b", Fate.RENAMED, "d", "", ""),
        ("a b c", "b c a", "b", Fate.STAYS, "b", "a", ""),
        ("a b c", "c b a", "b", Fate.STAYS, "b", "a", "c"),
        ("a b c", "a c", "b", Fate.REMOVED, "c", "", ""),
        ("a b c", "a x c", "b", Fate.REMOVED, "x", "", ""),
        ("a b c", "c a", "b", Fate.ENDS, None, "", "c"),
        ("a b", "a", "b", Fate.ENDS, None, "", ""),
        ("a b c", "b c", "a", Fate.REMOVED, "b", "", ""),
        ("a b c", "x", "c", Fate.REMOVED, "x", "", ""),
        ("a b c d", "a d b", "c", Fate.ENDS, None, "", "d"),
    ],
)
def test_each_edit_leads_to_the_place_a_lead_expects(
    old: str, new: str, at: str, fate: Fate, step: str | None, skipped: str, missed: str
) -> None:
    found = move(at, of(*old.split()), [of(*new.split())])
    assert (found.fate, found.step) == (fate, step)
    assert (" ".join(found.skipped), " ".join(found.missed)) == (skipped, missed)


def test_a_step_is_followed_through_every_name_it_had() -> None:
    assert traced("a", [of("b<a"), of("c<b")]) == "c"
    assert traced("a", [of("x"), of("a")]) == "a"
    assert traced("a", [of("x"), of("y")]) is None


def test_what_was_passed_before_an_earlier_edit_stays_passed_under_its_new_name() -> None:
    found = move("b", of("b", "a"), [of("b", "c<a", "d")], passed=("a",))
    assert found.skipped == ("c",)


def test_the_fewest_steps_that_explain_an_order_are_called_moved() -> None:
    assert moved_steps(of("a", "b", "c", "d"), [of("b", "c", "d", "a")]) == {"a"}
    assert moved_steps(of("a", "b", "c"), [of("a", "x", "b", "c")]) == frozenset()


NAMES = ("a", "b", "c", "d", "e")
orders = st.sampled_from([one for size in range(1, 6) for one in permutations(NAMES, size)])


@given(old=orders, edits=st.lists(orders, min_size=1, max_size=3), data=st.data())
def test_through_any_edits_no_step_is_had_twice(
    old: tuple[str, ...], edits: list[tuple[str, ...]], data: st.DataObject
) -> None:
    """She has some steps, an edit is applied, she has more of them, and so on to the end."""
    version, at, passed, had = of(*old), old[0], (), list[str]()
    for names in edits:
        new = of(*names)
        steps = [step.id for step in version.steps[version.index_of(at) :] if step.id not in passed]
        count = data.draw(st.integers(0, len(steps) - 1))
        had += steps[:count]
        moved = move(steps[count], version, [new], passed)
        if moved.step is None:
            return
        version, at, passed = new, moved.step, moved.passed
    coming = [after.id for _before, after in ahead(version, [version], move(at, version, [version], passed))]
    assert len({*had, *coming}) == len([*had, *coming])


@given(old=orders, new=orders, data=st.data())
def test_every_step_of_the_new_version_comes_was_had_or_is_told_as_missed(
    old: tuple[str, ...], new: tuple[str, ...], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(old) - 1))
    moved = move(old[at], of(*old), [of(*new)])
    coming = [after.id for _before, after in ahead(of(*old), [of(*new)], moved)]
    assert {*coming, *moved.missed} | set(old[:at]) >= set(new)
    assert not set(coming) & set(moved.missed)
    assert not set(coming) & set(old[:at])
