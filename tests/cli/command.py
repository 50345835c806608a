"""Runs the command line in this process, as a user would type it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sequencer.cli import main


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, and how it ended."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """`sequencer --workspace FOLDER …`."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(["--workspace", str(self.folder), *arguments])
        printed = self.capture.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)
