"""A campaign that went its way, for the audit to judge, and hands that tamper with its database."""

import sqlite3
from contextlib import closing
from copy import copy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text, update

from sequencer.core.audit import Check
from sequencer.core.inbound import VerdictKind
from sequencer.core.outbox import OutboxState
from sequencer.flows.audit import Audit, audit
from sequencer.flows.resolve import Resolution, resolve
from sequencer.store import schema
from sequencer.store.audit import Which
from sequencer.store.engine import Store
from sequencer.testing import DROP
from tests.flows.office import MONDAY, Office

ANA, BEN, EVA, MAX = "ana@luso.example", "ben@muster.example", "eva@nord.example", "max@west.example"
TWO_WEEKS = MONDAY + timedelta(days=16)


def a_campaign(folder: Path) -> Office:
    """Ana answers the second mail; Ben's first is deferred, Eva's unsure and sent again, Max's refused."""
    office = Office(folder)
    for address in (ANA, BEN, EVA, MAX):
        company = address.partition("@")[2]
        office.add_contact(address, company=company, domain=company, first_name=address[:3].title())
    office.couriers["wang"].fail("DOT", DROP, recipient=EVA, is_kept=True)
    office.couriers["wang"].fail("DOT", "452 4.2.2 full", recipient=BEN)
    office.couriers["wang"].fail("DOT", "550 5.7.1 no", recipient=MAX)
    office.enroll(ANA, BEN, EVA, MAX)
    office.run(MONDAY + timedelta(hours=6))
    [unsure] = [row for row in office.rows() if row.state is OutboxState.UNSURE]
    resolve(office.engine, unsure, Resolution.RESEND, "wang")
    office.run(MONDAY + timedelta(days=4))
    to_ana = [message for message in office.received() if ANA in message["To"]]
    assert len(to_ana) == 2
    office.answer(to_ana[-1], "Send me a quote, please.")
    office.run(TWO_WEEKS)
    return office


def another(office: Office, folder: Path) -> Office:
    """The same with a database of its own, to be tampered with."""
    folder.mkdir()
    path = folder / "sequencer.db"
    with closing(sqlite3.connect(office.engine.store.path)) as there, closing(sqlite3.connect(path)) as here:
        there.backup(here)
    copied = copy(office)
    copied.engine = replace(office.engine, store=Store(path))
    return copied


def judge(office: Office, which: Which | None = None, *, show: int | None = None) -> Audit:
    """The audit of everything, as the command asks for it."""
    engine = office.engine
    return audit(engine.store, engine.config.limits, which or Which(), engine.clock.now(), show=show)


def found(office: Office) -> dict[Check, list[int]]:
    """Message numbers by what is found of them."""
    findings: dict[Check, list[int]] = {}
    for one in judge(office).findings:
        findings.setdefault(one.check, []).append(one.message)
    return findings


def message(office: Office, address: str, step: str) -> int:
    """The number of a message."""
    [row] = [row for row in office.rows() if (row.address, row.step) == (address, step)]
    return row.id


def change(office: Office, row_id: int, **values: Any) -> None:
    """Write over what the program wrote of a message."""
    with office.engine.store.write() as tx:
        tx.execute(update(schema.outbox).where(schema.outbox.c.id == row_id).values(**values))


def happen(office: Office, row_id: int, *kinds: str) -> None:
    """Events that nobody saw."""
    with office.engine.store.write() as tx:
        for kind in kinds:
            tx.execute(
                insert(schema.events).values(at=office.clock.now(), kind=kind, outbox_id=row_id, data={})
            )


def run_sql(office: Office, *statements: str) -> None:
    """What only somebody with the file at hand can do."""
    with office.engine.store.write() as tx:
        for statement in statements:
            tx.execute(text(statement))


def record_answer(office: Office, kind: VerdictKind, contact_id: int, **fields: Any) -> None:
    """A recorded answer that did nothing, as a broken rule would leave it."""
    place = {"mailbox": "wang", "folder": "INBOX", "uid_validity": 1, "uid": 9999, "fingerprint": "f"}
    when = {"received_at": MONDAY + timedelta(days=1), "read_at": MONDAY + timedelta(days=20)}
    values = {**place, **when, "kind": kind, "contact_id": contact_id, "verdict": {}, **fields}
    with office.engine.store.write() as tx:
        tx.execute(insert(schema.inbox).values(**values))
