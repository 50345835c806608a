"""What a rep says of an answer moves stage, task and what runs, once, and can be said anew."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.core.contact import Stage
from sequencer.core.inbound import VerdictKind
from sequencer.core.marks import MARKS, Mark
from sequencer.errors import InputError
from sequencer.flows.report import report
from sequencer.flows.why import why
from sequencer.store import contacts, enrollments
from sequencer.store.inbox import listed
from tests.flows.ana import forget
from tests.flows.marking import ANA, BEN, CARLA, Desk

VALUES = {Mark.LATER: "2026-04-01", Mark.REFERRAL: "joao@luso.example"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "w")


@pytest.mark.parametrize(
    ("mark", "stage", "task"),
    [
        (Mark.INTERESTED, Stage.QUALIFIED_1, "Answer Ana Silva: interested"),
        (Mark.QUESTION, Stage.CONVERSATION, "Answer Ana Silva's question"),
        (Mark.LATER, Stage.CONVERSATION, "Write to Ana Silva again, as they asked"),
        (Mark.NOT_INTERESTED, Stage.LOST, None),
        (Mark.REFERRAL, Stage.CONVERSATION, "Write to joao@luso.example, whom Ana Silva named"),
        (Mark.WRONG_PERSON, Stage.LOST, "Find out who decides in place of Ana Silva"),
        (Mark.CUSTOMER, Stage.WON, None),
        (Mark.UNSUBSCRIBE, Stage.CONVERSATION, None),
        (Mark.UNRELATED, Stage.CONVERSATION, None),
        (Mark.DONE, Stage.CONVERSATION, None),
    ],
)
def test_each_mark_moves_the_stage_and_makes_its_task(
    desk: Desk, mark: Mark, stage: Stage, task: str | None
) -> None:
    answer = desk.reply()
    found = desk.mark(answer, mark, VALUES.get(mark, ""))
    assert found.is_new
    assert desk.contact().stage is stage
    assert [one.title for one in desk.tasks()] == ([task] if task else [])
    assert desk.answer(answer).mark == mark
    assert desk.answer(answer).is_waiting == MARKS[mark].waits
    [told] = desk.events("inbox.marked")
    assert told.data == {"inbox_id": answer, "mark": mark.value, "by": "wang"}


@pytest.mark.parametrize("mark", list(Mark))
def test_the_same_again_changes_nothing(desk: Desk, mark: Mark) -> None:
    answer = desk.reply()
    desk.mark(answer, mark, VALUES.get(mark, ""), "they called")
    before = (desk.contact(), desk.tasks(), desk.stand(), desk.suppressed(), len(desk.events("inbox.marked")))
    again = desk.mark(answer, mark, VALUES.get(mark, ""), "they called")
    assert not again.is_new
    assert again.said.done == []
    after = (desk.contact(), desk.tasks(), desk.stand(), desk.suppressed(), len(desk.events("inbox.marked")))
    assert after == before


@pytest.mark.parametrize("mark", list(Mark))
def test_a_dry_run_says_it_all_and_writes_nothing(desk: Desk, mark: Mark) -> None:
    answer = desk.reply()
    before = (desk.contact(), desk.tasks(), desk.stand(), desk.suppressed(), desk.answer(answer))
    would = desk.mark(answer, mark, VALUES.get(mark, ""), "they called", is_dry_run=True)
    assert (desk.contact(), desk.tasks(), desk.stand(), desk.suppressed(), desk.answer(answer)) == before
    assert desk.events("inbox.marked") == []
    assert desk.mark(answer, mark, VALUES.get(mark, ""), "they called") == would


@pytest.mark.parametrize("first", list(Mark))
def test_another_mark_takes_the_place_of_the_first_and_says_so(desk: Desk, first: Mark) -> None:
    answer = desk.reply()
    desk.mark(answer, first, VALUES.get(first, ""))
    second = Mark.QUESTION if first is not Mark.QUESTION else Mark.DONE
    found = desk.mark(answer, second)
    assert found.was is first
    open_tasks = [one.title for one in desk.tasks()]
    assert open_tasks == (["Answer Ana Silva's question"] if second is Mark.QUESTION else [])
    assert desk.contact().stage is Stage.CONVERSATION
    assert desk.suppressed() == []
    assert [one.data.get("was") for one in desk.events("inbox.marked")] == [None, first.value]


def test_a_stage_that_somebody_moved_on_since_is_left(desk: Desk) -> None:
    answer = desk.reply()
    desk.mark(answer, Mark.INTERESTED)
    with desk.office.engine.store.write() as tx:
        moved = replace(desk.contact(), stage=Stage.QUALIFIED_3)
        contacts.update_contacts(tx, [moved], desk.office.clock.now())
    desk.mark(answer, Mark.QUESTION)
    assert desk.contact().stage is Stage.QUALIFIED_3


def test_later_is_due_in_the_morning_of_that_day_where_the_rep_is(desk: Desk) -> None:
    answer = desk.reply()
    assert desk.mark(answer, Mark.LATER, "in 3 weeks").day == "2026-03-23"
    [task] = desk.tasks()
    assert task.due_at == datetime(2026, 3, 23, 9, tzinfo=UTC)  # winter time in Lisbon
    desk.office.clock.advance(timedelta(days=60))
    assert not desk.mark(answer, Mark.LATER, "2026-03-23").is_new


def test_an_answer_is_owed_by_the_end_of_today_or_else_in_the_morning(desk: Desk) -> None:
    answer = desk.reply()
    desk.mark(answer, Mark.INTERESTED)
    assert [one.due_at for one in desk.tasks()] == [datetime(2026, 3, 2, 18, tzinfo=UTC)]
    desk.office.clock.advance(timedelta(hours=8))
    desk.mark(answer, Mark.QUESTION)
    assert [one.due_at for one in desk.tasks()] == [datetime(2026, 3, 3, 9, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("mark", "value", "why"),
    [
        (Mark.LATER, "", "later: when?"),
        (Mark.LATER, "2026-03-01", "is not after today"),
        (Mark.LATER, "soon", "is no day"),
        (Mark.REFERRAL, "", "referral: to whom?"),
        (Mark.REFERRAL, "joao at luso", "referral: "),
        (Mark.DONE, "tomorrow", "done takes nothing more"),
    ],
)
def test_a_day_or_address_that_is_none_is_refused(desk: Desk, mark: Mark, value: str, why: str) -> None:
    answer = desk.reply()
    with pytest.raises(InputError, match=why):
        desk.mark(answer, mark, value)
    assert desk.answer(answer).mark is None


def test_nobody_is_enrolled_or_added_by_a_referral(desk: Desk) -> None:
    desk.mark(desk.reply(), Mark.REFERRAL, "joao@luso.example")
    with desk.office.engine.store.read() as tx:
        assert contacts.contact_at(tx, "joao@luso.example") is None
        assert len(enrollments.listed(tx)) == 2


def test_not_interested_is_no_opt_out_and_unsubscribe_is_one(desk: Desk) -> None:
    answer = desk.reply("No need, thank you.")
    desk.mark(answer, Mark.NOT_INTERESTED)
    assert desk.suppressed() == []
    desk.mark(answer, Mark.UNSUBSCRIBE)
    assert desk.suppressed() == [(ANA, "opted_out")]
    assert desk.contact().stage is Stage.CONVERSATION


def test_taking_an_opt_out_back_leaves_one_that_was_there_before(desk: Desk) -> None:
    desk.reply("Take me off your list, please.")
    later = desk.mail("And who are you?")
    known = desk.suppressed()
    assert (ANA, "opted_out") in known
    desk.mark(later, Mark.UNSUBSCRIBE)
    desk.mark(later, Mark.DONE)
    assert desk.suppressed() == known


def test_doubtful_mail_that_is_marked_as_an_answer_is_a_reply_and_counts_as_one(desk: Desk) -> None:
    answer = desk.doubtful()
    assert desk.answer(answer).kind is VerdictKind.AMBIGUOUS
    assert desk.stand() == ["held ambiguous", "active"]
    desk.mark(answer, Mark.INTERESTED)
    assert desk.answer(answer).kind is VerdictKind.REPLY
    assert desk.stand() == ["finished replied", "held company_replied"]
    assert [
        line.replied
        for line in report(desk.office.engine.store, by="sequence", now=desk.office.clock.now()).lines
    ] == [1]


@pytest.mark.parametrize("mark", [Mark.DONE])
def test_doubtful_mail_that_needs_no_answer_says_how_its_hold_ends(desk: Desk, mark: Mark) -> None:
    found = desk.mark(desk.doubtful(), mark)
    assert desk.stand() == ["held ambiguous", "active"]
    assert found.said.left == [
        "enrollment 1 stays held (ambiguous);"
        " `sequencer enrollments resume 1 --force ambiguous` lets it go on"
    ]


def test_doubtful_mail_that_does_not_concern_us_holds_no_longer(desk: Desk) -> None:
    found = desk.mark(desk.doubtful(), Mark.UNRELATED)
    assert desk.stand() == ["active", "active"]
    assert found.said.done == ["enrollment 1 goes on"]
    desk.office.run(desk.office.clock.now() + timedelta(days=5))
    assert len(desk.office.received()) == 4


def test_what_a_reply_ended_stays_ended_and_the_way_on_is_said(desk: Desk) -> None:
    found = desk.mark(desk.reply(), Mark.UNRELATED)
    assert desk.stand() == ["finished replied", "active"]
    assert found.said.left == [
        "what it ended stays ended; if it was no answer at all: `sequencer inbox mark 1 --verdict other`"
    ]


def test_machine_mail_is_not_marked_as_a_persons_answer(desk: Desk) -> None:
    answer = desk.absence()
    with pytest.raises(InputError, match="was taken for auto_reply") as caught:
        desk.mark(answer, Mark.INTERESTED)
    assert caught.value.hint is not None
    assert f"inbox mark {answer} --verdict reply" in caught.value.hint
    assert desk.mark(answer, Mark.REFERRAL, "joao@luso.example").is_new
    assert desk.stand() == ["held out_of_office", "active"]


def test_mail_of_nobody_and_our_own_mail_is_not_marked(desk: Desk) -> None:
    stranger = desk.mail("Buy our ink.", sender="sales@ink.example")
    with pytest.raises(InputError, match="concerns none of your contacts"):
        desk.mark(stranger, Mark.DONE)
    with pytest.raises(InputError, match="no incoming message 99"):
        desk.mark(99, Mark.DONE)
    desk.office.mailboxes["wang"].append("Sent", bytes(desk.office.received()[0]))
    desk.office.tick()
    own = next(one.id for one in desk.office.answers() if one.kind is VerdictKind.OWN_COPY)
    with pytest.raises(InputError, match="our own mail"):
        desk.mark(own, Mark.DONE)


def test_of_somebody_who_was_erased_nothing_is_said_any_more(desk: Desk) -> None:
    answer = desk.reply()
    forget(desk.office, ANA)
    with pytest.raises(InputError, match="was erased"):
        desk.mark(answer, Mark.INTERESTED)


def test_a_reps_words_go_to_the_contacts_note_once(desk: Desk) -> None:
    answer = desk.reply()
    desk.mark(answer, Mark.LATER, "2026-04-01", "after their stocktaking")
    assert desk.contact().note == "2026-03-02 wang: later: after their stocktaking"
    desk.mark(answer, Mark.LATER, "2026-04-01", "after their stocktaking")
    desk.mark(answer, Mark.LATER, "2026-04-01", "ask for Maria")
    assert desk.contact().note.endswith("stocktaking | 2026-03-02 wang: later: ask for Maria")
    told = " ".join(str(one.data) for one in desk.events("inbox.marked", "noted"))
    assert "stocktaking" not in told


def test_who_answered_by_hand_before_gets_no_task_and_afterwards_has_done_it(desk: Desk) -> None:
    answer = desk.reply()
    desk.mark(answer, Mark.INTERESTED)
    assert len(desk.tasks()) == 1
    desk.office.clock.advance(timedelta(minutes=5))
    raw = (
        f"From: wang@firm.example\r\nTo: {ANA}\r\nSubject: Re: prices\r\nMessage-ID: <h@firm.example>\r\n"
        f"Date: {desk.office.clock.now():%a, %d %b %Y %H:%M:%S +0000}\r\n\r\nHere they are.\r\n"
    )
    desk.office.mailboxes["wang"].append("Sent", raw.encode())
    desk.office.tick()
    assert desk.tasks() == []
    desk.mark(answer, Mark.QUESTION)
    assert desk.tasks() == []


def test_only_who_still_waits_is_open(desk: Desk) -> None:
    ana, ben = desk.reply(), desk.reply("What is the price?", sender=BEN)
    desk.mark(ana, Mark.DONE)
    desk.mark(ben, Mark.QUESTION)
    with desk.office.engine.store.read() as tx:
        assert [one.id for one in listed(tx, is_open=True)] == [ben]
        assert [one.id for one in listed(tx)] == [ben, ana]


def test_why_names_the_mark_that_ended_it(desk: Desk) -> None:
    answer = desk.mail("Could you send me prices of your wrenches?", sender=CARLA)
    desk.mark(answer, Mark.INTERESTED)
    for whose in (ANA, BEN):
        [told] = why(desk.office.engine, whose, desk.office.engine.config.reps[0]).enrollments
        cause = told.cause
        assert cause is not None
        assert cause.answer is not None
        assert (cause.kind, cause.by, cause.said, cause.answer.id) == ("person", "wang", "interested", answer)


@settings(max_examples=12, deadline=None)
@given(said=st.lists(st.sampled_from(Mark), min_size=2, max_size=5))
def test_whatever_was_said_before_the_last_mark_alone_stands(said: list[Mark]) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        many, alone = Desk(Path(one) / "w"), Desk(Path(other) / "w")
        first, same = many.reply(), alone.reply()
        for mark in said:
            many.mark(first, mark, VALUES.get(mark, ""))
        alone.mark(same, said[-1], VALUES.get(said[-1], ""))
        assert _outcome(many) == _outcome(alone)


def _outcome(desk: Desk) -> tuple[object, ...]:
    """Everything of a mark that another one can take back."""
    titles = [(one.title, one.due_at) for one in desk.tasks()]
    answer = desk.answer(1)
    return answer.mark, desk.contact().stage, titles, desk.suppressed(), answer.is_waiting
