"""Pinned sequences, enrollments, the outbox and its mailboxes. A record: a change is a new revision."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailboxes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reads_in", sa.String(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_reason", sa.String(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_failure", sa.String(), nullable=True),
        sa.Column("policy_refusals", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("complaints", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "(paused_at IS NULL) = (pause_reason IS NULL)", name=op.f("ck_mailboxes_paused_has_reason")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailboxes")),
    )
    op.create_table(
        "sequence_versions",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("sequence", sa.String(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_sequence_versions")),
    )
    op.create_table(
        "enrollments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version_hash", sa.String(), nullable=False),
        sa.Column("rep", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("hold_reason", sa.String(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_note", sa.String(), nullable=True),
        sa.Column("finish_reason", sa.String(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("anchor_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("prepare_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'finished') = (finish_reason IS NOT NULL)",
            name=op.f("ck_enrollments_finished_has_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'finished') = (finished_at IS NOT NULL)", name=op.f("ck_enrollments_finished_has_time")
        ),
        sa.CheckConstraint(
            "(state = 'held') = (hold_reason IS NOT NULL)", name=op.f("ck_enrollments_held_has_reason")
        ),
        sa.CheckConstraint(
            "finish_reason IS NULL OR finish_reason IN ('completed', 'replied', 'company_replied', 'bounced', 'left', 'opted_out', 'complained', 'taken_over', 'stopped', 'failed')",
            name=op.f("ck_enrollments_finish_reason"),
        ),
        sa.CheckConstraint(
            "state IS NULL OR state IN ('active', 'held', 'finished')", name=op.f("ck_enrollments_state")
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_enrollments_contact_id")),
        sa.ForeignKeyConstraint(
            ["version_hash"], ["sequence_versions.hash"], name=op.f("fk_enrollments_version_hash")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollments")),
    )
    with op.batch_alter_table("enrollments", schema=None) as batch_op:
        batch_op.create_index("ix_enrollments_contact", ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_enrollments_held",
            ["held_until"],
            unique=False,
            sqlite_where=sa.text("state = 'held'"),
            postgresql_where=sa.text("state = 'held'"),
        )
        batch_op.create_index(
            "ix_enrollments_prepare",
            ["mailbox", "prepare_at"],
            unique=False,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch_op.create_index("uq_enrollments_round", ["contact_id", "sequence", "round"], unique=True)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("sequence", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("rep", sa.String(), nullable=False),
        sa.Column("version_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("template", sa.String(), server_default="", nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data_hash", sa.String(), server_default="", nullable=False),
        sa.Column("is_edited", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_approved", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("date_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_subject", sa.String(), nullable=True),
        sa.Column("in_reply_to", sa.String(), nullable=True),
        sa.Column("references", sa.JSON(), nullable=True),
        sa.Column("wire_id", sa.String(), nullable=True),
        sa.Column("attempt_id", sa.String(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("boot_id", sa.String(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deferred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gate_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cap_count", sa.Integer(), nullable=True),
        sa.Column("cap_limit", sa.Integer(), nullable=True),
        sa.Column("answer_code", sa.Integer(), nullable=True),
        sa.Column("answer_text", sa.String(), nullable=True),
        sa.Column("smtp_class", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_outbox_sent_has_time")),
        sa.CheckConstraint(
            "state IS NULL OR state IN ('awaiting_approval', 'ready', 'claimed', 'sending', 'deferred', 'sent', 'refused', 'unsure', 'cancelled')",
            name=op.f("ck_outbox_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('claimed', 'sending', 'sent', 'unsure') OR (message_id IS NOT NULL AND attempt_id IS NOT NULL)",
            name=op.f("ck_outbox_claimed_has_id"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('sending', 'sent', 'unsure') OR sending_at IS NOT NULL",
            name=op.f("ck_outbox_sending_has_time"),
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_outbox_contact_id")),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_outbox_enrollment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_contact", ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_due",
            ["mailbox", "due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('ready', 'deferred')"),
            postgresql_where=sa.text("state IN ('ready', 'deferred')"),
        )
        batch_op.create_index(
            "ix_outbox_spent",
            ["mailbox", "sending_at"],
            unique=False,
            sqlite_where=sa.text("sending_at IS NOT NULL"),
            postgresql_where=sa.text("sending_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_outbox_unsettled",
            ["mailbox"],
            unique=False,
            sqlite_where=sa.text("state IN ('claimed', 'sending')"),
            postgresql_where=sa.text("state IN ('claimed', 'sending')"),
        )
        batch_op.create_index(batch_op.f("ix_outbox_wire_id"), ["wire_id"], unique=False)
        batch_op.create_index(
            "uq_outbox_enrollment_step",
            ["enrollment_id", "step"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )
        batch_op.create_index(
            "uq_outbox_once",
            ["address_key", "sequence", "round", "step"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_outbox_once",
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )
        batch_op.drop_index(
            "uq_outbox_enrollment_step",
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )
        batch_op.drop_index(batch_op.f("ix_outbox_wire_id"))
        batch_op.drop_index(
            "ix_outbox_unsettled",
            sqlite_where=sa.text("state IN ('claimed', 'sending')"),
            postgresql_where=sa.text("state IN ('claimed', 'sending')"),
        )
        batch_op.drop_index(
            "ix_outbox_spent",
            sqlite_where=sa.text("sending_at IS NOT NULL"),
            postgresql_where=sa.text("sending_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_outbox_due",
            sqlite_where=sa.text("state IN ('ready', 'deferred')"),
            postgresql_where=sa.text("state IN ('ready', 'deferred')"),
        )
        batch_op.drop_index("ix_outbox_contact")

    op.drop_table("outbox")
    with op.batch_alter_table("enrollments", schema=None) as batch_op:
        batch_op.drop_index("uq_enrollments_round")
        batch_op.drop_index(
            "ix_enrollments_prepare",
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch_op.drop_index(
            "ix_enrollments_held",
            sqlite_where=sa.text("state = 'held'"),
            postgresql_where=sa.text("state = 'held'"),
        )
        batch_op.drop_index("ix_enrollments_contact")

    op.drop_table("enrollments")
    op.drop_table("sequence_versions")
    op.drop_table("mailboxes")
