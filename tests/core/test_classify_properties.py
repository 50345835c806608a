"""What must not change a verdict: line ends, header order, encodings, our footer, cuts; no bytes raise."""

import base64
import quopri
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.core.classify import ClassifyContext, classify
from sequencer.core.html_text import text_of_html
from sequencer.core.inbound import Verdict, VerdictKind
from sequencer.core.mime import parse_mail
from sequencer.core.mime_headers import split_block
from sequencer.core.mime_walk import MAX_DEPTH, walk
from sequencer.core.own_text import own_text
from sequencer.core.return_date import return_date
from tests import golden_messages as golden

HUMAN = [name for name in golden.NAMES if name.startswith("human-")]
PLAIN_HUMAN = [
    name
    for name in HUMAN
    if b"Content-Type: text/plain" in golden.raw(name) and b"multipart" not in golden.raw(name)
]
MACHINE_KINDS = (
    frozenset(VerdictKind)
    - {VerdictKind.REPLY, VerdictKind.UNSUBSCRIBE, VerdictKind.AMBIGUOUS}
    - {
        VerdictKind.OWN_COPY,
        VerdictKind.HAND_WRITTEN,
        VerdictKind.OTHER,
    }
)
FOOTER = (
    'Northsea Bearings Ltd, 12 Quay Road, Ningbo\nIf you want no further mail from us, answer "unsubscribe".'
)
CONTEXT = ClassifyContext(received_at=golden.RECEIVED_AT)


def read(message: bytes, name: str) -> tuple[Verdict, object]:
    found = golden.outcome(message, golden.expected(name).get("folder", "inbox"))
    return found.verdict, found.match


def split(message: bytes) -> tuple[list[bytes], bytes]:
    """Header fields (with their folds) and the body."""
    head, _, body = message.partition(b"\r\n\r\n")
    return re.split(rb"\r\n(?![ \t])", head), body


def plain_text(name: str) -> str:
    return parse_mail(golden.raw(name)).text


def rebuilt(name: str, text: str, encoding: str) -> bytes:
    """The same reply with its text in another transfer encoding, as UTF-8."""
    fields, _ = split(golden.raw(name))
    kept = [field for field in fields if not field.lower().startswith((b"content-type", b"content-transfer"))]
    data = text.encode("utf-8").replace(b"\n", b"\r\n")
    if encoding == "base64":
        data = base64.encodebytes(data).replace(b"\n", b"\r\n")
    elif encoding == "quoted-printable":
        data = quopri.encodestring(text.encode("utf-8")).replace(b"\n", b"\r\n")
    kept += [b'Content-Type: text/plain; charset="utf-8"', b"Content-Transfer-Encoding: " + encoding.encode()]
    return b"\r\n".join(kept) + b"\r\n\r\n" + data


@pytest.mark.parametrize("name", golden.NAMES)
def test_crlf_lf_and_cr_twins_are_equal(name: str) -> None:
    message = golden.raw(name)
    assert read(message.replace(b"\r\n", b"\n"), name) == read(message, name)
    assert read(message.replace(b"\r\n", b"\r"), name) == read(message, name)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(golden.NAMES), data=st.data())
def test_the_order_and_case_of_headers_do_not_matter(name: str, data: st.DataObject) -> None:
    fields, body = split(golden.raw(name))
    shuffled = data.draw(st.permutations(fields))
    change = data.draw(st.sampled_from([bytes.upper, bytes.lower, bytes]))
    renamed = [change(field.partition(b":")[0]) + b":" + field.partition(b":")[2] for field in shuffled]
    assert read(b"\r\n".join(renamed) + b"\r\n\r\n" + body, name) == read(golden.raw(name), name)


@pytest.mark.parametrize("name", PLAIN_HUMAN)
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_the_transfer_encoding_of_a_reply_does_not_matter(name: str, encoding: str) -> None:
    assert read(rebuilt(name, plain_text(name), encoding), name) == read(golden.raw(name), name)


@pytest.mark.parametrize("name", PLAIN_HUMAN)
@pytest.mark.parametrize(
    "intro", ["", "On Mon, 12 Oct 2026 at 09:01, Lin Zhao <lin@northsea-bearings.example> wrote:\n"]
)
def test_our_own_footer_quoted_below_a_reply_does_not_matter(name: str, intro: str) -> None:
    quoted = "\n\n" + intro + "".join(f"> {line}\n" for line in FOOTER.split("\n"))
    verdict, match = read(golden.raw(name), name)
    again, match_again = read(rebuilt(name, plain_text(name) + quoted, "8bit"), name)
    assert (again.kind, again.intent, match_again) == (verdict.kind, verdict.intent, match)


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(HUMAN), share=st.floats(min_value=0, max_value=1))
def test_a_cut_never_makes_a_machine_of_a_person(name: str, share: float) -> None:
    message = golden.raw(name)
    verdict, _ = read(message[: int(len(message) * share)], name)
    assert verdict.kind not in MACHINE_KINDS


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(golden.NAMES), data=st.data())
def test_damaged_mail_is_read_without_raising(name: str, data: st.DataObject) -> None:
    message = bytearray(golden.raw(name))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(message) - 1))
        message[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
        message = message or bytearray(b"\n")
    assert classify(parse_mail(bytes(message)), CONTEXT).evidence


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_random_bytes_are_read_without_raising(message: bytes) -> None:
    mail = parse_mail(message)
    assert classify(mail, CONTEXT).kind in VerdictKind
    golden.outcome(message)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=600))
def test_any_text_has_own_text_and_no_more_than_itself(text: str) -> None:
    assert len(own_text(text)) <= len(text)
    text_of_html(text)
    found = return_date(text, datetime(2026, 10, 12, tzinfo=UTC))
    assert found is None or 1 <= (found.date() - datetime(2026, 10, 12).date()).days <= 180


NESTED = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x0\n\n" + b"".join(
    b"--x%d\nContent-Type: multipart/mixed; boundary=x%d\n\n" % (i, i + 1) for i in range(3000)
)


def test_parts_are_followed_fifty_deep_and_no_deeper() -> None:
    fields, body = split_block(NESTED, 0, len(NESTED))
    leaves = walk(NESTED, fields, body)
    assert max(leaf.depth for leaf in leaves) == MAX_DEPTH
