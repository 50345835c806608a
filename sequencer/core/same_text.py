"""Whether a mail says what one of our messages says: letters and digits alone, a relay's footer allowed."""

import re
import unicodedata
from collections.abc import Iterable

_QUOTED = re.compile(r"[ \t]*[>\uff1e]")
_LINK = re.compile(r"<?\b(?:https?://|mailto:)[^\s<>]+>?", re.IGNORECASE)
MAX_LINES = 3_000


def says_the_same(ours: Iterable[str], theirs: str) -> bool | None:
    """True: `theirs` is one of `ours` (the text, or the HTML as text), or that with lines below it.

    Line breaks, marks, links and quoted lines don't count: relays wrap, convert and rewrite them. Words of
    anybody's above ours make it another mail. None: none of `ours` says anything, so nothing can be told.
    """
    wanted = {told for text in ours if (told := "".join(_told(text)))}
    if not wanted:
        return None
    longest = max(map(len, wanted))
    said = ""
    for line in _told(theirs):
        said += line
        if said in wanted:
            return True
        if len(said) >= longest:
            return False
    return False


def _told(text: str) -> list[str]:
    """The letters and digits of each line that is no quotation."""
    lines = text.splitlines()[:MAX_LINES]
    return [_letters(line) for line in lines if not _QUOTED.match(line)]


def _letters(line: str) -> str:
    plain = unicodedata.normalize("NFKC", _LINK.sub(" ", line)).casefold()
    return "".join(character for character in plain if character.isalnum())
