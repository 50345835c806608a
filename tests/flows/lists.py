"""What the tests of contacts share: a store, a list from rows, an import with its usual rules."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from sequencer.core.contact import Contact
from sequencer.core.contact_import import Outcome, Rules
from sequencer.core.contact_list import ContactList
from sequencer.core.contact_merge import ListWide
from sequencer.files.contact_file import read_contact_file
from sequencer.flows.import_contacts import ImportReport, import_contacts
from sequencer.store.contacts import all_contacts
from sequencer.store.engine import Store
from sequencer.store.schema import enrollments, metadata, outbox, sequence_versions

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REPS = frozenset({"wang", "li"})
_COUNTRIES = {"portugal": "PT", "pt": "PT", "德国": "DE", "germany": "DE", "de": "DE"}


def a_store(folder: Path, name: str = "sequencer.db") -> Store:
    """A store with its tables and nothing in them."""
    store = Store(folder / name)
    with store.write() as tx:
        metadata.create_all(tx)
    return store


def country_code(text: str) -> str:
    """A few countries are enough here."""
    return _COUNTRIES.get(text.casefold(), "")


def a_list(folder: Path, *lines: str) -> ContactList:
    """A list read from these lines of CSV, the header first."""
    path = folder / "list.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_contact_file(path)


def brought_in(
    store: Store,
    contact_list: ContactList,
    *,
    acting: str = "wang",
    is_dry_run: bool = False,
    now: datetime = NOW,
    owner: str | None = None,
    source: str = "",
    tags: Sequence[str] = (),
    overwrites: bool = False,
) -> ImportReport:
    """The list imported."""
    wide = ListWide(owner=owner, source=source, tags=tuple(tags), overwrites=overwrites)
    rules = Rules(wide=wide, acting=acting, reps=REPS)
    return import_contacts(
        store, contact_list, rules, country_code=country_code, now=now, is_dry_run=is_dry_run
    )


def outcomes(report: ImportReport) -> list[tuple[int, str, str]]:
    """Line, outcome and reason of each row."""
    return [(one.row.line, one.outcome.value, one.reason) for one in report.decisions]


def counts(report: ImportReport) -> dict[str, int]:
    """How many rows ended in each way that occurred."""
    return {outcome.value: report.count(outcome) for outcome in Outcome if report.count(outcome)}


def people(store: Store) -> list[Contact]:
    """Every contact in the store."""
    with store.read() as tx:
        return list(all_contacts(tx))


def add_message(store: Store, contact_id: int, state: str) -> None:
    """A message to the contact, in this state of the outbox."""
    times = {"due_at": NOW, "created_at": NOW, "rendered_at": NOW}
    with store.write() as tx:
        tx.execute(insert(sequence_versions).values(hash="v", sequence="s", texts={}, created_at=NOW))
        tx.execute(
            insert(enrollments).values(
                id=1,
                contact_id=contact_id,
                sequence="s",
                round=1,
                version_hash="v",
                rep="wang",
                mailbox="m",
                state="active",
                step="one",
                anchor_at=NOW,
                created_at=NOW,
            )
        )
        tx.execute(
            insert(outbox).values(
                enrollment_id=1,
                contact_id=contact_id,
                address="ana@x.example",
                address_key="ana@x.example",
                sequence="s",
                round=1,
                step="one",
                mailbox="m",
                rep="wang",
                version_hash="v",
                state=state,
                **times,
            )
        )
