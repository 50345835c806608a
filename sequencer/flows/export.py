"""Export: the list of contacts back out, and everything that is held about one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sequencer.core.contact import Contact
from sequencer.core.contact_csv import contact_table
from sequencer.core.csv_text import csv_text
from sequencer.core.erasure import mention_of
from sequencer.files.corpus_folder import fixtures_of, sent_rows_of
from sequencer.files.mentions import find_mentions
from sequencer.files.override_folders import override_folders
from sequencer.files.rejects_rows import rejects_with
from sequencer.files.reply_drafts import drafts_of
from sequencer.files.text_file import read_text
from sequencer.flows.engine import Engine
from sequencer.flows.erase import Person
from sequencer.store import contacts, erase
from sequencer.store.about import rows_about
from sequencer.store.contacts import FormerAddress
from sequencer.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Contacts, each with the addresses they had."""

    people: Sequence[Contact]
    former: dict[int, list[FormerAddress]]
    """By contact id; only for those who had others."""


def export_contacts(store: Store, people: Sequence[Contact]) -> Exported:
    """The contacts with their former addresses."""
    with store.read() as tx:
        return Exported(people=people, former=contacts.all_former_addresses(tx))


def contacts_csv(exported: Exported) -> str:
    """The list as CSV that `contacts import` reads back."""
    former = {contact_id: [one.address for one in found] for contact_id, found in exported.former.items()}
    return csv_text(*contact_table(exported.people, former))


def export_person(engine: Engine, person: Person) -> dict[str, Any]:
    """Everything held about somebody: rows, files of the program, and which of the user's own name them."""
    contact_id, workspace = person.contact.id, engine.workspace
    with engine.store.read() as tx:
        answers = erase.answers_from(tx, contact_id, person.keys)
        document = rows_about(tx, contact_id, erase.patterns_of(tx, contact_id, person.keys), answers)
    shown = {path: path.relative_to(workspace.root).as_posix() for path in _overrides(engine, person)}
    document["overrides"] = [
        {"file": name, "text": read_text(path, name)} for path, name in sorted(shown.items())
    ]
    document["drafts"] = [
        {"file": path.relative_to(workspace.root).as_posix(), "text": read_text(path, path.name)}
        for path in drafts_of(workspace, answers)
    ]
    document["rejected_rows"] = [
        {"file": one.path.relative_to(workspace.root).as_posix(), "cells": _named(one.header, cells)}
        for one in rejects_with(workspace.root, person.keys)
        for cells in one.theirs
    ]
    kept = fixtures_of(workspace, answers)
    document["corpus"] = [
        {
            "file": one.path.relative_to(workspace.root).as_posix(),
            "label": one.label,
            "text": one.raw.decode("utf-8", "replace"),
        }
        for one in kept
    ]
    document["corpus_sent"] = sent_rows_of(workspace, person.keys)
    found = find_mentions(workspace, mention_of(person.addresses)) if person.addresses else None
    listed = (*document["drafts"], *document["rejected_rows"], *document["corpus"])
    own = {*shown.values(), *(one["file"] for one in listed), "corpus/labels.jsonl", "corpus/sent.jsonl"}
    document["mentioned_in"] = [name for name in found.files if name not in own] if found else []
    document["not_searched"] = [*found.backups, *found.unread] if found else []
    return document


def _overrides(engine: Engine, person: Person) -> list[Any]:
    folders = override_folders(engine.workspace, person.keys)
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]


def _named(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return dict(zip(header, cells, strict=False))
