"""Body parts as bytes: text in the smallest safe transfer encoding, attachments encoded once."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from urllib.parse import quote

from sequencer.core.header import ENCODED_LINE, LINE, checked, encoded_words, quoted

WHOLE_LINES = 1024 * 57
"""Bytes of a file that fill 1,024 lines of base64."""
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}")
_FROM_LINE = re.compile(rb"^From ", re.MULTILINE)
_ASCII = bytes(range(128))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SIMPLE_NAME = re.compile(r"[ -~]+")
_RFC2231_SAFE = "!#$&+-.^_`{}|~"
"""attribute-char of RFC 2231 §7 beyond letters and digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedAttachment:
    """One file ready to be spliced into any number of messages; cache it by (sha256, name)."""

    name: str
    sha256: str
    """Of the file's own bytes, hex."""
    head: bytes
    """The part's header fields with the empty line."""
    body: bytes
    """Base64 in CRLF lines of 76 columns: holds no dot, so SMTP need not look for one."""

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.head) + len(self.body)


def encode_attachment(name: str, media_type: str, data: bytes) -> EncodedAttachment:
    """Encode a file that is held whole; see `encode_pieces`."""
    pieces = (data[start : start + WHOLE_LINES] for start in range(0, len(data), WHOLE_LINES))
    return encode_pieces(name, media_type, pieces)


def encode_pieces(name: str, media_type: str, pieces: Iterable[bytes]) -> EncodedAttachment:
    """Encode a file once, from pieces of WHOLE_LINES bytes (the last may be shorter): so that only what
    becomes of it is held.

    ValueError when the name is empty, has control characters or outer spaces, or for no media type.

    `message/*` and `multipart/*` may not be base64 (RFC 2046 §5) and go as application/octet-stream.
    """
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise ValueError(f"Content-Type: {media_type!r} is not a media type")
    if media_type.lower().startswith(("message/", "multipart/")):
        media_type = "application/octet-stream"
    digest, body = hashlib.sha256(), BytesIO()
    for piece in pieces:
        digest.update(piece)
        encoded = binascii.b2a_base64(piece, newline=False)
        lines = [encoded[start : start + 76] for start in range(0, len(encoded), 76)]
        body.write(b"\r\n".join([*lines, b""]))
    return EncodedAttachment(
        name=name,
        sha256=digest.hexdigest(),
        head=_attachment_head(name, media_type),
        body=body.getvalue(),
    )


def text_part(subtype: str, text: str) -> bytes:
    """A text/`subtype` part, header fields included, ending in CRLF whatever `text` ends in."""
    lines = text.removesuffix("\n").removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n")
    data = (lines.replace("\n", "\r\n") + "\r\n").encode()
    encoding, body = _smallest(data)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode("ascii") + body


def _smallest(data: bytes) -> tuple[str, bytes]:
    """7bit where it is safe as it stands, else the shorter of quoted-printable and base64."""
    is_ascii = data.isascii()
    if is_ascii and b"\0" not in data and not _has_from_line(data):
        longest = max(map(len, data.split(b"\r\n")))
        if longest <= LINE:
            return "7bit", data
    base64_size = (len(data) + 2) // 3 * 4 * 78 // 76
    foreign = 0 if is_ascii else len(data.translate(None, _ASCII))
    if len(data) + 2 * foreign <= base64_size:
        return "quoted-printable", _quoted_printable(data)
    return "base64", base64.encodebytes(data).replace(b"\n", b"\r\n")


def _quoted_printable(data: bytes) -> bytes:
    """RFC 2045 §6.7; a line starting with `From ` is split, since mbox stores would put a `>` before it."""
    return b"\r\n".join([_quoted_line(line) for line in data.split(b"\r\n")])


@lru_cache(maxsize=64)
def _quoted_line(line: bytes) -> bytes:
    """One line, which most messages of a step have in common."""
    encoded = binascii.b2a_qp(line, istext=True).replace(b"=\n", b"=\r\n")
    return _FROM_LINE.sub(b"=46rom=\r\n ", encoded) if _has_from_line(encoded) else encoded


def _has_from_line(data: bytes) -> bool:
    return b"\nFrom " in data or data.startswith(b"From ")


def _attachment_head(name: str, media_type: str) -> bytes:
    """The name by RFC 2231 in Content-Disposition, and as encoded words for clients that cannot read it."""
    checked("Content-Disposition", name)
    if not name or name != name.strip() or _CONTROL.search(name):
        raise ValueError(f"Content-Disposition: {name!r} is not a file name")
    lines = [f"Content-Type: {media_type}"]
    disposition = ["Content-Disposition: attachment"]
    if _is_simple(name):
        lines.append(f" name={quoted(name)}")
        disposition.append(f" filename={quoted(name)}")
    else:
        words = encoded_words(name, ENCODED_LINE - len(' name="'))
        lines.append(' name="' + "\r\n ".join(words) + '"')
        disposition += [f" {piece}" for piece in _rfc2231(name)]
    folded = ";\r\n".join(lines) + "\r\nContent-Transfer-Encoding: base64\r\n" + ";\r\n".join(disposition)
    return (folded + "\r\n\r\n").encode("ascii")


def _is_simple(name: str) -> bool:
    """It can stand in quotes as it is, on one line."""
    is_plain = bool(_SIMPLE_NAME.fullmatch(name)) and "=?" not in name
    return is_plain and len(quoted(name)) <= LINE - len(" filename=;")


def _rfc2231(name: str) -> list[str]:
    """`filename*=utf-8''…`, continued over several parameters where one line is too short (RFC 2231 §3)."""
    marks = [char if char.isalnum() and char.isascii() else quote(char, safe=_RFC2231_SAFE) for char in name]
    single = "filename*=utf-8''" + "".join(marks)
    if len(single) <= LINE - 2:
        return [single]
    pieces: list[str] = []
    line = "filename*0*=utf-8''"
    for mark in marks:
        if len(line) + len(mark) > LINE - 2:
            pieces.append(line)
            line = f"filename*{len(pieces)}*="
        line += mark
    return [*pieces, line]
