"""A greeting whose name did not come: `Hi ,`."""

import re
from collections.abc import Iterator

from sequencer.core.lint.mail import Mail
from sequencer.core.lint.rule import Finding, Rule
from sequencer.core.lint.words import shortened

_NAMELESS = re.compile(
    r".{0,40}\S\s+[,，、]"  # the blank before the comma is where the name was to stand
    r"|(?:dear|estimad[oa](?:\(a\))?|querid[oa]|sehr geehrte[rs]?|liebe[rs]?|cher|chère|caro|cara|"
    r"gentile|prezad[oa]|geachte|beste|уважаем(?:ый|ая)|szanown[ya]|sayın|尊敬的|亲爱的|親愛的)\s*[,，:：!！]?",
    re.IGNORECASE,
)


def check(mail: Mail) -> Iterator[Finding]:
    """The first line greets nobody, because a field was empty."""
    if _NAMELESS.fullmatch(mail.greeting):
        what = f"the greeting comes out as “{shortened(mail.greeting)}” when only {mail.buyer} is known"
        yield Finding(mail.at(mail.greeting), what, "greet by name: Hi {{ contact.first_name or 'there' }},")


RULE = Rule(
    "empty-greeting",
    "a greeting that comes out as “Hi ,”",
    "It tells the buyer at once that a machine wrote to a list.",
    check,
)
