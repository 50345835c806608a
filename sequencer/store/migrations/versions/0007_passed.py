"""The steps that an enrollment had before an edit was applied. A record: a change is a new revision."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enrollments", sa.Column("passed", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    # In place: Alembic's batch would drop the whole table for a moment, and other tables point into it.
    op.execute("ALTER TABLE enrollments DROP COLUMN passed")
