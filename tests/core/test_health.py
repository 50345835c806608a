"""When a mailbox stops by itself, and when it must not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.config import Limits
from sequencer.core.health import Fate, why_pause
from sequencer.core.ports import SmtpClass

FINE, BOUNCED, ANGRY = Fate(), Fate(has_bounced=True), Fate(has_complained=True)
LIMITS = Limits()


def refused(smtp_class: SmtpClass, answer: str = "550 5.7.1 no") -> Fate:
    return Fate(is_refused=True, smtp_class=smtp_class, answer=answer)


@pytest.mark.parametrize(
    ("fates", "reason"),
    [
        ([BOUNCED] * 8 + [FINE] * 92, None),
        ([BOUNCED] * 9 + [FINE] * 91, "9 of its last 100 mails went to dead addresses"),
        ([refused(SmtpClass.DEAD)] * 9 + [FINE] * 91, "9 of its last 100"),
        ([FINE] * 91 + [BOUNCED] * 9 + [BOUNCED] * 500, "9 of its last 100"),
        ([FINE] * 100 + [BOUNCED] * 500, None),
        ([BOUNCED] * 49, None),
        ([BOUNCED] * 50, "50 of its last 50"),
        ([ANGRY] + [FINE] * 99, None),
        ([ANGRY] * 2 + [FINE] * 98, "2 of its last 100 mails were called spam"),
        ([ANGRY] * 3 + [FINE] * 997, None),
        ([ANGRY] * 4 + [FINE] * 996, "4 of its last 1000 mails were called spam"),
        ([ANGRY] * 2, None),
        ([refused(SmtpClass.POLICY)] * 4, None),
        ([refused(SmtpClass.POLICY)] * 5, "refused in the same words: 550 5.7.1 no"),
        ([refused(SmtpClass.POLICY)] * 4 + [FINE] + [refused(SmtpClass.POLICY)] * 4, None),
        ([refused(SmtpClass.FULL)] * 9, None),
        ([refused(SmtpClass.DEAD)] * 9, None),
    ],
)
def test_it_stops_where_going_on_would_burn_it(fates: list[Fate], reason: str | None) -> None:
    found = why_pause(fates, LIMITS)
    assert (found is None) if reason is None else (found is not None and reason in found)


def test_the_same_words_are_the_same_whatever_numbers_and_addresses_stand_in_them() -> None:
    said = [f"554 <buyer{at}@x.example> blocked, id {at}a{at}.{at}" for at in range(5)]
    assert why_pause([refused(SmtpClass.POLICY, one) for one in said], LIMITS) is not None
    others = [*said[:4], "554 too many links"]
    assert why_pause([refused(SmtpClass.POLICY, one) for one in others], LIMITS) is None


@given(st.lists(st.sampled_from([FINE, BOUNCED, ANGRY]), max_size=1200))
def test_a_share_of_1_never_stops_it(fates: list[Fate]) -> None:
    assert why_pause(fates, replace(LIMITS, pause_at_bounces=1.0, pause_at_complaints=1.0)) is None


@given(st.lists(st.sampled_from([FINE, BOUNCED, ANGRY, refused(SmtpClass.POLICY)]), max_size=4))
def test_a_handful_says_nothing(fates: list[Fate]) -> None:
    assert why_pause(fates, LIMITS) is None
