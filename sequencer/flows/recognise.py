"""Recognise: a batch of incoming mail, its look-ups made in a few questions, each message classified."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sequencer.core.address import address_key, company_domain
from sequencer.core.classify import ClassifyContext, classify
from sequencer.core.inbound import Evidence, Verdict, VerdictKind
from sequencer.core.matching import (
    RECIPIENT_DAYS,
    KeyFunctions,
    MatchKeys,
    PrefetchedIndex,
    SentRef,
    keys_of,
)
from sequencer.core.mime import InboundMail
from sequencer.core.ports import RawMail
from sequencer.core.reply import Reply
from sequencer.core.token import find_tokens, verify_token
from sequencer.flows.engine import Engine
from sequencer.flows.own_copies import OwnCopies, copies_of_batch
from sequencer.store import contacts, replies, written
from sequencer.store.engine import Tx
from sequencer.store.written import Written

Parsed = tuple[RawMail, InboundMail]

logger = logging.getLogger("sequencer.mail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """One incoming message with its verdict and what it may be matched against."""

    raw: RawMail
    mail: InboundMail
    keys: MatchKeys
    index: PrefetchedIndex
    verdict: Verdict
    learnt_wire_id: tuple[int, str] | None = None
    """(outbox id, Message-ID) that a Sent copy taught us."""
    own_copy_of: int | None = None
    """Outbox id of the message that this is a copy of."""
    own_reply: int | None = None
    """Id of the rep's answer from the command line that this is a copy of."""
    is_copy_by_subject_alone: bool = False
    """Its id is unknown and its text could not be compared: probably a copy, and no proof of anything."""


