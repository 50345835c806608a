"""Amazon's events by mail: believed from Amazon only, harmless whatever their JSON holds."""

import json
from datetime import UTC, datetime

import pytest

from sequencer.core.classify import ClassifyContext, classify
from sequencer.core.inbound import Verdict, VerdictKind
from sequencer.core.mime import parse_mail

AMAZON = "no-reply@sns.amazonaws.com"
EVENT = {
    "notificationType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bouncedRecipients": [
            {
                "emailAddress": "ana@sol.example",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 unknown",
            },
            {"emailAddress": "eva@sol.example", "status": "5.2.2", "diagnosticCode": "smtp; 552 5.2.2 full"},
        ],
    },
    "mail": {"messageId": "0107-aa", "headers": [{"name": "Message-ID", "value": "<a1@sender.example>"}]},
}


def verdict(text: str, sender: str = AMAZON) -> Verdict:
    raw = f"From: {sender}\nSubject: AWS Notification Message\n\n{text}\n"
    context = ClassifyContext(received_at=datetime(2026, 10, 12, tzinfo=UTC))
    return classify(parse_mail(raw.encode()), context)


def test_a_bounce_names_its_recipients_and_both_ids() -> None:
    found = verdict(json.dumps(EVENT))
    assert (found.kind, found.recipients) == (VerdictKind.BOUNCE, ("ana@sol.example", "eva@sol.example"))
    assert found.original_ids == ("<a1@sender.example>", "<0107-aa@email.amazonses.com>")


def test_nobody_is_suppressed_for_a_neighbour() -> None:
    assert not verdict(json.dumps(EVENT)).hard
    alone = json.loads(json.dumps(EVENT))
    del alone["bounce"]["bouncedRecipients"][1]
    assert verdict(json.dumps(alone)).hard


def test_the_envelope_of_a_topic_is_opened() -> None:
    assert (
        verdict(json.dumps({"Type": "Notification", "Message": json.dumps(EVENT)})).kind is VerdictKind.BOUNCE
    )


@pytest.mark.parametrize("kind", ["DeliveryDelay", "Delivery", "Complaint"])
def test_the_other_events_are_no_bounces(kind: str) -> None:
    wanted = {"DeliveryDelay": "delay", "Delivery": "receipt", "Complaint": "complaint"}[kind]
    found = verdict(json.dumps({"eventType": kind, kind[:1].lower() + kind[1:]: {}}))
    assert (found.kind.value, found.hard) == (wanted, False)


def test_a_transient_bounce_is_temporary() -> None:
    event = {
        "notificationType": "Bounce",
        "bounce": {"bounceType": "Transient", "bounceSubType": "MailboxFull"},
    }
    found = verdict(json.dumps(event))
    assert (found.permanence, found.bounce_class and found.bounce_class.value) == ("temporary", "full")


def test_the_same_text_from_anybody_else_is_no_event() -> None:
    assert verdict(json.dumps(EVENT), "ana@sol.example").kind is VerdictKind.OTHER


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 20_000,
        "{" + "[" * 60_000,
        json.dumps(EVENT)[:-40],
        '{"notificationType":"Bounce","bounce":[]}',
        '{"notificationType":"Bounce","bounce":{"bouncedRecipients":[1,null,{"emailAddress":[]}]}}',
        '{"notificationType":7}',
        "{}",
    ],
)
def test_garbled_events_suppress_nobody(text: str) -> None:
    assert not verdict(text).hard
