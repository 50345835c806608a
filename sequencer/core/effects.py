"""What each verdict does (design: the verdict and effects table), as data, and the pure decision over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sequencer.core import actions as act
from sequencer.core.contact import Stage
from sequencer.core.enrollment import FinishReason, HoldReason
from sequencer.core.inbound import AutoReplyType, BounceClass, MatchVia, Verdict, VerdictKind
from sequencer.core.ports import SmtpClass

if TYPE_CHECKING:
    from sequencer.core.matching import Match  # which loads the parsers of mail


class VerdictCase(StrEnum):
    """The rows of the table."""

    REPLY = "reply"
    COLLEAGUE_REPLY = "colleague_reply"
    """A mail by someone else that cites an id or token of ours."""
    COMPANY_STRANGER = "company_stranger"
    """Human mail from a contact's company by someone we never wrote to, citing nothing."""
    UNSUBSCRIBE = "unsubscribe"
    COMPLAINT = "complaint"
    BOUNCE_DEAD = "bounce_dead"
    BOUNCE_FULL_OR_SOFT = "bounce_full_or_soft"
    BOUNCE_POLICY = "bounce_policy"
    """Class policy, content or rate."""
    OUT_OF_OFFICE = "out_of_office"
    LEFT_COMPANY = "left_company"
    ADDRESS_CHANGED = "address_changed"
    TICKET = "ticket"
    CHALLENGE = "challenge"
    DELAY = "delay"
    RECEIPT = "receipt"
    REPORT = "report"
    OWN_COPY = "own_copy"
    OTHER = "other"
    HAND_WRITTEN = "hand_written"
    AMBIGUOUS = "ambiguous"


class Length(StrEnum):
    """How long a row holds."""

    SEVEN_DAYS = "seven_days"
    FIVE_BUSINESS_DAYS = "five_business_days"
    RETURN = "return"
    """The return date + 1 business day, else seven days."""
    PERSON = "person"


class Siblings(StrEnum):
    """What happens to the other contacts of the same company."""

    NOTHING = "nothing"
    HELD = "held"
    """Held(company_replied) five business days, or finished under `on_reply: company`; never at free mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One row: what happens to the contact's enrollments, addresses and stage, and who hears of it."""

    words: str
    """The row in words, for `inbox explain` and docs/states.md."""
    finish: FinishReason | None = None
    hold: HoldReason | None = None
    hold_for: Length | None = None
    scope: act.Scope = act.Scope.CONTACT
    suppresses_written: bool = False
    """The address we wrote to."""
    suppresses_sender: bool = False
    siblings: Siblings = Siblings.NOTHING
    stage: tuple[Stage, Stage] | None = None
    """(from, to)."""
    task: str | None = None
    """Title; `{address}` is the successor's or new address."""
    counter: act.Counter | None = None
    notice: str | None = None


_REPLY = Effect(
    words="all enrollments of the contact finish (replied), opportunity becomes conversation, the "
    "company's other"
    " contacts are held five business days (or finish under on_reply: company), the rep is told",
    finish=FinishReason.REPLIED,
    siblings=Siblings.HELD,
    stage=(Stage.OPPORTUNITY, Stage.CONVERSATION),
    notice="answered",
)
_NOTHING = Effect(words="nothing")

