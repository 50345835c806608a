"""Reads text that users write: UTF-8 with or without BOM; else a fault that names the encoding."""

from pathlib import Path

from sequencer.errors import Fault, FaultyInput
from sequencer.files.encoding import likely_encodings


def read_text(path: Path, shown: str, *, missing_hint: str | None = None, max_bytes: int = 1_000_000) -> str:
    """The file's text with `\\n` line ends and without BOM.

    `shown` is the path for faults. FaultyInput when the file is missing, unreadable, larger than
    `max_bytes`, or not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise _fault(shown, "there is no such file", missing_hint) from None
    except OSError as error:
        raise _fault(shown, f"cannot be read: {error.strerror}", "check its permissions") from None
    if len(raw) > max_bytes:
        raise _fault(shown, f"the file has {len(raw):,} bytes, more than the {max_bytes:,} allowed", None)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        guess = guessed_encoding(raw)
        what = f"the file is not UTF-8; it looks like {guess}" if guess else "the file is not UTF-8 text"
        raise _fault(f"{shown}:{line}", what, "save it as UTF-8") from None
    if "\0" in text:
        raise _fault(shown, "the file is not text: it has NUL bytes", "save it as UTF-8 text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def guessed_encoding(raw: bytes) -> str | None:
    """The likely encoding of bytes that are not UTF-8, for people: `GBK (GB18030)`; None without a guess."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    if _reads_as_chinese(raw):
        return "GBK (GB18030)"
    likely = likely_encodings(raw)
    return likely[0].replace("_", "-").upper() if likely else None


def _reads_as_chinese(raw: bytes) -> bool:
    # A few lines of text are too little for a statistical guess; nearly all Chinese text saved by an editor
    # uses the 6,763 characters and the punctuation of GB 2312, which chance bytes of other encodings don't.
    try:
        letters = [letter for letter in raw.decode("gb18030") if ord(letter) > 0x7F]
    except UnicodeDecodeError:
        return False
    common = sum("\u4e00" <= letter <= "\u9fff" and _is_gb2312(letter) for letter in letters)
    marks = sum(letter in "，。！？：；、（）“”‘’《》￥—…·" for letter in letters)
    return common >= 1 and common + marks >= 0.9 * len(letters)


def _is_gb2312(letter: str) -> bool:
    try:
        return b"\xb0\xa1" <= letter.encode("gb2312") <= b"\xd7\xf9"  # the first level: the 3,755 common ones
    except UnicodeEncodeError:
        return False


def _fault(where: str, message: str, hint: str | None) -> FaultyInput:
    return FaultyInput([Fault(where=where, message=message, hint=hint)])
