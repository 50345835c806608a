"""The fault matrix: every row, and the tables of docs/faults.md that are made of them."""

from tests.docs.tables import Row
from tests.faults.imap_rows import READING
from tests.faults.row import ImapRow, SmtpRow
from tests.faults.smtp_connect import AT_CONNECT
from tests.faults.smtp_content import AT_CONTENT
from tests.faults.smtp_login import AT_LOGIN
from tests.faults.smtp_recipient import AT_RECIPIENT

SMTP: tuple[SmtpRow, ...] = (*AT_CONNECT, *AT_LOGIN, *AT_RECIPIENT, *AT_CONTENT)
IMAP: tuple[ImapRow, ...] = READING


def _smtp(rows: tuple[SmtpRow, ...]) -> list[Row]:
    return [
        (
            row.happens,
            row.message,
            str(row.copies),
            row.enrollment,
            row.mailbox,
            row.read,
            row.mend,
            row.afterwards,
        )
        for row in rows
    ]


def _imap(rows: tuple[ImapRow, ...]) -> list[Row]:
    return [
        (
            row.happens,
            row.followup,
            row.enrollment,
            row.inbox,
            row.read,
            row.mend,
            row.afterwards,
            row.answered,
        )
        for row in rows
    ]


TABLES: dict[str, list[Row]] = {
    "SMTP: connection and encryption": _smtp(AT_CONNECT),
    "SMTP: login and sender": _smtp(AT_LOGIN),
    "SMTP: at the recipient": _smtp(AT_RECIPIENT),
    "SMTP: the content and the final dot": _smtp(AT_CONTENT),
    "IMAP": _imap(IMAP),
}
"""Heading of docs/faults.md → its rows."""
