"""Answers that reps write from the command line, and what they need of the mail they answer. A record: a change is a new revision."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_STATES = "'claimed', 'sending', 'sent', 'refused', 'unsure', 'cancelled'"


def upgrade() -> None:
    op.create_table(
        "replies",
        *_columns(),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_replies_inbox_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_replies_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("message_id", name=op.f("uq_replies_message_id")),
        sa.CheckConstraint(f"state IS NULL OR state IN ({_STATES})", name=op.f("ck_replies_state")),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_replies_sent_has_time")),
        sa.CheckConstraint(
            "state NOT IN ('sending', 'sent', 'unsure') OR sending_at IS NOT NULL",
            name=op.f("ck_replies_sending_has_time"),
        ),
    )
    op.create_index("ix_replies_contact_id", "replies", ["contact_id"])
    op.create_index("ix_replies_address_key", "replies", ["address_key"])
    op.create_index(
        "uq_replies_once",
        "replies",
        ["inbox_id", "number"],
        unique=True,
        **_only("state NOT IN ('refused', 'cancelled')"),
    )
    op.create_index("ix_replies_wire_id", "replies", ["wire_id"], **_only("wire_id IS NOT NULL"))
    op.create_index(
        "ix_replies_copy_due", "replies", ["mailbox", "copy_due_at"], **_only("copy_due_at IS NOT NULL")
    )
    op.create_index(
        "ix_replies_open", "replies", ["mailbox"], **_only("state IN ('claimed', 'sending', 'unsure')")
    )
    # In place: Alembic's batch would drop the whole table for a moment, and other tables point into it.
    op.execute("ALTER TABLE inbox ADD COLUMN reply_to VARCHAR")
    op.execute('ALTER TABLE inbox ADD COLUMN "references" JSON')


def downgrade() -> None:
    op.execute('ALTER TABLE inbox DROP COLUMN "references"')
    op.execute("ALTER TABLE inbox DROP COLUMN reply_to")
    op.drop_table("replies")


def _columns() -> list[sa.Column[Any]]:
    text, instant = sa.String(), sa.DateTime(timezone=True)
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("inbox_id", "contact_id", "number")),
        *(
            sa.Column(name, text, nullable=False)
            for name in ("rep", "mailbox", "address", "address_key", "state", "message_id")
        ),
        sa.Column("date_at", instant, nullable=False),
        sa.Column("subject", text, nullable=False),
        sa.Column("in_reply_to", text),
        sa.Column("references", sa.JSON(), nullable=False, server_default="[]"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("own_text", "text", "html")),
        sa.Column("attachments", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("wire_id", text),
        sa.Column("sending_at", instant),
        sa.Column("sent_at", instant),
        sa.Column("answer_code", sa.Integer()),
        sa.Column("answer_text", text),
        sa.Column("reason", text, nullable=False, server_default=""),
        sa.Column("copy_due_at", instant),
        sa.Column("created_at", instant, nullable=False),
    ]


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
