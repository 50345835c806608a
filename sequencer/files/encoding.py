"""Bytes of users' lists into text: the encoding is proved where it can be, else guessed and said so."""

import codecs
import re
from dataclasses import dataclass

from sequencer.errors import Fault, FaultyInput, InputError

# The likelier first: it decides between guesses that fit equally well.
_CANDIDATES = [
    *("gb18030", "big5", "cp932", "cp949", "cp1252", "cp1251", "cp1250", "cp1254"),
    *("cp1256", "cp1253", "cp1255", "cp874", "euc_jp", "euc_kr", "cp1257", "cp1258"),
]
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENOUGH_BYTES = 65_536
_NO_BYTE_OF_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HINT = "name the encoding with --encoding, or save the file as “CSV UTF-8”"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and how it was found."""

    text: str
    encoding: str
    is_guess: bool


def decode(data: bytes, where: str, encoding: str | None = None) -> Decoded:
    """The text of a file: by its byte order mark, strict UTF-8, or a guess; `encoding` overrules them all.

    FaultyInput with `file:line` when the bytes are not of the encoding; InputError when it is unknown.
    """
    if encoding is not None:
        return _decode_as(data, encoding, where)
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _strictly(data, name, where)
    if unmarked := _unmarked_utf16(data):
        return Decoded(data.decode(unmarked), unmarked, is_guess=True)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", is_guess=False)
    except UnicodeDecodeError as error:
        if _is_broken_utf8(data):
            raise _fault(data, error, "utf-8", where) from None
    return _guessed(data, where)


def _decode_as(data: bytes, encoding: str, where: str) -> Decoded:
    try:
        name = codecs.lookup(encoding.strip()).name
        "".encode(name)
    except (LookupError, ValueError):
        raise InputError(
            f"there is no encoding {encoding!r}", hint="such as utf-8, gb18030, big5, shift_jis, windows-1252"
        ) from None
    if data.startswith(codecs.BOM_UTF8) and name == "utf-8":
        name = "utf-8-sig"
    # GBK and GB2312 are what people call it; GB18030 contains both and is what programs write.
    return _strictly(data, "gb18030" if name in ("gbk", "gb2312") else name, where)


def _strictly(data: bytes, encoding: str, where: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding.removesuffix("-sig"), is_guess=False)
    except UnicodeDecodeError as error:
        raise _fault(data, error, encoding, where) from None
    except UnicodeError as error:
        raise FaultyInput([Fault(where=where, message=f"is not {encoding}: {error}", hint=_HINT)]) from None


def _fault(data: bytes, error: UnicodeDecodeError, encoding: str, where: str) -> FaultyInput:
    before = data[: error.start]
    line = before.decode(encoding, errors="replace").count("\n") + 1
    bad = data[error.start : error.start + 1].hex()
    message = f"is not {encoding}: byte 0x{bad} cannot stand there"
    return FaultyInput([Fault(where=f"{where}:{line}", message=message, hint=_HINT)])


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark shows as a zero in every other byte of its ASCII."""
    start = data[:2048]
    if len(data) < 4 or len(data) % 2:
        return None
    for name, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
        if zeros.count(0) * 5 >= len(zeros) * 2 and start.count(0) == zeros.count(0):
            try:
                data.decode(name)
            except UnicodeDecodeError:
                continue
            return name
    return None


def _is_broken_utf8(data: bytes) -> bool:
    """Mostly valid UTF-8: then the odd byte is damage, and any other encoding would be nonsense."""
    lost = data.decode("utf-8", errors="replace").count("�")
    sound = sum(1 for character in data.decode("utf-8", errors="ignore") if ord(character) > 0x7F)
    return sound >= 4 * lost


def _guessed(data: bytes, where: str) -> Decoded:
    if _NO_BYTE_OF_TEXT.search(data[:_ENOUGH_BYTES].replace(b"\0", b"")):
        raise FaultyInput([Fault(where=where, message="is not a text file", hint="save it as CSV or XLSX")])
    for encoding in likely_encodings(data):
        try:
            return Decoded(data.decode(encoding), encoding, is_guess=True)
        except UnicodeDecodeError:
            continue
    raise FaultyInput([Fault(where=where, message="is in no encoding known here", hint=_HINT)])


def likely_encodings(data: bytes) -> list[str]:
    """Encodings that may be it, the best first; lines of plain ASCII say nothing and are left out."""
    # 3 MB and 30 ms: only a file that is not UTF-8 pays for it.
    from charset_normalizer import from_bytes

    telling = b"\n".join(line for line in data.split(b"\n") if not line.isascii())[:_ENOUGH_BYTES]
    # The cut may have split a character of two bytes.
    telling = (
        telling[: telling.rfind(b"\n")] if len(telling) == _ENOUGH_BYTES and b"\n" in telling else telling
    )
    matches = list(from_bytes(telling, cp_isolation=_CANDIDATES))
    if not matches:
        return []
    best = min(matches, key=lambda match: (match.chaos, -match.coherence, _rank(match.encoding)))
    others = sorted(matches, key=lambda match: (match.chaos, _rank(match.encoding)))
    return [best.encoding, *(match.encoding for match in others if match is not best)]


def _rank(encoding: str) -> int:
    return _CANDIDATES.index(encoding) if encoding in _CANDIDATES else len(_CANDIDATES)
