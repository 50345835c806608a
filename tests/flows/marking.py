"""Ana, her colleague and their mail: what a rep says of it, in one line each."""

from datetime import timedelta
from pathlib import Path

from sequencer.core.contact import Contact
from sequencer.core.inbound import AutoReplyType, BounceClass, VerdictKind
from sequencer.core.marks import Mark
from sequencer.core.ports import ReadFailure
from sequencer.flows.correct_verdict import Corrected, Wanted, correct_verdict
from sequencer.flows.mark_answer import MarkResult, Saying, mark_answer
from sequencer.store import contacts, inbox, tasks
from sequencer.store.events import Event, events_of_contact
from sequencer.store.inbox import Answer
from sequencer.store.suppressions import all_suppressions
from sequencer.store.tasks import Task
from tests.flows.finding import finder_of
from tests.flows.office import MONDAY, Office

ANA, BEN = "ana@luso.example", "ben@luso.example"
CARLA = "carla@luso.example"
"""A colleague to whom nobody wrote."""


class Desk:
    """An office in which Ana and Ben of one company got the first mail on Monday."""

    def __init__(self, root: Path, *, also_ben: bool = True) -> None:
        self.office = Office(root)
        self.office.add_contact(ANA, first_name="Ana", name="Ana Silva")
        if also_ben:
            self.office.add_contact(BEN, first_name="Ben", name="Ben Sousa")
        self.office.enroll(ANA, *([BEN] if also_ben else []))
        self.office.run(MONDAY + timedelta(hours=1))

    def mail(self, text: str, *, sender: str = ANA, subject: str = "Hello", head: str = "") -> int:
        """A mail that cites nothing of ours is read; its id."""
        raw = (
            f"From: {sender}\r\nTo: wang@firm.example\r\nSubject: {subject}\r\n{head}"
            f"Message-ID: <{abs(hash((text, sender)))}@mail.luso.example>\r\n"
            f"Date: {self.office.clock.now():%a, %d %b %Y %H:%M:%S +0000}\r\n\r\n{text}\r\n"
        )
        self.office.mailboxes["wang"].append("INBOX", raw.encode())
        self.office.tick()
        return max(one.id for one in self.office.answers())

    def reply(self, text: str = "Please send your prices.", *, sender: str = ANA) -> int:
        """An answer in the thread is read; its id."""
        first = next(mail for mail in self.office.received() if sender in str(mail["To"]))
        self.office.answer(first, text, sender=sender)
        self.office.tick()
        return max(one.id for one in self.office.answers())

    def doubtful(self) -> int:
        """Ana accepts an invitation that nobody can read: everything of hers waits for a person."""
        head = "MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REPLY\r\n"
        return self.mail("BEGIN:VCALENDAR\r\nEND:VCALENDAR", subject="Accepted: call", head=head)

    def absence(self) -> int:
        """Ana's mail program says that she is away."""
        text, head = "I am out of the office until 20 March 2026.", "Auto-Submitted: auto-replied\r\n"
        return self.mail(text, subject="Out of office", head=head)

    def mark(
        self, answer_id: int, mark: Mark, value: str = "", note: str = "", *, is_dry_run: bool = False
    ) -> MarkResult:
        saying = Saying(answer_id=answer_id, mark=mark, value=value, note=note, by="wang")
        return mark_answer(self.office.engine, saying, is_dry_run=is_dry_run)

    def correct(
        self,
        answer_id: int,
        kind: VerdictKind,
        *,
        subtype: AutoReplyType | None = None,
        bounce_class: BounceClass | None = None,
        failure: ReadFailure | None = None,
        is_dry_run: bool = False,
    ) -> Corrected:
        wanted = Wanted(answer_id=answer_id, kind=kind, subtype=subtype, bounce_class=bounce_class, by="wang")
        finder = finder_of(self.office, failure)
        return correct_verdict(self.office.engine, wanted, finder, is_dry_run=is_dry_run)

    def answer(self, answer_id: int) -> Answer:
        with self.office.engine.store.read() as tx:
            found = inbox.by_id(tx, answer_id)
        assert found is not None
        return found

    def contact(self, address: str = ANA) -> Contact:
        with self.office.engine.store.read() as tx:
            found = contacts.contact_at(tx, address)
        assert found is not None
        return found

    def stand(self) -> list[str]:
        """Of each enrollment: `active`, `held ambiguous`, `finished replied`."""
        return [
            " ".join(
                str(one)
                for one in (each.state, each.hold and each.hold.reason, each.finish_reason)
                if one is not None
            )
            for each in self.office.enrollments()
        ]

    def tasks(self) -> list[Task]:
        with self.office.engine.store.read() as tx:
            return tasks.listed(tx)

    def suppressed(self) -> list[tuple[str, str]]:
        with self.office.engine.store.read() as tx:
            return [(one.pattern, one.reason) for one in all_suppressions(tx)]

    def events(self, *kinds: str) -> list[Event]:
        with self.office.engine.store.read() as tx:
            found = events_of_contact(tx, self.contact().id)
        return [one for one in found if one.kind in kinds]
