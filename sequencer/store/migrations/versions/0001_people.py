"""Contacts, their former addresses, and who is never written to. A record: a change is a new revision."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("first_name", sa.String(), server_default="", nullable=False),
        sa.Column("last_name", sa.String(), server_default="", nullable=False),
        sa.Column("title", sa.String(), server_default="", nullable=False),
        sa.Column("company", sa.String(), server_default="", nullable=False),
        sa.Column("website", sa.String(), server_default="", nullable=False),
        sa.Column("phone", sa.String(), server_default="", nullable=False),
        sa.Column("country", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="", nullable=False),
        sa.Column("city", sa.String(), server_default="", nullable=False),
        sa.Column("zone", sa.String(), server_default="", nullable=False),
        sa.Column("language", sa.String(), server_default="", nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("domain", sa.String(), server_default="", nullable=False),
        sa.Column("stage", sa.String(), server_default="opportunity", nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("tags", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("extra", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("is_key_account", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_role", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_free_mail", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("address_key", name=op.f("uq_contacts_address_key")),
        sa.UniqueConstraint("external_id", name=op.f("uq_contacts_external_id")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index("ix_contacts_domain", ["domain"], unique=False)
        batch_op.create_index("ix_contacts_owner", ["owner"], unique=False)

    op.create_table(
        "former_addresses",
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_former_addresses_contact_id")),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_former_addresses")),
    )
    with op.batch_alter_table("former_addresses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_addresses_contact_id"), ["contact_id"], unique=False)

    op.create_table(
        "suppressions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("like_pattern", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_suppressions_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
        sa.UniqueConstraint("pattern", name=op.f("uq_suppressions_pattern")),
    )
    with op.batch_alter_table("suppressions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suppressions_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_suppressions_wildcards",
            ["like_pattern"],
            unique=False,
            sqlite_where=sa.text("like_pattern IS NOT NULL"),
            postgresql_where=sa.text("like_pattern IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("suppressions", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_suppressions_wildcards",
            sqlite_where=sa.text("like_pattern IS NOT NULL"),
            postgresql_where=sa.text("like_pattern IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_suppressions_contact_id"))

    op.drop_table("suppressions")
    with op.batch_alter_table("former_addresses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_addresses_contact_id"))

    op.drop_table("former_addresses")
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_index("ix_contacts_owner")
        batch_op.drop_index("ix_contacts_domain")

    op.drop_table("contacts")
