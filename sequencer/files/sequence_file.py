"""Reads a sequence's YAML into `core.sequence.Sequence`, and what must hold within it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from sequencer.core.render import asset_name_fault
from sequencer.core.sequence import Sequence, Step
from sequencer.core.subject import answer_mark
from sequencer.core.timing import BeforeHoliday
from sequencer.files.fault_list import FaultList
from sequencer.files.known_names import SUFFIX
from sequencer.files.sequence_shape import BeforeHolidayShape, SequenceShape, StepShape
from sequencer.files.shape_faults import Loc, add_shape_faults
from sequencer.files.template_checks import JinjaCheck
from sequencer.files.timing_checks import timing_faults
from sequencer.files.yaml_positions import load_yaml

_MAIL_ONLY = ("variants", "weights", "attach", "subject")


@dataclass(frozen=True, slots=True)
class ReadSequence:
    """A sequence and where its parts stand in its file."""

    sequence: Sequence
    line_of: Callable[[Loc], int | None]


def parse_sequence(text: str, name: str, faults: FaultList) -> ReadSequence | None:
    """The sequence in `text`, read from `sequences/<name>.yaml`; None after adding its faults of form."""
    loaded = load_yaml(text, faults)
    if loaded is None:
        return None
    try:
        shape = SequenceShape.model_validate(loaded.data)
    except ValidationError as error:
        add_shape_faults(faults, error, SequenceShape, loaded.line_of)
        return None
    if shape.sequence != name:
        hint = f"write `sequence: {name}`, or rename the file to {shape.sequence}{SUFFIX}"
        faults.add(loaded.line_of(("sequence",)), f"the file is called {name}, not {shape.sequence}", hint)
    return ReadSequence(_sequence(shape), loaded.line_of)


def _sequence(shape: SequenceShape) -> Sequence:
    return Sequence(
        name=shape.sequence,
        description=shape.description,
        window=shape.window,
        on_reply=shape.stop.on_reply,
        steps=tuple(_step(step) for step in shape.steps),
    )


def _step(shape: StepShape) -> Step:
    return Step(
        id=shape.id,
        wait=shape.wait,
        at=shape.at,
        weekdays=shape.on[0] if shape.on else frozenset(),
        dates=shape.on[1] if shape.on else (),
        before_holiday=_before_holiday(shape.before_holiday) if shape.before_holiday else None,
        expires=shape.expires,
        template=shape.template,
        variants=tuple(shape.variants),
        weights=tuple(shape.weights),
        task=shape.task,
        wait_for_task=shape.wait_for_task,
        when=shape.when,
        attach=tuple(shape.attach),
        approve=shape.approve,
        subject=shape.subject,
        was=shape.was,
    )


def _before_holiday(shape: BeforeHolidayShape) -> BeforeHoliday:
    return BeforeHoliday(lead=shape.days, name=shape.name or "", within=shape.within)


def check_steps(read: ReadSequence, jinja: JinjaCheck, faults: FaultList) -> None:
    """Add what is wrong within the steps: ids, what a step does, conditions and patterns."""
    ids = [step.id for step in read.sequence.steps]
    for index, step in enumerate(read.sequence.steps):
        for key, message, hint in (
            *_id_faults(step, ids, index),
            *_kind_faults(step),
            *timing_faults(step),
            *_text_faults(step),
        ):
            faults.add(read.line_of(("steps", index, *key)), message, hint)
        for key, text in _jinja_texts(step):
            line = read.line_of(("steps", index, *key)) or 1
            for included in jinja.check(text, line, faults):
                faults.add(included.line, "{% include %} has no place in a sequence file", None)


_Found = tuple[tuple[str | int, ...], str, str | None]


def _id_faults(step: Step, ids: list[str], index: int) -> Iterator[_Found]:
    if step.id in ids[:index]:
        yield ("id",), f"the step id {step.id!r} is taken by a step above", "give each step its own id"
    if step.was is not None and step.was in ids:
        yield ("was",), f"{step.was!r} is still a step of this sequence", "`was` names the id it had before"


def _kind_faults(step: Step) -> Iterator[_Found]:
    if step.template is None and step.task is None:
        yield (), f"the step {step.id!r} does nothing", "give it a `template` or a `task`"
    if step.template is not None and step.task is not None:
        yield ("task",), f"the step {step.id!r} has a template and a task", "make two steps of it"
    elif step.task is not None:
        for key in (key for key in _MAIL_ONLY if getattr(step, key)):
            yield (key,), f"`{key}` is for mails, and the step {step.id!r} is a task", "remove it"
        if step.approve != "never":
            yield ("approve",), f"`approve` is for mails, and the step {step.id!r} is a task", "remove it"
    elif not step.wait_for_task:
        yield ("wait_for_task",), f"the step {step.id!r} has no task to wait for", "remove `wait_for_task`"
    for position, variant in enumerate(step.variants):
        if variant in step.arms[: position + 1]:
            yield ("variants", position), f"the template {variant!r} is in this step twice", "keep one"
    if step.arms and step.weights and len(step.weights) != len(step.arms):
        found = f"the step {step.id!r} has {len(step.arms)} templates and not as many weights"
        yield ("weights",), found, "give one for the template and one for each of its variants"


def _text_faults(step: Step) -> Iterator[_Found]:
    mark = answer_mark(step.subject) if step.subject else None
    if mark is not None:
        yield ("subject",), *faked_answer(mark)
    for position, pattern in enumerate(step.attach):
        fault = attach_fault(pattern)
        if fault is not None:
            yield ("attach", position), f"the attachment {pattern!r} {fault}", None
    if step.when is not None:
        fault = _condition_fault(step.when)
        if fault is not None:
            yield ("when",), f"the condition {step.when!r}: {fault}", None


def faked_answer(mark: str) -> tuple[str, str]:
    """What is wrong with a subject that begins with `mark`, and the mend."""
    return (
        f"the subject begins with {mark!r}, but it starts a thread: that would fake an answer",
        "leave `subject` out to answer in the thread, or take the mark away",
    )


def attach_fault(pattern: str) -> str | None:
    """What is wrong with an attachment's pattern whatever its values are; None when nothing is."""
    return asset_name_fault(re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "x", pattern) or "x")


def _condition_fault(text: str) -> str | None:
    from sequencer.core.condition import parse_condition

    try:
        parse_condition(text)
    except ValueError as error:
        return str(error)
    return None


def _jinja_texts(step: Step) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if step.task is not None:
        yield ("task",), step.task
    if step.subject is not None:
        yield ("subject",), step.subject
    for position, pattern in enumerate(step.attach):
        yield ("attach", position), pattern
