"""The moments of a tick, and a store that says when each of its transactions is over."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor

from sequencer.store.engine import Marks, MarkTx, Store, Tx


class Way(StrEnum):
    """How her message is delivered."""

    GAP = "by itself: the mailbox has a gap"
    BATCH = "second in a batch: the mailbox has no gap, and her text leaves as it stands"
    PIPED = "the same, its envelope travelling with the content of the message ahead"
    AFTER = "after a batch: the mailbox has no gap, and her text has to be rendered again"

    @property
    def is_in_batch(self) -> bool:
        """Whether hers is one of a batch."""
        return self in (Way.BATCH, Way.PIPED)


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
    AHEAD_DIALLED = "in a batch: while dialling for the message ahead of hers"
    AHEAD_ACCEPTED = "in a batch: after RCPT of the message ahead, before its mark"
    AHEAD_MARKED = "in a batch: between mark and content of the message ahead"
    AHEAD_HANDED_OVER = "in a batch: between content of the message ahead and the server's answer"
    AHEAD_ANSWERED = "in a batch: between the answer to the message ahead and its outcome's commit"
    AHEAD_SETTLED = "in a batch: between two messages"
    DIALLED = "while dialling"
    ACCEPTED = "after RCPT, before the mark"
    MARKED = "between mark and content"
    HANDED_OVER = "between content and the server's answer"
    ANSWERED = "between answer and the outcome's commit"
    SETTLED = "after the outcome"
    COPY_DUE = "between the choice of a copy and its saving"
    FILING = "while the copy is saved in Sent"

    def of(self, *, is_ahead: bool) -> "Moment":
        """The same of the message that is ahead of hers."""
        return Moment[f"AHEAD_{self.name}"] if is_ahead else self


AHEAD = tuple(moment for moment in Moment if moment.name.startswith("AHEAD_"))

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
    statements = [" ".join(statement.split()) for statement in statements]
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

    def __init__(self, path: Path, over: Callable[[Moment], None], is_awaited: Callable[[], bool]) -> None:
        """`is_awaited`: whether anybody waits for a moment; to tell which one it was takes time."""
        self._over, self._is_awaited = over, is_awaited
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
            statements.append(statement)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        with self.watched(is_write=False), super().read() as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Tx]:
        with self.watched(is_write=True), super().write() as tx:
            yield tx

    @contextmanager
    def marks(self) -> Iterator[Marks]:
        marks = ToldMarks(self)
        try:
            yield marks
        finally:
            marks.close()

    @contextmanager
    def watched(self, *, is_write: bool) -> Iterator[None]:
        """For the length of a transaction."""
        self._open.append([])
        try:
            yield
        finally:
            statements = self._open.pop()
        if self._open or not self._is_awaited():
            return  # inside another transaction nobody else could write
        for moment in _moments(statements, is_write=is_write):
            self._over(moment)
        is_outcome = any(one.startswith("UPDATE outbox SET state=") for one in statements)
        if is_write and self.was_answered and is_outcome:
            self.was_answered = False
            self._over(Moment.SETTLED)


class ToldMarks(Marks):
    """The small commits of a batch, on a connection of their own as they always are."""

    def __init__(self, store: ToldStore) -> None:
        super().__init__(store._engine)
        self._store = store

    @contextmanager
    def write(self) -> Iterator[MarkTx]:
        with self._store.watched(is_write=True), super().write() as tx:
            yield _ToldMarkTx(tx, self._store)


class _ToldMarkTx(MarkTx):
    """SQLAlchemy hears nothing of what is said here."""

    def __init__(self, tx: MarkTx, store: ToldStore) -> None:
        self._tx, self._store, self.dialect = tx, store, tx.dialect

    def exec_driver_sql(self, statement: str, values: tuple[object, ...]) -> DBAPICursor:
        self._store.note(statement)
        return self._tx.exec_driver_sql(statement, values)


def _connects_to_current(_dialect: object, _record: object, arguments: list[Any], _options: object) -> None:
    arguments[0] = str(ToldStore.current().path)


def _notes_in_current(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    ToldStore.current().note(statement)
