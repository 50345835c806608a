"""The audit's verdict on one message and over many: what is a finding, what is not, and what is not known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core import actions as act
from sequencer.core.audit import (
    Beside,
    Check,
    Earlier,
    Handed,
    Happened,
    Result,
    Silence,
    is_stopping,
)
from sequencer.core.audit_message import Judged, judge
from sequencer.core.caps import CapKind
from sequencer.core.effects import decide
from sequencer.core.enrollment import FinishReason
from sequencer.core.inbound import BounceClass, MatchVia, Verdict, VerdictKind
from sequencer.core.matching import Match
from sequencer.core.outbox import OutboxState
from tests.core.audited import LIMITS, SENT, a_message, a_stop, at, history

WRITTEN_BEFORE = (Earlier(reader="wang", sending_at=at(-86_400)),)


def judged(message: Handed | None = None, **beside: object) -> Judged:
    known: dict[str, object] = {"events": history(*SENT), **beside}
    return judge(message or a_message(), Beside(**known), LIMITS)  # type: ignore[arg-type]


def found(one: Judged) -> set[Check]:
    return {finding.check for finding in one.findings}


def result(one: Judged, check: Check) -> Result:
    return next(answer.result for answer in one.answers if answer.check is check)


def follow_up(**fields: object) -> Handed:
    """One whose gate relied on a read that began half a minute before nine."""
    return a_message(**({"gate_read_at": at(-30)} | fields))


def test_an_ordinary_first_mail_passes_every_check() -> None:
    one = judged()
    assert not one.findings
    assert result(one, Check.UNREAD_INBOX) is Result.NOT_NEEDED
    assert all(answer.result is not Result.NOT_KNOWN for answer in one.answers)
    assert not one.is_follow_up
    assert one.residual_in is None


def test_a_follow_up_tells_how_old_the_read_was_that_it_relied_on() -> None:
    one = judged(follow_up(), earlier=WRITTEN_BEFORE)
    assert not one.findings
    assert one.residual_in == timedelta(seconds=31)


@pytest.mark.parametrize(
    ("received", "read", "is_found"),
    [
        # Whole seconds: what came in the second in which the read began may have come after it.
        (at(-31), at(-30), True),
        (at(-30), at(-30), False),
        (at(-30), at(-29.2), False),
        (at(-31), at(-30.4), False),
        (at(-32), at(-30.4), True),
        (at(-5), at(-30), False),
    ],
)
def test_an_answer_counts_before_the_whole_second_in_which_the_read_began(
    received: object, read: object, is_found: bool
) -> None:
    stop = a_stop(received)  # type: ignore[arg-type]
    one = judged(follow_up(gate_read_at=read), earlier=WRITTEN_BEFORE, stops=[stop])
    assert (Check.AFTER_ANSWER in found(one)) is is_found


def test_a_server_whose_clock_runs_ahead_is_believed_less() -> None:
    beside = Beside(events=history(*SENT), earlier=WRITTEN_BEFORE, stops=[a_stop(at(-28))])
    ahead = replace(LIMITS, ahead_in={"wang": timedelta(seconds=5)})
    assert not judge(follow_up(), beside, LIMITS).findings
    assert found(judge(follow_up(), beside, ahead)) == {Check.AFTER_ANSWER}


def test_an_answer_that_was_known_when_they_were_enrolled_again_says_nothing() -> None:
    old = a_stop(at(-90_000), read_at=at(-89_990))
    assert not judged(follow_up(), earlier=WRITTEN_BEFORE, stops=[old]).findings
    read_later = replace(old, read_at=at(-80_000))
    assert found(judged(follow_up(), earlier=WRITTEN_BEFORE, stops=[read_later])) == {Check.AFTER_ANSWER}
    by_hand = replace(read_later, kind=VerdictKind.HAND_WRITTEN)
    assert not judged(follow_up(), earlier=WRITTEN_BEFORE, stops=[by_hand]).findings


def test_an_answer_elsewhere_counts_from_when_it_was_recorded() -> None:
    elsewhere = a_stop(at(-3000), mailbox="li", read_at=at(-10))
    assert not judged(follow_up(), earlier=WRITTEN_BEFORE, stops=[elsewhere]).findings
    recorded = replace(elsewhere, read_at=at(-2900))
    assert found(judged(follow_up(), earlier=WRITTEN_BEFORE, stops=[recorded])) == {Check.AFTER_ANSWER}


@pytest.mark.parametrize(
    ("read", "is_found"), [(at(-59), False), (at(-59.5), True), (None, True), (at(2), False), (at(4), True)]
)
def test_a_follow_up_needs_a_read_that_is_recent_and_not_of_the_future(read: object, is_found: bool) -> None:
    one = judged(follow_up(gate_read_at=read), earlier=WRITTEN_BEFORE)
    assert (Check.UNREAD_INBOX in found(one)) is is_found


def test_an_unread_inbox_names_the_answer_that_had_come() -> None:
    one = judged(follow_up(gate_read_at=at(-4000)), earlier=WRITTEN_BEFORE, stops=[a_stop(at(-100))])
    assert found(one) == {Check.UNREAD_INBOX}
    assert "a reply of 2026-03-02 08:58:20 UTC (answer 1) had come" in one.findings[0].words


def test_a_message_that_leaves_once_more_is_a_follow_up_of_itself() -> None:
    again = history("claimed", "sending", "deferred", *SENT)
    one = judged(a_message(attempt=2, claimed_at=at(0)), events=again)
    assert one.is_follow_up
    assert found(one) == {Check.UNREAD_INBOX}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Result.PASSED),
        ({"window_until": at(-1)}, Result.FOUND),
        ({"window_until": at(-3599), "deferred_at": at(-7200)}, Result.PASSED),
        ({"window_until": at(-3601), "deferred_at": at(-7200)}, Result.FOUND),
        ({"window_until": at(0), "sending_at": at(299), "sent_at": at(299)}, Result.PASSED),
        ({"window_until": at(0), "sending_at": at(301), "sent_at": at(301)}, Result.FOUND),
        ({"window": None}, Result.NOT_KNOWN),
        ({"window_until": None}, Result.NOT_KNOWN),
    ],
)
def test_a_window_binds_the_claim_and_what_dialling_takes(
    fields: dict[str, object], expected: Result
) -> None:
    assert result(judged(a_message(**fields)), Check.WINDOW) is expected


@pytest.mark.parametrize(
    ("fields", "over", "expected"),
    [
        ({"cap_count": 49}, {}, Result.PASSED),
        ({"cap_count": 50}, {}, Result.FOUND),
        ({"cap_count": 3}, {CapKind.MAILBOX: 50}, Result.FOUND),
        ({"cap_limit": None}, {CapKind.MAILBOX: 99}, Result.NOT_KNOWN),
        ({"caps": {"company": [4, 5], "date:UTC": [0, 1]}}, {}, Result.PASSED),
        ({"caps": {"company": [5, 5]}}, {}, Result.FOUND),
        ({"caps": {"group:firm": [3, 5]}}, {CapKind.GROUP: 5}, Result.FOUND),
        ({"caps": {"contact": [0, 2]}}, {CapKind.GROUP: 5}, Result.PASSED),
        # Of a later claim, which came to nothing.
        ({"caps": {"contact": [2, 2]}, "claimed_at": at(9)}, {}, Result.PASSED),
    ],
)
def test_a_cap_is_what_the_gate_counted_and_what_the_rows_say(
    fields: dict[str, object], over: dict[CapKind, int], expected: Result
) -> None:
    assert result(judged(a_message(**fields), over=over), Check.CAP) is expected


def test_each_cap_is_told_in_words() -> None:
    caps = {"date:Asia/Shanghai": [12, 40], "new": [3, 20], "group:firm": [80, 80], "company": [1, 5]}
    words = {one.check: one.words for one in judged(a_message(caps=caps)).answers}
    assert words[Check.CAP] == "the gate counted 80 by group firm, the cap was 80"
    caps["group:firm"] = [79, 80]
    words = {one.check: one.words for one in judged(a_message(caps=caps)).answers}
    assert words[Check.CAP] == (
        "0 of 50 in the 24 hours before, 12 of 40 before it on its date in Asia/Shanghai, 3 of 20 as first "
        "mails, 79 of 80 by group firm, 1 of 5 to the company"
    )


@pytest.mark.parametrize(
    ("since", "is_found"), [(at(-60), True), (at(0.999), True), (at(1), False), (at(30), False)]
)
def test_a_suppression_counts_from_when_it_was_made(since: object, is_found: bool) -> None:
    silence = Silence(pattern="*@luso.example", reason="manual", created_at=since)  # type: ignore[arg-type]
    assert (Check.SUPPRESSED in found(judged(silences=[silence]))) is is_found


@pytest.mark.parametrize(
    ("kinds", "is_found"),
    [
        (["finished"], True),
        (["held"], True),
        (["held", "resumed"], False),
        (["held", "finished"], True),
        ([], False),
    ],
)
def test_an_enrollment_that_had_stopped_sends_nothing(kinds: Sequence[str], is_found: bool) -> None:
    course = [Happened(id=-9 + n, at=at(-9), kind=kind) for n, kind in enumerate(kinds)]
    later = Happened(id=99, at=at(0), kind="finished", data={"reason": "replied"})
    assert (Check.STOPPED in found(judged(course=[*course, later]))) is is_found


def test_two_attempts_that_nobody_ordered_are_a_duplicate_and_ordered_ones_are_said() -> None:
    twice = history(*SENT, *SENT)
    one = judged(follow_up(attempt=2), events=twice)
    assert found(one) == {Check.DUPLICATE}
    unsure = history("claimed", "sending", "unsure", *SENT)
    assert Check.DUPLICATE in found(judged(follow_up(attempt=2), events=unsure))
    ordered = history("claimed", "sending", "unsure", "resolved:ready", *SENT)
    allowed = judged(follow_up(attempt=2), events=ordered)
    assert not allowed.findings
    assert [note for note in allowed.notes if "at the order of wang" in note]


@pytest.mark.parametrize(
    "later",
    [
        ("resolved:sent",),
        ("claimed", "released", "resolved:sent"),
        ("claimed", "deferred", "resolved:sent"),
        ("claimed", "answered_late:sent"),
        ("resolved:sent", "answered_late:refused"),
    ],
)
def test_a_resend_that_evidence_overtakes_left_once(later: tuple[str, ...]) -> None:
    kinds = ("claimed", "sending", "unsure", *(() if later[0] == "resolved:sent" else ("resolved:ready",)))
    claims = [*kinds, *later].count("claimed")
    message = follow_up(attempt=claims, claimed_at=at(5 if claims > 1 else 0), sent_at=at(1))
    one = judged(message, events=history(*kinds, *later))
    assert not one.findings, one.findings
    assert one.chain.attempts == 1


def test_a_message_of_a_batch_lost_with_its_machine_is_not_known_rather_than_found() -> None:
    lost = a_message(state=OutboxState.UNSURE, sent_at=None, batch_boot="b", sending_at=at(0), cap_count=None)
    one = judged(lost, events=history("claimed", "unsure"), earlier=WRITTEN_BEFORE)
    assert not one.findings
    assert result(one, Check.STOPPED) is Result.NOT_KNOWN
    assert result(one, Check.UNREAD_INBOX) is Result.NOT_KNOWN
    assert one.notes
    alone = replace(lost, batch_boot=None)
    assert Check.CHAIN in found(judged(alone, events=history("claimed", "unsure")))


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({}, ()),
        ({}, ("claimed", "sent")),
        ({}, ("claimed", "sending")),
        ({}, ("claimed", "sending", "deferred")),
        ({"attempt": 2}, SENT),
        ({"state": OutboxState.UNSURE, "sent_at": None}, SENT),
        ({"state": OutboxState.SENDING, "sent_at": None}, SENT),
        ({"state": OutboxState.READY, "sent_at": None}, SENT),
        ({"sending_at": at(-1)}, SENT),
        ({"sent_at": at(0.5)}, SENT),
        ({"claimed_at": None}, SENT),
        ({"is_version_known": False}, SENT),
    ],
)
def test_a_chain_with_a_gap_is_found(fields: dict[str, object], kinds: Sequence[str]) -> None:
    assert Check.CHAIN in found(judged(a_message(**fields), events=history(*kinds)))


_TRIES = st.sampled_from(
    [
        ("claimed", "released"),
        ("claimed", "deferred"),
        ("claimed",),  # the program died, and the claim was taken back
        ("claimed", "sending", "deferred"),
        ("claimed", "sending", "ready"),
        ("claimed", "sending", "unsure", "resolved:ready"),
    ]
)
_ENDS = st.sampled_from(
    [
        (OutboxState.SENT, ("claimed", "sending", "sent")),
        (OutboxState.SENT, ("claimed", "sending", "unsure", "sent")),
        (OutboxState.SENT, ("claimed", "sending", "unsure", "resolved:sent")),
        (OutboxState.UNSURE, ("claimed", "sending", "unsure")),
        (OutboxState.SENDING, ("claimed", "sending")),
        (OutboxState.REFUSED, ("claimed", "sending", "unsure", "resolved:refused")),
        (OutboxState.REFUSED, ("claimed", "sending", "refused")),
        (OutboxState.REFUSED, ("claimed", "refused")),
    ]
)


@given(tries=st.lists(_TRIES, max_size=5), end=_ENDS)
def test_no_history_that_the_ledger_can_write_is_a_finding(
    tries: list[tuple[str, ...]], end: tuple[OutboxState, tuple[str, ...]]
) -> None:
    state, last = end
    kinds = [*(kind for one in tries for kind in one), *last]
    sent_at = at(2) if state is OutboxState.SENT else None
    message = follow_up(state=state, sent_at=sent_at, attempt=len(tries) + 1)
    one = judged(message, events=history(*kinds))
    assert not {Check.DUPLICATE, Check.CHAIN} & found(one), one.findings
    assert one.chain.attempts == kinds.count("sending")
    assert len(one.chain.resends) == kinds.count("resolved:ready")


@given(tries=st.lists(_TRIES, max_size=3), outcome=st.sampled_from(["sent", "unsure", ""]), end=_ENDS)
def test_leaving_again_after_it_may_have_left_is_always_found(
    tries: list[tuple[str, ...]], outcome: str, end: tuple[OutboxState, tuple[str, ...]]
) -> None:
    first = ("claimed", "sending", *([outcome] if outcome else []))
    kinds = [*first, *(kind for one in tries for kind in one), *end[1]]
    if "sending" not in kinds[len(first) :]:
        return
    assert judged(follow_up(attempt=2), events=history(*kinds)).chain.again


@pytest.mark.parametrize("is_hard", [True, False])
@pytest.mark.parametrize("via", [one for one in MatchVia if one is not MatchVia.RECIPIENT])
@pytest.mark.parametrize("kind", [one for one in VerdictKind if one is not VerdictKind.HAND_WRITTEN])
def test_what_stops_is_what_finishes_enrollments_but_for_leaving(
    kind: VerdictKind, via: MatchVia, *, is_hard: bool
) -> None:
    for bounce_class in BounceClass:
        verdict = Verdict(kind=kind, bounce_class=bounce_class, hard=is_hard)
        match = Match(contact_id=1, via=via, outbox_id=2, enrollment_id=3, address_key="a@b.example")
        finishes = any(
            isinstance(one, act.FinishEnrollments) and one.reason is not FinishReason.LEFT
            for one in decide(verdict, match)
        )
        assert is_stopping(kind, via, is_hard=is_hard, bounce_class=bounce_class) is finishes


def test_a_report_without_our_ids_stops_nothing_and_the_rep_s_own_mail_everything() -> None:
    for kind in (VerdictKind.BOUNCE, VerdictKind.COMPLAINT):
        assert not is_stopping(kind, MatchVia.RECIPIENT, is_hard=True, bounce_class=BounceClass.DEAD)
    assert is_stopping(VerdictKind.HAND_WRITTEN, MatchVia.RECIPIENT)


def test_what_a_person_gave_up_and_had_arrived_is_said() -> None:
    given_up = a_message(state=OutboxState.REFUSED, sent_at=None)
    one = judged(
        given_up, events=history("claimed", "sending", "unsure", "resolved:refused", "arrived_anyway")
    )
    assert not one.findings
    assert one.notes == ("message 7 was given up by a person, and had arrived",)
