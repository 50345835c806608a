"""Collects every fault of one user file, so that all are told at once, in the order of its lines."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sequencer.core.near_words import near_word
from sequencer.errors import Fault, FaultyInput


@dataclass(slots=True)
class FaultList:
    """Faults of the file at `path` (relative to the workspace, with `/`)."""

    path: str
    _found: list[tuple[int, str, str | None]] = field(default_factory=list)

    def add(self, line: int | None, message: str, hint: str | None = None) -> None:
        """One fault, `hint` being the mend; the same fault is told once."""
        fault = (line or 0, message, hint)
        if fault not in self._found:
            self._found.append(fault)

    def take(self, faults: Iterable[Fault]) -> None:
        """Faults of the whole file, found by whoever read it."""
        for fault in faults:
            line = fault.where.rpartition(":")[2]
            self.add(int(line) if line.isdigit() else None, fault.message, fault.hint)

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def faults(self) -> list[Fault]:
        """What was found, by line."""
        ordered = sorted(self._found, key=lambda fault: fault[0])
        return [
            Fault(where=f"{self.path}:{line}" if line else self.path, message=message, hint=hint)
            for line, message, hint in ordered
        ]

    def raise_if_any(self) -> None:
        """FaultyInput with every fault, if there is one."""
        if self._found:
            raise FaultyInput(self.faults)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """`did you mean 'subject'?` for a word near a known one; None when none is near."""
    near = near_word(word, known)
    return f"did you mean {near!r}?" if near else None


def mend_for_unknown(word: str, known: Iterable[str]) -> str:
    """`did you mean …?`, else the list of what is known."""
    names = sorted(known)
    return did_you_mean(word, names) or ("known: " + ", ".join(names) if names else "there is none yet")
