"""Where an enrollment stands: what is prepared when, and what is passed over."""

from datetime import date, datetime, timedelta

import pytest

from sequencer.config import Closure
from sequencer.core.progress import Rhythm, skip_unwanted, standing_at
from sequencer.core.sequence import Sequence, Step
from sequencer.core.timing import NO_WAIT, SkipReason, Wait
from tests.core.calendars import LISBON, SHANGHAI, a_closure, a_window, local, shown

MONDAY = local("2026-03-02 10:00", LISBON)


def a_rhythm(*closures: Closure) -> Rhythm:
    return Rhythm(
        window=a_window("09:00-12:00", "14:00-17:00"),
        place=LISBON,
        closures=closures,
        sender_zone="Asia/Shanghai",
        plan_ahead_in=timedelta(hours=24),
    )


def prepared(step: Step, *closures: Closure, anchor: datetime = MONDAY) -> str:
    return shown(standing_at(step, anchor, a_rhythm(*closures)).prepare_at, SHANGHAI)


def test_a_mail_is_prepared_a_day_ahead_and_a_task_when_it_is_due() -> None:
    # Wednesday 10:00 in Lisbon is 18:00 in Shanghai.
    assert prepared(Step(id="s", wait=Wait(2, "d"), template="t")) == "Tue 2026-03-03 18:00"
    assert prepared(Step(id="s", wait=Wait(2, "d"), task="Call")) == "Wed 2026-03-04 18:00"


def test_a_person_who_approves_has_two_of_the_senders_business_days() -> None:
    step = Step(id="s", wait=Wait(1, "w"), template="t", approve="always")
    assert prepared(step) == "Thu 2026-03-05 18:00"
    # The sender is closed on that Thursday and Friday; a lull in Italy closes nobody at the sender's.
    assert prepared(step, a_closure("2026-03-05", "2026-03-06")) == "Tue 2026-03-03 18:00"
    lull = Closure(name="Lull", first=date(2026, 3, 1), last=date(2026, 3, 8), countries=("IT",))
    assert prepared(step, lull) == "Thu 2026-03-05 18:00"


def test_a_step_without_a_time_is_passed_over_at_once() -> None:
    standing = standing_at(Step(id="s", dates=(date(2026, 3, 1),), template="t"), MONDAY, a_rhythm())
    assert standing.prepare_at == MONDAY


@pytest.mark.parametrize(
    ("now", "is_wanted", "reasons"),
    [
        ("2026-03-05 10:00", True, []),
        ("2026-03-07 08:59", True, []),
        ("2026-03-07 09:00", True, [SkipReason.EXPIRED]),
        ("2026-03-05 10:00", False, [SkipReason.CONDITION]),
        # Both: what made it late is told, a condition may change.
        ("2026-03-08 10:00", False, [SkipReason.EXPIRED]),
    ],
)
def test_a_greeting_is_passed_over_from_the_instant_it_expires(
    now: str, is_wanted: bool, reasons: list[SkipReason]
) -> None:
    greeting = Step(id="greeting", dates=(date(2026, 3, 5),), template="t")
    sequence = Sequence(name="s", window="w", steps=(greeting, Step(id="last", wait=NO_WAIT, template="t")))
    standing = standing_at(greeting, MONDAY, a_rhythm())
    assert shown(standing.next_at, LISBON) == "Thu 2026-03-05 09:00"
    onward = skip_unwanted(
        sequence, standing, a_rhythm(), lambda step: is_wanted or step.id == "last", local(now, LISBON)
    )
    assert [one.reason for one in onward.skipped] == reasons
    assert onward.standing is not None
    assert onward.standing.step == ("last" if reasons else "greeting")
