"""Watches a store's statements: which read a table through that grows with all that ever happened."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from sequencer.store.engine import Store

GROWING = {
    *("outbox", "w", "spent", "earlier", "contents", "enrollments", "contacts", "former_addresses"),
    *("events", "inbox", "by_hand", "tasks", "notices", "replies", "suppressions"),
}
"""Tables by the names that statements give them."""
SMALL = {
    *("ix_outbox_due", "ix_outbox_copy_due", "ix_outbox_unsettled", "ix_replies_open", "ix_replies_copy_due"),
    *("ix_enrollments_prepare", "ix_enrollments_held", "ix_notices_due", "ix_suppressions_wildcards"),
    "ix_tasks_open",
}
"""Indexes of what is open alone: to go through all of one is to go through what there is to do."""
_NEWEST_FIRST = "events USING INTEGER PRIMARY KEY (rowid>?)"
"""What happened since the last look."""
_LAST_EVENT = "SELECT coalesce(max(events.id)"
"""The largest rowid is where the table ends, though SQLite calls it a search by nothing."""


_OF_MILLIONS = """
contacts ix_contacts_domain 5000000 3
contacts ix_contacts_owner 5000000 5000000
contacts sqlite_autoindex_contacts_1 5000000 5000000
contacts sqlite_autoindex_contacts_2 5000000 1
contents - 5000620
enrollments ix_enrollments_contact 5000000 1
enrollments ix_enrollments_held 420 42 2
enrollments ix_enrollments_prepare 4580 458 2
enrollments uq_enrollments_round 5000000 1 1 1
events ix_events_contact_id 5000000 1
events ix_events_outbox_id 5000000 1
inbox ix_inbox_contact_id 500000 1
inbox ix_inbox_fingerprint 500000 50000 1
inbox ix_inbox_message 500000 1
inbox ix_inbox_read 500000 1
inbox uq_inbox_uid 500000 50000 50000 50000 1
mailboxes sqlite_autoindex_mailboxes_1 10 1
notices ix_notices_contact_id 500000 500000
notices ix_notices_failed 100 2
notices sqlite_autoindex_notices_1 500000 1
outbox ix_outbox_address 5000620 1
outbox ix_outbox_aside 100120 33373 3337 1
outbox ix_outbox_company 4000000 3
outbox ix_outbox_contact 5000620 1
outbox ix_outbox_due 500 500 1
outbox ix_outbox_spent 5000020 500002 1
outbox sqlite_autoindex_outbox_1 5000620 1
outbox uq_outbox_enrollment_step 5000620 1 1
outbox uq_outbox_once 5000620 1 1 1 1
suppressions ix_suppressions_contact_id 50000 1
suppressions sqlite_autoindex_suppressions_1 50000 1
tasks ix_tasks_contact_id 250000 1
tasks ix_tasks_enrollment_id 250000 1
tasks ix_tasks_open 20000 1
"""
"""What ANALYZE writes of five million enrollments (benchmarks/due): table, index, rows and rows by value."""


def analyze(store: Store) -> None:
    """As if somebody had run ANALYZE on millions, which SQLite then plans by."""
    with store.write() as tx:
        tx.exec_driver_sql("ANALYZE")
        tx.exec_driver_sql("DELETE FROM sqlite_stat1")
        for line in _OF_MILLIONS.split("\n")[1:-1]:
            table, index, numbers = line.split(" ", 2)
            values = (table, None if index == "-" else index, numbers)
            tx.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", values)
    store.close()  # they are read when the database is opened


def reads_through(plan: list[str]) -> list[str]:
    """The lines of an `EXPLAIN QUERY PLAN` that cost more the longer a workspace has been in use."""
    return [line for line in plan if _reads_through(line)]


def _reads_through(line: str) -> bool:
    match = re.match(r"(SCAN|SEARCH) (\S+)(?: USING (?:COVERING )?INDEX (\S+))?", line)
    if match is None or match[2] not in GROWING:
        return False
    if " AUTOMATIC " in line:
        return True  # an index of the whole table, made for this one question
    if match[1] == "SCAN":
        return match[3] not in SMALL
    # A SEARCH by nothing is how SQLite calls the way to a min() without an index.
    return "USING" not in line or ("(rowid" in line and "rowid=" not in line and _NEWEST_FIRST not in line)


@contextmanager
def watched(store: Store) -> Iterator[dict[str, list[str]]]:
    """What the block's statements read through, by statement."""
    found: dict[str, list[str]] = {}
    seen: set[str] = set()

    def explain(
        connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        if statement in seen or not statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")):
            return
        seen.add(statement)
        given = parameters[0] if many else parameters
        cursor = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)
        lines = reads_through([line[3] for line in cursor])
        if lines and not statement.startswith(_LAST_EVENT):
            found[statement] = lines

    event.listen(store._engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(store._engine, "before_cursor_execute", explain)
