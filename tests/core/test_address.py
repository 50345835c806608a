"""Addresses: one key for one person, and a reason for each that is refused."""

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sequencer.core.address import (
    address_key,
    is_free_mail,
    key_or_none,
    like_pattern,
    matches_pattern,
    normal_pattern,
    registrable_domain,
)
from sequencer.core.address_check import check_address, is_role
from sequencer.core.free_mail import FREE_MAIL_DOMAINS

LOCAL = st.text("abcXYZ019._+-%\\é王ßİΣ", min_size=1, max_size=12)
DOMAIN = st.sampled_from(
    [
        "firm.example",
        "Firm.EXAMPLE",
        "münchen.example",
        "gmail.com",
        "GoogleMail.com",
        "a_b.example",
        "x.firm.example",
    ]
)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("Ana.Silva@Luso.EXAMPLE", "ana.silva@luso.example"),
        ("ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        ("ana@XN--MNCHEN-3YA.example", "ana@xn--mnchen-3ya.example"),
        ("A.n.A+fair@gmail.com", "ana@gmail.com"),
        ("ana@googlemail.com", "ana@gmail.com"),
        ("a.n.a+fair@firm.example", "a.n.a+fair@firm.example"),
        ("  ana@firm.example.  ", "ana@firm.example"),
        ("e\u0301@firm.example", "\u00e9@firm.example"),
    ],
)
def test_the_key_folds_what_the_mail_system_folds(address: str, key: str) -> None:
    assert address_key(address) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "@firm.example",
        "ana@",
        "a b@firm.example",
        "ana@fi rm.example",
        "+x@gmail.com",
        "a\n@x.example",
        "ana@firm..example",
        "ana@[127.0.0.1]",
        "a@b@firm.example",
        "\ud800@firm.example",
        "a@\ud800.example",
    ],
)
def test_what_cannot_be_an_address_has_no_key(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        address_key(text)


@given(LOCAL, DOMAIN)
@example("+", "gmail.com")
def test_taking_the_key_of_a_key_changes_nothing(local: str, domain: str) -> None:
    try:
        key = address_key(f"{local}@{domain}")
    except ValueError:
        return
    assert address_key(key) == key


@given(st.text(max_size=40))
def test_any_text_has_a_stable_key_or_a_value_error(text: str) -> None:
    try:
        key = address_key(text)
    except ValueError:
        return
    assert address_key(key) == key
    assert key.count("@") == 1


@pytest.mark.parametrize(
    ("text", "address", "note"),
    [
        ("ana@firm.example", "ana@firm.example", ""),
        ("Ana@FIRM.test", "Ana@firm.test", ""),
        ("Ana Silva <ana@firm.example>", "ana@firm.example", "angle brackets mended"),
        ("＜ana@firm.example＞", "ana@firm.example", "full-width characters, angle brackets mended"),
        ("mailto:ana@firm.example?subject=Hi", "ana@firm.example", "mailto: mended"),
        ("ana＠firm.example", "ana@firm.example", "full-width characters mended"),
        ("ana@firm。example", "ana@firm.example", "full-width characters mended"),
        ("ana@firm.example.", "ana@firm.example", "stray punctuation mended"),
        ("“ana@firm.example”;", "ana@firm.example", "stray punctuation mended"),
        ("ana\u200b@firm.example", "ana@firm.example", "invisible characters mended"),
        ("ana@xn--mnchen-3ya.example", "ana@münchen.example", ""),
    ],
)
def test_what_people_leave_around_an_address_is_mended_and_said(text: str, address: str, note: str) -> None:
    checked = check_address(text)
    assert (checked.address, checked.note) == (address, note)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is no address"),
        ("ana", "at-sign|@-sign"),
        ("ana@firm", "period"),
        ("a@b@firm.example", "more than one @"),
        ("ana..x@firm.example", "two periods"),
        ("ana silva@firm.example", "SPACE"),
        ("ana@firm.invalid", "special-use"),
        ("ana@server.local", "special-use"),
        ("ana@localhost.localhost", "special-use"),
        ('"ana silva"@firm.example', "quoting"),
        ("ana@[127.0.0.1]", "bracketed"),
        (f"{'a' * 65}@firm.example", "64"),
        ("ana@-firm.example", "hyphen"),
    ],
)
def test_a_refused_address_says_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_address(text)


