"""Who stands where in which sequence, pinned to which texts."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from sequencer.core.enrollment import EnrollmentState, FinishReason
from sequencer.store.columns import Instant, one_of, only
from sequencer.store.schema.metadata import metadata

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
    Column("passed", JSON, nullable=False, server_default="[]"),  # steps it had before an edit
    Column("created_at", Instant, nullable=False),
    one_of("state", EnrollmentState, "state"),
    one_of("finish_reason", FinishReason, "finish_reason"),
    CheckConstraint("(state = 'held') = (hold_reason IS NOT NULL)", name="held_has_reason"),
    CheckConstraint("(state = 'finished') = (finish_reason IS NOT NULL)", name="finished_has_reason"),
    CheckConstraint("(state = 'finished') = (finished_at IS NOT NULL)", name="finished_has_time"),
    Index("uq_enrollments_round", "contact_id", "sequence", "round", unique=True),
    Index("ix_enrollments_prepare", "mailbox", "prepare_at", **only("state = 'active'")),
    Index("ix_enrollments_held", "mailbox", "held_until", **only("state = 'held'")),
    Index("ix_enrollments_contact", "contact_id"),
)
