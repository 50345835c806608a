"""Complaints by feedback loop (RFC 5965), and reports about authentication that complain of nobody."""

import re

from sequencer.core.classify.returned import original_ids, original_recipients
from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import Verdict, VerdictKind
from sequencer.core.mime_headers import Fields, find_addresses

NAME = "feedback_report"

_REPORT_TYPES = frozenset({"auth-failure", "dmarc", "not-spam", "tls-rpt", "dkim", "spf"})
_AGGREGATE = re.compile(
    r"^\s*(?:report domain:\s*\S+\s+submitter:|(?:fw: )?\[?(?:dmarc|netease dmarc)\b.{0,40}\breport|tls "
    r"report for\b)"
    r"|\bdmarc (?:failure|aggregate|forensic) report\b|\breport-id:\s*\S",
    re.IGNORECASE,
)
_FAILURE_TEXT = re.compile(
    r"this is (?:a|an) (?:spf/dkim )?(?:authentication|dmarc)[\w-]{0,20}[ -]failure[ \w]{0,20}report"
    r"|message .{0,60}failed (?:the )?(?:dmarc|spf|dkim)[\s\S]{0,200}(?:report|policy)",
    re.IGNORECASE,
)
_JUNK_REPORT = re.compile(
    r"complaint about message from (?:\d{1,3}\.\d|[0-9a-f]{1,4}:)|^this is an email abuse report\b",
    re.IGNORECASE,
)


def check(reading: Reading) -> Verdict | None:
    """A feedback part decides by its type; provider forms without that part by their wording."""
    mail = reading.mail
    if mail.feedback is not None:
        return _by_type(reading, mail.feedback)
    if mail.report_type == "tlsrpt":
        return Verdict(kind=VerdictKind.REPORT, evidence=evidence(NAME, "header:Content-Type", "tlsrpt"))
    if _AGGREGATE.search(mail.subject) or (
        _FAILURE_TEXT.search(reading.own[:2000]) and not reading.answers_us
    ):
        if reading.answers_us or mail.header("in-reply-to"):
            return None
        return Verdict(kind=VerdictKind.REPORT, evidence=evidence(NAME, "subject", mail.subject))
    match = _JUNK_REPORT.search(f"{mail.subject}\n{mail.text[:500]}")
    if match and mail.returned:
        return _complaint(reading, "subject", match[0])
    return None


def _by_type(reading: Reading, feedback: Fields) -> Verdict:
    kind = feedback.first("feedback-type").strip().lower()
    if kind in _REPORT_TYPES or "auth-failure" in feedback:
        return Verdict(
            kind=VerdictKind.REPORT,
            evidence=evidence(NAME, "part:feedback-report", f"Feedback-Type: {kind}"),
            original_ids=original_ids(reading.mail),
        )
    return _complaint(reading, "part:feedback-report", f"Feedback-Type: {kind or 'abuse'}")


def _complaint(reading: Reading, where: str, span: str) -> Verdict:
    feedback = reading.mail.feedback
    named: list[str] = []
    if feedback is not None:
        for name in ("original-rcpt-to", "removal-recipient"):
            named += [address for value in feedback.every(name) for address in find_addresses(value, 20)]
    recipients = tuple(dict.fromkeys(named)) or original_recipients(reading.mail)
    return Verdict(
        kind=VerdictKind.COMPLAINT,
        evidence=evidence(NAME, where, span),
        recipients=recipients,
        original_ids=original_ids(reading.mail),
    )


RULE = Rule(NAME, "A feedback loop reports a complaint, or an authentication failure.", check)
