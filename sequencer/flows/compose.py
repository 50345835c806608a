"""Compose: what a step says to one contact, and whether it may still be said when its turn comes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sequencer.config import Rep
from sequencer.core.arms import choose_arm
from sequencer.core.contact import Contact
from sequencer.core.enrollment import Enrollment
from sequencer.core.outbox import Attachment, Content, OutboxRow
from sequencer.core.render import Draft, render_step, render_task
from sequencer.core.sequence import SequenceVersion, Step
from sequencer.errors import SequencerError
from sequencer.files.assets import MissingAsset
from sequencer.files.override_file import read_override
from sequencer.flows.engine import Engine
from sequencer.store import contacts, texts
from sequencer.store.engine import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A step's content for one contact."""

    content: Content
    data_hash: str
    is_edited: bool = False
    """Taken over from a cancelled message that a person had edited."""


@dataclass(slots=True)
class Waits(Exception):
    """The message may not leave as it is; `asks_person` sends it back for approval."""

    reason: str
    asks_person: bool = False
    missing: tuple[str, ...] = ()
    """The attachments it waits for, by their paths under assets/."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What a message has to become before it may leave."""

    content: Content | None = None
    """None: it leaves as it stands."""
    data_hash: str = ""
    asks: str = ""
    """Why a person must see it again; empty when it is only rendered anew."""


def compose(
    engine: Engine,
    tx: Tx,
    enrollment: Enrollment,
    contact: Contact,
    step: Step,
    edited: OutboxRow | None,
) -> Composed:
    """Render a message step; a person's edit of an earlier, cancelled message is taken over (`edited`).

    RenderFault or FaultyInput when it can't be rendered. A missing attachment is kept by name: its
    message waits for the file when its turn comes.
    """
    version = engine.version(tx, enrollment.version_hash)
    draft = _draft(engine, version, step, contact, engine.rep(enrollment.rep))
    if edited is not None:
        return Composed(content=edited.content, data_hash=draft.fingerprint, is_edited=True)
    return Composed(content=_content(engine, draft), data_hash=draft.fingerprint)


def task_title(engine: Engine, tx: Tx, enrollment: Enrollment, contact: Contact, step: Step) -> str:
    """The title of a task step; RenderFault when it can't be rendered."""
    version = engine.version(tx, enrollment.version_hash)
    return render_task(version, step, contact, engine.rep(enrollment.rep), engine.config.sender)


def render_faults(
    engine: Engine, version: SequenceVersion, contact: Contact, rep: Rep
) -> tuple[list[str], list[str]]:
    """Why any step would not render for this contact, and which attachments are not there yet."""
    faults, missing = [], []
    for step in version.sequence.steps:
        try:
            if step.is_task:
                render_task(version, step, contact, rep, engine.config.sender)
                continue
            draft = _draft(engine, version, step, contact, rep)
        except SequencerError as error:
            faults.append(f"step {step.id}: {error}")
            continue
        for name in draft.attach:
            try:
                engine.assets.attachment(name)
            except MissingAsset:
                missing.append(f"step {step.id}: assets/{name} is not there")
    return faults, missing


def refresh(engine: Engine, row: OutboxRow, now: datetime) -> OutboxRow:
    """The row as it should leave: rendered again when it is old, or when its attachment changed.

    Raises Waits when an attachment is missing, or when a frozen text no longer fits its data.
    """
    fresh = look_afresh(engine, row, now)
    content, fingerprint = fresh.content, fresh.data_hash
    if content is None:
        return row
    at = texts.stamp(row, now)
    with engine.store.write() as tx:
        if fresh.asks:
            texts.ask_again(tx, row, content, fingerprint, fresh.asks, at)
        elif not texts.rewrite(tx, row, content, fingerprint, at):
            raise Waits("it was changed while it was rendered again")
    if fresh.asks:
        raise Waits(fresh.asks, asks_person=True)
    return replace(row, content=content, rendered_at=at, data_hash=fingerprint)


def look_afresh(engine: Engine, row: OutboxRow, now: datetime) -> Fresh:
    """What `refresh` would make of the row; nothing is written. Waits when an attachment is missing."""
    is_changed = _current(engine, row.content.attachments) != row.content.attachments
    if not is_changed and _is_recent(engine, row, now):
        return Fresh()
    with engine.store.read() as tx:
        contact = contacts.contact_of(tx, row.contact_id)
        version = engine.version(tx, row.version_hash)
    if contact is None:
        raise Waits("the contact is gone")
    step = version.sequence.steps[version.sequence.index_of(row.step)]
    draft = _draft(engine, version, step, contact, engine.rep(row.rep))
    if row.is_frozen:
        return _still_fits(engine, row, draft, is_changed=is_changed)
    content = _content(engine, draft)
    if missing := _missing(content.attachments):
        raise _waits_for(missing)
    return Fresh(content=content, data_hash=draft.fingerprint)


def leaves_as_it_stands(engine: Engine, row: OutboxRow, now: datetime, known: dict[str, Attachment]) -> bool:
    """Whether `refresh` would change nothing, told without the contact's data.

    `known` keeps what was found of the files, for the other messages of the same moment.
    """
    for attachment in row.content.attachments:
        if attachment.path not in known:
            known[attachment.path] = _attachment(engine, attachment.path)
        if not attachment.sha256 or known[attachment.path] != attachment:
            return False
    return _is_recent(engine, row, now)


def _is_recent(engine: Engine, row: OutboxRow, now: datetime) -> bool:
    if row.headers is not None:
        return True  # a retry keeps its content
    return not row.is_frozen and now - row.rendered_at <= engine.config.limits.render_ttl_in


def _still_fits(engine: Engine, row: OutboxRow, draft: Draft, *, is_changed: bool) -> Fresh:
    if not is_changed and draft.fingerprint == row.data_hash:
        return Fresh()
    what = "an attachment" if is_changed else "the contact's data"
    content = replace(row.content, attachments=_current(engine, row.content.attachments))
    return Fresh(content=content, data_hash=draft.fingerprint, asks=f"{what} changed since a person saw it")


def _draft(engine: Engine, version: SequenceVersion, step: Step, contact: Contact, rep: Rep) -> Draft:
    name = version.sequence.name
    arm = choose_arm(engine.key, name, step, contact.address_key)
    override = read_override(engine.workspace, name, contact.address, step.id)
    sender = engine.config.sender
    return render_step(version, step, contact, rep, sender, arm=arm, override=override)


def _content(engine: Engine, draft: Draft) -> Content:
    return draft.content(tuple(_attachment(engine, name) for name in draft.attach))


def _current(engine: Engine, attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """The same files as they are now; Waits when one is not there."""
    now = tuple(_attachment(engine, attachment.path) for attachment in attachments)
    if missing := _missing(now):
        raise _waits_for(missing)
    return now


def _attachment(engine: Engine, name: str) -> Attachment:
    try:
        return engine.assets.attachment(name)
    except MissingAsset:
        return Attachment(name=name.rpartition("/")[2], path=name, sha256="", media_type="", size=0)


def _missing(attachments: Iterable[Attachment]) -> tuple[str, ...]:
    return tuple(attachment.path for attachment in attachments if not attachment.sha256)


def _waits_for(missing: tuple[str, ...]) -> Waits:
    return Waits("waits for " + ", ".join(f"assets/{path}" for path in missing), missing=missing)
