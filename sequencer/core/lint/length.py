"""Mails, subjects and preheaders that are too long to be read."""

from collections.abc import Iterator

from sequencer.core.lint.mail import Buyer, Mail
from sequencer.core.lint.rule import Finding, Rule
from sequencer.core.lint.words import count_words, width

MAX_FIRST, MAX_LATER = 120, 180
"""Words of the own text."""
MAX_SUBJECT, MAX_PREHEADER = 60, 110
"""Columns; a Chinese character takes two."""


def _mail(mail: Mail) -> Iterator[Finding]:
    """Its own text has too many words."""
    count, most = count_words(mail.own), MAX_FIRST if mail.is_first else MAX_LATER
    if count > most:
        kind = "a first mail" if mail.is_first else "a mail"
        what = f"{count} words without the footer; {kind} is read up to about {most}"
        yield Finding(mail.at(""), what, "keep one thought, leave the others to later steps")


def _subject(mail: Mail) -> Iterator[Finding]:
    """A subject that inboxes cut off."""
    columns = width(mail.subject or "")
    if mail.buyer is Buyer.FULL and columns > MAX_SUBJECT:
        what = f"the subject takes {columns} columns; inboxes cut it at about {MAX_SUBJECT}"
        yield Finding(mail.at_subject(), what, "say the one thing that concerns this buyer, first")


def _preheader(mail: Mail) -> Iterator[Finding]:
    """A preheader that inboxes cut off."""
    columns = width(mail.preheader or "")
    if mail.buyer is Buyer.FULL and columns > MAX_PREHEADER:
        what = f"the preheader takes {columns} columns; inboxes show {MAX_PREHEADER} at most"
        yield Finding(mail.at_preheader(), what, "shorten it, or leave it out")


MAIL = Rule(
    "long-mail",
    f"a first mail of more than {MAX_FIRST} words, any other of more than {MAX_LATER} (footer left out)",
    "Buyers decide in seconds, on a phone; a company brochure is closed unread.",
    _mail,
)
SUBJECT = Rule(
    "long-subject",
    f"a subject wider than {MAX_SUBJECT} columns (a Chinese character takes two)",
    "Inboxes cut it off, on phones even earlier, and what is cut off is not read.",
    _subject,
)
PREHEADER = Rule(
    "long-preheader",
    f"a preheader wider than {MAX_PREHEADER} columns",
    "Inboxes cut it off after the subject, so its end says nothing to anybody.",
    _preheader,
)
