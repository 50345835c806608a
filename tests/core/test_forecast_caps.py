"""Caps in the forecast, by hand: whom each of them keeps back, until when, and who goes in the meantime."""

from datetime import UTC, datetime, timedelta

from sequencer.core.caps import Cap, CapKind, Ramp
from sequencer.core.forecast import Forecast, Gate
from sequencer.core.mailbox_queue import MailboxPace
from tests.core.calendars import LISBON, a_window, local
from tests.core.plans import MINUTE, MONDAY, a_pace, a_pending, plan, steps, told

ALWAYS = a_window("00:00-00:00", days=(1, 2, 3, 4, 5, 6, 7), holidays="none")
FIRM = Cap(kind=CapKind.GROUP, of="firm", limit=3)
LUSO = Cap(kind=CapKind.COMPANY, of="luso.example", limit=1)
ANA = Cap(kind=CapKind.CONTACT, of="7", limit=1)
DAY = timedelta(days=1)


def a_young_pace(*caps: Cap, **fields: object) -> MailboxPace:
    """Without a gap, under these caps alone."""
    return a_pace(caps=caps, **({"min_gap_in": timedelta(0)} | fields))


def gates_of(found: Forecast) -> dict[int, tuple[Gate, ...]]:
    return {message.enrollment_id: message.gates for message in found.messages}


def test_the_last_place_of_a_group_goes_to_the_first_mailbox_by_name() -> None:
    boxes = [a_pace("wang"), a_pace("li", sending_times=(MONDAY - 5 * MINUTE, MONDAY - 20 * MINUTE))]
    boxes = [
        a_pace(
            box.name,
            caps=(*box.caps, FIRM),
            sending_times=box.sending_times,
            min_gap_in=5 * MINUTE,
        )
        for box in boxes
    ]
    found = plan(a_pending(1, mailbox="wang"), a_pending(2, mailbox="li"), paces=boxes)
    # The group's place of 08:40 is free again a day later.
    assert told(found) == ["Mon 2026-03-02 09:00 2 s0", "Tue 2026-03-03 09:00 1 s0"]
    assert gates_of(found)[1] == (Gate.WINDOW, Gate.GROUP)
    assert [(one.mailbox, one.gate, one.at) for one in found.bindings] == [("wang", Gate.GROUP, MONDAY)]


def test_a_group_counts_what_a_mailbox_without_messages_of_its_own_sent() -> None:
    idle = a_pace("li", caps=(FIRM,), sending_times=tuple(MONDAY - n * MINUTE for n in (1, 2, 180)))
    found = plan(a_pending(window=ALWAYS), paces=[idle, a_pace(caps=(FIRM,))])
    assert told(found) == ["Tue 2026-03-03 06:00 1 s0"]


def test_while_first_mails_wait_for_their_cap_a_follow_up_leaves_on_time() -> None:
    pace = a_pace(new_cap=Cap(kind=CapKind.NEW, of="wang", limit=1))
    later = a_pending(3, is_follow_up=True, due_at=local("2026-03-02 11:00", LISBON))
    found = plan(a_pending(1), a_pending(2), later, paces=[pace])
    assert told(found) == [
        "Mon 2026-03-02 09:00 1 s0",
        "Mon 2026-03-02 11:00 3 s0",
        "Tue 2026-03-03 09:00 2 s0",
    ]
    assert gates_of(found) == {1: (), 2: (Gate.WINDOW, Gate.NEW_CONTACTS), 3: (Gate.INBOX,)}


def test_a_full_company_keeps_its_own_message_and_lets_the_next_one_go() -> None:
    found = plan(
        a_pending(1, caps=(LUSO,)), a_pending(2, caps=(LUSO,), mailbox="li"), a_pending(3, mailbox="li"),
        paces=[a_pace("li"), a_pace("wang")],
    )  # fmt: skip
    # li goes first by name, and its colleague's message to the same company waits.
    assert told(found) == [
        "Mon 2026-03-02 09:00 2 s0",
        "Mon 2026-03-02 09:10 3 s0",
        "Tue 2026-03-03 09:00 1 s0",
    ]
    assert gates_of(found)[1] == (Gate.WINDOW, Gate.COMPANY)
    assert [(one.mailbox, one.cap, one.at) for one in found.bindings] == [("wang", LUSO, MONDAY)]


