"""What a rule is, and what it may know besides the message itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sequencer.core.inbound import Evidence, Verdict
from sequencer.core.mime import InboundMail
from sequencer.core.own_text import own_text
from sequencer.core.ports import FolderRole

_FIRST_WORD = re.compile(r"\s*([^\s;(]+)")


def _nothing_is_ours(message_id: str) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyContext:
    """What the store and the folder say about one message."""

    received_at: datetime
    """INTERNALDATE, UTC: absences are counted from it, never from the sender's Date."""
    own_addresses: frozenset[str] = frozenset()
    """Every mailbox's and rep's address, lower case."""
    is_ours: Callable[[str], bool] = _nothing_is_ours
    """Whether a Message-ID (with angle brackets) was minted by us or is a relay's new id for one of ours."""
    has_our_token: bool = False
    """A token of ours stands in an address it was sent to or in its subject."""
    sent_subject: str | None = None
    """Subject of the message it answers, when known."""
    folder_role: FolderRole = FolderRole.INBOX
    sender_is_contact: bool = False
    """From is a contact's current or former address."""
    sender_is_company: bool = False
    """From is at a contact's company (never a free-mail domain)."""
    language: str | None = None
    """The contact's language tag, for dates such as 10/11."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as the rules see it: parsed, its own text found once, beside its context."""

    mail: InboundMail
    context: ClassifyContext
    own: str
    """What the sender wrote themselves."""
    cited: tuple[str, ...]
    """Those ids of ours that it says it answers."""

    @property
    def answers_us(self) -> bool:
        """It cites an id or carries a token of ours."""
        return bool(self.cited) or self.context.has_our_token

    @property
    def auto_submitted(self) -> str:
        """The word of Auto-Submitted; empty for what a person sent (`no`, whatever stands behind it)."""
        word = _FIRST_WORD.match(self.mail.header("auto-submitted").lower())
        return word[1] if word and word[1] != "no" else ""

    @property
    def is_known(self) -> bool:
        """It answers us, or comes from a contact or a contact's company."""
        return self.answers_us or self.context.sender_is_contact or self.context.sender_is_company


def read(mail: InboundMail, context: ClassifyContext) -> Reading:
    """The reading that every rule of one message shares."""
    cited = tuple(message_id for message_id in mail.answers if context.is_ours(message_id))
    return Reading(mail, context, own_text(mail.text), cited)


class Check(Protocol):
    """A rule's question: the verdict, or None to leave the message to the rules below."""

    def __call__(self, reading: Reading) -> Verdict | None: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of RULES."""

    name: str
    description: str
    """One sentence for `inbox explain`."""
    check: Check


def evidence(rule: str, where: str, span: str = "") -> tuple[Evidence, ...]:
    """One piece of evidence, its span cut to a readable length."""
    return (Evidence(rule=rule, where=where, span=" ".join(span.split())[:160]),)
