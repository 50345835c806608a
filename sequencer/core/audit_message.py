"""The verdict on one message that was handed over: every check, in the order of `Check`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sequencer.core import audit_checks as ask
from sequencer.core.audit import AuditLimits, Beside, Check, Finding, Handed, Result, said
from sequencer.core.audit_chain import ARRIVED_ANYWAY, Chain, chain_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One check of one message."""

    check: Check
    result: Result
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One message with everything that was asked of it."""

    message: Handed
    chain: Chain
    answers: tuple[Answered, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    is_follow_up: bool
    residual_in: timedelta | None
    """From the start of the read its gate relied on to its mark; None for a first mail."""


def judge(message: Handed, beside: Beside, limits: AuditLimits) -> Judged:
    """Ask everything of one message."""
    chain = chain_of(message, beside.events)
    readers = _readers(message, beside, chain)
    is_follow_up = bool(readers)
    answers = tuple(_answers(message, beside, limits, chain, readers=readers))
    read_at, at = message.gate_read_at, message.sending_at
    residual_in = at - read_at if at is not None and read_at is not None else None
    return Judged(
        message=message,
        chain=chain,
        answers=answers,
        findings=tuple(_findings(message, answers, chain)),
        notes=tuple(_notes(message, chain)),
        is_follow_up=is_follow_up,
        residual_in=residual_in,
    )


def _readers(message: Handed, beside: Beside, chain: Chain) -> frozenset[str]:
    """Who had to be read before it left; nobody for a first mail.

    A message that leaves once more may have been answered.
    """
    at, mark = message.sending_at, chain.mark
    readers = {one.reader for one in beside.earlier if at is not None and one.sending_at < at}
    if mark is not None and any(e.kind == "sending" and e.id < mark.id for e in chain.events):
        readers.add(message.reader or message.mailbox)
    return frozenset(readers)


def _answers(
    message: Handed, beside: Beside, limits: AuditLimits, chain: Chain, *, readers: frozenset[str]
) -> Iterator[Answered]:
    is_follow_up = bool(readers)

    def answered(check: Check, found: tuple[Result, str]) -> Answered:
        return Answered(check=check, result=found[0], words=found[1])

    again = "; ".join(chain.again)
    yield answered(Check.DUPLICATE, (Result.FOUND, again) if again else (Result.PASSED, _times(chain)))
    answers = ask.check_answers(message, beside.stops, limits, readers=readers, is_follow_up=is_follow_up)
    yield answered(Check.AFTER_ANSWER, answers)
    is_known = not chain.is_lost_batch
    read = ask.check_read(message, beside.stops, limits, is_follow_up=is_follow_up, is_known=is_known)
    yield answered(Check.UNREAD_INBOX, read)
    yield answered(Check.SUPPRESSED, ask.check_suppressed(message, beside.silences))
    yield answered(Check.STOPPED, ask.check_stopped(chain.mark, beside.course))
    yield answered(Check.WINDOW, ask.check_window(message, limits))
    yield answered(Check.CAP, ask.check_cap(message, beside.over))
    gaps = "; ".join(chain.gaps)
    whole = "claim, mark and outcome are recorded in order"
    yield answered(Check.CHAIN, (Result.FOUND, gaps) if gaps else (Result.PASSED, whole))


def _findings(message: Handed, answers: tuple[Answered, ...], chain: Chain) -> Iterator[Finding]:
    for one in answers:
        if one.result is not Result.FOUND:
            continue
        if one.check is Check.DUPLICATE:
            each = chain.again
        elif one.check is Check.CHAIN:
            each = chain.gaps
        else:
            each = (one.words,)
        for words in each:
            yield Finding(check=one.check, message=message.id, contact=message.contact_id, words=words)


def _notes(message: Handed, chain: Chain) -> Iterator[str]:
    for order in chain.resends:
        by = order.data.get("by", "somebody")
        yield f"message {message.id} was sent once more at the order of {by}, {said(order.at)}"
    if any(event.kind == ARRIVED_ANYWAY for event in chain.events):
        yield f"message {message.id} was given up by a person, and had arrived"
    if chain.is_lost_batch:
        yield (
            f"message {message.id} was claimed in a batch, and the machine was started anew: whether it left"
            " is not recorded"
        )


def _times(chain: Chain) -> str:
    if chain.resends:
        return f"{chain.attempts} attempts, {len(chain.resends)} of them ordered by a person"
    return "one attempt" if chain.attempts == 1 else f"{chain.attempts} attempts, one at a time"
