"""A rep who answers Ana from the command line: what tests of `inbox reply` begin with."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sequencer.core.outbox import Attachment
from sequencer.core.ports import SentHeads
from sequencer.core.reply import Reply
from sequencer.core.reply_text import reply_parts, signed
from sequencer.flows.reply_question import Question, question
from sequencer.flows.reply_send import Words, drafted, send_reply
from sequencer.store import replies
from tests.flows.office import MONDAY, Office

ANA = "ana@luso.example"


def answered_office(root: Path, text: str = "Yes, please send prices.") -> Office:
    """Ana got the first mail and answered it; hers is message 1."""
    office = Office(root)
    office.add_contact(ANA, first_name="Ana")
    office.enroll(ANA)
    office.run(MONDAY + timedelta(hours=1))
    office.answer(office.received()[0], text)
    office.run(MONDAY + timedelta(hours=5))
    return office


def asked(office: Office, answer_id: int = 1, rep: str = "wang") -> Question:
    return question(office.engine, answer_id, office.engine.rep(rep))


def words_for(about: Question, said: str, *attachments: Attachment) -> Words:
    own = signed(said, about.rep.signature)
    text, html = reply_parts(own, about.said, about.before, about.language)
    return Words(own_text=own, text=text, html=html, attachments=attachments)


def answer(office: Office, said: str = "The prices are attached.", *files: Attachment, to: int = 1) -> Reply:
    """What `inbox reply` does once the rep said yes."""
    about = asked(office, to)
    made = drafted(office.engine, about, words_for(about, said, *files))
    return send_reply(office.engine, about, made, office.couriers[about.mailbox.name])


def replies_of(office: Office, answer_id: int = 1) -> list[Reply]:
    with office.engine.store.read() as tx:
        return replies.of_answer(tx, answer_id)


def heads_of(office: Office) -> "object":
    """Opens what stands for a mailbox's Sent folder."""

    @contextmanager
    def opened(mailbox: object) -> Iterator[SentHeads]:
        yield office.heads[mailbox.name]  # type: ignore[attr-defined]

    return opened
