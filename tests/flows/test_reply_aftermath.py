"""After a rep's answer: the audit finds nothing, the erased leave nothing, the digest says who waits."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from sequencer.core.notices import MAIL, Channel
from sequencer.flows.audit import audit
from sequencer.flows.digest import digest_told
from sequencer.flows.erase import erase_person, find_person
from sequencer.flows.export import export_person
from sequencer.store.audit import Which
from sequencer.store.schema import inbox
from tests.flows.answering import ANA, answer, answered_office, replies_of
from tests.flows.office import MONDAY, Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return answered_office(tmp_path / "ws")


def judged(office: Office) -> tuple[int, list[str]]:
    engine = office.engine
    found = audit(engine.store, engine.config.limits, Which(), office.clock.now())
    return found.messages, [one.words for one in found.findings]


def test_the_audit_takes_it_neither_for_a_message_nor_for_one_after_an_answer(office: Office) -> None:
    answer(office)
    office.mailboxes["wang"].append("Sent", b"".join(office.couriers["wang"].received[-1].pieces))
    office.run(MONDAY + timedelta(days=12))
    assert judged(office) == (1, [])


def test_it_is_in_what_a_person_is_shown_and_gone_when_they_are_erased(office: Office) -> None:
    answer(office, "Zylkova prices, as you asked.")
    person = find_person(office.engine, ANA)
    [shown] = export_person(office.engine, person)["replies"]
    assert (shown["address"], shown["state"]) == (ANA, "sent")
    assert "Zylkova" in shown["text"]
    erase_person(office.engine, person)
    [left] = replies_of(office)
    assert (left.address, left.text, left.html, left.own_text) == ("erased-1@erased.invalid", "", "", "")
    assert (left.subject, left.references, left.in_reply_to, left.state) == ("", (), None, "sent")


def test_mail_of_the_erased_that_comes_later_keeps_no_reply_to_and_no_thread(office: Office) -> None:
    first = office.received()[0]
    erase_person(office.engine, find_person(office.engine, ANA))
    raw = (
        f"From: {ANA}\r\nReply-To: secret@luso.example\r\nTo: wang@firm.example\r\nSubject: again\r\n"
        f"Message-ID: <9@luso.example>\r\nReferences: <8@luso.example> {first['Message-ID']}\r\n\r\nHi.\r\n"
    )
    office.mailboxes["wang"].append("INBOX", raw.encode())
    office.clock.advance(timedelta(minutes=5))
    office.tick()
    with office.engine.store.read() as tx:
        last = tx.execute(select(inbox).order_by(inbox.c.id.desc())).mappings().first()
    assert last is not None
    assert (last["reply_to"], last["references"] or None, last["from_address"]) == (None, None, None)


def digest(office: Office) -> str:
    with office.engine.store.read() as tx:
        told = digest_told(tx, office.engine, Channel(via=MAIL, name="wang"), date(2026, 3, 3))
    return "\n".join(told.facts) if told else ""


def test_the_digest_says_who_still_waits_and_no_more_once_they_are_answered(office: Office) -> None:
    office.clock.advance(timedelta(hours=20))
    assert "today: 1 buyer waits for your answer, the first for 23 h" in digest(office)
    answer(office)
    assert "waits for your answer" not in digest(office)
