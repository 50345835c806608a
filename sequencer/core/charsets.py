"""Bytes of any declared charset into text: unknown and wrong labels are mended, nothing raises."""

import codecs
import re

ALIASES = {
    "ansi_x3.4-1968": "ascii",
    "big5": "big5hkscs",
    "chinesebig5": "big5hkscs",
    "cp-850": "cp850",
    "cp936": "gb18030",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gb2312_charset": "gb18030",
    "gbk": "gb18030",
    "gb-18030": "gb18030",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-1": "cp1252",
    "iso-8859-8-e": "iso8859_8",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "latin1": "cp1252",
    "macintosh": "mac_roman",
    "shift-jis": "cp932",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "tis-620": "cp874",
    "unicode-1-1-utf-7": "utf_7",
    "unicode-1-1-utf-8": "utf_8",
    "utf8": "utf_8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "windows-936": "gb18030",
    "windows-949": "cp949",
    "x-euc-cn": "gb18030",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "x-sjis": "cp932",
    "x-windows-949": "cp949",
}
"""Labels seen in mail that Python does not know, or knows as a poorer subset of what was meant."""

_REFUSED = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})
"""Codecs that are no charsets of mail, or whose cost grows with the square of the input."""

_SURROGATES = re.compile("[\ud800-\udfff]")


def codec_for(label: str | None) -> str | None:
    """The codec for a charset label; None when it is missing, unknown or not a charset of text."""
    if not label:
        return None
    name = label.strip().strip("\"'").lower()
    name = ALIASES.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(info, "_is_text_encoding", True)
    return None if not is_text or info.name.replace("-", "_") in _REFUSED else info.name


def decode_text(data: bytes, label: str | None) -> str:
    """Text of `data`: by its label, else UTF-8, else Latin-1; no NULs, no lone surrogates, LF line ends.

    A label that does not fit the bytes (an `us-ascii` with UTF-8 in it) gives way to UTF-8 where that
    decodes without fault; otherwise the label's codec replaces what it cannot read.
    """
    if label is None and data.isascii():  # most header fields: nothing to try or to mend
        text = data.decode("ascii")
        return text if "\r" not in text and "\x00" not in text else _tidy(text)
    return _SURROGATES.sub("\ufffd", _tidy(_decode(data, codec_for(label))))


def _tidy(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes, codec: str | None) -> str:
    for candidate in (codec, "utf-8"):
        if candidate is None:
            continue
        try:
            return data.decode(candidate)
        except (UnicodeError, ValueError):
            continue
    if codec is None or codec == "ascii":
        return data.decode("latin-1")
    if codec == "utf-8":
        # A stray byte (or a cut at the size cap) must not turn the whole text into Latin-1.
        replaced = data.decode("utf-8", "replace")
        return replaced if replaced.count("\ufffd") * 20 < len(replaced) + 20 else data.decode("latin-1")
    return data.decode(codec, "replace")
