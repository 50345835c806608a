"""What is said of one point of a sending domain: fine, worth a change, wrong, or not known."""

from dataclasses import dataclass
from enum import StrEnum


class CheckState(StrEnum):
    """How a point stands."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"
    """DNS did not answer, or DNS cannot tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One point, with what was found and how to mend it."""

    name: str
    """mx, spf, dkim, dmarc, ptr, or free-mail."""
    state: CheckState
    what: str
    mend: str = ""
    """Empty when there is nothing to mend."""
