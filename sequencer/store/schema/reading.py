"""What comes back: where each folder was read to, the inbox, what people made of it, and their tasks."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from sequencer.store.columns import Instant, only
from sequencer.store.schema.metadata import metadata

folder_cursors = Table(
    "folder_cursors",
    metadata,
    Column("mailbox", String, primary_key=True),
    Column("folder", String, primary_key=True),
    Column("uid_validity", Integer, nullable=False),
    Column("last_uid", Integer, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mailbox", String, nullable=False),
    Column("folder", String, nullable=False),
    Column("uid_validity", Integer, nullable=False),
    Column("uid", Integer, nullable=False),
    Column("fingerprint", String, nullable=False),  # SHA-256 of Message-ID, From, Date and Subject
    Column("received_at", Instant, nullable=False),  # INTERNALDATE
    Column("read_at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    # Everything below stays null for mail that matches nobody (design: privacy).
    Column("contact_id", ForeignKey("contacts.id"), index=True),
    Column("enrollment_id", ForeignKey("enrollments.id")),
    Column("outbox_id", ForeignKey("outbox.id")),
    Column("match_via", String),
    Column("message_id", String),
    Column("from_address", String),
    Column("subject", String),
    Column("own_text", Text),
    Column("verdict", JSON),  # subtype, class, reason, intent, return date, evidence …
    Column("effects", JSON),  # what it did, in words
    Column("reply_to", String),  # where its sender wants answers; null: at the sender's own address
    Column("references", JSON),  # the ids of its thread, oldest first, its own not among them
    Index("uq_inbox_uid", "mailbox", "folder", "uid_validity", "uid", unique=True),
    Index("ix_inbox_message", "outbox_id", **only("outbox_id IS NOT NULL")),
    Index("ix_inbox_read", "read_at"),
    Index("ix_inbox_fingerprint", "mailbox", "fingerprint"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contact_id", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("enrollment_id", ForeignKey("enrollments.id"), index=True),
    Column("step", String),  # null for a task that an answer made
    Column("rep", String, nullable=False),
    Column("title", String, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("cancelled_at", Instant),
    Column("created_at", Instant, nullable=False),
    Index("ix_tasks_open", "due_at", **only("done_at IS NULL AND cancelled_at IS NULL")),
)

marks = Table(
    "marks",  # what a person says an incoming message comes to; the latest word alone
    metadata,
    Column("inbox_id", ForeignKey("inbox.id"), primary_key=True),
    Column("contact_id", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("mark", String, nullable=False),
    Column("day", String),  # of `later`: 2027-03-01
    Column("address", String),  # of `referral`
    Column("rep", String, nullable=False),
    Column("marked_at", Instant, nullable=False),
    Column("did", JSON, nullable=False, server_default="{}"),  # ids and codes: what can be taken back
)

corrections = Table(
    "corrections",  # what a message was taken for before a person corrected it
    metadata,
    Column("id", Integer, primary_key=True),
    Column("inbox_id", ForeignKey("inbox.id"), nullable=False, index=True),
    Column("contact_id", ForeignKey("contacts.id"), index=True),
    Column("rep", String, nullable=False),
    Column("corrected_at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("verdict", JSON),
    Column("effects", JSON),
)
