"""ResolverDns against a DNS server on loopback: every kind of answer, and what is asked how often."""

import threading
from datetime import timedelta
from pathlib import Path

import dns.resolver
import pytest

from sequencer.clock import SystemClock
from sequencer.core.dns import Found, Lookup, NoData, NoSuchName, NotAnswered, Question, RecordKind
from sequencer.mail.dns import ResolverDns, system_resolver
from sequencer.testing import FakeClock
from tests.servers.dns import Alias, DnsServer, Fault, Truncated, Zone, txt
from tests.structure.sources import python_files

ZONE: Zone = {
    ("luso.example", "MX"): ["20 mx2.luso.example.", "10 MX1.luso.example.", "5 mx0.luso.example."],
    ("luso.example", "TXT"): [txt("v=spf1 ip4:192.0.2.1 ", "-all"), txt("other=1")],
    ("null.example", "MX"): ["0 ."],
    ("plain.example", "A"): ["192.0.2.7"],
    ("alias.example", "CNAME"): Alias("luso.example"),
    ("slow.example", "MX"): Fault.TIMEOUT,
    ("sick.example", "MX"): Fault.SERVFAIL,
    ("shut.example", "MX"): Fault.REFUSED,
    ("long.example", "TXT"): Truncated([txt("v=spf1 -all")]),
    ("xn--bcher-kva.example", "MX"): ["10 mx.luso.example."],
    ("7.2.0.192.in-addr.arpa", "PTR"): ["Mail.plain.example."],
}


def ask(name: str, kind: RecordKind, zone: Zone = ZONE) -> Lookup:
    with DnsServer(zone) as server:
        question = Question(name, kind)
        return ResolverDns(server.resolver(), SystemClock()).ask([question])[question]


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("luso.example", "MX", Found(("mx0.luso.example", "mx1.luso.example", "mx2.luso.example"))),
        ("luso.example", "TXT", Found(("other=1", "v=spf1 ip4:192.0.2.1 -all"))),
        ("null.example", "MX", Found((".",))),
        ("plain.example", "MX", NoData()),
        ("plain.example", "A", Found(("192.0.2.7",))),
        ("nobody.example", "MX", NoSuchName()),
        ("alias.example", "MX", Found(("mx0.luso.example", "mx1.luso.example", "mx2.luso.example"))),
        ("bücher.example", "MX", Found(("mx.luso.example",))),
        ("7.2.0.192.in-addr.arpa", "PTR", Found(("mail.plain.example",))),
        ("a..example", "MX", NoSuchName()),
        (f"{'a' * 64}.example", "MX", NoSuchName()),
    ],
)
def test_an_answer_is_a_value(name: str, kind: RecordKind, said: Lookup) -> None:
    assert ask(name, kind) == said


@pytest.mark.parametrize("name", ["slow.example", "sick.example", "shut.example"])
def test_a_server_that_does_not_answer_says_nothing(name: str) -> None:
    assert isinstance(ask(name, "MX"), NotAnswered)


def test_nobody_at_the_port_says_nothing() -> None:
    with DnsServer(ZONE) as server:
        resolver = server.resolver(0.3)
    question = Question("luso.example", "MX")
    assert isinstance(ResolverDns(resolver, SystemClock()).ask([question])[question], NotAnswered)


def test_a_truncated_answer_is_fetched_over_tcp() -> None:
    with DnsServer(ZONE) as server:
        question = Question("long.example", "TXT")
        assert ResolverDns(server.resolver(), SystemClock()).ask([question])[question] == Found(
            ("v=spf1 -all",)
        )
        assert server.over_tcp == 1


def test_a_question_goes_out_once_a_run() -> None:
    with DnsServer(ZONE) as server:
        asker = ResolverDns(server.resolver(), SystemClock())
        question, other = Question("luso.example", "MX"), Question("nobody.example", "MX")
        first = asker.ask([question, other, question])
        assert asker.ask([other, question]) == first
        assert server.asked == {("luso.example", "MX"): 1, ("nobody.example", "MX"): 1}


def test_one_slow_server_holds_nobody_else_up() -> None:
    with DnsServer(ZONE) as server:
        asker = ResolverDns(server.resolver(), SystemClock(), at_once=4)
        names = ["slow.example", *("luso.example", "null.example", "plain.example", "nobody.example")]
        said = asker.ask([Question(name, "MX") for name in names])
        assert [isinstance(one, NotAnswered) for one in said.values()] == [True, False, False, False, False]


def test_what_there_is_no_time_for_is_not_answered() -> None:
    with DnsServer({("luso.example", "MX"): Fault.TIMEOUT}) as server:
        asker = ResolverDns(server.resolver(2.0), SystemClock(), total_in=timedelta(milliseconds=50))
        said = asker.ask([Question("luso.example", "MX")])
        assert said == {Question("luso.example", "MX"): NotAnswered("there was no time left to ask")}


def test_the_time_is_that_of_the_whole_run() -> None:
    clock = FakeClock()
    with DnsServer(ZONE) as server:
        asker = ResolverDns(server.resolver(), clock, total_in=timedelta(minutes=1))
        assert asker.ask([Question("null.example", "MX")]) == {Question("null.example", "MX"): Found((".",))}
        clock.advance(timedelta(minutes=2))
        assert isinstance(asker.ask([Question("luso.example", "MX")]).popitem()[1], NotAnswered)
        assert isinstance(asker.ask([Question("null.example", "MX")]).popitem()[1], Found)
        for thread in threading.enumerate():
            if thread.name.startswith("dns"):
                thread.join()
        assert ("luso.example", "MX") not in server.asked


def test_no_test_asks_this_computers_own_name_servers() -> None:
    with pytest.raises(AssertionError, match="own name servers"):
        system_resolver()
    with pytest.raises(AssertionError, match="own name servers"):
        dns.resolver.Resolver()


def test_one_place_builds_a_resolver_from_the_computers_settings() -> None:
    def builds(path: Path) -> bool:
        text = path.read_text("utf-8")
        return "Resolver(configure=True" in text or "get_default_resolver" in text or "Resolver()" in text

    found = {path.name for path in python_files("sequencer") if builds(path)}
    assert found == {"dns.py"}
