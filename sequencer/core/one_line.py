"""Text of hostile origin as one line that shows everything it holds."""

import re

_LINE_ENDS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Controls, zero-width spaces and marks, the overrides that turn a line around, and halves of characters.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
_SPACES = str.maketrans("\t\u00a0\u3000", "   ")


def one_line(text: str) -> tuple[str, bool]:
    """The text with line ends folded to spaces, and whether unseen characters had to be removed.

    Joiners (U+200C, U+200D) stay: Persian and Indic names are spelt with them.
    """
    if text.isascii() and text.isprintable():
        return text.strip(), False
    folded = _LINE_ENDS.sub(" ", text)
    bare = _UNSEEN.sub("", folded)
    return bare.translate(_SPACES).strip(), bare != folded
