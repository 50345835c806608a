"""Header fields, judged on their raw bytes and by the standard parser."""

import email.policy
import re
from email.header import decode_header, make_header
from email.headerregistry import HeaderRegistry

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sequencer.core import header

REGISTRY = HeaderRegistry()
SCRIPTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20), max_size=400),
    st.text(st.sampled_from('陈小明 和 Größe ñ é =?_"\\,;:@<>.()[]-😀👨‍👩‍👧')),
)


def parsed(field: bytes):
    """The field as the standard parser reads it."""
    return email.policy.default.header_fetch_parse(*email.policy.default.header_source_parse(lines(field)))


def lines(field: bytes) -> list[str]:
    assert field.endswith(b"\r\n")
    return [line + "\r\n" for line in field.decode()[:-2].split("\r\n")]


def judge_raw(field: bytes) -> None:
    """CRLF only, every line starts with the name or white space and keeps its limit."""
    text = field.decode()
    assert not re.search(r"(?<!\r)\n|\r(?!\n)|\0", text)
    body = text[:-2].split("\r\n")
    assert all(line[0] == " " and line.strip() for line in body[1:])
    for line in body:
        assert len(line) <= (76 if "=?utf-8?" in line else 78), line
    for word in re.findall(r"=\?utf-8\?[bq]\?[^?]*\?=", text):
        assert len(word) <= 75
        decode_header(word)[0][0].decode("utf-8")


@given(SCRIPTS)
@example("x" * 200)
@example("=?utf-8?q?fake?=")
@example("  edges  ")
@example("a  b" + " c" * 60)
@example("")
def test_any_subject_comes_back_from_the_parser(value):
    field = header.unstructured("Subject", value)
    judge_raw(field)
    back = parsed(field)
    assert str(back) == value
    assert not back.defects


@given(SCRIPTS)
@example('Wang, "Lily" \\ Export')
@example("王丽 外贸部 " * 8)
def test_any_display_name_comes_back_from_the_parser(value):
    field = header.party("From", value, "lily@yutools.example")
    judge_raw(field)
    (mailbox,) = parsed(field).addresses
    assert mailbox.addr_spec == "lily@yutools.example"
    assert readable(field) == " ".join(value.split())


def readable(field: bytes) -> str:
    """The display name by the older decoder; the newer one keeps the space between two encoded words."""
    phrase = re.sub(r"\r\n", "", field.decode()).removeprefix("From: ").rpartition(" <")[0]
    if phrase.startswith("=?"):
        return str(make_header(decode_header(phrase)))
    return re.sub(r"\\(.)", r"\1", phrase[1:-1]) if phrase.startswith('"') else phrase


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\0b", "\ud800"])
@pytest.mark.parametrize(
    "write",
    [
        lambda value: header.unstructured("Subject", value),
        lambda value: header.party("Subject", value, "a@b.example"),
        lambda value: header.party("Subject", "A", value + "@b.example"),
        lambda value: header.party("Subject", "A", "a@" + value + ".example"),
        lambda value: header.tokens("Subject", [value]),
    ],
)
def test_a_line_break_or_nul_is_refused_by_the_headers_name(write, evil):
    with pytest.raises(ValueError, match=r"^Subject: "):
        write(evil)


OUTLOOK_ID = "<" + "A0B1C2D3" * 18 + "@AM0PR01MB1234.eurprd01.prod.outlook.example>"


def test_a_message_id_of_150_columns_stays_whole_on_the_line_of_its_name():
    assert len(OUTLOOK_ID) > 150
    assert header.tokens("In-Reply-To", [OUTLOOK_ID]) == f"In-Reply-To: {OUTLOOK_ID}\r\n".encode()


def test_twenty_references_fold_only_between_ids():
    ids = [f"<{number:032x}@mail.yutools.example>" for number in range(19)] + [OUTLOOK_ID]
    field = header.tokens("References", ids)
    assert b"=?" not in field
    assert re.sub(rb"\r\n ", b" ", field) == b"References: " + " ".join(ids).encode() + b"\r\n"
    assert all(len(line) <= 78 or line.strip() == OUTLOOK_ID.encode() for line in field.split(b"\r\n"))


def test_ids_that_no_line_can_hold_are_refused():
    with pytest.raises(ValueError, match="In-Reply-To"):
        header.tokens("In-Reply-To", ["<" + "x" * 1000 + "@y.example>"])
    with pytest.raises(ValueError, match="References"):
        header.tokens("References", ["<a b@y.example>"])


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("ana@lusotools.example", "ana@lusotools.example"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("采购@公司.example", "采购@xn--55qx5d.example"),
        ("john smith@x.example", '"john smith"@x.example'),
        ('"john smith"@x.example', '"john smith"@x.example'),
        ("o'neil+eu@x.example", "o'neil+eu@x.example"),
        ("me@[192.0.2.1]", "me@[192.0.2.1]"),
    ],
)
def test_addresses_are_spelled_for_the_wire(address, wire):
    assert header.wire_address("To", address) == wire


@pytest.mark.parametrize(
    "address", ["", "ana", "@x.example", "ana@", "ana@x y", "a@x>.example", "a\x07b@x.example"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValueError, match=r"^To: "):
        header.wire_address("To", address)
