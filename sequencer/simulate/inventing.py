"""Invented contacts enter a sequence of the copy, as real ones would."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sequencer.config import Rep
from sequencer.errors import InputError
from sequencer.files.known_names import sequence_names
from sequencer.files.version import load_version
from sequencer.flows.engine import Engine
from sequencer.flows.enroll import Refused, Rules, enroll, last_pinned, plan_enrollment
from sequencer.simulate.people import invented_people
from sequencer.simulate.settings import Invented
from sequencer.store import contacts
from sequencer.store.engine import chunks


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What came of inventing."""

    sequence: str
    count: int
    refused: tuple[Refused, ...]


def invent(engine: Engine, wanted: Invented, rep: Rep, seed: int) -> Entered:
    """Make them up and enroll them. InputError as `enroll`, or when it is not said where they enter."""
    name = wanted.sequence or _only_sequence(engine)
    version = load_version(engine.workspace, name, engine.config, earlier=last_pinned(engine, name))
    rep = replace(rep, mailboxes=_mailboxes(rep, wanted.mailboxes))
    people = list(invented_people(wanted.count, seed, version, rep.name))
    now = engine.clock.now()
    for batch in chunks(people):
        with engine.store.write() as tx:
            contacts.insert_contacts(tx, batch, now)
    with engine.store.read() as tx:
        known = contacts.contacts_at(tx, [one.address_key for one in people])
    plan = plan_enrollment(engine, version, [known[one.address_key] for one in people], rep, Rules(also=True))
    return Entered(sequence=name, count=enroll(engine, plan), refused=plan.refused)


def _only_sequence(engine: Engine) -> str:
    names = sequence_names(engine.workspace)
    if len(names) != 1:
        raise InputError(
            "say which sequence the invented contacts enter",
            hint=f"add --sequence NAME: {', '.join(names)}" if names else "there is none in sequences/ yet",
        )
    return names[0]


def _mailboxes(rep: Rep, wanted: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in wanted if name not in rep.mailboxes]
    if unknown:
        raise InputError(
            f"{rep.name} writes from no mailbox {unknown[0]!r}",
            hint=f"the mailboxes of {rep.name} are: {', '.join(rep.mailboxes) or 'none'}",
        )
    return tuple(dict.fromkeys(wanted)) or rep.mailboxes
