"""Contacts in the database: what is written is what is read, in batches and by every key."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from sequencer.core.contact import Stage
from sequencer.store.contacts import (
    all_address_keys,
    all_contacts,
    contact_at,
    contact_of,
    contacts_at,
    contacts_at_domain,
    contacts_of,
    contacts_with_external_ids,
    count_contacts_like,
    former_addresses_of,
    insert_contacts,
    keep_former_address,
    update_contacts,
)
from sequencer.store.engine import Store
from sequencer.testing import a_contact
from tests.flows.lists import NOW, a_store

FULL = a_contact(
    external_id="C-1",
    title="Buyer",
    website="https://luso.example",
    phone="+351 1",
    state="Porto",
    city="Porto",
    zone="Europe/Lisbon",
    stage=Stage.QUALIFIED_2,
    source="fair",
    note="met 王",
    tags=("fair", "2026"),
    extra={"product": "pumps", "产品": "泵"},
    is_key_account=True,
    is_role=True,
    is_free_mail=True,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = a_store(tmp_path)
    yield store
    store.close()


def test_every_field_comes_back_as_it_went_in(store: Store) -> None:
    with store.write() as tx:
        insert_contacts(tx, [FULL, a_contact("bo@x.example", owner=None)], NOW)
        assert contact_of(tx, 1) == FULL
        changed = replace(
            FULL, name="Anna", tags=(), extra={"a": "b"}, stage=Stage.LOST, is_role=False, owner=None
        )
        update_contacts(tx, [changed, replace(a_contact("bo@y.example"), id=2)], NOW)
        assert contacts_of(tx, [1, 2, 3]) == {1: changed, 2: replace(a_contact("bo@y.example"), id=2)}


def test_an_address_belongs_to_one_contact_only(store: Store) -> None:
    with store.write() as tx:
        insert_contacts(tx, [a_contact("ana@x.example")], NOW)
    with pytest.raises(IntegrityError), store.write() as tx:
        insert_contacts(tx, [a_contact("ANA@x.example")], NOW)


def test_contacts_are_found_at_current_and_former_addresses(store: Store) -> None:
    ana = a_contact("ana@x.example")
    moved = replace(ana, address="ana@y.example", address_key="ana@y.example")
    with store.write() as tx:
        insert_contacts(tx, [ana, a_contact("bo@x.example")], NOW)
        keep_former_address(tx, ana, moved, NOW)
        update_contacts(tx, [moved], NOW)
        found = contacts_at(tx, ["ana@x.example", "ana@y.example", "bo@x.example", "cy@x.example"])
        assert {key: one.id for key, one in found.items()} == {
            "ana@x.example": 1,
            "ana@y.example": 1,
            "bo@x.example": 2,
        }
        assert contact_at(tx, "ana@x.example") == moved
        assert all_address_keys(tx) == {key: one.id for key, one in found.items()}
        assert [one.until_at for one in former_addresses_of(tx, 1)] == [NOW]
        keep_former_address(tx, moved, ana, NOW)
        update_contacts(tx, [ana], NOW)
        assert [one.address for one in former_addresses_of(tx, 1)] == ["ana@y.example"]


def test_many_keys_are_asked_for_in_pieces(store: Store) -> None:
    with store.write() as tx:
        for start in range(0, 2500, 500):
            batch = range(start, start + 500)
            insert_contacts(tx, [a_contact(f"u{n}@x.example", external_id=str(n)) for n in batch], NOW)
        keys = [f"u{n}@x.example" for n in range(2600)]
        assert len(contacts_at(tx, keys)) == 2500
        assert len(contacts_with_external_ids(tx, [str(n) for n in range(2600)])) == 2500
        assert [one.id for one in all_contacts(tx)] == list(range(1, 2501))


def test_contacts_are_asked_for_by_owner_domain_and_pattern(store: Store) -> None:
    people = [
        a_contact("a_1@x.example"),
        a_contact("ab1@x.example", owner="li"),
        a_contact("c@y.example", owner=None),
    ]
    with store.write() as tx:
        insert_contacts(tx, people, NOW)
        assert [one.id for one in all_contacts(tx, owner="li")] == [2]
        assert [one.id for one in contacts_at_domain(tx, "x.example")] == [1, 2]
        assert count_contacts_like(tx, "%@x.example") == 2
        assert count_contacts_like(tx, "a\\_%@x.example") == 1
