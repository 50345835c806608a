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


def check(reading: Reading) -> Verdict | None:
    """Bulk marks count only where the mail cites none of our ids: helpdesks put them on answers too."""
    mail = reading.mail
    if reading.answers_us:
        return None
    for name in _MARKS:
        if name in mail.headers:
            return _verdict(f"header:{name}", mail.header(name))
    precedence = mail.header("precedence").strip().lower()
    if precedence in {"bulk", "list", "junk"}:
        return _verdict("header:Precedence", precedence)
    submitted = mail.header("auto-submitted").strip().lower()
    if submitted not in {"", "no"} and not reading.is_known:
        return _verdict("header:Auto-Submitted", submitted)
    if "text/calendar" in mail.part_types and not reading.is_known:
        return _verdict("part:text/calendar", "")
    return None


def _verdict(where: str, span: str) -> Verdict:
    return Verdict(kind=VerdictKind.OTHER, evidence=evidence(NAME, where, span))


RULE = Rule(NAME, "Bulk, list or calendar mail that answers none of ours.", check)