EFFECTS: Mapping[VerdictCase, Effect] = {
    VerdictCase.REPLY: _REPLY,
    VerdictCase.COLLEAGUE_REPLY: _REPLY,
    VerdictCase.COMPANY_STRANGER: Effect(
        words="the company's enrollments are held five business days (or finish under on_reply: company),"
        " the rep is told",
        hold=HoldReason.COMPANY_REPLIED,
        hold_for=Length.FIVE_BUSINESS_DAYS,
        scope=act.Scope.WHOLE_COMPANY,
        notice="somebody at the company wrote",
    ),
    VerdictCase.UNSUBSCRIBE: Effect(
        words="all enrollments finish (opted_out), the address we wrote to and the sender's are "
        "suppressed everywhere",
        finish=FinishReason.OPTED_OUT,
        suppresses_written=True,
        suppresses_sender=True,
    ),
    VerdictCase.COMPLAINT: Effect(
        words="all enrollments finish (complained), the address we wrote to is suppressed everywhere, "
        "the mailbox"
        " counts a complaint",
        finish=FinishReason.COMPLAINED,
        suppresses_written=True,
        counter=act.Counter.COMPLAINTS,
    ),
    VerdictCase.BOUNCE_DEAD: Effect(
        words="all enrollments finish (bounced), the address is suppressed",
        finish=FinishReason.BOUNCED,
        suppresses_written=True,
    ),
    VerdictCase.BOUNCE_FULL_OR_SOFT: Effect(
        words="held seven days, then the next step; the second in a row holds for a person",
        hold=HoldReason.SOFT_BOUNCE,
        hold_for=Length.SEVEN_DAYS,
        scope=act.Scope.ENROLLMENT,
    ),
    VerdictCase.BOUNCE_POLICY: Effect(
        words="the enrollment is held for a person, the mailbox counts a refusal; never a suppression",
        hold=HoldReason.BOUNCE_REFUSED,
        hold_for=Length.PERSON,
        scope=act.Scope.ENROLLMENT,
        counter=act.Counter.POLICY_REFUSALS,
    ),
    VerdictCase.OUT_OF_OFFICE: Effect(
        words="held until the return date + 1 business day, else seven days (1 to 180)",
        hold=HoldReason.OUT_OF_OFFICE,
        hold_for=Length.RETURN,
    ),
    VerdictCase.LEFT_COMPANY: Effect(
        words="all enrollments finish (left), a task names the successor",
        finish=FinishReason.LEFT,
        task="Left the company: write to {address}",
    ),
    VerdictCase.ADDRESS_CHANGED: Effect(
        words="held for a person, a task names the new address",
        hold=HoldReason.ADDRESS_CHANGED,
        hold_for=Length.PERSON,
        task="Address changed: now {address}",
    ),
    VerdictCase.TICKET: _NOTHING,
    VerdictCase.CHALLENGE: Effect(
        words="held for a person, a task asks to confirm",
        hold=HoldReason.CHALLENGE,
        hold_for=Length.PERSON,
        task="Answer the filter's question so that our mail is delivered",
    ),
    VerdictCase.DELAY: _NOTHING,
    VerdictCase.RECEIPT: _NOTHING,
    VerdictCase.REPORT: _NOTHING,
    VerdictCase.OWN_COPY: _NOTHING,
    VerdictCase.OTHER: _NOTHING,
    VerdictCase.HAND_WRITTEN: Effect(
        words="all enrollments of the contacts it went to finish (taken_over)", finish=FinishReason.TAKEN_OVER
    ),
    VerdictCase.AMBIGUOUS: Effect(
        words="held for a person: a wrong stop is cheap, a wrong send is not",
        hold=HoldReason.AMBIGUOUS,
        hold_for=Length.PERSON,
    ),
}

