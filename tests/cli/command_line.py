"""Runs a command as `sequencer …` does, on a session that a test built."""

import importlib
import json
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner

from sequencer.cli import COMMANDS
from sequencer.cli.output import fail
from sequencer.cli.session import Session
from sequencer.errors import SequencerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


def run(session: Session, *words: str, answer: str | None = None, env: dict[str, str] | None = None) -> Ran:
    """`run(session, "outbox", "list", "--json")`; an exception that is no SequencerError is a failure."""
    module, _, attribute = COMMANDS[words[0]].partition(":")
    command = getattr(importlib.import_module(module), attribute)
    result = CliRunner().invoke(command, words[1:], obj=session, input=answer, env=env)
    if result.exception is None or isinstance(result.exception, SystemExit):
        return Ran(code=result.exit_code, out=result.stdout, err=result.stderr)
    if not isinstance(result.exception, SequencerError):
        raise result.exception
    told = CliRunner().invoke(_teller(result.exception))
    return Ran(code=result.exception.exit_code, out=result.stdout, err=result.stderr + told.stderr)


def _teller(error: SequencerError) -> Any:
    import click

    return click.command()(lambda: fail(error))
