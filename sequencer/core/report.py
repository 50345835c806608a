"""Reply rates per step and per sequence: who was reached, who answered, and what else came back."""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from datetime import datetime

from sequencer.core.inbound import VerdictKind
from sequencer.core.outbox import OutboxState
from sequencer.core.statistics import Rate

COUNTED: frozenset[VerdictKind] = frozenset(
    {
        VerdictKind.REPLY,
        VerdictKind.AUTO_REPLY,
        VerdictKind.BOUNCE,
        VerdictKind.UNSUBSCRIBE,
        VerdictKind.COMPLAINT,
    }
)
"""Kinds of incoming mail that a report counts; a `delay` is no bounce, a receipt no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCount:
    """So many messages of one step are in one state."""

    sequence: str
    step: str
    state: OutboxState
    count: int
    first_at: datetime
    """When content of the first of them left."""
    template: str = ""
    """The arm they were rendered from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleCount:
    """So many enrollments of a sequence got at least one message that was sent."""

    sequence: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Something that came back, credited to one message."""

    kind: VerdictKind
    at: datetime
    outbox_id: int
    enrollment_id: int
    sequence: str
    step: str
    state: OutboxState
    """The message's state now."""
    sending_at: datetime
    """When the message's content left."""
    template: str = ""
    """The arm the message was rendered from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step's messages, those of one of its arms, or (`step` None) one sequence's people."""

    sequence: str
    step: str | None
    template: str | None = None
    """The arm, where they are counted apart."""
    reached: int
    """Sent and not finally bounced; an answered message has arrived whatever else is known of it."""
    replied: int
    """People who answered, each once per enrollment."""
    auto_replies: int = 0
    bounced: int = 0
    refused: int = 0
    """Turned down by the server while we were connected."""
    opted_out: int = 0
    complained: int = 0
    unsure: int = 0

    @property
    def rate(self) -> Rate:
        """Replied of reached."""
        return Rate(self.replied, self.reached)


def step_lines(
    counts: Iterable[MessageCount],
    credits_: Iterable[Credit],
    since: datetime | None = None,
    *,
    by_arm: bool = False,
) -> list[Line]:
    """One line a step, in the order in which steps first left, or one for each of its arms.

    Messages that left before `since` don't count.

    `counts` holds only messages since `since`; `credits_` holds all, so that a person who answered an
    earlier message is not counted again.
    """
    came_back = _CameBack(credits_, since)
    began: dict[tuple[str, str], datetime] = {}
    groups: dict[tuple[str, str, str | None], list[MessageCount]] = {}
    for one in counts:
        step = (one.sequence, one.step)
        began[step] = min(one.first_at, began.get(step, one.first_at))
        groups.setdefault((*step, one.template if by_arm else None), []).append(one)
    ordered = sorted(groups, key=lambda key: (key[0], began[key[0], key[1]], key[2] or ""))
    return [_step_line(key, groups[key], came_back) for key in ordered]


def sequence_lines(
    counts: Iterable[MessageCount],
    people: Iterable[PeopleCount],
    credits_: Iterable[Credit],
    sent_of: Mapping[int, int],
    since: datetime | None = None,
) -> list[Line]:
    """One line a sequence: people reached by at least one message, and people who answered.

    `sent_of` says how many messages since `since` were sent in each enrollment that `needs_sent_count`.
    """
    came_back = _CameBack(credits_, since)
    by_sequence: dict[str, list[MessageCount]] = {}
    for count in counts:
        by_sequence.setdefault(count.sequence, []).append(count)
    with_sent = {one.sequence: one.people for one in people}
    lines = []
    for sequence in sorted(by_sequence):
        mine = came_back.of(sequence)
        lost = sum(
            1
            for enrollment_id, bounced in _per_enrollment(mine.bounced()).items()
            if bounced >= sent_of.get(enrollment_id, 0) and enrollment_id not in mine.answered_enrollments()
        )
        # Whoever answered a message we are unsure of was reached, though nothing of theirs counts as sent.
        only_unsure = sum(1 for one in mine.answered_enrollments() if not sent_of.get(one, 1))
        reached = with_sent.get(sequence, 0) - lost + only_unsure
        lines.append(_line(sequence, None, reached, by_sequence[sequence], mine))
    return lines


