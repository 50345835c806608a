"""The moments of a tick, and a store that says when each of its transactions is over."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Engine, event

from sequencer.store.engine import Store, Tx


class Moment(StrEnum):
    """Where something may happen while a tick runs, in the order of the tick."""

    RECOVERING = "while what a dead process left is looked for"
    BEFORE_READ = "before the inbox is read"
    BETWEEN_BATCHES = "between two batches of a reading"
    AFTER_READ = "after the reading, before prepare"
    RENDERED = "inside prepare, between rendering and insert"
    PREPARED = "after prepare"
    CHOSEN = "between the choice of what is due and its gates"
    GATED = "between gates and claim"
    CLAIMED = "between claim and dial"
    DIALLED = "while dialling"
    ACCEPTED = "after RCPT, before the mark"
    MARKED = "between mark and content"
    HANDED_OVER = "between content and the server's answer"
    ANSWERED = "between answer and the outcome's commit"
    SETTLED = "after the outcome"
    COPY_DUE = "between the choice of a copy and its saving"
    FILING = "while the copy is saved in Sent"


_AFTER_READ_OF = {
    Moment.RECOVERING: ("SELECT DISTINCT outbox.mailbox", "outbox.state IN"),
    Moment.RENDERED: ("SELECT enrollments.id", "enrollments.prepare_at <= "),
    Moment.CHOSEN: ("SELECT outbox.id", "outbox.retry_at IS NULL OR"),
    Moment.GATED: (" AS suppression",),
    Moment.COPY_DUE: ("outbox.copy_due_at <= ",),
}
_AFTER_WRITE_OF = {
    Moment.AFTER_READ: ("UPDATE mailboxes SET read_at",),
    Moment.PREPARED: ("INSERT INTO outbox",),
    Moment.CLAIMED: ("UPDATE outbox SET", "claimed_at="),
}
"""A transaction is known by what one of its statements says."""


def _moments(statements: list[str], *, is_write: bool) -> list[Moment]:
    known = _AFTER_WRITE_OF if is_write else _AFTER_READ_OF
    return [
        moment
        for moment, words in known.items()
        if any(all(word in statement for word in words) for statement in statements)
    ]


class ToldStore(Store):
    """A store that calls `over` with the moments a transaction was, once it is over. One at a time."""

    _shared: ClassVar[Engine | None] = None
    """Statements are compiled once for all tests: only the file behind the connections is another."""
    _current: ClassVar["ToldStore"]

    def __init__(self, path: Path, over: Callable[[Moment], None]) -> None:
        self._over = over
        self._open: list[list[str]] = []
        self.was_answered = False
        """A server's answer came: the next write of the outbox is its outcome."""
        ToldStore._current = self
        if ToldStore._shared is None:
            # Power cuts are another test's: here each of thousands of commits may be quick.
            super().__init__(path, is_durable=False)
            ToldStore._shared = self._engine
            event.listen(self._engine, "do_connect", _connects_to_current)
            event.listen(self._engine, "before_cursor_execute", _notes_in_current)
        self.path, self._engine = path, ToldStore._shared
        self._engine.dispose()

    @classmethod
    def current(cls) -> "ToldStore":
        """The one that is in use."""
        return cls._current

    def note(self, statement: str) -> None:
        """A transaction of ours says this."""
        for statements in self._open[-1:]:
            statements.append(" ".join(statement.split()))

    @contextmanager
    def read(self) -> Iterator[Tx]:
        with self._watched(is_write=False), super().read() as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Tx]:
        with self._watched(is_write=True), super().write() as tx:
            yield tx

    @contextmanager
    def marks(self) -> Iterator["ToldMarks"]:  # type: ignore[override]
        yield ToldMarks(self)

    @contextmanager
    def _watched(self, *, is_write: bool) -> Iterator[None]:
        self._open.append([])
        try:
            yield
        finally:
            statements = self._open.pop()
        if self._open:
            return  # inside another transaction nobody else could write
        for moment in _moments(statements, is_write=is_write):
            self._over(moment)
        is_outcome = any(one.startswith("UPDATE outbox SET state=") for one in statements)
        if is_write and self.was_answered and is_outcome:
            self.was_answered = False
            self._over(Moment.SETTLED)


class ToldMarks:
    """The small commits of a batch as writes of the store: what counts here is when they come."""

    def __init__(self, store: ToldStore) -> None:
        self.write = store.write


def _connects_to_current(_dialect: object, _record: object, arguments: list[Any], _options: object) -> None:
    arguments[0] = str(ToldStore.current().path)


def _notes_in_current(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    ToldStore.current().note(statement)
