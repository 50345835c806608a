"""Minutes to the first answer: what counts as one wait, and what the figures are of none, one and many."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.first_answers import HumanMail, answer_times, first_of_each_wait

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = START + timedelta(days=10)


def mail(contact: int, at: int, answered: int | None = None, rep: str | None = "wang") -> HumanMail:
    """Received and answered so many minutes after START."""
    return HumanMail(
        contact_id=contact,
        received_at=START + timedelta(minutes=at),
        answered_at=None if answered is None else START + timedelta(minutes=answered),
        rep=rep,
        mailbox="wang",
        sequence="fair",
    )


def test_several_mails_before_one_answer_are_one_wait_from_the_first() -> None:
    waits = first_of_each_wait([mail(1, 30, 50), mail(1, 10, 50), mail(1, 60, 65), mail(2, 0), mail(2, 5)])
    assert sorted((one.contact_id, one.received_at) for one in waits) == [
        (1, START + timedelta(minutes=10)),
        (1, START + timedelta(minutes=60)),
        (2, START),
    ]


def test_median_and_nine_of_ten_by_nearest_rank() -> None:
    waits = [mail(number, 0, number) for number in range(1, 11)]
    [line] = answer_times(waits, lambda one: one.rep, NOW)
    assert (line.answered, line.median_in, line.p90_in) == (
        10,
        timedelta(minutes=5, seconds=30),
        timedelta(minutes=9),
    )
    [one] = answer_times(waits[:1], lambda one: one.rep, NOW)
    assert (one.median_in, one.p90_in) == (timedelta(minutes=1), timedelta(minutes=1))


def test_who_waits_is_counted_apart_and_nobody_is_named_last() -> None:
    lines = answer_times([mail(1, 0), mail(2, 60), mail(3, 0, 9, rep=None)], lambda one: one.rep, NOW)
    assert [(one.name, one.answered, one.waiting, one.longest_in) for one in lines] == [
        ("wang", 0, 2, timedelta(days=10)),
        ("-", 1, 0, None),
    ]
    assert lines[0].median_in is None


def test_a_servers_clock_ahead_of_ours_makes_no_negative_minutes() -> None:
    [line] = answer_times([mail(1, 10, 8)], lambda one: one.rep, NOW)
    assert line.median_in == timedelta(0)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 500), st.none() | st.integers(0, 900))))
def test_every_wait_is_in_one_group_and_p90_is_no_less_than_the_median(
    told: list[tuple[int, int, int | None]],
) -> None:
    waits = first_of_each_wait(mail(contact, at, answered) for contact, at, answered in told)
    assert len(waits) == len({(contact, answered) for contact, _at, answered in told})
    for line in answer_times(waits, lambda one: one.rep, NOW):
        assert line.answered + line.waiting == len(waits)
        if line.median_in is not None:
            assert line.p90_in is not None
            assert line.p90_in >= line.median_in
