"""Enroll: who enters a sequence, who is refused and why, and what load that makes; then the entering."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sequencer.config import Rep
from sequencer.core.contact import Contact
from sequencer.core.domain_mail import MailCheck
from sequencer.core.erasure import WAS_ERASED
from sequencer.core.progress import Standing, first_standing
from sequencer.core.sequence import Sequence as PinnedSequence
from sequencer.core.sequence import SequenceVersion
from sequencer.core.zones import place_of
from sequencer.errors import InputError, SequencerError
from sequencer.flows.compose import render_faults
from sequencer.flows.engine import Engine
from sequencer.store import contacts, enrolling, enrollments, mailboxes, suppressions, versions
from sequencer.store.engine import Tx, chunks
from sequencer.store.enrollments import NewEnrollment

_NO_MAIL = (
    "their domain takes no mail, said DNS; "
    "`sequencer contacts list --where 'mail_check == \"no_mail\"'` names them"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A contact who does not enter, with the reason."""

    address: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Which refusals the user lifted."""

    also: bool = False
    """A contact active in another sequence may enter too."""
    again: bool = False
    """A contact who has been through this sequence enters another round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollPlan:
    """Everything `enroll` shows before it asks."""

    version: SequenceVersion
    rules: Rules
    accepted: tuple[tuple[Contact, NewEnrollment], ...]
    refused: tuple[Refused, ...]
    warnings: tuple[str, ...]
    load: tuple[tuple[date, str, int], ...]
    """First messages per day (in the mailbox's zone) and mailbox."""
    guessed_zones: int


def plan_enrollment(
    engine: Engine, version: SequenceVersion, people: Sequence[Contact], acting: Rep, rules: Rules
) -> EnrollPlan:
    """Decide for each contact; nothing is written."""
    now = engine.clock.now()
    with engine.store.read() as tx:
        against = _against(engine, tx, version, people, rules, now)
        rounds = enrolling.rounds_so_far(tx, (c.id for c in people), version.sequence.name)
        loads = _mailbox_loads(tx, acting)
    refused, accepted, warnings = [], [], Counter[str]()
    for contact in people:
        reason = against.get(contact.id) or _owned_by_other(contact, acting)
        standing = None
        if reason is None:
            reason, standing = _fit(engine, version, contact, acting, warnings, now)
        if standing is None:
            refused.append(Refused(address=contact.address, reason=reason or "does not fit"))
            continue
        mailbox = min(loads, key=lambda name: (loads[name], name))
        loads[mailbox] += 1
        new = NewEnrollment(
            contact_id=contact.id,
            sequence=version.sequence.name,
            round=rounds.get(contact.id, 0) + 1,
            version_hash=version.hash,
            rep=acting.name,
            mailbox=mailbox,
            standing=standing,
        )
        accepted.append((contact, new))
    zone = engine.config.default_zone
    return EnrollPlan(
        version=version,
        rules=rules,
        accepted=tuple(accepted),
        refused=tuple(refused),
        warnings=tuple(f"{text} ({count} contacts)" for text, count in warnings.items()),
        load=_load(engine, [new for _contact, new in accepted]),
        guessed_zones=sum(place_of(contact, zone).is_guessed for contact, _new in accepted),
    )


def _fit(
    engine: Engine,
    version: SequenceVersion,
    contact: Contact,
    acting: Rep,
    warnings: Counter[str],
    now: datetime,
) -> tuple[str | None, Standing | None]:
    """Where the contact would begin, or why they can't."""
    faults, missing = render_faults(engine, version, contact, acting)
    if faults:
        return "; ".join(faults), None
    try:
        rhythm = engine.rhythm(contact, version.sequence)
        standing = first_standing(version.sequence, now, rhythm)
    except SequencerError as error:
        return str(error), None
    warnings.update(missing)
    if contact.mail_check == MailCheck.NO_MAIL:
        warnings[_NO_MAIL] += 1
    return None, standing


