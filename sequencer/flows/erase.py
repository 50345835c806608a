"""Erase a person: what runs is stopped, what names them is blanked, and the address is known only by a hash.

In this order, so that a crash leaves nothing that running it again does not finish: stop and remember the
hash (one commit) → files → rows (one commit, the contact's own last) → the database file written anew.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sequencer.core.address import key_or_none
from sequencer.core.contact import Contact
from sequencer.core.enrollment import EnrollmentState, FinishReason
from sequencer.core.erasure import erased_address, erased_hash, mention_of
from sequencer.errors import InputError, SequencerError
from sequencer.files.corpus_folder import fixtures_of, remove_fixtures
from sequencer.files.mentions import Mentions, find_mentions
from sequencer.files.override_folders import override_folders, remove_folders
from sequencer.files.rejects_rows import rejects_with, remove_rows
from sequencer.files.reply_drafts import drafts_of
from sequencer.flows.effects import finish_enrollment
from sequencer.flows.engine import Engine
from sequencer.flows.find_contact import find_contact
from sequencer.flows.was_erased import erased_contact_id
from sequencer.store import contacts, enrollments, erase, outbox, runs
from sequencer.store.compact import compact
from sequencer.store.engine import Tx
from sequencer.store.events import Event, record

_RUNNING = (EnrollmentState.ACTIVE, EnrollmentState.HELD)
_LARGE_BYTES = 256 * 2**20
"""Writing more than this anew takes longer than a running daemon can wait for the database."""
_ALIVE_IN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody to be erased, by everything that names them."""

    contact: Contact
    addresses: tuple[str, ...]
    """Present and former, as written and as compared."""
    keys: frozenset[str]

    @property
    def mention(self) -> re.Pattern[str]:
        return mention_of(self.addresses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was blanked and removed (by a dry run: what would be), and what is left to a person."""

    contact_id: int
    stopped: int = 0
    """Enrollments."""
    rows: Mapping[str, int] = field(default_factory=dict)
    """Rows blanked or removed, by what they are."""
    folders: tuple[str, ...] = ()
    """Overrides, and drafts of answers, relative to the workspace."""
    rejects: Mapping[str, int] = field(default_factory=dict)
    """Rows taken out, by file."""
    fixtures: tuple[str, ...] = ()
    """Their mail in the corpus, relative to the workspace."""
    mentions: Mentions
    by_people: tuple[str, ...] = ()
    """Messages to others, notes on others: somebody's own words, named and not changed."""
    is_compact: bool = True
    """False: the old text is still among the database file's free bytes."""


def find_person(engine: Engine, name: str) -> Person:
    """Whom the name means, an erased one too (by number or address); InputError for nobody."""
    with engine.store.read() as tx:
        contact = find_contact(tx, name)
        known = key_or_none(name)
        if contact is None and known:
            contact_id = erased_contact_id(tx, engine.key, known)
            contact = contacts.contact_of(tx, contact_id) if contact_id else None
        if contact is None:
            hint = "name an id or an address; `sequencer contacts list` shows them"
            raise InputError(f"there is no contact {name!r}", hint=hint)
        return _person(tx, contact, name.strip() if known else None)


def erase_person(engine: Engine, person: Person, *, is_dry_run: bool = False) -> Erased:
    """Erase somebody, or say what that would do; doing it twice does no more than once.

    SequencerError while a message to them is leaving: what else ran is stopped by then.
    """
    if is_dry_run:
        with engine.store.read() as tx:
            stopped, rows, by_people = _counted(tx, person)
        return _told(engine, person, stopped, rows, by_people, is_compact=True, removes=False)
    stopped = _stop(engine, person)
    told = _told(engine, person, stopped, {}, (), is_compact=True, removes=True)
    rows, by_people = _blank(engine, person)
    return Erased(
        contact_id=person.contact.id,
        stopped=stopped,
        rows=rows,
        folders=told.folders,
        rejects=told.rejects,
        fixtures=told.fixtures,
        mentions=told.mentions,
        by_people=by_people,
        is_compact=_compacted(engine),
    )


def _person(tx: Tx, contact: Contact, named: str | None) -> Person:
    former = contacts.former_addresses_of(tx, contact.id)
    written = [contact.address, *(one.address for one in former), *([named] if named else [])]
    written = [one for one in written if one != erased_address(contact.id)]
    keys = frozenset(key for one in written if (key := key_or_none(one)))
    return Person(contact=contact, addresses=tuple(dict.fromkeys([*written, *sorted(keys)])), keys=keys)


def _stop(engine: Engine, person: Person) -> int:
    now = engine.clock.now()
    with engine.store.write() as tx:
        stopped = _stop_all(engine, tx, person, now)
        is_leaving = erase.is_sending_to(tx, person.contact.id)
    if is_leaving:
        raise SequencerError(
            f"a message to {person.contact.address} is leaving at this moment; what else ran is stopped",
            hint="run the same command again in a minute (if `sequencer run` is stopped, start it first)",
        )
    return stopped


def _stop_all(engine: Engine, tx: Tx, person: Person, now: datetime) -> int:
    """Stop what runs and keep the hashes: from this commit on no list and no mail brings them back."""
    contact_id = person.contact.id
    found = enrollments.listed(tx, contact_ids=[contact_id])
    running = [one for one in found if one.state in _RUNNING]
    stopped = sum(finish_enrollment(tx, one, FinishReason.STOPPED, now) for one in running)
    outbox.cancel_unsent(tx, [one.id for one in found], "erased")
    erase.cancel_tasks(tx, contact_id, now)
    patterns = erase.patterns_of(tx, contact_id, person.keys)
    hashes = {erased_hash(engine.key, one) for one in (*person.keys, *patterns)}
    # Read with the lock in hand, as for any suppression.
    erase.suppress_hashed(tx, contact_id, hashes, engine.clock.now())
    return stopped


def _told(
    engine: Engine,
    person: Person,
    stopped: int,
    rows: Mapping[str, int],
    by_people: Collection[str],
    *,
    is_compact: bool,
    removes: bool,
) -> Erased:
    """The files: those of the program removed or rewritten (unless it is a dry run), the others searched."""
    workspace = engine.workspace
    folders = override_folders(workspace, person.keys)
    drafts = _drafts(engine, person)
    rejects = list(rejects_with(workspace.root, person.keys))
    shown = {one.path: one.path.relative_to(workspace.root).as_posix() for one in rejects}
    with engine.store.read() as tx:
        answers = erase.answers_from(tx, person.contact.id, person.keys)
    fixtures = [one.path.relative_to(workspace.root).as_posix() for one in fixtures_of(workspace, answers)]
    if removes:
        remove_folders(folders)
        remove_fixtures(workspace, answers, person.keys)
        for draft in drafts:
            draft.unlink(missing_ok=True)
        for one in rejects:
            remove_rows(one)
    mention = person.mention if person.addresses else re.compile(r"(?!)")
    return Erased(
        contact_id=person.contact.id,
        stopped=stopped,
        rows=rows,
        folders=tuple(one.relative_to(workspace.root).as_posix() for one in (*folders, *drafts)),
        rejects={shown[one.path]: len(one.theirs) for one in rejects},
        fixtures=tuple(fixtures),
        mentions=find_mentions(workspace, mention),
        by_people=tuple(by_people),
        is_compact=is_compact,
    )


def _drafts(engine: Engine, person: Person) -> list[Path]:
    """Answers to them that were begun and have not left."""
    with engine.store.read() as tx:
        return drafts_of(engine.workspace, erase.answers_from(tx, person.contact.id, person.keys))


def _blank(engine: Engine, person: Person) -> tuple[dict[str, int], tuple[str, ...]]:
    """Every row about them, in one commit: half a person is never left."""
    contact_id, now = person.contact.id, engine.clock.now()
    with engine.store.write() as tx:
        # They may have been moved to another address, or enrolled, since they were stopped.
        contact = contacts.contact_of(tx, contact_id) or person.contact
        fresh = _person(tx, contact, None)
        keys = person.keys | fresh.keys
        addresses = tuple(dict.fromkeys((*person.addresses, *fresh.addresses)))
        person = Person(contact=contact, addresses=addresses, keys=keys)
        _stop_all(engine, tx, person, now)
        answers = erase.answers_from(tx, contact_id, keys)
        patterns = erase.patterns_of(tx, contact_id, keys)
        rows = {
            "messages": erase.blank_messages(tx, contact_id),
            "answers": erase.blank_answers(tx, answers),
            "sent_answers": erase.blank_replies(tx, contact_id, answers),
            "tasks": erase.blank_tasks(tx, contact_id),
            "marks": erase.blank_marks(tx, contact_id, answers),
            "enrollments": erase.blank_enrollments(tx, contact_id),
            "notices": erase.blank_notices(tx, contact_id, answers, now),
            "suppressions": erase.forget_patterns(tx, contact_id, patterns),
            "former_addresses": erase.forget_former_addresses(tx, contact_id),
        }
        by_people: list[str] = []
        if addresses:
            mention = person.mention
            rows["notes_on_others"] = erase.redact_notes(tx, mention, addresses, erased_address(contact_id))
        rows["contact"] = erase.blank_contact(tx, contact_id, now)
        if addresses:
            by_people = erase.mentioned_by_people(tx, mention, addresses)
        if not contact.is_erased:
            record(tx, now, Event(kind="erased", contact_id=contact_id))
    return {name: count for name, count in rows.items() if count}, tuple(by_people)


def _counted(tx: Tx, person: Person) -> tuple[int, dict[str, int], tuple[str, ...]]:
    """What erasing would stop and blank, and which words of people would stay."""
    contact_id = person.contact.id
    found = enrollments.listed(tx, contact_ids=[contact_id])
    answers = erase.answers_from(tx, contact_id, person.keys)
    replies = erase.reply_ids(tx, contact_id, answers)
    rows = erase.count_rows(tx, contact_id) | {"answers": len(answers), "sent_answers": len(replies)}
    rows["suppressions"] = len(erase.patterns_of(tx, contact_id, person.keys))
    own = {
        f"contact #{contact_id}",
        *erase.message_names(tx, contact_id),
        *(f"answer {one}" for one in answers),
        *(f"sent answer {one}" for one in replies),
    }
    by_people = erase.mentioned_by_people(tx, person.mention, person.addresses) if person.addresses else []
    stopped = sum(one.state in _RUNNING for one in found)
    return (
        stopped,
        {name: count for name, count in rows.items() if count},
        tuple(one for one in by_people if one not in own),
    )


def _compacted(engine: Engine) -> bool:
    if engine.store.path.stat().st_size > _LARGE_BYTES and _is_running(engine):
        return False
    return compact(engine.store)


def _is_running(engine: Engine) -> bool:
    with engine.store.read() as tx:
        run = runs.latest(tx)
    return run is not None and run.stopped_at is None and engine.clock.now() - run.beat_at < _ALIVE_IN
