"""What every command shares: the workspace, its settings, store and clock, opened when first used."""

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sequencer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sequencer.clock import Clock
    from sequencer.config import Config, Rep
    from sequencer.core.dns import Dns
    from sequencer.core.sequence import SequenceVersion
    from sequencer.files.workspace import Workspace
    from sequencer.flows.engine import Engine
    from sequencer.store.engine import Store


class Session:
    """One run of the command line."""

    def __init__(self, *, workspace: str | None, acting: str | None, quiet: bool, debug: bool) -> None:
        self._workspace = workspace
        self._acting = acting
        self._versions: Mapping[str, SequenceVersion] = {}
        self.quiet = quiet
        self.debug = debug

    @cached_property
    def clock(self) -> "Clock":
        from sequencer.clock import SystemClock

        return SystemClock()

    @cached_property
    def workspace(self) -> "Workspace":
        from sequencer.files.workspace import find_workspace

        start = self._workspace or os.environ.get("SEQUENCER_WORKSPACE") or "."
        return find_workspace(Path(start).absolute())

    @cached_property
    def config(self) -> "Config":
        from sequencer.files.config_file import read_config

        return read_config(self.workspace.config)

    @property
    def database(self) -> "Path":
        """The database file; InputError when the workspace has none."""
        path = self.workspace.database
        if not path.exists():
            raise InputError(
                "the workspace has no database",
                where=str(path),
                hint="restore it from a backup, or make a new workspace with `sequencer init DIR`",
            )
        return path

    @cached_property
    def store(self) -> "Store":
        from sequencer.store.engine import Store

        store = Store(self.database)
        store.require_current()
        return store

    @cached_property
    def engine(self) -> "Engine":
        """Everything flows need of the workspace, under a boot id of its own."""
        from sequencer.flows.engine import open_engine

        return open_engine(self.workspace, self.config, self.store, self.clock, versions=self._versions)

    def read_apart(self) -> None:
        """Parse the settings and the running sequences in a child process; what fails there is read here.

        The parsers and what checks shapes are 10 MB that a daemon would hold for as long as it runs.
        """
        from sequencer.files.apart import work_apart

        # An open SQLite connection must not be used on the other side of a fork.
        read = None if "store" in self.__dict__ else work_apart(self._read)
        if read is not None:
            self.config, self._versions = read

    def _read(self) -> "tuple[Config, Mapping[str, SequenceVersion]]":
        from sequencer.flows.start import running_versions

        return self.config, running_versions(self.engine)

    @cached_property
    def dns(self) -> "Dns":
        """Asks the name servers of this computer."""
        from sequencer.mail.dns import ResolverDns, system_resolver

        return ResolverDns(system_resolver(), self.clock)

    @cached_property
    def rep(self) -> "Rep":
        """The acting rep: `--as`, else SEQUENCER_REP, else `me` in config.toml."""
        name = self._acting or os.environ.get("SEQUENCER_REP") or self.config.me
        rep = self.config.rep(name)
        if rep is None:
            known = ", ".join(rep.name for rep in self.config.reps)
            raise InputError(f"there is no rep {name!r} in config.toml", hint=f"the reps are: {known}")
        return rep