_PLAIN: Mapping[VerdictKind, VerdictCase] = {
    VerdictKind.UNSUBSCRIBE: VerdictCase.UNSUBSCRIBE,
    VerdictKind.COMPLAINT: VerdictCase.COMPLAINT,
    VerdictKind.CHALLENGE: VerdictCase.CHALLENGE,
    VerdictKind.DELAY: VerdictCase.DELAY,
    VerdictKind.RECEIPT: VerdictCase.RECEIPT,
    VerdictKind.REPORT: VerdictCase.REPORT,
    VerdictKind.OWN_COPY: VerdictCase.OWN_COPY,
    VerdictKind.OTHER: VerdictCase.OTHER,
    VerdictKind.HAND_WRITTEN: VerdictCase.HAND_WRITTEN,
    VerdictKind.AMBIGUOUS: VerdictCase.AMBIGUOUS,
}
_BOUNCES: Mapping[BounceClass, VerdictCase] = {
    BounceClass.DEAD: VerdictCase.BOUNCE_DEAD,
    BounceClass.FULL: VerdictCase.BOUNCE_FULL_OR_SOFT,
    BounceClass.SOFT: VerdictCase.BOUNCE_FULL_OR_SOFT,
    BounceClass.POLICY: VerdictCase.BOUNCE_POLICY,
    BounceClass.CONTENT: VerdictCase.BOUNCE_POLICY,
    BounceClass.RATE: VerdictCase.BOUNCE_POLICY,
}
_AUTO_REPLIES: Mapping[AutoReplyType, VerdictCase] = {
    AutoReplyType.OUT_OF_OFFICE: VerdictCase.OUT_OF_OFFICE,
    AutoReplyType.LEFT_COMPANY: VerdictCase.LEFT_COMPANY,
    AutoReplyType.ADDRESS_CHANGED: VerdictCase.ADDRESS_CHANGED,
    AutoReplyType.TICKET: VerdictCase.TICKET,
}


def case_of(verdict: Verdict, match: "Match | None") -> VerdictCase:
    """The table's row for a verdict and what it was matched to."""
    if verdict.kind is VerdictKind.BOUNCE:
        case = _BOUNCES[verdict.bounce_class or BounceClass.SOFT]
        return (
            VerdictCase.BOUNCE_FULL_OR_SOFT if case is VerdictCase.BOUNCE_DEAD and not verdict.hard else case
        )
    if verdict.kind is VerdictKind.AUTO_REPLY:
        return _AUTO_REPLIES[verdict.subtype or AutoReplyType.OUT_OF_OFFICE]
    if verdict.kind is not VerdictKind.REPLY:
        return _PLAIN[verdict.kind]
    if match is not None and match.via is MatchVia.COMPANY:
        return VerdictCase.COMPANY_STRANGER
    is_sender_written_to = (
        match is None or match.via is MatchVia.FROM or match.sender_key == match.address_key
    )
    return VerdictCase.REPLY if is_sender_written_to else VerdictCase.COLLEAGUE_REPLY


def case_of_smtp(smtp_class: SmtpClass) -> VerdictCase | None:
    """The row for a server's refusal; None for a fault of our own mailbox, which is no contact's doing."""
    return None if smtp_class is SmtpClass.MAILBOX else _BOUNCES[BounceClass(smtp_class.value)]


def decide(verdict: Verdict, match: "Match | None", *, is_soft_again: bool = False) -> tuple[act.Action, ...]:
    """What a message does; nothing when it concerns nobody.

    `is_soft_again`: the message before this one came back full or soft too. Reports that bear none of
    our ids (`MatchVia.RECIPIENT`) hold instead of finishing and suppressing: they are easily forged. Mail
    matched only to a company acts only as human mail: a stranger's auto-reply or opt-out is not a
    contact's, though an opt-out suppresses the stranger's own address.
    """
    if match is None:
        return ()
    case = case_of(verdict, match)
    if match.via is MatchVia.COMPANY and case not in {VerdictCase.COMPANY_STRANGER, VerdictCase.UNSUBSCRIBE}:
        return ()
    return decide_case(case, match, verdict, is_soft_again=is_soft_again)


