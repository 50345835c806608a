"""The forecast, by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from sequencer.core.calendar import is_open
from sequencer.core.forecast import Gate, Pending, PlannedMessage, StepAhead
from sequencer.core.mailbox_queue import MailboxPace
from sequencer.core.pacing import gap, message_key
from sequencer.core.timing import Timing, Wait
from sequencer.core.zones import Place
from tests.core.calendars import BERLIN, LISBON, RIYADH, a_closure, a_window, local, shown
from tests.core.plans import KEY, MINUTE, MONDAY, OFFICE, SENDER, a_pace, a_pending, plan, steps, told


def test_steps_follow_each_other_by_their_waits_from_when_the_last_was_sent() -> None:
    planned = plan(a_pending(steps=steps("0m", "3bd", "1w")))
    assert told(planned) == [
        "Mon 2026-03-02 09:00 1 s0",
        "Thu 2026-03-05 09:00 1 s1",
        "Thu 2026-03-12 09:00 1 s2",
    ]
    assert planned.held == ()


def test_messages_due_together_leave_one_gap_apart_and_the_next_day_goes_on() -> None:
    planned = plan(*(a_pending(id, steps=steps("0m")) for id in (3, 1, 2)))
    assert told(planned) == [
        "Mon 2026-03-02 09:00 1 s0",
        "Mon 2026-03-02 09:10 2 s0",
        "Mon 2026-03-02 09:20 3 s0",
    ]
    assert [message.gates for message in planned.messages] == [(), (Gate.GAP,), (Gate.GAP,)]


def test_a_window_that_closes_before_the_turn_comes_puts_it_off() -> None:
    noon = local("2026-03-02 11:55", LISBON)
    planned = plan(a_pending(1, anchor_at=noon), a_pending(2, anchor_at=noon), start=noon)
    assert told(planned) == ["Mon 2026-03-02 11:55 1 s0", "Mon 2026-03-02 14:00 2 s0"]
    assert planned.messages[1].gates == (Gate.WINDOW,)


def test_the_cap_counts_what_was_sent_before_and_opens_a_day_later() -> None:
    pace = a_pace(cap=2, sending_times=(MONDAY - timedelta(hours=20),))
    planned = plan(a_pending(1), a_pending(2), paces=[pace])
    # The one of 13:00 the day before leaves room for one; it is a day old at 13:00, and 14:00 opens.
    assert told(planned) == ["Mon 2026-03-02 09:00 1 s0", "Mon 2026-03-02 14:00 2 s0"]
    assert planned.messages[1].gates == (Gate.WINDOW, Gate.CAP)


def test_the_gap_runs_from_the_last_message_before_the_plan() -> None:
    pace = a_pace(sending_times=(MONDAY - 4 * MINUTE,))
    assert told(plan(a_pending(), paces=[pace])) == ["Mon 2026-03-02 09:06 1 s0"]


def test_follow_ups_go_before_new_contacts_and_say_that_the_inbox_is_read_first() -> None:
    planned = plan(a_pending(1), a_pending(2, is_follow_up=True))
    assert told(planned) == ["Mon 2026-03-02 09:00 2 s0", "Mon 2026-03-02 09:10 1 s0"]
    assert planned.messages[0].gates == (Gate.INBOX,)


def test_a_later_step_is_a_follow_up_and_goes_before_a_new_contact() -> None:
    first = a_pending(9, steps=steps("0m", "1d"))
    new = a_pending(1, anchor_at=MONDAY + timedelta(days=1))
    planned = plan(first, new)
    assert told(planned)[1:] == ["Tue 2026-03-03 09:00 9 s1", "Tue 2026-03-03 09:10 1 s0"]
    assert planned.messages[1].gates == (Gate.INBOX,)


def test_who_is_in_two_sequences_is_a_new_contact_only_once() -> None:
    ana = {"address_key": "ana@luso.example"}
    first = a_pending(1, mailbox="li", **ana)
    second = a_pending(9, sequence="bd", steps=steps("0m", "1d"), **ana)
    planned = plan(first, a_pending(5), second, paces=[a_pace("li"), a_pace("wang")])
    # The mail of li's makes the second one a follow-up in wang's queue, though the other waits as long.
    assert told(planned)[:3] == [
        "Mon 2026-03-02 09:00 1 s0",
        "Mon 2026-03-02 09:00 9 s0",
        "Mon 2026-03-02 09:10 5 s0",
    ]
    assert [Gate.INBOX in message.gates for message in planned.messages[:3]] == [False, True, False]


def test_a_backlog_leaves_day_after_day_each_message_once() -> None:
    planned = plan(*(a_pending(id) for id in range(1, 8)), paces=[a_pace(min_gap_in=100 * MINUTE)])
    # 09:00, 10:40, then the window is closed until 14:00, then 15:40: four a day.
    assert told(planned) == [
        "Mon 2026-03-02 09:00 1 s0",
        "Mon 2026-03-02 10:40 2 s0",
        "Mon 2026-03-02 14:00 3 s0",
        "Mon 2026-03-02 15:40 4 s0",
        "Tue 2026-03-03 09:00 5 s0",
        "Tue 2026-03-03 10:40 6 s0",
        "Tue 2026-03-03 14:00 7 s0",
    ]


def test_the_longest_waiting_goes_first() -> None:
    late = a_pending(1, due_at=MONDAY)
    early = a_pending(2, due_at=MONDAY - timedelta(days=3))
    assert told(plan(late, early)) == ["Mon 2026-03-02 09:00 2 s0", "Mon 2026-03-02 09:10 1 s0"]


def test_an_open_buyer_does_not_wait_for_a_closed_one_ahead_of_them() -> None:
    # Friday is a day off in Riyadh.
    friday = local("2026-03-06 09:00", LISBON)
    overdue = a_pending(1, place=RIYADH, due_at=friday - timedelta(days=1))
    planned = plan(overdue, a_pending(2, due_at=friday), start=friday)
    assert told(planned) == ["Fri 2026-03-06 09:00 2 s0", "Sun 2026-03-08 09:00 1 s0"]


def test_a_window_that_closes_lets_the_next_one_go_by_its_own_gap() -> None:
    # The mailbox wrote at 11:45; the first in line may only follow when its window has closed.
    pace = a_pace(jitter_in=30 * MINUTE, sending_times=(local("2026-03-02 11:45", LISBON),))
    gaps = {id: _gap(pace, a_pending(id)) for id in range(1, 50)}
    slow = next(id for id, paused in gaps.items() if paused > 20 * MINUTE)
    quick = next(id for id, paused in gaps.items() if paused < 14 * MINUTE)
    always = a_window("00:00-00:00")
    start = local("2026-03-02 11:46", LISBON)
    first = a_pending(slow, is_follow_up=True, due_at=start)
    planned = plan(first, a_pending(quick, window=always, due_at=start), paces=[pace], start=start)
    assert told(planned)[0] == f"Mon 2026-03-02 12:00 {quick} s0"
    assert told(planned)[1] == f"Mon 2026-03-02 14:00 {slow} s0"


def _gap(pace: MailboxPace, item: Pending) -> timedelta:
    key = message_key(item.address_key, item.sequence, item.round, item.steps[0].id)
    return gap(pace.min_gap_in, pace.jitter_in, KEY, pace.name, key)


def test_a_window_that_never_closes_is_no_reason_for_waiting() -> None:
    always = a_window("00:00-00:00", days=(1, 2, 3, 4, 5, 6, 7), holidays="none")
    planned = plan(*(a_pending(id, window=always) for id in range(1, 13)), paces=[a_pace(cap=1)])
    assert [message.due_at for message in planned.messages] == [MONDAY + timedelta(days=n) for n in range(12)]
    assert {message.gates for message in planned.messages[1:]} == {(Gate.CAP,)}


def test_a_skipped_step_keeps_the_rhythm_and_sends_nothing() -> None:
    skipped = StepAhead(id="catalogue", timing=Timing(wait=Wait(3, "bd")), is_skipped=True)
    last = StepAhead(id="quote", timing=Timing(wait=Wait(4, "bd")))
    planned = plan(a_pending(steps=(*steps("0m"), skipped, last)))
    # Three and four business days after Monday 2 March make Wednesday 11 March.
    assert told(planned) == ["Mon 2026-03-02 09:00 1 s0", "Wed 2026-03-11 09:00 1 quote"]
    # Skipped as the very next step too, whatever `due_at` it had.
    planned = plan(a_pending(steps=(skipped, last), due_at=MONDAY + timedelta(days=3)))
    assert told(planned) == ["Wed 2026-03-11 09:00 1 quote"]


CALL = StepAhead(id="call", timing=Timing(wait=Wait(1, "d")), is_task=True)
AWAITED = replace(CALL, waits_for_person=True)
QUOTE = StepAhead(id="quote", timing=Timing(wait=Wait(2, "d")))
LAST = StepAhead(id="last", timing=Timing(wait=Wait(1, "w")))


@pytest.mark.parametrize("call", [CALL, AWAITED])
def test_a_task_ends_at_its_due_date(call: StepAhead) -> None:
    planned = plan(a_pending(steps=(*steps("0m"), call, QUOTE)))
    assert told(planned)[1:] == ["Thu 2026-03-05 09:00 1 quote"]
    assert planned.held == ()


def test_what_rests_on_a_task_being_done_says_so_and_what_does_not_does_not() -> None:
    planned = plan(a_pending(1, steps=(*steps("0m"), AWAITED, QUOTE, LAST)))
    assert [Gate.TASK in message.gates for message in planned.messages] == [False, True, True]
    assert planned.rest_on(Gate.TASK) == 2
    free = plan(a_pending(1, steps=(*steps("0m"), CALL, QUOTE)))
    assert free.rest_on(Gate.TASK) == 0


def test_an_overdue_task_that_is_waited_for_is_taken_to_be_done_now() -> None:
    overdue = MONDAY - timedelta(days=5)
    open_task = a_pending(steps=(AWAITED, QUOTE), anchor_at=overdue, due_at=overdue)
    assert told(plan(open_task)) == ["Wed 2026-03-04 09:00 1 quote"]
    # One that nobody waits for was over on its due date.
    assert told(plan(replace(open_task, steps=(CALL, QUOTE)))) == ["Mon 2026-03-02 09:00 1 quote"]


def test_a_task_that_was_put_off_ends_when_it_is_due_now() -> None:
    put_off = a_pending(steps=(AWAITED, QUOTE), due_at=MONDAY + timedelta(days=3))
    assert told(plan(put_off)) == ["Mon 2026-03-09 09:00 1 quote"]  # Saturday is no day of the window


def test_a_task_after_a_step_that_expired_is_not_done_before_it_is_set() -> None:
    greeting = StepAhead(id="greeting", timing=Timing(wait=Wait(1, "h"), expires=Wait(2, "h")))
    awaited = replace(AWAITED, timing=Timing())
    # The greeting's turn never comes before noon, when it expires: the task is set, and done, then.
    first = a_pending(1, steps=steps("0m"), is_follow_up=True)
    second = a_pending(2, steps=(greeting, awaited, replace(QUOTE, timing=Timing(wait=Wait(3, "h")))))
    planned = plan(first, second, paces=[a_pace(min_gap_in=timedelta(hours=4))])
    assert [one.step for one in planned.skipped] == ["greeting"]
    assert told(planned)[1:] == ["Mon 2026-03-02 15:00 2 quote"]


def test_what_is_held_or_has_no_mailbox_that_sends_has_a_reason_and_no_date() -> None:
    planned = plan(
        a_pending(1, held="held for a person: ambiguous"),
        a_pending(2, mailbox="li"),
        a_pending(3, mailbox="gone"),
        a_pending(4),
        paces=[a_pace(), a_pace(name="li", paused="535 wrong password")],
    )
    assert told(planned) == ["Mon 2026-03-02 09:00 4 s0"]
    assert [(held.enrollment_id, held.reason) for held in planned.held] == [
        (1, "held for a person: ambiguous"),
        (2, "mailbox li is paused: 535 wrong password"),
        (3, "mailbox gone is not in config.toml"),
    ]


@pytest.mark.parametrize("due_at", [None, MONDAY])
def test_a_window_that_never_opens_is_a_reason_too(due_at: datetime | None) -> None:
    planned = plan(a_pending(window=a_window(days=()), due_at=due_at))
    assert planned.messages == ()
    assert [held.reason for held in planned.held] == [
        "window 'test' does not open within two years for PT (Europe/Lisbon)"
    ]


def test_a_hold_or_a_retry_puts_a_message_off_and_keeps_its_place() -> None:
    retried = a_pending(1, due_at=MONDAY - timedelta(days=1), not_before=MONDAY + 15 * MINUTE)
    planned = plan(retried, a_pending(2), a_pending(3), a_pending(4))
    assert told(planned) == [
        "Mon 2026-03-02 09:00 2 s0",
        "Mon 2026-03-02 09:10 3 s0",
        "Mon 2026-03-02 09:20 1 s0",
        "Mon 2026-03-02 09:30 4 s0",
    ]


def test_a_step_that_needs_approval_says_so() -> None:
    planned = plan(a_pending(steps=steps("0m", needs_approval=True)))
    assert planned.messages[0].gates == (Gate.APPROVAL,)


def test_nothing_is_planned_at_or_after_the_end_of_the_span() -> None:
    pending = a_pending(steps=steps("0m", "1d"))
    assert len(plan(pending, days=timedelta(days=1)).messages) == 1
    assert len(plan(pending, days=timedelta(days=1, seconds=1)).messages) == 2
    nothing = plan(pending, days=timedelta(0))
    assert (nothing.messages, nothing.held, nothing.later) == ((), (), ())


def test_mailboxes_write_side_by_side_in_order_of_time_and_name() -> None:
    planned = plan(a_pending(1), a_pending(2, mailbox="li"), paces=[a_pace(), a_pace(name="li")])
    assert [(message.mailbox, message.due_at) for message in planned.messages] == [
        ("li", MONDAY),
        ("wang", MONDAY),
    ]


def test_a_planned_message_says_whose_clock_it_goes_by() -> None:
    guessed = replace(BERLIN, is_guessed=True)
    [message] = plan(a_pending(place=guessed, anchor_at=local("2026-03-02 15:00", BERLIN))).messages
    assert isinstance(message, PlannedMessage)
    assert (message.contact, message.sequence, message.step) == ("buyer1@firm1.example", "mail-group", "s0")
    assert message.due_at == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    assert message.local_time.isoformat() == "2026-03-02T15:00:00+01:00"
    assert (message.zone, message.is_zone_guessed) == ("Europe/Berlin", True)


def test_a_closure_of_the_senders_stops_the_queue() -> None:
    # Tuesday 3 March in Shanghai begins on Monday at 16:00 in Lisbon and ends on Tuesday at 16:00.
    afternoon = local("2026-03-02 15:55", LISBON)
    pending = [a_pending(id, anchor_at=afternoon) for id in (1, 2)]
    planned = plan(*pending, start=afternoon, closures=[a_closure("2026-03-03")])
    assert told(planned) == ["Mon 2026-03-02 15:55 1 s0", "Tue 2026-03-03 16:00 2 s0"]


def test_a_cap_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="cap of mailbox wang"):
        plan(a_pending(), paces=[a_pace(cap=0)])


def test_a_thousand_enrollments_keep_gap_cap_and_window_at_once() -> None:
    places = [LISBON, BERLIN, RIYADH, Place("Asia/Tokyo", "JP"), Place("America/New_York", "US")]
    pending = [
        a_pending(id, place=places[id % 5], mailbox=f"m{id % 20}", steps=steps("0m", "1bd", "3d"))
        for id in range(1, 1001)
    ]
    boxes = [a_pace(name=f"m{n}", min_gap_in=MINUTE, jitter_in=MINUTE) for n in range(20)]
    planned = plan(*pending, paces=boxes)
    assert len(planned.messages) == 3000
    by_mailbox: dict[str, list[datetime]] = {}
    for message in planned.messages:
        assert is_open(message.due_at, OFFICE, places[message.enrollment_id % 5], (), SENDER)
        by_mailbox.setdefault(message.mailbox, []).append(message.due_at)
    for times in by_mailbox.values():
        assert all(later - earlier >= MINUTE for earlier, later in pairwise(times))
        for earlier, later in zip(times, times[50:], strict=False):
            assert later - earlier >= timedelta(days=1)
    assert shown(planned.messages[0].due_at, LISBON) == "Mon 2026-03-02 09:00"
