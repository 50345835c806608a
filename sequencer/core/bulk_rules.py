"""What the large mailbox providers ask of those who send much, with where they say so."""

from dataclasses import dataclass

BULK_PER_DAY = 5000
"""Mails a day to one provider's users from which Google and Microsoft call a domain a bulk sender."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRule:
    """One thing that is asked, by whom, since when."""

    rule: str
    asked_by: str
    since: str
    """The day it came into force, ISO 8601."""


SOURCES = {
    "Gmail": "https://support.google.com/a/answer/81126",
    "Yahoo": "https://senders.yahooinc.com/best-practices/",
    "Outlook.com": "https://techcommunity.microsoft.com (Outlook's requirements for high-volume senders)",
}
"""Where they say so; several guides of November 2026 gave the rules alike and name these pages."""

BULK_RULES = (
    BulkRule(
        rule="SPF or DKIM passes; whoever sends in bulk needs both",
        asked_by="Gmail, Yahoo; both also Outlook.com (since 2025-05-05)",
        since="2024-02-01",
    ),
    BulkRule(
        rule="a DMARC record (p=none will do), and SPF or DKIM aligned with the From domain",
        asked_by="Gmail, Yahoo; Outlook.com (since 2025-05-05)",
        since="2024-02-01",
    ),
    BulkRule(
        rule="the sending address has a name (PTR) that leads back to it",
        asked_by="Gmail, Yahoo",
        since="2024-02-01",
    ),
    BulkRule(
        rule="fewer than 3 in 1,000 recipients complain (Gmail advises fewer than 1)",
        asked_by="Gmail, Yahoo",
        since="2024-02-01",
    ),
    BulkRule(
        rule="one-click unsubscribe (RFC 8058) in bulk marketing mail",
        asked_by="Gmail, Yahoo; a working unsubscribe link: Outlook.com",
        since="2024-06-01",
    ),
)
