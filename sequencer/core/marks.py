"""Marks: what a rep says an answer comes to, and what each does, as data; see docs/states.md."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sequencer.core import actions as act
from sequencer.core.contact import Stage
from sequencer.core.effects import VerdictCase, decide_case
from sequencer.core.enrollment import FinishReason
from sequencer.core.inbound import MatchVia, VerdictKind

if TYPE_CHECKING:
    from sequencer.core.matching import Match  # which loads the parsers of mail

FROM_PEOPLE = frozenset({VerdictKind.REPLY, VerdictKind.AMBIGUOUS})
"""Kinds that somebody should answer."""
OUR_OWN = frozenset({VerdictKind.OWN_COPY, VerdictKind.HAND_WRITTEN})
_SPAN = re.compile(r"(?:in\s+)?(\d{1,3})\s*(d|w|m|days?|weeks?|months?)", re.IGNORECASE)


class Mark(StrEnum):
    """What an answer comes to, in a rep's words."""

    INTERESTED = "interested"
    QUESTION = "question"
    LATER = "later"
    NOT_INTERESTED = "not_interested"
    REFERRAL = "referral"
    WRONG_PERSON = "wrong_person"
    CUSTOMER = "customer"
    UNSUBSCRIBE = "unsubscribe"
    UNRELATED = "unrelated"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkEffect:
    """One row: what happens beside the mark itself."""

    words: str
    """For the help and docs/states.md."""
    is_answer: bool = False
    """Somebody answered us: what still runs finishes, and ambiguous mail becomes a reply."""
    of_people_only: bool = False
    """Refused of a machine's mail, whose verdict must be corrected first."""
    stage: Stage | None = None
    stage_from: tuple[Stage, ...] = ()
    """Only from these; never back."""
    task: str | None = None
    """Title; `{who}` is the sender, `{address}` the one named."""
    only_unanswered: bool = False
    """The task is made only while nobody has written back."""
    waits: bool = False
    """The message still waits for an answer."""
    opts_out: bool = False
    """As the verdict `unsubscribe`."""
    releases: bool = False
    """Holds that the message set end."""


_BEFORE_TALKS = (Stage.OPPORTUNITY, Stage.LOST)
_OPEN = (
    *(Stage.OPPORTUNITY, Stage.CONVERSATION),
    *(Stage.QUALIFIED_1, Stage.QUALIFIED_2, Stage.QUALIFIED_3),
)

MARKS: Mapping[Mark, MarkEffect] = {
    Mark.INTERESTED: MarkEffect(
        words="they want to go on: qualified 1, and a task to answer today",
        is_answer=True,
        of_people_only=True,
        stage=Stage.QUALIFIED_1,
        stage_from=(*_BEFORE_TALKS, Stage.CONVERSATION),
        task="Answer {who}: interested",
        only_unanswered=True,
        waits=True,
    ),
    Mark.QUESTION: MarkEffect(
        words="they ask something: conversation, and a task to answer today",
        is_answer=True,
        of_people_only=True,
        stage=Stage.CONVERSATION,
        stage_from=_BEFORE_TALKS,
        task="Answer {who}'s question",
        only_unanswered=True,
        waits=True,
    ),
    Mark.LATER: MarkEffect(
        words="not now: a task to write to them again on that day",
        is_answer=True,
        of_people_only=True,
        stage=Stage.CONVERSATION,
        stage_from=_BEFORE_TALKS,
        task="Write to {who} again, as they asked",
    ),
    Mark.NOT_INTERESTED: MarkEffect(
        words="they don't want it: lost; no opt-out",
        is_answer=True,
        of_people_only=True,
        stage=Stage.LOST,
        stage_from=_OPEN,
    ),
    Mark.REFERRAL: MarkEffect(
        words="they name somebody else: a task to write to that address; nobody is enrolled by it",
        is_answer=True,
        task="Write to {address}, whom {who} named",
    ),
    Mark.WRONG_PERSON: MarkEffect(
        words="somebody else decides there: lost, and a task to find out who",
        is_answer=True,
        stage=Stage.LOST,
        stage_from=_OPEN,
        task="Find out who decides in place of {who}",
    ),
    Mark.CUSTOMER: MarkEffect(
        words="they buy from us: won",
        is_answer=True,
        of_people_only=True,
        stage=Stage.WON,
        stage_from=(*_OPEN, Stage.LOST),
    ),
    Mark.UNSUBSCRIBE: MarkEffect(
        words="they want no more mail: what the verdict unsubscribe does", opts_out=True
    ),
    Mark.UNRELATED: MarkEffect(words="it does not concern us: the holds that it set end", releases=True),
    Mark.DONE: MarkEffect(words="it needs no answer; nothing else changes"),
}
SETTLED: frozenset[Mark] = frozenset(mark for mark, effect in MARKS.items() if not effect.waits)
"""Marks after which a message no longer waits for an answer."""


def decide_mark(mark: Mark, kind: VerdictKind, match: "Match") -> tuple[act.Action, ...]:
    """What a mark does by the table of verdicts. No notice: whoever says so knows.

    A colleague who cites nothing of ours answers for the company: what their mail held there finishes.
    """
    effect = MARKS[mark]
    if effect.opts_out:
        decided = decide_case(VerdictCase.UNSUBSCRIBE, match)
        return tuple(action for action in decided if not isinstance(action, act.Notice))
    if not effect.is_answer or kind not in FROM_PEOPLE:
        return ()
    if match.via is not MatchVia.COMPANY:
        target = act.Target(scope=act.Scope.CONTACT, contact_id=match.contact_id)
        return (act.FinishEnrollments(target=target, reason=FinishReason.REPLIED),)
    if not match.domain:
        return ()
    target = act.Target(scope=act.Scope.WHOLE_COMPANY, contact_id=match.contact_id, domain=match.domain)
    return (act.FinishEnrollments(target=target, reason=FinishReason.COMPANY_REPLIED),)


def day_of(text: str, today: date) -> date:
    """The day that `2027-03-01`, `3w` or `in 2 months` means; ValueError unless it comes after `today`."""
    span = _SPAN.fullmatch(text.strip())
    try:
        day = _after(today, int(span[1]), span[2][0].lower()) if span else date.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no day: write 2027-03-01, 10d, 3w or 2m (months)") from None
    if day <= today:
        raise ValueError(f"{text!r} is not after today, {today}: name a day to come")
    return day


def _after(today: date, amount: int, unit: str) -> date:
    if unit != "m":
        return today + timedelta(days=amount * (7 if unit == "w" else 1))
    year, month = divmod(today.year * 12 + today.month - 1 + amount, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
