"""What is asked of one message that was handed over: a function a check, each with its words."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sequencer.core.audit import AuditLimits, Handed, Happened, Result, Silence, Stop, said, seconds
from sequencer.core.caps import CapKind
from sequencer.core.inbound import VerdictKind
from sequencer.core.outbox import SPENT

DIALLING_IN = timedelta(minutes=5)
"""The window is asked at the claim; then the server is dialled, which may take as long as this."""
READ_BEGUN_MEANWHILE_IN = timedelta(seconds=2)
"""The gate takes a read begun this long after its look at the clock; a later one is of another clock."""


def check_window(message: Handed, limits: AuditLimits) -> tuple[Result, str]:
    """Whether it was claimed, and left, before the window that was open at its claim closed."""
    until, claimed_at, sending_at = message.window_until, message.claimed_at, message.sending_at
    if message.window is None or until is None or claimed_at is None or sending_at is None:
        return Result.NOT_KNOWN, "its window was not written down"
    if not message.is_window_of_mark:
        return Result.NOT_KNOWN, "the window written down is that of a later claim"
    allowed = until + (limits.retry_past_window_in if message.is_retry else timedelta(0))
    past = " (as a retry it had until " + said(allowed) + ")" if message.is_retry else ""
    closed = f"window {message.window} closed at {said(until)}{past}"
    if claimed_at > allowed:
        return Result.FOUND, f"{closed}; it was claimed at {said(claimed_at)}"
    if sending_at > allowed + DIALLING_IN:
        return Result.FOUND, f"{closed}; it left at {said(sending_at)}"
    return Result.PASSED, f"window {message.window} was open until {said(until)}{past}"


def check_cap(message: Handed, over: Mapping[CapKind, int]) -> tuple[Result, str]:
    """Whether there was room under each cap, by what was counted then and by what the rows say now."""
    noted = dict(_noted_caps(message))
    faults = [words for word, cap in noted.items() for words in _over(message, word, *cap, over)]
    if faults:
        return Result.FOUND, "; ".join(faults)
    if CapKind.MAILBOX not in noted:
        return Result.NOT_KNOWN, "its cap was not written down"
    words = (f"{counted} of {limit} {_of_cap(word)}" for word, (counted, limit) in noted.items())
    return Result.PASSED, ", ".join(words)


def _noted_caps(message: Handed) -> Iterator[tuple[str, tuple[int, int]]]:
    """What was counted before it, and the limit, of each cap that bound the attempt that left."""
    if message.cap_limit is not None and message.cap_count is not None:
        yield CapKind.MAILBOX.value, (message.cap_count, message.cap_limit)
    if message.caps is not None and message.is_window_of_mark:
        yield from ((word, (counted, limit)) for word, (counted, limit) in message.caps.items())


def _over(message: Handed, word: str, counted: int, limit: int, over: Mapping[CapKind, int]) -> Iterator[str]:
    left = over.get(CapKind(word.partition(":")[0]))
    if counted >= limit:
        yield f"the gate counted {counted} {_of_cap(word)}, the cap was {limit}"
    elif left is not None and left >= limit and message.state in SPENT:
        yield f"{left} had left {_of_cap(word)}, the cap was {limit}"


def _of_cap(word: str) -> str:
    """What a cap counts, of a message; `word` is what its claim noted it as."""
    kind, _, of = word.partition(":")
    match CapKind(kind):
        case CapKind.MAILBOX:
            return "in the 24 hours before"
        case CapKind.DATE:
            return f"before it on its date in {of}"
        case CapKind.NEW:
            return "as first mails"
        case CapKind.GROUP:
            return f"by group {of}"
        case CapKind.COMPANY:
            return "to the company"
        case CapKind.CONTACT:
            return "to the person"


def check_suppressed(message: Handed, silences: Sequence[Silence]) -> tuple[Result, str]:
    """Whether it left to somebody who was suppressed by then."""
    at = message.sending_at
    if at is None:
        return Result.NOT_KNOWN, "when it left was not written down"
    before = [one for one in silences if one.created_at < at]
    if not before:
        return Result.PASSED, "was not suppressed"
    first = min(before, key=lambda one: one.created_at)
    return Result.FOUND, f"{first.pattern} was suppressed since {said(first.created_at)} ({first.reason})"


def check_stopped(mark: Happened | None, course: Sequence[Happened]) -> tuple[Result, str]:
    """Whether its enrollment ran, by the order in which mark, holds and finishes were committed."""
    if mark is None:
        return Result.NOT_KNOWN, "no mark `sending` is recorded"
    before = [one for one in course if one.id < mark.id]
    if not before or before[-1].kind == "resumed":
        return Result.PASSED, "was active"
    last = before[-1]
    words = "finished" if last.kind == "finished" else "held"
    return Result.FOUND, f"its enrollment was {words} ({last.data.get('reason', '?')}) since {said(last.at)}"


def check_read(
    message: Handed, stops: Sequence[Stop], limits: AuditLimits, *, is_follow_up: bool, is_known: bool
) -> tuple[Result, str]:
    """Whether the inboxes had been read recently enough when a follow-up left."""
    read_at, at = message.gate_read_at, message.sending_at
    if not is_follow_up and read_at is None:
        return Result.NOT_NEEDED, "a first mail"
    if at is None or not is_known:
        return Result.NOT_KNOWN, "what its gate relied on was not written down"
    if read_at is None:
        missed = _missed(message, stops, limits)
        return (
            Result.FOUND,
            f"{missed}a follow-up left at {said(at)}, and no read of an inbox stands behind it",
        )
    age = at - read_at
    if age > limits.max_inbox_age_in:
        missed, limit = _missed(message, stops, limits), seconds(limits.max_inbox_age_in)
        words = f"{missed}the read it relied on began {seconds(age)} before it left; the limit is {limit}"
        return Result.FOUND, words
    if age < -READ_BEGUN_MEANWHILE_IN:
        return Result.FOUND, f"the read it relied on is dated {seconds(-age)} after it left"
    return Result.PASSED, f"the oldest inbox read began {seconds(age)} before it left"


def _missed(message: Handed, stops: Sequence[Stop], limits: AuditLimits) -> str:
    """The first answer that a read in time might have found."""
    before = [
        (received_at, stop)
        for stop in stops
        if (received_at := _on_our_clock(stop, limits)) < (message.sending_at or received_at)
        and not _was_known_at_enrolling(stop, message)
    ]
    if not before:
        return ""
    _at, stop = min(before, key=lambda one: (one[0], one[1].id))
    return f"{_name(stop)} had come; "


def check_answers(
    message: Handed,
    stops: Sequence[Stop],
    limits: AuditLimits,
    *,
    readers: Collection[str],
    is_follow_up: bool,
) -> tuple[Result, str]:
    """Whether an answer lay there to be read before the whole second in which the gate's read began.

    `readers` are the mailboxes whose reading the gate asked about.
    """
    if not is_follow_up and message.gate_read_at is None:
        return Result.NOT_NEEDED, "a first mail"
    relied_on = message.gate_read_at or message.sending_at
    if relied_on is None:
        return Result.NOT_KNOWN, "when it left was not written down"
    for stop in sorted(stops, key=lambda one: (one.received_at, one.id)):
        is_too_late = _on_our_clock(stop, limits) >= relied_on.replace(microsecond=0)
        if is_too_late or _was_known_at_enrolling(stop, message):
            continue
        # The gate asks only those who wrote; elsewhere an answer counts from when it was recorded.
        if stop.mailbox in readers or stop.read_at < relied_on:
            return Result.FOUND, (
                f"{_name(stop)} lay in {stop.mailbox} before the read of {said(relied_on)} that it relied on;"
                f" it was recorded at {said(stop.read_at)}"
            )
    return Result.PASSED, "no answer lay there to be read"


_WORDS = {
    VerdictKind.REPLY: "a reply",
    VerdictKind.UNSUBSCRIBE: "an opt-out",
    VerdictKind.COMPLAINT: "a complaint",
    VerdictKind.BOUNCE: "a hard bounce",
    VerdictKind.HAND_WRITTEN: "the rep's own mail",
}


def _name(stop: Stop) -> str:
    return f"{_WORDS.get(stop.kind, stop.kind)} of {said(stop.received_at)} (answer {stop.id})"


def _on_our_clock(stop: Stop, limits: AuditLimits) -> datetime:
    return stop.received_at - limits.ahead_in.get(stop.mailbox, timedelta(0))


def _was_known_at_enrolling(stop: Stop, message: Handed) -> bool:
    """Whoever enrolls somebody again knows of it; what a rep wrote before takes nothing over."""
    if stop.kind is VerdictKind.HAND_WRITTEN and stop.received_at < message.enrolled_at:
        return True
    return stop.read_at < message.enrolled_at
