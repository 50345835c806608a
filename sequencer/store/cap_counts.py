"""What the caps count: messages that left or may have, and those that are claimed."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, exists, func, literal, or_, select

from sequencer.core.outbox import SPENT, OutboxState
from sequencer.store.columns import is_any_of
from sequencer.store.engine import Tx, chunks
from sequencer.store.prepared import Ids, Question, instant
from sequencer.store.schema import mailboxes, outbox

_WRITTEN = sorted(SPENT)
_EARLIER = outbox.alias("earlier")
C = outbox.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What counts under one cap."""

    spent: int = 0
    """Messages that left in its span, or may have."""
    reserved: int = 0
    """Messages that are claimed: they count as of now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What counts under the caps of several buyers, each by what names it."""

    times: dict[Any, list[datetime]]
    reserved: dict[Any, int]

    def of(self, name: object) -> Counted:
        """As numbers."""
        return Counted(spent=len(self.times.get(name, ())), reserved=self.reserved.get(name, 0))


def of_mailboxes(tx: Tx, names: Collection[str], since: datetime, *, only_new: bool = False) -> Counted:
    """Messages of these mailboxes together; with `only_new` those to contacts nobody had written to."""
    spent = reserved = 0
    for chunk in chunks(names):
        [row] = _COUNT[only_new].rows(tx, chunk, {"since": since})
        spent, reserved = spent + row["spent"], reserved + row["reserved"]
    return Counted(spent=spent, reserved=reserved)


def times_of_mailboxes(
    tx: Tx, names: Collection[str], since: datetime, *, only_new: bool = False
) -> list[datetime]:
    """When those that are not merely claimed left."""
    asked = _TIMES[only_new]
    return [row["sending_at"] for chunk in chunks(names) for row in asked.rows(tx, chunk, {"since": since})]


def of_companies(tx: Tx, companies: Collection[str], since: datetime) -> Counts:
    """Messages to each of these companies, from whatever mailbox."""
    return _counts(tx, _TO_COMPANIES, companies, since)


def of_contacts(tx: Tx, contact_ids: Collection[int], since: datetime) -> Counts:
    """The same to each of these contacts."""
    return _counts(tx, _TO_CONTACTS, contact_ids, since)


def written_to(tx: Tx, contact_ids: Collection[int]) -> set[int]:
    """Those of them to whom a message left, or may have: the next is a follow-up."""
    return {row[0] for ids in chunks(contact_ids) for row in _KNOWN.raw(tx, ids)}


def first_sent(tx: Tx, names: Collection[str]) -> dict[str, datetime]:
    """By mailbox: when the first message left that counts; without those that have sent none."""
    found = (row for chunk in chunks(names) for row in _FIRST.rows(tx, chunk))
    return {row["name"]: row["at"] for row in found if row["at"] is not None}


def _counts(tx: Tx, asked: Question, names: Collection[Any], since: datetime) -> Counts:
    times: dict[Any, list[datetime]] = defaultdict(list)
    reserved: dict[Any, int] = defaultdict(int)
    for chunk in chunks(names):
        for row in asked.rows(tx, chunk, {"since": since}):
            if row["state"] == OutboxState.CLAIMED:
                reserved[row["of"]] += 1
            else:
                times[row["of"]].append(row["sending_at"])
    return Counts(times=times, reserved=reserved)


def _is_claimed() -> ColumnElement[bool]:
    return is_any_of(C.state, OutboxState.CLAIMED, OutboxState.SENDING) & (C.state == OutboxState.CLAIMED)


def _is_spent() -> ColumnElement[bool]:
    return and_(C.sending_at.is_not(None), C.sending_at > instant("since"), C.state.in_(_WRITTEN))


def is_first() -> ColumnElement[bool]:
    """Whether no message to its contact had left before the one of the enclosing statement, which counts."""
    before = or_(
        _EARLIER.c.sending_at < C.sending_at,
        and_(_EARLIER.c.sending_at == C.sending_at, _EARLIER.c.id < C.id),
    )
    return ~exists(_earlier().where(before).correlate(outbox))


def _earlier() -> Select[Any]:
    return select(literal(1)).where(_EARLIER.c.contact_id == C.contact_id, _EARLIER.c.state.in_(_WRITTEN))


def _number(names: Ids, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(outbox).where(C.mailbox.in_(names), *conditions).scalar_subquery()


def _count(only_new: bool, names: Ids) -> Select[Any]:
    left, waiting = [_is_spent()], [_is_claimed()]
    if only_new:
        left.append(is_first())
        waiting.append(~exists(_earlier().correlate(outbox)))
    numbers: tuple[Any, ...] = (_number(names, *left), _number(names, *waiting))
    return select(*(one.label(name) for one, name in zip(numbers, ("spent", "reserved"), strict=True)))


def _times(only_new: bool, names: Ids) -> Select[Any]:
    query = select(C.sending_at).where(C.mailbox.in_(names), _is_spent())
    return query.where(is_first()) if only_new else query


def _to(of: ColumnElement[Any], names: Ids) -> Select[Any]:
    counts = or_(C.state == OutboxState.CLAIMED, _is_spent())
    return select(of.label("of"), C.state, C.sending_at).where(of.in_(names), counts)


def _first(names: Ids) -> Select[Any]:
    at = (
        select(C.sending_at)
        .where(C.mailbox == mailboxes.c.name, C.sending_at.is_not(None), C.state.in_(_WRITTEN))
        .order_by(C.sending_at)
        .limit(1)
        .correlate(mailboxes)
        .scalar_subquery()
    )
    return select(mailboxes.c.name, at.label("at")).where(mailboxes.c.name.in_(names))


_COUNT = {one: Question(partial(_count, one), ids=String) for one in (False, True)}
_TIMES = {one: Question(partial(_times, one), ids=String) for one in (False, True)}
_TO_COMPANIES = Question(partial(_to, C.company), ids=String)
_TO_CONTACTS = Question(partial(_to, C.contact_id))
_KNOWN = Question(
    lambda ids: select(C.contact_id).where(C.contact_id.in_(ids), C.state.in_(_WRITTEN)).distinct()
)
_FIRST = Question(_first, ids=String)
