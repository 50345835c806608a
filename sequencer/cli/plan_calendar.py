"""A plan as a calendar file."""

from pathlib import Path
from typing import TYPE_CHECKING

from sequencer.cli.session import Session
from sequencer.core.ics import CalendarEntry, calendar_text
from sequencer.errors import SequencerError

if TYPE_CHECKING:
    from sequencer.core.forecast import Forecast, PlannedMessage


def write_calendar(session: Session, file: str, found: "Forecast") -> None:
    """To a file, or with `-` to standard output."""
    from sequencer.cli.output import note, say_bytes

    entries = [
        CalendarEntry(
            uid=f"{one.enrollment_id}-{one.round}-{one.step}@{one.mailbox}.sequencer",
            at=one.due_at,
            summary=f"{one.sequence}/{one.step} to {one.contact}",
            description=(
                f"from {one.mailbox}; {one.local_time:%a %H:%M} in {one.zone}{_kept(one)}{_provided(one)}"
            ),
        )
        for one in found.messages
    ]
    content = calendar_text("sequencer plan", entries, session.clock.now()).encode()
    if file == "-":
        say_bytes(content)
        return
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        raise SequencerError(f"{file} cannot be written: {error.strerror}") from None
    note(f"{len(entries)} messages written to {file}", quiet=session.quiet)


def _provided(message: "PlannedMessage") -> str:
    from sequencer.core.forecast import Gate

    task = "; if the task before it is done on its due date" if Gate.TASK in message.gates else ""
    return f"{task}; if it is approved in time" if Gate.APPROVAL in message.gates else task


def _kept(message: "PlannedMessage") -> str:
    from sequencer.cli.plan_load import kept_by

    caps = kept_by(message)
    return f"; kept back by cap: {caps}" if caps else ""
