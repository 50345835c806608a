"""Report: how many people each step and sequence reached, and how many of them answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sequencer.core.near_words import mend_for_typo
from sequencer.core.report import Line, needs_sent_count, sequence_lines, step_lines
from sequencer.errors import InputError
from sequencer.store import report as questions
from sequencer.store.engine import Store

By = Literal["step", "sequence"]

DENOMINATORS: dict[By, str] = {
    "step": (
        "reached = messages sent and not returned for good; replied = people who answered, each once per "
        "enrollment, credited to the message they cite, else to the last one sent before"
    ),
    "sequence": (
        "reached = people with at least one message sent and not returned for good; replied = those of "
        "them who answered, each once per enrollment"
    ),
}
"""What the numbers of a report are parts of, for its header line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The lines of a report, and what they say."""

    by: By
    since: datetime | None
    """Messages that left before don't count."""
    lines: tuple[Line, ...]
    denominators: str


def report(store: Store, *, by: By, sequence: str | None = None, since: datetime | None = None) -> Report:
    """Count one snapshot of the database; InputError for a sequence nobody was ever enrolled in."""
    with store.read() as tx:
        if sequence is not None:
            _require_used(sequence, questions.sequences_used(tx))
        counts = questions.message_counts(tx, sequence, since)
        came_back = questions.credits_of(tx, sequence)
        if by == "step":
            lines = step_lines(counts, came_back, since)
        else:
            people = questions.people_counts(tx, sequence, since)
            sent_of = questions.sent_counts(tx, needs_sent_count(came_back), since)
            lines = sequence_lines(counts, people, came_back, sent_of, since)
    return Report(by=by, since=since, lines=tuple(lines), denominators=DENOMINATORS[by])


def _require_used(sequence: str, used: list[str]) -> None:
    if sequence in used:
        return
    hint = mend_for_typo(sequence, used, otherwise=f"there are: {', '.join(used) or 'none yet'}")
    raise InputError(f"nobody was ever enrolled in a sequence {sequence!r}", hint=hint)
