"""Whom we write to, and whom never: contacts, their former addresses, suppressions."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, text

from sequencer.store.columns import Instant, only
from sequencer.store.schema.metadata import metadata

contacts = Table(
    "contacts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("external_id", String, unique=True),
    Column("address", String, nullable=False),
    Column("address_key", String, nullable=False, unique=True),
    *(
        Column(name, String, nullable=False, server_default="")
        for name in (
            "name",
            "first_name",
            "last_name",
            "title",
            "company",
            "website",
            "phone",
            "country",
            "state",
            "city",
            "zone",
            "language",
            "source",
            "note",
            "domain",
        )
    ),
    Column("stage", String, nullable=False, server_default="opportunity"),
    Column("owner", String),
    Column("tags", JSON, nullable=False, server_default="[]"),
    Column("extra", JSON, nullable=False, server_default="{}"),
    Column("is_key_account", Boolean, nullable=False, server_default=text("0")),
    Column("is_role", Boolean, nullable=False, server_default=text("0")),
    Column("is_free_mail", Boolean, nullable=False, server_default=text("0")),
    Column("mail_check", String),  # what DNS said of the address's domain; null: never asked
    Column("mail_checked_at", Instant),
    Column("erased_at", Instant),  # the person's data was blanked on request
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_contacts_domain", "domain"),
    Index("ix_contacts_owner", "owner"),
)

former_addresses = Table(
    "former_addresses",
    metadata,
    Column("address_key", String, primary_key=True),
    Column("address", String, nullable=False),
    Column("contact_id", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("until_at", Instant, nullable=False),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pattern", String, nullable=False, unique=True),  # an address_key, or one with * wildcards
    Column("like_pattern", String),  # the pattern for LIKE … ESCAPE '\'; null for a plain address
    Column("reason", String, nullable=False),
    Column("source", String, nullable=False, server_default=""),
    Column("contact_id", ForeignKey("contacts.id"), index=True),  # covers this contact's later addresses
    Column("created_at", Instant, nullable=False),
    Index("ix_suppressions_wildcards", "like_pattern", **only("like_pattern IS NOT NULL")),
)
