"""A message's events told over again: how often it may have left, and whether its row follows from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sequencer.core.audit import Handed, Happened, said
from sequencer.core.outbox import SPENT, OutboxState

S = OutboxState
_DID_NOT_LEAVE = frozenset({S.DEFERRED, S.REFUSED, S.READY})
_OUTCOMES = frozenset({S.SENT, S.UNSURE, *_DID_NOT_LEAVE})
_TOLD_LATER = frozenset({"resolved", "answered_late"})
"""A person's word or later evidence; a server's last word on what had been resolved meanwhile."""
ARRIVED_ANYWAY = "arrived_anyway"
"""A person had given it up, and evidence came that it had arrived."""
CHAIN_KINDS = frozenset({"claimed", "sending", "released", ARRIVED_ANYWAY, *_TOLD_LATER, *_OUTCOMES})
"""The events that a chain is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What the events of one message come to."""

    claims: int
    attempts: int
    """How often content may have left, or begun to."""
    resends: tuple[Happened, ...]
    """Orders of a person to send it once more."""
    again: tuple[str, ...]
    """Attempts that nobody ordered after one that had left, or may have."""
    gaps: tuple[str, ...]
    """What does not follow from what."""
    mark: Happened | None
    """The last mark `sending`, under which it left if it did; None when there is none."""
    is_lost_batch: bool
    """Claimed in a batch whose marks the machine's end may have taken: said to be unsure, never marked."""
    events: tuple[Happened, ...]


@dataclass(slots=True)
class _Replay:
    claims: int = 0
    attempts: int = 0
    since_claim: list[Happened] = field(default_factory=list)
    left: Happened | None = None
    """The event by which it has left, or may have."""

    def take(self, event: Happened) -> str | None:
        """The words of a finding when this event hands the message over once more, unordered."""
        again = None
        if event.kind == "claimed":
            self.claims += 1
            self.since_claim = []
        elif event.kind == "sending":
            self.attempts += 1
            if self.left is not None:
                how = _how_left(self.left)
                again = f"handed over again at {said(event.at)}, though {how} and nobody ordered it"
            self.left = event
        elif event.kind in (S.SENT, S.UNSURE):
            self.left = event
        elif event.kind in _TOLD_LATER:
            self.told_later(event)
        elif event.kind in _DID_NOT_LEAVE and any(e.kind == "sending" for e in self.since_claim):
            # Without a mark it is the answer to an attempt that had not begun to leave.
            self.left = None
        self.since_claim.append(event)
        return again

    def told_later(self, event: Happened) -> None:
        """What is known to be sent stays sent, whatever a server says after."""
        is_known = self.left is not None and _came_to(self.left) == S.SENT
        if _came_to(event) == S.SENT:
            self.left = event
        elif event.kind == "resolved" or not is_known:
            self.left = None


def chain_of(message: Handed, events: Sequence[Happened]) -> Chain:
    """Tell the message's events over again, in the order in which they were committed."""
    replay = _Replay()
    again = tuple(words for event in events if (words := replay.take(event)) is not None)
    last = replay.since_claim
    is_marked = any(event.kind == "sending" for event in last)
    outcome = _outcome(events)
    is_lost = not is_marked and message.batch_boot is not None and any(e.kind == S.UNSURE for e in last)
    mark = next((event for event in reversed(events) if event.kind == "sending"), None)
    # Resolved by later evidence, it left under an earlier claim's mark.
    is_proved = outcome is not None and outcome.kind in _TOLD_LATER
    needs_mark = not is_lost and not (is_proved and mark is not None)
    gaps = (
        *_gaps_of_events(message, replay, outcome, is_without_mark=needs_mark and not is_marked),
        *_gaps_of_times(message, is_ordered=is_marked and not is_lost),
    )
    return Chain(
        claims=replay.claims,
        attempts=replay.attempts,
        resends=tuple(e for e in events if e.kind == "resolved" and e.data.get("to") == S.READY),
        again=again,
        gaps=gaps,
        mark=None if is_lost else mark,
        is_lost_batch=is_lost,
        events=tuple(events),
    )


def _outcome(events: Sequence[Happened]) -> Happened | None:
    """The last event that says what became of an attempt; a late answer counts only where it changed that."""
    last: Happened | None = None
    for event in events:
        if event.kind in ("claimed", "sending"):
            last = last if event.kind == "claimed" else None
        elif event.kind == "answered_late" and _came_to(last) == S.SENT:
            continue
        elif event.kind in _OUTCOMES or event.kind in _TOLD_LATER:
            last = event
    return last


def _came_to(outcome: Happened | None) -> str | None:
    """The state an outcome leaves the row in."""
    if outcome is None:
        return None
    told = {"resolved": "to", "answered_late": "state"}.get(outcome.kind)
    return str(outcome.data.get(told)) if told else outcome.kind


def _gaps_of_events(
    message: Handed, replay: _Replay, outcome: Happened | None, *, is_without_mark: bool
) -> Iterator[str]:
    if replay.claims == 0:
        yield f"it is {message.state}, and no claim is recorded"
        return
    if replay.claims != message.attempt:
        yield f"its row counts {message.attempt} claims, {replay.claims} are recorded"
    came_to = _came_to(outcome)
    if message.state not in SPENT:
        if came_to == S.SENT:
            yield f"it is {message.state}, though it is recorded as sent at {_at(outcome)}"
        return
    if is_without_mark:
        yield f"it is {message.state}, and no mark `sending` is recorded for its last attempt"
    if message.state is S.SENDING and outcome is not None:
        yield f"it is sending, though its outcome is recorded: {came_to} at {_at(outcome)}"
    elif message.state is not S.SENDING and came_to != message.state:
        yield f"it is {message.state}, and what is recorded is {came_to or 'no outcome'}"


def _gaps_of_times(message: Handed, *, is_ordered: bool) -> Iterator[str]:
    if not message.is_version_known:
        yield f"its sequence version {message.version_hash[:12]} is not in the database"
    if message.state not in SPENT:
        return
    claimed_at, sending_at, sent_at = message.claimed_at, message.sending_at, message.sent_at
    if claimed_at is None:
        yield "it bears no time of its claim"
    elif is_ordered and sending_at is not None and sending_at < claimed_at:
        yield f"marked at {said(sending_at)}, before its claim of {said(claimed_at)}"
    if sending_at is None:
        yield "it bears no time at which it left"
    elif sent_at is not None and sent_at < sending_at:
        yield f"sent at {said(sent_at)}, before its mark of {said(sending_at)}"


def _how_left(event: Happened) -> str:
    if event.kind == "sending":
        return f"no outcome is recorded of the attempt of {said(event.at)}"
    if event.kind == S.UNSURE:
        return f"what became of it was unsure since {said(event.at)}"
    return f"it had been sent at {said(event.at)}"


def _at(event: Happened | None) -> str:
    at: datetime | None = event.at if event else None
    return said(at) if at else "?"
