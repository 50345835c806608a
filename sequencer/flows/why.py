"""Why: everything that decides whether a contact is written to next, asked at one moment."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sequencer.config import Rep
from sequencer.core.contact import Contact
from sequencer.core.enrollment import Enrollment, EnrollmentState
from sequencer.core.suppression import Suppression
from sequencer.core.timing import skip_in_words
from sequencer.core.why import GateLine, GateName, binding
from sequencer.core.zones import Place, place_of
from sequencer.errors import FaultyInput, SequencerError
from sequencer.files.known_names import sequence_names
from sequencer.files.version import load_version
from sequencer.flows.cause import Cause, cause_of
from sequencer.flows.engine import Engine
from sequencer.flows.enroll import Rules, plan_enrollment
from sequencer.flows.find_contact import the_contact
from sequencer.flows.next_message import NextMessage, next_message
from sequencer.flows.why_gates import gate_lines
from sequencer.store import enrollments, suppressions
from sequencer.store.contact_marks import Marks, marks_of
from sequencer.store.engine import Tx
from sequencer.store.events import Event, events_of_contact
from sequencer.store.skips import skips_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSkip:
    """A step that was passed over because its time had gone."""

    step: str
    reason: str
    """As stored: a `SkipReason`."""
    words: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One enrollment: why it stands where it stands, and what keeps its next message."""

    enrollment: Enrollment
    cause: Cause | None
    """Of a hold or a finish."""
    message: NextMessage | None
    """None when it has finished, or when what comes next can't be told."""
    gates: tuple[GateLine, ...]
    mailbox_zone: str
    skipped: tuple[ToldSkip, ...] = ()
    """What it passed over because its time had gone, oldest first."""

    @property
    def binding(self) -> GateLine | None:
        """The gate that keeps the message longest; None when it leaves at its mailbox's next turn."""
        return binding(self.gates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A sequence a contact who is in none could enter, or why not."""

    sequence: str
    refusal: str = ""
    """Empty: they could."""
    first_at: datetime | None = None
    mailbox: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Everything `why` shows."""

    at: datetime
    contact: Contact
    place: Place
    marks: Marks
    suppression: Suppression | None
    enrollments: tuple[Told, ...]
    """The latest first."""
    offers: tuple[Offer, ...]
    """For a contact who was never enrolled: every sequence of the workspace."""


def why(engine: Engine, name: str, acting: Rep) -> Why:
    """Why the contact that `name` names is written to or not. InputError when there is none."""
    now = engine.clock.now()
    with engine.store.read() as tx:
        contact = the_contact(tx, name)
        events = events_of_contact(tx, contact.id)
        known = enrollments.listed(tx, contact_ids=[contact.id])
        told = [_told(engine, tx, one, contact, events, now) for one in reversed(known)]
        marks = marks_of(tx, contact.id)
        suppression = suppressions.is_suppressed(tx, contact.address_key, contact.id)
    return Why(
        at=now,
        contact=contact,
        place=place_of(contact, engine.config.default_zone),
        marks=marks,
        suppression=suppression,
        enrollments=tuple(told),
        offers=() if told else tuple(_offers(engine, contact, acting)),
    )


def _told(
    engine: Engine, tx: Tx, one: Enrollment, contact: Contact, events: list[Event], now: datetime
) -> Told:
    message, gates = None, tuple[GateLine, ...]()
    if one.state is not EnrollmentState.FINISHED:
        try:
            message = next_message(engine, tx, one, contact, now)
            gates = gate_lines(engine, tx, one, contact, message, now)
        except SequencerError as error:
            # Its version or its window is gone: no gate can be measured before that is mended.
            fault = GateLine(
                gate=GateName.TEXT,
                measured=str(error),
                is_open=False,
                needs_person=True,
                mend=error.hint or "",
            )
            gates = (fault,)
    mailbox = engine.config.mailbox(one.mailbox)
    return Told(
        enrollment=one,
        cause=cause_of(tx, one, events),
        message=message,
        gates=gates,
        mailbox_zone=mailbox.zone if mailbox else engine.config.default_zone,
        skipped=tuple(_skips(engine, tx, one)),
    )


def _skips(engine: Engine, tx: Tx, one: Enrollment) -> Iterator[ToldSkip]:
    for skip in skips_of(tx, [one.id]).get(one.id, ()):
        words: str = skip.reason
        with suppress(SequencerError, KeyError):
            sequence = engine.version(tx, one.version_hash).sequence
            words = skip_in_words(skip.reason, sequence.steps[sequence.index_of(skip.step)].timing)
        yield ToldSkip(step=skip.step, reason=skip.reason, words=words, at=skip.at)


def _offers(engine: Engine, contact: Contact, acting: Rep) -> list[Offer]:
    return [_offer(engine, name, contact, acting) for name in sequence_names(engine.workspace)]


def _offer(engine: Engine, name: str, contact: Contact, acting: Rep) -> Offer:
    try:
        version = load_version(engine.workspace, name, engine.config)
        plan = plan_enrollment(engine, version, [contact], acting, Rules())
    except FaultyInput as error:
        return Offer(sequence=name, refusal=f"the sequence has {len(error.faults)} fault(s): sequences check")
    except SequencerError as error:
        return Offer(sequence=name, refusal=str(error))
    if plan.refused:
        return Offer(sequence=name, refusal=plan.refused[0].reason)
    new = plan.accepted[0][1]
    return Offer(sequence=name, first_at=new.standing.next_at, mailbox=new.mailbox)
