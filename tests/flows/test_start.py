"""A start is refused while config.toml lacks what running enrollments are pinned to."""

from dataclasses import replace
from pathlib import Path

import pytest

from sequencer.core.enrollment import HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.errors import InputError
from sequencer.flows.start import check_mailboxes, check_running
from tests.flows.office import MONDAY, Office

ANA = "ana@luso.example"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path / "ws", in_batches=False)
    office.add_contact(ANA)
    office.enroll(ANA)
    return office


def without(office: Office, **fields: object) -> None:
    office.engine = replace(office.engine, config=replace(office.engine.config, **fields))


def test_a_rep_of_running_enrollments_must_be_there(office: Office) -> None:
    without(office, reps=tuple(rep for rep in office.engine.config.reps if rep.name != "wang"))
    with pytest.raises(InputError, match="1 running enrollment of 'short' belong to rep 'wang'"):
        check_running(office.engine)


def test_a_window_of_running_enrollments_must_be_there(office: Office) -> None:
    without(office, windows=())
    with pytest.raises(InputError, match="window 'buyer'"):
        check_running(office.engine)


def test_a_mailbox_that_has_written_must_be_there_or_retired(office: Office) -> None:
    office.tick()
    without(office, mailboxes=tuple(m for m in office.engine.config.mailboxes if m.name != "wang"))
    with pytest.raises(InputError, match="mailbox 'wang' has written"):
        check_mailboxes(office.engine)


def test_a_next_step_that_cannot_be_worked_out_leaves_the_outcome_written(office: Office) -> None:
    office.clock.set(MONDAY)
    send = office.couriers["wang"].send

    def send_and_lose_the_window(outgoing, may_send):  # type: ignore[no-untyped-def]
        outcome = send(outgoing, may_send)
        object.__setattr__(office.engine.config, "windows", ())
        return outcome

    office.couriers["wang"].send = send_and_lose_the_window  # type: ignore[method-assign]
    office.tick()
    assert office.rows()[0].state is OutboxState.SENT
    [enrollment] = office.enrollments()
    assert enrollment.hold is not None
    assert enrollment.hold.reason is HoldReason.RENDER_FAILED
    assert "window 'buyer'" in enrollment.hold.note
