"""The verdict and effects table, row by row, and the rules that stand beside it."""

from datetime import UTC, datetime

import pytest

from sequencer.core import actions as act
from sequencer.core.contact import Stage
from sequencer.core.effects import EFFECTS, Siblings, VerdictCase, case_of, case_of_smtp, decide, decide_case
from sequencer.core.enrollment import FinishReason, HoldReason
from sequencer.core.inbound import AutoReplyType, BounceClass, MatchVia, Verdict, VerdictKind
from sequencer.core.matching import Match
from sequencer.core.ports import SmtpClass

BY_ID = Match(
    contact_id=7,
    via=MatchVia.REFERENCES,
    outbox_id=3,
    enrollment_id=5,
    address_key="ana@sol.example",
    sender_key="ana@sol.example",
    sender_is_contact=True,
    domain="sol.example",
)


def with_match(**changes: object) -> Match:
    from dataclasses import replace

    return replace(BY_ID, **changes)  # type: ignore[arg-type]


def verdict(kind: VerdictKind, **fields: object) -> Verdict:
    return Verdict(kind=kind, **fields)  # type: ignore[arg-type]


def kinds(actions: tuple[act.Action, ...]) -> list[type]:
    return [type(action) for action in actions]


def only(actions: tuple[act.Action, ...], kind: type) -> list[act.Action]:
    return [action for action in actions if isinstance(action, kind)]


def test_every_row_has_an_effect_and_words() -> None:
    assert set(EFFECTS) == set(VerdictCase)
    assert all(effect.words for effect in EFFECTS.values())


@pytest.mark.parametrize(
    "case",
    ["ticket", "delay", "receipt", "report", "own_copy", "other"],
)
def test_rows_that_do_nothing_do_nothing(case: str) -> None:
    assert decide_case(VerdictCase(case), BY_ID) == ()


FINISHING = {
    VerdictCase.REPLY: FinishReason.REPLIED,
    VerdictCase.COLLEAGUE_REPLY: FinishReason.REPLIED,
    VerdictCase.UNSUBSCRIBE: FinishReason.OPTED_OUT,
    VerdictCase.COMPLAINT: FinishReason.COMPLAINED,
    VerdictCase.BOUNCE_DEAD: FinishReason.BOUNCED,
    VerdictCase.LEFT_COMPANY: FinishReason.LEFT,
    VerdictCase.HAND_WRITTEN: FinishReason.TAKEN_OVER,
}
HOLDING = {
    VerdictCase.COMPANY_STRANGER: (HoldReason.COMPANY_REPLIED, act.HoldFor(5)),
    VerdictCase.BOUNCE_FULL_OR_SOFT: (HoldReason.SOFT_BOUNCE, act.HoldDays(7)),
    VerdictCase.BOUNCE_POLICY: (HoldReason.BOUNCE_REFUSED, act.UntilPerson()),
    VerdictCase.OUT_OF_OFFICE: (HoldReason.OUT_OF_OFFICE, act.HoldDays(7)),
    VerdictCase.ADDRESS_CHANGED: (HoldReason.ADDRESS_CHANGED, act.UntilPerson()),
    VerdictCase.CHALLENGE: (HoldReason.CHALLENGE, act.UntilPerson()),
    VerdictCase.AMBIGUOUS: (HoldReason.AMBIGUOUS, act.UntilPerson()),
}


@pytest.mark.parametrize("case", VerdictCase)
def test_each_row_finishes_or_holds_as_the_table_says(case: VerdictCase) -> None:
    actions = decide_case(case, BY_ID)
    finished = [action.reason for action in actions if isinstance(action, act.FinishEnrollments)]
    assert finished == ([FINISHING[case]] if case in FINISHING else [])
    held = [
        (action.reason, action.rule)
        for action in actions
        if isinstance(action, act.HoldEnrollments) and action.target.scope is not act.Scope.COMPANY
    ]
    assert held == ([HOLDING[case]] if case in HOLDING else [])


@pytest.mark.parametrize("case", VerdictCase)
def test_only_optouts_complaints_and_dead_addresses_are_suppressed(case: VerdictCase) -> None:
    suppresses = {VerdictCase.UNSUBSCRIBE, VerdictCase.COMPLAINT, VerdictCase.BOUNCE_DEAD}
    assert bool(only(decide_case(case, BY_ID), act.Suppress)) == (case in suppresses)


def test_a_reply_finishes_tells_the_rep_moves_the_stage_and_holds_the_siblings() -> None:
    actions = decide(verdict(VerdictKind.REPLY), BY_ID)
    assert act.SetStage(contact_id=7, stage=Stage.CONVERSATION, only_from=Stage.OPPORTUNITY) in actions
    assert only(actions, act.Notice)
    finish = only(actions, act.FinishEnrollments)[0]
    assert isinstance(finish, act.FinishEnrollments)
    assert finish.target.scope is act.Scope.CONTACT
    held = only(actions, act.HoldEnrollments)
    assert held == [
        act.HoldEnrollments(
            target=act.Target(
                scope=act.Scope.COMPANY,
                contact_id=7,
                enrollment_id=5,
                domain="sol.example",
                is_by_policy=True,
            ),
            reason=HoldReason.COMPANY_REPLIED,
            rule=act.HoldFor(business_days=5),
        )
    ]


def test_siblings_at_free_mail_are_left_alone() -> None:
    assert only(decide(verdict(VerdictKind.REPLY), with_match(domain="")), act.HoldEnrollments) == []


def test_only_replies_touch_siblings() -> None:
    touching = {case for case, effect in EFFECTS.items() if effect.siblings is Siblings.HELD}
    assert touching == {VerdictCase.REPLY, VerdictCase.COLLEAGUE_REPLY}