@pytest.mark.parametrize(
    "address", ["info@x.example", "Sales@x.example", "export2@x.example", "sales.de@x.example"]
)
def test_role_addresses_are_known(address: str) -> None:
    assert is_role(address)


@pytest.mark.parametrize(
    "address", ["ana@x.example", "info.martinez@x.example", "salesman@x.example", "li@x.example"]
)
def test_people_are_no_roles(address: str) -> None:
    assert not is_role(address)


@pytest.mark.parametrize(
    "domain", ["qq.com", "163.com", "126.com", "gmx.de", "mail.ru", "yandex.ru", "VIP.163.com"]
)
def test_free_mail_is_known_with_its_subdomains(domain: str) -> None:
    assert is_free_mail(domain)
    assert len(FREE_MAIL_DOMAINS) >= 200


def test_company_domains_and_nonsense_are_no_free_mail() -> None:
    assert not any(is_free_mail(domain) for domain in ("firm.example", "notqq.com", "co.uk", "", "a b"))


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ana@mail.firm.co.uk", "firm.co.uk"),
        ("ana@export.firm.com.cn", "firm.com.cn"),
        ("ana@a.b.firm.example", "firm.example"),
        ("ana@mail.münchen.de", "xn--mnchen-3ya.de"),
        ("ana@co.uk", "co.uk"),
        ("firm.example", "firm.example"),
    ],
)
def test_the_registrable_domain_is_the_companys(address: str, domain: str) -> None:
    assert registrable_domain(address) == domain


@pytest.mark.parametrize(
    ("pattern", "like"),
    [
        ("*@competitor.com", "%@competitor.com"),
        ("*@*.Competitor.COM", "%@%.competitor.com"),
        ("a_b%c*@x.example", "a\\_b\\%c%@x.example"),
        ("*@münchen.example", "%@xn--mnchen-3ya.example"),
        ("a.*@googlemail.com", "a%@gmail.com"),
        ("***@x.example", "%@x.example"),
        ("ana@x.example", None),
    ],
)
def test_patterns_become_like_patterns_with_their_own_signs_escaped(pattern: str, like: str | None) -> None:
    assert like_pattern(pattern) == like


@pytest.mark.parametrize(
    "pattern", ["competitor.com", "@competitor.com", "*", "a@b@*.com", "x+*@gmail.com", "*@mü*.de"]
)
def test_what_is_no_pattern_is_refused_with_a_way_out(pattern: str) -> None:
    with pytest.raises(ValueError, match=re_any("pattern", "address", "plus", "plain letters")):
        like_pattern(pattern)


def re_any(*words: str) -> str:
    return "|".join(words)


PATTERN = st.builds(
    "{}@{}".format,
    st.text("abcX019._%\\é*", min_size=1, max_size=8),
    st.sampled_from(
        ["firm.example", "*.example", "*", "f*.EXAMPLE", "münchen.example", "gmail.com", "a_b.example"]
    ),
)


@given(LOCAL, DOMAIN, PATTERN)
@example("axb", "firm.example", "a_b@firm.example")
@example("a_b", "firm.example", "a_*@firm.example")
@example("axb", "firm.example", "a_*@firm.example")
def test_matching_here_and_in_the_database_agree(local: str, domain: str, pattern: str) -> None:
    try:
        key, normal, like = address_key(f"{local}@{domain}"), normal_pattern(pattern), like_pattern(pattern)
    except ValueError:
        return
    connection = sqlite3.connect(":memory:")
    if like is None:
        matched = key == normal
    else:
        matched = bool(connection.execute("SELECT ? LIKE ? ESCAPE '\\'", (key, like)).fetchone()[0])
    connection.close()
    assert matches_pattern(key, pattern) is matched


@given(PATTERN)
def test_a_stored_pattern_reads_as_itself(pattern: str) -> None:
    try:
        normal = normal_pattern(pattern)
    except ValueError:
        return
    assert normal_pattern(normal) == normal


def test_a_word_that_is_no_address_has_no_key() -> None:
    assert key_or_none("Ana@Luso.example") == "ana@luso.example"
    assert [key_or_none(word) for word in ("", "Ana", "@luso.example", "#12")] == [None] * 4
