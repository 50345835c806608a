"""What leaves: the outbox, its contents, and the mailboxes it leaves from."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from sequencer.core.outbox import OutboxState
from sequencer.store.columns import Instant, one_of, only
from sequencer.store.schema.metadata import metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("enrollment_id", ForeignKey("enrollments.id"), nullable=False),
    Column("contact_id", ForeignKey("contacts.id"), nullable=False),
    Column("address", String, nullable=False),
    Column("address_key", String, nullable=False),
    Column("company", String),  # the address's registrable domain; null: free mail, which is nobody's company
    Column("sequence", String, nullable=False),
    Column("round", Integer, nullable=False),
    Column("step", String, nullable=False),
    Column("mailbox", String, nullable=False),
    Column("rep", String, nullable=False),
    Column("version_hash", String, nullable=False),
    Column("state", String, nullable=False),
    # As `state` says: an index with a condition on that is written anew at each change of it.
    Column("is_cancelled", Boolean, nullable=False, server_default=text("0")),
    Column("due_at", Instant, nullable=False),
    Column("template", String, nullable=False, server_default=""),
    Column("subject", String),  # null: in the thread
    Column("attachments", JSON, nullable=False, server_default="[]"),
    Column("rendered_at", Instant, nullable=False),
    Column("data_hash", String, nullable=False, server_default=""),  # of the data it was rendered from
    Column("is_edited", Boolean, nullable=False, server_default=text("0")),
    Column("is_approved", Boolean, nullable=False, server_default=text("0")),
    Column("message_id", String, unique=True),
    Column("date_at", Instant),
    Column("sent_subject", String),
    Column("in_reply_to", String),
    Column("references", JSON),
    Column("wire_id", String),
    Column("attempt_id", String),
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("boot_id", String),
    Column("batch_boot", String),  # claimed in a batch under this boot of the machine; null: claimed alone
    Column("window", String),  # the window that was open when it was claimed, and when that closes
    Column("window_until", Instant),
    Column("claimed_at", Instant),
    Column("sending_at", Instant),
    Column("sent_at", Instant),
    Column("deferred_at", Instant),  # first 4xx
    Column("retry_at", Instant),
    Column("gate_read_at", Instant),  # oldest read the follow-up gate relied on
    Column("cap_count", Integer),
    Column("cap_limit", Integer),
    Column("caps", JSON(none_as_null=True)),  # what the other caps counted at the claim, and their limits
    Column("answer_code", Integer),
    Column("answer_text", String),
    Column("smtp_class", String),  # of a refusal: what it meant for the contact and the mailbox
    Column("reason", String, nullable=False, server_default=""),
    Column("copy_due_at", Instant),  # when the copy in Sent is looked for or saved; null: nothing to do
    Column("created_at", Instant, nullable=False),
    one_of("state", OutboxState, "state"),
    CheckConstraint("NOT is_cancelled OR state = 'cancelled'", name="is_cancelled"),
    CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
    CheckConstraint(
        "state NOT IN ('claimed', 'sending', 'sent', 'unsure')"
        " OR (message_id IS NOT NULL AND attempt_id IS NOT NULL)",
        name="claimed_has_id",
    ),
    CheckConstraint(
        "state NOT IN ('sending', 'sent', 'unsure') OR sending_at IS NOT NULL", name="sending_has_time"
    ),
    Index(
        "uq_outbox_once",
        "address_key",
        "sequence",
        "round",
        "step",
        unique=True,
        **only("is_cancelled = 0", postgresql="NOT is_cancelled"),
    ),
    Index(
        "uq_outbox_enrollment_step",
        "enrollment_id",
        "step",
        unique=True,
        **only("is_cancelled = 0", postgresql="NOT is_cancelled"),
    ),
    Index("ix_outbox_due", "mailbox", "due_at", **only("state IN ('ready', 'deferred')")),
    Index("ix_outbox_spent", "mailbox", "sending_at", **only("sending_at IS NOT NULL")),
    Index("ix_outbox_contact", "contact_id"),
    Index("ix_outbox_address", "address_key"),
    Index("ix_outbox_company", "company", **only("company IS NOT NULL")),
    Index("ix_outbox_wire_id", "wire_id", **only("wire_id IS NOT NULL")),
    Index("ix_outbox_copy_due", "mailbox", "copy_due_at", **only("copy_due_at IS NOT NULL")),
    Index(
        "ix_outbox_aside",
        "state",
        "mailbox",
        "claimed_at",
        **only("state IN ('awaiting_approval', 'unsure', 'refused', 'cancelled')"),
    ),
    Index("ix_outbox_unsettled", "mailbox", **only("state IN ('claimed', 'sending')")),
)

contents = Table(
    "contents",  # apart from its outbox row, which is written anew at each of its states
    metadata,
    Column("outbox_id", ForeignKey("outbox.id"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
)

mailboxes = Table(
    "mailboxes",
    metadata,
    Column("name", String, primary_key=True),
    Column("reads_in", String, nullable=False),  # the mailbox whose reading covers this one's answers
    Column("paused_at", Instant),
    Column("pause_reason", String),
    Column("resumed_at", Instant),  # what came before says nothing of how it fares
    Column("read_at", Instant),  # start of the last read that completed
    Column("read_failed_at", Instant),  # first failure since then
    Column("read_failure", String),
    Column("policy_refusals", Integer, nullable=False, server_default=text("0")),
    Column("complaints", Integer, nullable=False, server_default=text("0")),
    Column("files_sent", Boolean),  # whether the provider files what we send in Sent; null: not known yet
    Column("sent_folder", String),
    Column("mail_from", Instant),  # first mail known to have come in, whoever wrote it
    Column("mail_at", Instant),  # latest such mail
    Column("mail_days", Integer),  # on which some came; null: none was seen yet
    CheckConstraint("(paused_at IS NULL) = (pause_reason IS NULL)", name="paused_has_reason"),
)
