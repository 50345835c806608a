"""The tables. Instants are UTC; states are text held to their words by CHECKs."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from sequencer.core.enrollment import EnrollmentState, FinishReason
from sequencer.core.outbox import OutboxState
from sequencer.store.columns import Instant, one_of, only

HEAD_REVISION = "0006"
"""The Alembic revision this code was written for."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


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

sequence_versions = Table(
    "sequence_versions",
    metadata,
    Column("hash", String, primary_key=True),
    Column("sequence", String, nullable=False),
    Column("texts", JSON, nullable=False),  # workspace-relative path → file text
    Column("created_at", Instant, nullable=False),
)

enrollments = Table(
    "enrollments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contact_id", ForeignKey("contacts.id"), nullable=False),
    Column("sequence", String, nullable=False),
    Column("round", Integer, nullable=False),
    Column("version_hash", ForeignKey("sequence_versions.hash"), nullable=False),
    Column("rep", String, nullable=False),
    Column("mailbox", String, nullable=False),
    Column("state", String, nullable=False),
    Column("hold_reason", String),
    Column("held_until", Instant),  # null while held: until a person acts
    Column("hold_note", String),  # what a person must know to end it
    Column("finish_reason", String),
    Column("finished_at", Instant),
    Column("step", String),
    Column("anchor_at", Instant, nullable=False),
    Column("next_at", Instant),
    Column("prepare_at", Instant),  # null while a message or task of this step is outstanding
    Column("created_at", Instant, nullable=False),
    one_of("state", EnrollmentState, "state"),
    one_of("finish_reason", FinishReason, "finish_reason"),
    CheckConstraint("(state = 'held') = (hold_reason IS NOT NULL)", name="held_has_reason"),
    CheckConstraint("(state = 'finished') = (finish_reason IS NOT NULL)", name="finished_has_reason"),
    CheckConstraint("(state = 'finished') = (finished_at IS NOT NULL)", name="finished_has_time"),
    Index("uq_enrollments_round", "contact_id", "sequence", "round", unique=True),
    Index("ix_enrollments_prepare", "mailbox", "prepare_at", **only("state = 'active'")),
    Index("ix_enrollments_held", "held_until", **only("state = 'held'")),
    Index("ix_enrollments_contact", "contact_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("enrollment_id", ForeignKey("enrollments.id"), nullable=False),
    Column("contact_id", ForeignKey("contacts.id"), nullable=False),
    Column("address", String, nullable=False),
    Column("address_key", String, nullable=False),
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
    Index("ix_outbox_wire_id", "wire_id", **only("wire_id IS NOT NULL")),
    Index("ix_outbox_copy_due", "mailbox", "copy_due_at", **only("copy_due_at IS NOT NULL")),
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
    Column("read_at", Instant),  # start of the last read that completed
    Column("read_failed_at", Instant),  # first failure since then
    Column("read_failure", String),
    Column("policy_refusals", Integer, nullable=False, server_default=text("0")),
    Column("complaints", Integer, nullable=False, server_default=text("0")),
    Column("files_sent", Boolean),  # whether the provider files what we send in Sent; null: not known yet
    Column("sent_folder", String),
    CheckConstraint("(paused_at IS NULL) = (pause_reason IS NULL)", name="paused_has_reason"),
)

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
    Index("uq_inbox_uid", "mailbox", "folder", "uid_validity", "uid", unique=True),
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
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),  # what it is about and where it goes: told once
    Column("kind", String, nullable=False),
    Column("channel", String, nullable=False),  # mail:REP or hook:NAME
    Column("rep", String, nullable=False),
    Column("mailbox", String),
    Column("contact_id", Integer, index=True),
    Column("enrollment_id", Integer),
    Column("inbox_id", Integer),
    Column("data", JSON, nullable=False, server_default="{}"),  # ids and codes; texts are read when it goes
    Column("due_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("failure", String),
    Column("done_at", Instant),  # told, or given up when failure says why
    Column("created_at", Instant, nullable=False),
    Index("ix_notices_due", "due_at", **only("done_at IS NULL")),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("contact_id", Integer, index=True),
    Column("enrollment_id", Integer),
    Column("outbox_id", Integer, index=True),
    Column("mailbox", String),
    Column("data", JSON, nullable=False, server_default="{}"),  # ids, codes and hashes only
    Index("ix_events_course", "enrollment_id", **only("outbox_id IS NULL")),
)

daemon_runs = Table(
    "daemon_runs",
    metadata,
    Column("boot_id", String, primary_key=True),
    Column("pid", Integer, nullable=False),
    Column("host", String, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
    Column("stopped_at", Instant),
)
