"""Migrations: the database brought to the revision this code was written for (Alembic, shipped inside)."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sequencer.store.engine import Store, Tx


def upgrade_schema(store: Store, to: str = "head") -> None:
    """Run every migration up to revision `to` that the database has not seen yet, in one transaction."""
    from alembic import command

    with store.write() as tx:
        command.upgrade(_config(tx), to)


def changes(since: str) -> list[tuple[str, str]]:
    """What each revision after `since` brought, oldest first: (revision, its docstring's first sentence)."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config(None))
    told = [(one.revision, one.doc.partition(". ")[0]) for one in scripts.walk_revisions()]
    return [(revision, doc) for revision, doc in reversed(told) if revision > since]


def back_up(store: Store, to: Path) -> None:
    """A consistent copy of the database, whatever is being written, readable by its owner alone.

    FileExistsError when the file is there already.
    """
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(store.path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def drift(store: Store) -> list[object]:
    """What differs between the database and the tables in `schema.py`; empty when they are equal."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from sequencer.store.schema import metadata

    with store.read() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def _config(tx: Tx | None):  # type: ignore[no-untyped-def]
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = tx
    return config
