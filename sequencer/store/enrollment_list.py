"""Lists of enrollments with the addresses they write to, by what a person asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from sequencer.core.enrollment import Enrollment, EnrollmentState
from sequencer.store.by_state import stands_in
from sequencer.store.engine import Tx
from sequencer.store.enrollments import enrollment_of
from sequencer.store.schema import contacts, enrollments


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which enrollments; what is not said does not matter."""

    ids: Sequence[int] | None = None
    """At most a few thousand: they become parameters of one statement."""
    contact_id: int | None = None
    sequence: str | None = None
    states: Sequence[EnrollmentState] = ()
    step: str | None = None
    rep: str | None = None
    mailbox: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on `enrollments`."""
        wanted: list[ColumnElement[bool]] = []
        if self.ids is not None:
            wanted.append(enrollments.c.id.in_(list(self.ids)))
        if self.contact_id is not None:
            wanted.append(enrollments.c.contact_id == self.contact_id)
        for name in ("sequence", "step", "rep", "mailbox"):
            if (value := getattr(self, name)) is not None:
                wanted.append(enrollments.c[name] == value)
        if self.states:
            is_about_few = self.ids is not None or self.contact_id is not None
            in_state = enrollments.c.state.in_(list(self.states))
            wanted.append(in_state if is_about_few else stands_in(enrollments, self.states))
        return wanted


def listed(tx: Tx, which: Filter, limit: int | None = None) -> list[tuple[Enrollment, str]]:
    """These enrollments, each with its contact's address, oldest first."""
    query = (
        select(enrollments, contacts.c.address)
        .join(contacts, contacts.c.id == enrollments.c.contact_id)
        .where(*which.conditions())
        .order_by(enrollments.c.id)
        .limit(limit)
    )
    return [(enrollment_of(row), row["address"]) for row in tx.execute(query).mappings()]


def count(tx: Tx, which: Filter) -> int:
    """How many these are."""
    query = select(func.count()).select_from(enrollments).where(*which.conditions())
    return int(tx.execute(query).scalar_one())
