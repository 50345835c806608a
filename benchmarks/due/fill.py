"""Fills a database by SQL alone: the same few who are under way, beside any number who are through."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from benchmarks.due.office import MAILBOXES, NOW, Office

RUNNING = 5_000
"""Under way whatever the number of the others: due, to be prepared, held, waiting, or days ahead."""
DUE, TO_PREPARE = (1, 500), (501, 1000)
HELD_UNTIL, HELD_FOR_PERSON = (1001, 1250), (1251, 1400)
AWAITING, UNSURE, AHEAD = (1401, 1500), (1501, 1520), (1521, RUNNING)
LATELY = (1521, 1820)
"""Of those ahead: their last message left within a day, thirty from each mailbox."""
FIRST_PAST = 2 * RUNNING + 1
"""The id from which those who are through are numbered; messages of those under way use up to it."""

_EPOCH = int(NOW.timestamp())
_PAST = _EPOCH - int(timedelta(days=1200).total_seconds())
"""When the first of those who are through was written to; the next 20 seconds later."""

_COUNTRY = "CASE i % 8 " + " ".join(
    f"WHEN {at} THEN '{code}'" for at, code in enumerate(("DE", "PT", "BR", "IN", "US", "AE", "JP", "ZA"))
)


def _at(seconds: str) -> str:
    """SQL: seconds since 1970 as the store keeps instants."""
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', {seconds}, 'unixepoch')"


_LEFT = f"""CASE WHEN i >= {FIRST_PAST} THEN {_PAST} + i * 20
    WHEN i BETWEEN {LATELY[0]} AND {LATELY[1]} THEN {_EPOCH} - 3600 - i % 40000
    ELSE {_EPOCH} - 400000 - i * 20 END"""
_MAILBOX = f"'m' || CASE WHEN i <= {TO_PREPARE[1]} THEN 0 ELSE i % {len(MAILBOXES)} END"
_ADDRESS = "printf('buyer%09d@firm%08d.example', i, i / 3)"
_SPAN = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)"

_PEOPLE = f"""
INSERT INTO contacts (id, address, address_key, first_name, company, country, domain, owner,
    created_at, updated_at)
{_SPAN} SELECT i, {_ADDRESS}, {_ADDRESS}, 'Ana', 'Firm ' || (i / 3), {_COUNTRY} END,
    printf('firm%08d.example', i / 3), 'wang', {_at(_LEFT)}, {_at(_LEFT)} FROM n
"""
_PAST_ENROLLMENTS = f"""
INSERT INTO enrollments (id, contact_id, sequence, round, version_hash, rep, mailbox, state, finish_reason,
    finished_at, anchor_at, created_at)
{_SPAN} SELECT i, i, 'long', 1, :version, 'wang', {_MAILBOX}, 'finished',
    CASE i % 10 WHEN 0 THEN 'replied' WHEN 1 THEN 'bounced' ELSE 'completed' END,
    {_at(_LEFT + " + 86400")}, {_at(_LEFT)}, {_at(_LEFT)} FROM n
"""
_RUNNING_ENROLLMENTS = f"""
INSERT INTO enrollments (id, contact_id, sequence, round, version_hash, rep, mailbox, state, hold_reason,
    held_until, step, anchor_at, next_at, prepare_at, created_at)
{_SPAN} SELECT i, i, 'long', 1, :version, 'wang', {_MAILBOX},
    :state, :hold, CASE WHEN :until IS NOT NULL THEN {_at(":until + i * 60")} END, :step, {_at(_LEFT)},
    {_at(":next + i * 60")}, CASE WHEN :prepare IS NOT NULL THEN {_at(":prepare + i * 60")} END,
    {_at(_LEFT)} FROM n
"""
_SENT = f"""
INSERT INTO outbox (id, enrollment_id, contact_id, address, address_key, sequence, round, step, mailbox, rep,
    version_hash, state, due_at, rendered_at, message_id, date_at, sent_subject, attempt_id, attempt,
    claimed_at, sending_at, sent_at, created_at)
{_SPAN} SELECT i, i, i, {_ADDRESS}, {_ADDRESS}, 'long', 1, 's1', {_MAILBOX}, 'wang', :version, 'sent',
    {_at(_LEFT)}, {_at(_LEFT)}, printf('<%d.s1@firm.example>', i), {_at(_LEFT)}, 'Wrenches',
    printf('a%d', i), 1,
    {_at(_LEFT)}, {_at(_LEFT)}, {_at(_LEFT)}, {_at(_LEFT)} FROM n
"""
_OPEN = f"""
INSERT INTO outbox (id, enrollment_id, contact_id, address, address_key, sequence, round, step, mailbox, rep,
    version_hash, state, due_at, rendered_at, message_id, attempt_id, sending_at, subject, created_at)
{_SPAN} SELECT i + {RUNNING}, i, i, {_ADDRESS}, {_ADDRESS}, 'long', 1, 's2', {_MAILBOX}, 'wang', :version,
    :state, {_at(f"{_EPOCH} - i")}, {_at(str(_EPOCH))},
    iif(:state = 'unsure', printf('<%d@firm.example>', i), NULL),
    iif(:state = 'unsure', 'a', NULL), iif(:state = 'unsure', {_at(f"{_EPOCH} - 90000 - i")}, NULL), NULL,
    {_at(str(_EPOCH))} FROM n
