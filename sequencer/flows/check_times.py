"""Check times: hours of the day at which a step's window is never open."""

from collections.abc import Iterator
from datetime import time

from sequencer.config import Config, Window
from sequencer.core.sequence import SequenceVersion
from sequencer.errors import Fault
from sequencer.files.fault_list import FaultList
from sequencer.files.sequence_file import parse_sequence


def times_outside(version: SequenceVersion, config: Config) -> Iterator[Fault]:
    """A warning for each `at` outside its window's hours: the step would leave when the window opens."""
    sequence = version.sequence
    window = config.window(sequence.window)
    if window is None or window.zone != "buyer":
        return  # two zones: the hours meet for some buyers
    path = f"sequences/{sequence.name}.yaml"
    read = parse_sequence(version.texts.get(path, ""), sequence.name, FaultList(path))
    for index, step in enumerate(sequence.steps):
        if step.at is not None and not _is_inside(step.at, window):
            line = read.line_of(("steps", index, "at")) if read else None
            hours = ", ".join(f"{first:%H:%M}-{last:%H:%M}" for first, last in window.hours)
            yield Fault(
                where=f"{path}:{line}" if line else path,
                message=f"the step {step.id!r} is due at {step.at:%H:%M}, and the window {window.name!r} "
                f"is open {hours}: it leaves at the next opening",
                hint="choose a time within those hours, or another window",
            )


def _is_inside(at: time, window: Window) -> bool:
    return any(
        first <= at < last if first < last else at >= first or at < last for first, last in window.hours
    )
