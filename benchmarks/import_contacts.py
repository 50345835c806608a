"""What importing 20,000 contacts costs beside reading the file and storing its bare cells (target: 20 s)."""

import csv
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from sequencer.core.contact_import import Outcome, Rules
from sequencer.core.contact_merge import ListWide
from sequencer.core.countries import country_code
from sequencer.files.contact_file import read_contact_file
from sequencer.flows.import_contacts import import_contacts
from sequencer.store.engine import Store, create_schema
from sequencer.testing import FakeClock

ROWS = 20_000
TARGET_SECONDS = 20.0


def write_list(path: Path) -> None:
    """A list as a fair's organiser sends it."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        rows = csv.writer(file)
        rows.writerow(["email", "name", "company", "country", "product"])
        for n in range(ROWS):
            rows.writerow(
                [f"buyer{n}@firm{n % 7000}.example", f"Buyer {n}", f"Firm {n % 7000}", "Germany", "p"]
            )


def bare(path: Path, database: Path) -> float:
    """Seconds to read the file and insert its cells, unchecked."""
    started = time.perf_counter()
    with (
        path.open(newline="", encoding="utf-8-sig") as file,
        closing(sqlite3.connect(database)) as connection,
    ):
        connection.execute("CREATE TABLE bare (email, name, company, country, product)")
        connection.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?)", list(csv.reader(file)))
        connection.commit()
    return time.perf_counter() - started


def whole(path: Path, database: Path) -> float:
    """Seconds of the import: encoding, columns, address checks, duplicates, countries, batches."""
    store = Store(database)
    create_schema(store)
    started = time.perf_counter()
    listed = read_contact_file(path)
    rules = Rules(
        wide=ListWide(owner=None, source="", tags=(), overwrites=False), acting="li", reps=frozenset({"li"})
    )
    report = import_contacts(store, listed, rules, country_code=country_code, now=FakeClock().now())
    taken = time.perf_counter() - started
    assert report.count(Outcome.ADDED) == ROWS, report
    return taken


def main() -> int:
    """Measure side by side, print seconds and ratio; 1 when the import is over its target."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "contacts.csv")
        write_list(path)
        least = bare(path, Path(folder, "bare.db"))
        taken = whole(path, Path(folder, "sequencer.db"))
    verdict = "within" if taken <= TARGET_SECONDS else "OVER"
    print(
        f"import: {ROWS:,} rows in {taken:.1f} s ({verdict} the target of {TARGET_SECONDS:.0f} s), "
        f"{taken / least:.0f} times reading and storing the bare cells"
    )
    return 0 if taken <= TARGET_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
