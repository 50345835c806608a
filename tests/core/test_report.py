"""A report's lines: who counts as reached, who as answered, and to which step."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sequencer.core.inbound import VerdictKind
from sequencer.core.outbox import OutboxState
from sequencer.core.report import (
    Credit,
    Line,
    MessageCount,
    PeopleCount,
    needs_sent_count,
    sequence_lines,
    step_lines,
)

S, V = OutboxState, VerdictKind
START = datetime(2026, 3, 2, tzinfo=UTC)


def counted(step: str, state: OutboxState, count: int) -> MessageCount:
    at = START + timedelta(days={"zeta": 0, "alpha": 3}[step])
    return MessageCount(sequence="fair", step=step, state=state, count=count, first_at=at)


def came(
    kind: VerdictKind, enrollment: int, step: str = "zeta", state: OutboxState = S.SENT, day: int = 5
) -> Credit:
    """Something that came back on `day` to the enrollment's message of that step (ids 10·e and 10·e + 1)."""
    return Credit(
        kind=kind,
        at=START + timedelta(days=day),
        outbox_id=enrollment * 10 + (step == "alpha"),
        enrollment_id=enrollment,
        sequence="fair",
        step=step,
        state=state,
        sending_at=START + timedelta(days=3 if step == "alpha" else 0),
    )


TABLE = [
    ("nothing came back", [], {"reached": 10, "replied": 0}),
    ("a reply", [came(V.REPLY, 1)], {"reached": 10, "replied": 1}),
    ("two replies of one person", [came(V.REPLY, 1), came(V.REPLY, 1, day=6)], {"replied": 1}),
    ("replies of two people", [came(V.REPLY, 1), came(V.REPLY, 2)], {"replied": 2}),
    ("a final bounce was not reached", [came(V.BOUNCE, 1)], {"reached": 9, "bounced": 1}),
    ("two reports of one bounce", [came(V.BOUNCE, 1), came(V.BOUNCE, 1)], {"reached": 9, "bounced": 1}),
    (
        "an answered message has arrived, whatever its bounce says",
        [came(V.BOUNCE, 1), came(V.REPLY, 1)],
        {"reached": 10, "replied": 1, "bounced": 0},
    ),
    (
        "an answered message that we were unsure of has arrived",
        [came(V.REPLY, 1, state=S.UNSURE)],
        {"reached": 11, "replied": 1, "unsure": 1},
    ),
    (
        "an auto-reply is no reply and proves nothing",
        [came(V.AUTO_REPLY, 1), came(V.AUTO_REPLY, 2, state=S.UNSURE)],
        {"reached": 10, "replied": 0, "auto_replies": 2, "unsure": 2},
    ),
    ("an opt-out is no reply", [came(V.UNSUBSCRIBE, 1)], {"reached": 10, "replied": 0, "opted_out": 1}),
    ("a complaint is no reply", [came(V.COMPLAINT, 1)], {"replied": 0, "complained": 1}),
]


@pytest.mark.parametrize(("credits_", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_step_counts(credits_: list[Credit], expected: dict[str, int]) -> None:
    counts = [counted("zeta", S.SENT, 10), counted("zeta", S.UNSURE, 2), counted("zeta", S.REFUSED, 3)]
    (line,) = step_lines(counts, credits_)
    assert {name: getattr(line, name) for name in expected} == expected
    assert line.refused == 3
    assert line.rate.trials == line.reached


def test_steps_stand_in_the_order_in_which_they_left() -> None:
    counts = [counted("alpha", S.SENT, 1), counted("zeta", S.SENT, 2)]
    assert [line.step for line in step_lines(counts, [])] == ["zeta", "alpha"]


def test_a_person_who_answers_twice_counts_for_the_step_they_answered_first() -> None:
    counts = [counted("zeta", S.SENT, 2), counted("alpha", S.SENT, 2)]
    credits_ = [came(V.REPLY, 1, "alpha", day=6), came(V.REPLY, 1, "zeta", day=5)]
    assert [line.replied for line in step_lines(counts, credits_)] == [1, 0]


def test_what_left_before_the_given_day_counts_nowhere() -> None:
    since = START + timedelta(days=1)
    credits_ = [came(V.REPLY, 1, "zeta", day=5), came(V.REPLY, 1, "alpha", day=6), came(V.BOUNCE, 2, "zeta")]
    (line,) = step_lines([counted("alpha", S.SENT, 2)], credits_, since)
    assert line == Line(sequence="fair", step="alpha", reached=2, replied=0)


def line_of_people(credits_: list[Credit], sent_of: dict[int, int]) -> Line:
    counts = [counted("zeta", S.SENT, 4), counted("alpha", S.SENT, 4), counted("zeta", S.UNSURE, 1)]
    people = [PeopleCount(sequence="fair", people=4)]
    assert set(sent_of) == needs_sent_count(credits_)
    (line,) = sequence_lines(counts, people, credits_, sent_of)
    return line


def test_a_sequence_counts_people_not_messages() -> None:
    line = line_of_people([came(V.REPLY, 1, "zeta"), came(V.REPLY, 1, "alpha", day=6)], {})
    assert (line.step, line.reached, line.replied) == (None, 4, 1)


def test_a_person_is_lost_only_when_all_their_messages_came_back() -> None:
    both = [came(V.BOUNCE, 1, "zeta"), came(V.BOUNCE, 1, "alpha"), came(V.BOUNCE, 2, "zeta")]
    line = line_of_people(both, {1: 2, 2: 2})
    assert (line.reached, line.bounced) == (3, 3)


def test_a_person_who_answered_the_only_message_we_are_unsure_of_was_reached() -> None:
    line = line_of_people([came(V.REPLY, 9, state=S.UNSURE)], {9: 0})
    assert (line.reached, line.replied, line.unsure) == (5, 1, 0)


def test_the_arms_of_a_step_are_counted_apart_and_come_to_its_line() -> None:
    counts = [
        replace(counted("zeta", S.SENT, 10), template="fair/long"),
        replace(counted("zeta", S.SENT, 6), template="fair/short"),
        replace(counted("zeta", S.REFUSED, 1), template="fair/short"),
        counted("alpha", S.SENT, 3),
    ]
    credits_ = [
        replace(came(V.REPLY, 1), template="fair/long"),
        replace(came(V.REPLY, 2), template="fair/short"),
        replace(came(V.BOUNCE, 3), template="fair/short"),
    ]
    lines = step_lines(counts, credits_, by_arm=True)
    assert [(one.step, one.template, one.reached, one.replied, one.refused) for one in lines] == [
        ("zeta", "fair/long", 10, 1, 0),
        ("zeta", "fair/short", 5, 1, 1),
        ("alpha", "", 3, 0, 0),
    ]
    [whole, _alpha] = step_lines(counts, credits_)
    assert (whole.template, whole.reached, whole.replied) == (None, 15, 2)
