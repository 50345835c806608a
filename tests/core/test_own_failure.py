"""What a report about several recipients does to the one contact of ours among them, or behind an alias."""

from dataclasses import replace

import pytest

from sequencer.core import actions as act
from sequencer.core.effects import VerdictCase, case_of, decide
from sequencer.core.inbound import BounceClass, MatchVia, RecipientFailure, Verdict, VerdictKind
from sequencer.core.matching import Match
from sequencer.core.own_failure import of_ours

OURS, OTHER = "ana@sol.example", "eva@sol.example"
MATCH = Match(
    contact_id=7,
    via=MatchVia.ORIGINAL_ID,
    outbox_id=3,
    enrollment_id=5,
    address_key=OURS,
    domain="sol.example",
)


def failure(address: str, bounce_class: str, kind: str = "bounce") -> RecipientFailure:
    return RecipientFailure(
        address=address,
        kind=VerdictKind(kind),
        bounce_class=BounceClass(bounce_class),
        permanence="permanent" if kind == "bounce" else "temporary",
        hard=bounce_class == "dead" and kind == "bounce",
        reason="",
    )


def report(*failures: RecipientFailure) -> Verdict:
    """As the rules make it: hard when anyone is dead, its class that of the first who is not."""
    first = next((one for one in failures if not one.hard), failures[0])
    return Verdict(
        kind=VerdictKind.BOUNCE,
        bounce_class=first.bounce_class,
        permanence="permanent",
        hard=any(one.hard for one in failures),
        failures=failures,
    )


def ours(verdict: Verdict, match: Match = MATCH) -> Verdict:
    return of_ours(verdict, match, str.lower)


def suppressed(verdict: Verdict, match: Match = MATCH) -> list[str]:
    done = decide(ours(verdict, match), match)
    return [action.address_key for action in done if isinstance(action, act.Suppress)]


def test_nobody_is_suppressed_for_a_dead_neighbour() -> None:
    verdict = report(failure(OTHER, "dead"), failure(OURS, "full"))
    assert verdict.hard
    assert suppressed(verdict) == []
    assert case_of(ours(verdict), MATCH) is VerdictCase.BOUNCE_FULL_OR_SOFT


def test_a_dead_contact_is_suppressed_whatever_the_neighbours_are() -> None:
    assert suppressed(report(failure(OTHER, "full"), failure(OURS.upper(), "dead"))) == [OURS]


def test_a_contact_who_is_still_tried_is_left_alone() -> None:
    verdict = report(failure(OTHER, "dead"), failure(OURS, "soft", "delay"))
    assert (ours(verdict).kind, ours(verdict).hard) == (VerdictKind.DELAY, False)
    assert decide(ours(verdict), MATCH) == ()


@pytest.mark.parametrize(("second", "wanted"), [("dead", [OURS]), ("full", []), ("policy", [])])
def test_behind_an_alias_all_must_be_dead(second: str, wanted: list[str]) -> None:
    verdict = report(failure("one@group.example", "dead"), failure("two@group.example", second))
    assert suppressed(verdict) == wanted


def test_a_report_that_was_never_narrowed_suppresses_nobody_for_a_neighbour() -> None:
    verdict = report(failure(OTHER, "dead"), failure(OURS, "full"))
    assert not any(isinstance(one, act.Suppress) for one in decide(verdict, MATCH))


def test_reports_about_one_and_other_mail_stay_as_they_are() -> None:
    alone = Verdict(kind=VerdictKind.BOUNCE, bounce_class=BounceClass.DEAD, hard=True)
    assert ours(alone) is alone
    reply = replace(alone, kind=VerdictKind.REPLY)
    assert ours(reply) is reply


def test_an_address_that_is_none_is_nobodys() -> None:
    def no_key(address: str) -> str:
        raise ValueError(address)

    verdict = report(failure("MAILER DAEMON", "dead"), failure("?", "full"))
    assert not of_ours(verdict, MATCH, no_key).hard
