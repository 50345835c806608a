"""What is said of a sending domain, point by point, from a DNS server on loopback."""

import base64
from collections.abc import Sequence

import pytest

from sequencer.clock import SystemClock
from sequencer.config import Mailbox, Server
from sequencer.core.bulk_rules import BULK_RULES, SOURCES
from sequencer.core.checkup import Check
from sequencer.flows.check_domain import check_domain, check_domains
from sequencer.mail.dns import ResolverDns
from sequencer.testing import a_config, a_mailbox
from tests.servers.dns import Alias, DnsServer, Entry, Fault, Truncated, txt

KEY = base64.b64encode(bytes(294)).decode()
WEAK = base64.b64encode(bytes(126)).decode()
GOOD: dict[tuple[str, str], Entry] = {
    ("firm.example", "MX"): ["10 mx.firm.example."],
    ("mx.firm.example", "A"): ["192.0.2.25"],
    ("firm.example", "TXT"): [txt("v=spf1 include:_spf.google.com ~all"), txt("site=1")],
    ("_spf.google.com", "TXT"): Truncated([txt("v=spf1 ip4:192.0.2.0/24 ", "~all")]),
    ("google._domainkey.firm.example", "TXT"): [txt("v=DKIM1; k=rsa; p=", KEY[:200], KEY[200:])],
    ("_dmarc.firm.example", "TXT"): [txt("v=DMARC1; p=none; rua=mailto:post@firm.example")],
}
OWN: dict[tuple[str, str], Entry] = {
    ("smtp.firm.example", "A"): ["192.0.2.30"],
    ("30.2.0.192.in-addr.arpa", "PTR"): ["smtp.firm.example."],
}


def at(host: str, address: str = "wang@firm.example") -> Mailbox:
    server = Server(host=host, port=587, security="starttls", username=None, password=None)
    return a_mailbox(smtp=server, address=address)


def checked(
    changes: dict[tuple[str, str], Entry | None] | None = None,
    *,
    domain: str = "firm.example",
    boxes: Sequence[Mailbox] = (at("smtp.gmail.com"),),
) -> dict[str, Check]:
    """The points by name, in the good zone with these changes (None: not there)."""
    zone = {name: entry for name, entry in (GOOD | (changes or {})).items() if entry is not None}
    with DnsServer(zone) as server:
        checks = check_domain(ResolverDns(server.resolver(), SystemClock()), domain, boxes)
    return {check.name: check for check in checks}


def test_a_domain_set_up_well_has_nothing_to_mend() -> None:
    checks = checked()
    assert {name: str(check.state) for name, check in checks.items()} == {
        "mx": "ok",
        "spf": "ok",
        "dkim": "ok",
        "dmarc": "ok",
    }
    assert [check.mend for check in checks.values()] == [None] * 4
    assert "google" in checks["dkim"].what
    assert "policy none" in checks["dmarc"].what


@pytest.mark.parametrize(
    ("point", "changes", "state", "says"),
    [
        ("mx", {("firm.example", "MX"): None}, "bad", "no answer can reach you"),
        ("mx", {("firm.example", "MX"): ["0 ."]}, "bad", "null MX"),
        ("mx", {("firm.example", "MX"): Fault.SERVFAIL}, "unknown", "not checked"),
        ("mx", {("firm.example", "MX"): None, ("firm.example", "A"): ["192.0.2.1"]}, "warn", "no MX"),
        ("mx", {("mx.firm.example", "A"): None}, "bad", "has no address"),
        ("mx", {("mx.firm.example", "A"): Fault.TIMEOUT}, "unknown", "not checked"),
        (
            "mx",
            {("firm.example", "MX"): ["5 gone.firm.example.", "10 mx.firm.example."]},
            "warn",
            "gone.firm.example",
        ),
        (
            "mx",
            {
                ("mx.firm.example", "A"): None,
                ("mx.firm.example", "CNAME"): Alias("real.example"),
                ("real.example", "A"): ["192.0.2.26"],
            },
            "ok",
            "mx.firm.example",
        ),
        ("spf", {("firm.example", "TXT"): None}, "bad", "no SPF record"),
        ("spf", {("firm.example", "TXT"): Fault.TIMEOUT}, "unknown", "not checked"),
        ("spf", {("firm.example", "TXT"): [txt("v=spf1 -all"), txt("v=spf1 ~all")]}, "bad", "2 SPF records"),
        ("spf", {("firm.example", "TXT"): [txt("v=spf1 mx ~all")]}, "warn", "does not name Google"),
        ("spf", {("firm.example", "TXT"): [txt("v=spf1 ip4:x ~all")]}, "bad", "broken"),
        ("spf", {("_spf.google.com", "TXT"): Fault.SERVFAIL}, "unknown", "_spf.google.com"),
        ("dkim", {("google._domainkey.firm.example", "TXT"): None}, "unknown", "no key at the usual names"),
        ("dkim", {("google._domainkey.firm.example", "TXT"): [txt("v=DKIM1; p=")]}, "warn", "withdrawn"),
        (
            "dkim",
            {("google._domainkey.firm.example", "TXT"): [txt(f"v=DKIM1; p={WEAK}")]},
            "bad",
            "shorter than 1024",
        ),
        (
            "dkim",
            {("google._domainkey.firm.example", "TXT"): [txt(f"k=ed25519; p={WEAK[:44]}")]},
            "ok",
            "google",
        ),
        ("dkim", {("google._domainkey.firm.example", "TXT"): Fault.REFUSED}, "unknown", "did not answer"),
        (
            "dkim",
            {("google._domainkey.firm.example", "CNAME"): Alias("key.example")}
            | {
                ("google._domainkey.firm.example", "TXT"): None,
                ("key.example", "TXT"): [txt("p=", KEY[:200], KEY[200:])],
            },
            "ok",
            "google",
        ),
        ("dmarc", {("_dmarc.firm.example", "TXT"): None}, "warn", "no DMARC record"),
        ("dmarc", {("_dmarc.firm.example", "TXT"): Fault.SERVFAIL}, "unknown", "not checked"),
        ("dmarc", {("_dmarc.firm.example", "TXT"): [txt("v=DMARC1; p=hard")]}, "bad", "'hard'"),
        ("dmarc", {("_dmarc.firm.example", "TXT"): [txt("v=DMARC1; rua=x")]}, "bad", "no policy"),
        (
            "dmarc",
            {("_dmarc.firm.example", "TXT"): [txt("v=DMARC1; p=none"), txt("v=DMARC1; p=reject")]},
            "bad",
            "2 DMARC records",
        ),
        (
            "dmarc",
            {("_dmarc.firm.example", "TXT"): [txt("v=DMARC1; p=reject; adkim=s")]},
            "ok",
            "DKIM must pass for exactly",
        ),
    ],
)
def test_a_point_that_is_otherwise(
    point: str, changes: dict[tuple[str, str], Entry | None], state: str, says: str
) -> None:
    check = checked(changes)[point]
    assert check.state == state, check
    assert says in check.what
    assert bool(check.mend) == (state != "ok")