KEYS = KeyFunctions(address_key=address_key, company_domain=company_domain, find_tokens=find_tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the store answered for one batch."""

    index: PrefetchedIndex
    subjects: dict[int, str | None]
    languages: dict[int, str]
    copies: OwnCopies
    own_addresses: frozenset[str]


def recognise(engine: Engine, tx: Tx, parsed: Sequence[Parsed]) -> list[Recognised]:
    """Classify each message; a rule that fails leaves that one message to a person."""
    all_keys = [keys_of(mail, KEYS) for _raw, mail in parsed]
    known = _look_up(engine, tx, parsed, all_keys)
    return [_one(raw, mail, keys, known) for (raw, mail), keys in zip(parsed, all_keys, strict=True)]


def _one(raw: RawMail, mail: InboundMail, keys: MatchKeys, known: _Known) -> Recognised:
    context = _context(raw, keys, known)
    learnt, own_copy_of, own_reply, is_vague = None, None, None, False
    try:
        verdict = classify(mail, context)
    except Exception:
        # One message that breaks a rule must neither block the reading nor be taken for nothing.
        logger.exception("unreadable", extra={"detail": f"{raw.folder}/{raw.uid}"})
        kind = VerdictKind.AMBIGUOUS if context.sender_is_contact else VerdictKind.OTHER
        verdict = Verdict(kind=kind, evidence=(Evidence(rule="failed", where="message"),))
    if verdict.kind is VerdictKind.HAND_WRITTEN:
        copied = known.copies.copy(raw, mail, keys)
        if copied is not None:
            own_copy_of, own_reply, is_vague = copied.outbox_id, copied.reply_id, not copied.is_by_text
            if mail.message_id and copied.outbox_id is not None:
                learnt = (copied.outbox_id, mail.message_id)
            where = "text" if copied.is_by_text else "header:Subject"
            evidence = Evidence(rule="sent_copy", where=where, span=mail.subject[:160])
            verdict = Verdict(kind=VerdictKind.OWN_COPY, evidence=(evidence,))
    elif verdict.kind is VerdictKind.OWN_COPY:
        own_copy_of, own_reply = _ours(mail, known)
    return Recognised(
        raw=raw,
        mail=mail,
        keys=keys,
        index=known.index,
        verdict=verdict,
        learnt_wire_id=learnt,
        own_copy_of=own_copy_of,
        own_reply=own_reply,
        is_copy_by_subject_alone=is_vague,
    )


def _ours(mail: InboundMail, known: _Known) -> tuple[int | None, int | None]:
    """The message, or the rep's answer, that a copy is: by its id, or by the one that a relay replaced."""
    for message_id in (mail.message_id or "", mail.header("x-microsoft-original-message-id").strip()):
        found = known.index.sent.get(message_id) or known.index.sent.get(message_id.lower())
        if found is not None:
            return found.outbox_id, found.reply_id
    return None, None


def _context(raw: RawMail, keys: MatchKeys, known: _Known) -> ClassifyContext:
    index = known.index
    answered = [index.sent[one] for one in keys.message_ids if one in index.sent]
    contact_id = index.contacts.get(keys.sender_key)
    language_of = answered[0].contact_id if answered else contact_id
    return ClassifyContext(
        received_at=raw.received_at,
        own_addresses=known.own_addresses,
        is_ours=lambda message_id: message_id in index.sent or message_id.lower() in index.sent,
        has_our_token=any(token in index.tokens for token in keys.tokens),
        sent_subject=known.subjects.get(answered[0].outbox_id or 0) if answered else None,
        folder_role=raw.role,
        sender_is_contact=contact_id is not None,
        sender_is_company=bool(keys.domain and index.by_domain(keys.domain)),
        language=known.languages.get(language_of) if language_of is not None else None,
    )


def _look_up(engine: Engine, tx: Tx, parsed: Sequence[Parsed], all_keys: Sequence[MatchKeys]) -> _Known:
    ids = {one for keys in all_keys for one in keys.message_ids}
    addresses = {one for keys in all_keys for one in keys.address_keys}
    tokens = {one for keys in all_keys for one in (*keys.tokens, *keys.original_tokens)}
    sent = written.by_message_ids(tx, ids)
    answers = replies.by_message_ids(tx, ids)
    latest = written.last_by_address(tx, addresses)
    people = contacts.contacts_at(tx, addresses)
    companies = contacts.contacts_at_domains(tx, {keys.domain for keys in all_keys if keys.domain})
    since = engine.clock.now() - timedelta(days=RECIPIENT_DAYS)
    index = PrefetchedIndex(
        sent={one: _ref_of_reply(found) for one, found in answers.items()}
        | {one: _ref(found) for one, found in sent.items()},
        tokens=_by_token(engine, tx, tokens),
        contacts={key: contact.id for key, contact in people.items()},
        companies=_last_written_first(tx, companies),
        recent={
            key: _ref(found)
            for key, found in latest.items()
            if found.sending_at is not None and found.sending_at >= since
        },
    )
    written_to = {one.contact_id for one in sent.values()} | {one.contact_id for one in answers.values()}
    by_id = contacts.contacts_of(tx, written_to)
    languages = {contact.id: contact.language for contact in (*by_id.values(), *people.values())}
    config = engine.config
    own = {mailbox.address.lower() for mailbox in config.mailboxes}
    return _Known(
        index=index,
        subjects={found.outbox_id: found.subject for found in sent.values()},
        languages=languages,
        copies=copies_of_batch(tx, parsed, all_keys, index.sent),
        own_addresses=frozenset(own | {rep.email.lower() for rep in config.reps}),
    )


def _by_token(engine: Engine, tx: Tx, tokens: set[str]) -> dict[str, SentRef]:
    genuine = {token: verify_token(engine.key, token) for token in tokens}
    enrollment_ids = {one for one in genuine.values() if one is not None}
    last = written.last_by_enrollment(tx, enrollment_ids) if enrollment_ids else {}
    return {
        token: _ref(last[enrollment_id])
        for token, enrollment_id in genuine.items()
        if enrollment_id is not None and enrollment_id in last
    }


def _last_written_first(tx: Tx, companies: dict[str, list[int]]) -> dict[str, tuple[int, ...]]:
    ids = [one for at_company in companies.values() for one in at_company]
    last = written.last_by_contact(tx, ids) if ids else {}

    def age(contact_id: int) -> tuple[bool, float, int]:
        at = last[contact_id].sending_at if contact_id in last else None
        return (at is None, -at.timestamp() if at else 0.0, contact_id)

    return {domain: tuple(sorted(at_company, key=age)) for domain, at_company in companies.items()}


def _ref(found: Written) -> SentRef:
    return SentRef(
        outbox_id=found.outbox_id,
        enrollment_id=found.enrollment_id,
        contact_id=found.contact_id,
        address_key=found.address_key,
    )


def _ref_of_reply(found: Reply) -> SentRef:
    return SentRef(
        outbox_id=None,
        enrollment_id=None,
        contact_id=found.contact_id,
        address_key=found.address_key,
        reply_id=found.id,
    )
