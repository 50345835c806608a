"""What an edited sequence means for those who run an earlier one: where each stands, and what they get."""

from collections.abc import Collection
from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from enum import StrEnum

from jinja2 import meta

from sequencer.core.languages import split_name
from sequencer.core.render import pick_template
from sequencer.core.render_fault import RenderFault
from sequencer.core.sequence import Sequence, SequenceVersion, Step, Template
from sequencer.core.template_env import environment_of


class Fate(StrEnum):
    """What becomes of an enrollment's place."""

    STAYS = "stays"
    RENAMED = "renamed"
    """It stands at the same step, which is called otherwise now."""
    REMOVED = "removed"
    """Its step is gone: it goes on with the one that now comes after what it had."""
    ENDS = "ends"
    """Its step is gone and nothing comes after what it had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where an enrollment stands in the new version."""

    fate: Fate
    step: str | None
    """None: it has completed."""
    passed: tuple[str, ...] = ()
    """Every step it has behind it, by its last name, in the new version or not: it never comes again."""
    skipped: tuple[str, ...] = ()
    """Those of them that stand after it now."""
    missed: tuple[str, ...] = ()
    """Steps that stand before it now and that it never came to: it does not go back for them."""


def last_name(step: str, later: Many[Sequence]) -> str:
    """What a step was called last in these versions, by their `was`, whether it is still there or not."""
    for sequence in later:
        if step not in {one.id for one in sequence.steps}:
            step = next((one.id for one in sequence.steps if one.was == step), step)
    return step


def traced(step: str, later: Many[Sequence]) -> str | None:
    """What a step is called in the last of these versions; None when it is gone."""
    name = last_name(step, later)
    return name if name in {one.id for one in later[-1].steps} else None


def move(at: str, old: Sequence, later: Many[Sequence], passed: Collection[str] = ()) -> Move:
    """Where somebody at step `at` of `old` stands in the last of the `later` versions, oldest first.

    `passed` is what an earlier move said. A step is looked for by its id and `was`. One that is gone is
    left for the step after the last one before it that is still there.
    """
    new, behind = later[-1], old.steps[: old.index_of(at)]
    had = {last_name(one, later) for one in (*(step.id for step in behind), *passed)}
    place = traced(at, later)
    if place is not None:
        index = new.index_of(place)
        fate = Fate.STAYS if place == at else Fate.RENAMED
    else:
        kept = (traced(step.id, later) for step in reversed(behind))
        after = next((new.index_of(one) + 1 for one in kept if one is not None), 0)
        free = (at for at, step in enumerate(new.steps) if at >= after and step.id not in had)
        index = next(free, len(new.steps))
        fate = Fate.REMOVED if index < len(new.steps) else Fate.ENDS
    return Move(
        fate=fate,
        step=new.steps[index].id if index < len(new.steps) else None,
        passed=tuple(sorted(had)),
        skipped=tuple(step.id for step in new.steps[index + 1 :] if step.id in had),
        missed=tuple(step.id for step in new.steps[:index] if step.id not in had),
    )


def ahead(old: Sequence, later: Many[Sequence], moved: Move) -> list[tuple[Step | None, Step]]:
    """The steps still to come after a move, each beside the one it was in `old`; None: it is new."""
    if moved.step is None:
        return []
    new = later[-1]
    before = {traced(step.id, later): step for step in old.steps}
    coming = new.steps[new.index_of(moved.step) :]
    return [(before.get(step.id), step) for step in coming if step.id not in moved.passed]


def does_the_same(old: Step, new: Step) -> bool:
    """Whether two steps differ in their names at most; their templates' texts are not looked at."""
    return replace(old, id="", was=None) == replace(new, id="", was=None)


def moved_steps(old: Sequence, later: Many[Sequence]) -> frozenset[str]:
    """The steps of the new version that changed places with others: the fewest that explain its order."""
    new = later[-1]
    kept = [new.index_of(one) for step in old.steps if (one := traced(step.id, later)) is not None]
    runs: list[list[int]] = [[]]
    for place in kept:
        fitting = [run for run in runs if not run or run[-1] < place]
        runs.append([*_longest(fitting), place])
    in_order = set(_longest(runs))
    return frozenset(new.steps[place].id for place in kept if place not in in_order)


def _longest(runs: list[list[int]]) -> list[int]:
    return max(runs, key=lambda run: len(run))


class Texts:
    """What each template of a version comes to, its partials included."""

    def __init__(self, version: SequenceVersion) -> None:
        self._version = version
        self._bodies = {name: tuple(self._reached(one)) for name, one in version.templates.items()}

    def of(self, arm: str, language: str) -> tuple[object, ...]:
        """Equal for two versions exactly when a contact of this language reads the same words."""
        try:
            return self._said(pick_template(self._version, arm, language))
        except RenderFault:
            return ()

    def differing(self, other: "Texts", arms: Collection[str]) -> list[str]:
        """Which of these templates, with their language siblings, say something else in the other version."""
        names = {one for one in (*self._bodies, *other._bodies) if {one, split_name(one)[0]} & set(arms)}
        return sorted(name for name in names if self._named(name) != other._named(name))

    def _named(self, name: str) -> tuple[object, ...]:
        template = self._version.templates.get(name)
        return self._said(template) if template is not None else ()

    def _said(self, template: Template) -> tuple[object, ...]:
        head = (template.subject, template.preheader, template.attach, template.language)
        return (*head, *self._bodies[template.name])

    def _reached(self, template: Template) -> list[str]:
        """The body, and those of its partials in the order in which they are met."""
        environment, bodies = environment_of(self._version), [template.body]
        for name in meta.find_referenced_templates(environment.parse(template.body)):
            partial = self._version.templates.get(name or "")
            bodies += self._reached(partial) if partial is not None else []
        return bodies
