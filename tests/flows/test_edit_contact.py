"""Editing one contact by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select

from sequencer.core.contact import Contact, Stage
from sequencer.errors import InputError
from sequencer.flows.edit_contact import Edit, edit_contact
from sequencer.flows.find_contact import find_contact, find_contacts
from sequencer.flows.list_contacts import list_contacts
from sequencer.store.contacts import former_addresses_of
from sequencer.store.engine import Store
from sequencer.store.schema import outbox
from tests.flows.lists import NOW, REPS, a_list, a_store, brought_in, country_code, people
from tests.flows.test_import_contacts import add_message


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = a_store(tmp_path)
    rows = ("C-1,ana@x.example,Ana,a;b,pumps,li", "2,bo@x.example,Bo,,,", ",cy@x.example,Cy,a,,li")
    brought_in(store, a_list(tmp_path, "id,email,name,tags,product,owner", *rows))
    yield store
    store.close()


def edit(store: Store, name: str, **wanted: object) -> Contact:
    changes = Edit(**wanted)  # type: ignore[arg-type]
    return edit_contact(store, name, changes, reps=REPS, country_code=country_code, now=NOW)[1]


def test_fields_tags_owner_and_stage_are_changed(store: Store) -> None:
    sets = {
        "country": "Germany",
        "language": "German",
        "extra.Product line": "valves",
        "name": "Ana\nS.",
        "id": "C-9",
    }
    after = edit(store, "C-1", sets=sets, tags=("c",), untags=("a",), owner="wang", stage=Stage.WON)
    assert people(store)[0] == after
    assert (after.country, after.language, after.name, after.external_id) == ("DE", "de", "Ana S.", "C-9")
    assert after.extra == {"product": "pumps", "product_line": "valves"}
    assert (after.tags, after.owner, after.stage) == (("b", "c"), "wang", Stage.WON)


def test_a_blank_erases(store: Store) -> None:
    after = edit(store, "C-1", sets={"name": "", "extra.product": "", "id": ""}, owner="")
    assert (after.name, after.extra, after.external_id, after.owner) == ("", {}, None, None)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"sets": {"nmae": "x"}}, "no field 'nmae'"),
        ({"sets": {"email": "x@y.example"}}, "--set does not change email"),
        ({"sets": {"zone": "CET+1"}}, "no time zone"),
        ({"sets": {"country": "Atlantis"}}, "no country 'Atlantis'"),
        ({"sets": {"country": "Germny"}}, "no country 'Germny'; did you mean Germany"),
        ({"sets": {"language": "Atlantic speech"}}, "no language"),
        ({"sets": {"is_key_account": "perhaps"}}, "yes or no"),
        ({"sets": {"id": "2"}}, "already that of bo@x.example"),
        ({"sets": {"extra.": "x"}}, "name the field"),
        ({"owner": "nobody"}, "no rep 'nobody'"),
        ({"address": "ana@"}, "--address"),
        ({"address": "BO@x.example"}, "already the address of contact 2"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changed(
    store: Store, wanted: dict[str, object], message: str
) -> None:
    before = people(store)
    with pytest.raises(InputError, match=message):
        edit(store, "C-1", **wanted)
    assert people(store) == before


def test_a_new_address_keeps_the_old_and_cancels_unsent_messages(store: Store) -> None:
    ana = people(store)[0]
    add_message(store, ana.id, "awaiting_approval")
    after = edit(store, "ana@x.example", address="Ana@new.example")
    assert (after.address, after.domain) == ("Ana@new.example", "new.example")
    with store.read() as tx:
        assert [one.address for one in former_addresses_of(tx, ana.id)] == ["ana@x.example"]
        assert tx.scalar(select(outbox.c.state)) == "cancelled"
        assert find_contact(tx, "ana@x.example") == after


def test_another_spelling_of_the_same_address_is_no_new_one(store: Store) -> None:
    add_message(store, people(store)[0].id, "ready")
    assert edit(store, "C-1", address="ANA@x.example").address == "ANA@x.example"
    with store.read() as tx:
        assert former_addresses_of(tx, 1) == []
        assert tx.scalar(select(outbox.c.state)) == "ready"


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("C-1", "ana@x.example"),
        (" Cy@X.example ", "cy@x.example"),
        ("2", "bo@x.example"),
        ("#3", "cy@x.example"),
        ("3", "cy@x.example"),
        ("99", None),
        ("nobody", None),
        ("#x", None),
        ("9" * 30, None),
    ],
)
def test_a_contact_is_found_by_own_id_address_or_number(store: Store, name: str, address: str | None) -> None:
    with store.read() as tx:
        found = find_contact(tx, name)
    assert (found.address if found else None) == address


def test_contacts_are_listed_by_owner_tag_condition_and_number(store: Store) -> None:
    def names(**wanted: object) -> list[str]:
        return [one.name for one in list_contacts(store, **wanted)]  # type: ignore[arg-type]

    assert names() == ["Ana", "Bo", "Cy"]
    assert names(owner="li", tag="a") == ["Ana", "Cy"]
    assert names(where='extra.product == "pumps"') == ["Ana"]
    assert names(where="not owner") == ["Bo"]
    assert names(limit=2) == ["Ana", "Bo"]
    with pytest.raises(InputError, match="--where: column 1: a contact has no field 'nmae'"):
        names(where="nmae")


def test_many_contacts_are_found_in_three_questions(store: Store) -> None:
    names = ["C-1", " Cy@X.example ", "2", "nobody@x.example", "#3", *(f"C-{n}" for n in range(50, 90))]
    asked: list[str] = []
    with store.read() as tx:
        event.listen(tx, "before_cursor_execute", lambda *one: asked.append(one[2]))
        found = find_contacts(tx, names)
    assert {name: contact.address for name, contact in found.items()} == {
        "C-1": "ana@x.example",
        " Cy@X.example ": "cy@x.example",
        "2": "bo@x.example",
        "#3": "cy@x.example",
    }
    assert len(asked) <= 4  # former addresses are one more
