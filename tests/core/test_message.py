"""Whole messages: what the standard parser reads back, and what their bytes look like."""

import base64
import email
import email.policy
import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sequencer.core.body import WHOLE_LINES, encode_attachment, text_part
from sequencer.core.message import (
    MessageParts,
    Party,
    assemble,
    mint_message_id,
    reply_subject,
    unsubscribe_uri,
)
from sequencer.core.outbox import Headers
from sequencer.core.token import unsubscribe_token

ID = "<00112233445566778899aabbccddeeff@yutools.example>"
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]))
PDF = bytes(range(256)) * 400
BODIES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.sampled_from("ab .=-_\r\n\tFrom é和😀"), max_size=300),
    st.lists(st.sampled_from(["From me", ".", "..", "--", "word " * 40, "采购 " * 30, "x" * 1200, ""])).map(
        "\n".join
    ),
)


def parts(**changes) -> MessageParts:
    fields = {
        "sender": Party(name="Lily Wang", address="lily@yutools.example"),
        "recipient": Party(name="Ana Silva", address="ana@lusotools.example"),
        "headers": Headers(
            message_id=ID, date_at=datetime(2026, 3, 2, 9, 5, 7, tzinfo=UTC), subject="Torque wrenches"
        ),
        "zone": "Asia/Shanghai",
        "text": "Dear Ana,\n\nour new catalogue is out.\n",
        "html": "<p>Dear Ana,</p>\n<p>our new catalogue is out.</p>\n",
    }
    return MessageParts(**(fields | changes))


def minted(**changes) -> Headers:
    fields = {"message_id": ID, "date_at": datetime(2026, 3, 2, tzinfo=UTC), "subject": "Torque wrenches"}
    return Headers(**(fields | changes))


def raw(message: MessageParts) -> bytes:
    return b"".join(assemble(message).pieces)


