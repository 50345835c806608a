"""Refusals in servers' words: what they mean, and that only dead addresses are hard."""

import pytest

from sequencer.core.classify.bounce_reason import CLASSES, diagnose
from sequencer.core.classify.bounce_words import REASON_WORDS, STATUS_REASONS
from sequencer.core.inbound import BounceClass

TOLD = [
    ("550 5.1.1 <x@y.example>: Recipient address rejected: User unknown in local table", "5.1.1", "dead"),
    ("550 No such user here", "", "soft"),
    ("No such user here", "", "dead"),
    ("550 5.1.1 The email account that you tried to reach does not exist", "5.1.1", "dead"),
    ("550 5.4.1 [x@y.example]: Recipient address rejected: Access denied", "5.4.1", "dead"),
    ("550 Mailbox not found", "5.0.0", "dead"),
    ("550 invalid mailbox, 用户不存在", "5.0.0", "dead"),
    ("550 нет такого пользователя", "", "dead"),
    ("Host or domain name not found. Name service error: Host not found", "5.4.4", "dead"),
    ("556 5.1.10 domain does not accept mail (nullMX)", "5.1.10", "dead"),
    ("552 5.2.2 The mailbox is over quota", "5.2.2", "full"),
    ("452 4.2.2 mailbox full", "4.2.2", "full"),
    ("收件人邮箱空间已满", "", "full"),
    ("connect to mx.y.example[192.0.2.1]:25: Connection timed out", "4.4.1", "soft"),
    ("delivery temporarily suspended: lost connection", "4.4.2", "soft"),
    ("550 5.2.1 This account has been disabled", "5.2.1", "soft"),
    ("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.example", "5.7.1", "policy"),
    ("550 5.7.26 Unauthenticated email is not accepted due to the domain's DMARC policy", "5.7.26", "policy"),
    ("450 4.7.25 Client host rejected: cannot find your hostname", "4.7.25", "policy"),
    ("554 5.7.1 Relay access denied", "5.7.1", "policy"),
    ("550 5.1.8 Domain of sender address a@b.example does not exist", "5.1.8", "policy"),
    ("550 5.7.27 sender has a null record", "5.7.27", "policy"),
    ("550 5.7.1 Message rejected as spam by content filter", "5.7.1", "content"),
    ("552 5.3.4 Message size exceeds fixed limit", "5.3.4", "content"),
    ("554 5.7.1 virus detected", "5.7.1", "content"),
    ("550 Ip frequency limited", "5.0.0", "rate"),
    ("421 4.7.28 Our system has detected an unusual rate of mail", "4.7.28", "rate"),
    ("421 too many connections from your host", "4.7.0", "rate"),
]


@pytest.mark.parametrize(("words", "status", "expected"), TOLD)
def test_a_refusal_is_classed_by_its_words(words: str, status: str, expected: str) -> None:
    failure = diagnose(words, status)
    assert failure.bounce_class == BounceClass(expected), failure
    assert failure.is_hard == (expected == "dead")


def test_a_temporary_unknown_user_is_not_dead() -> None:
    failure = diagnose("450 4.1.1 <x@y.example>: Recipient address rejected: User unknown", "4.1.1")
    assert (failure.bounce_class, failure.is_permanent, failure.is_hard) == (BounceClass.SOFT, False, False)


def test_an_unknown_user_after_the_content_is_a_filters_pretext() -> None:
    failure = diagnose("550 Unknown user x@y.example (in reply to end of DATA command)", "5.0.0")
    assert not failure.is_hard


def test_silence_is_soft_and_a_bare_status_speaks() -> None:
    assert diagnose("", "").bounce_class is BounceClass.SOFT
    assert diagnose("", "5.1.1").is_hard
    assert diagnose("", "5.2.2").bounce_class is BounceClass.FULL
    assert diagnose("", "5.7.1").bounce_class is BounceClass.POLICY


def test_every_reason_has_a_class() -> None:
    assert {reason for reason, _ in REASON_WORDS} | set(STATUS_REASONS.values()) <= set(CLASSES)
