"""Every mail of the starter library: the bytes that would leave, and what a buyer's server would get."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from sequencer.config import Mailbox
from sequencer.core.contact import Contact
from sequencer.core.languages import split_name
from sequencer.core.message import mint_message_id
from sequencer.core.outbox import Headers, OutboxRow, OutboxState
from sequencer.core.render import render_step
from sequencer.core.sequence import SequenceVersion, Step
from sequencer.core.threading import ThreadLink, thread_headers
from sequencer.files.config_file import read_config
from sequencer.files.init_workspace import make_workspace
from sequencer.files.starter import starter_files
from sequencer.files.version import load_version
from sequencer.flows.assemble import assemble_row
from sequencer.flows.engine import Engine, open_engine
from sequencer.flows.invented_buyer import invented_buyer
from sequencer.store import contacts
from sequencer.store.engine import Store, create_schema
from sequencer.testing import FakeClock

SENT_AT = datetime(2026, 9, 15, 8, 12, 40, tzinfo=UTC)
"""A Tuesday morning in Portugal. SpamAssassin compares Date with Received, never with its own clock."""
SEQUENCES = sorted(Path(name).stem for name in starter_files() if name.startswith("sequences/"))

BUYER = "luso-jardim.example"

# What the sender's provider (our EHLO in it) and the buyer's server put on top. The addresses are those
# of RFC 2544: SpamAssassin knows the ones meant for documents, and no real server has them.
_RECEIVED = """\
Received: from smtp.ourfirm.example (smtp.ourfirm.example [198.18.0.25])\r
\tby mx.luso-jardim.example (Postfix) with ESMTPS id 4cQx7k2Lz1\r
\tfor <{recipient}>; {received}\r
Received: from [127.0.0.1] (unknown [198.18.9.77])\r
\tby smtp.ourfirm.example (Postfix) with ESMTPSA id 4cQx7j0Bm9\r
\tfor <{recipient}>; {submitted}\r
"""
_SIGNATURE = """\
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=ourfirm.example; s=mail;\r
\th=date:from:to:subject:message-id:list-unsubscribe:mime-version;\r
\tbh=g3zLYH4xKxcPrHOD18z9YfpQcnk/GaJedfustWU5uGs=;\r
\tb=VuYc8LkzQ1nO4pT7sWx2Ej5hRb9mKd3fGa6iNq0yUoPlCvXtBzHwSrMgJeDkFI8=\r
"""
"""By its look: whether it is valid is asked of the DNS, which local rules don't do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail of the library to one buyer."""

    step: str
    source: str
    """The template file it came from: arm and language."""
    contact: Contact
    html: str
    raw: bytes
    """What leaves."""

    def __str__(self) -> str:
        buyer = self.contact.name or "a buyer of whom only the address is known"
        return f"{self.source} (step {self.step}, to {buyer})"

    def received(self, *, is_signed: bool = True) -> bytes:
        """What the buyer's server shows to its spam filter; `is_signed` by the sender's provider."""
        submitted, received = (format_datetime(SENT_AT + timedelta(seconds=after)) for after in (2, 5))
        head = _RECEIVED.format(recipient=self.contact.address, received=received, submitted=submitted)
        return (head + (_SIGNATURE if is_signed else "")).encode() + self.raw


def a_library(root: Path) -> Engine:
    """A workspace as `init` makes it, with an empty database."""
    workspace = make_workspace(root)
    store = Store(workspace.database)
    create_schema(store)
    engine = open_engine(workspace, read_config(workspace.config), store, FakeClock(SENT_AT))
    return replace(engine, key=b"k" * 32)  # no chance in the tokens: a mail gets the same score each time


def letters(engine: Engine, sequence: str) -> Iterator[Letter]:
    """Every mail step of a sequence in every variant and language, for a well and a barely known buyer."""
    version = load_version(engine.workspace, sequence, engine.config)
    for contact in _buyers(engine, version):
        thread: list[Headers] = []
        for step in version.sequence.steps:
            written = [_letter(engine, version, step, arm, contact, thread) for arm in step.arms]
            yield from (letter for letter, _ in written)
            thread += [headers for _, headers in written[:1]]


def _letter(
    engine: Engine, version: SequenceVersion, step: Step, arm: str, contact: Contact, thread: list[Headers]
) -> tuple[Letter, Headers]:
    """One letter in the thread of those before it."""
    mailbox, rep = engine.config.mailboxes[0], engine.config.reps[0]
    draft = render_step(version, step, contact, rep, engine.config.sender, arm=arm)
    headers = _headers(mailbox, thread, draft.subject)
    row = OutboxRow(
        id=len(thread) + 1,
        enrollment_id=contact.id,
        contact_id=contact.id,
        address=contact.address,
        address_key=contact.address_key,
        sequence=version.sequence.name,
        round=1,
        step=step.id,
        mailbox=mailbox.name,
        rep=rep.name,
        version_hash=version.hash,
        state=OutboxState.SENDING,
        due_at=SENT_AT,
        content=draft.content(tuple(engine.assets.attachment(name) for name in draft.attach)),
        rendered_at=SENT_AT,
        headers=headers,
    )
    outgoing = assemble_row(engine, mailbox, row, headers)
    letter = Letter(
        step=step.id, source=draft.source, contact=contact, html=draft.html, raw=b"".join(outgoing.pieces)
    )
    return letter, headers


def _headers(mailbox: Mailbox, thread: list[Headers], subject: str | None) -> Headers:
    """As `mint_headers` makes them after all of `thread` was sent, without rows and without chance."""
    links = [
        ThreadLink(
            message_id=one.message_id,
            subject=one.subject,
            state=OutboxState.SENT,
            is_root=one.in_reply_to is None,
        )
        for one in thread
    ]
    place = thread_headers(links, subject)
    digits = hashlib.sha256(f"{place.subject} {len(thread)}".encode()).hexdigest()[:32]
    return Headers(
        message_id=mint_message_id(mailbox.domain, digits),
        date_at=SENT_AT,
        subject=place.subject,
        in_reply_to=place.in_reply_to,
        references=place.references,
    )


def _buyers(engine: Engine, version: SequenceVersion) -> list[Contact]:
    """In each language the invented buyer, and one of whom only the address is known; all in the database."""
    languages = {"en"} | {tag for _, tag in map(split_name, version.templates) if tag}
    buyers = []
    for language in sorted(languages):
        for known in (invented_buyer(version, language), Contact(id=0, address="", address_key="")):
            address = f"{'ana.silva' if known.name else 'info'}.{language}.{version.sequence.name}@{BUYER}"
            buyers.append(
                replace(
                    known,
                    external_id=None,
                    address=address,
                    address_key=address.lower(),
                    domain=BUYER,
                    language=language,
                )
            )
    with engine.store.write() as tx:
        contacts.insert_contacts(tx, buyers, SENT_AT)
    with engine.store.read() as tx:
        found = contacts.contacts_at(tx, [buyer.address_key for buyer in buyers])
    return [found[buyer.address_key] for buyer in buyers]