def test_one_contact_in_two_sequences_is_written_to_once_a_day() -> None:
    both = [a_pending(id, caps=(LUSO, ANA), sequence=f"s{id}") for id in (1, 2)]
    found = plan(*both, a_pending(3), spent={ANA.key: [MONDAY - 60 * MINUTE]})
    assert told(found) == [
        "Mon 2026-03-02 09:00 3 s0",
        # From 08:00 on the contact may be written to again; the window opens at 09:00.
        "Tue 2026-03-03 09:00 1 s0",
        "Wed 2026-03-04 09:00 2 s0",
    ]
    # It is looked at on Tuesday at 09:10, and both caps are full by then.
    assert gates_of(found)[2] == (Gate.WINDOW, Gate.COMPANY, Gate.CONTACT)


def test_a_message_that_waited_for_its_company_keeps_its_place() -> None:
    full = {LUSO.key: [MONDAY - DAY + 30 * MINUTE]}
    first = a_pending(1, caps=(LUSO,), due_at=MONDAY)
    others = [a_pending(id, due_at=MONDAY + id * MINUTE) for id in (2, 3, 4, 5, 6)]
    found = plan(first, *others, spent=full)
    assert [line[14:] for line in told(found)] == [
        *(" 09:02 2 s0", " 09:12 3 s0", " 09:22 4 s0", " 09:32 1 s0", " 09:42 5 s0", " 09:52 6 s0"),
    ]
    assert gates_of(found)[1] == (Gate.COMPANY, Gate.GAP)


def test_a_cap_of_a_date_opens_at_the_midnight_of_the_mailbox() -> None:
    # Midnight in Shanghai is 16:00 in Lisbon, in winter.
    cap = Cap(kind=CapKind.DATE, of="wang", limit=1, zone="Asia/Shanghai")
    found = plan(*(a_pending(id) for id in (1, 2, 3)), paces=[a_young_pace(cap)])
    assert told(found) == [
        "Mon 2026-03-02 09:00 1 s0",
        "Mon 2026-03-02 16:00 2 s0",
        "Tue 2026-03-03 16:00 3 s0",
    ]
    assert gates_of(found)[2] == (Gate.WINDOW, Gate.DATE_CAP)


def test_a_ramp_begins_on_the_date_of_the_first_planned_message() -> None:
    ramp = Ramp(start=1, by=2, first_sent_at=None)
    cap = Cap(kind=CapKind.DATE, of="wang", limit=4, ramp=ramp)
    wednesday = datetime(2026, 3, 4, 10, tzinfo=UTC)
    pending = [a_pending(id, window=ALWAYS, due_at=wednesday) for id in range(1, 15)]
    found = plan(*pending, paces=[a_young_pace(cap)])
    days = [message.due_at.date().day for message in found.messages]
    assert [days.count(day) for day in range(3, 9)] == [0, 1, 3, 4, 4, 2]
    [began] = found.caps["wang"]
    assert began.ramp is not None
    assert began.ramp.first_sent_at == wednesday


def test_of_several_full_caps_the_last_to_open_decides_and_all_are_named() -> None:
    rolling = Cap(kind=CapKind.MAILBOX, of="wang", limit=2)
    date = Cap(kind=CapKind.DATE, of="wang", limit=2)
    sent = (MONDAY - 60 * MINUTE, MONDAY - 30 * MINUTE)
    pace = a_young_pace(rolling, date, sending_times=sent)
    found = plan(a_pending(window=ALWAYS), paces=[pace])
    assert told(found) == ["Tue 2026-03-03 08:00 1 s0"]
    assert gates_of(found)[1] == (Gate.CAP, Gate.DATE_CAP)
    assert {one.gate: one.at for one in found.bindings} == {Gate.CAP: MONDAY, Gate.DATE_CAP: MONDAY}


def test_what_is_due_and_does_not_leave_in_the_span_says_what_keeps_it() -> None:
    found = plan(
        *(a_pending(id) for id in (1, 2)), a_pending(3, caps=(LUSO,), is_follow_up=True),
        paces=[a_pace(cap=1)], days=DAY, spent={LUSO.key: [MONDAY - MINUTE]},
    )  # fmt: skip
    assert told(found) == ["Mon 2026-03-02 09:00 1 s0"]
    # On Tuesday the window is open from 09:00 on, and so is the mailbox's cap.
    assert {one.enrollment_id: (one.gates, one.is_follow_up) for one in found.later} == {
        2: ((Gate.WINDOW, Gate.CAP), False),
        3: ((Gate.WINDOW, Gate.CAP, Gate.COMPANY), True),
    }


def test_a_follow_up_that_is_not_due_yet_is_not_late() -> None:
    found = plan(a_pending(steps=steps("0m", "3d")), days=DAY)
    assert (len(found.messages), found.later) == (1, ())
