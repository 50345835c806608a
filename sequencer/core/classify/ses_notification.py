"""Amazon SES events that come as mail: JSON by Amazon SNS about a bounce, complaint, delay or delivery.

Fields: docs.aws.amazon.com/ses/latest/dg/notification-contents.html, and its page on event publishing.
"""

import json
from typing import Any

from sequencer.core.classify.bounce_reason import Failure, diagnose
from sequencer.core.classify.returned import original_ids
from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import Verdict, VerdictKind
from sequencer.core.mime import InboundMail
from sequencer.core.mime_headers import find_address

NAME = "ses_notification"

_SENDERS = ("@sns.amazonaws.com", "@sns.amazonaws.com.cn")
_RECIPIENTS = {
    "bounce": "bouncedRecipients",
    "complaint": "complainedRecipients",
    "delivery": "recipients",
    "deliveryDelay": "delayedRecipients",
}
_KINDS = {
    "bounce": VerdictKind.BOUNCE,
    "complaint": VerdictKind.COMPLAINT,
    "delivery": VerdictKind.RECEIPT,
    "deliveryDelay": VerdictKind.DELAY,
}
_SUBTYPES = {
    "noemail": "userunknown",
    "suppressed": "userunknown",
    "onaccountsuppressionlist": "suspend",
    "mailboxfull": "mailboxfull",
    "messagetoolarge": "mesgtoobig",
    "contentrejected": "contenterror",
    "attachmentrejected": "contenterror",
}
_WORDS = {
    "userunknown": "5.1.1",
    "suspend": "5.2.1",
    "mailboxfull": "4.2.2",
    "mesgtoobig": "5.3.4",
    "contenterror": "5.6.0",
}


def check(reading: Reading) -> Verdict | None:
    """Only SNS's own mail is believed; `Permanent` alone never says that an address is dead."""
    mail = reading.mail
    event = _event(mail)
    if event is None:
        return None
    name = str(event.get("notificationType") or event.get("eventType") or "")
    key = name[:1].lower() + name[1:]
    details = event.get(key)
    if key not in _KINDS or not isinstance(details, dict):
        return None
    proof = evidence(NAME, "text", f"notificationType: {name}")
    named = _named(details, _RECIPIENTS[key])
    recipients = tuple(dict.fromkeys(address for address, _ in named if address))
    ids = original_ids(mail)
    if key in {"complaint", "delivery"}:
        reason = "delivered" if key == "delivery" else ""
        return Verdict(
            kind=_KINDS[key], evidence=proof, reason=reason, recipients=recipients, original_ids=ids
        )
    return _returned(
        _KINDS[key],
        details,
        named,
        Verdict(kind=_KINDS[key], evidence=proof, recipients=recipients, original_ids=ids),
    )


def _returned(
    kind: VerdictKind, details: dict[str, Any], named: list[tuple[str, dict[str, Any]]], told: Verdict
) -> Verdict:
    failures = [_failure(details, one) for _, one in named] or [_failure(details, {})]
    first = next((one for one in failures if not one.is_hard), failures[0])
    is_bounce = kind is VerdictKind.BOUNCE
    is_permanent = is_bounce and first.is_permanent and details.get("bounceType") != "Transient"
    return Verdict(
        kind=kind,
        evidence=told.evidence,
        bounce_class=first.bounce_class,
        permanence="permanent" if is_permanent else "temporary",
        hard=is_permanent and first.is_hard,
        reason=first.reason,
        recipients=told.recipients,
        original_ids=told.original_ids,
    )


def _failure(details: dict[str, Any], one: dict[str, Any]) -> Failure:
    """The other server's answer; where SES cites none, what its subtype says."""
    status = str(one.get("status") or "")
    answer = str(one.get("diagnosticCode") or "").partition(";")[2]
    subtype = str(details.get("bounceSubType") or details.get("delayType") or "").lower()
    if not answer and not status:
        status = _WORDS.get(_SUBTYPES.get(subtype, ""), "")
    return diagnose(answer, status, is_final_by_text=details.get("bounceType") == "Permanent")


def is_event_sender(mail: InboundMail) -> bool:
    """Whether it comes from Amazon SNS, which sends alarms and much else as well."""
    return mail.from_address.lower().endswith(_SENDERS)


def _event(mail: InboundMail) -> dict[str, Any] | None:
    text = mail.text.lstrip()
    if not text.startswith("{") or not is_event_sender(mail):
        return None
    event = _parsed(text)
    if isinstance(event, dict) and isinstance(event.get("Message"), str):
        event = _parsed(event["Message"].lstrip())
    return event if isinstance(event, dict) else None


def _parsed(text: str) -> object:
    try:
        found: object = json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None
    return found


def _named(details: dict[str, Any], key: str) -> list[tuple[str, dict[str, Any]]]:
    listed = details.get(key)
    found: list[tuple[str, dict[str, Any]]] = []
    for one in listed[:50] if isinstance(listed, list) else []:
        entry = one if isinstance(one, dict) else {"emailAddress": one}
        found.append((find_address(str(entry.get("emailAddress") or "")), entry))
    return found


RULE = Rule(NAME, "Amazon SES reports a bounce, a complaint, a delay or a delivery.", check)