def last_pinned(engine: Engine, name: str) -> PinnedSequence | None:
    """The sequence as it was last enrolled; with it, a step renamed without `was` is a fault."""
    with engine.store.read() as tx:
        newest = versions.newest_of(tx, name)
        return engine.version(tx, newest).sequence if newest else None


def enroll(engine: Engine, plan: EnrollPlan) -> int:
    """Enter everyone the plan accepted and nothing speaks against by now; returns how many."""
    now = engine.clock.now()
    with engine.store.write() as tx:
        versions.keep(tx, plan.version, now)
    entered = 0
    for batch in chunks(plan.accepted):
        with engine.store.write() as tx:
            # Others may have enrolled or edited them, or they may have answered, since the plan was shown.
            new = _still_fit(engine, tx, plan, [one for _contact, one in batch], now)
            enrollments.add_many(tx, new, now)
            entered += len(new)
    return entered


def _still_fit(
    engine: Engine, tx: Tx, plan: EnrollPlan, planned: Sequence[NewEnrollment], now: datetime
) -> list[NewEnrollment]:
    people = contacts.contacts_of(tx, [one.contact_id for one in planned])
    against = _against(engine, tx, plan.version, list(people.values()), plan.rules, now)
    rounds = enrolling.rounds_so_far(tx, people, plan.version.sequence.name)
    return [
        replace(one, round=rounds.get(one.contact_id, 0) + 1)
        for one in planned
        if one.contact_id not in against and people[one.contact_id].owner in (None, one.rep)
    ]


def _against(
    engine: Engine,
    tx: Tx,
    version: SequenceVersion,
    people: Sequence[Contact],
    rules: Rules,
    now: datetime,
) -> dict[int, str]:
    """What the database holds against contacts, by contact id; one question per reason."""
    ids = [contact.id for contact in people]
    name = version.sequence.name
    against: dict[int, str] = {}
    since = now - timedelta(days=engine.config.limits.recently_answered_days)
    for contact_id, at in enrolling.last_answers(tx, ids, since).items():
        against[contact_id] = f"answered on {at:%Y-%m-%d}: write to them by hand"
    unfinished = enrolling.unfinished_sequences(tx, ids)
    if not rules.also:
        for contact_id, other in unfinished.items():
            if other != name:
                against.setdefault(contact_id, f"is in sequence {other} (--also to enroll anyway)")
    for contact_id, round_ in enrolling.rounds_so_far(tx, ids, name).items():
        if unfinished.get(contact_id) == name:
            against[contact_id] = f"is in {name} already"
        elif not rules.again:
            against[contact_id] = f"has been through {name} (round {round_}; --again for another round)"
    for contact_id, found in suppressions.suppressed_contacts(tx, people).items():
        against[contact_id] = f"suppressed: {found.pattern} ({found.reason})"
    against |= {contact.id: WAS_ERASED for contact in people if contact.is_erased}
    return against


def _owned_by_other(contact: Contact, acting: Rep) -> str | None:
    if contact.owner in (None, acting.name):
        return None
    return f"belongs to {contact.owner}"


def _mailbox_loads(tx: Tx, rep: Rep) -> dict[str, int]:
    if not rep.mailboxes:
        raise InputError(f"rep {rep.name!r} has no mailbox", hint="name one in [[reps]] of config.toml")
    return mailboxes.active_enrollments(tx, rep.mailboxes)


def _load(engine: Engine, new: Sequence[NewEnrollment]) -> tuple[tuple[date, str, int], ...]:
    per_day: Counter[tuple[date, str]] = Counter()
    for one in new:
        mailbox = engine.config.mailbox(one.mailbox)
        zone = mailbox.zone if mailbox else engine.config.default_zone
        per_day[one.standing.next_at.astimezone(ZoneInfo(zone)).date(), one.mailbox] += 1
    return tuple((day, mailbox, count) for (day, mailbox), count in sorted(per_day.items()))
