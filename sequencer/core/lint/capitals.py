"""Words and lines in capital letters."""

import re
from collections.abc import Iterator

from sequencer.core.lint.acronyms import ACRONYMS
from sequencer.core.lint.mail import Mail
from sequencer.core.lint.rule import Finding, Rule
from sequencer.core.lint.words import shortened, without_links

MIN_LETTERS = 4
_PIECE = re.compile(r"[^\s,;:!?，；：！？。…|]+")
_EDGES = "\"'“”„‘’«»[]{}<>*_~.-–—/&+#"
_LITTLE = """
ALL AND BIG BUY DAS DER DIE EL EN ET FOR GET HOT IN IS IT LA LE LES NEW NO NOT NOW OF OUR PARA POR SO THE TO
TOP UND WE YOU НА ПО
"""
"""Words that make a line of capitals a sentence, where `FOB, CIF, ISO 9001` is a list."""
_ROMAN = re.compile(r"[IVXLCM]+")
_VOWEL = re.compile(r"[AEIOUYÀ-ÖØ-ÝАЕЁИОУЫЭЮЯІЇЄΑΕΗΙΟΥΩİ]")


def check(mail: Mail) -> Iterator[Finding]:
    """A shouted word or line that the author wrote so; what a field brought is not the author's."""
    for words in _shouted(mail.subject or ""):
        yield _finding(mail.at_subject(), words)
    for line in without_links(mail.own).splitlines():
        for words in _shouted(line):
            if any(words[0] in source.text for source in mail.lines):
                yield _finding(mail.at(words[0]), words)


def _finding(where: str, words: list[str]) -> Finding:
    what = f"“{shortened(' '.join(words))}” is in capitals"
    return Finding(where, what, "write it as in a letter; acronyms go in (brackets)")


def _shouted(line: str) -> Iterator[list[str]]:
    pieces = [piece.strip(_EDGES) for piece in _PIECE.findall(line)]
    words = [piece for piece in pieces if any(char.isalpha() for char in piece)]
    loud = [word for word in words if is_shouted(word)]
    if (
        len(words) > 2
        and all(word.isupper() for word in words)
        and (loud or not set(_LITTLE.split()).isdisjoint(words))
    ):
        yield words
    elif loud:
        yield loud


def is_shouted(word: str) -> bool:
    """Whether a word is four or more capitals and no acronym, number or code; `(ABCD)` is an acronym."""
    if "(" in word or ")" in word:
        return False
    parts = re.split(r"[-–/&+.'’]", word)
    if not all(part.isalpha() or not part for part in parts):
        return False  # HT-2040 is a code
    return any(
        len(part) >= MIN_LETTERS
        and part.isupper()
        and part not in ACRONYMS
        and not _ROMAN.fullmatch(part)
        and _VOWEL.search(part) is not None
        for part in parts
    )


RULE = Rule(
    "capitals",
    "words of four or more capital letters that are no acronym, and lines all in capitals",
    "It reads as shouting, and filters count it.",
    check,
)
