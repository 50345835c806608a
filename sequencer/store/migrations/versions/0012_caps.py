"""The company a message goes to, and what its caps counted. A record: a change is a new revision."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KNOWN = sa.text("company IS NOT NULL")


def upgrade() -> None:
    op.execute("ALTER TABLE outbox ADD COLUMN company VARCHAR")
    op.execute("ALTER TABLE outbox ADD COLUMN caps JSON")
    # Whoever has moved to another address since was written to at another company perhaps: left out.
    op.execute(
        "UPDATE outbox SET company = (SELECT contacts.domain FROM contacts"
        " WHERE contacts.id = outbox.contact_id AND contacts.address_key = outbox.address_key"
        " AND contacts.domain <> '' AND NOT contacts.is_free_mail)"
    )
    op.create_index("ix_outbox_company", "outbox", ["company"], sqlite_where=_KNOWN, postgresql_where=_KNOWN)


def downgrade() -> None:
    op.drop_index("ix_outbox_company", "outbox")
    for name in ("caps", "company"):
        op.execute(f"ALTER TABLE outbox DROP COLUMN {name}")
