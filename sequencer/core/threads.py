"""Which steps start a thread of their own and which answer in the one before."""

from enum import StrEnum

from sequencer.core.sequence import SequenceVersion, Step


class Threading(StrEnum):
    STARTS = "starts a thread"
    ANSWERS = "answers in the thread"
    TASK = "task"


def threading_of(version: SequenceVersion, step: Step) -> Threading:
    """What a step does: one with a subject, its own or its template's, starts a thread."""
    if step.template is None:
        return Threading.TASK
    has_subject = step.subject is not None or version.templates[step.template].subject is not None
    return Threading.STARTS if has_subject else Threading.ANSWERS
