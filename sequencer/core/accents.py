"""Text without the accents of Latin, Greek and Cyrillic letters, since people leave them out."""

import unicodedata

_MARKS = dict.fromkeys(range(0x300, 0x370))
_LETTERS = str.maketrans("łŁøØđĐıİæÆأإآٱ", "lLoOdDiIaAاااا")


def without_accents(text: str) -> str:
    """`text` with é as e, ё as е, ł as l, أ as ا; Thai, Devanagari, kana and Hangul keep every sign.

    Words and the patterns that look for them must both go through here: then either may lack accents.
    """
    if text.isascii():
        return text
    bare = unicodedata.normalize("NFD", text).translate(_MARKS)
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)
