"""Whether a domain takes mail, and which domain a mistyped one means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.dns import Found, Lookup, NoData, NoSuchName, NotAnswered, Question
from sequencer.core.domain_mail import MailCheck, judge_mail, more_questions, mx_question
from sequencer.core.domain_slips import is_one_slip, meant_domain
from sequencer.core.free_mail import FREE_MAIL_DOMAINS

LOST = NotAnswered("DNS did not answer in time")
ADDRESS = Found(("192.0.2.1",))


def judged(mx: Lookup, a: Lookup = LOST, aaaa: Lookup = LOST) -> tuple[str, tuple[str, ...]]:
    answers = {mx_question("x.example"): mx} | dict(
        zip((Question("x.example", "A"), Question("x.example", "AAAA")), (a, aaaa), strict=True)
    )
    mail = judge_mail("x.example", answers)
    return mail.check, mail.hosts


@pytest.mark.parametrize(
    ("mx", "a", "aaaa", "check", "hosts"),
    [
        (Found(("mx1.x.example", "mx2.x.example")), LOST, LOST, "ok", ("mx1.x.example", "mx2.x.example")),
        (Found((".",)), ADDRESS, ADDRESS, "no_mail", ()),
        (Found((".", "mx.x.example")), LOST, LOST, "ok", ("mx.x.example",)),
        (NoSuchName(), ADDRESS, ADDRESS, "no_mail", ()),
        (LOST, ADDRESS, ADDRESS, "not_checked", ()),
        (NoData(), ADDRESS, NoData(), "ok", ("x.example",)),
        (NoData(), NoData(), ADDRESS, "ok", ("x.example",)),
        (NoData(), LOST, ADDRESS, "ok", ("x.example",)),
        (NoData(), NoData(), NoData(), "no_mail", ()),
        (NoData(), NoData(), LOST, "not_checked", ()),
        (NoData(), LOST, NoData(), "not_checked", ()),
    ],
)
def test_the_verdict_on_a_domain(
    mx: Lookup, a: Lookup, aaaa: Lookup, check: str, hosts: tuple[str, ...]
) -> None:
    assert judged(mx, a, aaaa) == (check, hosts)


lookups = st.one_of(
    st.just(NoData()),
    st.just(NoSuchName()),
    st.just(LOST),
    st.just(Found((".",))),
    st.just(Found(("mx.x.example",))),
)


@given(mx=lookups, a=lookups, aaaa=lookups)
def test_silence_never_makes_a_domain_dead(mx: Lookup, a: Lookup, aaaa: Lookup) -> None:
    needed = [mx, *((a, aaaa) if more_questions("x.example", mx) else ())]
    if judged(mx, a, aaaa)[0] == MailCheck.NO_MAIL:
        assert LOST not in needed


def test_only_a_domain_without_mx_is_asked_more() -> None:
    assert more_questions("x.example", Found((".",))) == ()
    assert more_questions("x.example", NoSuchName()) == ()
    assert more_questions("x.example", LOST) == ()
    assert more_questions("x.example", NoData()) == (
        Question("x.example", "A"),
        Question("x.example", "AAAA"),
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmal.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("yahooo.com", "yahoo.com"),
        ("qq.con", "qq.com"),
        ("163.cm", "163.com"),
        ("lusotools.con", "lusotools.com"),
        ("gmail.com", None),
        ("mail.com", None),
        ("ymail.com", None),
        ("lusotools.com", None),
        ("example", None),
        ("qa.com", None),
        ("outdoor.com", None),
    ],
)
def test_a_mistyped_domain_means_another(typed: str, meant: str | None) -> None:
    assert meant_domain(typed) == meant


def test_no_free_mail_domain_is_taken_for_a_slip() -> None:
    assert [domain for domain in FREE_MAIL_DOMAINS if meant_domain(domain)] == []


@given(st.text("abc.", max_size=6), st.data())
def test_one_slip_is_one_edit_whichever_way(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word)))
    letter = data.draw(st.sampled_from("abc."))
    longer = word[:at] + letter + word[at:]
    assert is_one_slip(word, longer)
    assert is_one_slip(longer, word)
    assert not is_one_slip(word, word)
    assert not is_one_slip(word + "xy", word)
