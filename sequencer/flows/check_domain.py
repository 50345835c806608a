"""Check domains: what DNS says of each domain that a mailbox sends from, point by point."""

import ipaddress
from collections.abc import Sequence

from sequencer.config import Config, Mailbox
from sequencer.core.address import domain_key, is_free_mail, registrable_domain
from sequencer.core.checkup import Check, CheckState
from sequencer.core.dns import Dns, Found, Lookup, NotAnswered, Question, is_void
from sequencer.core.domain_checks import judge_dkim, judge_dmarc, judge_mx, judge_ptr
from sequencer.core.domain_mail import judge_mail, more_questions, mx_question
from sequencer.core.sending_records import COMMON_SELECTORS, SendingRecords, sending_records_of
from sequencer.core.spf import parse_spf, spf_texts
from sequencer.core.spf_check import judge_broken_spf, judge_no_spf, judge_spf
from sequencer.core.spf_walk import walk_spf

_PRIVATE = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "100.64.0.0/10"))
)


def check_domains(dns: Dns, config: Config) -> dict[str, tuple[Check, ...]]:
    """The points of every domain that a mailbox of config.toml sends from, by domain (IDNA ASCII)."""
    sending: dict[str, list[Mailbox]] = {}
    for mailbox in config.mailboxes:
        sending.setdefault(domain_key(mailbox.domain), []).append(mailbox)
    return {domain: check_domain(dns, domain, boxes) for domain, boxes in sorted(sending.items())}


def check_domain(dns: Dns, domain: str, mailboxes: Sequence[Mailbox]) -> tuple[Check, ...]:
    """The points of one domain (IDNA ASCII) from which these mailboxes send."""
    if is_free_mail(domain):
        return (_free_mail(domain),)
    hosts = dict.fromkeys(mailbox.smtp.host.lower().rstrip(".") for mailbox in mailboxes)
    providers = tuple(dict.fromkeys(one for host in hosts if (one := sending_records_of(host))))
    own_servers = [host for host in hosts if sending_records_of(host) is None and not _is_near(host)]
    return (
        _check_mx(dns, domain),
        _check_spf(dns, domain, providers),
        _check_dkim(dns, domain, providers),
        _check_dmarc(dns, domain),
        *(_check_ptr(dns, host) for host in own_servers),
    )


def _free_mail(domain: str) -> Check:
    return Check(
        name="free-mail",
        state=CheckState.WARN,
        what=f"{domain} is a free-mail domain: SPF, DKIM and DMARC are its provider's business",
        mend="write to buyers from a domain of your own: filters distrust sales mail from free mail",
    )


def _is_near(host: str) -> bool:
    """Whether the server is this computer or in the firm's own network: its public address is unknown."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or "." not in host
    return address.is_loopback or address.is_link_local or any(address in network for network in _PRIVATE)


def _check_mx(dns: Dns, domain: str) -> Check:
    answers = dict(dns.ask([mx_question(domain)]))
    answers |= dns.ask(more_questions(domain, answers[mx_question(domain)]))
    mail = judge_mail(domain, answers)
    return judge_mx(mail, {host: _addresses(dns, host) for host in mail.hosts})


def _check_spf(dns: Dns, domain: str, providers: Sequence[SendingRecords]) -> Check:
    lookup = _one(dns, Question(domain, "TXT"))
    without = judge_no_spf(lookup, providers)
    if without or not isinstance(lookup, Found):
        return without or judge_broken_spf("it cannot be read")
    try:
        record = parse_spf(spf_texts(lookup.values)[0])
    except ValueError as error:
        return judge_broken_spf(str(error))
    return judge_spf(walk_spf(domain, record, dns.ask), providers)


def _check_dkim(dns: Dns, domain: str, providers: Sequence[SendingRecords]) -> Check:
    theirs = (selector for provider in providers for selector in provider.selectors)
    questions = {
        selector: Question(f"{selector}._domainkey.{domain}", "TXT")
        for selector in dict.fromkeys((*theirs, *COMMON_SELECTORS))
    }
    answers = dns.ask(list(questions.values()))
    return judge_dkim({selector: answers[question] for selector, question in questions.items()})


def _check_dmarc(dns: Dns, domain: str) -> Check:
    company = registrable_domain(domain)
    own, companys = Question(f"_dmarc.{domain}", "TXT"), Question(f"_dmarc.{company}", "TXT")
    answers = dns.ask([own, companys])
    return judge_dmarc(domain, answers[own], company, answers[companys])


def _check_ptr(dns: Dns, host: str) -> Check:
    found = _addresses_of(dns, host)
    if all(map(is_void, found)):
        what = f"the server {host} has no address"
        return Check(name="ptr", state=CheckState.BAD, what=what, mend="correct `host` in config.toml")
    addresses = tuple(one for lookup in found if isinstance(lookup, Found) for one in lookup.values)
    names: dict[str, Lookup] = {
        address: _one(dns, Question(ipaddress.ip_address(address).reverse_pointer, "PTR"))
        for address in addresses
    }
    told = {name for lookup in names.values() if isinstance(lookup, Found) for name in lookup.values}
    return judge_ptr(host, addresses, names, {name: _addresses(dns, name) for name in told})


def _addresses_of(dns: Dns, host: str) -> tuple[Lookup, ...]:
    try:
        return (Found((str(ipaddress.ip_address(host)),)),)
    except ValueError:
        return _addresses(dns, host)


def _addresses(dns: Dns, host: str) -> tuple[Lookup, ...]:
    questions = (Question(host, "A"), Question(host, "AAAA"))
    return tuple(dns.ask(questions).values())


def _one(dns: Dns, question: Question) -> Lookup:
    return dns.ask([question]).get(question, NotAnswered("DNS did not answer"))
