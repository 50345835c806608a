"""The office of tests/flows/office.py with real servers: what is sent, read and saved goes over the wire."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sequencer.config import Mailbox, SaveSent, Server
from sequencer.core.enrollment import Enrollment
from sequencer.flows.engine import Desk
from sequencer.flows.tick import Ticked, tick
from sequencer.mail.imap import ImapReader
from sequencer.mail.imap_sent import ImapSentFolder
from sequencer.mail.imap_sent_heads import ImapSentHeads
from sequencer.mail.smtp import SmtpCourier
from sequencer.store import copies
from sequencer.store.copies import Habit
from sequencer.testing import FakeClock
from tests.flows.office import MONDAY, Office
from tests.servers.provider import PASSWORD, Files, Provider

WANG = "wang@firm.example"
BUYERS = tuple(f"{name}@luso.example" for name in ("ana", "ben", "eva", "rui"))


class PostOffice:
    """One rep's mailbox at a provider."""

    def __init__(
        self,
        office: Office,
        host: Provider,
        save_sent: SaveSent,
        sent_folder: str | None,
        ignore_folders: tuple[str, ...],
    ) -> None:
        self.office = office
        self.host = host
        self.save_sent = save_sent
        self.configured = sent_folder
        self.ignore_folders = ignore_folders
        self.stop = threading.Event()
        self._desk: Desk | None = None

    @property
    def mailbox(self) -> Mailbox:
        mailbox = self.office.engine.config.mailbox("wang")
        assert mailbox is not None
        server = Server(
            host="127.0.0.1", port=self.host.smtp.port, security="none", username=WANG, password=None
        )
        return replace(
            mailbox,
            smtp=server,
            imap=replace(server, port=self.host.imap.port),
            save_sent=self.save_sent,
            sent_folder=self.configured,
            ignore_folders=self.ignore_folders,
        )

    def desk(self) -> Desk:
        """The mailbox at work, by the real courier, reader and Sent folder over kept connections."""
        if self._desk is None:
            box = self.mailbox
            assert box.imap is not None
            reader = ImapReader(
                box.imap, lambda: PASSWORD, box.name, box.ignore_folders, sent_folder=box.sent_folder
            )
            self._desk = Desk(
                engine=self.office.engine,
                mailbox=box,
                courier=SmtpCourier(box.smtp, lambda: PASSWORD, box.name),
                reader=reader,
                sent_folder=ImapSentFolder(reader.kept, box.sent_folder, box.ignore_folders),
                sent_heads=ImapSentHeads(reader.kept, box.sent_folder),
                stop=self.stop,
            )
        return self._desk

    def restart(self) -> None:
        """The program ends and starts again."""
        self.close()
        self._desk = None

    def close(self) -> None:
        if self._desk is not None and self._desk.reader is not None:
            self._desk.courier.close()
            self._desk.reader.close()

    def write_to(self, *addresses: str) -> None:
        """Enroll them and send each the first mail."""
        for address in addresses:
            self.office.add_contact(address)
        self.office.enroll(*addresses)
        self.tick()
        assert {to for _sender, to, _raw in self.host.received} >= set(addresses)

    def tick(self, **later: float) -> Ticked:
        """One tick, after some time has passed."""
        self.office.clock.advance(timedelta(**later))
        return tick(self.desk())

    @property
    def sent(self) -> list[bytes]:
        """What lies in the provider's Sent folder."""
        return self.host.lies_in_sent(WANG)

    @property
    def habit(self) -> Habit:
        with self.office.engine.store.read() as tx:
            return copies.habit(tx, "wang")

    def told(self, kind: str) -> int:
        """With how many messages this happened."""
        with self.office.engine.store.read() as tx:
            return copies.observed(tx, "wang", kind)

    def enrollments(self) -> list[Enrollment]:
        return self.office.enrollments()


@contextmanager
def post_office(
    root: Path,
    *,
    files: Files = Files.NEVER,
    save_sent: SaveSent = "auto",
    sent: str | None = "Sent",
    sent_folder: str | None = None,
    folders: tuple[str, ...] = ("Junk",),
    ignore_folders: tuple[str, ...] = (),
) -> Iterator[PostOffice]:
    clock = FakeClock(MONDAY)
    with Provider(clock, WANG, files=files, sent=sent, folders=folders) as host:
        post = PostOffice(Office(root, clock=clock), host, save_sent, sent_folder, ignore_folders)
        try:
            yield post
        finally:
            post.close()
