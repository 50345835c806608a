"""What keeps buyers from answering and filters from delivering: a list of small rules, one idea a file."""

from sequencer.core.lint import (
    attachments,
    bare_contact,
    capitals,
    dear_sir,
    empty_greeting,
    exclamations,
    filter_words,
    length,
    links,
    opt_out,
    persistence,
    postal_address,
    questions,
    same_sentence,
)
from sequencer.core.lint.mail import Mail
from sequencer.core.lint.rule import Finding, Rule

__all__ = ["RULES", "Finding", "Mail", "Rule"]

RULES: tuple[Rule, ...] = (
    bare_contact.RULE,
    empty_greeting.RULE,
    dear_sir.RULE,
    length.SUBJECT,
    filter_words.RULE,
    length.PREHEADER,
    length.MAIL,
    questions.RULE,
    capitals.RULE,
    exclamations.RULE,
    same_sentence.RULE,
    links.SEVERAL,
    links.BARE,
    attachments.SIZE,
    attachments.KIND,
    opt_out.RULE,
    postal_address.RULE,
    persistence.THREAD,
    persistence.TOUCHES,
)
"""In the order in which a mail is read; each is asked about every mail."""
