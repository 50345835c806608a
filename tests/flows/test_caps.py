"""Every cap keeps back what is above it, both ways of delivering, and lets it go to the second."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from sequencer.core.outbox import OutboxState
from sequencer.flows.enroll import Rules
from sequencer.flows.prepare import prepare
from sequencer.store.schema import outbox
from tests.flows.audited_office import judge
from tests.flows.cap_office import DAY, CapOffice, fullest
from tests.flows.office import MONDAY

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=[True, False], ids=["in_batches", "one_by_one"])
def office(tmp_path: Path, request: pytest.FixtureRequest) -> CapOffice:
    return CapOffice(tmp_path / "ws", cap=1000, in_batches=request.param)


def people(count: int, domain: str = "") -> list[str]:
    return [f"p{number}@{domain or f'firm{number}.example'}" for number in range(count)]


def test_a_date_takes_as_many_as_its_cap_and_the_next_begins_at_midnight_of_the_mailbox(
    office: CapOffice,
) -> None:
    office.set_caps("wang", date_cap=3, zone="America/New_York")
    office.buyers(*people(5))
    office.on(MONDAY + 3 * HOUR)
    assert len(office.left) == 3
    [waiting] = {ticked.next_at for ticked in [office.tick()]}
    # Midnight in New York is five in the morning in Lisbon; the window opens at nine.
    assert waiting == datetime(2026, 3, 3, 5, tzinfo=UTC)
    office.on(MONDAY + timedelta(days=1))
    assert len(office.left) == 5
    assert office.left[-1].at == datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_a_young_mailbox_sends_more_each_date_from_its_first_mail_on(office: CapOffice) -> None:
    office.set_caps("wang", daily_cap=6, ramp_from=2, ramp_by=3)
    office.buyers(*people(20))
    office.on(MONDAY + timedelta(days=3))
    by_date = [sum(1 for one in office.left if one.at.day == day) for day in (2, 3, 4, 5)]
    assert by_date[0] == 2
    assert fullest(one.at for one in office.left) == 6
    # On the second date five: at nine the two of the day before still count, at half past they do not.
    assert [one.at - MONDAY for one in office.left if one.at.day == 3] == [DAY - 30 * MINUTE] * 3 + [DAY] * 2


def test_first_mails_have_a_cap_of_their_own_and_follow_ups_go_on(office: CapOffice) -> None:
    office.set_caps("wang", new_cap=2)
    office.buyers(*people(5))
    office.on(MONDAY + 4 * DAY - HOUR)
    first = [office.at(address)[0] - MONDAY for address in people(5)]
    assert first == [timedelta(0)] * 2 + [DAY] * 2 + [2 * DAY]
    # The second mail of the first two is due three days after: it leaves in that minute, beside a full cap.
    assert [office.at(address)[1] - MONDAY for address in people(2)] == [3 * DAY] * 2
    assert not [row for row in office.rows() if row.state is OutboxState.READY and row.reason]


def test_a_follow_up_leaves_on_time_while_first_mails_wait(office: CapOffice) -> None:
    office.buyers("old@old.example")
    office.on(MONDAY)
    office.clock.set(MONDAY + 3 * DAY - 2 * HOUR)
    office.set_caps("wang", new_cap=1)
    office.buyers(*people(3))
    office.on(MONDAY + 3 * DAY)
    assert [one.address for one in office.left[1:]] == ["p0@firm0.example", "old@old.example"]
    assert office.left[-1].at == MONDAY + 3 * DAY


def test_whoever_got_a_first_mail_in_this_turn_is_followed_up_in_it(office: CapOffice) -> None:
    office.set_caps("wang", new_cap=1)
    office.buyers("ana@luso.example", "bo@nord.example")
    in_another_sequence(office, "ana@luso.example")
    office.on(MONDAY)
    assert office.addresses() == ["ana@luso.example", "ana@luso.example"]
    office.on(MONDAY + DAY)
    assert office.addresses()[2:] == ["bo@nord.example"]


def in_another_sequence(office: CapOffice, address: str) -> None:
    other = office.sequence.replace("sequence: short", "sequence: other")
    (office.engine.workspace.sequences / "other.yaml").write_text(other, encoding="utf-8")
    office.enroll(address, rules=Rules(also=True), sequence="other")


def test_the_mailboxes_of_a_group_share_its_cap(office: CapOffice) -> None:
    office.group("firm", 4, "wang", "li")
    office.buyers(*people(3))
    office.buyers(*(f"q{number}@other{number}.example" for number in range(3)), rep="li")
    office.buyers("s@third.example", rep="sun")
    office.on(MONDAY + HOUR)
    # In order of name: Li's three, then one of Wang's.
    assert (len(office.addresses("li")), len(office.addresses("wang"))) == (3, 1)
    office.on(MONDAY + DAY)
    assert len(office.addresses("wang")) == 3
    assert fullest(one.at for one in office.left if one.mailbox in ("wang", "li")) == 4


def test_a_company_gets_no_more_than_its_cap_from_all_mailboxes_and_others_go_on(office: CapOffice) -> None:
    office.limit(company_cap=2)
    office.buyers("a@luso.example", "b@luso.example", "c@luso.example", "x@west.example")
    office.buyers("d@luso.example", rep="li")
    office.on(MONDAY)
    # Li's mailbox is asked first; what Wang's has for somebody else does not wait.
    assert office.addresses() == ["d@luso.example", "a@luso.example", "x@west.example"]
    waiting = [row for row in office.rows() if row.state is OutboxState.READY]
    assert {(row.address, row.retry_at) for row in waiting} == {
        ("b@luso.example", MONDAY + DAY),
        ("c@luso.example", MONDAY + DAY),
    }
    assert {row.reason for row in waiting} == {
        "their company got as many mails as it may: 2 of 2 to luso.example in 24 h"
    }
    office.on(MONDAY + DAY)
    assert office.addresses()[3:] == ["b@luso.example", "c@luso.example"]
    assert office.at("b@luso.example") == [MONDAY + DAY]


def test_free_mail_is_nobodys_company(office: CapOffice) -> None:
    office.limit(company_cap=1)
    addresses = [f"buyer{number}@gmail.com" for number in range(3)]
    for address in addresses:
        office.add_contact(address, is_free_mail=True, first_name="Ana")
    office.enroll(*addresses)
    office.on(MONDAY)
    assert office.addresses() == addresses


def test_a_person_gets_no_more_than_their_cap_of_all_sequences(office: CapOffice) -> None:
    office.limit(contact_cap=1)
    office.buyers("ana@luso.example")
    office.on(MONDAY)
    in_another_sequence(office, "ana@luso.example")
    office.on(MONDAY + DAY)
    assert office.at("ana@luso.example") == [MONDAY, MONDAY + DAY]


def test_what_another_mailbox_has_claimed_counts_until_it_is_given_back(office: CapOffice) -> None:
    office.limit(company_cap=1)
    office.buyers("a@luso.example")
    office.buyers("b@luso.example", rep="li")
    seen = []

    def li_ticks() -> None:
        if not seen:
            seen.append(office.tick("li").handed_over)

    courier = office.couriers["wang"]
    courier.fail("DATA", "421 4.3.2 going down")
    real = courier.send

    def send(outgoing, may_send, **more):  # type: ignore[no-untyped-def]
        li_ticks()
        return real(outgoing, may_send, **more)

    courier.send = send  # type: ignore[method-assign]
    office.tick("wang")
    assert seen == [0]
    [hers] = [row for row in office.rows() if row.address == "b@luso.example"]
    # Nobody knows whether it will leave: asked again soon, not in a day.
    assert hers.retry_at == MONDAY + MINUTE
    office.clock.advance(MINUTE)
    assert office.tick("li").handed_over == 1


def test_mailboxes_that_claim_at_the_same_moment_share_what_there_is(office: CapOffice) -> None:
    """Threads on a real database, as the daemon has them: what one claims the others count."""
    office.group("firm", 7, "wang", "li", "sales")
    office.limit(company_cap=2)
    for rep, name in (("wang", "w"), ("li", "l"), ("sun", "s")):
        office.buyers(*(f"{name}{number}@firm{number % 4}.example" for number in range(8)), rep=rep)
    names = ("wang", "li", "sales")
    for name in names:
        prepare(office.engine, name, office.clock.now())
    together = threading.Barrier(len(names), timeout=60)

    def ticks(name: str) -> int:
        together.wait()
        return office.tick(name).handed_over

    with ThreadPoolExecutor(len(names)) as pool:
        handed_over = sum(pool.map(ticks, names))
    assert handed_over == len(office.left) <= 7
    assert max(Counter(one.company for one in office.left).values()) <= 2
    office.clock.advance(MINUTE)
    for name in names:
        office.tick(name)
    # What was kept back by a claim that came to nothing is asked again: now all of it is used.
    assert len(office.left) == 7
    assert not judge(office).findings


def test_a_message_that_waits_behind_the_claims_of_its_batch_goes_when_they_come_to_nothing(
    office: CapOffice,
) -> None:
    office.limit(company_cap=1)
    office.buyers("a@luso.example", "b@luso.example")
    office.couriers["wang"].fail("RCPT", "550 5.1.1 no such user", recipient="a@luso.example")
    office.tick()
    assert office.addresses() == ["b@luso.example"]


@pytest.mark.parametrize("fields", [{"date_cap": 2}, {"daily_cap": 2, "ramp_from": 1, "ramp_by": 1}])
def test_what_was_claimed_for_the_date_before_is_given_back_and_counted_anew(
    tmp_path: Path, fields: dict[str, int]
) -> None:
    office = CapOffice(tmp_path / "ws", in_batches=False)
    open_always(office)
    office.set_caps("wang", zone="UTC", **fields)
    office.clock.set(datetime(2026, 3, 2, 23, 59, 50, tzinfo=UTC))
    office.buyers("a@luso.example")
    office.dials_in = timedelta(seconds=15)
    office.tick()
    [row] = office.rows()
    assert (row.state, row.reason) == (OutboxState.READY, "a new day began: its caps are counted anew")
    office.tick()
    assert [one.at.day for one in office.left] == [3]


def test_in_a_batch_only_what_was_marked_before_midnight_counts_for_its_date(tmp_path: Path) -> None:
    office = CapOffice(tmp_path / "ws", cap=1000)
    open_always(office)
    office.set_caps("wang", zone="UTC", date_cap=3)
    office.clock.set(datetime(2026, 3, 2, 23, 59, 50, tzinfo=UTC))
    office.buyers(*people(7))
    office.dials_in = timedelta(seconds=4)
    office.tick()
    by_date = [sum(1 for one in office.left if one.at.day == day) for day in (2, 3)]
    assert by_date == [2, 3]
    office.tick()
    assert len(office.left) == 5


def open_always(office: CapOffice) -> None:
    [window] = office.engine.config.windows
    always = replace(window, hours=((time(0), time(0)),), days=tuple(range(1, 8)), holidays="none")
    office.reconfigure(windows=(always,))


def test_each_message_says_what_its_caps_counted(office: CapOffice) -> None:
    office.limit(company_cap=5, contact_cap=2)
    office.group("firm", 80, "wang", "li")
    office.set_caps("wang", date_cap=40, new_cap=20)
    office.buyers("a@luso.example", "b@luso.example", "c@gmail.com")
    office.tick()
    with office.engine.store.read() as tx:
        found = list(tx.execute(select(outbox.c.caps).order_by(outbox.c.id)).scalars())
    zone = office.engine.config.mailboxes[0].zone
    assert found == [
        {f"date:{zone}": [n, 40], "new": [n, 20], "group:firm": [n, 80], "contact": [0, 2]}
        | ({"company": [n, 5]} if n < 2 else {})
        for n in range(3)
    ]


def test_without_caps_nothing_is_written_down_and_nothing_asked(office: CapOffice) -> None:
    office.buyers(*people(3))
    office.tick()
    with office.engine.store.read() as tx:
        assert {row[0] for row in tx.exec_driver_sql("SELECT caps FROM outbox")} == {None}
