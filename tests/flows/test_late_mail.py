"""Mail that an erased person still sends is recorded as its kind alone and does nothing."""

from pathlib import Path

import pytest
from sqlalchemy import select

from sequencer.core.enrollment import EnrollmentState, FinishReason
from sequencer.core.inbound import VerdictKind
from sequencer.flows import take_in as reading
from sequencer.flows.recognise import recognise
from sequencer.store.schema import inbox, suppressions, tasks
from tests.flows.ana import ANA, WORDS, files_that_say, forget, with_a_past
from tests.flows.office import Office

COLLEAGUE = "carla@luso.example"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "ws")


def _mail(office: Office, text: str, *, sender: str = ANA, subject: str = "Blue velvet wrenches") -> None:
    raw = (
        f"From: Zylkova <{sender}>\r\nTo: wang@firm.example\r\nSubject: {subject}\r\n"
        f"Message-ID: <{abs(hash(text))}@mail.luso.example>\r\n"
        f"Date: {office.clock.now():%a, %d %b %Y %H:%M:%S +0000}\r\n\r\n{text}\r\n"
    )
    office.mailboxes["wang"].append("INBOX", raw.encode())


def _last(office: Office) -> inbox.__class__:
    with office.engine.store.read() as tx:
        return tx.execute(select(inbox).order_by(inbox.c.id.desc()).limit(1)).mappings().one()


PERSONAL = [column.name for column in list(inbox.columns)[list(inbox.columns).index(inbox.c.contact_id) :]]


def _is_bare(row: object) -> bool:
    return all(row[name] is None for name in PERSONAL)  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Please send the price of blue velvet wrenches.", VerdictKind.REPLY),
        ("Unsubscribe me, please. Do not write to me again.", VerdictKind.UNSUBSCRIBE),
    ],
)
def test_an_answer_in_the_thread_keeps_its_kind_alone(office: Office, text: str, kind: VerdictKind) -> None:
    with_a_past(office)
    to_ana = next(mail for mail in office.received() if "zylkova" in mail["To"].lower())
    forget(office)
    with office.engine.store.read() as tx:
        known = tx.execute(select(suppressions)).all()
    office.answer(to_ana, text)
    office.tick()
    row = _last(office)
    assert row["kind"] == kind
    assert _is_bare(row)
    assert files_that_say(office.root, *WORDS) == []
    with office.engine.store.read() as tx:
        assert tx.execute(select(suppressions)).all() == known


def test_a_fresh_mail_to_a_company_with_other_contacts_holds_nobody(office: Office) -> None:
    with_a_past(office)
    office.add_contact(COLLEAGUE, domain="luso.example", first_name="Carla", name="Carla Dias")
    office.enroll(COLLEAGUE)
    forget(office)
    _mail(office, "Good morning, it is Zylkova once more. What does a wrench cost?")
    office.tick()
    assert _is_bare(_last(office))
    of_carla = office.enrollments()[-1]
    assert of_carla.state is EnrollmentState.ACTIVE
    assert files_that_say(office.root, *WORDS) == []


def test_a_colleague_who_cites_what_we_wrote_to_them_is_heard_as_themselves(office: Office) -> None:
    with_a_past(office)
    office.add_contact(COLLEAGUE, domain="luso.example", first_name="Carla", name="Carla Dias")
    office.enroll(COLLEAGUE)
    to_ana = next(mail for mail in office.received() if "zylkova" in mail["To"].lower())
    forget(office)
    office.answer(to_ana, "I have taken this over, please quote.", sender=f"Carla Dias <{COLLEAGUE}>")
    office.tick()
    assert _last(office)["from_address"] == COLLEAGUE
    assert office.enrollments()[-1].finish_reason is FinishReason.REPLIED


def test_an_answer_to_what_somebody_else_was_written_stops_their_follow_up_without_a_word_kept(
    office: Office,
) -> None:
    with_a_past(office)
    forget(office)
    to_ben = next(mail for mail in office.received() if "ben@" in mail["To"].lower())
    office.answer(to_ben, "Ben gave me this: blue velvet wrenches, please.", sender=f"Zylkova <{ANA}>")
    office.tick()
    of_ben = next(one for one in office.enrollments() if one.contact_id != 1)
    assert of_ben.state is not EnrollmentState.ACTIVE
    row = _last(office)
    assert (row["kind"], row["contact_id"]) == (VerdictKind.REPLY, of_ben.contact_id)
    assert not any((row["message_id"], row["from_address"], row["subject"], row["own_text"]))
    assert files_that_say(office.root, *WORDS) == []


def test_erased_between_recognising_and_recording_leaves_no_text(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_past(office)
    with office.engine.store.read() as tx:
        tasks_before = len(tx.execute(select(tasks)).all())
    _mail(office, "Another question about blue velvet wrenches.")

    def recognise_then_erase(*arguments: object) -> object:
        found = recognise(*arguments)  # type: ignore[arg-type]
        if found:
            _erased_elsewhere(office)
        return found

    monkeypatch.setattr(reading, "recognise", recognise_then_erase)
    office.tick()
    assert _is_bare(_last(office))
    with office.engine.store.read() as tx:
        assert len(tx.execute(select(tasks)).all()) == tasks_before
    assert forget(office).is_compact
    assert files_that_say(office.root, *WORDS) == []


def _erased_elsewhere(office: Office) -> None:
    """By another process, so that the reading snapshot stays open; the file is written anew later."""
    from sequencer.flows import erase

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(erase, "_compacted", lambda _engine: False)
        forget(office)
