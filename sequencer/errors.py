"""What goes wrong, said once for people: what, where, and the mend."""

from collections.abc import Sequence
from dataclasses import dataclass


class SequencerError(Exception):
    """A failure with a message for the user, an optional mend and an optional place.

    The command line prints `Error: where: message`, then `Hint: hint`, and exits with `exit_code`.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None, where: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class InputError(SequencerError):
    """One thing in what the user typed or wrote is wrong; nothing was changed (exit code 2)."""

    exit_code = 2


class TryAgain(SequencerError):
    """Something outside does not work now; nobody need do anything unless it lasts."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fault:
    """One fault in a file that users write."""

    where: str
    """`path:line`, the path relative to the workspace; without a line when there is none."""
    message: str
    hint: str | None = None
    rule: str | None = None
    """The lint rule that minds it; None for what is plainly wrong."""

    def __str__(self) -> str:
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{self.where}: {self.message}{rule}" + (f" ({self.hint})" if self.hint else "")


class FaultyInput(InputError):
    """Every fault of one or more user files, all at once (exit code 2)."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        if not faults:
            raise ValueError("FaultyInput needs at least one fault")
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Attention(SequencerError):
    """Done, but something needs a person (exit code 3)."""

    exit_code = 3
