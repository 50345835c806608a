"""When mail last came into a mailbox, and on how many days. A record: a change is a new revision."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, kind in (("mail_from", "DATETIME"), ("mail_at", "DATETIME"), ("mail_days", "INTEGER")):
        op.execute(f"ALTER TABLE mailboxes ADD COLUMN {name} {kind}")


def downgrade() -> None:
    for name in ("mail_days", "mail_at", "mail_from"):
        op.execute(f"ALTER TABLE mailboxes DROP COLUMN {name}")
