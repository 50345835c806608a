"""One database: how it is opened, and its two kinds of transaction."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Dialect, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from sequencer.errors import SequencerError
from sequencer.store.database_faults import database_fault
from sequencer.store.schema import HEAD_REVISION, metadata

Tx = Connection
"""An open transaction: the first argument of every question in this room."""

MAX_ROWS_PER_WRITE = 500
"""A writer holds the database no longer than this many rows take."""


T = TypeVar("T")


def chunks(items: Iterable[T], size: int = MAX_ROWS_PER_WRITE) -> Iterator[list[T]]:
    """The items in lists short enough for one statement, or for one write."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


class MarkTx:
    """An open transaction of `Marks`: runs statements that are compiled already (store/prepared.py)."""

    __slots__ = ("_cursor", "dialect")

    def __init__(self, cursor: DBAPICursor, dialect: Dialect) -> None:
        self._cursor = cursor
        self.dialect = dialect

    def exec_driver_sql(self, statement: str, values: tuple[object, ...]) -> DBAPICursor:
        """As a Connection's, without what SQLAlchemy does around it."""
        self._cursor.execute(statement, values)
        return self._cursor


class Marks:
    """Small commits that survive the death of the process but, each by itself, not a power cut.

    For what happens to each message of a batch whose claims are durable: see docs/decisions.md.
    """

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.raw_connection()
        self._tx = MarkTx(self._connection.cursor(), engine.dialect)

    @contextmanager
    def write(self) -> Iterator[MarkTx]:
        """A short IMMEDIATE transaction."""
        self._tx.exec_driver_sql("BEGIN IMMEDIATE", ())
        try:
            yield self._tx
            self.commit()
        except BaseException:
            # SQLite may have undone it by itself, on a full disk for instance.
            self._connection.rollback()
            raise

    def commit(self) -> None:
        """End the transaction."""
        self._tx.exec_driver_sql("COMMIT", ())

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


class Store:
    """A workspace's database. Threads may share it; each transaction has its own connection."""

    def __init__(self, path: Path, *, is_durable: bool = True, opened_at: str | None = None) -> None:
        """Not durable: a commit survives the death of the process but not a power cut. For a demo only.

        `opened_at` is what SQLite opens in place of the file: a copy of it (store/memory_copy.py).
        """
        self.path = path
        self._opened_at = opened_at or str(path)
        self._is_durable = is_durable
        self._engine = _open(self._opened_at, "FULL" if is_durable else "OFF")

    @cached_property
    def _marking(self) -> Engine:
        return _open(self._opened_at, "NORMAL" if self._is_durable else "OFF")

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A snapshot for questions; what it sees does not change while it is open."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A short IMMEDIATE transaction, durable (fsync) when the block ends; never across network I/O."""
        with self._engine.connect() as connection:
            immediate = connection.execution_options(sequencer_immediate=True)
            with immediate.begin():
                yield immediate

    @contextmanager
    def marks(self) -> Iterator[Marks]:
        """For the length of a batch."""
        marks = Marks(self._marking)
        try:
            yield marks
        finally:
            marks.close()

    def revision(self) -> str | None:
        """The schema revision the database is at; None when it has none."""
        with self._engine.connect() as connection:
            known = text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
            if connection.execute(known).first() is None:
                return None
            row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
            return str(row[0]) if row else None

    def require_current(self) -> None:
        """Raise unless the database is at the revision this code was written for."""
        try:
            revision = self.revision()
        except DatabaseError as error:
            raise database_fault(error, where=str(self.path)) or error from None
        if revision != HEAD_REVISION:
            if revision is None:
                raise no_workspace_in(self.path)
            # Revisions are numbered: a higher one was written by a newer program.
            is_newer = revision > HEAD_REVISION
            raise SequencerError(
                f"the database is at schema {revision}, this program needs {HEAD_REVISION}",
                where=str(self.path),
                hint="use the newer sequencer that wrote it" if is_newer else "run `sequencer upgrade`",
            )

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()
        if "_marking" in self.__dict__:
            self._marking.dispose()


def no_workspace_in(path: Path) -> SequencerError:
    """An emptied database must not be made anew: everyone it wrote to would be written to again."""
    return SequencerError(
        "this database holds no workspace", where=str(path), hint="restore it from a backup"
    )


def _open(database: str, synchronous: str) -> Engine:
    # The pool is for threads of one process (one per mailbox, plus the heartbeat); waiting beats failing.
    engine = create_engine(
        f"sqlite:///{database}",
        connect_args={"timeout": 30, "check_same_thread": False, "isolation_level": None},
        poolclass=QueuePool,
        pool_size=10,
        max_overflow=100,
        hide_parameters=True,  # an error's text may reach the log: buyers' addresses and texts must not
    )
    event.listen(engine, "connect", partial(_set_pragmas, synchronous=synchronous))
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _require_open)
    event.listen(engine, "commit", _require_open)
    return engine


def _set_pragmas(connection: object, _record: object, *, synchronous: str) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    # FULL: a commit of an intent or an outcome survives a power cut (docs/decisions.md).
    for pragma in (
        "journal_mode=WAL",
        f"synchronous={synchronous}",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "secure_delete=FAST",
        "wal_autocheckpoint=4000",  # pages: each ends in two fsyncs, and 1,000 are 90 messages of a batch
        "cache_size=-200",  # KiB a connection, each thread has one or two: the system caches the file anyway
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("sequencer_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def create_schema(store: Store) -> None:
    """Make every table in an empty database and stamp it with the current revision."""
    with store.write() as tx:
        metadata.create_all(tx)
        tx.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
        tx.execute(text("DELETE FROM alembic_version"))
        tx.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": HEAD_REVISION})


def _require_open(
    connection: Connection, _cursor: object = None, statement: str = "", *_rest: object
) -> None:
    """SQLite undoes a whole transaction when the disk fails or is full (lang_transaction.html).

    Whoever passed over that error would go on outside of any: a mailbox's cursor would stand without its
    answers, since each further statement commits by itself.
    """
    is_writing = connection.get_execution_options().get("sequencer_immediate")
    if not is_writing or statement.startswith("BEGIN"):
        return
    dbapi = connection.connection.dbapi_connection
    if not getattr(dbapi, "in_transaction", True):
        error = sqlite3.OperationalError("the transaction was undone by SQLite")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error
