"""Damage to messages, by a seed: cuts, copies, splices of two, and the words that readers stumble over."""

from collections.abc import Sequence
from random import Random

WORDS = (
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b"\r\n\r\n",
    b"\x1b[2J",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"--",
    b"=?utf-8?b?",
    b"=?gb2312?q?=C4?=",
    b"?=",
    b"<",
    b">",
    b'"',
    b";",
    b",",
    b"(",
    b"@",
    b"> ",
    b"<!--",
    b"<script>",
    b"</blockquote>",
    b"&#0;",
    b"=",
    b"=\r\n",
    b"charset=utf-16",
    b"charset=utf-7",
    b"boundary=",
    b'boundary=""',
    b"multipart/report",
    b"message/delivery-status",
    b"message/rfc822",
    b"text/html",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Final-Recipient: rfc822; a@b.example\r\n",
    b"Action: failed\r\n",
    b"Status: 5.1.1\r\n",
    b"Auto-Submitted: auto-replied\r\n",
    b"On Mon, 12 Oct 2026 at 10:00, a@b.example wrote:\r\n",
    b"until 31.12.9999",
    b"back on 0/0/0",
    b"\xe4\xbb\xa4\xe5\x92\x8c99\xe5\xb9\xb4",
)


def mutated(messages: Sequence[bytes], random: Random, most: int = 65_536) -> bytes:
    """One of the messages, damaged one to eight times."""
    message = bytearray(random.choice(messages))
    for _ in range(random.randint(1, 8)):
        at = random.randint(0, len(message))
        end = min(len(message), at + random.choice((0, 1, 3, 20, 400)))
        kind = random.randrange(7)
        if kind == 0:
            message[at:end] = random.randbytes(random.randint(1, 20))
        elif kind == 1:
            message[at:end] = random.choice(WORDS)
        elif kind == 2:
            message[at:end] = b""
        elif kind == 3:
            message[at:at] = bytes(message[at:end]) * random.choice((1, 2, 50))
        elif kind == 4:
            message[at:] = _tail(random.choice(messages), random)
        elif kind == 5:
            message[at:at] = random.choice(WORDS) * random.choice((1, 2, 300))
        else:
            message = message[:at]
    return bytes(message[:most])


def _tail(message: bytes, random: Random) -> bytes:
    return message[random.randint(0, len(message)) :]
