"""What happened and who was told: notices, events, runs of the daemon."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, text

from sequencer.store.columns import Instant, only
from sequencer.store.schema.metadata import metadata

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
    Index("ix_notices_failed", "done_at", **only("failure IS NOT NULL")),
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
