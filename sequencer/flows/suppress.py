"""Suppress addresses and patterns, one by one or from a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from sequencer.clock import Clock
from sequencer.core.address import like_pattern, normal_pattern
from sequencer.core.candidate import split_addresses
from sequencer.core.contact_list import ContactList
from sequencer.core.erasure import erased_hash
from sequencer.core.suppression import BOUNCED, MANUAL, Suppression, reason_word
from sequencer.errors import Fault, FaultyInput, InputError
from sequencer.flows.was_erased import erased_keys
from sequencer.store.contacts import contacts_at, count_contacts_like
from sequencer.store.engine import Store, Tx, chunks
from sequencer.store.suppressions import (
    NewSuppression,
    add_suppressions,
    hashed_suppression,
    is_suppressed,
    remove_suppression,
    suppression_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """What adding did."""

    added: int
    present: int
    """Were there already."""
    covered: int
    """Contacts that nothing will be sent to because of these patterns."""


def suppress(
    store: Store,
    patterns: Sequence[str],
    *,
    reason: str = MANUAL,
    source: str = "",
    clock: Clock,
    key: bytes | None = None,
) -> Suppressed:
    """Suppress each pattern; InputError when one is none, before anything is stored.

    An exact address also covers that contact's later addresses, unless it is suppressed for bouncing:
    then it is the address that is dead, not the person. With the workspace's `key`, an address that was
    erased on request counts as present and is not written down again.
    """
    try:
        normal = list(dict.fromkeys(normal_pattern(pattern) for pattern in patterns))
    except ValueError as error:
        raise InputError(str(error)) from None
    word = reason_word(reason)
    new = [NewSuppression(pattern=one, reason=word, source=source) for one in normal]
    return _stored(store, new, clock, key)


def import_suppressions(
    store: Store,
    contact_list: ContactList,
    *,
    reason: str = MANUAL,
    clock: Clock,
    key: bytes | None = None,
) -> Suppressed:
    """Suppress every address and pattern of a list; a `reason` column of it comes before `reason`.

    FaultyInput names every line that holds none, and then nothing is stored.
    """
    faults: list[Fault] = []
    new: dict[str, NewSuppression] = {}
    for row in contact_list.rows:
        where = f"{contact_list.path}:{row.line}"
        if row.fault or not row.values.get("address"):
            faults.append(Fault(where=where, message=row.fault or "there is no address or pattern"))
            continue
        word = reason_word(row.values.get("extra.reason", reason))
        for text in split_addresses(row.values["address"]):
            try:
                pattern = normal_pattern(text)
            except ValueError as error:
                faults.append(Fault(where=where, message=str(error)))
                continue
            new.setdefault(pattern, NewSuppression(pattern=pattern, reason=word, source=contact_list.path))
    if faults:
        raise FaultyInput(faults)
    return _stored(store, list(new.values()), clock, key)


def _stored(store: Store, new: Sequence[NewSuppression], clock: Clock, key: bytes | None) -> Suppressed:
    added = covered = 0
    for batch in chunks(new):
        with store.write() as tx:
            erased = erased_keys(tx, key, {one.pattern for one in batch}) if key else frozenset()
            linked, people = _linked(tx, [one for one in batch if one.pattern not in erased])
            # Read with the lock in hand: what was marked before is not dated after it.
            added += add_suppressions(tx, linked, clock.now())
        covered += people
    return Suppressed(added=added, present=len(new) - added, covered=covered)


def _linked(tx: Tx, new: Sequence[NewSuppression]) -> tuple[list[NewSuppression], int]:
    """The suppressions tied to the contacts they are about, and how many contacts the patterns cover."""
    people = contacts_at(tx, [one.pattern for one in new if "*" not in one.pattern])
    linked = []
    covered = len(people)
    for one in new:
        contact = people.get(one.pattern)
        contact_id = contact.id if contact and one.reason != BOUNCED else None
        linked.append(
            NewSuppression(pattern=one.pattern, reason=one.reason, source=one.source, contact_id=contact_id)
        )
        like = like_pattern(one.pattern)
        covered += count_contacts_like(tx, like) if like else 0
    return linked, covered


def find_suppression(store: Store, pattern: str, key: bytes | None = None) -> Suppression:
    """The suppression stored under this pattern; InputError when there is none, naming what covers it.

    With the workspace's `key`, that of an address which was erased on request too.
    """
    try:
        normal = normal_pattern(pattern)
    except ValueError as error:
        raise InputError(str(error)) from None
    with store.read() as tx:
        found = suppression_of(tx, normal) or (
            hashed_suppression(tx, erased_hash(key, normal)) if key else None
        )
        if found is not None:
            return found
        covering = is_suppressed(tx, normal) if "*" not in normal else None
    hint = f"it is covered by {covering.pattern}" if covering else "`sequencer suppressions list` shows them"
    raise InputError(f"{pattern} is not suppressed by itself", hint=hint)


def unsuppress(store: Store, suppression: Suppression) -> None:
    """Forget a suppression: its addresses may be written to again."""
    with store.write() as tx:
        remove_suppression(tx, suppression.id)
