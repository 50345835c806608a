"""Whether a domain takes mail, by what DNS says of it (RFC 5321 5.1, RFC 7505)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sequencer.core.dns import NULL_MX, Found, Lookup, NoSuchName, NotAnswered, Question, is_void


class MailCheck(StrEnum):
    """What is known of a domain's mail, as a contact carries it."""

    OK = "ok"
    NO_MAIL = "no_mail"
    """Null MX, no such domain, or neither an MX nor an address."""
    NOT_CHECKED = "not_checked"
    """DNS did not answer: neither good nor bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainMail:
    """The verdict on one domain, with what it rests on."""

    check: MailCheck
    why: str
    hosts: tuple[str, ...] = ()
    """Where its mail goes, the most preferred first."""
    is_implicit: bool = False
    """It has no MX, so that mail goes to its own address record."""


def mx_question(domain: str) -> Question:
    """The first question about a domain; for most it is the only one."""
    return Question(domain, "MX")


def more_questions(domain: str, mx: Lookup) -> tuple[Question, ...]:
    """What must be asked besides: without an MX the domain's own address takes its mail."""
    is_bare = is_void(mx) and not isinstance(mx, NoSuchName)
    return (Question(domain, "A"), Question(domain, "AAAA")) if is_bare else ()


def judge_mail(domain: str, answers: Mapping[Question, Lookup]) -> DomainMail:
    """The verdict, from the answers to `mx_question` and to `more_questions`.

    An MX that points to a CNAME is against the rules, and so common that every mailer follows it; so do we.
    """
    mx = answers[mx_question(domain)]
    match mx:
        case NotAnswered(cause):
            return DomainMail(check=MailCheck.NOT_CHECKED, why=cause)
        case NoSuchName():
            return DomainMail(check=MailCheck.NO_MAIL, why="there is no such domain")
        case Found(values):
            hosts = tuple(host for host in values if host != NULL_MX)
            if not hosts:
                return DomainMail(check=MailCheck.NO_MAIL, why="it says that it takes no mail (null MX)")
            return DomainMail(check=MailCheck.OK, why="it has an MX", hosts=hosts)
    return _implicit(domain, [answers[question] for question in more_questions(domain, mx)])


def _implicit(domain: str, addresses: list[Lookup]) -> DomainMail:
    if any(isinstance(lookup, Found) for lookup in addresses):
        why = "it has no MX, but an address"
        return DomainMail(check=MailCheck.OK, why=why, hosts=(domain,), is_implicit=True)
    for lookup in addresses:
        if isinstance(lookup, NotAnswered):
            return DomainMail(check=MailCheck.NOT_CHECKED, why=lookup.cause)
    return DomainMail(check=MailCheck.NO_MAIL, why="it has neither an MX nor an address")
