"""A person's mail that answers us or comes from a contact or their company, and what it seems to want."""

import re

from sequencer.core.classify.intent import intent_of
from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import Verdict, VerdictKind

NAME = "human_reply"


def check(reading: Reading) -> Verdict | None:
    """No rule above took it for a machine's: a reply, or ambiguous when nothing shows that a person wrote."""
    mail, context = reading.mail, reading.context
    if not reading.is_known:
        return None
    if reading.auto_submitted:
        return _ambiguous("header:Auto-Submitted", reading.auto_submitted)
    if not reading.answers_us and "text/calendar" in mail.part_types and not _is_comment(reading.own):
        return _ambiguous("part:text/calendar", mail.subject)
    if not reading.answers_us and not reading.own and not mail.subject.strip():
        return _ambiguous("message", "empty, and answers none of ours")
    intent = intent_of(reading.own)
    if reading.cited:
        where, span = "header:References", reading.cited[0]
    elif context.has_our_token:
        where, span = "address", "a token of ours"
    else:
        where, span = "header:From", mail.from_address
    return Verdict(kind=VerdictKind.REPLY, evidence=evidence(NAME, where, span), intent=intent)


_CALENDAR_WORDS = re.compile(
    r"invitation|invited|einladung|invitaci|convite|invito|uitnodig|inbjud|приглашен|邀请|邀請|招待|초대"
    r"|calendar|kalender|^\s*(?:when|wann|quand|cuándo|quando|where|wo|时间|時間)\s?[:\uff1a]|https?://"
    r"|has (?:accepted|declined)|hat (?:zugesagt|abgesagt)|[*~_]{5}",
    re.IGNORECASE | re.MULTILINE,
)


def _is_comment(own: str) -> bool:
    """What a person adds to an answer of their calendar; programs' own words name the invitation."""
    return bool(own) and len(own) <= 1_000 and not _CALENDAR_WORDS.search(own)


def _ambiguous(where: str, span: str) -> Verdict:
    return Verdict(kind=VerdictKind.AMBIGUOUS, evidence=evidence(NAME, where, span))


RULE = Rule(NAME, "A person answers us, or a contact writes.", check)
