"""End hold: where an enrollment goes on that waits no more."""

from datetime import datetime

from sequencer.core.contact import Contact
from sequencer.core.enrollment import Enrollment
from sequencer.core.progress import Standing, reopened
from sequencer.errors import SequencerError
from sequencer.flows.engine import Engine
from sequencer.store import contacts, enrollments
from sequencer.store.engine import Tx


def end_hold(engine: Engine, tx: Tx, enrollment: Enrollment, now: datetime) -> bool:
    """held → active, its next step at the first open instant from now on."""
    contact = contacts.contact_of(tx, enrollment.contact_id)
    if contact is None:
        return False
    standing = standing_on_resume(engine, tx, enrollment, contact, now)
    return enrollments.resume(tx, enrollment, standing.next_at, now, prepare_at=standing.prepare_at)


def standing_on_resume(
    engine: Engine, tx: Tx, enrollment: Enrollment, contact: Contact, now: datetime
) -> Standing:
    """Where a held enrollment goes on. SequencerError when its window never opens or is gone."""
    sequence = engine.version(tx, enrollment.version_hash).sequence
    if enrollment.step is None:
        raise SequencerError(f"enrollment {enrollment.id} stands at no step")
    step = sequence.steps[sequence.index_of(enrollment.step)]
    rhythm = engine.rhythm(contact, sequence)
    return reopened(step, enrollment.anchor_at, enrollment.next_at, now, rhythm)
