"""What a check of the installation, a domain or a mailbox found: one line, its state, and the mend."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class CheckState(StrEnum):
    OK = "ok"
    WARN = "warn"
    """Nothing stops, but somebody should look."""
    BAD = "bad"
    """Mails do not leave, answers are not read, or data is in danger."""
    UNKNOWN = "unknown"
    """It could not be found out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of `doctor` or `mailboxes test`."""

    name: str
    """What was looked at, in a word or two; several lines may share it."""
    state: CheckState
    what: str
    """What was found."""
    mend: str | None = None
    """What to do about it; None when nothing needs doing."""


def fine(name: str, what: str) -> Check:
    """All is well."""
    return Check(name=name, state=CheckState.OK, what=what)


def warning(name: str, what: str, mend: str | None = None) -> Check:
    """Somebody should look."""
    return Check(name=name, state=CheckState.WARN, what=what, mend=mend)


def bad(name: str, what: str, mend: str | None = None) -> Check:
    """It must be mended."""
    return Check(name=name, state=CheckState.BAD, what=what, mend=mend)


def unknown(name: str, what: str, mend: str | None = None) -> Check:
    """It could not be found out."""
    return Check(name=name, state=CheckState.UNKNOWN, what=what, mend=mend)


def worst(checks: Iterable[Check]) -> CheckState:
    """The state of them all: bad before warn before unknown before ok."""
    order = (CheckState.BAD, CheckState.WARN, CheckState.UNKNOWN)
    states = {check.state for check in checks}
    return next((state for state in order if state in states), CheckState.OK)