def test_a_stranger_at_the_company_holds_everyone_there_and_finishes_nobody() -> None:
    match = Match(contact_id=7, via=MatchVia.COMPANY, sender_key="new@sol.example", domain="sol.example")
    actions = decide(verdict(VerdictKind.REPLY), match)
    held = only(actions, act.HoldEnrollments)[0]
    assert isinstance(held, act.HoldEnrollments)
    assert held.target.scope is act.Scope.WHOLE_COMPANY
    assert held.target.is_by_policy
    assert only(actions, act.FinishEnrollments) == []
    assert only(actions, act.Notice)


@pytest.mark.parametrize("kind", [VerdictKind.AUTO_REPLY, VerdictKind.CHALLENGE, VerdictKind.AMBIGUOUS])
def test_a_company_strangers_machine_does_nothing(kind: VerdictKind) -> None:
    match = Match(contact_id=7, via=MatchVia.COMPANY, sender_key="new@sol.example", domain="sol.example")
    assert decide(verdict(kind, subtype=AutoReplyType.LEFT_COMPANY), match) == ()


def test_an_optout_suppresses_the_address_we_wrote_to_and_the_senders() -> None:
    actions = decide(verdict(VerdictKind.UNSUBSCRIBE), with_match(sender_key="private@home.example"))
    suppressed = [action for action in actions if isinstance(action, act.Suppress)]
    assert [one.address_key for one in suppressed] == ["ana@sol.example", "private@home.example"]
    assert {one.contact_id for one in suppressed} == {7}


def test_a_company_strangers_optout_is_theirs_alone() -> None:
    match = Match(contact_id=7, via=MatchVia.COMPANY, sender_key="new@sol.example", domain="sol.example")
    actions = decide(verdict(VerdictKind.UNSUBSCRIBE), match)
    assert [a for a in actions if isinstance(a, act.Suppress)] == [
        act.Suppress(address_key="new@sol.example", reason=FinishReason.OPTED_OUT, contact_id=None)
    ]
    assert only(actions, act.FinishEnrollments) == []
    assert only(actions, act.HoldEnrollments)


def test_a_report_without_our_ids_holds_instead_of_finishing_and_suppressing() -> None:
    by_address = with_match(via=MatchVia.RECIPIENT)
    for told in (
        verdict(VerdictKind.BOUNCE, bounce_class=BounceClass.DEAD, hard=True),
        verdict(VerdictKind.COMPLAINT),
    ):
        actions = decide(told, by_address)
        assert only(actions, act.Suppress) == []
        assert only(actions, act.FinishEnrollments) == []
        held = only(actions, act.HoldEnrollments)[0]
        assert isinstance(held, act.HoldEnrollments)
        assert held.rule == act.UntilPerson()


def test_the_second_soft_bounce_in_a_row_waits_for_a_person() -> None:
    soft = verdict(VerdictKind.BOUNCE, bounce_class=BounceClass.FULL)
    first, second = decide(soft, BY_ID), decide(soft, BY_ID, is_soft_again=True)
    assert [a.rule for a in first if isinstance(a, act.HoldEnrollments)] == [act.HoldDays(7)]
    assert [a.rule for a in second if isinstance(a, act.HoldEnrollments)] == [act.UntilPerson()]


def test_an_absence_holds_until_a_business_day_after_the_return() -> None:
    back = datetime(2026, 10, 26, tzinfo=UTC)
    away = verdict(VerdictKind.AUTO_REPLY, subtype=AutoReplyType.OUT_OF_OFFICE, return_at=back)
    rules = [a.rule for a in decide(away, BY_ID) if isinstance(a, act.HoldEnrollments)]
    assert rules == [act.HoldUntil(back, plus_business_days=1)]


def test_a_departure_leaves_a_task_that_names_the_successor() -> None:
    left = verdict(VerdictKind.AUTO_REPLY, subtype=AutoReplyType.LEFT_COMPANY, successor="luis@sol.example")
    tasks = [a for a in decide(left, BY_ID) if isinstance(a, act.AddTask)]
    assert ["luis@sol.example" in task.title for task in tasks] == [True]


def test_refusals_for_policy_count_against_the_mailbox_and_never_suppress() -> None:
    for bounce_class in (BounceClass.POLICY, BounceClass.CONTENT, BounceClass.RATE):
        actions = decide(verdict(VerdictKind.BOUNCE, bounce_class=bounce_class), BY_ID)
        assert act.CountAgainstMailbox(outbox_id=3, counter=act.Counter.POLICY_REFUSALS) in actions
        assert only(actions, act.Suppress) == []


def test_a_dead_class_that_is_not_hard_suppresses_nothing() -> None:
    told = verdict(VerdictKind.BOUNCE, bounce_class=BounceClass.DEAD, hard=False)
    assert case_of(told, BY_ID) is VerdictCase.BOUNCE_FULL_OR_SOFT


def test_mail_that_concerns_nobody_does_nothing() -> None:
    for kind in VerdictKind:
        assert decide(verdict(kind), None) == ()


@pytest.mark.parametrize(
    ("smtp_class", "case"),
    [
        ("dead", "bounce_dead"),
        ("full", "bounce_full_or_soft"),
        ("soft", "bounce_full_or_soft"),
        ("policy", "bounce_policy"),
        ("content", "bounce_policy"),
        ("rate", "bounce_policy"),
        ("mailbox", None),
    ],
)
def test_smtp_answers_go_through_the_same_rows(smtp_class: str, case: str | None) -> None:
    assert case_of_smtp(SmtpClass(smtp_class)) == (VerdictCase(case) if case else None)


def test_every_verdict_kind_has_a_row() -> None:
    for kind in VerdictKind:
        assert case_of(verdict(kind), BY_ID) in VerdictCase
