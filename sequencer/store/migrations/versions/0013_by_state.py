"""Small indexes for what waits for a person or came to nothing. A record: a change is a new revision."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ASIDE = sa.text("state IN ('awaiting_approval', 'unsure', 'refused', 'cancelled')")
_OPEN = sa.text("done_at IS NULL AND cancelled_at IS NULL")
_FAILED = sa.text("failure IS NOT NULL")
_HELD = sa.text("state = 'held'")


def upgrade() -> None:
    _create("ix_outbox_aside", "outbox", ["state", "mailbox", "claimed_at"], _ASIDE)
    _create("ix_tasks_open", "tasks", ["due_at"], _OPEN)
    _create("ix_notices_failed", "notices", ["done_at"], _FAILED)
    op.create_index("ix_inbox_read", "inbox", ["read_at"])
    op.drop_index("ix_enrollments_held", "enrollments")
    _create("ix_enrollments_held", "enrollments", ["mailbox", "held_until"], _HELD)


def downgrade() -> None:
    op.drop_index("ix_enrollments_held", "enrollments")
    _create("ix_enrollments_held", "enrollments", ["held_until"], _HELD)
    for name, table in (
        ("ix_inbox_read", "inbox"),
        ("ix_notices_failed", "notices"),
        ("ix_tasks_open", "tasks"),
        ("ix_outbox_aside", "outbox"),
    ):
        op.drop_index(name, table)


def _create(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
