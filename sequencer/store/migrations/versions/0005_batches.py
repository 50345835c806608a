"""Claims in batches, and the window a message passed. A record: a change is a new revision."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch_boot", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("window", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("window_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_outbox_address", ["address_key"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_address")
        batch_op.drop_column("window_until")
        batch_op.drop_column("window")
        batch_op.drop_column("batch_boot")
