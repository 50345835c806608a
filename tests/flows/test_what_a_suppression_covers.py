"""A suppression's reach: a dead address is no dead person, and nothing is asked of a rep any more."""

from datetime import timedelta
from pathlib import Path

from sequencer.core.countries import country_code
from sequencer.core.enrollment import FinishReason
from sequencer.flows.edit_contact import Edit, edit_contact
from sequencer.flows.enroll import Rules
from sequencer.store import suppressions, tasks
from tests.flows.office import MONDAY, SEQUENCE, Office

ANA = "ana@luso.example"
CALL = """
  - id: call
    task: "Call {{ contact.first_name }}"
    wait_for_task: no
"""


def test_a_dead_address_is_suppressed_and_its_owner_may_get_mail_at_another(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    contact_id = office.add_contact(ANA)
    office.enroll(ANA)
    office.couriers["wang"].fail("RCPT", "550 5.1.1 user unknown")
    office.tick()
    with office.engine.store.read() as tx:
        assert suppressions.is_suppressed(tx, ANA) is not None
        assert suppressions.is_suppressed(tx, "ana.silva@luso.example", contact_id) is None

    wanted = Edit(address="ana.silva@luso.example")
    edit_contact(
        office.engine.store,
        ANA,
        wanted,
        reps=frozenset({"wang"}),
        country_code=country_code,
        now=office.clock.now(),
    )
    plan = office.plan("ana.silva@luso.example", rules=Rules(again=True))
    assert [contact.address for contact, _new in plan.accepted] == ["ana.silva@luso.example"]


def test_an_opt_out_covers_the_persons_later_addresses(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    contact_id = office.add_contact(ANA)
    office.enroll(ANA)
    office.tick()
    office.answer(office.received()[0], "unsubscribe")
    office.tick()
    with office.engine.store.read() as tx:
        assert suppressions.is_suppressed(tx, "ana.silva@luso.example", contact_id) is not None


def test_a_suppressed_contacts_open_tasks_are_closed_with_the_sequence(tmp_path: Path) -> None:
    before, after = SEQUENCE.split("  - id: offer")
    office = Office(tmp_path / "ws", sequence=f"{before.rstrip()}{CALL}  - id: offer{after}")
    office.add_contact(ANA)
    office.enroll(ANA)
    office.run(MONDAY + timedelta(days=2))
    with office.engine.store.read() as tx:
        assert [task.title for task in tasks.listed(tx)] == ["Call Ana"]
    with office.engine.store.write() as tx:
        new = suppressions.NewSuppression(pattern="*@luso.example", reason="competitor")
        suppressions.add_suppressions(tx, [new], office.clock.now())
    office.run(MONDAY + timedelta(days=4))
    [enrollment] = office.enrollments()
    assert enrollment.finish_reason is FinishReason.STOPPED
    with office.engine.store.read() as tx:
        assert tasks.listed(tx) == []
