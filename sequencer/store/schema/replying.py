"""What reps answer from the command line: a row a mail, beside the outbox that sequences fill."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from sequencer.core.reply import ReplyState
from sequencer.store.columns import Instant, one_of, only
from sequencer.store.schema.metadata import metadata

replies = Table(
    "replies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("inbox_id", ForeignKey("inbox.id"), nullable=False),
    Column("contact_id", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),  # of the answers to that message; a void one gives its back
    Column("rep", String, nullable=False),
    Column("mailbox", String, nullable=False),
    Column("address", String, nullable=False),
    Column("address_key", String, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("message_id", String, nullable=False, unique=True),
    Column("date_at", Instant, nullable=False),
    Column("subject", String, nullable=False),
    Column("in_reply_to", String),
    Column("references", JSON, nullable=False, server_default="[]"),
    Column("own_text", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("attachments", JSON, nullable=False, server_default="[]"),
    Column("wire_id", String),
    Column("sending_at", Instant),
    Column("sent_at", Instant),
    Column("answer_code", Integer),
    Column("answer_text", String),
    Column("reason", String, nullable=False, server_default=""),
    Column("copy_due_at", Instant),  # when the copy in Sent is looked for or saved; null: nothing to do
    Column("created_at", Instant, nullable=False),
    one_of("state", ReplyState, "state"),
    CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
    CheckConstraint(
        "state NOT IN ('sending', 'sent', 'unsure') OR sending_at IS NOT NULL", name="sending_has_time"
    ),
    Index(
        "uq_replies_once", "inbox_id", "number", unique=True, **only("state NOT IN ('refused', 'cancelled')")
    ),
    Index("ix_replies_wire_id", "wire_id", **only("wire_id IS NOT NULL")),
    Index("ix_replies_copy_due", "mailbox", "copy_due_at", **only("copy_due_at IS NOT NULL")),
    Index("ix_replies_open", "mailbox", **only("state IN ('claimed', 'sending', 'unsure')")),
)
