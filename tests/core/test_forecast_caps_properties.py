"""What holds of every forecast under caps, whatever mailboxes, groups, buyers, windows and gaps there are."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sequencer.core.calendar import due_at, is_open
from sequencer.core.forecast import GATE_OF, Gate
from sequencer.core.pacing import gap, message_key
from tests.core.calendars import LISBON, a_window, local
from tests.core.capped import DAYS, START, Office, is_within, offices, sent_under
from tests.core.plans import KEY, MINUTE, SENDER, a_pace, a_pending, plan


@settings(max_examples=60)
@given(offices())
def test_no_cap_is_ever_exceeded(office: Office) -> None:
    found = office.plan()
    caps = {cap for item in office.pending for cap in item.caps}
    caps |= {cap for pace in office.paces for cap in pace.caps}
    caps |= {pace.new_cap for pace in office.paces if pace.new_cap}
    for cap in caps:
        sent = sent_under(office, found, cap.key)
        for at in sent:
            assert at < START or is_within(cap, at, sent), (cap, at)


@settings(max_examples=60)
@given(offices())
def test_nothing_leaves_before_it_is_due_in_closed_hours_or_within_a_gap(office: Office) -> None:
    found = office.plan()
    items = {item.id: item for item in office.pending}
    due = {item.id: item.due_at or START for item in office.pending}
    last = {pace.name: max(pace.sending_times, default=None) for pace in office.paces}
    paces = {pace.name: pace for pace in office.paces}
    for message in found.messages:
        item, pace = items[message.enrollment_id], paces[message.mailbox]
        assert message.due_at >= due[item.id]
        assert is_open(message.due_at, item.window, item.place, (), SENDER)
        before = last[pace.name]
        key = message_key(item.address_key, item.sequence, item.round, message.step)
        pause = gap(pace.min_gap_in, pace.jitter_in, KEY, pace.name, key)
        assert before is None or message.due_at - before >= pause
        last[pace.name] = message.due_at
        after = int(message.step[1:]) + 1
        if after < len(item.steps):
            timing = item.steps[after].timing
            due[item.id] = due_at(message.due_at, timing, item.window, item.place, (), SENDER).at
    assert all(one.due_at <= other.due_at for one, other in pairwise(found.messages))


@settings(max_examples=60)
@given(offices())
def test_every_message_leaves_once_or_says_what_keeps_it(office: Office) -> None:
    found = office.plan()
    later = {one.enrollment_id: one for one in found.later}
    assert len(later) == len(found.later)
    for item in office.pending:
        sent = [message for message in found.messages if message.enrollment_id == item.id]
        assert [message.step for message in sent] == [step.id for step in item.steps[: len(sent)]]
        if len(sent) == len(item.steps):
            assert item.id not in later
            continue
        after, due = item.steps[len(sent)], item.due_at or START
        if sent:
            due = due_at(sent[-1].due_at, after.timing, item.window, item.place, (), SENDER).at
        assert (item.id in later) == (due < START + DAYS)
        if item.id in later:
            assert later[item.id].step == after.id
            assert later[item.id].gates


@settings(max_examples=40)
@given(offices())
def test_what_a_cap_keeps_back_is_told_with_when_it_began_to(office: Office) -> None:
    found = office.plan()
    began = {(one.mailbox, one.gate): one.at for one in found.bindings}
    for message in found.messages:
        for gate in set(GATE_OF.values()).intersection(message.gates):
            assert began[message.mailbox, gate] < message.due_at
    for one in found.later:
        for gate in set(GATE_OF.values()).intersection(one.gates):
            assert (one.mailbox, gate) in began


@settings(max_examples=40)
@given(offices(most_steps=1, jitters=st.just(timedelta(0))))
def test_caps_never_make_the_whole_earlier_than_it_were_without_any(office: Office) -> None:
    # Where all gaps are alike and nothing comes after. Beside other caps one more may well do: it changes
    # who goes first, and so whom the others keep.
    office = Office(
        pending=tuple(
            a_pending(
                item.id,
                mailbox=item.mailbox,
                window=a_window("00:00-00:00", days=(1, 2, 3, 4, 5, 6, 7), holidays="none"),
                due_at=item.due_at,
                is_follow_up=item.is_follow_up,
                caps=item.caps,
            )
            for item in office.pending
        ),
        paces=office.paces,
        spent=office.spent,
    )
    capped = sorted(message.due_at for message in office.plan().messages)
    free = sorted(message.due_at for message in office.limited_by(()).plan().messages)
    assert len(free) >= len(capped)
    assert all(sooner <= later for sooner, later in zip(free, capped, strict=False))


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 16 * 60), min_size=1, max_size=12),
    st.integers(0, 30),
    st.sampled_from([timedelta(0), MINUTE, 8 * MINUTE]),
    st.sampled_from([timedelta(0), 3 * MINUTE, 7 * MINUTE]),
)
def test_with_new_contacts_always_at_hand_the_kth_follow_up_leaves_within_k_gaps_of_its_opening(
    minutes_before: list[int], fresh: int, min_gap: timedelta, jitter: timedelta
) -> None:
    opening = local("2026-03-03 09:00", LISBON)
    always = a_window("00:00-00:00")
    follow_ups = [
        a_pending(id, due_at=opening - minutes * MINUTE, is_follow_up=True)
        for id, minutes in enumerate(minutes_before, start=1)
    ]
    new = [a_pending(100 + n, window=always) for n in range(fresh)]
    start = opening - timedelta(hours=1)
    pace = a_pace(cap=10_000, min_gap_in=min_gap, jitter_in=jitter, last_at=start)
    found = plan(*follow_ups, *new, paces=[pace], start=start)
    left = [message.due_at for message in found.messages if message.enrollment_id < 100]
    assert len(left) == len(follow_ups)
    for k, at in enumerate(left, start=1):
        assert opening <= at <= opening + k * (min_gap + jitter)
    assert Gate.CAP not in {gate for message in found.messages for gate in message.gates}
