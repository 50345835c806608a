"""Mails with several links, and mails that are little else than a link or a file."""

from collections.abc import Iterator

from sequencer.core.lint.mail import Mail
from sequencer.core.lint.rule import Finding, Rule
from sequencer.core.lint.words import count_words, links, without_links

MIN_WORDS = 8
"""Fewer than these beside a link or a file say nothing."""


def _several(mail: Mail) -> Iterator[Finding]:
    """A second link in the own text."""
    found = links(mail.own)
    if len(found) > 1:
        hint = "keep the one that answers the buyer's next question"
        yield Finding(mail.at(found[1]), f"{len(found)} links in one mail", hint)


def _bare(mail: Mail) -> Iterator[Finding]:
    """Hardly a word beside a link or an attachment."""
    found = links(mail.own)
    if (found or mail.attachments) and count_words(without_links(mail.body)) < MIN_WORDS:
        what = "is little else than a link" if found else "says hardly a word beside its attachment"
        hint = "say in a sentence what it is, and why to this buyer"
        yield Finding(mail.at(found[0] if found else mail.body), f"the mail {what}", hint)


SEVERAL = Rule(
    "many-links",
    "more than one link in a mail (footer left out)",
    "Filters count links, and a buyer who may choose chooses none.",
    _several,
)
BARE = Rule(
    "bare-link",
    "a mail that is little else than a link, or than an attachment",
    "This is how phishing looks; filters and careful buyers delete it.",
    _bare,
)
