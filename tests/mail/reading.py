"""Readers for tests, and what they read, in one line each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sequencer.config import Server
from sequencer.core.ports import Cursor, FolderBatch, RawMail, ReadFailure
from sequencer.mail.imap import ImapReader

NAME = "wang@ourfirm.example"
SINCE = datetime(2026, 3, 1, tzinfo=UTC)
AT_ONE = Cursor(folder="INBOX", uid_validity=7, last_uid=1)
"""Where a reader of a ScriptedImap's one message stands."""


def a_server(port: int, **changes: object) -> Server:
    """A server on loopback, asked without encryption."""
    server = Server(
        host="127.0.0.1",
        port=port,
        security="none",
        username="wang",
        password=None,
        timeout_in=timedelta(seconds=10),
    )
    return replace(server, **changes)  # type: ignore[arg-type]


def a_reader(server: Server | int, password: str = "secret", max_bytes: int = 262_144) -> ImapReader:
    """A reader of a server, or of the port of `a_server`."""
    server = a_server(server) if isinstance(server, int) else server
    return ImapReader(server, lambda: password, NAME, max_bytes=max_bytes)


def batches_of(
    reader: ImapReader, cursors: Sequence[Cursor] = (), since: datetime | None = SINCE
) -> list[FolderBatch]:
    return list(reader.read_new(cursors, since))


def read(reader: ImapReader, cursors: Sequence[Cursor] = (), since: datetime | None = SINCE) -> list[RawMail]:
    return [mail for batch in batches_of(reader, cursors, since) for mail in batch.mails]


def failure_of(reader: ImapReader) -> ReadFailure:
    """What a read that must fail says."""
    with pytest.raises(ReadFailure) as caught:
        read(reader)
    return caught.value
