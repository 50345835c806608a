"""Journal: every instant that a daemon passes, appended to a file that survives it, and where it dies."""

import os
import signal
import threading
from dataclasses import dataclass, field
from pathlib import Path

from sequencer.clock import Clock

ANY = "*"
"""Any instant."""
BEGAN = "began"
"""The database was taken over from the process before: what it left is settled, ticks begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doom:
    """Where a process kills itself; from outside it is killed by tests/chaos/nursery.py."""

    instant: str = ""
    """At this instant of `mailbox`, the `count`-th time it comes; empty: never."""
    mailbox: str = ""
    """Empty: of whichever mailbox."""
    count: int = 1

    def is_met_by(self, entry: "Entry") -> bool:
        return self.instant in (ANY, entry.instant) and self.mailbox in ("", entry.mailbox)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One instant passed."""

    after_in: float
    """Seconds since the process began."""
    mailbox: str
    """Whose thread passed it; empty: nobody's."""
    recipient: str
    """To whom the message at hand goes, from RCPT on."""
    instant: str
    synchronous: str = ""
    """At a commit: how durable SQLite makes it."""


class Journal:
    """What the doomed process writes: one line an instant, in one `write` that needs no flush."""

    def __init__(self, file: Path, clock: Clock, doom: Doom) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._clock = clock
        self._began = clock.monotonic()
        self._doom = doom
        self._left = doom.count
        self._one_at_a_time = threading.Lock()
        self.here = Place()

    def boot(self, boot_id: str) -> None:
        """Which run this is in the outbox; a peaceful process has several."""
        os.write(self._file, f"{boot_id}\n".encode())

    def instant(self, name: str, synchronous: str = "") -> None:
        """Write down where this thread stands; die here if this is the place."""
        entry = Entry(
            after_in=self._clock.monotonic() - self._began,
            mailbox=self.here.mailbox,
            recipient=self.here.recipient,
            instant=name,
            synchronous=synchronous,
        )
        with self._one_at_a_time:
            words = (f"{entry.after_in:.4f}", entry.mailbox, entry.recipient, entry.instant, synchronous)
            os.write(self._file, ("\t".join(words) + "\n").encode())
            if self._doom.is_met_by(entry):
                self._left -= 1
                if self._left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)


class Place(threading.local):
    """Where a thread stands."""

    mailbox = ""
    recipient = ""
    is_owed = False
    """Whether its last commit to the ledger was not durable by itself."""


@dataclass(slots=True, kw_only=True)
class Life:
    """What is known of one process after its end."""

    number: int
    boot_ids: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    how: str = ""
    """`instant`, `timer` or `idle`: killed; `exit`: ended by itself."""
    doom: Doom = field(default_factory=Doom)

    @property
    def was_killed(self) -> bool:
        return self.how != "exit"

    @property
    def recovered_in(self) -> float | None:
        """Seconds from the process's begin until it had settled what the one before it left."""
        return next((entry.after_in for entry in self.entries if entry.instant == BEGAN), None)

    def of(self, mailbox: str) -> list[Entry]:
        """What this mailbox's thread passed, in order."""
        return [entry for entry in self.entries if entry.mailbox == mailbox]


def read_journal(file: Path, life: Life) -> Life:
    """Fill in what the process wrote; it may have died before the first line."""
    for line in file.read_text().splitlines() if file.exists() else []:
        if "\t" not in line:
            life.boot_ids.append(line)
            continue
        after_in, mailbox, recipient, instant, synchronous = line.split("\t")
        life.entries.append(
            Entry(
                after_in=float(after_in),
                mailbox=mailbox,
                recipient=recipient,
                instant=instant,
                synchronous=synchronous,
            )
        )
    return life
