"""When a mailbox was resumed, and what came back by message. A record: a change is a new revision."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KNOWN = sa.text("outbox_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("mailboxes", sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_inbox_message", "inbox", ["outbox_id"], sqlite_where=_KNOWN, postgresql_where=_KNOWN)


def downgrade() -> None:
    op.drop_index("ix_inbox_message", "inbox")
    op.execute("ALTER TABLE mailboxes DROP COLUMN resumed_at")
