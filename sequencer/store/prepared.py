"""Statements that run for every message or batch: put together and compiled once."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, ClauseElement, ColumnElement, Dialect, Select, bindparam
from sqlalchemy.types import JSON, Integer, TypeEngine

from sequencer.store.columns import Instant, as_text, from_text
from sequencer.store.engine import MAX_ROWS_PER_WRITE, MarkTx, Tx

_Convert = Callable[[Any], Any]
_Slot = tuple[str, _Convert | None, Any]
"""A place in the statement: the value's name, what turns it into the driver's form, and its fixed value."""
Ids = Sequence[BindParameter[Any]]
"""What stands for the ids of a question."""
LENGTHS = (0, 1, 10, 50, 100, MAX_ROWS_PER_WRITE)
"""How many ids a question is compiled for: a shorter list is filled up with its last."""
_ID = "id_"


def param(name: str, like: ColumnElement[Any]) -> BindParameter[Any]:
    """A value that each run brings, by name, in the type of the column `like`."""
    return bindparam(name, None, type_=like.type)


def instant(name: str) -> BindParameter[Any]:
    """An instant that each run brings."""
    return bindparam(name, None, type_=Instant())


class Prepared:
    """One statement of fixed form; a fixed NULL in it is written `null()`.

    SQLAlchemy finds a compiled statement again by walking all of it, and for a message's gates that walk
    takes longer than the database does.
    """

    def __init__(self, make: Callable[[], ClauseElement]) -> None:
        """`make` is called at the first run, so that importing this costs nothing."""
        self._make: Callable[[], ClauseElement] | None = make
        self._text = ""
        self._slots: tuple[_Slot, ...] = ()

    def run(self, tx: Tx | MarkTx, values: Mapping[str, Any]) -> int:
        """Execute with these values, every `param` of the statement among them; the rows it concerned."""
        if not self._text:
            self._compile(tx.dialect)
        return tx.exec_driver_sql(self._text, self._row(values)).rowcount

    def run_many(self, tx: Tx, rows: Iterable[Mapping[str, Any]]) -> int:
        """Execute once for each of `rows`; the rows they concerned together."""
        if not self._text:
            self._compile(tx.dialect)
        done = [self._row(values) for values in rows]
        return tx.exec_driver_sql(self._text, done).rowcount if done else 0

    def fetch(self, tx: Tx, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """What it finds, in the driver's form."""
        if not self._text:
            self._compile(tx.dialect)
        found: Any = tx.exec_driver_sql(self._text, self._row(values)).cursor
        return list(found.fetchall())

    def _row(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(
            [
                (values[name] if process is None else process(values[name])) if name else fixed
                for name, process, fixed in self._slots
            ]
        )

    def _compile(self, dialect: Dialect) -> None:
        make = self._make
        if make is not None:  # else another thread was faster
            self._slots, self._text = _compiled(make(), dialect)
            self._make = None  # a statement in parts is many times its text


class Question:
    """A SELECT of fixed form, about rows whose ids are listed or about none in particular."""

    def __init__(self, make: Callable[[Ids], Select[Any]], ids: type[TypeEngine[Any]] = Integer) -> None:
        """`make` is given what stands for the ids; it is called once for each of LENGTHS at most."""
        self._make = make
        self._kind = ids
        self._asked: dict[int, Prepared] = {}
        self._names: list[str] = []
        self._converts: list[tuple[int, _Convert]] = []

    def rows(
        self, tx: Tx, ids: Sequence[Any] = (), values: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """What is found, as values by the columns' names."""
        return self.read(self.raw(tx, ids, values))

    def read(self, found: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
        """What `raw` found, as values by the columns' names."""
        rows: list[dict[str, Any]] = []
        for one in found:
            row = list(one)
            for at, convert in self._converts:
                if row[at] is not None:
                    row[at] = convert(row[at])
            rows.append(dict(zip(self._names, row, strict=True)))
        return rows

    def raw(
        self, tx: Tx, ids: Sequence[Any] = (), values: Mapping[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """What is found, in the driver's form: to be compared only."""
        length = next(one for one in LENGTHS if one >= len(ids))
        filled = [*ids, *([ids[-1]] * (length - len(ids)) if ids else ())]
        given = {f"{_ID}{at}": one for at, one in enumerate(filled)} | dict(values or {})
        asked = self._asked.get(length) or self._ask(length, tx.dialect)
        return asked.fetch(tx, given)

    def _ask(self, length: int, dialect: Dialect) -> Prepared:
        kind = self._kind()  # one for all: SQLAlchemy adapts each to the database
        statement = self._make([bindparam(f"{_ID}{at}", None, type_=kind) for at in range(length)])
        columns = list(statement.selected_columns)
        self._names = [str(one.key) for one in columns]
        readers = ((at, _reader(one.type, dialect)) for at, one in enumerate(columns))
        self._converts = [(at, convert) for at, convert in readers if convert is not None]
        self._asked[length] = Prepared(lambda: statement)
        return self._asked[length]


def _compiled(statement: ClauseElement, dialect: Dialect) -> tuple[tuple[_Slot, ...], str]:
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    given = {name: one.type for name, one in compiled.binds.items() if one.value is None}
    fixed = compiled.params  # made anew each time it is asked for
    slots = tuple(
        (name, _processor(given[name], dialect), None) if name in given else ("", None, _plain(fixed[name]))
        for name in compiled.positiontup
    )
    return slots, str(compiled)


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    """What turns a value into the driver's form, by the shortest way there is for SQLite."""
    if dialect.name == "sqlite" and isinstance(kind, Instant):
        return as_text
    if dialect.name == "sqlite" and isinstance(kind, JSON):
        return _as_json_or_null if kind.none_as_null else _as_json
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    """The other way round, for what is not null."""
    if dialect.name == "sqlite" and isinstance(kind, Instant):
        return from_text
    if dialect.name == "sqlite" and isinstance(kind, JSON):
        return _of_json
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _as_json(value: Any) -> str:
    if not value and isinstance(value, list | dict):
        return "[]" if isinstance(value, list) else "{}"
    return json.dumps(value)


def _as_json_or_null(value: Any) -> str | None:
    return None if value is None else _as_json(value)


def _of_json(text: str) -> Any:
    if text in ("[]", "{}"):
        return [] if text == "[]" else {}
    return json.loads(text)


def _plain(value: Any) -> Any:
    """A fixed value as drivers take it: the words of our enums are text."""
    return str(value) if isinstance(value, str) else value
