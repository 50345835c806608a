"""What is asked of DNS and what comes back: questions, answers as values, and the port that asks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

RecordKind = Literal["A", "AAAA", "MX", "PTR", "TXT"]

NULL_MX = "."
"""The one host of an MX that says: no mail here, ever (RFC 7505)."""


@dataclass(frozen=True, slots=True)
class Question:
    """The records of one kind at one name (IDNA ASCII, lower case, no dot at the end)."""

    name: str
    kind: RecordKind


@dataclass(frozen=True, slots=True)
class Found:
    """The records, at least one.

    TXT: each record's pieces joined. MX: hosts, the most preferred first, `.` for a null MX. A, AAAA:
    addresses. PTR: names. Host names are lower case and have no dot at the end.
    """

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoSuchName:
    """The name does not exist, with no kind of record (NXDOMAIN)."""


@dataclass(frozen=True, slots=True)
class NoData:
    """The name exists, without records of this kind."""


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """Time-out, SERVFAIL, refused, no time left: nothing may be concluded."""

    cause: str


Lookup = Found | NoSuchName | NoData | NotAnswered


class Dns(Protocol):
    """Asks DNS. Each question goes out once a run, however often it is asked here."""

    def ask(self, questions: Collection[Question]) -> Mapping[Question, Lookup]:
        """Every question's answer, asked side by side; never raises for anything a server or network does."""


def is_void(lookup: Lookup) -> bool:
    """Whether DNS said that there is nothing, which is not the same as saying nothing."""
    return isinstance(lookup, NoSuchName | NoData)
