"""What an incoming message is: an ordered list of small rules, each its own file."""

from dataclasses import replace

from sequencer.core.classify import (
    auto_reply,
    bounce_inside_text,
    bounce_report,
    bounce_text,
    bulk_mail,
    challenge,
    feedback_report,
    human_reply,
    list_unsubscribe,
    own_mail,
    receipt,
    ses_notification,
    unsubscribe_words,
)
from sequencer.core.classify.rule import ClassifyContext, Rule, evidence, read
from sequencer.core.inbound import Verdict, VerdictKind
from sequencer.core.mime import InboundMail

__all__ = ["RULES", "ClassifyContext", "Rule", "classify"]

RULES: tuple[Rule, ...] = (
    own_mail.RULE,
    ses_notification.RULE,
    feedback_report.RULE,
    bounce_report.RULE,
    receipt.RULE,
    bounce_inside_text.RULE,
    bounce_text.RULE,
    challenge.RULE,
    list_unsubscribe.RULE,
    auto_reply.RULE,
    bulk_mail.RULE,
    unsubscribe_words.RULE,
    human_reply.RULE,
)
"""Asked in this order; the first verdict stands. Bounces come before auto-replies because half of them
carry Auto-Submitted, and everything a machine writes comes before what only a person's words decide."""


def classify(mail: InboundMail, context: ClassifyContext) -> Verdict:
    """The verdict on one message, with evidence; `other` when no rule speaks. Never raises."""
    reading = read(mail, context)
    for rule in RULES:
        verdict = rule.check(reading)
        if verdict is not None:
            return replace(verdict, own_text=reading.own)
    nothing = evidence("other", "message", "neither answers us nor comes from a contact")
    return Verdict(kind=VerdictKind.OTHER, evidence=nothing, own_text=reading.own)
