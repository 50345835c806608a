"""A workspace with its contacts enrolled, made by the product's own flows before anything is timed."""

import csv
import json
import random
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.throughput.load import Load
from sequencer.cli.session import Session
from sequencer.core.contact_import import Outcome, Rules
from sequencer.core.contact_merge import ListWide
from sequencer.core.countries import country_code
from sequencer.core.render import render_step
from sequencer.core.sequence import SequenceVersion
from sequencer.files.contact_file import read_contact_file
from sequencer.files.version import load_version
from sequencer.flows.enroll import Rules as EnrollRules
from sequencer.flows.enroll import enroll, plan_enrollment
from sequencer.flows.import_contacts import import_contacts
from sequencer.flows.init import init
from sequencer.flows.select import select_contacts

ATTACHMENT = "brochure.pdf"
FIRST_NAMES = ("Ana", "Bruno", "Carla", "Dieter", "Elena", "Farid", "Greta", "Henk", "Irina", "João")

HEAD = """
me = "wang"
default_zone = "Asia/Shanghai"
only_to = []
[notices]
mail = false
digest_at = ""
[sender]
company = "Harbour Tools Co., Ltd."
postal_address = "88 Harbour Road, Ningbo, China"
[windows.always]
zone = "buyer"
hours = ["00:00-24:00"]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
holidays = "none"
[[reps]]
name = "wang"
full_name = "Wang Lei"
email = "wang@firm.example"
mailboxes = [{names}]
signature = "Wang Lei\\nHarbour Tools Co., Ltd."
"""
MAILBOX = """
[[mailboxes]]
name = "{name}"
address = "{name}@firm.example"
display_name = "Wang Lei"
daily_cap = 1000000
min_gap = "{gap}"
gap_jitter = "{jitter}"
save_sent = "never"
[mailboxes.smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
[mailboxes.imap]
host = "127.0.0.1"
port = {imap}
security = "none"
username = "{name}"
password = "env:BENCHMARK_PASSWORD"
"""
SEQUENCE = """
sequence: throughput
description: One personal letter
window: always
steps:
  - id: letter
    template: throughput/letter
"""
STARTER = "templates/mail-group/intro.md"
PARAGRAPH = """Besides, we keep one drawing for every tool we make. A handle, a spring or a blade that you \
order again in three years fits the tool you bought today, and {{ contact.company }} does not have to throw \
away a pruner for want of a spring. For importers this has meant fewer returns, and for their shops a shelf \
of spare parts that sells by itself. The list of parts is two pages long; I can send it with the catalogue.

"""
BEFORE = "A catalogue will follow."


def configure(
    root: Path,
    *,
    smtp: int,
    imap: int,
    names: tuple[str, ...] = ("m00",),
    gap: str = "0s",
    jitter: str = "0s",
) -> None:
    """Point the mailboxes at these servers: always open, no cap that binds."""
    head = HEAD.format(names=", ".join(f'"{name}"' for name in names))
    boxes = (MAILBOX.format(name=name, gap=gap, jitter=jitter, smtp=smtp, imap=imap) for name in names)
    (root / "config.toml").write_text(head + "".join(boxes), encoding="utf-8")


def make(root: Path, load: Load, names: tuple[str, ...] = ("m00",)) -> None:
    """`init`, a sequence of one letter from the starter library, and `load.messages` contacts enrolled."""
    init(root)
    configure(root, smtp=25, imap=143, names=names)
    attach = f"    attach: [{ATTACHMENT}]\n" if load.attachment_bytes else ""
    (root / "sequences" / "throughput.yaml").write_text(SEQUENCE + attach, encoding="utf-8")
    if load.attachment_bytes:
        (root / "assets" / ATTACHMENT).write_bytes(pdf(load.attachment_bytes))
    _write_letter(root)
    write_list(root / "contacts.csv", load.messages)
    session = Session(workspace=str(root), acting=None, quiet=True, debug=False)
    _import(session, root / "contacts.csv", load.messages)
    version = _enroll(session, load.messages)
    _write_for_others(session, version, root)
    session.store.close()


def pdf(size: int) -> bytes:
    """As large as asked, of bytes that do not compress; the same each time."""
    head = b"%PDF-1.4\n"
    return head + random.Random(size).randbytes(size - len(head))


def write_list(path: Path, count: int) -> None:
    """A list as a fair's organiser sends it; every buyer at a firm of their own."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["email", "first_name", "last_name", "company", "country"])
        for number in range(count):
            name = FIRST_NAMES[number % len(FIRST_NAMES)]
            rows.writerow(
                [f"buyer{number}@firm{number}.example", name, f"Silva {number}", f"Firm {number}", "Portugal"]
            )


def states(root: Path) -> dict[str, int]:
    """How many outbox rows stand in which state."""
    with closing(sqlite3.connect(root / "sequencer.db")) as connection:
        return dict(connection.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())


def _import(session: Session, path: Path, count: int) -> None:
    rules = Rules(
        wide=ListWide(owner=None, source="", tags=(), overwrites=False),
        acting="wang",
        reps=frozenset({"wang"}),
    )
    now = session.clock.now()
    report = import_contacts(
        session.store, read_contact_file(path), rules, country_code=country_code, now=now
    )
    assert report.count(Outcome.ADDED) == count, report.reasons(Outcome.REJECTED)


def _write_letter(root: Path) -> None:
    """The starter library's first mail with one paragraph more: about 4 kB as text and HTML."""
    letter = (root / STARTER).read_text(encoding="utf-8")
    assert BEFORE in letter
    (root / "templates" / "throughput").mkdir()
    text = letter.replace(BEFORE, PARAGRAPH + BEFORE)
    (root / "templates" / "throughput" / "letter.md").write_text(text, encoding="utf-8")


def _write_for_others(session: Session, version: SequenceVersion, root: Path) -> None:
    """The same letter for the other contestants, with {{first_name}} and {{company}} to be filled in."""
    first = select_contacts(session.engine, session.rep).found[0]
    step = version.sequence.steps[0]
    draft = render_step(version, step, first, session.rep, session.config.sender, arm=step.arms[0])
    words = {"subject": draft.subject or "", "text": draft.text, "html": draft.html}
    for field, value in (("first_name", first.first_name), ("company", first.company)):
        words = {key: re.sub(rf"\b{value}\b", "{{" + field + "}}", text) for key, text in words.items()}
    (root / "letter.json").write_text(json.dumps(words), encoding="utf-8")


def _enroll(session: Session, count: int) -> SequenceVersion:
    version = load_version(session.workspace, "throughput", session.config)
    chosen = select_contacts(session.engine, session.rep)
    plan = plan_enrollment(session.engine, version, chosen.found, session.rep, EnrollRules())
    assert not plan.refused, plan.refused[:3]
    assert enroll(session.engine, plan) == count
    return version
