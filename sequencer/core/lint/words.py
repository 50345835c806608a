"""Words and sentences of a text in any script, for counting and comparing."""

import re
import unicodedata

from sequencer.core.clipped import clipped

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
_TOKEN = re.compile(
    rf"[{_HAN}]|[{_UNSPACED}]{{1,5}}|\d+(?:[.,]\d+)*|[^\W\d_{_HAN}{_UNSPACED}]+(?:['’][^\W\d_]+)*"
)
_IS_HAN = re.compile(f"[{_HAN}]")
_LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]}*_]", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"\n]{1,200}\"|[“„”][^“”\n]{1,200}[“”]|«[^»\n]{1,200}»|「[^」\n]{1,200}」")
_BLOCK = re.compile(r"\n\s*\n|\n(?=[ >]*(?:[-*•]|\d{1,3}[.)])\s)")
_SENTENCE_END = re.compile(r"(?<=[.!?:…][\s\"”»])|(?<=[。！？：])")


def tokens(text: str) -> list[str]:
    """Its words, numbers and Chinese characters, all in one case."""
    return [token.casefold() for token in _TOKEN.findall(unicodedata.normalize("NFC", text))]


def count_words(text: str) -> int:
    """Its length in words; five Chinese or Japanese characters say about as much as three words."""
    found = tokens(_LINK.sub(" link ", text))
    han = sum(1 for token in found if _IS_HAN.match(token))
    return len(found) - han + -(-han * 3 // 5)


def width(text: str) -> int:
    """Columns it takes in an inbox list: a Chinese character takes two."""
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
        if not unicodedata.combining(char)
    )


def sentences(text: str) -> list[str]:
    """Its sentences and list items, each on one line."""
    blocks = (" ".join(block.split()) for block in _BLOCK.split(text))
    return [part.strip() for block in blocks for part in _SENTENCE_END.split(block) if part.strip()]


def links(text: str) -> list[str]:
    """The web addresses in it, each once."""
    return list(dict.fromkeys(found.rstrip("/") for found in _LINK.findall(text)))


def without_links(text: str) -> str:
    """The text without its web addresses."""
    return _LINK.sub(" ", text)


def without_quotes(text: str) -> str:
    """The text without what stands in quotation marks."""
    return _QUOTED.sub(" ", text)


def shortened(text: str, most: int = 60) -> str:
    """The text on one line, cut to a readable length."""
    return clipped(" ".join(text.split()), most)
