"""Audit against Sent: what the mailboxes' Sent folders hold, compared with what the database says."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sequencer.config import Mailbox
from sequencer.core.outbox import SPENT
from sequencer.core.ports import ReadFailure, SentHead, SentHeads
from sequencer.errors import SequencerError
from sequencer.store import audit_rows
from sequencer.store.audit import Which
from sequencer.store.audit_rows import Ours
from sequencer.store.engine import Store, chunks

LATE_IN = timedelta(hours=1)
"""Providers file a copy within minutes: one that is missing after this is said."""
CLOCK_SLACK_IN = timedelta(days=1)
"""Sent is looked through from this long before the first message: servers date by clocks of their own."""

OpenHeads = Callable[[Mailbox], AbstractContextManager[SentHeads]]


class SentCheck(StrEnum):
    """What a Sent folder can show against the database."""

    TWICE = "in_sent_twice"
    UNTOLD = "in_sent_untold"


SENT_QUESTIONS = {
    SentCheck.TWICE: "each message lies in Sent once",
    SentCheck.UNTOLD: "what lies in Sent is known to have left",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFinding:
    """One message of ours in Sent that the database does not account for."""

    check: SentCheck
    message: int
    contact: int
    mailbox: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """One mailbox's Sent folder, or why it could not be read."""

    mailbox: str
    since: datetime
    heads: int = 0
    """Messages that lie there, ours or not."""
    ours: int = 0
    missing: tuple[int, ...] = ()
    """Messages that were sent and should lie there, and do not: people delete and move mail."""
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstSent:
    """What the Sent folders said."""

    mailboxes: tuple[LookedAt, ...]
    findings: tuple[SentFinding, ...]
    notes: tuple[str, ...]

    @property
    def unreadable(self) -> tuple[LookedAt, ...]:
        return tuple(one for one in self.mailboxes if one.failure is not None)


@dataclass(slots=True)
class _Seen:
    """What lay in one Sent folder."""

    heads: int = 0
    copies: dict[int, Counter[str]] = field(default_factory=dict)
    """By message: how often it lies in each folder for sent mail."""
    ours: dict[int, Ours] = field(default_factory=dict)
    """Only those that may have to be spoken of."""


def against_sent(
    store: Store, mailboxes: Sequence[Mailbox], open_heads: OpenHeads, which: Which, now: datetime
) -> AgainstSent:
    """Look through the Sent folder of every mailbox that sent what is chosen; no lock is held meanwhile."""
    with store.read() as tx:
        first = audit_rows.first_left(tx, which)
    known = {mailbox.name: mailbox for mailbox in mailboxes}
    looked: list[LookedAt] = []
    findings: list[SentFinding] = []
    notes: list[str] = []
    for name, first_at in first.items():
        since = first_at - CLOCK_SLACK_IN
        try:
            seen = _look(store, known.get(name), name, open_heads, since)
        except (ReadFailure, SequencerError) as failure:
            looked.append(LookedAt(mailbox=name, since=since, failure=_in_words(failure)))
            continue
        found, said = _judge(name, seen)
        findings += found
        notes += said
        missing = _missing(store, which, name, now - LATE_IN, seen.copies)
        looked.append(
            LookedAt(mailbox=name, since=since, heads=seen.heads, ours=len(seen.copies), missing=missing)
        )
    return AgainstSent(mailboxes=tuple(looked), findings=tuple(findings), notes=tuple(notes))


def _look(store: Store, mailbox: Mailbox | None, name: str, open_heads: OpenHeads, since: datetime) -> _Seen:
    if mailbox is None:
        raise SequencerError(f"mailbox {name!r} is not in config.toml any more")
    if mailbox.imap is None:
        raise SequencerError(f"mailbox {name!r} has no [mailboxes.imap]: its Sent folder can't be reached")
    with store.read() as tx:
        learnt = audit_rows.learnt_sent_folder(tx, name)
    seen = _Seen()
    with open_heads(mailbox) as heads:
        for batch in chunks(_each_once(heads.sent_since(since, learnt))):
            _note(store, seen, batch)
    return seen


def _each_once(heads: Iterable[SentHead]) -> Iterator[SentHead]:
    """A message that is listed again under its number is not there twice."""
    seen: set[tuple[str, int]] = set()
    for head in heads:
        if (head.folder, head.uid) not in seen:
            seen.add((head.folder, head.uid))
            yield head


def _note(store: Store, seen: _Seen, batch: Sequence[SentHead]) -> None:
    with store.read() as tx:
        ours = audit_rows.ours_by_ids(tx, {one for head in batch for one in head.message_ids})
    for head in batch:
        seen.heads += 1
        found = next((ours[one] for one in head.message_ids if one in ours), None)
        if found is not None:
            copies = seen.copies.setdefault(found.id, Counter())
            copies[head.folder] += 1
            if found.state not in SPENT or copies.total() > 1:
                seen.ours[found.id] = found


def _judge(mailbox: str, seen: _Seen) -> tuple[list[SentFinding], list[str]]:
    findings: list[SentFinding] = []
    notes: list[str] = []

    def find(check: SentCheck, ours: Ours, words: str) -> None:
        findings.append(
            SentFinding(check=check, message=ours.id, contact=ours.contact_id, mailbox=mailbox, words=words)
        )

    for row_id, ours in sorted(seen.ours.items()):
        copies = seen.copies[row_id]
        if ours.state not in SPENT:
            state = ours.state.value.replace("_", " ")
            find(SentCheck.UNTOLD, ours, f"it lies in Sent of {mailbox}, and its row says {state}")
        excuse = _excuse(ours, copies)
        if copies.total() > 1 and excuse:
            notes.append(f"message {row_id} lies in Sent of {mailbox} {copies.total()} times: {excuse}")
        elif copies.total() > 1:
            find(SentCheck.TWICE, ours, f"it lies in Sent of {mailbox} {copies.total()} times")
    return findings, notes


def _excuse(ours: Ours, copies: Counter[str]) -> str | None:
    """Why several copies speak of one message only."""
    if ours.was_resent:
        return "a person ordered it to be sent once more"
    if ours.was_saved:
        return "one of the copies we put there"
    if max(copies.values()) == 1:
        return f"in {' and '.join(sorted(copies))}, once in each"
    return None


def _missing(
    store: Store, which: Which, mailbox: str, until: datetime, there: Collection[int]
) -> tuple[int, ...]:
    with store.read() as tx:
        return tuple(
            row_id for row_id in audit_rows.expected_in_sent(tx, which, mailbox, until) if row_id not in there
        )


def _in_words(failure: ReadFailure | SequencerError) -> str:
    hint = failure.hint
    return f"{failure} ({hint})" if hint else str(failure)
