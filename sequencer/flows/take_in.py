"""Take in: a batch of new mail → verdict → effects, each message recorded once with its folder's cursor."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sequencer.config import Mailbox
from sequencer.core import actions as act
from sequencer.core.effects import VerdictCase, case_of, decide, decide_case
from sequencer.core.inbound import Verdict, VerdictKind
from sequencer.core.matching import Match, match, match_recipients
from sequencer.core.mime import InboundMail, parse_mail
from sequencer.core.mime_headers import find_addresses
from sequencer.core.own_failure import of_ours
from sequencer.core.ports import FolderBatch, RawMail, is_in_sent
from sequencer.core.threading import shortened
from sequencer.core.verdict_document import document_of
from sequencer.flows import mail_log
from sequencer.flows.await_copies import note_copies
from sequencer.flows.close_answered import close_answered
from sequencer.flows.effects import apply_actions
from sequencer.flows.engine import Engine
from sequencer.flows.late_mail import forget_erased
from sequencer.flows.pause_itself import pause_if_it_must
from sequencer.flows.prove_sent import prove_by_mail
from sequencer.flows.recognise import KEYS, Parsed, Recognised, recognise
from sequencer.flows.reply_proofs import prove_replies
from sequencer.flows.tell import tell_reply
from sequencer.store import inbox, mailboxes, outbox
from sequencer.store.engine import Tx
from sequencer.store.inbox import NewAnswer

MAX_OWN_TEXT = 16_384


def take_in(engine: Engine, mailbox: Mailbox, batch: FolderBatch) -> int:
    """Record one batch, do what it says, and move the folder's cursor: one transaction."""
    parsed = [(raw, parse_mail(raw.raw)) for raw in batch.mails]
    fingerprints = {raw.uid: _fingerprint(raw, mail) for raw, mail in parsed}
    with engine.store.read() as tx:
        known = inbox.known_fingerprints(tx, mailbox.name, list(fingerprints.values()))
        fresh = _first_of_each(parsed, fingerprints, known)
        recognised = recognise(engine, tx, fresh)
    now = engine.clock.now()
    with engine.store.write() as tx:
        prove_by_mail(tx, engine, recognised, now)
        prove_replies(tx, recognised, now)
        acted = [
            _act_on(engine, tx, mailbox, one, fingerprints[one.raw.uid], now)
            for one in forget_erased(engine, tx, recognised)
        ]
        answers = [answer for answer, _is_told in acted]
        recorded = inbox.record_answers(tx, answers, now)
        _look_at_senders(tx, engine, answers, now)
        _tell(engine, tx, mailbox, [answer for answer, is_told in acted if is_told], now)
        own = [(one.raw, one.own_copy_of) for one in recognised if one.own_copy_of is not None]
        note_copies(tx, mailbox, own, _twice_in_sent(tx, mailbox, batch, parsed, fresh, fingerprints), now)
        mailboxes.mail_came(tx, mailbox.name, _arrived(engine, fresh), now)
        mailboxes.set_cursor(tx, mailbox.name, batch.cursor)
    for raw, _mail in fresh:
        if not raw.raw:
            where = f"message {raw.uid} in {raw.folder}: look at it yourself, it may be an answer"
            mail_log.mailbox_event(logging.ERROR, "unreadable mail", mailbox.name, where)
    for answer in answers:
        if answer.contact_id is not None:
            mail_log.answered(mailbox.name, answer.kind.value, answer.contact_id, "; ".join(answer.effects))
    return recorded


def _arrived(engine: Engine, fresh: Sequence[Parsed]) -> list[datetime]:
    """When mail came in: not what lies in Sent, nor what we wrote to ourselves, such as our own notices."""
    own = {mailbox.address.lower() for mailbox in engine.config.mailboxes}
    return [raw.received_at for raw, mail in fresh if not is_in_sent(raw) and mail.from_address not in own]


def _first_of_each(parsed: Sequence[Parsed], fingerprints: dict[int, str], known: set[str]) -> list[Parsed]:
    """Mail not recorded yet, each message once: moved and doubly labelled copies are one message."""
    seen = set(known)
    fresh = []
    for raw, mail in parsed:
        if fingerprints[raw.uid] not in seen:
            seen.add(fingerprints[raw.uid])
            fresh.append((raw, mail))
    return fresh


def _twice_in_sent(
    tx: Tx,
    mailbox: Mailbox,
    batch: FolderBatch,
    parsed: Sequence[Parsed],
    fresh: Sequence[Parsed],
    fingerprints: dict[int, str],
) -> set[str]:
    """Message-IDs of what came into Sent though it lay there already; a folder read anew tells nothing."""
    new = {raw.uid for raw, _mail in fresh}
    again = {
        fingerprints[raw.uid]: mail.message_id
        for raw, mail in parsed
        if mail.message_id and raw.uid not in new and is_in_sent(raw)
    }
    if batch.was_reset or not again:
        return set()
    return {again[one] for one in inbox.recorded_in(tx, mailbox.name, batch.cursor.folder, list(again))}


