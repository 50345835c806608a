"""Verify contacts: ask DNS once for each of their domains, and note what it says beside them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sequencer.core.contact import Contact
from sequencer.core.dns import Dns, Lookup, Question
from sequencer.core.domain_mail import DomainMail, MailCheck, judge_mail, more_questions, mx_question
from sequencer.core.domain_slips import meant_domain
from sequencer.store.engine import Store, chunks
from sequencer.store.mail_checks import CheckedContact, record_mail_checks

_DOMAINS_AT_ONCE = 200
_SILENCE = 20
"""So many domains and not one answer: it is not they who are silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedDomain:
    """One domain, its verdict, who is there, and which domain was probably meant."""

    domain: str
    mail: DomainMail
    contacts: tuple[Contact, ...]
    meant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a run learned."""

    domains: tuple[VerifiedDomain, ...]
    is_silent: bool = False
    """DNS answered nothing about the last hundreds, and asking was given up."""
    unasked: int = 0
    """Domains that were left then."""

    def of(self, check: MailCheck) -> list[VerifiedDomain]:
        """The domains with this verdict."""
        return [one for one in self.domains if one.mail.check is check]

    def count(self, check: MailCheck) -> int:
        """How many contacts have this verdict."""
        return sum(len(one.contacts) for one in self.of(check))

    @property
    def slips(self) -> list[VerifiedDomain]:
        """Domains that look like a mistyped other one."""
        return [one for one in self.domains if one.meant]

    @property
    def kinds(self) -> Counter[str]:
        """How many contacts are at role and at free-mail addresses."""
        people = [contact for one in self.domains for contact in one.contacts]
        return Counter(
            is_role=sum(contact.is_role for contact in people),
            is_free_mail=sum(contact.is_free_mail for contact in people),
        )


def not_asked_since(people: Sequence[Contact], days: int | None, now: datetime) -> list[Contact]:
    """Those never answered for, or not in so many days; everybody when `days` is None."""
    if days is None:
        return list(people)
    oldest = now - timedelta(days=days)
    return [one for one in people if one.mail_checked_at is None or one.mail_checked_at < oldest]


def verify_contacts(
    store: Store,
    dns: Dns,
    people: Sequence[Contact],
    *,
    now: datetime,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Verified:
    """Ask for every domain once and write down the verdicts, some hundred domains at a time.

    Nothing is open in the database while DNS is asked; what was written before an interruption stays.
    """
    at_domain = _by_domain(people)
    verified: list[VerifiedDomain] = []
    for domains in chunks(at_domain, _DOMAINS_AT_ONCE):
        found = [
            VerifiedDomain(
                domain=domain, mail=mail, contacts=tuple(at_domain[domain]), meant=meant_domain(domain)
            )
            for domain, mail in _ask(dns, domains).items()
        ]
        verified.extend(found)
        if _is_silent(found):
            left = len(at_domain) - len(verified)
            return Verified(domains=tuple(verified), is_silent=True, unasked=left)
        _write(store, found, now)
        progress(len(verified), len(at_domain))
    return Verified(domains=tuple(verified))


def _by_domain(people: Sequence[Contact]) -> dict[str, list[Contact]]:
    at_domain: dict[str, list[Contact]] = {}
    for contact in people:
        at_domain.setdefault(contact.address_key.rpartition("@")[2], []).append(contact)
    return at_domain


def _ask(dns: Dns, domains: Sequence[str]) -> Mapping[str, DomainMail]:
    answers: dict[Question, Lookup] = dict(dns.ask([mx_question(domain) for domain in domains]))
    more = [more_questions(domain, answers[mx_question(domain)]) for domain in domains]
    answers |= dns.ask([question for questions in more for question in questions])
    return {domain: judge_mail(domain, answers) for domain in domains}


def _is_silent(found: Sequence[VerifiedDomain]) -> bool:
    return len(found) >= _SILENCE and all(one.mail.check is MailCheck.NOT_CHECKED for one in found)


def _write(store: Store, found: Sequence[VerifiedDomain], now: datetime) -> None:
    rows = (
        CheckedContact(contact_id=contact.id, address_key=contact.address_key, check=one.mail.check)
        for one in found
        for contact in one.contacts
    )
    for batch in chunks(rows):
        with store.write() as tx:
            record_mail_checks(tx, batch, now)
