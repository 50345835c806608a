"""A list of messages that were sent: what incoming mail is matched against where there is no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sequencer.core.address import company_domain, key_or_none
from sequencer.core.matching import RECIPIENT_DAYS, KeyFunctions, MatchKeys, PrefetchedIndex, SentRef
from sequencer.core.mime_headers import find_addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMessage:
    """One message of the list."""

    sent_id: str
    message_id: str
    """With angle brackets."""
    to: str
    sender: str = ""
    reply_to: str = ""
    """An address of this message alone, such as one with a plus part."""
    subject: str = ""
    sent_at: datetime | None = None


class SentList:
    """The messages, and what they say of one incoming mail. Contacts are the addresses written to."""

    def __init__(self, messages: Iterable[ListedMessage] = ()) -> None:
        self._messages = tuple(messages)
        self._contacts: dict[str, int] = {}
        self._companies: dict[str, dict[int, None]] = {}
        self._by_id: dict[str, SentRef] = {}
        self._by_reply_to: dict[str, SentRef] = {}
        self._last_to: dict[int, list[SentRef]] = {}
        for number, message in enumerate(self._messages):
            self._add(number, message)
        self.own_addresses = frozenset(one.sender.lower() for one in self._messages if one.sender)
        self.make = KeyFunctions(
            address_key=lambda address: key_or_none(address) or "",
            company_domain=company_domain,
            find_tokens=self._reply_addresses,
        )

    def _add(self, number: int, message: ListedMessage) -> None:
        key = key_or_none(message.to) or message.to.lower()
        contact_id = self._contacts.setdefault(key, len(self._contacts))
        ref = SentRef(outbox_id=number, enrollment_id=contact_id, contact_id=contact_id, address_key=key)
        self._last_to.setdefault(contact_id, []).append(ref)
        for name in (message.message_id, message.message_id.lower()):
            self._by_id.setdefault(name, ref)
        if message.reply_to and message.reply_to.lower() != message.sender.lower():
            self._by_reply_to.setdefault(message.reply_to.lower(), ref)
        if domain := company_domain(message.to):
            self._companies.setdefault(domain, {})[contact_id] = None

    def _reply_addresses(self, text: str) -> list[str]:
        return [one.lower() for one in find_addresses(text) if one.lower() in self._by_reply_to]

    def message(self, ref_id: int | None) -> ListedMessage:
        """The message with that `SentRef.outbox_id`; every one of a list has one."""
        if ref_id is None:
            raise ValueError("not of this list")
        return self._messages[ref_id]

    def index(self, keys: MatchKeys, received_at: datetime) -> PrefetchedIndex:
        """What the list knows of one mail's keys."""
        people = {key: self._contacts[key] for key in keys.address_keys if key in self._contacts}
        return PrefetchedIndex(
            sent={one: self._by_id[one] for one in keys.message_ids if one in self._by_id},
            tokens={
                one: self._by_reply_to[one]
                for one in (*keys.tokens, *keys.original_tokens)
                if one in self._by_reply_to
            },
            contacts=people,
            companies={keys.domain: tuple(self._companies.get(keys.domain, ()))} if keys.domain else {},
            recent={
                key: ref
                for key, contact_id in people.items()
                if (ref := self._last_before(contact_id, received_at, days=RECIPIENT_DAYS)) is not None
            },
        )

    def last_to(self, contact_id: int, received_at: datetime) -> ListedMessage:
        """The last message to a contact before an instant, which they answer if they say nothing else.

        Their first where every one is dated later: clocks differ.
        """
        ref = self._last_before(contact_id, received_at) or self._last_to[contact_id][0]
        return self.message(ref.outbox_id)

    def _last_before(self, contact_id: int, at: datetime, days: int | None = None) -> SentRef | None:
        for ref in reversed(self._last_to[contact_id]):
            sent_at = self.message(ref.outbox_id).sent_at
            if sent_at is None or (sent_at <= at and (days is None or at - sent_at <= timedelta(days=days))):
                return ref
        return None
