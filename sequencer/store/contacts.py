"""Contacts and the addresses they had: asked for by id, address or filter, written in batches."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select, update

from sequencer.core.contact import Contact, Stage
from sequencer.store.engine import Tx, chunks
from sequencer.store.prepared import Question
from sequencer.store.schema import contacts, former_addresses

_PLAIN = (
    *("id", "external_id", "address", "address_key", "name", "first_name", "last_name", "title", "company"),
    *("website", "phone", "country", "state", "city", "zone", "language", "owner", "source", "note"),
    *("is_key_account", "is_role", "is_free_mail", "domain"),
)
_COLUMNS = (*_PLAIN, "stage", "tags", "extra", "mail_check", "mail_checked_at")
_SELECT = select(*(contacts.c[name] for name in _COLUMNS))
_CHUNK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerAddress:
    """An address a contact had before; mail from it still counts as the contact's."""

    address: str
    address_key: str
    contact_id: int
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A contact as it was at a moment."""

    contact: Contact
    row: tuple[Any, ...]
    """The database's own form, which costs nothing to compare."""


_BY_IDS = Question(lambda ids: _SELECT.where(contacts.c.id.in_(ids)))


def insert_contacts(tx: Tx, new: Sequence[Contact], now: datetime) -> None:
    """Add contacts; their `id` is given by the database. At most MAX_ROWS_PER_WRITE in one transaction."""
    if new:
        rows = [_values(contact) | {"created_at": now, "updated_at": now} for contact in new]
        tx.execute(insert(contacts), rows)


def update_contacts(tx: Tx, changed: Sequence[Contact], now: datetime) -> None:
    """Write these contacts over the rows with their ids. At most MAX_ROWS_PER_WRITE in one transaction."""
    if not changed:
        return
    statement = update(contacts).where(contacts.c.id == bindparam("of_id"))
    rows = [_values(contact) | {"of_id": contact.id, "updated_at": now} for contact in changed]
    # Named columns keep one compiled statement for the whole batch.
    tx.execute(statement.values({name: bindparam(name) for name in rows[0] if name != "of_id"}), rows)


def keep_former_address(tx: Tx, before: Contact, after: Contact, now: datetime) -> None:
    """Note that a contact has moved from one address to another; a former address they return to is none."""
    tx.execute(delete(former_addresses).where(former_addresses.c.address_key == after.address_key))
    if before.address_key != after.address_key:
        values = {"address_key": before.address_key, "address": before.address}
        tx.execute(insert(former_addresses).values(**values, contact_id=before.id, until_at=now))
        # What DNS said was of the old address's domain.
        unasked = update(contacts).values(mail_check=None, mail_checked_at=None)
        tx.execute(unasked.where(contacts.c.id == before.id))


def add_former_addresses(tx: Tx, former: Mapping[str, Collection[tuple[str, str]]], now: datetime) -> None:
    """Note former addresses, as (address, address_key), of the contacts at these present address_keys.

    What is anybody's present or former address already stays theirs.
    """
    people = contacts_at(tx, former)
    taken = set(contacts_at(tx, [key for pairs in former.values() for _address, key in pairs]))
    rows: dict[str, dict[str, Any]] = {}
    for present, pairs in former.items():
        for address, key in pairs:
            if key not in taken:
                of = people[present].id
                rows[key] = {"address_key": key, "address": address, "contact_id": of, "until_at": now}
    if rows:
        tx.execute(insert(former_addresses), list(rows.values()))


def contact_of(tx: Tx, contact_id: int) -> Contact | None:
    """The contact with this id, if there is one."""
    return contacts_of(tx, [contact_id]).get(contact_id)


def contacts_of(tx: Tx, ids: Collection[int]) -> dict[int, Contact]:
    """The contacts with these ids."""
    return {row_id: seen.contact for row_id, seen in seen_of(tx, ids).items()}


def seen_of(tx: Tx, ids: Collection[int]) -> dict[int, Seen]:
    """The contacts with these ids, to be compared later with what they are then."""
    found: dict[int, Seen] = {}
    for chunk in chunks(ids):
        raw = _BY_IDS.raw(tx, chunk)
        pairs = zip(raw, _BY_IDS.read(raw), strict=True)
        found |= {row["id"]: Seen(contact=_contact_of(row), row=one) for one, row in pairs}
    return found


def unchanged(tx: Tx, seen: Mapping[int, Seen]) -> set[int]:
    """The ids of those that are still as they were seen."""
    return {one[0] for chunk in chunks(seen) for one in _BY_IDS.raw(tx, chunk) if seen[one[0]].row == one}


def contacts_with_external_ids(tx: Tx, external_ids: Collection[str]) -> dict[str, Contact]:
    """The contacts the user's own ids name."""
    found: dict[str, Contact] = {}
    for chunk in chunks(external_ids):
        rows = _read(tx, _SELECT.where(contacts.c.external_id.in_(chunk)))
        found |= {one.external_id: one for one in rows if one.external_id is not None}
    return found


