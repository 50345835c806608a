"""What DNS said of contacts' domains: written beside the contacts, in batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, update

from sequencer.core.domain_mail import MailCheck
from sequencer.store.engine import Tx
from sequencer.store.schema import contacts


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedContact:
    """One contact's verdict, for the address it was asked for."""

    contact_id: int
    address_key: str
    check: MailCheck


def record_mail_checks(tx: Tx, checked: Sequence[CheckedContact], now: datetime) -> None:
    """Note the verdicts. At most MAX_ROWS_PER_WRITE in one transaction.

    A contact whose address changed while DNS was asked is left alone. So is one of whom an earlier run
    learned something when DNS did not answer this time: silence takes nothing back.
    """
    for is_known in (True, False):
        rows = [
            {"of_id": one.contact_id, "of_key": one.address_key, "said": one.check.value, "at": now}
            for one in checked
            if (one.check is not MailCheck.NOT_CHECKED) == is_known
        ]
        statement = update(contacts).where(
            contacts.c.id == bindparam("of_id"), contacts.c.address_key == bindparam("of_key")
        )
        if not is_known:
            never = or_(contacts.c.mail_check.is_(None), contacts.c.mail_check == MailCheck.NOT_CHECKED.value)
            statement = statement.where(never)
        if rows:
            values: dict[str, Any] = {"mail_check": bindparam("said"), "mail_checked_at": bindparam("at")}
            tx.execute(statement.values(values), rows)
