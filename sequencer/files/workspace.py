"""A workspace: the folder a team works in, and where everything in it stands."""

from dataclasses import dataclass
from pathlib import Path

from sequencer.errors import InputError


@dataclass(frozen=True, slots=True)
class Workspace:
    """Paths of one workspace; nothing is read here."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "config.toml"

    @property
    def holidays(self) -> Path:
        """What the team knows better of days off abroad; it need not be there."""
        return self.root / "holidays.yaml"

    @property
    def database(self) -> Path:
        return self.root / "sequencer.db"

    @property
    def key(self) -> Path:
        """32 random bytes that jitter, arms and tokens derive from."""
        return self.root / "workspace.key"

    @property
    def sequences(self) -> Path:
        return self.root / "sequences"

    @property
    def templates(self) -> Path:
        return self.root / "templates"

    @property
    def snippets(self) -> Path:
        """Pieces of answers that reps write often."""
        return self.root / "snippets"

    @property
    def drafts(self) -> Path:
        """Answers that were begun and have not left; for their owner alone."""
        return self.root / "drafts"

    @property
    def overrides(self) -> Path:
        return self.root / "overrides"

    @property
    def assets(self) -> Path:
        return self.root / "assets"

    @property
    def tokens(self) -> Path:
        """What signing in left, a file a mailbox; for their owner alone."""
        return self.root / "tokens"

    @property
    def corpus(self) -> Path:
        """Mail whose verdict a person corrected; for its owner alone."""
        return self.root / "corpus"

    def read_key(self) -> bytes:
        """The workspace's 32 secret bytes; InputError when the file is missing or not 32 bytes long."""
        try:
            key = self.key.read_bytes()
        except FileNotFoundError:
            raise InputError(
                "workspace.key is missing", where=str(self.key), hint="restore it from a backup"
            ) from None
        if len(key) != 32:
            raise InputError(f"workspace.key must hold 32 bytes, it holds {len(key)}", where=str(self.key))
        return key


def workspace_around(start: Path) -> Workspace | None:
    """The workspace that `start` or one of its parents is, if there is one."""
    around = (folder for folder in (start, *start.parents) if (folder / "config.toml").is_file())
    return next((Workspace(folder) for folder in around), None)


def find_workspace(start: Path) -> Workspace:
    """The workspace that `start` or one of its parents is; InputError when none is."""
    found = workspace_around(start)
    if found is not None:
        return found
    raise InputError(
        "no config.toml here or in a folder above",
        where=str(start),
        hint="make a workspace with `sequencer init DIR`, or name one with --workspace DIR",
    )
