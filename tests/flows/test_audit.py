"""The audit over a campaign: nothing to find as it went, and each thing found once it is tampered with."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from sequencer.core.audit import Check, Result
from sequencer.core.inbound import VerdictKind
from sequencer.errors import InputError
from sequencer.store import schema
from sequencer.store.audit import Which
from sequencer.store.suppressions import NewSuppression, add_suppressions
from tests.flows.audited_office import (
    ANA,
    BEN,
    EVA,
    MAX,
    TWO_WEEKS,
    a_campaign,
    another,
    change,
    found,
    happen,
    judge,
    message,
    record_answer,
    run_sql,
)
from tests.flows.office import MONDAY, Office

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def as_it_went(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return a_campaign(tmp_path_factory.mktemp("campaign") / "ws")


@pytest.fixture
def office(as_it_went: Office, tmp_path: Path) -> Office:
    return another(as_it_went, tmp_path / "copy")


def test_a_campaign_with_answers_retries_and_an_ordered_resend_has_nothing_to_find(office: Office) -> None:
    audited = judge(office)
    assert not audited.findings
    assert audited.states == {"refused": 1, "sent": 8}
    # Ben's first mail took two attempts, Eva's two as well: one of them at a person's order.
    assert (audited.attempts, audited.resends) == (11, 1)
    assert [note for note in audited.notes if "at the order of wang" in note]
    assert audited.follow_ups == audited.residual.messages == 7
    assert audited.residual.max_in is not None
    assert audited.residual.max_in <= timedelta(seconds=60)
    assert all(sum(results.values()) == audited.messages for results in audited.results.values())
    assert audited.results[Check.AFTER_ANSWER][Result.PASSED] == 7


def test_a_second_attempt_that_nobody_ordered_is_found(office: Office) -> None:
    run_sql(office, "DELETE FROM events WHERE kind = 'resolved'")
    assert found(office) == {Check.DUPLICATE: [message(office, EVA, "intro")]}


def test_a_message_handed_over_once_more_behind_the_ledger_is_found(office: Office) -> None:
    again = message(office, BEN, "offer")
    happen(office, again, "claimed", "sending", "sent")
    change(office, again, attempt=2)
    assert found(office)[Check.DUPLICATE] == [again]


def test_two_rows_of_one_step_to_one_address_are_found(office: Office) -> None:
    run_sql(office, "DROP INDEX uq_outbox_once", "DROP INDEX uq_outbox_enrollment_step")
    first, second = message(office, BEN, "intro"), message(office, BEN, "offer")
    change(office, second, step="intro")
    assert found(office) == {Check.DUPLICATE: [second]}
    [finding] = judge(office).findings
    assert f"as message {first}" in finding.words
    assert finding.contact == 2


def test_a_sent_message_whose_row_was_cancelled_to_send_it_again_is_found(office: Office) -> None:
    first, second = message(office, BEN, "intro"), message(office, BEN, "offer")
    change(office, first, state="cancelled", is_cancelled=True, sent_at=None)
    run_sql(office, "DROP INDEX uq_outbox_enrollment_step")
    change(office, second, step="intro")
    assert found(office) == {Check.CHAIN: [first], Check.DUPLICATE: [second]}


@pytest.mark.parametrize("of_both", [False, True])
def test_an_id_that_two_messages_bear_is_found(office: Office, *, of_both: bool) -> None:
    first, second = message(office, BEN, "intro"), message(office, BEN, "offer")
    if of_both:
        change(office, first, wire_id="<relay@mx.example>")
        change(office, second, wire_id="<relay@mx.example>")
    else:
        minted = next(row.headers.message_id for row in office.rows() if row.id == first and row.headers)
        change(office, second, wire_id=minted)
    [finding] = judge(office).findings
    assert finding.check is Check.DUPLICATE
    assert "Message-ID" in finding.words


@pytest.mark.parametrize(
    ("kind", "fields", "is_found"),
    [
        (VerdictKind.REPLY, {"match_via": "references"}, True),
        (VerdictKind.UNSUBSCRIBE, {"match_via": "token"}, True),
        (VerdictKind.COMPLAINT, {"match_via": "original_id"}, True),
        (VerdictKind.BOUNCE, {"verdict": {"hard": True, "bounce_class": "dead"}}, True),
        (VerdictKind.HAND_WRITTEN, {"match_via": "recipient", "folder": "Sent"}, True),
        (VerdictKind.BOUNCE, {"verdict": {"bounce_class": "full"}}, False),
        (VerdictKind.REPLY, {"match_via": "company"}, False),
        (VerdictKind.AUTO_REPLY, {"match_via": "from"}, False),
        (VerdictKind.COMPLAINT, {"match_via": "recipient"}, False),
        (VerdictKind.REPLY, {"match_via": "from", "received_at": TWO_WEEKS}, False),
    ],
)
def test_a_follow_up_after_an_answer_that_stops_is_found(
    office: Office, kind: VerdictKind, fields: dict[str, object], *, is_found: bool
) -> None:
    record_answer(office, kind, 2, **fields)
    follow_ups = [message(office, BEN, "offer"), message(office, BEN, "last")]
    assert found(office) == ({Check.AFTER_ANSWER: follow_ups} if is_found else {})


def test_a_follow_up_without_a_recent_read_is_found(office: Office) -> None:
    old, none = message(office, BEN, "offer"), message(office, BEN, "last")
    sent_at = next(row.sending_at for row in office.rows() if row.id == old)
    assert sent_at is not None
    change(office, old, gate_read_at=sent_at - timedelta(seconds=61))
    change(office, none, gate_read_at=None)
    assert found(office) == {Check.UNREAD_INBOX: [old, none]}


@pytest.mark.parametrize(
    ("pattern", "contact_id"), [(BEN, None), ("*@muster.example", None), ("other@elsewhere.example", 2)]
)
def test_what_left_to_a_suppressed_person_is_found(
    office: Office, pattern: str, contact_id: int | None
) -> None:
    with office.engine.store.write() as tx:
        new = NewSuppression(pattern=pattern, reason="manual", contact_id=contact_id)
        add_suppressions(tx, [new], MONDAY + 2 * DAY)
    later = [message(office, BEN, "offer"), message(office, BEN, "last")]
    assert found(office) == {Check.SUPPRESSED: later}


def test_what_left_of_a_finished_enrollment_is_found_by_the_order_of_the_commits(office: Office) -> None:
    his = [message(office, BEN, step) for step in ("intro", "offer", "last")]
    [enrollment_id] = {row.enrollment_id for row in office.rows() if row.address == BEN}
    # Dated long after, and yet committed before anything else.
    happened = {"at": TWO_WEEKS, "kind": "finished", "enrollment_id": enrollment_id}
    with office.engine.store.write() as tx:
        tx.execute(insert(schema.events).values(id=0, **happened, data={"reason": "replied"}))
    assert found(office) == {Check.STOPPED: his}


def test_what_left_outside_its_window_is_found_and_a_retry_has_an_hour_more(office: Office) -> None:
    for row in office.rows():
        if row.sending_at is not None:
            change(office, row.id, window="buyer", window_until=row.sending_at - timedelta(minutes=30))
    outside = found(office)[Check.WINDOW]
    # Ben's first mail left as a retry.
    assert message(office, BEN, "intro") not in outside
    assert message(office, BEN, "offer") in outside
    assert message(office, ANA, "intro") in outside


def test_a_window_that_was_not_written_down_is_neither_passed_nor_found(office: Office) -> None:
    run_sql(office, 'UPDATE outbox SET "window" = NULL, window_until = NULL')
    audited = judge(office)
    assert not audited.findings
    assert audited.results[Check.WINDOW] == {Result.NOT_KNOWN: 9}


def test_what_left_over_the_cap_is_found_though_the_gate_had_counted_less(office: Office) -> None:
    intro = message(office, ANA, "intro")
    others = [row.id for row in office.rows() if row.step == "intro" and row.id != intro]
    run_sql(office, "UPDATE outbox SET cap_limit = 1, cap_count = 0")
    over = set(found(office)[Check.CAP])
    assert over & set(others)
    assert intro not in over
    run_sql(office, "UPDATE outbox SET cap_limit = 50, cap_count = 0")
    change(office, intro, cap_count=50)
    assert found(office) == {Check.CAP: [intro]}


@pytest.mark.parametrize(
    ("word", "same"),
    [
        ("contact", "contact_id = (SELECT contact_id FROM outbox WHERE id = {id})"),
        ("company", "company = (SELECT company FROM outbox WHERE id = {id})"),
        ("group:firm", "1 = 1"),
        ("date:UTC", "1 = 1"),
    ],
)
def test_each_cap_that_a_claim_noted_is_counted_anew(office: Office, word: str, same: str) -> None:
    last = message(office, BEN, "last")
    noted = f'{{"{word}": [0, 1]}}'
    run_sql(office, f"UPDATE outbox SET caps = '{noted}' WHERE {same.format(id=last)}")
    at = next(row.sending_at for row in office.rows() if row.id == last)
    assert at is not None
    assert Check.CAP not in found(office) or word in ("group:firm", "date:UTC")
    # One more of the same, an hour before.
    other = message(office, BEN, "offer")
    change(office, other, sending_at=at - timedelta(hours=1))
    assert last in found(office)[Check.CAP]
    run_sql(office, f"UPDATE outbox SET caps = '{noted.replace('0, 1', '0, 9')}'")
    assert last not in found(office).get(Check.CAP, [])


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events WHERE kind = 'sending' AND outbox_id = {id}",
        "DELETE FROM events WHERE kind = 'claimed' AND outbox_id = {id}",
        "DELETE FROM events WHERE kind = 'sent' AND outbox_id = {id}",
        "UPDATE outbox SET claimed_at = '2026-03-30 00:00:00.000000' WHERE id = {id}",
        "UPDATE outbox SET sent_at = '2026-01-30 00:00:00.000000' WHERE id = {id}",
        "UPDATE outbox SET state = 'unsure', sent_at = NULL WHERE id = {id}",
        "UPDATE outbox SET version_hash = 'gone' WHERE id = {id}",
    ],
)
def test_a_chain_with_a_gap_is_found(office: Office, statement: str) -> None:
    broken = message(office, ANA, "offer")
    run_sql(office, statement.format(id=broken))
    assert found(office)[Check.CHAIN] == [broken]


def test_the_server_s_clock_is_learnt_from_the_copies_that_it_filed(office: Office) -> None:
    rows = [row for row in office.rows() if row.sent_at and row.headers][:3]
    for number, row in enumerate(rows):
        assert row.sent_at is not None
        assert row.headers is not None
        copied = {"received_at": row.sent_at + timedelta(seconds=90), "message_id": row.headers.message_id}
        place = {"uid": number, "fingerprint": f"copy {number}", "folder": "Sent"}
        record_answer(office, VerdictKind.OWN_COPY, row.contact_id, **copied, **place)
    clock = judge(office).clocks["wang"]
    assert (clock.ahead_in, clock.copies) == (timedelta(seconds=90), 3)
    # A copy that we put there bears the date that we gave it.
    happen(office, rows[0].id, "copy_saving")
    assert judge(office).clocks["wang"].ahead_in is None


def test_only_what_is_asked_for_is_judged(office: Office) -> None:
    change(office, message(office, BEN, "last"), gate_read_at=None)
    assert judge(office, Which(contact_id=2)).findings
    assert not judge(office, Which(contact_id=1)).findings
    assert judge(office, Which(contact_id=1)).messages == 2
    assert not judge(office, Which(mailbox="li")).states
    assert judge(office, Which(since=MONDAY + 8 * DAY)).messages == 2
    assert judge(office, Which(message_id=message(office, BEN, "intro"))).messages == 1
    newest = sorted(one.message.id for one in judge(office).shown)[-2:]
    assert [one.message.id for one in judge(office, show=2).shown] == newest
    assert judge(office, show=0).shown == ()


def test_a_message_that_never_left_has_no_chain(office: Office) -> None:
    with pytest.raises(InputError, match="there is no message 999"):
        judge(office, Which(message_id=999))
    refused = message(office, MAX, "intro")
    assert judge(office, Which(message_id=refused)).states == {"refused": 1}
    change(office, refused, state="cancelled")
    with pytest.raises(InputError, match="was never handed over: it is cancelled"):
        judge(office, Which(message_id=refused))
