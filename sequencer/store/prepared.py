"""Statements that run for every message: put together and compiled once."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BindParameter, ClauseElement, ColumnElement, Dialect, bindparam
from sqlalchemy.types import TypeEngine

from sequencer.store.columns import Instant, as_text
from sequencer.store.engine import MarkTx, Tx

_Slot = tuple[str, Callable[[Any], Any] | None, Any]
"""A place in the statement: the value's name, what turns it into the driver's form, and its fixed value."""


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
        self._make = make
        self._text = ""
        self._slots: tuple[_Slot, ...] = ()

    def run(self, tx: Tx | MarkTx, values: Mapping[str, Any]) -> int:
        """Execute with these values, every `param` of the statement among them; the rows it concerned."""
        if not self._text:
            self._compile(tx.dialect)
        return tx.exec_driver_sql(self._text, self._row(values)).rowcount

    def _row(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(
            [
                (values[name] if process is None else process(values[name])) if name else fixed
                for name, process, fixed in self._slots
            ]
        )

    def _compile(self, dialect: Dialect) -> None:
        compiled: Any = self._make().compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        given = {name: one.type for name, one in compiled.binds.items() if one.value is None}
        self._slots = tuple(
            (name, _processor(given[name], dialect), None) if name in given else ("", None, _plain(value))
            for name, value in ((name, compiled.params[name]) for name in compiled.positiontup)
        )
        self._text = str(compiled)


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, Instant) and dialect.name == "sqlite":
        return as_text
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _plain(value: Any) -> Any:
    """A fixed value as drivers take it: the words of our enums are text."""
    return str(value) if isinstance(value, str) else value
