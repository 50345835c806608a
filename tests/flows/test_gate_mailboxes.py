"""The follow-up gate over several mailboxes: all that wrote to a contact are read first, or none leaves."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.config import Retired
from sequencer.core.enrollment import FinishReason
from sequencer.core.outbox import OutboxState
from sequencer.core.ports import ReadFailure
from sequencer.errors import InputError
from sequencer.flows.start import check_mailboxes, name_stranded, take_over
from sequencer.store import mailboxes
from tests.flows.office import MONDAY, Office

ANA = "ana@luso.example"
DAY_3 = MONDAY + timedelta(days=3, hours=1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Both mailboxes wrote to Ana; wang's second message is prepared and due."""
    office = Office(tmp_path / "ws")
    office.add_contact(ANA)
    office.enroll(ANA)
    office.tick("wang")
    with office.engine.store.write() as tx:
        tx.exec_driver_sql("UPDATE outbox SET mailbox = 'li'")
    office.clock.set(DAY_3 - timedelta(hours=12))
    office.tick("wang")
    office.clock.set(DAY_3)
    return office


def left(office: Office) -> int:
    return sum(len(courier.received) for courier in office.couriers.values())


def test_the_other_mailbox_is_asked_for_and_the_message_leaves_once_it_was_read(office: Office) -> None:
    office.tick("wang")
    assert left(office) == 1
    assert office.wanted == ["li"]
    assert office.rows()[1].reason == "inbox of li unread so far"
    office.tick("li")
    office.tick("wang")
    assert left(office) == 2


def test_a_mailbox_that_cannot_be_read_keeps_the_message_back_and_is_named(office: Office) -> None:
    office.readers["li"].failures = [ReadFailure("li: no answer")]
    office.tick("li")
    office.clock.advance(timedelta(seconds=10))
    office.tick("wang")
    assert left(office) == 1
    assert office.rows()[1].reason == f"inbox of li unread since {DAY_3:%Y-%m-%d %H:%M}Z"


def test_an_answer_in_the_other_mailbox_stops_the_message(office: Office) -> None:
    office.answer(office.received("wang")[0], "Please call me.", mailbox="li")
    office.tick("wang")
    office.tick("li")
    office.tick("wang")
    assert left(office) == 1
    assert office.enrollments()[0].finish_reason is FinishReason.REPLIED


def test_a_reading_counts_from_its_start(office: Office) -> None:
    office.tick("li")
    office.clock.advance(timedelta(seconds=60))
    office.tick("wang")
    assert left(office) == 2


def test_a_reading_one_second_too_old_does_not_count(office: Office) -> None:
    office.tick("li")
    office.clock.advance(timedelta(seconds=61))
    office.tick("wang")
    assert left(office) == 1


def without_li(office: Office) -> None:
    office.reconfigure(mailboxes=tuple(one for one in office.engine.config.mailboxes if one.name == "wang"))


def test_a_mailbox_that_wrote_cannot_just_be_removed(office: Office) -> None:
    without_li(office)
    with pytest.raises(InputError, match="'li' has written to buyers") as raised:
        check_mailboxes(office.engine)
    assert raised.value.hint is not None
    assert "[[retired]] name = 'li'" in raised.value.hint


def test_a_retired_mailbox_is_read_by_its_successor(office: Office) -> None:
    without_li(office)
    office.reconfigure(retired=(Retired(name="li", replies_in="wang"),))
    check_mailboxes(office.engine)
    office.tick("wang")
    assert left(office) == 2
    assert office.wanted == []


def test_a_retired_mailbox_closes_the_gate_while_its_successor_is_unread(office: Office) -> None:
    without_li(office)
    office.reconfigure(retired=(Retired(name="li", replies_in="wang"),))
    check_mailboxes(office.engine)
    office.readers["wang"].failures = [ReadFailure("wang: no answer")] * 2
    office.tick("wang")
    assert left(office) == 1
    assert "inbox of wang unread" in office.rows()[1].reason


def test_what_a_dead_process_left_in_a_retired_mailbox_is_settled_at_start(office: Office) -> None:
    with office.engine.store.write() as tx:
        tx.exec_driver_sql("UPDATE outbox SET state = 'sending', sent_at = NULL WHERE mailbox = 'li'")
    without_li(office)
    take_over(office.engine)
    assert office.rows()[0].state is OutboxState.UNSURE


def test_enrollments_of_a_mailbox_that_is_gone_are_named_at_start(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox = office.engine.config.mailbox("li")
    assert mailbox is not None
    office.reconfigure(mailboxes=(mailbox,))
    name_stranded(office.engine)
    [record] = caplog.records
    assert (record.mailbox, record.detail) == (  # type: ignore[attr-defined]
        "wang",
        "1 active in it, and it is not in config.toml: nothing of theirs leaves",
    )


@pytest.fixture
def without_imap(tmp_path: Path) -> Office:
    """li has no IMAP: its answers go to wang."""
    office = Office(tmp_path / "ws")
    wang, li = (office.engine.config.mailbox(name) for name in ("wang", "li"))
    assert wang is not None
    assert li is not None
    office.reconfigure(mailboxes=(wang, replace(li, imap=None, replies_in="wang")))
    check_mailboxes(office.engine)
    office.add_contact(ANA)
    office.enroll(ANA, rep="li")
    office.tick("li")
    return office


def test_a_mailbox_without_imap_asks_for_answers_where_they_are_read(without_imap: Office) -> None:
    [intro] = without_imap.received("li")
    assert intro["From"] == "li <li@firm.example>"
    assert intro["Reply-To"] == "li <wang@firm.example>"
    assert intro["List-Unsubscribe"].startswith("<mailto:wang@firm.example?subject=")


def test_a_follow_up_of_a_mailbox_without_imap_waits_for_the_one_that_is_read_in_its_stead(
    without_imap: Office,
) -> None:
    office = without_imap
    office.clock.set(DAY_3)
    office.tick("li")
    assert len(office.received("li")) == 1
    assert office.wanted == ["wang"]
    office.tick("wang")
    office.tick("li")
    assert len(office.received("li")) == 2


def test_an_answer_read_in_its_stead_stops_the_follow_ups(without_imap: Office) -> None:
    office = without_imap
    office.answer(office.received("li")[0], "Please call me.", mailbox="wang")
    office.run(MONDAY + timedelta(days=20))
    assert len(office.received("li")) == 1
    assert office.enrollments()[0].finish_reason is FinishReason.REPLIED


def test_a_mailbox_that_never_read_and_never_wrote_keeps_nothing_back(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    office.add_contact(ANA)
    office.enroll(ANA)
    office.run(MONDAY + timedelta(days=1), every=timedelta(hours=30))
    office.clock.set(DAY_3)
    with office.engine.store.write() as tx:
        mailboxes.read_failed(tx, "li", "down", office.clock.now())
    office.tick("wang")
    assert left(office) == 2