def contacts_at(tx: Tx, keys: Collection[str]) -> dict[str, Contact]:
    """The contacts whose address has (or had) one of these address_keys, by the key asked for."""
    found: dict[str, Contact] = {}
    for chunk in chunks(keys):
        found |= {one.address_key: one for one in _read(tx, _SELECT.where(contacts.c.address_key.in_(chunk)))}
        former = tx.execute(
            select(former_addresses.c.address_key, former_addresses.c.contact_id).where(
                former_addresses.c.address_key.in_(chunk)
            )
        ).all()
        owners = contacts_of(tx, {row.contact_id for row in former})
        found |= {row.address_key: owners[row.contact_id] for row in former if row.address_key not in found}
    return found


def contact_at(tx: Tx, key: str) -> Contact | None:
    """The contact whose current or former address has this address_key, if there is one."""
    return contacts_at(tx, [key]).get(key)


def contacts_at_domain(tx: Tx, domain: str) -> list[Contact]:
    """Everybody at this registrable domain, in order of id."""
    return _read(tx, _SELECT.where(contacts.c.domain == domain).order_by(contacts.c.id))


def all_contacts(tx: Tx, *, owner: str | None = None) -> Iterator[Contact]:
    """Every contact (of one owner) in order of id, read piece by piece; not those who were erased."""
    last = 0
    while True:
        wanted = _SELECT.where(contacts.c.id > last, contacts.c.erased_at.is_(None))
        wanted = wanted.order_by(contacts.c.id).limit(_CHUNK)
        piece = _read(tx, wanted if owner is None else wanted.where(contacts.c.owner == owner))
        yield from piece
        if len(piece) < _CHUNK:
            return
        last = piece[-1].id


def count_contacts_like(tx: Tx, like_pattern: str) -> int:
    r"""How many contacts have an address_key that is `LIKE` this (escaped with `\`)."""
    matching = contacts.c.address_key.like(like_pattern, escape="\\")
    return int(tx.scalar(select(func.count()).select_from(contacts).where(matching)) or 0)


def all_address_keys(tx: Tx) -> dict[str, int]:
    """address_key → contact id of every current and former address (for matching many at once)."""
    former = tx.execute(select(former_addresses.c.address_key, former_addresses.c.contact_id))
    current = tx.execute(select(contacts.c.address_key, contacts.c.id))
    return {key: contact_id for rows in (former, current) for key, contact_id in rows}


def former_addresses_of(tx: Tx, contact_id: int) -> list[FormerAddress]:
    """The addresses a contact had before, the latest first."""
    rows = tx.execute(
        select(former_addresses)
        .where(former_addresses.c.contact_id == contact_id)
        .order_by(former_addresses.c.until_at.desc(), former_addresses.c.address_key)
    )
    return [FormerAddress(**row) for row in rows.mappings()]


def all_former_addresses(tx: Tx) -> dict[int, list[FormerAddress]]:
    """By contact id the addresses everybody had before, the latest first."""
    found: dict[int, list[FormerAddress]] = {}
    query = select(former_addresses).order_by(former_addresses.c.until_at.desc(), former_addresses.c.address)
    for row in tx.execute(query).mappings():
        found.setdefault(row["contact_id"], []).append(FormerAddress(**row))
    return found


def _read(tx: Tx, statement: Select[Any]) -> list[Contact]:
    return [_contact(row) for row in tx.execute(statement)]


def _contact_of(row: dict[str, Any]) -> Contact:
    given = {"stage": Stage(row["stage"]), "tags": tuple(row["tags"]), "mail_check": row["mail_check"] or ""}
    return Contact(**row | given)


def _contact(row: Row[Any]) -> Contact:
    fields: dict[str, Any] = dict(zip(_PLAIN, row, strict=False))
    stage, tags, extra, mail_check, mail_checked_at = row[len(_PLAIN) :]
    fields |= {"mail_check": mail_check or "", "mail_checked_at": mail_checked_at}
    return Contact(**fields, stage=Stage(stage), tags=tuple(tags), extra=extra)


def _values(contact: Contact) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(contact, name) for name in _PLAIN if name != "id"}
    return values | {"stage": contact.stage.value, "tags": list(contact.tags), "extra": dict(contact.extra)}


def move_stage(tx: Tx, contact_id: int, only_from: Stage, to: Stage, now: datetime) -> bool:
    """Move a contact on, if they stand at `only_from`."""
    done = tx.execute(
        update(contacts)
        .where(contacts.c.id == contact_id, contacts.c.stage == only_from)
        .values(stage=to, updated_at=now)
    )
    return bool(done.rowcount)


def contacts_at_domains(tx: Tx, domains: Collection[str]) -> dict[str, list[int]]:
    """Contact ids by registrable domain."""
    found: dict[str, list[int]] = {}
    for chunk in chunks(domains):
        query = select(contacts.c.domain, contacts.c.id).where(contacts.c.domain.in_(chunk))
        for row in tx.execute(query):
            found.setdefault(row.domain, []).append(row.id)
    return found