"""
_TEXTS = """
INSERT INTO contents (outbox_id, text, html)
SELECT id, 'Hello Ana, we make wrenches.', '<p>Hello Ana, we make wrenches.</p>' FROM outbox
WHERE id BETWEEN :first AND :last
"""
_HAPPENED = f"""
INSERT INTO events (at, kind, contact_id, enrollment_id, outbox_id, mailbox)
{_SPAN} SELECT {_at(_LEFT)}, 'sent', i, i, i, {_MAILBOX} FROM n
"""
_ANSWERED = f"""
INSERT INTO inbox (mailbox, folder, uid_validity, uid, fingerprint, received_at, read_at, kind, contact_id,
    enrollment_id, outbox_id, match_via)
{_SPAN} SELECT {_MAILBOX}, 'INBOX', 1, i, 'f' || i, {_at(_LEFT)}, {_at(_LEFT)}, 'reply', i, i, i, 'references'
FROM n WHERE i % 10 = 0
"""
_DONE_TASKS = f"""
INSERT INTO tasks (contact_id, enrollment_id, rep, title, due_at, done_at, created_at)
{_SPAN} SELECT i, i, 'wang', 'Call', {_at(_LEFT)}, iif(i >= {FIRST_PAST}, {_at(_LEFT)}, NULL), {_at(_LEFT)}
FROM n WHERE i % 20 = 0
"""
_SUPPRESSED = f"""
INSERT INTO suppressions (pattern, reason, contact_id, created_at)
{_SPAN} SELECT {_ADDRESS}, 'bounce', i, {_at(_LEFT)} FROM n WHERE i % 50 = 1 AND i >= {FIRST_PAST}
"""
_TOLD = f"""
INSERT INTO notices (key, kind, channel, rep, due_at, done_at, created_at)
{_SPAN} SELECT 'n' || i, 'replied', 'mail:wang', 'wang', {_at(_LEFT)}, {_at(_LEFT)}, {_at(_LEFT)}
FROM n WHERE i % 10 = 0
"""
_OF_EACH = (_PEOPLE, _SENT, _TEXTS, _HAPPENED, _ANSWERED, _DONE_TASKS, _SUPPRESSED, _TOLD)
_OF_PAST = (_PEOPLE, _PAST_ENROLLMENTS, *_OF_EACH[1:])

_TO_AHEAD = f"""
UPDATE enrollments SET state = 'active', finish_reason = NULL, finished_at = NULL, step = 's2',
    next_at = {_at(f"{_EPOCH} + 86400 * 20 + id * 10")},
    prepare_at = {_at(f"{_EPOCH} + 86400 * 19 + id * 10")}
WHERE id BETWEEN :first AND :last
"""
_TO_PAST = f"""
UPDATE enrollments SET state = 'finished', finish_reason = 'completed', finished_at = {_at(str(_EPOCH))},
    step = NULL, next_at = NULL, prepare_at = NULL WHERE id BETWEEN :first AND :last
"""


def add_running(office: Office) -> None:
    """The constant part: everybody wrote to once, days ago or lately."""
    day = 86400
    active = {"state": "active", "hold": None, "until": None, "step": "s2", "next": _EPOCH - day * 6}
    held = active | {"state": "held", "prepare": None}
    groups: list[tuple[tuple[int, int], dict[str, object]]] = [
        (DUE, active | {"prepare": None}),
        (TO_PREPARE, active | {"prepare": _EPOCH - day * 6}),
        (HELD_UNTIL, held | {"hold": "out_of_office", "until": _EPOCH + day * 4}),
        (HELD_FOR_PERSON, held | {"hold": "ambiguous"}),
        (AWAITING, active | {"prepare": None}),
        (UNSURE, held | {"hold": "unsure"}),
        (AHEAD, active | {"next": _EPOCH + day * 2, "prepare": _EPOCH + day}),
    ]
    open_rows = [(DUE, "ready"), (AWAITING, "awaiting_approval"), (UNSURE, "unsure")]
    _run(office.database, [(_PEOPLE, _span((1, RUNNING)))])
    for span, values in groups:
        _run(
            office.database, [(_RUNNING_ENROLLMENTS, _span(span) | values | {"version": office.version_hash})]
        )
    whole = _span((1, RUNNING)) | {"version": office.version_hash}
    _run(office.database, [(statement, whole) for statement in _OF_EACH[1:]])
    for span, state in open_rows:
        values = _span(span) | {"version": office.version_hash, "state": state}
        texts = _span((span[0] + RUNNING, span[1] + RUNNING))
        _run(office.database, [(_OPEN, values), (_TEXTS, texts)])


def add_past(office: Office, before: int, count: int) -> None:
    """Bring the number of enrollments from `before` to `count`; all new ones are through."""
    piece = 250_000
    for start in range(before, count, piece):
        ids = (start - RUNNING + FIRST_PAST, min(start + piece, count) - RUNNING + FIRST_PAST - 1)
        values = _span(ids) | {"version": office.version_hash}
        _run(office.database, [(statement, values) for statement in _OF_PAST])


def set_ahead(office: Office, count: int, *, is_ahead: bool = True) -> None:
    """Have so many of those who are through stand weeks before their next step, or end them again."""
    span = _span((FIRST_PAST, FIRST_PAST + count - 1))
    _run(office.database, [(_TO_AHEAD if is_ahead else _TO_PAST, span)])


def execute(database: Path, statement: str) -> None:
    """A statement such as ANALYZE."""
    _run(database, [(statement, {})])


def _span(ids: tuple[int, int]) -> dict[str, object]:
    return {"first": ids[0], "last": ids[1]}


def _run(database: Path, statements: Iterable[tuple[str, Mapping[str, object]]]) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-400000")
        connection.execute("BEGIN")
        for statement, values in statements:
            connection.execute(statement, values)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
