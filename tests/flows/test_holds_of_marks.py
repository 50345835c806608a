"""What a mail holds ends when a person says so, unless something else speaks for the hold."""

from pathlib import Path

import pytest
from sqlalchemy import update

from sequencer.core.marks import Mark
from sequencer.core.outbox import OutboxState
from sequencer.flows.steer import pause
from sequencer.store.schema import outbox
from tests.flows.marking import CARLA, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "w")


def test_a_colleagues_mail_that_does_not_concern_us_holds_the_company_no_longer(desk: Desk) -> None:
    answer = desk.mail("Where is the invoice of the cleaning company?", sender=CARLA)
    assert desk.stand() == ["held company_replied"] * 2
    desk.mark(answer, Mark.UNRELATED)
    assert desk.stand() == ["active"] * 2


def test_a_colleague_who_is_interested_ends_what_ran_for_the_company(desk: Desk) -> None:
    answer = desk.mail("Could you send me prices of your wrenches?", sender=CARLA)
    desk.mark(answer, Mark.INTERESTED)
    assert desk.stand() == ["finished company_replied"] * 2
    assert [one.title for one in desk.tasks()] == [f"Answer {CARLA}: interested"]


def test_what_another_mail_holds_too_stays_held(desk: Desk) -> None:
    first = desk.mail("Where is the invoice of the cleaning company?", sender=CARLA)
    second = desk.mail("And the one of the caterers?", sender="dora@luso.example")
    found = desk.mark(first, Mark.UNRELATED)
    assert desk.stand() == ["held company_replied"] * 2
    assert found.said.left == [f"enrollment {one} stays held (company_replied)" for one in (1, 2)]
    desk.mark(second, Mark.UNRELATED)
    assert desk.stand() == ["active"] * 2


def test_an_absence_still_holds_when_the_doubt_is_gone(desk: Desk) -> None:
    desk.absence()
    assert desk.stand() == ["held out_of_office", "active"]
    until = desk.office.enrollments()[0].hold
    answer = desk.doubtful()
    assert desk.stand() == ["held ambiguous", "active"]
    desk.mark(answer, Mark.UNRELATED)
    assert desk.stand() == ["held out_of_office", "active"]
    assert desk.office.enrollments()[0].hold == until


def test_a_message_in_doubt_still_holds_when_the_mail_does_not(desk: Desk) -> None:
    answer = desk.doubtful()
    with desk.office.engine.store.write() as tx:
        in_doubt = update(outbox).where(outbox.c.enrollment_id == 1)
        tx.execute(in_doubt.values(state=OutboxState.UNSURE, sent_at=None))
    found = desk.mark(answer, Mark.UNRELATED)
    assert desk.stand() == ["held unsure", "active"]
    assert found.said.left == ["enrollment 1 stays held (unsure)"]


def test_a_pause_by_hand_is_nobodys_to_end_but_a_persons(desk: Desk) -> None:
    answer = desk.mail("Where is the invoice of the cleaning company?", sender=CARLA)
    pause(desk.office.engine, desk.office.enrollments()[:1], "fair week", by="wang")
    desk.mark(answer, Mark.UNRELATED)
    assert desk.stand() == ["held paused", "active"]
