"""SPF records: what is one, what it costs a receiver, and what is said of it."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.checkup import Check
from sequencer.core.dns import Found, Lookup, NoData, NoSuchName, NotAnswered, Question
from sequencer.core.sending_records import SendingRecords, sending_records_of
from sequencer.core.spf import parse_spf, spf_texts
from sequencer.core.spf_check import judge_broken_spf, judge_no_spf, judge_spf
from sequencer.core.spf_walk import SpfTree, walk_spf

LOST = NotAnswered("DNS did not answer in time")
GOOGLE = sending_records_of("smtp.gmail.com")
assert GOOGLE is not None
HERE = Found(("192.0.2.1",))

Records = Mapping[str, str | Lookup]
"""Domain → its SPF record, or what DNS says of its TXT."""


def walked(domain: str, records: Records, **others: Lookup) -> SpfTree:
    """A walk; A, AAAA and MX are answered with `others` by name (`_` for a dot), else with an address."""

    def ask(questions: tuple[Question, ...]) -> Mapping[Question, Lookup]:
        return {question: one(question) for question in questions}

    def one(question: Question) -> Lookup:
        if question.kind == "TXT":
            said = records.get(question.name, NoSuchName())
            return Found((said,)) if isinstance(said, str) else said
        return others.get(question.name.replace(".", "_"), HERE)

    text = records[domain]
    assert isinstance(text, str)
    return walk_spf(domain, parse_spf(text), ask)


@pytest.mark.parametrize(
    ("records", "lookups"),
    [
        ({"x.example": "v=spf1 -all"}, 0),
        ({"x.example": "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all"}, 0),
        ({"x.example": "v=spf1 a mx ptr exists:%{i}.x.example -all"}, 4),
        ({"x.example": "v=spf1 a/24 mx:y.example/24//64 a:y.example//64 -all"}, 3),
        ({"x.example": "v=spf1 include:y.example -all", "y.example": "v=spf1 a mx -all"}, 3),
        (
            {
                "x.example": "v=spf1 include:y.example include:z.example -all",
                "y.example": "v=spf1 include:z.example ~all",
                "z.example": "v=spf1 a ~all",
            },
            5,
        ),
        ({"x.example": "v=spf1 redirect=y.example", "y.example": "v=spf1 mx -all"}, 2),
        ({"x.example": "v=spf1 a -all redirect=y.example"}, 1),
        ({"x.example": "v=spf1 a -all mx ptr"}, 1),
        ({"x.example": "V=SPF1 A:X.EXAMPLE -ALL"}, 1),
        ({"x.example": "v=spf1 exp=why.example unknown=1 -all"}, 0),
        ({"x.example": "v=spf1 include:%{d}.y.example -all"}, 1),
    ],
)
def test_every_term_that_asks_dns_is_counted(records: Records, lookups: int) -> None:
    tree = walked("x.example", records)
    assert (tree.lookups, tree.faults) == (lookups, ())


@given(st.integers(0, 25))
def test_a_chain_of_includes_costs_one_look_up_a_link(length: int) -> None:
    records = {f"d{at}.example": f"v=spf1 include:d{at + 1}.example -all" for at in range(length)}
    records[f"d{length}.example"] = "v=spf1 -all"
    assert walked("d0.example", records).lookups == length


@pytest.mark.parametrize(
    "records",
    [
        {"x.example": "v=spf1 include:x.example -all"},
        {"x.example": "v=spf1 include:y.example -all", "y.example": "v=spf1 include:x.example -all"},
        {"x.example": "v=spf1 redirect=x.example"},
    ],
)
def test_a_loop_ends_and_is_a_fault(records: Records) -> None:
    assert walked("x.example", records).faults == ("x.example includes itself",)


def test_a_record_that_grows_without_end_is_given_up() -> None:
    wide = " ".join(f"include:{{}}{at}.example" for at in range(9))

    class Endless(dict[str, str | Lookup]):
        def get(self, name: str, _default: object = None) -> str:  # type: ignore[override]
            return f"v=spf1 {wide.format(*(name.split('.')[0],) * 9)} -all"

    tree = walked("x.example", Endless({"x.example": f"v=spf1 {wide.format(*'x' * 9)} -all"}))
    assert 10 < tree.lookups < 50


def test_names_that_lead_nowhere_are_void_and_silence_is_not() -> None:
    text = {"x.example": "v=spf1 a:gone.example mx:gone.example a:half.example exists:slow.example -all"}
    others: dict[str, Lookup] = {"gone_example": NoSuchName(), "half_example": NoData(), "slow_example": LOST}
    tree = walked("x.example", text, **others)
    assert (tree.voids, tree.unanswered) == (3, ("slow.example",))


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (NoSuchName(), "include y.example has no SPF record"),
        (Found(("hello",)), "include y.example has no SPF record"),
        (Found(("v=spf1 -all", "v=spf1 ~all")), "include y.example has more than one SPF record"),
        (Found(("v=spf1 nonsense -all",)), "y.example: 'nonsense' is no term of SPF"),
    ],
)
def test_an_include_without_one_good_record_breaks_the_whole(said: Lookup, fault: str) -> None:
    assert walked("x.example", {"x.example": "v=spf1 include:y.example -all", "y.example": said}).faults == (
        fault,
    )


@pytest.mark.parametrize(
    "text",
    [
        "v=spf1 ip4:192.0.2.999 -all",
        "v=spf1 ip4:2001:db8::1 -all",
        "v=spf1 ip6:192.0.2.1 -all",
        "v=spf1 include -all",
        "v=spf1 include: -all",
        "v=spf1 all:x.example",
        "v=spf1 ipv4:192.0.2.1 -all",
        "v=spf1 redirect=a.example redirect=b.example",
        "v=spf1 redirect=",
        "v=spf1 -",
        "v=spf1 192.0.2.1 -all",
    ],
)
def test_a_term_that_is_none_is_a_fault(text: str) -> None:
    with pytest.raises(ValueError):
        parse_spf(text)


@given(st.lists(st.text("aimx:/.=+-~?0123456789%{}cnludetp", min_size=1, max_size=12), max_size=6))
def test_any_text_is_read_or_refused(words: list[str]) -> None:
    try:
        record = parse_spf(" ".join(("v=spf1", *words)))
    except ValueError:
        return
    assert record.ending in ("", "-all", "~all", "?all", "+all")


def test_other_texts_are_no_spf() -> None:
    assert spf_texts(["v=spf10 -all", "spf1", "v=spf1 -all", "V=SPF1", "x=v=spf1 "]) == [
        "v=spf1 -all",
        "V=SPF1",
    ]


def judged(text: str, *, providers: tuple[SendingRecords, ...] = (), **others: Lookup) -> Check:
    records = {
        "x.example": text,
        "_spf.google.com": "v=spf1 ip4:192.0.2.0/24 ~all",
        "wrapped.example": "v=spf1 include:_spf.google.com ?all",
        "silent.example": LOST,
        **{f"n{at}.example": "v=spf1 -all" for at in range(12)},
    }
    return judge_spf(walked("x.example", records, **others), providers)


def many(count: int) -> str:
    return " ".join(("v=spf1", *(f"include:n{at}.example" for at in range(count)), "-all"))


@pytest.mark.parametrize(
    ("text", "state", "says"),
    [
        ("v=spf1 include:_spf.google.com ~all", "ok", "1 of 10 DNS look-ups, ends in ~all"),
        ("v=spf1 include:wrapped.example -all", "ok", "2 of 10"),
        ("v=spf1 mx -all", "warn", "does not name Google Workspace"),
        ("v=spf1 include:_spf.google.com +all", "bad", "anybody may send as you"),
        ("v=spf1 include:_spf.google.com all", "bad", "anybody may send as you"),
        ("v=spf1 include:_spf.google.com ?all", "warn", "ends in ?all"),
        ("v=spf1 include:_spf.google.com", "warn", "no all at its end"),
        ("v=spf1 redirect=wrapped.example", "warn", "ends in ?all"),
        ("v=spf1 redirect=_spf.google.com", "ok", "ends in ~all"),
        ("v=spf1 include:_spf.google.com ptr -all", "warn", "ptr"),
        ("v=spf1 include:gone.example -all", "bad", "no SPF record"),
        ("v=spf1 include:silent.example -all", "unknown", "silent.example"),
        ("v=spf1 include:silent.example +all", "bad", "anybody"),
        (many(11), "bad", "11 DNS look-ups"),
    ],
)
def test_the_verdict_on_a_record(text: str, state: str, says: str) -> None:
    check = judged(text, providers=(GOOGLE,))
    assert (check.name, check.state) == ("spf", state), check
    assert says in check.what
    assert bool(check.mend) == (state != "ok")


def test_ten_look_ups_and_two_voids_are_allowed_and_one_more_is_not() -> None:
    gone: dict[str, Lookup] = {f"g{at}_example": NoSuchName() for at in range(3)}
    assert judged(many(10)).state == "ok"
    assert judged(many(11)).state == "bad"
    assert judged("v=spf1 a:g0.example a:g1.example -all", **gone).state == "ok"
    check = judged("v=spf1 a:g0.example a:g1.example a:g2.example -all", **gone)
    assert (check.state, "3 of its names lead nowhere" in check.what) == ("bad", True)


@pytest.mark.parametrize(
    ("lookup", "state", "mend"),
    [
        (NoSuchName(), "bad", "add TXT `v=spf1 include:_spf.google.com ~all`"),
        (Found(("hello",)), "bad", "add TXT `v=spf1 include:_spf.google.com ~all`"),
        (Found(("v=spf1 -all", "v=spf1 ~all")), "bad", "merge them into one TXT record"),
        (LOST, "unknown", "try again later"),
    ],
)
def test_anything_but_one_record(lookup: Lookup, state: str, mend: str) -> None:
    check = judge_no_spf(lookup, (GOOGLE,))
    assert check is not None
    assert (check.state, check.mend) == (state, mend)


def test_one_record_goes_on_and_a_broken_one_is_bad() -> None:
    assert judge_no_spf(Found(("v=spf1 -all", "hello")), ()) is None
    assert judge_broken_spf("'x' is no term of SPF").state == "bad"


@pytest.mark.parametrize(
    ("host", "include"),
    [
        ("smtp.exmail.qq.com", "spf.mail.qq.com"),
        ("hwsmtp.exmail.qq.com", "spf.mail.qq.com"),
        ("SMTP.QIYE.163.com.", "spf.163.com"),
        ("smtp.mxhichina.com", "spf.qiye.aliyun.com"),
        ("smtp.gmail.com", "_spf.google.com"),
        ("smtp.office365.com", "spf.protection.outlook.com"),
        ("smtppro.zoho.com", "zohomail.com"),
        ("smtp.yandex.ru", "_spf.yandex.net"),
        ("mail.ourfirm.example", None),
        ("notexmail.qq.com.evil.example", None),
        ("xexmail.qq.com", None),
    ],
)
def test_a_provider_is_known_by_its_server(host: str, include: str | None) -> None:
    provider = sending_records_of(host)
    assert (provider.includes[0] if provider else None) == include
