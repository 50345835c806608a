"""An office that tells: its notifier, the mail that went to the reps, and rooms that hear of it."""

import threading
from datetime import time
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from sequencer.config import Notices, SecretRef, Webhook
from sequencer.flows.notify import Notifier
from sequencer.store import notices
from sequencer.store.notices import Queued
from sequencer.testing import RecordingCourier
from tests.flows.office import Office, parse
from tests.servers.webhook import WebhookServer

ANA = "ana@luso.example"
ANSWER = "Please send the price list for torque wrenches."
SECRET = "SEC-of-the-room"


class Desk:
    """An office that tells: its notifier, and the mail that went to the reps."""

    def __init__(self, root: Path) -> None:
        self.office = Office(root)
        self.couriers: list[RecordingCourier] = []
        self.failing: list[tuple[str, str]] = []
        self.quiet()
        self.stop = threading.Event()

    def quiet(self, *spans: tuple[time, time], digest_at: time | None = None, mail: bool = True) -> None:
        self.office.reconfigure(notices=Notices(mail=mail, quiet_hours=spans, digest_at=digest_at))

    def hook(self, server: WebhookServer, monkeypatch: pytest.MonkeyPatch, **fields: Any) -> None:
        monkeypatch.setenv("ROOM_URL", server.url)
        monkeypatch.setenv("ROOM_SECRET", SECRET)
        hook = Webhook(name="room", kind=server.kind, url=SecretRef("env:ROOM_URL"), **fields)  # type: ignore[arg-type]
        self.office.reconfigure(webhooks=(hook,))

    def tell(self) -> int:
        """One round of the notifier."""
        if not hasattr(self, "notifier") or self.notifier._engine is not self.office.engine:
            self.notifier = Notifier(self.office.engine, self._open, self.stop)
        return self.notifier.deliver_due()

    def _open(self, mailbox: Any) -> RecordingCourier:
        courier = RecordingCourier(mailbox.name)
        for verb, answer in self.failing:
            courier.fail(verb, answer, is_kept=True)
        self.couriers.append(courier)
        return courier

    def mails(self) -> list[Message]:
        return [parse(outgoing) for courier in self.couriers for outgoing in courier.received]

    def rows(self) -> list[Queued]:
        with self.office.engine.store.read() as tx:
            return list(reversed(notices.listed(tx)))

    def ana_answers(self, words: str = ANSWER) -> None:
        """Ana gets the first mail and answers it."""
        if not self.office.enrollments():
            self.office.add_contact(ANA, name="Ana Silva", company="Luso Tools")
            self.office.enroll(ANA)
            self.office.tick()
        self.office.answer(self.office.received()[0], words)
        self.office.tick()
