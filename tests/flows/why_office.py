"""An office in which one contact waits for her next mail, and what can keep it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sequencer.config import MailboxGroup
from sequencer.core.enrollment import FinishReason, Hold, HoldReason
from sequencer.core.why import GateLine, GateName
from sequencer.flows import steer
from sequencer.flows.enroll import Rules
from sequencer.flows.prepare import prepare
from sequencer.flows.why import Told, why
from sequencer.store import contacts, enrollments, mailboxes, runs, suppressions
from sequencer.store.runs import Run
from sequencer.store.suppressions import NewSuppression
from tests.flows.office import MONDAY, SEQUENCE, Office

ANA, BO = "ana@luso.example", "bo@nord.example"
G = GateName
APPROVE = SEQUENCE.replace("template: short/intro", "template: short/intro\n    approve: always")
ATTACH = SEQUENCE.replace("template: short/intro", 'template: short/intro\n    attach: ["list.pdf"]')
NEVER = """
sequence: short
description: Two mails
window: buyer
steps:
  - id: intro
    template: short/intro
  - id: offer
    wait: 3d
    template: short/offer
    when: contact.stage == "won"
"""
TASK = SEQUENCE.replace("template: short/offer", "task: Call {{ contact.first_name }}")


def beat(office: Office, *, ended: bool = False) -> None:
    """A daemon is (or was) alive at this moment."""
    now = office.clock.now()
    with office.engine.store.write() as tx:
        runs.start(
            tx,
            Run(
                boot_id=uuid4().hex,
                pid=1,
                host="h",
                started_at=now,
                beat_at=now,
                stopped_at=now if ended else None,
            ),
        )


def told(office: Office, name: str = "#1") -> Told:
    found = why(office.engine, name, office.engine.rep("wang"))
    return found.enrollments[0]


def shut(office: Office, name: str = "#1") -> list[GateName]:
    return [line.gate for line in told(office, name).gates if not line.is_open]


def line(office: Office, gate: GateName) -> GateLine:
    return next(line for line in told(office).gates if line.gate is gate)


def change(office: Office, **fields: object) -> None:
    """Ana's contact row, edited behind everybody's back."""
    with office.engine.store.write() as tx:
        ana = contacts.contact_of(tx, 1)
        assert ana is not None
        contacts.update_contacts(tx, [replace(ana, **fields)], office.clock.now())  # type: ignore[arg-type]


def an_office(folder: Path, **fields: object) -> Office:
    """Ana is enrolled, her first mail is due at this moment, and the daemon runs."""
    office = Office(folder, **fields)  # type: ignore[arg-type]
    office.add_contact(ANA)
    office.enroll(ANA)
    beat(office)
    return office


def suppress(pattern: str, contact_id: int | None = None) -> Callable[[Office], None]:
    def situation(office: Office) -> None:
        new = NewSuppression(pattern=pattern, reason="manual", contact_id=contact_id)
        with office.engine.store.write() as tx:
            suppressions.add_suppressions(tx, [new], office.clock.now())

    return situation


def hold(office: Office, reason: HoldReason, until: datetime | None) -> None:
    with office.engine.store.write() as tx:
        one = enrollments.listed(tx)[0]
        enrollments.hold(tx, one, Hold(reason=reason, until=until), office.clock.now())


def made_before(office: Office) -> None:
    prepare(office.engine, "wang", office.clock.now())


def other_address(office: Office) -> None:
    made_before(office)
    change(office, address="ana@new.example", address_key="ana@new.example")


def gone_from_config(office: Office) -> None:
    office.reconfigure(mailboxes=tuple(one for one in office.engine.config.mailboxes if one.name != "wang"))


def paused(office: Office) -> None:
    with office.engine.store.write() as tx:
        mailboxes.pause(tx, ["wang"], "quota", office.clock.now())


def at(office: Office, moment: datetime) -> None:
    office.clock.advance(moment - office.clock.now())
    beat(office)


def first_is_sent(office: Office) -> None:
    office.tick()
    assert len(office.received()) == 1


def unread(office: Office) -> None:
    first_is_sent(office)
    at(office, MONDAY + timedelta(days=3))
    with office.engine.store.write() as tx:
        mailboxes.read_failed(tx, "wang", "no connection", office.clock.now())


def another_wrote(office: Office) -> None:
    """Li's mailbox wrote to Ana before she became Wang's, and was last read long ago."""
    with office.engine.store.write() as tx:
        enrollments.finish(tx, enrollments.listed(tx)[0], FinishReason.STOPPED, office.clock.now())
    change(office, owner=None)
    office.enroll(ANA, rep="li", rules=Rules(also=True, again=True))
    office.tick("li")
    change(office, owner=None)
    with office.engine.store.write() as tx:
        enrollments.finish(tx, enrollments.listed(tx)[-1], FinishReason.STOPPED, office.clock.now())
    office.enroll(ANA, rules=Rules(also=True, again=True))
    at(office, MONDAY + timedelta(hours=2))


def dead_daemon(office: Office) -> None:
    office.clock.advance(timedelta(minutes=10))


def stopped_daemon(office: Office) -> None:
    office.clock.advance(timedelta(seconds=1))
    beat(office, ended=True)


def a_day_after_the_first(office: Office) -> None:
    first_is_sent(office)
    at(office, MONDAY + timedelta(days=1))


def skipped(office: Office) -> None:
    first_is_sent(office)
    at(office, MONDAY + timedelta(days=3))


def task_is_open(office: Office) -> None:
    first_is_sent(office)
    at(office, MONDAY + timedelta(days=3))
    office.tick()


def full_by_bo(**fields: object) -> Callable[[Office], None]:
    """One message fills this cap of the mailbox."""

    def situation(office: Office) -> None:
        boxes = office.engine.config.mailboxes
        office.reconfigure(
            groups=(MailboxGroup(name="firm", daily_cap=1),),
            mailboxes=tuple(replace(one, **fields) if one.name == "wang" else one for one in boxes),  # type: ignore[arg-type]
        )
        bo_was_sent(office)

    return situation


def full_by_colleague(office: Office) -> None:
    """Whoever is at her company got the one mail of the day."""
    office.reconfigure(limits=replace(office.engine.config.limits, company_cap=1))
    bo_was_sent(office, "bo@luso.example")


def full_by_another_sequence(office: Office) -> None:
    """She herself got it, of another enrollment."""
    office.reconfigure(limits=replace(office.engine.config.limits, contact_cap=1))
    first_is_sent(office)
    with office.engine.store.write() as tx:
        enrollments.finish(tx, enrollments.listed(tx)[0], FinishReason.STOPPED, office.clock.now())
    office.enroll(ANA, rules=Rules(also=True, again=True))
    at(office, MONDAY + timedelta(minutes=10))


def bo_was_sent(office: Office, address: str = BO) -> None:
    hold(office, HoldReason.PAUSED, None)
    office.add_contact(address, company="Nord")
    office.enroll(address)
    office.tick()
    assert len(office.received()) == 1
    chosen = steer.choose(office.engine, which=steer.Which(contact=ANA))
    steer.resume(office.engine, chosen.enrollments)
    at(office, MONDAY + timedelta(seconds=10))
