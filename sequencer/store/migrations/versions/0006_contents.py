"""What messages say, apart from where they stand, and narrower indexes. A record: a change is a new revision."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contents",
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_contents_outbox_id")),
        sa.PrimaryKeyConstraint("outbox_id", name=op.f("pk_contents")),
    )
    op.execute("INSERT INTO contents (outbox_id, text, html) SELECT id, text, html FROM outbox")
    # In place: Alembic's batch would drop the whole table for a moment, and other tables point into it.
    op.execute("ALTER TABLE outbox DROP COLUMN html")
    op.execute("ALTER TABLE outbox DROP COLUMN text")
    op.execute(
        "ALTER TABLE outbox ADD COLUMN is_cancelled BOOLEAN DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_outbox_is_cancelled CHECK (NOT is_cancelled OR state = 'cancelled')"
    )
    op.execute("UPDATE outbox SET is_cancelled = 1 WHERE state = 'cancelled'")
    _index_steps("is_cancelled = 0", "NOT is_cancelled")
    _index("ix_outbox_wire_id", "outbox", ["wire_id"], "wire_id IS NOT NULL")
    op.drop_index("ix_events_enrollment_id", "events")
    op.create_index("ix_events_course", "events", ["enrollment_id"], **_only("outbox_id IS NULL"))


def downgrade() -> None:
    op.drop_index("ix_events_course", "events")
    op.create_index("ix_events_enrollment_id", "events", ["enrollment_id"])
    _index("ix_outbox_wire_id", "outbox", ["wire_id"])
    _index_steps("state <> 'cancelled'", "state <> 'cancelled'")
    op.execute("ALTER TABLE outbox DROP COLUMN is_cancelled")
    for name in ("text", "html"):
        op.execute(f"ALTER TABLE outbox ADD COLUMN {name} TEXT DEFAULT '' NOT NULL")
        said = f"SELECT {name} FROM contents WHERE contents.outbox_id = outbox.id"
        op.execute(f"UPDATE outbox SET {name} = ({said})")
    op.drop_table("contents")


def _index_steps(condition: str, postgresql: str) -> None:
    for name, columns in (
        ("uq_outbox_enrollment_step", ["enrollment_id", "step"]),
        ("uq_outbox_once", ["address_key", "sequence", "round", "step"]),
    ):
        op.drop_index(name, "outbox")
        op.create_index(name, "outbox", columns, unique=True, **_only(condition, postgresql))


def _index(name: str, table: str, columns: list[str], condition: str | None = None) -> None:
    op.drop_index(name, table)
    op.create_index(name, table, columns, **(_only(condition) if condition else {}))


def _only(condition: str, postgresql: str | None = None) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(postgresql or condition)}
