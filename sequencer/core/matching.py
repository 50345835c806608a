"""Which message, enrollment and contact an incoming mail belongs to: pure, over keys looked up in batches."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sequencer.core.classify.bounce_text import failed_addresses, is_machine_sender
from sequencer.core.classify.returned import original_ids, original_recipients
from sequencer.core.classify.ses_notification import is_event_sender
from sequencer.core.inbound import MatchVia, Verdict, VerdictKind
from sequencer.core.mime import InboundMail
from sequencer.core.mime_headers import find_addresses

RECIPIENT_DAYS = 14
"""A report without any of our ids counts only for an address written to within this many days."""

MAX_KEYS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRef:
    """A message of ours that left (or may have)."""

    outbox_id: int | None
    """None for an answer that a rep sent from the command line: it is in no outbox, and of no enrollment."""
    enrollment_id: int | None
    contact_id: int
    address_key: str
    """The address it was written to."""
    reply_id: int | None = None
    """Of such an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Whom an incoming message concerns, and how that was found."""

    contact_id: int
    via: MatchVia
    outbox_id: int | None = None
    enrollment_id: int | None = None
    address_key: str | None = None
    """The address we wrote to, when a message of ours is known."""
    sender_key: str = ""
    """The sender's own address_key."""
    sender_is_contact: bool = False
    """From is a current or former address of some contact."""
    domain: str = ""
    """The company's registrable domain; empty when it is free mail or unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFunctions:
    """The pure functions that make keys; they live in `core.address` and `core.token`."""

    address_key: Callable[[str], str]
    """Folds an address to the form compared everywhere; empty or ValueError for what is none."""
    company_domain: Callable[[str], str]
    """Registrable domain of an address's company; empty for free mail."""
    find_tokens: Callable[[str], list[str]]
    """Genuine-looking tokens in a text, an address or a subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchKeys:
    """Everything of one message that may be looked up, the most telling first."""

    answered_ids: tuple[str, ...]
    """In-Reply-To and References, last first."""
    tokens: tuple[str, ...]
    """From the addresses it was sent to and its subject."""
    original_ids: tuple[str, ...]
    """From a returned message or a report."""
    original_tokens: tuple[str, ...]
    sender_key: str
    domain: str
    recipient_keys: tuple[str, ...]
    """To and Cc: whom a mail of our own went to."""
    failed_keys: tuple[str, ...]
    """Addresses that a machine's mail speaks of."""
    message_id: str | None = None

    @property
    def message_ids(self) -> tuple[str, ...]:
        """All ids to look up, as written and in lower case (relays change the case)."""
        own = (self.message_id,) if self.message_id else ()
        ids = (*own, *self.answered_ids, *self.original_ids)
        return tuple(dict.fromkeys((*ids, *(message_id.lower() for message_id in ids))))

    @property
    def address_keys(self) -> tuple[str, ...]:
        """All address keys to look up."""
        return tuple(
            dict.fromkeys(key for key in (self.sender_key, *self.recipient_keys, *self.failed_keys) if key)
        )


class MatchIndex(Protocol):
    """What the store knows, asked in batches or prefetched for one."""

    def by_message_ids(self, ids: Iterable[str]) -> Mapping[str, SentRef]:
        """Messages by minted or wire id; the keys are the ids asked for."""

    def by_token(self, token: str) -> SentRef | None:
        """The message a token was minted for."""

    def by_address_keys(self, keys: Iterable[str]) -> Mapping[str, int]:
        """Contact ids by current or former address."""

    def by_domain(self, domain: str) -> tuple[int, ...]:
        """Contacts at a company, the one last written to first."""

    def written_within(self, address_key: str, days: int) -> SentRef | None:
        """The last message to that address within `days`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefetchedIndex:
    """A MatchIndex over the answers to one batch's few queries."""

    sent: Mapping[str, SentRef] = field(default_factory=dict)
    tokens: Mapping[str, SentRef] = field(default_factory=dict)
    contacts: Mapping[str, int] = field(default_factory=dict)
    companies: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    recent: Mapping[str, SentRef] = field(default_factory=dict)
    """The last message of the past RECIPIENT_DAYS by address_key."""

    def by_message_ids(self, ids: Iterable[str]) -> Mapping[str, SentRef]:
        return {message_id: self.sent[message_id] for message_id in ids if message_id in self.sent}

    def by_token(self, token: str) -> SentRef | None:
        return self.tokens.get(token)

    def by_address_keys(self, keys: Iterable[str]) -> Mapping[str, int]:
        return {key: self.contacts[key] for key in keys if key in self.contacts}

    def by_domain(self, domain: str) -> tuple[int, ...]:
        return self.companies.get(domain, ())

    def written_within(self, address_key: str, days: int) -> SentRef | None:
        return self.recent.get(address_key) if days <= RECIPIENT_DAYS else None


