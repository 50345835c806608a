"""A sentence that stands in two mails of one sequence."""

import re
from collections.abc import Iterator

from sequencer.core.lint.mail import Mail
from sequencer.core.lint.place import line_with
from sequencer.core.lint.rule import Finding, Rule
from sequencer.core.lint.words import count_words, sentences, shortened, tokens

MIN_WORDS = 4
_ENDS = re.compile(r"[.!?。！？؟…][\"”»]?$")
_ITEM = re.compile(r"^[> ]*(?:[-*•]|\d{1,3}[.)])\s")


def check(mail: Mail) -> Iterator[Finding]:
    """Each sentence that the buyer has read before, with the place where it stood."""
    known = {key: (other, said) for other in reversed(mail.earlier) for key, said in _said(other)}
    for key, said in dict(_said(mail)).items():
        if key in known:
            other, before = known[key]
            there = line_with(before, other.lines) or other.at(before)
            what = f"“{shortened(said)}” also stands in {there}"
            yield Finding(mail.at(said), what, "a follow-up needs something new to say")


def _said(mail: Mail) -> Iterator[tuple[tuple[str, ...], str]]:
    """Sentences and list items long enough to be recognised; partials are meant to stand in every mail."""
    for sentence in sentences(mail.body):
        is_whole = _ENDS.search(sentence) or _ITEM.match(sentence)
        if is_whole and count_words(sentence) >= MIN_WORDS and not _is_of_partial(sentence, mail):
            yield tuple(tokens(_ITEM.sub("", sentence))), sentence


def _is_of_partial(sentence: str, mail: Mail) -> bool:
    place = line_with(sentence, mail.lines)
    own = mail.lines[0].where.rpartition(":")[0] if mail.lines else ""
    return place is not None and place.rpartition(":")[0] != own


RULE = Rule(
    "same-sentence",
    "a sentence of four or more words that stands in two mails of one sequence",
    "A buyer who reads the same words again knows that nobody wrote them for him.",
    check,
)
