"""Which steps start a thread and which answer in it, and that the first mail has a subject."""

from collections.abc import Container, Mapping
from typing import Protocol

from sequencer.core.sequence import Step, Template
from sequencer.files.fault_list import FaultList
from sequencer.files.sequence_file import ReadSequence


class Library(Protocol):
    """Templates by name, those whose front matter cannot be read, and a template's language siblings."""

    @property
    def templates(self) -> Mapping[str, Template]: ...

    @property
    def headless(self) -> Container[str]: ...

    def siblings(self, arm: str) -> list[str]: ...


def check_subjects(read: ReadSequence, library: Library, faults: FaultList) -> None:
    """Add a fault for a thread nobody started, and for a step whose templates disagree about the thread."""
    has_root = False
    for index, step in enumerate(read.sequence.steps):
        names = [name for arm in step.arms for name in (arm, *library.siblings(arm))]
        if any(name in library.headless for name in names):
            has_root = True  # whether it has a subject shows when its front matter is mended
            continue
        taken = [library.templates[name] for name in names if name in library.templates]
        if not taken:
            continue
        without = [] if step.subject else [template for template in taken if template.subject is None]
        line = read.line_of(("steps", index, "template"))
        if without and len(without) < len(taken):
            shown = ", ".join(template.name for template in without)
            hint = "give all templates and languages of a step a subject, or none of them"
            faults.add(line, f"of the step {step.id!r}, {shown} has no subject but others have", hint)
        elif without and not has_root:
            hint = f"add `subject` to templates/{without[0].name}.md"
            faults.add(line, _why_root_is_needed(read, step), hint)
            has_root = True
        has_root = has_root or step.when is None


def _why_root_is_needed(read: ReadSequence, step: Step) -> str:
    first = next(other for other in read.sequence.steps if other.template is not None)
    if first.id == step.id:
        return "the first mail has no subject"
    return f"the step {step.id!r} is the first mail when the steps above are skipped, and has no subject"
