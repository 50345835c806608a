"""Ledger server: SMTP outside of the killed process, writing down all it took and all it refused to say."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from sequencer.clock import Clock
from tests.chaos.fates import STEPS, Fate, Fault
from tests.servers.smtp_server import DROP, STALL, Connection, SmtpServer, _Fault

LATE = "late"
_LATE_SECONDS = 0.15
SENTENCES = {
    "intro": "we make wrenches",
    "catalogue": "our catalogue is ready",
    "quote": "shall I send a quotation",
}
"""By these words in the decoded text the server knows a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One message that the server took responsibility for."""

    at: datetime
    """On the moved clock."""
    sender: str
    recipient: str
    message_id: str
    step: str
    connection: int
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A final dot that got no answer."""

    recipient: str
    step: str
    was_taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A connection that ended in the middle of a message."""

    connection: int
    recipient: str
    content_bytes: int
    """So much of the content had arrived."""


class LedgerServer(SmtpServer):
    """An SmtpServer whose faults are the buyers' fates."""

    def __init__(
        self, clock: Clock, fates: Mapping[str, Fate], *, says_pipelining: bool, **options: Any
    ) -> None:
        super().__init__(**options)
        self.says_pipelining = says_pipelining
        self.connection = lambda _server: _Listening(self)
        self.held: list[Held] = []
        self.withheld: list[Withheld] = []
        self.broken: list[Broken] = []
        self.put_off: set[str] = set()
        """Whom a 450 was said to."""
        self.unknown: set[str] = set()
        """Whom a 550 was said to."""
        self._clock = clock
        self._fates = fates
        self._met: set[str] = set()

    def _record(self, sender: str, recipient: str, raw: bytes, connection: int) -> None:
        message_id, step = identity(raw)
        held = Held(
            at=self._clock.now(),
            sender=sender,
            recipient=recipient,
            message_id=message_id,
            step=step,
            connection=connection,
            raw=raw,
        )
        self.held.append(held)
        super()._record(sender, recipient, raw, connection)

    def _take_fault(self, verb: Any, recipient: str | None) -> _Fault | None:
        fate = self._fates.get(recipient or "")
        if fate is None or verb not in ("RCPT", "DOT") or recipient is None:
            return None
        if fate.fault is Fault.UNKNOWN:
            return self._unknown(verb, recipient, fate)
        at_step = sum(1 for one in self.held if one.recipient == recipient)
        if fate.fault_at != at_step or recipient in self._met:
            return None
        return self._once(verb, recipient, fate.fault)

    def _unknown(self, verb: str, recipient: str, fate: Fate) -> _Fault | None:
        if verb != "RCPT" or sum(1 for one in self.held if one.recipient == recipient) < fate.fault_at:
            return None
        self.unknown.add(recipient)
        return _answer(verb, f"550 5.1.1 <{recipient}>: no such user here")

    def _once(self, verb: str, recipient: str, fault: Fault) -> _Fault | None:
        if verb == "RCPT":
            if fault is not Fault.LATER:
                return None
            self._met.add(recipient)
            self.put_off.add(recipient)
            return _answer(verb, "450 4.2.1 try again later")
        if not (fault.withholds or fault is Fault.LATE):
            return None
        self._met.add(recipient)
        if fault.withholds:
            step = STEPS[self._fates[recipient].fault_at]
            self.withheld.append(Withheld(recipient=recipient, step=step, was_taken=fault.takes))
        is_cut = fault in (Fault.CUT_TAKEN, Fault.CUT_LOST)
        answer = LATE if fault is Fault.LATE else DROP if is_cut else STALL
        return _answer(verb, answer, is_kept=fault.takes)


class _Listening(Connection):
    """Counts what arrives, so that a broken connection can be told of; may answer late."""

    def __init__(self, server: LedgerServer) -> None:
        self._ledger = server
        self._content_bytes = 0
        super().__init__(server)

    def data_received(self, data: bytes) -> None:
        self._content_bytes = self._content_bytes + len(data) if self._is_in_content else 0
        super().data_received(data)

    def connection_lost(self, error: Exception | None) -> None:
        recipients = self.envelope.rcpt_tos if self.envelope is not None else []
        if recipients:
            broken = Broken(
                connection=self.number, recipient=recipients[-1], content_bytes=self._content_bytes
            )
            self._ledger.broken.append(broken)
        super().connection_lost(error)

    async def push(self, status: str) -> None:
        # aiosmtpd obeys pipelining (RFC 2920) without saying so.
        if status == "250 HELP" and self._ledger.says_pipelining:
            await super().push("250-PIPELINING")
        await super().push(status)

    async def act(self, fault: _Fault) -> str | None:
        if fault.answer != LATE:
            return await super().act(fault)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), _LATE_SECONDS)
        return "250 2.0.0 Ok: queued at last"


def identity(raw: bytes) -> tuple[str, str]:
    """A message's Message-ID, and the step that its decoded text belongs to (empty: none of ours)."""
    message = cast(EmailMessage, message_from_bytes(raw, policy=default))
    body = message.get_body(("plain",))
    text = " ".join(str(body.get_content()).split()) if body is not None else ""
    steps = [step for step, sentence in SENTENCES.items() if sentence in text]
    return str(message["Message-ID"]).strip(), steps[0] if len(steps) == 1 else ""


def _answer(verb: Any, answer: str, *, is_kept: bool = False) -> _Fault:
    return _Fault(verb=verb, answer=answer, recipient=None, times=0, is_kept=is_kept)
