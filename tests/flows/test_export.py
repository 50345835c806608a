"""What is exported comes back as it was, and a person is shown everything that is held about them."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from sequencer.cli.output import json_text
from sequencer.cli.person_text import person_text
from sequencer.core.contact import Contact, Stage
from sequencer.core.contact_csv import contact_table
from sequencer.core.csv_text import csv_text
from sequencer.files.contact_file import read_contact_file
from sequencer.flows.edit_contact import Edit, edit_contact
from sequencer.flows.erase import find_person
from sequencer.flows.export import contacts_csv, export_contacts, export_person
from sequencer.store.contacts import contact_at, former_addresses_of, insert_contacts
from sequencer.testing import a_contact
from tests.flows.ana import ANA, ANSWER, BEN, ONCE, WORDS, forget, with_a_past
from tests.flows.lists import NOW, REPS, a_store, brought_in, country_code, people
from tests.flows.office import Office

FULL = a_contact(
    "Ana.Silva@lusotools.example",
    external_id="C-117",
    title="=HYPERLINK(1)",
    phone="+351 555 0100",
    website="https://lusotools.example",
    state="Porto",
    city="Porto",
    zone="Europe/Lisbon",
    language="pt",
    stage=Stage.QUALIFIED_1,
    source="fair, hall 3",
    note='\'=1 "quoted"; 备注',
    tags=("fair", "-canton"),
    extra={"product": "@pumps", "公司_2": "宁波"},
    is_key_account=True,
    country="PT",
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "ws")


def _again(tmp_path: Path, contacts: list[Contact]) -> list[Contact]:
    """What a fresh store holds after these were exported from one and imported into it."""
    store = a_store(tmp_path, "one.db")
    with store.write() as tx:
        insert_contacts(tx, contacts, NOW)
    for old, new in (("ana.old@lusotools.example", FULL.address),):
        with store.read() as tx:
            before = contact_at(tx, old)
        if before:
            moved = Edit(address=new)
            edit_contact(store, old, moved, reps=REPS, country_code=country_code, now=NOW)
    path = tmp_path / "out.csv"
    path.write_text(contacts_csv(export_contacts(store, people(store))), encoding="utf-8", newline="")
    other = a_store(tmp_path, "two.db")
    report = brought_in(other, read_contact_file(path))
    assert {one.outcome.value for one in report.decisions} == {"added"}
    assert [one.notes for one in report.decisions] == [()] * len(contacts)
    with other.read() as tx:
        for one in people(other):
            if one.external_id == "C-117":
                former = former_addresses_of(tx, one.id)
                assert [was.address for was in former] == ["ana.old@lusotools.example"]
    return people(other)


def test_an_exported_list_imported_again_is_the_same_list(tmp_path: Path) -> None:
    old = "ana.old@lusotools.example"
    bare = a_contact("b@muster.example", id=2, name="", first_name="", last_name="", owner=None, company="")
    bare = replace(bare, country="", language="")
    found = _again(tmp_path, [replace(FULL, address=old, address_key=old), bare])
    expected = [replace(FULL, address_key=FULL.address.lower()), bare]
    assert found == expected


def test_no_cell_runs_as_a_formula() -> None:
    text = csv_text(*contact_table([FULL], {}))
    [row] = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert row["title"] == "'=HYPERLINK(1)"
    assert row["phone"] == "'+351 555 0100"
    assert row["extra.product"] == "'@pumps"


def test_everything_held_about_a_person_is_shown(office: Office) -> None:
    with_a_past(office)
    (office.root / "notes.txt").write_text(f"met {ANA} at the fair", encoding="utf-8")
    document = json.loads(json_text(export_person(office.engine, find_person(office.engine, ANA))))
    assert document["contact"]["external_id"] == "C-8817"
    assert [one["address"] for one in document["former_addresses"]] == [ONCE]
    [message] = document["messages"]
    assert message["state"] == "sent"
    assert "Zylkova" in message["text"]
    [answer] = document["answers"]
    assert answer["own_text"] == ANSWER
    assert document["tasks"][0]["title"] == "Call Zylkova about blue velvet wrenches"
    assert document["suppressions"][0]["source"] == "Zylkova's call"
    assert document["overrides"][0]["file"] == f"overrides/short/{ANA}/offer.md"
    assert document["rejected_rows"][0]["cells"]["name"] == "Ana Zylkova"
    assert {one["kind"] for one in document["events"]} >= {"enrolled", "sent", "finished"}
    assert document["mentioned_in"] == ["notes.txt"]
    assert BEN not in json_text(document)


def test_the_text_for_the_person_says_all_that_the_document_says(office: Office) -> None:
    with_a_past(office)
    document = export_person(office.engine, find_person(office.engine, ANA))
    text = person_text(document)
    assert [word for word in WORDS if word.lower() not in text.lower()] == []
    assert "None" not in text


def test_of_an_erased_person_nothing_personal_is_left_to_show(office: Office) -> None:
    with_a_past(office)
    forget(office)
    text = json_text(export_person(office.engine, find_person(office.engine, "#1")))
    assert [word for word in WORDS if word.lower() in text.lower()] == []
