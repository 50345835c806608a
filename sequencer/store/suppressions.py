"""Who is never written to: asked for an address, a contact or many addresses at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, insert, literal, or_, select, update

from sequencer.core.address import like_pattern, normal_pattern
from sequencer.core.contact import Contact
from sequencer.core.suppression import Suppression, Wildcards, is_opt_out
from sequencer.store.engine import Tx, chunks
from sequencer.store.schema import suppressions

_SELECT = select(suppressions)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSuppression:
    """A suppression to be stored."""

    pattern: str
    """An address or a pattern with `*`, in any spelling."""
    reason: str
    source: str = ""
    contact_id: int | None = None
    """Covers this contact's later addresses as well."""


def add_suppressions(tx: Tx, new: Iterable[NewSuppression], now: datetime) -> int:
    """Store suppressions and return how many were not there before; at most MAX_ROWS_PER_WRITE at once.

    One that is there stays as it is, except that the buyer's own word (an opt-out or complaint) replaces
    any other reason. ValueError for a pattern that is none.
    """
    wanted: dict[str, NewSuppression] = {}
    for one in new:
        pattern = normal_pattern(one.pattern)
        if pattern not in wanted or (is_opt_out(one.reason) and not is_opt_out(wanted[pattern].reason)):
            wanted[pattern] = one
    present = {one.pattern: one for one in _with_patterns(tx, wanted)}
    rows = [
        {
            "pattern": pattern,
            "like_pattern": like_pattern(pattern),
            "reason": one.reason,
            "source": one.source,
            "contact_id": one.contact_id,
            "created_at": now,
        }
        for pattern, one in wanted.items()
        if pattern not in present
    ]
    if rows:
        tx.execute(insert(suppressions), rows)
    for pattern, there in present.items():
        _strengthen(tx, there, wanted[pattern])
    return len(rows)


def _strengthen(tx: Tx, there: Suppression, new: NewSuppression) -> None:
    if not is_opt_out(new.reason) or (there.is_opt_out and there.contact_id is not None):
        return
    reason, source = (there.reason, there.source) if there.is_opt_out else (new.reason, new.source)
    tx.execute(
        update(suppressions)
        .where(suppressions.c.id == there.id)
        .values(reason=reason, source=source, contact_id=there.contact_id or new.contact_id)
    )


def is_suppressed(tx: Tx, address_key: str, contact_id: int | None = None) -> Suppression | None:
    """The suppression that covers this address, or this contact at any address; None when none does."""
    covers = or_(
        suppressions.c.pattern == address_key,
        and_(
            suppressions.c.like_pattern.is_not(None),
            literal(address_key).like(suppressions.c.like_pattern, escape="\\"),
        ),
    )
    if contact_id is not None:
        covers = or_(covers, suppressions.c.contact_id == contact_id)
    found = _read(
        tx, _SELECT.where(covers).order_by(suppressions.c.like_pattern.is_not(None), suppressions.c.id)
    )
    return found[0] if found else None


def suppressed_among(tx: Tx, keys: Collection[str]) -> dict[str, Suppression]:
    """The suppressions that cover these address_keys, by key; it covers what `is_suppressed` does."""
    found = {one.pattern: one for one in _with_patterns(tx, keys)}
    wildcards = Wildcards(_read(tx, _SELECT.where(suppressions.c.like_pattern.is_not(None))))
    for key in keys:
        if key not in found and (covering := wildcards.covering(key)) is not None:
            found[key] = covering
    return found


def suppressed_contacts(tx: Tx, people: Collection[Contact]) -> dict[int, Suppression]:
    """The suppressions that cover these contacts, by contact id: by their present address or as a person."""
    found: dict[int, Suppression] = {}
    for chunk in chunks(contact.id for contact in people):
        for one in _read(tx, _SELECT.where(suppressions.c.contact_id.in_(chunk)).order_by(suppressions.c.id)):
            if one.contact_id is not None:
                found.setdefault(one.contact_id, one)
    by_key = suppressed_among(tx, {contact.address_key for contact in people})
    return found | {one.id: by_key[one.address_key] for one in people if one.address_key in by_key}


def all_suppressions(tx: Tx) -> list[Suppression]:
    """Every suppression in order of its pattern."""
    return _read(tx, _SELECT.order_by(suppressions.c.pattern))


def suppression_of(tx: Tx, pattern: str) -> Suppression | None:
    """The suppression stored under exactly this pattern; ValueError for a pattern that is none."""
    return next(iter(_with_patterns(tx, [normal_pattern(pattern)])), None)


def hashed_suppression(tx: Tx, hashed: str) -> Suppression | None:
    """The suppression of an erased address, by its hash."""
    return next(iter(_with_patterns(tx, [hashed])), None)


def remove_suppression(tx: Tx, suppression_id: int) -> None:
    """Forget a suppression."""
    tx.execute(delete(suppressions).where(suppressions.c.id == suppression_id))


def _with_patterns(tx: Tx, patterns: Iterable[str]) -> list[Suppression]:
    found: list[Suppression] = []
    for chunk in chunks(patterns):
        found += _read(tx, _SELECT.where(suppressions.c.pattern.in_(chunk)))
    return found


def _read(tx: Tx, statement: Select[Any]) -> list[Suppression]:
    return [Suppression(**row) for row in tx.execute(statement).mappings()]