def parsed(content: bytes):
    """The message by the standard parser, with no defect anywhere but in old-style file names."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    for part in message.walk():
        assert not part.defects
        for name in part:
            assert name == "Content-Type" or not part[name].defects, (name, part[name].defects)
    return message


def judge_raw(content: bytes) -> None:
    assert content.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", content)
    assert max(map(len, content.split(b"\r\n"))) <= 998


def normalised(text: str) -> str:
    """Line ends as one kind, exactly one at the end."""
    return re.sub(r"\r\n|\r|\n", "\n", text.removesuffix("\n").removesuffix("\r")) + "\n"


def body(message, subtype: str) -> str:
    content = message.get_body((subtype,)).get_payload(decode=True).decode()
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", content)
    return content.replace("\r\n", "\n")


def test_a_plain_message_is_written_as_a_person_would_expect():
    message = parts(
        html="",
        reply_to=Party(address="sales@yutools.example"),
        list_unsubscribe=("mailto:lily@yutools.example",),
    )
    assert raw(message) == (
        b"Date: Mon, 02 Mar 2026 17:05:07 +0800\r\n"
        b"From: Lily Wang <lily@yutools.example>\r\n"
        b"To: Ana Silva <ana@lusotools.example>\r\n"
        b"Reply-To: sales@yutools.example\r\n"
        b"Subject: Torque wrenches\r\n"
        b"Message-ID: <00112233445566778899aabbccddeeff@yutools.example>\r\n"
        b"List-Unsubscribe: <mailto:lily@yutools.example>\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"Dear Ana,\r\n\r\nour new catalogue is out.\r\n"
    )


@given(text=BODIES, html=BODIES, subject=NAMES, name=NAMES)
@example(text="a\n", html=f"--=_{ID}", subject="报价", name="陈 小明")
def test_anything_a_rep_writes_comes_back_from_the_parser(text, html, subject, name):
    sender = Party(name=name, address="lily@yutools.example")
    content = raw(parts(text=text, html=html, headers=minted(subject=subject), sender=sender))
    judge_raw(content)
    message = parsed(content)
    assert message["subject"] == subject
    assert message["from"].addresses[0].addr_spec == "lily@yutools.example"
    assert body(message, "plain") == normalised(text)
    if html:
        assert message.get_content_type() == "multipart/alternative"
        assert body(message, "html") == normalised(html)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(str.strip).filter(bool),
            st.binary(),
        ),
        max_size=3,
    )
)
@example([("产品目录 2026 — " * 8 + ".pdf", PDF), ("price list.xlsx", b""), ("a" * 90 + ".pdf", b"x")])
@example([('quote "A\\B".pdf', PDF), ("<x>.pdf", b"y"), ("=?utf-8?q?x?=.pdf", b"\n")])
def test_attachments_come_back_with_name_and_bytes(files):
    attached = tuple(encode_attachment(name, "application/pdf", data) for name, data in files)
    content = raw(parts(attachments=attached))
    judge_raw(content)
    message = parsed(content)
    assert message.get_content_type() == ("multipart/mixed" if files else "multipart/alternative")
    found = [
        (part["Content-Disposition"].params["filename"], part.get_content())
        for part in message.iter_attachments()
        if part.is_attachment()
    ]
    assert found == files
    assert message.get_body(("html",)).get_content().startswith("<p>Dear Ana")


def test_encoded_attachments_are_passed_on_unjoined_and_hold_no_dot():
    pdf, sheet = (
        encode_attachment("a.pdf", "application/pdf", PDF),
        encode_attachment("b.xlsx", "text/csv", b"1;2"),
    )
    pieces = assemble(parts(attachments=(pdf, sheet))).pieces
    assert pieces[1] is pdf.body
    assert pieces[3] is sheet.body
    assert len(pieces) == 5
    assert b"." not in pdf.body
    assert pdf.size == len(pdf.head) + len(pdf.body)


def test_a_file_name_has_a_form_for_clients_without_rfc_2231():
    part = encode_attachment("报价.pdf", "application/pdf", b"x").head
    assert part == (
        b"Content-Type: application/pdf;\r\n"
        b' name="=?utf-8?b?5oql5Lu3LnBkZg==?="\r\n'
        b"Content-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment;\r\n"
        b" filename*=utf-8''%E6%8A%A5%E4%BB%B7.pdf\r\n\r\n"
    )


@pytest.mark.parametrize("media_type", ["", "pdf", "a/b\r\nX: y", "a/b; c=d"])
def test_a_malformed_media_type_is_refused(media_type):
    with pytest.raises(ValueError, match="Content-Type"):
        encode_attachment("a.pdf", media_type, b"")


def test_a_forwarded_message_is_attached_as_a_plain_file():
    head = encode_attachment("a.eml", "message/rfc822", b"Subject: x\n\n").head
    assert head.startswith(b"Content-Type: application/octet-stream;")


@pytest.mark.parametrize("name", ["", "a\r\nX-Evil: 1.pdf", "a\0.pdf", " ", "a.pdf ", "a\x1b[2J.pdf"])
def test_a_control_character_in_a_file_name_is_refused(name):
    with pytest.raises(ValueError, match="Content-Disposition"):
        encode_attachment(name, "application/pdf", b"")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("short and plain", "7bit"),
        ("x" * 78, "7bit"),
        ("x" * 79, "quoted-printable"),
        ("From here on", "quoted-printable"),
        ("Grüße aus Köln an alle, die uns in Hannover besucht haben", "quoted-printable"),
        ("我们的新目录已经出版", "base64"),
        ("Уважаемый господин", "base64"),
    ],
)
def test_each_text_gets_the_smallest_safe_encoding(text, encoding):
    part = text_part("plain", text)
    assert f"Content-Transfer-Encoding: {encoding}\r\n".encode() in part
    body = part.partition(b"\r\n\r\n")[2]
    assert all(len(line) <= (78 if encoding == "7bit" else 76) for line in body.split(b"\r\n"))
    assert not re.search(rb"(?m)^From ", body)


def test_a_boundary_that_stands_in_the_text_is_not_used():
    first = raw(parts())
    edge = re.search(rb'boundary="([^"]+)"', first)[1].decode()
    second = raw(parts(text=f"--{edge}\n\n--{edge}--\n"))
    assert re.search(rb'boundary="([^"]+)"', second)[1].decode() != edge
    assert body(parsed(second), "plain") == f"--{edge}\n\n--{edge}--\n"


def test_the_same_parts_give_the_same_bytes():
    attached = (encode_attachment("a.pdf", "application/pdf", PDF),)
    assert raw(parts(attachments=attached)) == raw(parts(attachments=attached))


def test_thread_and_list_headers_are_never_encoded_words():
    long_id = "<" + "AbCdEf0123456789" * 9 + "@AM0PR01MB1234.eurprd01.prod.outlook.example>"
    ids = (*(f"<{number:032x}@yutools.example>" for number in range(19)), long_id)
    token = unsubscribe_token(b"key" * 11, 123456)
    uris = (
        unsubscribe_uri("lily.wang+campaigns.europe@a-long-subdomain.of.the.yutools.example", token),
        "https://yutools.example/u/" + "s1gn3d" * 30,
    )
    headers = minted(subject="Re: 报价", in_reply_to=long_id, references=ids)
    content = raw(parts(headers=headers, list_unsubscribe=uris))
    unfolded = re.sub(rb"\r\n ", b" ", content.partition(b"\r\n\r\n")[0]).decode().split("\r\n")
    assert f"In-Reply-To: {long_id}" in unfolded
    assert f"References: {' '.join(ids)}" in unfolded
    assert f"List-Unsubscribe: <{uris[0]}>, <{uris[1]}>" in unfolded
    assert f"In-Reply-To: {long_id}\r\n".encode() in content
    message = parsed(content)
    assert str(message["references"]).split() == list(ids)


def test_an_address_in_another_script_needs_smtputf8_only_for_its_local_part():
    domain = assemble(parts(recipient=Party(name="Jörg", address="joerg@bücher.example")))
    assert domain.recipient == "joerg@xn--bcher-kva.example"
    assert not domain.needs_smtputf8
    local = assemble(parts(recipient=Party(name="采购", address="采购@公司.example")))
    assert local.recipient == "采购@xn--55qx5d.example"
    assert local.needs_smtputf8
    assert "To: =?utf-8?b?6YeH6LSt?= <采购@xn--55qx5d.example>\r\n".encode() in b"".join(local.pieces)
    assert assemble(parts(reply_to=Party(address="王@yutools.example"))).needs_smtputf8


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("From", {"sender": Party(name="A\r\nBcc: all@x.example", address="a@b.example")}),
        ("From", {"sender": Party(address="a\n@b.example")}),
        ("To", {"recipient": Party(name="A\0", address="a@b.example")}),
        ("Reply-To", {"reply_to": Party(name="A\rB", address="a@b.example")}),
        ("Subject", {"headers": minted(subject="a\r\n\r\nbody")}),
        ("Message-ID", {"headers": minted(message_id="<a@b>\r\nX: y")}),
        ("In-Reply-To", {"headers": minted(in_reply_to="<a@b>\r\nX: y")}),
        ("References", {"headers": minted(references=("<a@b>", "<c@d>\n"))}),
        ("List-Unsubscribe", {"list_unsubscribe": ("mailto:a@b\r\nX: y",)}),
        ("Date", {"headers": minted(date_at=datetime(2026, 3, 2))}),
    ],
)
def test_what_would_forge_a_header_is_refused_by_its_name(name, changes):
    with pytest.raises(ValueError, match=f"^{name}: "):
        assemble(parts(**changes))


def test_message_ids_are_minted_in_the_senders_domain():
    assert mint_message_id("Bücher.example", "0" * 32) == f"<{'0' * 32}@xn--bcher-kva.example>"
    for bad in ("", "xyz", "A" * 32, "0" * 65):
        with pytest.raises(ValueError, match="Message-ID"):
            mint_message_id("yutools.example", bad)


@pytest.mark.parametrize(
    ("first", "reply"),
    [
        ("Torque wrenches", "Re: Torque wrenches"),
        ("Re: Torque wrenches", "Re: Torque wrenches"),
        ("RE: re[2]: Re：x", "Re: x"),
        ("Regarding: x", "Re: Regarding: x"),
        ("AW: SV: 回复：x", "Re: x"),
        ("Fwd: x", "Re: Fwd: x"),
        ("Re: Fwd: Re: x", "Re: Fwd: Re: x"),
        ("", "Re: "),
    ],
)
def test_a_reply_says_re_once(first, reply):
    assert reply_subject(first) == reply


@pytest.mark.parametrize(
    "size", [0, 1, 57, 58, WHOLE_LINES - 1, WHOLE_LINES, WHOLE_LINES + 1, 3 * WHOLE_LINES]
)
def test_a_file_encoded_in_pieces_is_what_it_is_in_one(size: int) -> None:
    data = (PDF * (size // len(PDF) + 1))[:size]
    assert encode_attachment("a.pdf", "application/pdf", data).body == base64.encodebytes(data).replace(
        b"\n", b"\r\n"
    )