def needs_sent_count(credits_: Iterable[Credit]) -> set[int]:
    """Enrollments of which `sequence_lines` must know how many messages were sent."""
    return {
        one.enrollment_id
        for one in credits_
        if one.kind is VerdictKind.BOUNCE or one.state is not OutboxState.SENT
    }


class _CameBack:
    """Credits to messages that left since `since`, with the questions the lines ask."""

    def __init__(self, credits_: Iterable[Credit], since: datetime | None = None) -> None:
        all_ = sorted(credits_, key=lambda one: (one.at, one.outbox_id))
        self._first_replies: dict[int, Credit] = {}
        for one in all_:
            if one.kind is VerdictKind.REPLY:
                self._first_replies.setdefault(one.enrollment_id, one)
        self._since = since
        self._credits = [one for one in all_ if self._counts(one)]

    def _counts(self, one: Credit) -> bool:
        return self._since is None or one.sending_at >= self._since

    def of(self, sequence: str, step: str | None = None, template: str | None = None) -> "_CameBack":
        mine = _CameBack(())
        mine._credits = [one for one in self._credits if _belongs(one, sequence, step, template)]
        mine._first_replies = {
            key: one
            for key, one in self._first_replies.items()
            if _belongs(one, sequence, step, template) and self._counts(one)
        }
        return mine

    def replied(self) -> int:
        return len(self._first_replies)

    def answered(self) -> dict[int, Credit]:
        """Messages a person answered, by id."""
        return {one.outbox_id: one for one in self._credits if one.kind is VerdictKind.REPLY}

    def answered_enrollments(self) -> set[int]:
        return {one.enrollment_id for one in self.answered().values()}

    def bounced(self) -> dict[int, Credit]:
        """Messages counted as sent that came back for good, by id."""
        answered = self.answered()
        return {
            one.outbox_id: one
            for one in self._credits
            if one.kind is VerdictKind.BOUNCE
            and one.state is OutboxState.SENT
            and one.outbox_id not in answered
        }

    def messages(self, kind: VerdictKind) -> int:
        return len({one.outbox_id for one in self._credits if one.kind is kind})

    def people(self, kind: VerdictKind) -> int:
        return len({one.enrollment_id for one in self._credits if one.kind is kind})

    def proven(self, state: OutboxState | None = None) -> int:
        """Answered messages that are not counted as sent (in this state)."""
        return sum(
            1
            for one in self.answered().values()
            if one.state is not OutboxState.SENT and (state is None or one.state is state)
        )


def _step_line(of: tuple[str, str, str | None], counts: Many[MessageCount], came_back: _CameBack) -> Line:
    sequence, step, template = of
    mine = came_back.of(sequence, step, template)
    reached = _in_state(counts)[OutboxState.SENT] - len(mine.bounced()) + mine.proven()
    return replace(_line(sequence, step, reached, counts, mine), template=template)


def _line(sequence: str, step: str | None, reached: int, counts: Many[MessageCount], mine: _CameBack) -> Line:
    in_state = _in_state(counts)
    return Line(
        sequence=sequence,
        step=step,
        reached=reached,
        replied=mine.replied(),
        auto_replies=mine.messages(VerdictKind.AUTO_REPLY),
        bounced=len(mine.bounced()),
        refused=in_state[OutboxState.REFUSED] - mine.proven(OutboxState.REFUSED),
        opted_out=mine.people(VerdictKind.UNSUBSCRIBE),
        complained=mine.people(VerdictKind.COMPLAINT),
        unsure=in_state[OutboxState.UNSURE] - mine.proven(OutboxState.UNSURE),
    )


def _in_state(counts: Iterable[MessageCount]) -> Counter[OutboxState]:
    total: Counter[OutboxState] = Counter()
    for one in counts:
        total[one.state] += one.count
    return total


def _per_enrollment(credits_: Mapping[int, Credit]) -> Counter[int]:
    return Counter(one.enrollment_id for one in credits_.values())


def _belongs(one: Credit, sequence: str, step: str | None, template: str | None) -> bool:
    return one.sequence == sequence and step in (None, one.step) and template in (None, one.template)
