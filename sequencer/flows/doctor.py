"""Doctor: everything that can be wrong with an installation, one line each, its mend last."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from sequencer.config import Config
from sequencer.core.checkup import Check, unknown
from sequencer.errors import SequencerError
from sequencer.files.workspace import Workspace
from sequencer.flows.checkup import at_work, database, online, people, place, program, settings
from sequencer.flows.checkup.ground import Ground, Look
from sequencer.store.database_faults import database_fault
from sequencer.store.engine import Store

T = TypeVar("T")

LOCAL: tuple[Look, ...] = (
    program.program,
    place.files,
    place.disk,
    settings.config,
    settings.windows,
    settings.sequences,
    database.database,
    database.log_of_writes,
    at_work.clock,
    program.time_zones,
    program.holidays,
    at_work.daemon,
    at_work.mailboxes,
    online.caps,
    at_work.waiting,
    people.suppressed,
    people.zones,
    people.fates,
)
"""In the order in which they are shown; each reads this machine only. `looks_outside` asks others."""


def lay_ground(
    workspace: Workspace,
    now: datetime,
    open_config: Callable[[], Config],
    open_store: Callable[[], Store],
) -> Ground:
    """What can be opened of a workspace, and why the rest cannot."""
    config, config_fault = _tried(open_config)
    store, store_fault = _tried(open_store)
    return Ground(
        workspace=workspace,
        now=now,
        config=config,
        config_fault=config_fault,
        store=store,
        store_fault=store_fault,
    )


def examine(ground: Ground, looks: Iterable[Look]) -> Iterator[Check]:
    """Every line of every check; one that fails is a line itself and stops no other."""
    for look in looks:
        try:
            yield from look(ground)
        except Exception as error:
            fault = error if isinstance(error, SequencerError) else database_fault(error)
            name = look.__name__.replace("_", " ")
            said = fault.message if fault else f"{type(error).__name__}: {' '.join(str(error).split())}"
            yield unknown(name, f"it could not be looked at: {said}", fault.hint if fault else None)


def _tried(attempt: Callable[[], T]) -> tuple[T | None, SequencerError | None]:
    try:
        return attempt(), None
    except SequencerError as error:
        return None, error
    except Exception as error:
        fault = database_fault(error)
        if fault is None:
            raise
        return None, fault
