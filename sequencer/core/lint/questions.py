"""More than one question in a mail."""

import re
from collections.abc import Iterator

from sequencer.core.lint.mail import Mail
from sequencer.core.lint.rule import Finding, Rule
from sequencer.core.lint.words import sentences, shortened, without_links, without_quotes

_QUESTION = re.compile(r"[?？؟]+")


def check(mail: Mail) -> Iterator[Finding]:
    """A second question; what stands in quotation marks or links asks nothing."""
    text = without_quotes(without_links(mail.own))
    asked = [sentence for sentence in sentences(text) if _QUESTION.search(sentence)]
    count = len(_QUESTION.findall(text))
    if count > 1:
        what = f"{count} questions in one mail; the last is “{shortened(asked[-1])}”"
        yield Finding(mail.at(asked[-1]), what, "keep the one that is easiest to answer")


RULE = Rule(
    "many-questions",
    "more than one question in a mail",
    "One question gets an answer in a line; several get put off until there is time.",
    check,
)
