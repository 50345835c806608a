"""Exclamation marks: more than one in a mail."""

import re
from collections.abc import Iterator

from sequencer.core.lint.mail import Mail
from sequencer.core.lint.rule import Finding, Rule
from sequencer.core.lint.words import sentences, without_links

_MARK = re.compile(r"[!！]")


def check(mail: Mail) -> Iterator[Finding]:
    """The second exclamation mark of subject and text."""
    in_subject = len(_MARK.findall(mail.subject or ""))
    text = without_links(mail.own)
    count = in_subject + len(_MARK.findall(text))
    if count > 1:
        loud = [sentence for sentence in sentences(text) if _MARK.search(sentence)]
        where = mail.at_subject() if in_subject > 1 or not loud else mail.at(loud[-1])
        yield Finding(where, f"{count} exclamation marks in one mail", "use full stops")


RULE = Rule(
    "exclamations",
    "more than one exclamation mark in a mail",
    "They sound like an advertisement, to buyers and to filters.",
    check,
)