def test_a_subdomain_falls_back_on_the_dmarc_of_its_company() -> None:
    boxes = [at("smtp.gmail.com", "wang@mail.firm.example")]
    changes: dict[tuple[str, str], Entry | None] = {
        ("_dmarc.firm.example", "TXT"): [txt("v=DMARC1; p=none; sp=reject")]
    }
    dmarc = checked(changes, domain="mail.firm.example", boxes=boxes)["dmarc"]
    assert (dmarc.state, "policy reject at _dmarc.firm.example" in dmarc.what) == ("ok", True)


@pytest.mark.parametrize(
    ("changes", "state", "says"),
    [
        ({}, "ok", "leads back"),
        ({("30.2.0.192.in-addr.arpa", "PTR"): None}, "bad", "192.0.2.30"),
        ({("30.2.0.192.in-addr.arpa", "PTR"): ["elsewhere.example."]}, "bad", "192.0.2.30"),
        (
            {
                ("30.2.0.192.in-addr.arpa", "PTR"): ["elsewhere.example."],
                ("elsewhere.example", "A"): ["192.0.2.31"],
            },
            "bad",
            "192.0.2.30",
        ),
        ({("30.2.0.192.in-addr.arpa", "PTR"): Fault.TIMEOUT}, "unknown", "not checked"),
        ({("smtp.firm.example", "A"): Fault.TIMEOUT}, "unknown", "not checked"),
        ({("smtp.firm.example", "A"): None}, "bad", "has no address"),
    ],
)
def test_an_own_servers_address_needs_a_name_that_leads_back(
    changes: dict[tuple[str, str], Entry | None], state: str, says: str
) -> None:
    zone: dict[tuple[str, str], Entry | None] = {**OWN, **changes}
    check = checked(zone, boxes=[at("smtp.firm.example")])["ptr"]
    assert check.state == state, check
    assert says in check.what


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "192.168.1.5", "smtp.gmail.com", "mailhost"])
def test_only_an_own_server_that_the_world_sees_is_asked_for_its_name(host: str) -> None:
    assert "ptr" not in checked(boxes=[at(host)])


def test_every_provider_a_domain_sends_through_must_be_in_its_spf() -> None:
    spf = checked(boxes=[at("smtp.gmail.com"), at("smtp.exmail.qq.com")])["spf"]
    assert spf.state == "warn"
    assert spf.mend == "add `include:spf.mail.qq.com` before the final all"


def test_each_sending_domain_is_checked_once_and_free_mail_is_only_told() -> None:
    boxes = (
        at("smtp.gmail.com"),
        a_mailbox("li", smtp=at("smtp.gmail.com").smtp),
        a_mailbox("bo", address="firm.trade@gmail.com"),
    )
    with DnsServer(GOOD) as server:
        found = check_domains(ResolverDns(server.resolver(), SystemClock()), a_config(*boxes))
        assert max(server.asked.values()) <= 2  # the truncated one came twice
        assert server.asked["firm.example", "MX"] == 1
    assert list(found) == ["firm.example", "gmail.com"]
    assert [check.name for check in found["gmail.com"]] == ["free-mail"]


def test_when_dns_is_silent_nothing_is_known() -> None:
    with DnsServer({}) as server:
        resolver = server.resolver(0.3)
    asker = ResolverDns(resolver, SystemClock())
    checks = check_domain(asker, "firm.example", [at("smtp.firm.example")])
    assert {check.name: str(check.state) for check in checks} == dict.fromkeys(
        ("mx", "spf", "dkim", "dmarc", "ptr"), "unknown"
    )


def test_every_rule_of_the_large_providers_names_who_asks_and_since_when() -> None:
    for rule in BULK_RULES:
        assert any(name in rule.asked_by for name in SOURCES)
        assert rule.since >= "2024-02-01"
