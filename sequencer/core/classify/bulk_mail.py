"""Newsletters, list mail, notifications and calendar mail that do not answer us: nothing follows."""

from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import Verdict, VerdictKind

NAME = "bulk_mail"

_MARKS = (
    "list-id",
    "list-unsubscribe",
    "list-post",
    "feedback-id",
    "x-csa-complaints",
    "x-mailchimp-id",
    "x-campaign",
)
_LIST_MARKS = frozenset({"list-id", "list-post"})


def check(reading: Reading) -> Verdict | None:
    """Bulk marks count only where the mail cites none of our ids: helpdesks put them on answers too."""
    mail = reading.mail
    if reading.answers_us:
        return None
    is_personal = _is_personal(reading)
    for name in _MARKS:
        if name in mail.headers and not (is_personal and name in _LIST_MARKS):
            return _verdict(f"header:{name}", mail.header(name))
    precedence = mail.header("precedence").strip().lower()
    if precedence in {"bulk", "list", "junk"} and not (is_personal and precedence == "list"):
        return _verdict("header:Precedence", precedence)
    submitted = reading.auto_submitted
    if submitted and not reading.is_known:
        return _verdict("header:Auto-Submitted", submitted)
    if "text/calendar" in mail.part_types and not reading.is_known:
        return _verdict("part:text/calendar", "")
    return None


def _is_personal(reading: Reading) -> bool:
    """A contact writes to our own address through their company's group, which marks all it passes on."""
    mail, context = reading.mail, reading.context
    sent_to = {address.lower() for address in (*mail.to, *mail.cc)}
    return (
        context.sender_is_contact
        and bool(sent_to & context.own_addresses)
        and not any(name in mail.headers for name in _MARKS if name not in _LIST_MARKS)
        and not reading.auto_submitted
    )


def _verdict(where: str, span: str) -> Verdict:
    return Verdict(kind=VerdictKind.OTHER, evidence=evidence(NAME, where, span))


RULE = Rule(NAME, "Bulk, list or calendar mail that answers none of ours.", check)
