"""The tables. Instants are UTC; states are text held to their words by CHECKs."""

from sequencer.store.schema.metadata import metadata
from sequencer.store.schema.people import contacts, former_addresses, suppressions
from sequencer.store.schema.reading import corrections, folder_cursors, inbox, marks, tasks
from sequencer.store.schema.replying import replies
from sequencer.store.schema.running import daemon_runs, events, notices
from sequencer.store.schema.sending import contents, mailboxes, outbox
from sequencer.store.schema.sequences import enrollments, sequence_versions

__all__ = [
    "HEAD_REVISION",
    "contacts",
    "contents",
    "corrections",
    "daemon_runs",
    "enrollments",
    "events",
    "folder_cursors",
    "former_addresses",
    "inbox",
    "mailboxes",
    "marks",
    "metadata",
    "notices",
    "outbox",
    "replies",
    "sequence_versions",
    "suppressions",
    "tasks",
]

HEAD_REVISION = "0013"
"""The Alembic revision this code was written for."""