def keys_of(mail: InboundMail, make: KeyFunctions) -> MatchKeys:
    """Every key of a message, so that a batch is answered by a few queries."""
    sent_to = " ".join((*mail.delivered_to, *mail.to, *mail.cc))
    returned_headers = " ".join(value[:2000] for fields in mail.returned for _, value in fields.items[:200])
    is_machine = is_machine_sender(mail) or bool(
        mail.delivery_status or mail.feedback or mail.returned or mail.disposition
    )
    is_machine = is_machine or is_event_sender(mail)
    is_machine = (
        is_machine or "x-failed-recipients" in mail.headers or mail.header("return-path").strip() == "<>"
    )
    return MatchKeys(
        answered_ids=mail.answers,
        tokens=_unique(make.find_tokens(f"{sent_to} {mail.subject}")),
        original_ids=original_ids(mail) if is_machine else (),
        original_tokens=_unique(make.find_tokens(returned_headers)) if returned_headers else (),
        sender_key=_key(mail.from_address, make),
        domain=make.company_domain(mail.from_address) if "@" in mail.from_address else "",
        recipient_keys=_keys((*mail.to, *mail.cc), make),
        failed_keys=_keys(_spoken_of(mail), make) if is_machine else (),
        message_id=mail.message_id,
    )


def _spoken_of(mail: InboundMail) -> list[str]:
    named = [
        address
        for block in mail.delivery_status
        for _, value in block.items
        for address in find_addresses(value, 5)
    ]
    named += [
        address
        for _, value in (mail.feedback.items if mail.feedback else ())
        for address in find_addresses(value, 5)
    ]
    return [*named, *failed_addresses(mail), *original_recipients(mail)]


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))[:MAX_KEYS]


def _key(address: str, make: KeyFunctions) -> str:
    try:
        return make.address_key(address) if address else ""
    except ValueError:
        return ""


def _keys(addresses: Iterable[str], make: KeyFunctions) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for address in addresses if (key := _key(address, make))))[:MAX_KEYS]


_MACHINES = frozenset(
    {VerdictKind.BOUNCE, VerdictKind.DELAY, VerdictKind.COMPLAINT, VerdictKind.REPORT, VerdictKind.RECEIPT}
)
"""Their From is a mail system: it says nothing about a contact."""


def match(
    mail: InboundMail, verdict: Verdict, keys: MatchKeys, index: MatchIndex, make: KeyFunctions
) -> Match | None:
    """The contact (and message) a mail belongs to; the first hit wins, in the order of MatchVia.

    Reports are matched by ids, tokens and, where those are missing, by an address written to within 14
    days; everything else also by its sender's address, then by the sender's company. Hand-written mail is
    for `match_recipients`.
    """
    contacts = index.by_address_keys((keys.sender_key,)) if keys.sender_key else {}
    is_contact = keys.sender_key in contacts
    found = _by_ours(keys, index)
    if found is not None:
        sent, via = found
        return _of_sent(sent, via, keys, is_contact=is_contact)
    if verdict.kind in _MACHINES:
        for key in _keys(verdict.recipients, make):
            recent = index.written_within(key, RECIPIENT_DAYS)
            if recent is not None:
                return _of_sent(recent, MatchVia.RECIPIENT, keys, is_contact=False)
        return None
    if is_contact:
        return Match(
            contact_id=contacts[keys.sender_key],
            via=MatchVia.FROM,
            sender_key=keys.sender_key,
            sender_is_contact=True,
            domain=keys.domain,
        )
    at_company = index.by_domain(keys.domain) if keys.domain else ()
    if not at_company:
        return None
    return Match(
        contact_id=at_company[0], via=MatchVia.COMPANY, sender_key=keys.sender_key, domain=keys.domain
    )


def _by_ours(keys: MatchKeys, index: MatchIndex) -> tuple[SentRef, MatchVia] | None:
    """A message of ours by id or token: what it answers, the address it came to, what it returns."""
    sent = index.by_message_ids(keys.message_ids)
    for ids, tokens, via, token_via in (
        (keys.answered_ids, keys.tokens, MatchVia.REFERENCES, MatchVia.TOKEN),
        (keys.original_ids, keys.original_tokens, MatchVia.ORIGINAL_ID, MatchVia.ORIGINAL_ID),
    ):
        for message_id in ids:
            hit = sent.get(message_id) or sent.get(message_id.lower())
            if hit is not None:
                return hit, via
        for token in tokens:
            hit = index.by_token(token)
            if hit is not None:
                return hit, token_via
    return None


def _of_sent(sent: SentRef, via: MatchVia, keys: MatchKeys, *, is_contact: bool) -> Match:
    return Match(
        contact_id=sent.contact_id,
        via=via,
        outbox_id=sent.outbox_id,
        enrollment_id=sent.enrollment_id,
        address_key=sent.address_key,
        sender_key=keys.sender_key,
        sender_is_contact=is_contact,
        domain=keys.domain,
    )


def match_recipients(keys: MatchKeys, index: MatchIndex) -> tuple[Match, ...]:
    """The contacts that a rep's own hand-written mail went to (To and Cc), each once."""
    contacts = index.by_address_keys(keys.recipient_keys)
    found: dict[int, Match] = {}
    for key in keys.recipient_keys:
        if key in contacts:
            found.setdefault(
                contacts[key],
                Match(
                    contact_id=contacts[key], via=MatchVia.FROM, address_key=key, sender_key=keys.sender_key
                ),
            )
    return tuple(found.values())
