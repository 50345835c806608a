"""Correct verdict: a person says what a message really is; it then does what it should have done."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sequencer.config import Mailbox
from sequencer.core import actions as act
from sequencer.core.effects import decide
from sequencer.core.erasure import WAS_ERASED
from sequencer.core.inbound import AutoReplyType, BounceClass, Evidence, MatchVia, Verdict, VerdictKind
from sequencer.core.marks import FROM_PEOPLE, MARKS, OUR_OWN
from sequencer.core.matching import Match, match
from sequencer.core.mime import parse_mail
from sequencer.core.ports import FolderRole, MessageFinder, RawMail, ReadFailure
from sequencer.core.verdict_document import document_of
from sequencer.errors import InputError
from sequencer.flows.effects import apply_actions
from sequencer.flows.end_effects import Said, end_effects
from sequencer.flows.engine import Engine
from sequencer.flows.late_mail import forget_erased
from sequencer.flows.recognise import KEYS, Recognised, recognise
from sequencer.flows.rehearse import written
from sequencer.flows.stored_answer import match_of, the_answer, verdict_of
from sequencer.flows.take_back_mark import take_back_mark
from sequencer.flows.take_in import MAX_OWN_TEXT
from sequencer.store import contacts, marks
from sequencer.store.engine import Tx
from sequencer.store.events import Event, record
from sequencer.store.inbox import Answer
from sequencer.store.marks import Correction

logger = logging.getLogger("sequencer.mail")
OpenFinder = Callable[[Mailbox], AbstractContextManager[MessageFinder]]
CORRECTED = "corrected"
"""The rule that stands in the evidence of a verdict that a person gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person says that a message is."""

    answer_id: int
    kind: VerdictKind
    subtype: AutoReplyType | None = None
    """Of an auto-reply."""
    bounce_class: BounceClass | None = None
    """Of a bounce."""
    by: str


@dataclass(slots=True, kw_only=True)
class Corrected:
    """What came of it."""

    answer_id: int
    kind: VerdictKind
    was: VerdictKind
    is_new: bool
    """False: it was taken for that already, and nothing changed."""
    raw: bytes | None = None
    """The message, where its mailbox still had it."""
    not_fetched: str | None = None
    """Why not."""
    said: Said = field(default_factory=Said)


def correct_verdict(
    engine: Engine, wanted: Wanted, open_finder: OpenFinder, *, is_dry_run: bool = False
) -> Corrected:
    """Give a message another verdict and do, in one transaction, what follows from that.

    What the old one did is taken back where that is safe; what it finished stays so and is named. InputError
    for a message that is not there or our own, one of somebody who was erased, or a kind no mail is given by
    hand.
    """
    with engine.store.read() as tx:
        answer = the_answer(tx, wanted.answer_id)
        _check(tx, answer, wanted)
    raw, not_fetched = _fetched(engine, answer, open_finder)
    result = written(
        engine.store,
        lambda tx: _correct(engine, tx, wanted, raw, engine.clock.now()),
        is_dry_run=is_dry_run,
    )
    result.raw, result.not_fetched = raw.raw if raw else None, not_fetched
    return result


def _check(tx: Tx, answer: Answer, wanted: Wanted) -> None:
    refuse_erased(tx, answer)
    if answer.kind is VerdictKind.OWN_COPY or wanted.kind in OUR_OWN:
        hint = "that follows from the folder for sent mail, not from what a mail says"
        raise InputError(f"message {answer.id}: {wanted.kind} is nothing to be said by hand", hint=hint)
    if wanted.subtype is not None and wanted.kind is not VerdictKind.AUTO_REPLY:
        raise InputError(f"--subtype {wanted.subtype} goes with --verdict auto_reply")
    if wanted.bounce_class is not None and wanted.kind is not VerdictKind.BOUNCE:
        raise InputError(f"--subtype {wanted.bounce_class} goes with --verdict bounce")


def refuse_erased(tx: Tx, answer: Answer) -> None:
    """InputError for a message about somebody whose data was erased."""
    contact = contacts.contact_of(tx, answer.contact_id) if answer.contact_id is not None else None
    if contact is not None and contact.is_erased:
        raise InputError(f"message {answer.id}: its contact {WAS_ERASED}; nothing can be said of it")


def _fetched(engine: Engine, answer: Answer, open_finder: OpenFinder) -> tuple[RawMail | None, str | None]:
    """The message from its mailbox, or why it cannot be had."""
    mailbox = engine.config.mailbox(answer.mailbox)
    if mailbox is None or mailbox.imap is None:
        return None, f"mailbox {answer.mailbox} is not in config.toml any more"
    place = (answer.folder, answer.uid_validity, answer.uid)
    try:
        with open_finder(mailbox) as finder:
            raw = finder.find(*place, answer.message_id, answer.received_at)
    except ReadFailure as failure:
        return None, failure.message
    if not raw:
        return None, f"it is gone from {answer.mailbox}"
    return RawMail(
        folder=answer.folder,
        uid_validity=answer.uid_validity,
        uid=answer.uid,
        received_at=answer.received_at,
        raw=raw,
        role=FolderRole.OTHER,
    ), None


def _correct(engine: Engine, tx: Tx, wanted: Wanted, raw: RawMail | None, now: datetime) -> Corrected:
    answer = the_answer(tx, wanted.answer_id)
    refuse_erased(tx, answer)
    known = _recognised(engine, tx, answer, raw)
    base = known.verdict if known else verdict_of(answer)
    verdict = corrected(base, wanted)
    result = Corrected(answer_id=answer.id, kind=wanted.kind, was=answer.kind, is_new=True)
    if _is_same(answer, verdict, wanted):
        result.is_new = False
        return result
    found = _match(tx, answer, verdict, known)
    result.said = apply_correction(engine, tx, answer, verdict, found, wanted.by, now)
    if known is not None and found is not None and answer.contact_id is None:
        marks.reclassify(tx, answer.id, _kept(known, verdict, found))
    return result


def _recognised(engine: Engine, tx: Tx, answer: Answer, raw: RawMail | None) -> Recognised | None:
    if raw is None:
        return None
    mail = parse_mail(raw.raw)
    [known] = forget_erased(engine, tx, recognise(engine, tx, [(raw, mail)]))
    if mail.from_address and not known.mail.from_address:
        raise InputError(f"message {answer.id}: who wrote it {WAS_ERASED}; nothing of it is kept")
    return known


def corrected(base: Verdict, wanted: Wanted) -> Verdict:
    """The verdict a person gave, with what the program had read that still goes with it."""
    kind, is_same = wanted.kind, base.kind is wanted.kind
    is_auto, is_bounce = kind is VerdictKind.AUTO_REPLY, kind is VerdictKind.BOUNCE
    subtype = wanted.subtype or (base.subtype if is_same else None)
    bounce_class = wanted.bounce_class or (base.bounce_class if is_same else None)
    return replace(
        base,
        kind=kind,
        evidence=(Evidence(rule=CORRECTED, where="person", span=wanted.by),),
        subtype=(subtype or AutoReplyType.OUT_OF_OFFICE) if is_auto else None,
        bounce_class=(bounce_class or BounceClass.SOFT) if is_bounce else None,
        hard=is_bounce and bounce_class is BounceClass.DEAD,
        permanence=base.permanence if kind in (VerdictKind.BOUNCE, VerdictKind.DELAY) else None,
        return_at=base.return_at if is_auto else None,
        successor=base.successor if is_auto else None,
        intent=base.intent if kind is VerdictKind.REPLY else None,
    )


def _is_same(answer: Answer, verdict: Verdict, wanted: Wanted) -> bool:
    before = verdict_of(answer)
    if answer.kind is not wanted.kind:
        return False
    subtypes = wanted.subtype is None or before.subtype is verdict.subtype
    return subtypes and (wanted.bounce_class is None or before.bounce_class is verdict.bounce_class)


def _match(tx: Tx, answer: Answer, verdict: Verdict, known: Recognised | None) -> Match | None:
    """Whom it concerns: as it was filed, else as it would be filed today."""
    found = match_of(tx, answer)
    if found is None and known is not None:
        found = match(known.mail, verdict, known.keys, known.index, KEYS)
    return _vouched_for(tx, found) if found is not None else None


def _vouched_for(tx: Tx, found: Match) -> Match:
    """A person has seen it: no longer a report that anybody may have forged, nor about an unknown address."""
    if found.via is MatchVia.RECIPIENT:
        found = replace(found, via=MatchVia.ORIGINAL_ID)
    contact = contacts.contact_of(tx, found.contact_id)
    if found.address_key is None and found.via is not MatchVia.COMPANY and contact is not None:
        return replace(found, address_key=contact.address_key)
    return found


def apply_correction(
    engine: Engine, tx: Tx, answer: Answer, verdict: Verdict, found: Match | None, by: str, now: datetime
) -> Said:
    """Take back what the old verdict did, do what the new one does, and keep what it was."""
    decided = decide(verdict, found)
    # No notice: whoever says so knows.
    actions = tuple(action for action in decided if not isinstance(action, act.Notice))
    is_end = any(isinstance(action, act.FinishEnrollments) for action in actions)
    ends = frozenset({found.contact_id}) if is_end and found else frozenset[int]()
    said = Said()
    marked = marks.mark_of(tx, answer.id)
    if marked is not None and MARKS[marked.mark].of_people_only and verdict.kind not in FROM_PEOPLE:
        said.done += take_back_mark(tx, marked, now, by)
        marks.remove_mark(tx, answer.id)
    said.add(end_effects(engine, tx, answer, now, by, ends=ends))
    effects = apply_actions(
        tx, engine, actions, reading_mailbox=answer.mailbox, received_at=answer.received_at, now=now
    )
    said.done += effects
    before = Correction(
        kind=answer.kind, verdict=answer.verdict, effects=answer.effects, rep=by, corrected_at=now
    )
    contact_id = found.contact_id if found else answer.contact_id
    marks.keep_corrected(tx, answer.id, contact_id, before)
    values: dict[str, Any] = {"kind": verdict.kind, "verdict": document_of(verdict), "effects": effects}
    marks.reclassify(tx, answer.id, values if contact_id is not None else {"kind": verdict.kind})
    data = {"inbox_id": answer.id, "from": answer.kind.value, "to": verdict.kind.value, "by": by}
    event = Event(kind="inbox.corrected", contact_id=contact_id, mailbox=answer.mailbox, data=data)
    record(tx, now, event)
    return said


def _kept(known: Recognised, verdict: Verdict, found: Match) -> dict[str, Any]:
    """What is kept of a message that concerns somebody, of one that had matched nobody before."""
    return {
        "contact_id": found.contact_id,
        "enrollment_id": found.enrollment_id,
        "outbox_id": found.outbox_id,
        "match_via": found.via,
        "message_id": known.mail.message_id,
        "from_address": known.mail.from_address,
        "subject": known.mail.subject,
        "own_text": verdict.own_text[:MAX_OWN_TEXT],
    }
