"""What a check has to go by, as far as it could be opened: a doctor must not need a healthy patient."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sequencer.config import Config
from sequencer.core.checkup import Check
from sequencer.errors import SequencerError
from sequencer.files.workspace import Workspace
from sequencer.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One workspace, looked at once."""

    workspace: Workspace
    now: datetime
    config: Config | None
    """None when config.toml has faults."""
    config_fault: SequencerError | None
    store: Store | None
    """None when the database is missing, damaged, or of another schema."""
    store_fault: SequencerError | None


Look = Callable[[Ground], Iterable[Check]]
"""A check: any number of lines, none when it does not apply."""
