"""Replies made of every program's quotation: no wrapping, line end, footer or cut makes them a machine's."""

import base64
import html
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.core.inbound import VerdictKind
from tests import golden_messages as golden
from tests.core import quoted_replies as quoted
from tests.core.test_classify_properties import FOOTER, HUMAN, MACHINE_KINDS

SENT = golden.WORLD["sent"][0]
SAID = (
    "Thank you.",
    "Please send 40 pieces by 3 November.",
    "Our office moved; I was away last week.",
    "Your first mail was returned to you, was it not?",
    "谢谢，请报价。",
    "Vielen Dank für die Muster.",
    "Wir waren im Urlaub, daher erst heute.",
    "Какая цена за 500 штук?",
    "The delivery failed at customs, please resend the invoice.",
)
QUOTATIONS = sorted(
    [
        *(intro for table in quoted.INTRODUCTIONS.values() for intro in table.values()),
        *quoted.OUTLOOK.values(),
    ]
)
ENDS = {"CRLF": b"\r\n", "LF": b"\n", "CR": b"\r"}


def text_of(sentences: list[str], quotation: str, footer: str) -> str:
    ours = "".join(f"> {line}\n" for line in f"Dear Ana,\nour price is 4 USD.\n{footer}".split("\n"))
    return "\n\n".join(sentences) + f"\n\n{quotation}\n{ours}"


def reply(text: str, wrapping: str, end: bytes = b"\r\n") -> bytes:
    """A person's answer to our first message, as bytes."""
    kind, encoding, data = "plain", "8bit", text.encode()
    if wrapping == "html":
        lines = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in text.split("\n"))
        kind, data = "html", f"<html><body>{lines}</body></html>".encode()
    elif wrapping == "base64":
        encoding, data = wrapping, base64.encodebytes(data)
    elif wrapping == "quoted-printable":
        encoding, data = wrapping, quopri.encodestring(data)
    head = (
        f"From: Ana Ruiz <{SENT['address']}>\nTo: lin@northsea-bearings.example\n"
        f"Subject: Re: {SENT['subject']}\n"
        f"Message-ID: <made@orrery.example>\nIn-Reply-To: {SENT['message_id']}\n"
        f"Date: Mon, 12 Oct 2026 10:00:00 +0000\nContent-Type: text/{kind}; charset=utf-8\n"
        f"Content-Transfer-Encoding: {encoding}\n\n"
    )
    return (head.encode() + data).replace(b"\n", end)


replies = st.tuples(
    st.lists(st.sampled_from(SAID), min_size=1, max_size=3, unique=True),
    st.sampled_from(QUOTATIONS),
    st.sampled_from(["", FOOTER]),
)


@settings(max_examples=80, deadline=None)
@given(made=replies)
def test_wrapping_and_line_ends_change_nothing(made: tuple[list[str], str, str]) -> None:
    text = text_of(*made)
    first = golden.outcome(reply(text, "8bit"))
    assert first.verdict.kind is VerdictKind.REPLY
    assert first.verdict.own_text == "\n\n".join(made[0])
    for wrapping in ("base64", "quoted-printable", "html"):
        again = golden.outcome(reply(text, wrapping))
        assert (again.verdict, again.match) == (first.verdict, first.match), wrapping
    for name, end in ENDS.items():
        assert golden.outcome(reply(text, "8bit", end)).verdict == first.verdict, name


@settings(max_examples=60, deadline=None)
@given(made=replies, wrapping=st.sampled_from(["8bit", "base64", "quoted-printable", "html"]))
def test_our_footer_changes_nothing(made: tuple[list[str], str, str], wrapping: str) -> None:
    bare, footed = (
        golden.outcome(reply(text_of(made[0], made[1], footer), wrapping)).verdict for footer in ("", FOOTER)
    )
    assert footed == bare


@settings(max_examples=60, deadline=None)
@given(made=replies, wrapping=st.sampled_from(["8bit", "base64", "quoted-printable", "html"]))
def test_a_cut_anywhere_makes_no_machine(made: tuple[list[str], str, str], wrapping: str) -> None:
    message = reply(text_of(*made), wrapping)
    for size in range(64, len(message), 97):
        assert golden.outcome(message[:size]).verdict.kind not in MACHINE_KINDS


@pytest.mark.parametrize("name", HUMAN)
def test_a_golden_reply_cut_at_each_kilobyte_makes_no_machine(name: str) -> None:
    message = golden.raw(name) + b"\r\n" + b"x" * 3_000
    for size in (*range(128, 1024, 128), *range(1024, len(message), 1024)):
        assert golden.outcome(message[:size]).verdict.kind not in MACHINE_KINDS, size
