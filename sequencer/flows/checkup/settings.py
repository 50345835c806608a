"""Settings: config.toml, the windows it names, and the sequences beside it."""

from collections.abc import Iterator

from sequencer.core.checkup import Check, bad, fine, warning
from sequencer.core.windows import NeverOpens, next_open
from sequencer.core.zones import Place
from sequencer.errors import FaultyInput
from sequencer.flows.check_sequences import check_sequences
from sequencer.flows.checkup.ground import Ground


def config(ground: Ground) -> Iterator[Check]:
    """Whether config.toml can be used, and whether it holds mails back."""
    fault = ground.config_fault
    if isinstance(fault, FaultyInput):
        for one in fault.faults:
            yield bad("config", f"{one.where}: {one.message}", one.hint)
    elif fault is not None:
        yield bad("config", fault.message, fault.hint)
    if ground.config is None:
        return
    boxes, reps = len(ground.config.mailboxes), len(ground.config.reps)
    yield fine("config", f"no faults; mailboxes: {boxes}, reps: {reps}")
    if ground.config.only_to:
        what = "only_to is not empty: mails leave only to the addresses it lists"
        yield warning("rehearsal", what, "write only_to = [] when you mean it")


def windows(ground: Ground) -> Iterator[Check]:
    """Every window opens within two years for a buyer next door."""
    found = ground.config
    if found is None:
        return
    place = Place(zone=found.default_zone)
    for window in found.windows:
        try:
            next_open(ground.now, window, place, found.closures, found.default_zone)
        except NeverOpens as error:
            yield bad("windows", error.message, f"mend [windows.{window.name}] or the closures")


def sequences(ground: Ground) -> Iterator[Check]:
    """What `sequences check` would say, as a count for each."""
    if ground.config is None:
        return
    checked = check_sequences(ground.workspace, ground.config, [])
    warned = sum(len(one.warnings) for one in checked)
    for one in checked:
        if one.faults:
            more = f" and {len(one.faults) - 1} more" if len(one.faults) > 1 else ""
            mend = f"sequencer sequences check {one.name}"
            yield bad("sequences", f"{one.faults[0].where}: {one.faults[0].message}{more}", mend)
    if warned:
        yield warning(
            "sequences", f"{warned} warning{'' if warned == 1 else 's'}", "sequencer sequences check"
        )
    elif not any(one.faults for one in checked):
        yield fine("sequences", f"{len(checked)}, no faults")
