"""Broken reports as relays and old servers write them: their headers and fields are found all the same."""

from sequencer.core.mime import parse_mail

HEAD = (
    b"From: MAILER-DAEMON@mx.example\n"
    b'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\n\n'
)
RETURNED = b"Received: from a.example\nFrom: lin@sender.example\nMessage-ID: <a1@sender.example>\n"


def part(head: bytes, body: bytes) -> bytes:
    return HEAD + b"--r\n" + head + body + b"\n\n--r--\n"


def test_blank_lines_before_the_headers_are_passed_over() -> None:
    assert parse_mail(b"   \n\t\n\nFrom: ana@sol.example\nSubject: Hello\n\nText").subject == "Hello"


def test_a_returned_message_without_its_blank_line_is_found() -> None:
    mail = parse_mail(
        part(b"Content-Type: message/rfc822\n", RETURNED + b"Content-Transfer-Encoding: base64\n\nTGlu")
    )
    assert [one.first("message-id") for one in mail.returned] == ["<a1@sender.example>"]


def test_a_report_without_its_blank_line_is_found() -> None:
    mail = parse_mail(
        part(b"Content-Type: message/delivery-status\n", b"Final-Recipient: rfc822; ana@sol.example\n")
    )
    assert mail.delivery_status[0].first("final-recipient") == "rfc822; ana@sol.example"


def test_lines_that_lost_their_indent_do_not_end_the_returned_headers() -> None:
    broken = RETURNED.replace(b"From:", b"by b.example (Postfix)\nfor someone; Mon, 12 Oct\nFrom:")
    mail = parse_mail(part(b"Content-Type: message/rfc822\n\n", broken + b"\nDear Ana"))
    assert mail.returned[0].first("message-id") == "<a1@sender.example>"


def test_partial_messages_and_bare_headers_are_returned_ones_too() -> None:
    for kind in (b"message/partial", b"message/rfc822-headers"):
        mail = parse_mail(part(b"Content-Type: " + kind + b"\n\n", RETURNED))
        assert mail.returned[0].first("message-id") == "<a1@sender.example>"


def test_an_encoded_word_inside_an_address_stays_what_the_server_used() -> None:
    field = b"Final-Recipient: rfc822; =?utf-8?Q?ana?=@sol.example\nAction: failed\n"
    mail = parse_mail(part(b"Content-Type: message/delivery-status\n\n", field))
    assert mail.delivery_status[0].first("final-recipient") == "rfc822; =?utf-8?Q?ana?=@sol.example"


def test_an_ordinary_part_keeps_its_own_fields() -> None:
    mail = parse_mail(part(b"Content-Type: text/plain\nFrom: x@y.example\n\n", b"Hello"))
    assert mail.text.strip() == "Hello"