def decide_case(
    case: VerdictCase, match: "Match", verdict: Verdict | None = None, *, is_soft_again: bool = False
) -> tuple[act.Action, ...]:
    """The actions of one row; also for SMTP answers, which have no verdict."""
    effect = EFFECTS[case]
    if match.via is MatchVia.COMPANY and case is VerdictCase.UNSUBSCRIBE:
        # The stranger opted out for themselves; for the company it is a human answer.
        return (*_suppressions(effect, match, None), *decide_case(VerdictCase.COMPANY_STRANGER, match))
    if match.via is MatchVia.RECIPIENT and effect.finish is not None:
        return (*_held_for_doubt(case, match), *_counts(effect, match))
    done: list[act.Action] = []
    if effect.finish is not None:
        done.append(act.FinishEnrollments(target=_target(effect.scope, match), reason=effect.finish))
    done += _holds(effect, match, verdict, is_soft_again=is_soft_again)
    # A dead address says nothing against the person, who may get mail at another one.
    is_about_person = effect.finish is not FinishReason.BOUNCED
    done += _suppressions(effect, match, match.contact_id if is_about_person else None)
    if effect.siblings is Siblings.HELD and match.domain:
        done.append(_company_hold(act.Scope.COMPANY, match))
    if effect.stage is not None:
        before, after = effect.stage
        done.append(act.SetStage(contact_id=match.contact_id, stage=after, only_from=before))
    if effect.task is not None:
        done.append(_task(effect.task, match, verdict))
    done += _counts(effect, match)
    if effect.notice is not None:
        done.append(act.Notice(contact_id=match.contact_id, words=effect.notice))
    return tuple(done)


def _target(scope: act.Scope, match: "Match", *, is_by_policy: bool = False) -> act.Target:
    return act.Target(
        scope=scope,
        contact_id=match.contact_id,
        enrollment_id=match.enrollment_id,
        domain=match.domain,
        is_by_policy=is_by_policy,
    )


def _company_hold(scope: act.Scope, match: "Match") -> act.HoldEnrollments:
    return act.HoldEnrollments(
        target=_target(scope, match, is_by_policy=True),
        reason=HoldReason.COMPANY_REPLIED,
        rule=act.HoldFor(business_days=5),
    )


def _holds(
    effect: Effect, match: "Match", verdict: Verdict | None, *, is_soft_again: bool
) -> list[act.Action]:
    if effect.hold is None or effect.hold_for is None:
        return []
    if effect.hold is HoldReason.COMPANY_REPLIED:
        return [_company_hold(effect.scope, match)] if match.domain else []
    rule: act.HoldRule
    if effect.hold_for is Length.RETURN:
        back = verdict.return_at if verdict else None
        rule = act.HoldUntil(back, plus_business_days=1) if back else act.HoldDays(7)
    elif effect.hold_for is Length.PERSON or (effect.hold is HoldReason.SOFT_BOUNCE and is_soft_again):
        rule = act.UntilPerson()
    else:
        rule = act.HoldDays(7)
    return [act.HoldEnrollments(target=_target(effect.scope, match), reason=effect.hold, rule=rule)]


def _held_for_doubt(case: VerdictCase, match: "Match") -> list[act.Action]:
    """A dead address or a complaint told without any of our ids: wait for a person instead."""
    reason = HoldReason.SOFT_BOUNCE if case is VerdictCase.BOUNCE_DEAD else HoldReason.AMBIGUOUS
    return [
        act.HoldEnrollments(
            target=_target(act.Scope.ENROLLMENT, match), reason=reason, rule=act.UntilPerson()
        )
    ]


def _suppressions(effect: Effect, match: "Match", contact_id: int | None) -> list[act.Action]:
    reason = effect.finish or FinishReason.OPTED_OUT
    keys: list[str] = []
    if effect.suppresses_written and match.address_key:
        keys.append(match.address_key)
    if effect.suppresses_sender and match.sender_key:
        keys.append(match.sender_key)
    return [
        act.Suppress(address_key=key, reason=reason, contact_id=contact_id) for key in dict.fromkeys(keys)
    ]


def _task(title: str, match: "Match", verdict: Verdict | None) -> act.AddTask:
    named = (verdict.successor if verdict else None) or "the address in their note"
    return act.AddTask(
        contact_id=match.contact_id, enrollment_id=match.enrollment_id, title=title.format(address=named)
    )


def _counts(effect: Effect, match: "Match") -> list[act.Action]:
    return (
        [act.CountAgainstMailbox(outbox_id=match.outbox_id, counter=effect.counter)] if effect.counter else []
    )
