"""`why` and the tick agree: nothing is shut exactly when the next tick sends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sequencer.config import MailboxGroup
from sequencer.core.enrollment import HoldReason
from sequencer.core.ports import ReadFailure
from sequencer.store import mailboxes, texts
from tests.flows.office import SEQUENCE, Office
from tests.flows.why_office import (
    ANA,
    APPROVE,
    ATTACH,
    BO,
    NEVER,
    TASK,
    an_office,
    beat,
    change,
    hold,
    made_before,
    paused,
    suppress,
    told,
)

CHANGES: tuple[Callable[[Office], None], ...] = (
    suppress("*@luso.example"),
    lambda office: change(office, owner="li"),
    lambda office: change(office, first_name=""),
    lambda office: hold(office, HoldReason.OUT_OF_OFFICE, office.clock.now() + timedelta(days=1)),
    lambda office: hold(office, HoldReason.PAUSED, None),
    lambda office: office.with_only_to("*@x.example"),
    lambda office: office.with_only_to("ana@*"),
    paused,
    made_before,
    lambda office: change(office, company="Nova"),
)


@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    sequence=st.sampled_from([SEQUENCE, APPROVE, ATTACH, NEVER, TASK]),
    has_file=st.booleans(),
    is_approved=st.booleans(),
    with_bo=st.booleans(),
    gap=st.sampled_from(["0s", "90s"]),
    cap=st.sampled_from([1, 50]),
    warm_up=st.lists(st.sampled_from([0, 1, 30, 3600, 4 * 3600, 86400, 3 * 86400]), max_size=3),
    changes=st.lists(st.sampled_from(range(len(CHANGES))), max_size=2),
    then=st.sampled_from([0, 20, 80, 3600, 11 * 3600, 86400, 3 * 86400, 5 * 86400]),
    is_unread=st.booleans(),
    of_mailbox=st.sampled_from([{}, {"date_cap": 1}, {"new_cap": 1}, {"ramp_from": 1}, {"group": "firm"}]),
    of_buyers=st.sampled_from([0, 1]),
)
def test_nothing_is_shut_exactly_when_the_next_tick_sends(
    sequence: str,
    has_file: bool,
    is_approved: bool,
    with_bo: bool,
    gap: str,
    cap: int,
    warm_up: list[int],
    changes: list[int],
    then: int,
    is_unread: bool,
    of_mailbox: dict[str, object],
    of_buyers: int,
) -> None:
    with TemporaryDirectory() as folder:
        office = an_office(Path(folder), sequence=sequence, gap=gap, cap=cap)
        limits = replace(office.engine.config.limits, company_cap=of_buyers, contact_cap=of_buyers)
        boxes = tuple(replace(one, **of_mailbox) for one in office.engine.config.mailboxes)  # type: ignore[arg-type]
        groups = (MailboxGroup(name="firm", daily_cap=1),)
        office.reconfigure(limits=limits, mailboxes=boxes, groups=groups)
        if has_file:
            (office.engine.workspace.assets / "list.pdf").write_bytes(b"%PDF-1.4")
        if with_bo:
            office.add_contact(BO, company="Nord", domain="luso.example" if of_buyers else "nord.example")
            office.enroll(BO)
        for seconds in warm_up:
            office.tick()
            office.clock.advance(timedelta(seconds=seconds))
        for change_ in changes:
            CHANGES[change_](office)
        if is_approved:
            approve_all(office)
        office.clock.advance(timedelta(seconds=then))
        if is_unread:
            office.readers["wang"].failures = [ReadFailure("no connection")] * 99
            with office.engine.store.write() as tx:
                mailboxes.read_failed(tx, "wang", "no connection", office.clock.now())
        made_before(office)
        beat(office)
        expected = [one.gate for one in told(office).gates if not one.is_open]
        was_finished = not told(office).gates
        before = sent_to_ana(office)
        office.tick()
        assert (sent_to_ana(office) > before) is (not expected and not was_finished), expected


def approve_all(office: Office) -> None:
    with office.engine.store.write() as tx:
        waiting = [row for row in office.rows() if row.state == "awaiting_approval"]
        texts.approve(tx, waiting, "wang", office.clock.now())


def sent_to_ana(office: Office) -> int:
    return sum(message["To"].addresses[0].addr_spec == ANA for message in office.received())
