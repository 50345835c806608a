"""What one hand writes between another's look and its write is never undone, and nothing is left behind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from sequencer.core.enrollment import Hold, HoldReason
from sequencer.core.outbox import Headers, OutboxRow, OutboxState
from sequencer.errors import SequencerError
from sequencer.flows import deliver_one
from sequencer.flows.approve import approve, waiting_for_approval
from sequencer.flows.assemble import mint_headers
from sequencer.flows.edit import Edited, edit
from sequencer.flows.enroll import Rules, enroll
from sequencer.flows.steer import choose, pause, resume
from sequencer.store import enrollments, tasks
from sequencer.store.schema import enrollments as table
from tests.flows.happenings import (
    OWN_WORDS,
    answers,
    changes_owner,
    erases,
    gives_back,
    moves,
    pauses,
    puts_attachment_back,
    removes_attachment,
    replaces_attachment,
    resumes,
    stops,
)
from tests.flows.moments import Moment
from tests.flows.race_office import ANA, CALLED, NEW, RaceOffice

MINE, YOURS = Edited(body="My words."), Edited(body="Your words.")


@pytest.fixture
def office(tmp_path: Path) -> RaceOffice:
    return RaceOffice(tmp_path / "ws")


def offer(office: RaceOffice) -> OutboxRow:
    """Her second message as it stands now."""
    return [row for row in office.rows_of(office.her_id) if row.step == "offer"][-1]


def edited(office: RaceOffice) -> None:
    edit(office.engine, offer(office), Edited(body=OWN_WORDS), "wang")


def test_an_old_text_is_not_rendered_over_words_a_person_saved_meanwhile(office: RaceOffice) -> None:
    office.at(Moment.GATED, edited)
    office.tick()
    assert OWN_WORDS in offer(office).content.text
    office.days(1)
    assert OWN_WORDS in office.bodies_to(ANA)[1]


def test_asking_a_person_again_keeps_the_words_they_saved_meanwhile(office: RaceOffice) -> None:
    edit(office.engine, offer(office), MINE, "wang")
    replaces_attachment(office)
    office.at(Moment.GATED, edited)
    office.tick()
    assert OWN_WORDS in offer(office).content.text


def test_approving_lets_no_text_go_that_was_changed_since_it_was_shown(tmp_path: Path) -> None:
    office = RaceOffice(tmp_path / "ws", is_key_account=True)
    [shown] = waiting_for_approval(office.engine)
    edit(office.engine, shown, MINE, "wang")
    done = approve(office.engine, [shown], "li")
    assert (done.approved, [row.content.text for row in done.left]) == ((), ["My words.\n"])
    assert offer(office).state is OutboxState.AWAITING_APPROVAL


def test_an_edit_made_from_the_text_before_anothers_edit_is_refused(office: RaceOffice) -> None:
    shown = offer(office)
    edit(office.engine, shown, MINE, "wang")
    with pytest.raises(SequencerError, match="somebody changed its text"):
        edit(office.engine, shown, YOURS, "li")
    assert offer(office).content.text == "My words.\n"


def test_an_edit_made_while_the_daemon_renders_the_text_anew_is_kept(office: RaceOffice) -> None:
    shown = offer(office)
    office.at(Moment.ACCEPTED, changes_owner)
    office.tick()
    gives_back(office)
    assert offer(office).rendered_at > shown.rendered_at
    edit(office.engine, replace(offer(office), rendered_at=shown.rendered_at), MINE, "wang")
    assert offer(office).content.text == "My words.\n"


def test_words_saved_within_the_same_instant_are_told_apart(office: RaceOffice) -> None:
    """A clock put back, or a coarse one, may show one instant twice."""
    shown = offer(office)
    office.clock._now = shown.rendered_at
    first = edit(office.engine, shown, MINE, "wang")
    second = edit(office.engine, first, YOURS, "wang")
    assert shown.rendered_at < first.rendered_at < second.rendered_at


def test_no_message_is_made_for_the_address_she_had_while_it_was_rendered(tmp_path: Path) -> None:
    office = RaceOffice(tmp_path / "ws", is_prepared=False)
    office.at(Moment.RENDERED, moves)
    office.tick()
    office.days(1)
    office.require_ways_on()
    assert set(office.steps_to(NEW)) == {("hers", 1, "offer")}


def test_no_task_is_set_for_an_enrollment_paused_while_its_title_was_rendered(tmp_path: Path) -> None:
    office = RaceOffice(tmp_path / "ws", hers=CALLED, is_prepared=False)
    office.at(Moment.RENDERED, pauses)
    office.tick()
    with office.engine.store.read() as tx:
        assert tasks.listed(tx, contact_id=office.her_id) == []
    resumes(office)
    office.tick()
    with office.engine.store.read() as tx:
        assert len(tasks.listed(tx, contact_id=office.her_id)) == 1


LATER = ["451 4.7.1 try again later", "421 4.3.2 closing"]


@pytest.mark.parametrize("answer", LATER)
@pytest.mark.parametrize("happens", [moves, stops, answers, erases])
def test_a_message_put_off_after_it_lost_its_reason_is_withdrawn(
    office: RaceOffice, happens: Callable[[RaceOffice], None], answer: str
) -> None:
    office.couriers["wang"].fail("CONTENT", answer)
    office.at(Moment.MARKED, happens)
    office.tick()
    office.days(0, 1, 8)
    assert set(office.steps_to(ANA)) == {("hers", 1, "intro")}
    office.require_ways_on()
    assert len(office.steps_to(NEW)) == (2 if happens is moves else 0)


def test_a_message_put_off_while_its_enrollment_was_paused_leaves_after_the_resume(
    office: RaceOffice,
) -> None:
    office.couriers["wang"].fail("CONTENT", LATER[0])
    office.at(Moment.MARKED, pauses)
    office.tick()
    office.days(0, 1)
    assert len(office.steps_to(ANA)) == 1
    resumes(office)
    office.days(3, 10)
    assert office.steps_to(ANA) == {("hers", 1, step): 1 for step in ("intro", "offer", "last")}


def test_a_resume_ends_only_the_hold_it_was_asked_about(office: RaceOffice) -> None:
    pause(office.engine, choose(office.engine, ids=[1]).enrollments)
    seen = choose(office.engine, ids=[1]).enrollments
    resume(office.engine, seen)
    now = office.clock.now()
    with office.engine.store.write() as tx:
        [enrollment] = enrollments.listed(tx, ids=[1])
        enrollments.hold(tx, enrollment, Hold(reason=HoldReason.CHALLENGE, until=None), now)
    done = resume(office.engine, seen)
    assert (done.changed, office.enrollment_of(office.her_id).hold) == (
        (),
        Hold(reason=HoldReason.CHALLENGE, until=None),
    )


def test_nobody_is_enrolled_who_became_anothers_since_the_plan(office: RaceOffice) -> None:
    plan = office.plan(ANA, rules=Rules(also=True))
    changes_owner(office)
    assert enroll(office.engine, plan) == 0


def test_another_round_is_counted_when_it_is_entered_not_when_it_was_planned(office: RaceOffice) -> None:
    stops(office)
    plan = office.plan(ANA, rules=Rules(again=True), sequence="hers")
    assert enroll(office.engine, plan) == 1
    stops(office)
    assert enroll(office.engine, plan) == 1
    assert office.enrollment_of(office.her_id).round == 3


def test_no_copy_of_an_erased_persons_mail_is_saved_once_they_are_erased(office: RaceOffice) -> None:
    office.at(Moment.COPY_DUE, erases)
    office.tick()
    assert len(office.mailboxes["wang"].folders["Sent"].mails) == 1


def test_who_has_an_address_that_was_anothers_waits_for_what_is_under_way_to_it(office: RaceOffice) -> None:
    """Ana's message to her old address is put off as she moves; Rui has that address now."""
    office.couriers["wang"].fail("CONTENT", LATER[0])
    office.at(Moment.MARKED, moves)
    office.tick()
    assert (offer(office).address_key, offer(office).state) == (ANA, OutboxState.DEFERRED)
    rui = office.add_contact(ANA, first_name="Rui", name="Rui")
    office.enroll(ANA, sequence="hers")
    with office.engine.store.write() as tx:
        stands = {"step": "offer", "prepare_at": office.clock.now(), "next_at": office.clock.now()}
        tx.execute(update(table).where(table.c.contact_id == rui).values(stands))
    office.tick()
    assert office.rows_of(rui) == []
    office.days(0, 1)
    assert [row.step for row in office.rows_of(rui)] == ["offer"]


def test_a_file_that_goes_between_the_look_at_it_and_its_reading_is_waited_for(
    office: RaceOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def minted(*arguments: Any) -> Headers:
        removes_attachment(office)
        return mint_headers(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(deliver_one, "mint_headers", minted)
        office.tick()
    assert (offer(office).state, office.enrollment_of(office.her_id).hold) == (OutboxState.READY, None)
    puts_attachment_back(office)
    office.days(1)
    assert set(office.steps_to(ANA)) == {("hers", 1, "intro"), ("hers", 1, "offer")}
