"""What a lint rule is, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sequencer.core.lint.mail import Mail


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a mail that keeps buyers from answering, or filters from delivering."""

    where: str
    """`path:line`, the path relative to the workspace."""
    message: str
    hint: str
    """The mend."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of RULES."""

    name: str
    """The word shown in brackets, and what `--allow` takes."""
    what: str
    """What is found, in a few words."""
    why: str
    """One sentence: why buyers or filters mind."""
    check: Callable[[Mail], Iterator[Finding]]
    """Never raises, whatever the mail says."""
