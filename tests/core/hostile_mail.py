"""Messages made to hurt their reader, each built when asked for: size, depth, bombs, garbage."""

import base64
from collections.abc import Callable

HEAD = (
    b"From: Ana Ruiz <ana@orrery.example>\r\nSubject: Re: Bearings\r\n"
    b"Date: Mon, 12 Oct 2026 10:00:00 +0000\r\n"
)
DAEMON = b"From: MAILER-DAEMON@relay.example\r\nSubject: failure notice\r\n\r\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
PLAIN = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
BIG = 50 * 1024 * 1024
HALF = 4 * 1024 * 1024


def _repeated(head: bytes, piece: bytes, size: int = HALF) -> Callable[[], bytes]:
    return lambda: head + piece * (size // len(piece))


def _nested(count: int) -> bytes:
    parts = b"".join(
        b"--x%d\r\nContent-Type: multipart/mixed; boundary=x%d\r\n\r\n" % (i, i + 1) for i in range(count)
    )
    return HEAD + b"Content-Type: multipart/mixed; boundary=x0\r\n\r\n" + parts + b"the end\r\n"


def _boundaries_within_boundaries() -> bytes:
    """Fifty levels, the boundary of each the beginning of the next."""
    parts = b"".join(
        b"--%s\r\nContent-Type: multipart/mixed; boundary=%s\r\n\r\n" % (b"b" * i, b"b" * (i + 1))
        for i in range(1, 50)
    )
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + parts + b"--bbbbbbbb!\n" * (HALF // 12)


def _side_by_side(count: int) -> bytes:
    part = b"--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + part * count + b"--x--\r\n"


def _report(field: bytes, count: int) -> bytes:
    return (
        b"From: MAILER-DAEMON@relay.example\r\nReturn-Path: <>\r\nSubject: Undelivered Mail\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: message/delivery-status\r\n\r\n" + field * count + b"\r\n--x--\r\n"
    )


def _attached() -> bytes:
    body = base64.encodebytes(bytes(range(256)) * 2048)
    head = HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nThank you.\r\n--x\r\n"
    head += b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + body * (BIG // len(body)) + b"\r\n--x--\r\n"


def _encoded(encoding: bytes, piece: bytes, kind: bytes = b"text/plain", charset: bytes = b"utf-8") -> bytes:
    head = HEAD + b"Content-Type: " + kind + b"; charset=" + charset
    return head + b"\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + piece * (HALF // len(piece))


def _labelled(charset: bytes) -> bytes:
    return (
        HEAD + b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n" + bytes(range(128, 256)) * 4096
    )


def _dated(date: bytes) -> bytes:
    return b"From: a@b.example\r\nDate: " + date + b"\r\n\r\nhi"


MESSAGES: dict[str, Callable[[], bytes]] = {
    "50 MB of one line": lambda: PLAIN + b"x" * BIG,
    "50 MB of short lines": _repeated(PLAIN, b"word\r\n", BIG),
    "50 MB of blank lines": _repeated(PLAIN, b"\r\n", BIG),
    "50 MB of lone CR": _repeated(PLAIN, b"\r", BIG),
    "50 MB of NULs": _repeated(PLAIN, b"\0", BIG),
    "50 MB attached": _attached,
    "50 MB of one header": lambda: b"Subject: " + b"x" * BIG + b"\r\n\r\nhi",
    "50 MB of folded header": _repeated(b"References:", b" <a@b.example>\r\n", BIG),
    "50 MB of headers and no body": _repeated(b"", b"X-A: b\r\n", BIG),
    "10,000 nested parts": lambda: _nested(10_000),
    "10,000 parts side by side": lambda: _side_by_side(10_000),
    "boundaries that begin like each other": _boundaries_within_boundaries,
    "one boundary nested in itself": _repeated(
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n",
        b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
    ),
    "a boundary that is all the text": _repeated(
        HEAD + b"Content-Type: multipart/mixed; boundary=-\r\n\r\n", b"---"
    ),
    "a boundary at every line but closed by none": _repeated(
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n", b"--b \tx\r\n"
    ),
    "50,000 addresses": lambda: b"To: " + b"a@b.example, " * 50_000 + b"\r\n\r\nhi",
    "50,000 addresses in folded lines": lambda: (
        b"To: a@b.example,\r\n" + b" a@b.example,\r\n" * 50_000 + b"\r\nhi"
    ),
    "50,000 To headers": lambda: b"To: a@b.example\r\n" * 50_000 + b"\r\nhi",
    "an address list of quotes": lambda: b"From: " + b'"' * 65_000 + b"\r\n\r\nhi",
    "an address list of angles": lambda: b"From: " + b"<" * 65_000 + b"\r\n\r\nhi",
    "an address list of comments": lambda: b"To: " + b"(" * 65_000 + b"\r\n\r\nhi",
    "an address list of ats": lambda: b"To: " + b"a@" * 32_000 + b"\r\n\r\nhi",
    "60,000 references": lambda: b"References: " + b" <x@y.example>" * 60_000 + b"\r\n\r\nhi",
    "references without brackets": lambda: b"References: " + b"x@y.example," * 60_000 + b"\r\n\r\nhi",
    "references of comments": lambda: b"References: " + b"(a" * 32_000 + b"\r\n\r\nhi",
    "encoded words by the thousand": lambda: b"Subject: " + b"=?utf-8?q?=41?= " * 4_000 + b"\r\n\r\nx",
    "encoded words never closed": lambda: b"Subject: " + b"=?utf-8?q?a" * 5_900 + b"\r\n\r\nx",
    "parameters by the thousand": lambda: (
        b"Content-Type: text/plain" + b"; a*1*=x''%41" * 5_000 + b"\r\n\r\nx"
    ),
    "parameters of open quotes": lambda: b"Content-Type: text/plain" + b';a="\\' * 13_000 + b"\r\n\r\nx",
    "a report of 50,000 fields": lambda: _report(b"Final-Recipient: rfc822; a@b.example\r\n", 50_000),
    "a report of 50,000 recipients": lambda: _report(
        b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n", 50_000
    ),
    "base64 of nothing but rubbish": lambda: _encoded(b"base64", b"!*-_\xff"),
    "base64 of one character a line": lambda: _encoded(b"base64", b"Q\r\n"),
    "quoted-printable of soft line ends": lambda: _encoded(b"quoted-printable", b"=\r\n"),
    "quoted-printable of lone signs": lambda: _encoded(b"quoted-printable", b"="),
    "an unknown charset": lambda: _labelled(b"x-nobody-knows"),
    "a charset that is no charset": lambda: _labelled(b'"zip"'),
    "a charset that is a path": lambda: _labelled(b'"../../etc/passwd"'),
    "a charset of 1,000 characters": lambda: _labelled(b"a" * 1_000),
    "a charset with a NUL": lambda: _labelled(b'"utf\x00-8"'),
    "idna": lambda: _labelled(b"idna"),
    "punycode": lambda: _labelled(b"punycode"),
    "UTF-7": lambda: _encoded(b"7bit", b"+ADw-script+AD4-", charset=b"utf-7"),
    "UTF-16": lambda: _labelled(b"utf-16"),
    "ISO 2022": lambda: _encoded(b"7bit", b"\x1b$B\x1b(B", charset=b"iso-2022-jp"),
    "a date in words": lambda: _dated(b"the day after tomorrow"),
    "a date out of range": lambda: _dated(b"Mon, 99 Foo 99999 99:99:99 +9999"),
    "a date of digits": lambda: _dated(b"9" * 60_000),
    "a date at the end of time": lambda: _dated(b"Fri, 31 Dec 9999 23:59:59 -2359"),
    "a date before time": lambda: _dated(b"Mon, 1 Jan 0001 00:00:00 +2359"),
    "NULs and lone CRs": lambda: b"Subject: a\x00b\r\r\rFrom: a@b.example\r\x00\r\r\x00hi\x00" * 5_000,
    "scripts": _repeated(HTML, b"<script>document.write('<p>unsubscribe</p>')</script>"),
    "scripts never closed": _repeated(HTML, b"<script>"),
    "styles closed by another": _repeated(HTML, b"<style></script>"),
    "comments never closed": _repeated(HTML, b"<!--"),
    "comments of one dash": _repeated(HTML, b"<!-->"),
    "tags never closed": _repeated(HTML, b"<a href='"),
    "tags of nothing": _repeated(HTML, b"<"),
    "tags with long attributes": _repeated(HTML, b"<p " + b"class=" * 300 + b">x"),
    "quotations in quotations": _repeated(HTML, b"<blockquote>"),
    "quotations of a letter": _repeated(HTML, b"<blockquote>a<br>"),
    "line breaks": _repeated(HTML, b"<br>"),
    "entities": _repeated(HTML, b"&#x110000;&nosuch;&"),
    "entities of many digits": _repeated(HTML, b"&#" + b"9" * 4_000 + b";"),
    "introductions without end": _repeated(PLAIN, b"On Mon, 12 Oct 2026 10:00 x <a@b.example>\r\n"),
    "introductions in one line": _repeated(PLAIN, b"On 12.10.2026 10:00 a@b.example wrote "),
    "quotation marks": _repeated(PLAIN, b"> "),
    "signature lines": _repeated(PLAIN, b"-- \r\n"),
    "dashes": _repeated(PLAIN, b"-"),
    "blanks": _repeated(PLAIN, b" "),
    "blanks and breaks": _repeated(PLAIN, b" \r\n"),
    "ats": _repeated(PLAIN, b"a.b@"),
    "dots": _repeated(PLAIN, b"a."),
    "dates": _repeated(PLAIN, b"until 12.10.2026 - 13/10/2026 "),
    "phrases of absence": _repeated(PLAIN, b"out of office until returning on back on "),
    "phrases of failure": _repeated(DAEMON, b"<a@b.example>: 550 5.1.1 user unknown "),
    "a failure of blank lines": _repeated(DAEMON, b" \r\n\t\r\n"),
    "a failure whose recipients never come": _repeated(DAEMON + b"recipient address:", b"\r\n"),
    "a failure of headings": _repeated(DAEMON, b"recipient address user:\r\n"),
    "a failure of dashes": _repeated(DAEMON, b"recipient\r\n----\r\n"),
    "a failure of blanks in a line": _repeated(DAEMON, b"user unknown: <" + b" " * 200),
    "requests to stop": _repeated(PLAIN, b"please remove me from "),
}
"""By name: what it would do to a reader that trusts it."""
