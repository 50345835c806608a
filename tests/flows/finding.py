"""A MessageFinder over a FakeMailbox, and one for a mailbox that cannot be reached."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes

from sequencer.config import Mailbox
from sequencer.core.ports import MessageFinder, ReadFailure
from sequencer.testing import FakeMailbox
from tests.flows.office import Office


@dataclass(slots=True)
class FakeFinder:
    """Finds in any folder by id what is no longer at its place; fails when told."""

    mailbox: FakeMailbox
    failure: ReadFailure | None = None
    asked: list[int] = field(default_factory=list)

    def find(
        self, folder: str, uid_validity: int, uid: int, message_id: str | None, received_at: datetime
    ) -> bytes | None:
        self.asked.append(uid)
        if self.failure is not None:
            raise self.failure
        there = self.mailbox.folders.get(folder)
        if there is not None and there.uid_validity == uid_validity:
            for mail in there.mails:
                if mail.uid == uid:
                    return mail.raw
        for each in self.mailbox.folders.values():
            for mail in each.mails:
                if message_id and str(message_from_bytes(mail.raw)["Message-ID"]).strip() == message_id:
                    return mail.raw
        return None


def finder_of(
    office: Office, failure: ReadFailure | None = None
) -> Callable[[Mailbox], AbstractContextManager[MessageFinder]]:
    """Opens the finder of an office's mailbox."""

    @contextmanager
    def opened(mailbox: Mailbox) -> Iterator[MessageFinder]:
        yield FakeFinder(office.mailboxes[mailbox.name], failure)

    return opened
