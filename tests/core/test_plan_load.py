"""The load of a plan: strips under each day's cap, when a batch ends, which cap binds from when on."""

from datetime import UTC, datetime, timedelta

from sequencer.core.caps import Cap, CapKind, Ramp
from sequencer.core.forecast import Gate
from sequencer.core.mailbox_queue import MailboxPace
from sequencer.core.plan_load import MailboxLoad, loads_of
from tests.core.calendars import LISBON, a_window, local
from tests.core.plans import MINUTE, MONDAY, a_pace, a_pending, plan, steps

ZONES = {"wang": "Europe/Lisbon", "li": "Asia/Shanghai"}
ALWAYS = a_window("00:00-00:00", days=(1, 2, 3, 4, 5, 6, 7), holidays="none")
LUSO = Cap(kind=CapKind.COMPANY, of="luso.example", limit=1)


def load_of(*caps: Cap, people: int, days: int = 7, new_cap: Cap | None = None) -> MailboxLoad:
    """Of mailbox wang, with so many first mails due on Monday at 09:00."""
    pace = a_pace(caps=caps, min_gap_in=MINUTE, new_cap=new_cap)
    return load(pace, people, days)


def load(pace: MailboxPace, people: int, days: int) -> MailboxLoad:
    found = plan(*(a_pending(id) for id in range(1, people + 1)), paces=[pace], days=timedelta(days=days))
    [only] = loads_of(found, zones=ZONES, start=MONDAY, days=days)
    return only


def test_each_day_is_drawn_against_the_least_cap_of_that_day() -> None:
    ramp = Ramp(start=2, by=2, first_sent_at=None)
    young = Cap(kind=CapKind.MAILBOX, of="wang", limit=50, ramp=ramp, zone="Europe/Lisbon")
    group = Cap(kind=CapKind.GROUP, of="firm", limit=5)
    found = load_of(young, group, people=12)
    assert [one.cap for one in found.days] == [2, 4, 5, 5, 5, 5, 5, 5]
    assert [one.messages for one in found.days] == [2, 4, 5, 1, 0, 0, 0, 0]
    assert found.strip == "███▂··· ·"
    assert found.caps == (2, 5)


def test_the_batch_ends_when_its_last_first_mail_leaves() -> None:
    found = load_of(Cap(kind=CapKind.MAILBOX, of="wang", limit=3), people=7)
    assert found.batch_ends_at == local("2026-03-04 09:00", LISBON)
    assert (found.first_mails_later, found.put_off) == (0, 4)


def test_a_batch_that_goes_on_after_the_span_has_no_end_but_a_rest() -> None:
    found = load_of(Cap(kind=CapKind.MAILBOX, of="wang", limit=3), people=20, days=2)
    assert (found.batch_ends_at, found.first_mails_later) == (None, 14)


def test_follow_ups_are_no_part_of_the_batch() -> None:
    pending = [a_pending(1, steps=steps("0m", "3d")), a_pending(2, is_follow_up=True, due_at=MONDAY)]
    found = plan(*pending, days=timedelta(days=7))
    [only] = loads_of(found, zones=ZONES, start=MONDAY, days=7)
    assert only.batch_ends_at == MONDAY + 10 * MINUTE
    assert only.total == 3


def test_a_cap_that_binds_says_since_when_how_many_wait_and_until_when() -> None:
    new = Cap(kind=CapKind.NEW, of="wang", limit=2)
    found = load_of(Cap(kind=CapKind.MAILBOX, of="wang", limit=50), people=5, days=2, new_cap=new)
    [bound] = found.bindings
    assert bound.binding.gate is Gate.NEW_CONTACTS
    assert (bound.day, bound.limit) == (MONDAY.date(), 2)
    assert (bound.messages, bound.goes_on_at) == (3, local("2026-03-03 09:00", LISBON))


def test_the_day_a_cap_begins_to_bind_is_of_the_mailboxs_own_zone() -> None:
    # 17:00 UTC on Monday is 01:00 on Tuesday in Shanghai.
    evening = datetime(2026, 3, 2, 17, tzinfo=UTC)
    pending = [
        a_pending(id, mailbox="li", window=ALWAYS, due_at=evening, caps=(LUSO,), anchor_at=evening)
        for id in (1, 2)
    ]
    found = plan(*pending, paces=[a_pace("li", min_gap_in=MINUTE)], days=timedelta(days=1))
    [only] = loads_of(found, zones=ZONES, start=MONDAY, days=1)
    [bound] = only.bindings
    assert str(bound.day) == "2026-03-03"
    assert (bound.messages, bound.goes_on_at) == (1, None)


def test_a_mailbox_whose_messages_all_leave_later_has_a_load_too() -> None:
    full = {LUSO.key: [MONDAY - MINUTE]}
    found = plan(a_pending(caps=(LUSO,)), days=timedelta(hours=9), spent=full)
    [only] = loads_of(found, zones=ZONES, start=MONDAY, days=1)
    assert (only.total, only.first_mails_later, only.strip) == (0, 1, "··")
