"""A mailbox without a gap: claims in batches, a mark for each message, and what a fault gives back."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, select

from sequencer.core.enrollment import FinishReason, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.flows.deliver import deliver_due
from sequencer.flows.deliver_batch import BATCH, sends_batches
from sequencer.flows.prepare import prepare
from sequencer.flows.steer import choose, stop
from sequencer.flows.tick import read, take, tick
from sequencer.store.engine import Store
from sequencer.store.schema import events, outbox
from tests.flows.meddling_courier import MeddlingCourier, nothing
from tests.flows.office import MONDAY, Office

MANY = BATCH + 12
S = OutboxState


@pytest.fixture
def courier() -> MeddlingCourier:
    return MeddlingCourier()


@pytest.fixture
def office(tmp_path: Path, courier: MeddlingCourier) -> Office:
    """Two batches of first mails are due."""
    office = Office(tmp_path / "ws", cap=1000)
    office.couriers["wang"] = courier
    fill(office, MANY)
    return office


def fill(office: Office, count: int) -> None:
    buyers = [f"buyer{number}@firm{number}.example" for number in range(count)]
    for buyer in buyers:
        office.add_contact(buyer)
    office.enroll(*buyers)


def states(office: Office) -> Counter[OutboxState]:
    return Counter(row.state for row in office.rows())


def columns(office: Office, *names: str) -> list[tuple[object, ...]]:
    with office.engine.store.read() as tx:
        found = tx.execute(select(*(outbox.c[name] for name in names)).order_by(outbox.c.id))
        return [tuple(row) for row in found]


class Dies(BaseException):
    """The process ends here."""


def dies_at(courier: MeddlingCourier, message: int, *, after: bool) -> None:
    """Before the mark of that message (from 1), or after its content."""
    seen = 0

    def count() -> None:
        nonlocal seen
        seen += 1
        if seen == message:
            raise Dies

    courier.before_mark, courier.after_content = (nothing, count) if after else (count, nothing)


def test_every_message_of_a_batch_leaves_once(office: Office, courier: MeddlingCourier) -> None:
    office.tick()
    recipients = Counter(outgoing.recipient for outgoing in courier.received)
    assert (len(recipients), set(recipients.values())) == (MANY, {1})
    assert states(office) == {S.SENT: MANY}
    assert {enrollment.step for enrollment in office.enrollments()} == {"offer"}
    assert {boot for (boot,) in columns(office, "batch_boot")} == {"a boot"}


def test_a_batch_is_one_durable_claim_and_small_commits_for_each_message(office: Office) -> None:
    durable, small = [], []
    event.listen(office.engine.store._engine, "commit", lambda _connection: durable.append(1))
    take(office.desk())
    office.tick()
    prepared = len(durable)
    with office.engine.store.marks() as marks:
        cursor = marks._connection.cursor()
        cursor.execute("PRAGMA synchronous")
        small.append(cursor.fetchone())
    with office.engine.store.write() as tx:
        assert tx.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
    assert small == [(1,)]  # NORMAL
    assert prepared < MANY


def test_a_batch_ends_in_the_durable_commit_that_claims_the_next(office: Office) -> None:
    desk, durable = office.desk(), []

    def count(connection: Connection) -> None:
        if connection.get_execution_options().get("sequencer_immediate"):
            durable.append(1)

    take(desk)
    read(desk)
    prepare(office.engine, "wang", office.clock.now())
    event.listen(office.engine.store._engine, "commit", count)
    assert deliver_due(desk).handed_over == MANY
    assert len(durable) == 3  # two claims, and the end of the last
    with office.engine.store.read() as tx:
        ended = tx.execute(select(events.c.data).where(events.c.kind == "batch").order_by(events.c.id))
        assert [data["claimed"] for (data,) in ended] == [BATCH, MANY - BATCH]


def test_what_became_of_the_last_batch_is_durable_when_the_next_is_not_claimed(
    office: Office, courier: MeddlingCourier
) -> None:
    desk = office.desk()
    courier.after_content = lambda: desk.stop.set() if len(courier.received) == BATCH else None
    tick(desk)
    with office.engine.store.read() as tx:
        [data] = tx.execute(select(events.c.data).where(events.c.kind == "batch")).scalars()
    assert data == {"claimed": BATCH}


def test_each_message_says_which_window_it_passed_and_how_full_the_cap_was(office: Office) -> None:
    office.tick()
    found = columns(office, "window", "window_until", "cap_count", "cap_limit")
    assert {(window, until.hour) for window, until, _count, _limit in found} == {("buyer", 18)}
    assert [count for _window, _until, count, _limit in found] == list(range(MANY))
    assert {limit for *_rest, limit in found} == {1000}


@pytest.mark.parametrize("after", [False, True], ids=["before_a_mark", "after_a_content"])
def test_a_process_that_dies_in_a_batch_leaves_one_message_in_doubt_at_most(
    office: Office, courier: MeddlingCourier, after: bool
) -> None:
    dies_at(courier, 7, after=after)
    with pytest.raises(Dies):
        office.tick()
    assert states(office)[S.SENDING] == after
    courier.before_mark = courier.after_content = nothing
    office.tick()
    assert states(office) == ({S.SENT: MANY - 1, S.UNSURE: 1} if after else {S.SENT: MANY})
    assert max(Counter(one.recipient for one in courier.received).values()) == 1


def test_a_batch_of_before_the_machine_was_started_anew_is_unsure_but_for_what_is_known(
    office: Office, courier: MeddlingCourier
) -> None:
    dies_at(courier, 7, after=True)
    with pytest.raises(Dies):
        office.tick()
    office.engine = replace(office.engine, machine_boot="another boot")
    courier.after_content = nothing
    office.tick()
    assert states(office) == {S.SENT: 6 + MANY - BATCH, S.UNSURE: BATCH - 6}
    held = [one.hold.reason for one in office.enrollments() if one.hold is not None]
    assert held == [HoldReason.UNSURE] * (BATCH - 6)
    assert max(Counter(one.recipient for one in courier.received).values()) == 1


def test_a_power_cut_that_takes_every_mark_of_a_batch_sends_nothing_of_it_again(
    office: Office, courier: MeddlingCourier, tmp_path: Path
) -> None:
    """The database as it was right after the claim: all that a cut is sure to leave."""

    def keep() -> None:
        courier.before_mark = nothing
        for file in office.engine.workspace.database.parent.glob("sequencer.db*"):
            shutil.copy(file, tmp_path / file.name)

    courier.before_mark = keep
    office.tick()
    assert len(courier.received) == MANY
    store = Store(tmp_path / "sequencer.db")
    after_cut = replace(office.engine, store=store, machine_boot="another boot")
    office.engine = after_cut
    take(office.desk())
    assert states(office)[S.UNSURE] == BATCH
    in_doubt = {row.address for row in office.rows() if row.state is S.UNSURE}
    before = len(courier.received)
    tick(office.desk())
    assert not in_doubt & {one.recipient for one in courier.received[before:]}


def test_where_the_machine_does_not_tell_its_boot_nothing_is_batched(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws", in_batches=False)
    assert not sends_batches(office.desk())


def test_a_mailbox_with_a_gap_claims_one_at_a_time(tmp_path: Path, courier: MeddlingCourier) -> None:
    office = Office(tmp_path / "ws", gap="1s")
    office.couriers["wang"] = courier
    fill(office, 3)
    seen = []
    courier.before_mark = lambda: seen.append(states(office)[S.CLAIMED])
    office.tick()
    assert seen == [1]
    assert not sends_batches(office.desk())


def test_a_fault_of_the_mailbox_gives_the_rest_of_the_batch_back(
    office: Office, courier: MeddlingCourier
) -> None:
    courier.fail("MAIL", "535 5.7.8 no", recipient="buyer3@firm3.example")
    office.tick()
    assert len(courier.received) == 3
    assert states(office) == {S.SENT: 3, S.READY: MANY - 3}
    assert courier.attempts == 4


def test_what_a_batch_gave_back_keeps_its_name_and_its_attempt_is_the_second(
    office: Office, courier: MeddlingCourier
) -> None:
    names: dict[int, object] = {}

    def stop_the_first() -> None:
        if not names:
            names.update(columns(office, "id", "message_id"))  # type: ignore[arg-type]
            [first] = [row for row in office.rows() if row.address == "buyer0@firm0.example"]
            chosen = choose(office.engine, ids=[first.enrollment_id]).enrollments
            stop(office.engine, chosen, FinishReason.STOPPED, "wang")

    courier.before_mark = stop_the_first
    office.tick()
    assert states(office) == {S.CANCELLED: 1, S.SENT: MANY - 1}
    batched = columns(office, "id", "message_id", "attempt")[1:BATCH]
    assert batched == [(number, names[number], 2) for number, *_ in batched]


def test_a_stop_in_a_batch_gives_the_rest_back_and_the_next_start_sends_it(
    office: Office, courier: MeddlingCourier
) -> None:
    desk = office.desk()
    courier.after_content = desk.stop.set
    tick(desk)
    assert states(office) == {S.SENT: 1, S.READY: MANY - 1}
    assert {row.reason for row in office.rows() if row.state is S.READY} <= {"the program is stopping", ""}
    courier.after_content = nothing
    office.tick()
    assert states(office) == {S.SENT: MANY}


def test_a_cap_that_ends_in_a_batch_lets_out_exactly_as_many(
    tmp_path: Path, courier: MeddlingCourier
) -> None:
    office = Office(tmp_path / "ws", cap=BATCH + 5)
    office.couriers["wang"] = courier
    fill(office, MANY)
    ticked = office.tick()
    assert len(courier.received) == BATCH + 5
    assert ticked.next_at == MONDAY + timedelta(hours=24)
    assert states(office) == {S.SENT: BATCH + 5, S.READY: MANY - BATCH - 5}
    office.clock.set(MONDAY + timedelta(hours=24))
    office.tick()
    assert len(courier.received) == MANY


def test_a_cap_that_is_full_records_nothing_each_time_it_is_looked_at(
    tmp_path: Path, courier: MeddlingCourier
) -> None:
    office = Office(tmp_path / "ws", cap=2)
    office.couriers["wang"] = courier
    fill(office, 3)
    office.tick()

    def recorded() -> int:
        with office.engine.store.read() as tx:
            return len(tx.execute(select(events.c.id)).all())

    before = recorded()
    office.tick()
    assert recorded() == before


def test_what_a_server_defers_or_refuses_in_a_batch_is_written_and_the_others_go_on(
    office: Office, courier: MeddlingCourier
) -> None:
    courier.fail("RCPT", "451 4.7.1 later", recipient="buyer2@firm2.example")
    courier.fail("RCPT", "550 5.1.1 unknown", recipient="buyer4@firm4.example")
    courier.fail("DOT", "drop", recipient="buyer6@firm6.example", is_kept=True)
    office.tick()
    assert states(office) == {S.SENT: MANY - 3, S.DEFERRED: 1, S.REFUSED: 1, S.UNSURE: 1}


def test_a_window_that_closes_during_a_batch_keeps_the_rest_back(
    office: Office, courier: MeddlingCourier
) -> None:
    courier.after_content = lambda: office.clock.advance(timedelta(hours=1))
    office.tick()
    last = columns(office, "sending_at", "window_until")
    assert all(sending < until for sending, until in last if sending is not None)
    assert 0 < len(courier.received) < BATCH
    assert states(office)[S.CLAIMED] == 0


def test_follow_ups_wait_for_a_reading_that_got_too_old_during_their_batch(
    office: Office, courier: MeddlingCourier
) -> None:
    office.tick()
    office.clock.set(MONDAY + timedelta(days=3, hours=1))
    courier.after_content = lambda: office.clock.advance(timedelta(seconds=5))
    office.tick()
    assert len(courier.received) == 2 * MANY
    found = columns(office, "sending_at", "gate_read_at", "step")
    ages = [sending - read for sending, read, step in found if step == "offer"]
    assert max(ages) <= timedelta(seconds=60)


def test_who_waits_longest_takes_the_last_place_under_the_cap_though_the_text_is_made_anew(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path / "ws", cap=2)
    sunday, monday = MONDAY + timedelta(days=6), MONDAY + timedelta(days=7)
    office.clock.set(sunday - timedelta(days=1))
    buyers = [f"buyer{number}@firm{number}.example" for number in range(3)]
    for buyer in buyers:
        office.add_contact(buyer)
    office.enroll(buyers[0])
    office.clock.set(sunday)
    office.tick()  # more than `render_ttl` before Monday's tick
    office.clock.set(sunday + timedelta(hours=9))
    office.enroll(*buyers[1:])
    office.tick()
    office.clock.set(monday + timedelta(minutes=1))
    office.tick()
    assert [one.recipient for one in office.couriers["wang"].received] == buyers[:2]
