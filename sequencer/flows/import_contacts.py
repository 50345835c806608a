"""Import a list of contacts: every row ends as added, updated, unchanged, skipped or rejected."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sequencer.core.candidate import Candidate, CountryCode, Unusable, candidates
from sequencer.core.contact import Contact
from sequencer.core.contact_import import Decision, Known, Outcome, Rules, Seen, decide
from sequencer.core.contact_list import ContactList
from sequencer.errors import InputError
from sequencer.flows.change_address import change_address
from sequencer.flows.was_erased import erased_keys
from sequencer.store.contacts import (
    add_former_addresses,
    contacts_at,
    contacts_with_external_ids,
    insert_contacts,
    update_contacts,
)
from sequencer.store.engine import MAX_ROWS_PER_WRITE, Store, Tx, chunks
from sequencer.store.suppressions import suppressed_among, suppressed_contacts

# A row may write two rows (the contact and a former address).
_BATCH = MAX_ROWS_PER_WRITE // 2
_LINE = re.compile(r" line \d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of one list."""

    path: str
    lines: int
    """Rows in the file; one with several addresses is several decisions."""
    decisions: tuple[Decision, ...]
    is_dry_run: bool

    def count(self, outcome: Outcome) -> int:
        """How many rows ended so; the five add up to the decisions."""
        return self._counts[outcome]

    def of(self, outcome: Outcome) -> list[Decision]:
        """The rows that ended so, in order."""
        return [one for one in self.decisions if one.outcome is outcome]

    def reasons(self, outcome: Outcome) -> dict[str, int]:
        """How often each reason was given for an outcome, the commonest first; line numbers left out."""
        found = Counter(_LINE.sub(" another line", one.reason) for one in self.of(outcome))
        return dict(found.most_common())

    @property
    def people(self) -> Iterator[Contact]:
        """Whom the list is about, as they are known after it; not who was skipped or rejected."""
        for one in self.decisions:
            if one.outcome not in (Outcome.SKIPPED, Outcome.REJECTED) and (known := one.after or one.before):
                yield known

    @property
    def _counts(self) -> Counter[Outcome]:
        return Counter(one.outcome for one in self.decisions)


def import_contacts(
    store: Store,
    contact_list: ContactList,
    rules: Rules,
    *,
    country_code: CountryCode,
    now: datetime,
    key: bytes | None = None,
    is_dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> ImportReport:
    """Bring a list into the store in short transactions; a dry run only says what would happen.

    With the workspace's `key`, people who were erased on request are known again and skipped.
    A crash in between leaves whole batches done; importing the list again finds those rows unchanged.
    InputError when `rules.wide.owner` is no rep.
    """
    if rules.wide.owner is not None and rules.wide.owner not in rules.reps:
        known = ", ".join(sorted(rules.reps))
        raise InputError(f"there is no rep {rules.wide.owner!r}", hint=f"the reps are: {known}")
    judged = [one for row in contact_list.rows for one in candidates(row, country_code)]
    seen = Seen()
    decisions: list[Decision] = []
    for batch in chunks(judged, _BATCH):
        with store.read() if is_dry_run else store.write() as tx:
            decided = _decided(tx, batch, seen, rules, key)
            if not is_dry_run:
                _write(tx, decided, now)
        decisions += decided
        progress(len(decisions), len(judged))
    return ImportReport(
        path=contact_list.path,
        lines=len(contact_list.rows),
        decisions=tuple(decisions),
        is_dry_run=is_dry_run,
    )


def _decided(
    tx: Tx, batch: Sequence[Candidate | Unusable], seen: Seen, rules: Rules, key: bytes | None
) -> list[Decision]:
    usable = [one for one in batch if isinstance(one, Candidate)]
    keys = {one.checked.address_key for one in usable if one.checked}
    known = Known(
        by_external_id=contacts_with_external_ids(tx, {one.external_id for one in usable if one.external_id}),
        by_key=contacts_at(tx, keys),
        erased=erased_keys(tx, key, {one for said in usable for one in said.address_keys})
        if key
        else frozenset(),
    )
    return _with_suppressions(tx, [decide(one, known, seen, rules) for one in batch])


def _with_suppressions(tx: Tx, decisions: list[Decision]) -> list[Decision]:
    """The decisions; a note says which contacts nothing will be sent to."""
    people = [one.after or one.before for one in decisions]
    by_key = suppressed_among(tx, {one.address_key for one in people if one})
    by_id = suppressed_contacts(tx, [one.before for one in decisions if one.before])
    noted = []
    for decision, one in zip(decisions, people, strict=True):
        found = (by_key.get(one.address_key) or by_id.get(one.id)) if one else None
        note = (f"suppressed ({found.reason}): nothing will be sent",) if found else ()
        noted.append(replace(decision, notes=(*decision.notes, *note)) if note else decision)
    return noted


def _write(tx: Tx, decisions: Sequence[Decision], now: datetime) -> None:
    for one in decisions:
        if one.is_address_change and one.before and one.after:
            change_address(tx, one.before, one.after, now)
    insert_contacts(tx, [one.after for one in decisions if one.after and one.before is None], now)
    update_contacts(tx, [one.after for one in decisions if one.after and one.before], now)
    former = {
        contact.address_key: [(old.address, old.address_key) for old in one.former]
        for one in decisions
        if one.former and (contact := one.after or one.before)
    }
    if former:
        add_former_addresses(tx, former, now)
