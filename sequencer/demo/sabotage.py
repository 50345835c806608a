"""Breaks the engine on purpose, as programs of this kind fail, so that the proofs are seen to bite."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sequencer.clock import Clock
from sequencer.core.ports import (
    Answer,
    Courier,
    Cursor,
    Deferred,
    FolderBatch,
    MailReader,
    Outcome,
    Outgoing,
    ReadFailure,
    Sent,
    SmtpClass,
    no_work,
)
from sequencer.flows.engine import Desk
from sequencer.store.gates import GateLimits


class Sabotage(StrEnum):
    """What is broken."""

    RESEND = "resend"
    """A lost answer to the final dot is taken for a failure: the mail is sent again, under a new id."""
    LATE = "late"
    """An inbox that can't be read holds nothing back: the gate stands open."""


def broken_courier(courier: Courier, sabotage: Sabotage | None) -> Courier:
    """The courier, broken if it is the one to break."""
    return _ForgetfulCourier(courier) if sabotage is Sabotage.RESEND else courier


def broken_reader(reader: MailReader, sabotage: Sabotage | None, clock: Clock) -> MailReader:
    """The reader, broken if it is the one to break."""
    return _RareReader(reader, clock) if sabotage is Sabotage.LATE else reader


def broken_desk(desk: Desk, sabotage: Sabotage | None) -> Desk:
    """The desk, its gate left open if that is to be broken."""
    if sabotage is not Sabotage.LATE:
        return desk
    return _OpenDesk(**{field.name: getattr(desk, field.name) for field in fields(desk)})


class _ForgetfulCourier:
    """Every tenth message that was taken is told to have failed; tried again, it gets another Message-ID."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._sent = 0
        self._forgotten: dict[tuple[str, bytes], int] = {}

    def send(
        self,
        outgoing: Outgoing,
        may_send: Callable[[], bool],
        *,
        then: Outgoing | None = None,
        idle: Callable[[], None] = no_work,
    ) -> Outcome:
        key = (outgoing.recipient, _message_id(outgoing))
        again = self._forgotten.get(key, 0)
        outcome = self._courier.send(_renamed(outgoing, again) if again else outgoing, may_send, idle=idle)
        if not isinstance(outcome, Sent):
            return outcome
        self._sent += 1
        if again or self._sent % 10:
            return outcome
        self._forgotten[key] = 1
        lost = Answer(code=451, enhanced="4.4.2", text="the connection was lost", verb="CONTENT")
        return Deferred(answer=lost, smtp_class=SmtpClass.SOFT)

    def close(self) -> None:
        self._courier.close()

    def abort(self) -> None:
        self._courier.abort()


_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^<>@]+)@", re.IGNORECASE | re.MULTILINE)


def _message_id(outgoing: Outgoing) -> bytes:
    found = _MESSAGE_ID.search(b"".join(outgoing.pieces))
    return found[1] if found else b""


def _renamed(outgoing: Outgoing, attempt: int) -> Outgoing:
    """The same message under an id of its own."""
    content = b"".join(outgoing.pieces)
    found = _MESSAGE_ID.search(content)
    if found is None:
        return outgoing
    minted = b"%s.%d" % (found[1], attempt)
    return replace(outgoing, pieces=(content[: found.start(1)] + minted + content[found.end(1) :],))


class _RareReader:
    """Reads once a week; every other time the server "can't be reached"."""

    EVERY = timedelta(weeks=1)

    def __init__(self, reader: MailReader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock
        self._next_at = datetime.min.replace(tzinfo=UTC)

    def read_new(self, cursors: Sequence[Cursor], since: datetime | None) -> Iterator[FolderBatch]:
        now = self._clock.now()
        if now < self._next_at:
            raise ReadFailure(message="the inbox can't be reached")
        self._next_at = now + self.EVERY
        yield from self._reader.read_new(cursors, since)

    def close(self) -> None:
        self._reader.close()

    def abort(self) -> None:
        self._reader.abort()


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenDesk(Desk):
    """A desk for which any reading, however old, is good enough."""

    def gate_limits(self, now: datetime) -> GateLimits:
        limits = Desk.gate_limits(self, now)
        return replace(limits, oldest_read=datetime(2000, 1, 1, tzinfo=UTC))
