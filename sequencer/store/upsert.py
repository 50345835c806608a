"""Insert or update one row in portable SQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, and_, insert, update

from sequencer.store.engine import Tx


def upsert(tx: Tx, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Give the row with `key` these values, making it when there is none.

    Writers hold the database (IMMEDIATE), so nobody inserts between the two statements.
    """
    same_key = and_(*(table.c[name] == value for name, value in key.items()))
    if values and tx.execute(update(table).where(same_key).values(**values)).rowcount:
        return
    tx.execute(insert(table).values(**key, **values))
