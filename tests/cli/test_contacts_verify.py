"""`contacts verify` as typed, against a DNS server on loopback: what it asks, writes and prints."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sequencer.clock import SystemClock
from sequencer.core.contact import Contact
from sequencer.flows.verify_contacts import verify_contacts
from sequencer.mail.dns import ResolverDns
from sequencer.store.contacts import all_contacts, insert_contacts
from sequencer.testing import a_contact
from tests.cli.command_line import Ran, run
from tests.firm import Firm
from tests.servers.dns import DnsServer, Fault, Zone

ZONE: Zone = {
    ("luso.example", "MX"): ["10 mx.luso.example."],
    ("null.example", "MX"): ["0 ."],
    ("plain.example", "A"): ["192.0.2.7"],
    ("bare.example", "TXT"): ['"parked"'],
    ("slow.example", "MX"): Fault.TIMEOUT,
    ("sick.example", "MX"): Fault.SERVFAIL,
    ("gmial.com", "MX"): ["10 mx.parked.example."],
    ("xn--bcher-kva.example", "MX"): ["10 mx.luso.example."],
}


@dataclass
class Desk:
    """A firm, its contacts, and the DNS server that is asked."""

    firm: Firm
    server: DnsServer

    def add(self, *addresses: str, **fields: object) -> None:
        with self.firm.store.write() as tx:
            people = [a_contact(address, **fields) for address in addresses]
            insert_contacts(tx, people, self.firm.clock.now())

    def run(self, *words: str) -> Ran:
        asker = ResolverDns(self.server.resolver(), SystemClock())
        self.firm.session.__dict__["dns"] = asker
        return run(self.firm.session, *words)

    def verify(self, *words: str) -> Ran:
        return self.run("contacts", "verify", *words)

    def contact(self, address: str) -> Contact:
        with self.firm.store.read() as tx:
            return next(one for one in all_contacts(tx) if one.address == address)

    def checks(self) -> dict[str, str]:
        with self.firm.store.read() as tx:
            return {one.address: one.mail_check for one in all_contacts(tx)}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with DnsServer(ZONE) as server:
        yield Desk(Firm(tmp_path), server)


def test_every_contact_is_told_what_dns_says_of_their_domain(desk: Desk) -> None:
    desk.add("ana@luso.example", "bo@null.example", "cy@plain.example", "di@bare.example")
    desk.add("ed@nobody.example", "fay@slow.example", "gil@sick.example")
    ran = desk.verify("--all")
    assert desk.checks() == {
        "ana@luso.example": "ok",
        "bo@null.example": "no_mail",
        "cy@plain.example": "ok",
        "di@bare.example": "no_mail",
        "ed@nobody.example": "no_mail",
        "fay@slow.example": "not_checked",
        "gil@sick.example": "not_checked",
    }
    assert desk.contact("ana@luso.example").mail_checked_at == desk.firm.clock.now()
    assert ran.code == 3
    lines = ran.out.splitlines()
    assert [" ".join(line.split()) for line in lines[:3]] == [
        "ok 2 contacts at 2 domains",
        "no mail 3 contacts at 3 domains",
        "not checked 2 contacts at 2 domains",
    ]
    assert "null.example\tit says that it takes no mail (null MX)\tbo@null.example\tAna Silva\t" in lines
    assert "nobody.example\tthere is no such domain\ted@nobody.example\tAna Silva\t" in lines
    assert "slow.example: DNS did not answer in time" in ran.err
    assert "Error: 3 contacts at 3 domains that take no mail" in ran.err
    assert "contacts edit CONTACT --address NEW" in ran.err


def test_a_domain_is_asked_once_however_many_contacts_it_has(desk: Desk) -> None:
    desk.add(*(f"b{number}@luso.example" for number in range(30)))
    desk.add(*(f"b{number}@plain.example" for number in range(30)), "x@LUSO.example")
    assert desk.verify("--all").code == 0
    assert desk.server.asked == {
        ("luso.example", "MX"): 1,
        ("plain.example", "MX"): 1,
        ("plain.example", "A"): 1,
        ("plain.example", "AAAA"): 1,
    }


def test_nothing_is_suppressed_and_nobody_is_moved(desk: Desk) -> None:
    desk.add("bo@null.example")
    desk.verify("--all")
    assert desk.run("suppressions", "list", "--json").document["count"] == 0


def test_only_those_meant_are_asked_for(desk: Desk) -> None:
    desk.add("ana@luso.example", tags=("fair",))
    desk.add("cy@plain.example", owner="li")
    desk.add("bo@null.example", country="DE", owner=None)
    assert desk.verify("--tag", "fair").code == 0
    assert desk.verify("--owner", "li").code == 0
    assert desk.verify("--where", 'country == "DE"').code == 3
    assert set(desk.checks().values()) == {"ok", "no_mail"}
    assert sum(desk.server.asked.values()) == 5


def test_whom_must_be_said(desk: Desk) -> None:
    for words in ((), ("--all", "--tag", "fair")):
        ran = desk.verify(*words)
        assert (ran.code, "say whom" in ran.err) == (2, True)


def test_those_asked_for_lately_are_left_out(desk: Desk) -> None:
    desk.add("ana@luso.example")
    desk.verify("--all")
    desk.firm.later(days=10)
    desk.add("cy@plain.example")
    desk.verify("--all", "--older-than", "30")
    assert desk.server.asked["luso.example", "MX"] == 1
    assert desk.server.asked["plain.example", "MX"] == 1
    desk.firm.later(days=21)
    desk.verify("--all", "--older-than", "30")
    assert desk.server.asked["luso.example", "MX"] == 2
    assert desk.server.asked["plain.example", "MX"] == 1


def test_silence_takes_nothing_back_and_good_news_does(desk: Desk) -> None:
    desk.add("ana@luso.example", "bo@null.example")
    desk.verify("--all")
    first = desk.firm.clock.now()
    desk.firm.later(days=1)
    desk.server.zone = {("luso.example", "MX"): Fault.TIMEOUT, ("null.example", "MX"): ["5 mx.luso.example."]}
    assert desk.verify("--all").code == 0
    assert desk.checks() == {"ana@luso.example": "ok", "bo@null.example": "ok"}
    assert desk.contact("ana@luso.example").mail_checked_at == first
    assert desk.contact("bo@null.example").mail_checked_at == first + timedelta(days=1)


def test_a_domain_in_other_letters_is_asked_in_idna(desk: Desk) -> None:
    desk.add("max@bücher.example", address_key="max@xn--bcher-kva.example")
    assert desk.verify("--all").code == 0
    assert desk.server.asked == {("xn--bcher-kva.example", "MX"): 1}


def test_a_slip_a_role_and_free_mail_are_notes(desk: Desk) -> None:
    desk.server.zone = {**ZONE, ("gmail.com", "MX"): ["5 mx.luso.example."]}
    desk.add("ana@gmial.com")
    desk.add("info@luso.example", is_role=True)
    desk.add("cy@gmail.com", is_free_mail=True)
    ran = desk.verify("--all")
    assert ran.code == 0
    assert "gmial.com (1 contact): did you mean gmail.com?" in ran.err
    assert "1 at role addresses" in ran.err
    assert "1 at free-mail addresses" in ran.err


def test_a_dead_slip_is_shown_with_what_was_meant(desk: Desk) -> None:
    desk.add("ana@hotmial.com")
    assert "hotmial.com\tthere is no such domain\tana@hotmial.com\tAna Silva\thotmail.com" in (
        desk.verify("--all").out.splitlines()
    )


def test_the_json_document_names_everybody(desk: Desk) -> None:
    desk.add("bo@null.example", external_id="C-1")
    desk.add("ana@luso.example", "fay@slow.example")
    ran = desk.verify("--all", "--json")
    assert ran.code == 3
    document: Any = ran.document
    assert document["contacts"] == {"ok": 1, "no_mail": 1, "not_checked": 1}
    assert document["no_mail"] == [
        {
            "domain": "null.example",
            "why": "it says that it takes no mail (null MX)",
            "did_you_mean": None,
            "contacts": [{"id": "C-1", "address": "bo@null.example"}],
        }
    ]
    assert [one["domain"] for one in document["not_checked"]] == ["slow.example"]


def test_show_and_list_say_what_dns_said(desk: Desk) -> None:
    desk.add("bo@null.example", "ana@luso.example")
    desk.verify("--all")
    shown = desk.run("contacts", "show", "bo@null.example").out
    assert "no_mail: the domain takes no mail (asked 2026-03-" in shown
    listed = desk.run("contacts", "list", "--where", 'mail_check == "no_mail"', "--json").document
    assert [(one["address"], one["mail_check"]) for one in listed["contacts"]] == [
        ("bo@null.example", "no_mail")
    ]
    assert listed["contacts"][0]["mail_checked_at"].endswith("Z")
    wrong = desk.run("contacts", "list", "--where", 'mail_check == "nomail"')
    assert (wrong.code, "no_mail" in wrong.err) == (2, True)


def test_a_new_address_is_unasked_again(desk: Desk) -> None:
    desk.add("bo@null.example")
    desk.verify("--all")
    edited = desk.run("contacts", "edit", "bo@null.example", "--address", "bo@luso.example", "--json")
    assert edited.document["mail_check"] == ""
    assert desk.checks() == {"bo@luso.example": ""}
    assert desk.contact("bo@luso.example").mail_checked_at is None


def test_a_verdict_does_not_follow_a_contact_who_moved_meanwhile(desk: Desk) -> None:
    desk.add("bo@null.example")
    meant = [desk.contact("bo@null.example")]
    desk.run("contacts", "edit", "bo@null.example", "--address", "bo@luso.example")
    asker = ResolverDns(desk.server.resolver(), SystemClock())
    verify_contacts(desk.firm.store, asker, meant, now=desk.firm.clock.now())
    assert desk.checks() == {"bo@luso.example": ""}


def test_editing_other_things_keeps_what_dns_said(desk: Desk) -> None:
    desk.add("bo@null.example")
    desk.verify("--all")
    desk.run("contacts", "edit", "bo@null.example", "--set", "city=Porto")
    assert desk.checks() == {"bo@null.example": "no_mail"}


def test_enroll_warns_of_a_domain_that_takes_no_mail_and_refuses_nobody(desk: Desk) -> None:
    desk.add("bo@null.example", "ana@luso.example")
    desk.verify("--all")
    ran = desk.run("enroll", "fair", "--all", "--yes", "--json")
    assert ran.code == 0
    assert ran.document["enrolled"] == 2
    (warning,) = ran.document["warnings"]
    assert "takes no mail" in warning
    assert warning.endswith("(1 contacts)")


def test_when_dns_is_silent_asking_is_given_up_and_nothing_is_written(desk: Desk) -> None:
    names = [f"d{number}.example" for number in range(250)]
    desk.server.zone = {(name, "MX"): Fault.REFUSED for name in names}
    desk.add(*(f"ana@{name}" for name in names))
    ran = desk.verify("--all")
    assert ran.code == 1
    assert "DNS fell silent" in ran.err
    assert "250 domains not checked" in ran.err
    assert set(desk.checks().values()) == {""}
    assert len(desk.server.asked) == 200


def test_no_transaction_is_open_while_dns_is_asked(desk: Desk) -> None:
    desk.add("ana@luso.example")
    store = desk.firm.store
    asker = ResolverDns(desk.server.resolver(), SystemClock())

    class Watching:
        def ask(self, questions: Any) -> Any:
            assert store._engine.pool.checkedout() == 0  # type: ignore[attr-defined]
            return asker.ask(questions)

    with store.read() as tx:
        people = list(all_contacts(tx))
    verify_contacts(store, Watching(), people, now=desk.firm.clock.now())
    assert desk.checks() == {"ana@luso.example": "ok"}
