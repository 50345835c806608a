"""Report: how many people each step and sequence reached, and how many of them answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sequencer.core.first_answers import AnswerTimes, HumanMail, answer_times, first_of_each_wait
from sequencer.core.near_words import mend_for_typo
from sequencer.core.report import Line, needs_sent_count, sequence_lines, step_lines
from sequencer.errors import InputError
from sequencer.store import report as questions
from sequencer.store.engine import Store
from sequencer.store.first_answers import human_mails

By = Literal["step", "arm", "sequence"]

_BY_MESSAGE = (
    "reached = messages sent and not returned for good; replied = people who answered, each once per "
    "enrollment, credited to the message they cite, else to the last one sent before"
)
DENOMINATORS: dict[By, str] = {
    "step": _BY_MESSAGE,
    "arm": f"{_BY_MESSAGE}; the templates of a step apart",
    "sequence": (
        "reached = people with at least one message sent and not returned for good; replied = those of "
        "them who answered, each once per enrollment"
    ),
}
"""What the numbers of a report are parts of, for its header line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswers:
    """How fast reps answered mail received since `since`, three ways."""

    by_rep: tuple[AnswerTimes, ...]
    by_mailbox: tuple[AnswerTimes, ...]
    by_sequence: tuple[AnswerTimes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The lines of a report, and what they say."""

    by: By
    since: datetime | None
    """Messages that left before don't count."""
    lines: tuple[Line, ...]
    denominators: str
    first_answers: FirstAnswers


def report(
    store: Store, *, by: By, now: datetime, sequence: str | None = None, since: datetime | None = None
) -> Report:
    """Count one snapshot of the database; InputError for a sequence nobody was ever enrolled in."""
    with store.read() as tx:
        if sequence is not None:
            _require_used(sequence, questions.sequences_used(tx))
        counts = questions.message_counts(tx, sequence, since)
        came_back = questions.credits_of(tx, sequence)
        if by != "sequence":
            lines = step_lines(counts, came_back, since, by_arm=by == "arm")
        else:
            people = questions.people_counts(tx, sequence, since)
            sent_of = questions.sent_counts(tx, needs_sent_count(came_back), since)
            lines = sequence_lines(counts, people, came_back, sent_of, since)
        waits = first_of_each_wait(human_mails(tx, sequence=sequence, since=since))
    return Report(
        by=by,
        since=since,
        lines=tuple(lines),
        denominators=DENOMINATORS[by],
        first_answers=_first_answers(waits, now),
    )


def _first_answers(waits: Sequence[HumanMail], now: datetime) -> FirstAnswers:
    return FirstAnswers(
        by_rep=tuple(answer_times(waits, lambda one: one.rep, now)),
        by_mailbox=tuple(answer_times(waits, lambda one: one.mailbox, now)),
        by_sequence=tuple(answer_times(waits, lambda one: one.sequence, now)),
    )


def _require_used(sequence: str, used: list[str]) -> None:
    if sequence in used:
        return
    hint = mend_for_typo(sequence, used, otherwise=f"there are: {', '.join(used) or 'none yet'}")
    raise InputError(f"nobody was ever enrolled in a sequence {sequence!r}", hint=hint)
