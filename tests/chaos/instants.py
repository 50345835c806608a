"""Instants: the names of what a doomed daemon passes, told by its SQLite connections and SMTP sessions."""

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sequencer.core.outbox import OutboxState
from sequencer.core.ports import Outcome, Outgoing
from sequencer.mail.smtp import SmtpCourier
from tests.chaos.journal import Journal
from tests.e2e import launcher

BATCH = "batch"
"""A commit that makes those before it durable, which were not, and writes no state itself."""
OUTCOMES = frozenset({"sent", "deferred", "refused", "unsure", "ready"})
"""States that end an attempt."""

_SETS = re.compile(r"\s*UPDATE\s+outbox\s+SET\s+(.*?)(?:\sWHERE\s|$)", re.IGNORECASE | re.DOTALL)
_STATE = re.compile(r"(?<![\w.])\"?state\"?\s*=\s*(\?|:\w+|'\w+')")
_ANY_STATE = re.compile(r"(?<![\w.])\"?state\"?\s*=")
_WORD = re.compile(r"'\w+'")
_MADE = re.compile(r"\s*INSERT\s+(?:OR\s+\w+\s+)?INTO\s+(outbox|inbox)\b", re.IGNORECASE)
_MADE_WORDS = {"outbox": "prepared", "inbox": "answer"}
_LEVELS = {0: "off", 1: "normal", 2: "full", 3: "extra"}


def written_by(statement: str, parameters: Any) -> set[str]:
    """What a statement does to the ledger, in words: outbox states, `prepared`, `answer`; often nothing."""
    if made := _MADE.match(statement):
        return {_MADE_WORDS[made[1].lower()]}
    sets = _SETS.match(statement)
    if sets is None or not _ANY_STATE.search(sets[1]):
        return set()
    state = _STATE.search(sets[1])
    if state is None:  # computed, as by CASE: whichever states it names
        named = {word.strip("'") for word in _WORD.findall(sets[1])}
        return (named | {str(value) for value in _flat(parameters)}) & set(OutboxState)
    word = state[1]
    if word.startswith("'"):
        return {word.strip("'")}
    if word.startswith(":"):
        return {str(one[word[1:]]) for one in _each(parameters, Mapping)}
    position = sets[1][: state.start()].count("?")
    return {str(one[position]) for one in _each(parameters, tuple | list)}


def name_of(written: set[str]) -> str:
    """What a commit is called: taking over what a dead process left is one thing."""
    return "recovery" if {"unsure", "ready"} <= written else "+".join(sorted(written))


def _each(parameters: Any, of_one: Any) -> Iterable[Any]:
    """One row's parameters or, of `executemany`, each row's."""
    is_one = isinstance(parameters, of_one) and not (
        isinstance(parameters, tuple | list) and parameters and isinstance(parameters[0], tuple | list | dict)
    )
    return [parameters] if is_one else parameters


def _flat(parameters: Any) -> Iterable[Any]:
    if isinstance(parameters, Mapping):
        parameters = list(parameters.values())
    if not isinstance(parameters, tuple | list):
        return [parameters]
    return [value for one in parameters for value in _flat(one)]


def watch_commits(journal: Journal) -> None:
    """From now on each connection this process opens to SQLite tells of its commits to the ledger.

    It stands below everything of the product: whoever commits, through whatever library, is seen.
    """
    real = sqlite3.connect

    class Cursor(sqlite3.Cursor):
        def execute(self, statement: str, parameters: Any = ()) -> Any:
            connection: Any = self.connection
            if statement.strip().upper().rstrip(";") in ("COMMIT", "END"):
                return connection.telling(lambda: super(Cursor, self).execute(statement))
            connection.written |= written_by(statement, parameters)
            return super().execute(statement, parameters)

        def executemany(self, statement: str, rows: Any) -> Any:
            rows = list(rows)
            connection: Any = self.connection
            connection.written |= written_by(statement, rows)
            return super().executemany(statement, rows)

    class Connection(sqlite3.Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.written: set[str] = set()
            self.changes = 0

        def cursor(self, *_factory: Any) -> Any:
            return super().cursor(Cursor)

        def execute(self, *statement: Any) -> Any:
            return self.cursor().execute(*statement)

        def commit(self) -> None:
            self.telling(super().commit)

        def rollback(self) -> None:
            self.written.clear()
            super().rollback()

        def telling(self, commit: Callable[[], Any]) -> Any:
            words, self.written = name_of(self.written), set()
            changes, self.changes = self.changes, self.total_changes
            if not words and journal.here.is_owed and self.changes > changes:
                words = BATCH
            if not words:
                return commit()
            level = _LEVELS[super().cursor().execute("PRAGMA synchronous").fetchone()[0]]
            journal.instant(f"before commit {words}", level)
            done = commit()
            journal.here.is_owed = level == "normal"
            journal.instant(f"after commit {words}", level)
            return done

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        return real(*arguments, **({"factory": Connection} | options))

    sqlite3.connect = connect  # type: ignore[assignment]
    sqlite3.dbapi2.connect = connect  # type: ignore[assignment]


def watched_sessions(journal: Journal) -> dict[str, Any]:
    """What a SmtpCourier speaks through, telling of each verb: whatever tests/e2e/launcher.py stops at."""
    classes: dict[str, Any] = {"smtp_class": launcher.stopping_smtp(journal)}  # type: ignore[arg-type]
    if hasattr(launcher, "stopping_wire"):
        classes["wire_class"] = launcher.stopping_wire(journal)
    return classes


class WatchedCourier(SmtpCourier):
    """A courier that tells to whom the message at hand goes."""

    journal: Journal

    def send(self, outgoing: Outgoing, may_send: Callable[[], bool], **more: Any) -> Outcome:
        self.journal.here.recipient = outgoing.recipient
        return super().send(outgoing, may_send, **more)
