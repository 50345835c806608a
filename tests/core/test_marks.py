"""Marks: the table, and the days that people write."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core import actions as act
from sequencer.core.contact import Stage
from sequencer.core.enrollment import FinishReason
from sequencer.core.inbound import MatchVia, VerdictKind
from sequencer.core.marks import FROM_PEOPLE, MARKS, SETTLED, Mark, day_of, decide_mark
from sequencer.core.matching import Match

TODAY = date(2026, 3, 2)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2190, 1, 1))
FROM_ANA = Match(
    contact_id=1,
    via=MatchVia.FROM,
    sender_key="ana@luso.example",
    domain="luso.example",
    sender_is_contact=True,
)
FROM_CARLA = Match(contact_id=1, via=MatchVia.COMPANY, sender_key="carla@luso.example", domain="luso.example")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-01", date(2027, 3, 1)),
        ("10d", date(2026, 3, 12)),
        ("3w", date(2026, 3, 23)),
        ("in 3 weeks", date(2026, 3, 23)),
        ("1 day", date(2026, 3, 3)),
        ("2m", date(2026, 5, 2)),
        ("In 10 Months", date(2027, 1, 2)),
        (" 24 months ", date(2028, 3, 2)),
    ],
)
def test_a_day_is_written_as_a_date_or_a_span(text: str, day: date) -> None:
    assert day_of(text, TODAY) == day


def test_a_month_that_is_shorter_ends_the_span_on_its_last_day() -> None:
    assert day_of("1m", date(2026, 1, 31)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-03-02", "not after today, 2026-03-02: name a day to come"),
        ("2025-12-24", "not after today"),
        ("0d", "not after today"),
        ("soon", "write 2027-03-01, 10d, 3w or 2m"),
        ("2027-02-30", "'2027-02-30' is no day"),
        ("", "is no day"),
        ("999999w", "is no day"),
    ],
)
def test_what_is_no_day_to_come_is_refused_with_the_mend(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        day_of(text, TODAY)


@given(today=DAYS, amount=st.integers(1, 99), unit=st.sampled_from(["d", "w", "m", " days", " weeks"]))
def test_a_span_always_leads_to_a_later_day(today: date, amount: int, unit: str) -> None:
    day = day_of(f"in {amount}{unit}", today)
    assert day >= today + timedelta(days=amount)
    assert day_of(day.isoformat(), today) == day


@given(st.text(max_size=30) | st.from_regex(r"(in )?[0-9]{1,4} ?(d|w|m|days|-)[0-9-]*"), DAYS)
def test_whatever_is_written_is_a_later_day_or_refused(text: str, today: date) -> None:
    day = None
    with contextlib.suppress(ValueError):
        day = day_of(text, today)
    assert day is None or day > today


@given(
    mark=st.sampled_from(Mark),
    kind=st.sampled_from(VerdictKind),
    match=st.sampled_from([FROM_ANA, FROM_CARLA]),
)
def test_only_what_people_wrote_ends_anything_and_only_an_opt_out_suppresses(
    mark: Mark, kind: VerdictKind, match: Match
) -> None:
    actions = decide_mark(mark, kind, match)
    finished = [one for one in actions if isinstance(one, act.FinishEnrollments)]
    if mark is not Mark.UNSUBSCRIBE:
        assert bool(finished) == (MARKS[mark].is_answer and kind in FROM_PEOPLE)
    assert any(isinstance(one, act.Suppress) for one in actions) == (mark is Mark.UNSUBSCRIBE)
    assert not any(isinstance(one, act.Notice) for one in actions)


def test_a_colleague_answers_for_the_company_and_a_contact_for_themselves() -> None:
    [own] = decide_mark(Mark.INTERESTED, VerdictKind.REPLY, FROM_ANA)
    [companys] = decide_mark(Mark.INTERESTED, VerdictKind.REPLY, FROM_CARLA)
    assert isinstance(own, act.FinishEnrollments)
    assert (own.target.scope, own.reason) == (act.Scope.CONTACT, FinishReason.REPLIED)
    assert isinstance(companys, act.FinishEnrollments)
    assert companys.target.scope is act.Scope.WHOLE_COMPANY
    assert companys.reason is FinishReason.COMPANY_REPLIED


def test_no_mark_moves_a_contact_back_from_talks_to_the_beginning() -> None:
    order = [stage for stage in Stage if stage is not Stage.LOST]
    for effect in MARKS.values():
        if effect.stage not in (None, Stage.LOST):
            assert all(
                one is Stage.LOST or order.index(one) < order.index(effect.stage) for one in effect.stage_from
            )


def test_a_message_waits_on_only_while_an_answer_is_still_owed() -> None:
    assert set(Mark) - SETTLED == {Mark.INTERESTED, Mark.QUESTION}
