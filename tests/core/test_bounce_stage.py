"""The step of the SMTP talk at which a server refused, and what that makes of its words."""

from datetime import UTC, datetime

import pytest

from sequencer.core.classify import ClassifyContext, classify
from sequencer.core.classify.bounce_reason import diagnose
from sequencer.core.classify.bounce_stage import stage_of
from sequencer.core.inbound import VerdictKind
from sequencer.core.mime import parse_mail

SAID = [
    ("SMTP error from remote mail server after initial connection: 554 no", "connect"),
    ("SMTP error from remote mail server after EHLO mx.example: 550 no", "hello"),
    ("Connected to 192.0.2.9 but my name was rejected.", "hello"),
    ("SMTP error from remote mail server after MAIL FROM:<a@b.example>: 550 no", "mail"),
    ("host mx said: 550 User unknown (in reply to RCPT TO command)", "recipient"),
    ("192.0.2.9 does not like recipient.", "recipient"),
    ("host mx said: 550 User unknown (in reply to end of DATA command)", "data"),
    (">>> RCPT To:<a@b.example>\n<<< 550 no", "recipient"),
    (">>> DATA\n<<< 554 no", "data"),
    (">>> QUIT\n<<< 221 bye", ""),
    ("550 User unknown", ""),
]


@pytest.mark.parametrize(("said", "stage"), SAID)
def test_the_step_is_read_from_what_the_report_says(said: str, stage: str) -> None:
    assert stage_of(said) == stage


@pytest.mark.parametrize(
    ("stage", "reason", "is_hard"),
    [
        ("recipient", "userunknown", True),
        ("data", "filtered", False),
        ("mail", "rejected", False),
        ("hello", "blocked", False),
        ("connect", "blocked", False),
        ("", "filtered", False),
    ],
)
def test_an_unknown_user_is_dead_only_where_the_recipient_was_named(
    stage: str, reason: str, is_hard: bool
) -> None:
    failure = diagnose("550 User unknown", "5.0.0", stage=stage)
    assert (failure.reason, failure.is_hard) == (reason, is_hard)


def test_an_address_code_needs_no_step() -> None:
    assert diagnose("550 5.1.1 User unknown").is_hard


def test_codes_repeated_on_each_line_do_not_tear_a_sentence() -> None:
    words = "550-5.7.1 [192.0.2.9] Messages with multiple 550 5.7.1 addresses in From: are not accepted"
    assert diagnose(words, "5.7.1").reason == "notcompliantrfc"


def test_the_answer_that_ironport_cites_beats_its_own_words() -> None:
    words = "5.1.0 - Unknown address error 550-'5.7.1 <x@y.example>... Access denied' (delivery attempts: 0)"
    assert not diagnose(words, "5.0.0").is_hard


def test_a_report_about_a_crowd_suppresses_nobody() -> None:
    blocks = "".join(
        f"Final-Recipient: rfc822; b{i}@c.example\nAction: failed\nStatus: 5.1.1\n\n" for i in range(150)
    )
    raw = f"From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail\n\n{blocks}"
    verdict = classify(
        parse_mail(raw.encode()), ClassifyContext(received_at=datetime(2026, 10, 12, tzinfo=UTC))
    )
    assert (verdict.kind, verdict.hard) == (VerdictKind.BOUNCE, False)
