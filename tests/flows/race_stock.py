"""Race offices that are made once and copied for each test: making one takes as long as its tick."""

import copy
import shutil
import tempfile
import threading
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import cache
from pathlib import Path

from sequencer.files.workspace import Workspace
from tests.flows.race_office import RaceOffice

_made: dict[Hashable, RaceOffice] = {}


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Of this test process, gone with it."""
    return tempfile.TemporaryDirectory()


def from_stock(what: Hashable, root: Path, make: Callable[[Path], RaceOffice]) -> RaceOffice:
    """A copy at `root` of the office that `make` makes; `what` says which one that is."""
    if what not in _made:
        office = make(Path(_folder().name) / str(len(_made)))
        office.store.close()
        _made[what] = office
    return _copied(_made[what], root)


def _copied(office: RaceOffice, root: Path) -> RaceOffice:
    shutil.copytree(office.root, root)
    # The engine is opened anew, as after a restart.
    kept = {id(office.engine): office.engine, id(office.stop): threading.Event()}
    twin = copy.deepcopy(office, kept)
    twin.root = root
    twin.engine = replace(office.engine, workspace=Workspace(root))
    twin.open()
    return twin
