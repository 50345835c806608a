"""What the tables are made from: instants, words held by CHECKs, partial indexes."""

from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Table,
    TypeDecorator,
    event,
    literal_column,
    text,
)

_POSTGRESQL_WHERE = "postgresql_where"


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite keeps it as sortable text without an offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: every instant carries its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


@lru_cache(maxsize=64)
def as_text(value: datetime | None) -> str | None:
    """What SQLite keeps of an Instant, by a shorter way than SQLAlchemy's own; a batch shares most of its."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"naive datetime {value!r}: every instant carries its zone")
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def from_text(text: str) -> datetime:
    """The Instant that SQLite keeps as `text`."""
    return datetime.fromisoformat(text + "+00:00")


def one_of(column: str, words: type[StrEnum], name: str) -> CheckConstraint:
    """A CHECK that holds a column to the words of an enum."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IS NULL OR {column} IN ({listed})", name=name)


def is_any_of(column: ColumnElement[str], *words: StrEnum) -> ColumnElement[bool]:
    """`column IN (…)`, or `=` for one, spelt out as in a partial index.

    SQLite takes such an index only for a term like its own, in which no parameter stands (partialindex.html).
    """
    spelt: list[ColumnElement[str]] = [literal_column(f"'{word}'") for word in words]
    return column == spelt[0] if len(spelt) == 1 else column.in_(spelt)


def only(condition: str, postgresql: str | None = None) -> dict[str, Any]:
    """What makes an index partial, for both databases; `postgresql` where that says it otherwise."""
    return {"sqlite_where": text(condition), "info": {_POSTGRESQL_WHERE: postgresql or condition}}


@event.listens_for(Table, "before_create")
def _say_it_for_postgresql(table: Table, tx: Connection, **_: object) -> None:
    """An index that is told so when it is made loads that dialect: 2 MB for whoever has SQLite."""
    for index in table.indexes:
        if tx.dialect.name == "postgresql" and _POSTGRESQL_WHERE in index.info:
            index.dialect_kwargs[_POSTGRESQL_WHERE] = text(index.info[_POSTGRESQL_WHERE])