def _act_on(
    engine: Engine, tx: Tx, mailbox: Mailbox, one: Recognised, fingerprint: str, now: datetime
) -> tuple[NewAnswer, bool]:
    """What is to be recorded, its effects done, and whether the rep hears of it."""
    verdict = one.verdict
    if verdict.kind is VerdictKind.HAND_WRITTEN:
        found, actions = _hand_written(one)
    else:
        found = match(one.mail, verdict, one.keys, one.index, KEYS)
        verdict = of_ours(verdict, found, KEYS.address_key)
        actions = decide(verdict, found, is_soft_again=_is_soft_again(tx, found, verdict))
    effects = apply_actions(
        tx, engine, actions, reading_mailbox=mailbox.name, received_at=one.raw.received_at, now=now
    )
    if verdict.kind is VerdictKind.HAND_WRITTEN and found is not None:
        effects += close_answered(tx, found.contact_id, one.raw.received_at, now)
    if one.learnt_wire_id is not None:
        outbox.learn_wire_id(tx, *one.learnt_wire_id)
    is_told = any(isinstance(action, act.Notice) for action in actions)
    return _answer(mailbox, one, verdict, found, fingerprint, effects), is_told


def _tell(engine: Engine, tx: Tx, mailbox: Mailbox, answers: Sequence[NewAnswer], now: datetime) -> None:
    """Queue a notice of each: it names the message as recorded, so it comes after the recording."""
    ids = inbox.ids_of(tx, mailbox.name, [answer.fingerprint for answer in answers]) if answers else {}
    for answer in answers:
        if answer.contact_id is not None:
            tell_reply(
                tx,
                engine,
                inbox_id=ids[answer.fingerprint],
                contact_id=answer.contact_id,
                enrollment_id=answer.enrollment_id,
                now=now,
            )


def _look_at_senders(tx: Tx, engine: Engine, answers: Sequence[NewAnswer], now: datetime) -> None:
    """A bounce or complaint counts against the mailbox whose message it is about, once it is recorded."""
    about = {
        answer.outbox_id
        for answer in answers
        if answer.outbox_id is not None and answer.kind in (VerdictKind.BOUNCE, VerdictKind.COMPLAINT)
    }
    if about:
        for mailbox in sorted({row.mailbox for row in outbox.by_ids(tx, sorted(about))}):
            pause_if_it_must(tx, engine, mailbox, now)


def _hand_written(one: Recognised) -> tuple[Match | None, tuple[act.Action, ...]]:
    """The rep wrote to contacts themselves: what ran for them before that ends (taken_over)."""
    matches = match_recipients(one.keys, one.index)
    actions = [
        replace(action, target=replace(action.target, created_before=one.raw.received_at))
        if isinstance(action, act.FinishEnrollments)
        else action
        for found in matches
        for action in decide_case(VerdictCase.HAND_WRITTEN, found)
    ]
    return (matches[0] if matches else None), tuple(actions)


def _is_soft_again(tx: Tx, found: Match | None, verdict: Verdict) -> bool:
    if found is None or found.outbox_id is None or found.enrollment_id is None:
        return False
    if case_of(verdict, found) is not VerdictCase.BOUNCE_FULL_OR_SOFT:
        return False
    return inbox.soft_bounced_before(tx, found.enrollment_id, found.outbox_id)


def _answer(
    mailbox: Mailbox,
    one: Recognised,
    verdict: Verdict,
    found: Match | None,
    fingerprint: str,
    effects: list[str],
) -> NewAnswer:
    raw, mail = one.raw, one.mail
    return NewAnswer(
        mailbox=mailbox.name,
        folder=raw.folder,
        uid_validity=raw.uid_validity,
        uid=raw.uid,
        fingerprint=fingerprint,
        received_at=raw.received_at,
        kind=verdict.kind,
        contact_id=found.contact_id if found else None,
        enrollment_id=found.enrollment_id if found else None,
        outbox_id=found.outbox_id if found else None,
        match_via=found.via if found else None,
        message_id=mail.message_id,
        from_address=mail.from_address,
        subject=mail.subject,
        own_text=verdict.own_text[:MAX_OWN_TEXT],
        reply_to=_reply_to(mail),
        references=shortened(mail.references or mail.in_reply_to),
        verdict=document_of(verdict),
        effects=tuple(effects),
    )


def _reply_to(mail: InboundMail) -> str | None:
    """The first address that its Reply-To names, where that is not the sender's own."""
    named = find_addresses(mail.header("reply-to"), 1)
    return named[0] if named and named[0].lower() != mail.from_address.lower() else None


def _fingerprint(raw: RawMail, mail: InboundMail) -> str:
    if raw.raw:
        return fingerprint_of(mail)
    # Nothing of it is known: only its place tells it from another such message.
    return hashlib.sha256(f"{raw.folder}\0{raw.uid_validity}\0{raw.uid}".encode()).hexdigest()


def fingerprint_of(mail: InboundMail) -> str:
    """SHA-256 (hex) of the header fields that stay the same wherever a message is moved."""
    said = (mail.message_id or "", mail.from_address, mail.header("date"), mail.subject)
    return hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()
