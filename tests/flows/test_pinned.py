"""Enrolled means pinned: later edits of files change nothing, while config, contacts and files stay live."""

from dataclasses import replace
from datetime import timedelta
from email.message import Message
from pathlib import Path

import pytest

from sequencer.core.countries import country_code
from sequencer.core.enrollment import EnrollmentState, HoldReason
from sequencer.core.outbox import OutboxState
from sequencer.errors import FaultyInput, InputError
from sequencer.files.config_file import read_config
from sequencer.flows.approve import approve
from sequencer.flows.edit import Edited, edit
from sequencer.flows.edit_contact import Edit as ContactEdit
from sequencer.flows.edit_contact import edit_contact
from sequencer.flows.enroll import Rules
from tests.files.workspaces import write
from tests.flows.office import MONDAY, Office

ANA, BOB = "ana@luso.example", "bob@york.example"
ATTACHED = """
sequence: short
window: buyer
steps:
  - id: intro
    template: short/intro
    attach: ["quotes/{{ contact.address }}.pdf"]
    approve: key_accounts
  - id: offer
    wait: 3d
    template: short/offer
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path / "w")
    office.add_contact(ANA, first_name="Ana")
    return office


@pytest.fixture
def with_quotes(tmp_path: Path) -> Office:
    office = Office(tmp_path / "w", sequence=ATTACHED)
    office.add_contact(ANA, first_name="Ana")
    return office


def body(office: Office, number: int = -1) -> str:
    return text_of(office.received()[number])


def text_of(message: Message) -> str:
    """Its plain text, without the signature that every mail ends in."""
    text: str = message.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    return text.replace("\r\n", "\n").partition("\n\nWang Lei")[0].rstrip("\n")


def address_of(message: Message) -> str:
    return str(message["To"].addresses[0].addr_spec)


def change(office: Office, address: str, **sets: str) -> None:
    reps, now = frozenset({"wang", "li"}), office.clock.now()
    edit = ContactEdit(sets=sets)
    edit_contact(office.engine.store, address, edit, reps=reps, country_code=country_code, now=now)


def test_edited_and_deleted_files_change_nothing_for_those_enrolled(office: Office) -> None:
    office.enroll(ANA)
    root = office.engine.workspace.root
    write(root, "sequences/short.yaml", "sequence: short\nsteps: broken\n")
    write(root, "templates/short/offer.md", "Something else, {{ contact.no_such_field }}.\n")
    (root / "templates/short/last.md").unlink()
    office.run(MONDAY + timedelta(days=14))
    assert [message["Subject"] for message in office.received()] == [
        "Torque wrenches for Luso Tools Lda",
        "Re: Torque wrenches for Luso Tools Lda",
        "Re: Torque wrenches for Luso Tools Lda",
    ]
    assert "here is the offer" in body(office, 1)
    assert "a last question" in body(office, 2)


def test_who_enrolls_after_an_edit_gets_the_new_text(office: Office) -> None:
    office.enroll(ANA)
    intro = "---\nsubject: New pliers\n---\nHello {{ contact.first_name }}, we make pliers.\n"
    write(office.engine.workspace.root, "templates/short/intro.md", intro)
    office.add_contact(BOB, first_name="Bob")
    office.enroll(BOB)
    office.run(MONDAY + timedelta(hours=3), every=timedelta(minutes=30))
    assert {address_of(m): m["Subject"] for m in office.received()} == {
        ANA: "Torque wrenches for Luso Tools Lda",
        BOB: "New pliers",
    }


def test_the_signature_of_today_stands_under_a_text_of_yesterday(office: Office) -> None:
    signed = "Hello {{ contact.first_name }},\n\n{{ rep.signature }}, {{ sender.company }}\n"
    write(office.engine.workspace.root, "templates/short/offer.md", signed)
    office.enroll(ANA)
    office.run(MONDAY + timedelta(hours=1))
    config = office.engine.workspace.config
    config.write_text(config.read_text("utf-8").replace('signature = "Wang Lei"', 'signature = "Dr. Wang"'))
    office.engine = replace(office.engine, config=read_config(config))
    office.run(MONDAY + timedelta(days=4))
    assert body(office) == "Hello Ana,\n\nDr. Wang, Harbour Tools Co., Ltd."


def test_the_contacts_data_of_today_is_used(office: Office) -> None:
    office.enroll(ANA)
    office.run(MONDAY + timedelta(hours=1))
    change(office, ANA, first_name="Anabela")
    office.run(MONDAY + timedelta(days=4))
    assert body(office).startswith("Hello Anabela,")


def test_a_window_changed_in_the_config_moves_what_is_not_sent_yet(office: Office) -> None:
    office.enroll(ANA)
    office.run(MONDAY + timedelta(hours=1))
    config = office.engine.workspace.config
    config.write_text(config.read_text("utf-8").replace('"09:00-18:00"', '"15:00-16:00"'))
    office.engine = replace(office.engine, config=read_config(config))
    office.run(MONDAY + timedelta(days=4), every=timedelta(minutes=30))
    sent = [row.sent_at for row in office.rows() if row.sent_at]
    assert len(sent) == 2
    assert sent[1].hour == 15


def test_a_missing_attachment_warns_then_waits_then_leaves_when_it_is_there(with_quotes: Office) -> None:
    office = with_quotes
    plan = office.plan(ANA)
    assert plan.warnings == (f"step intro: assets/quotes/{ANA}.pdf is not there (1 contacts)",)
    office.enroll(ANA)
    office.run(MONDAY + timedelta(hours=2), every=timedelta(minutes=10))
    [row] = office.rows()
    assert (row.state, row.reason) == (OutboxState.READY, f"waits for assets/quotes/{ANA}.pdf")
    assert office.received() == []
    quote = office.engine.workspace.assets / "quotes" / f"{ANA}.pdf"
    quote.parent.mkdir(exist_ok=True)
    quote.write_bytes(b"%PDF-1.4 prices")
    office.run(MONDAY + timedelta(hours=4), every=timedelta(minutes=10))
    [message] = office.received()
    [attached] = message.iter_attachments()  # type: ignore[attr-defined]
    assert (attached.get_filename(), attached.get_content()) == (f"{ANA}.pdf", b"%PDF-1.4 prices")


def test_an_unedited_message_takes_the_attachment_as_it_is_when_it_leaves(with_quotes: Office) -> None:
    office = with_quotes
    quote = write(office.engine.workspace.root, f"assets/quotes/{ANA}.pdf", "old prices")
    office.enroll(ANA)
    office.with_only_to("*@nobody.example")
    office.tick()
    quote.write_text("new prices")
    office.with_only_to()
    office.run(MONDAY + timedelta(hours=3), every=timedelta(minutes=30))
    [attached] = office.received()[0].iter_attachments()  # type: ignore[attr-defined]
    assert attached.get_content() == b"new prices"


@pytest.mark.parametrize("changed", ["the contact's data", "an attachment"])
def test_an_approved_message_asks_again_when_what_was_approved_changed(
    with_quotes: Office, changed: str
) -> None:
    office = with_quotes
    quote = write(office.engine.workspace.root, f"assets/quotes/{ANA}.pdf", "old prices")
    office.enroll(ANA)
    office.with_only_to("*@nobody.example")
    office.tick()
    [row] = office.rows()
    assert row.state is OutboxState.READY
    edit(office.engine, row, Edited(body="My own words."), "wang")
    if changed == "an attachment":
        quote.write_text("new prices")
    else:
        change(office, ANA, first_name="Anabela")
    office.with_only_to()
    office.run(MONDAY + timedelta(hours=2), every=timedelta(minutes=10))
    [row] = office.rows()
    assert (row.state, row.reason) == (
        OutboxState.AWAITING_APPROVAL,
        f"{changed} changed since a person saw it",
    )
    assert row.content.text.startswith("My own words.")
    assert office.received() == []
    approve(office.engine, [row], "wang")
    office.run(MONDAY + timedelta(hours=4), every=timedelta(minutes=10))
    assert body(office).startswith("My own words.")
    if changed == "an attachment":
        [attached] = office.received()[0].iter_attachments()  # type: ignore[attr-defined]
        assert attached.get_content() == b"new prices"


def test_an_override_is_one_contacts_own_text(office: Office) -> None:
    office.add_contact(BOB, first_name="Bob")
    root = office.engine.workspace.root
    write(root, f"overrides/short/{ANA}/intro.md", "Dear {{ contact.first_name }}, good to meet you.\n")
    office.enroll(ANA, BOB)
    office.run(MONDAY + timedelta(hours=1), every=timedelta(minutes=10))
    texts = {address_of(m): text_of(m) for m in office.received()}
    assert texts[ANA] == "Dear Ana, good to meet you."
    assert texts[BOB].startswith("Hello Bob,\n\nwe make wrenches.")
    assert {m["Subject"] for m in office.received()} == {"Torque wrenches for Luso Tools Lda"}


def test_an_override_written_after_enrolling_is_used_and_a_broken_one_holds_that_contact_only(
    office: Office,
) -> None:
    office.add_contact(BOB, first_name="Bob")
    office.enroll(ANA, BOB)
    office.run(MONDAY + timedelta(hours=1), every=timedelta(minutes=10))
    root = office.engine.workspace.root
    write(root, f"overrides/short/{ANA}/offer.md", "Dear {{ contact.first_nam }}.\n")
    write(root, f"overrides/short/{BOB}/offer.md", "Dear {{ contact.first_name }}, as we said.\n")
    office.run(MONDAY + timedelta(days=4))
    ana, bob = office.enrollments()
    assert ana.state is EnrollmentState.HELD
    assert ana.hold is not None
    assert ana.hold.reason is HoldReason.RENDER_FAILED
    assert f"overrides/short/{ANA}/offer.md:1" in ana.hold.note
    assert bob.state is EnrollmentState.ACTIVE
    assert body(office) == "Dear Bob, as we said."


def test_another_round_is_a_round_of_its_own(office: Office) -> None:
    office.enroll(ANA)
    office.run(MONDAY + timedelta(days=14))
    assert [r.reason for r in office.plan(ANA).refused] == [
        "has been through short (round 1; --again for another round)"
    ]
    office.enroll(ANA, rules=Rules(again=True))
    office.run(MONDAY + timedelta(days=28))
    assert [(row.round, row.step) for row in office.rows()] == [
        (round_, step) for round_ in (1, 2) for step in ("intro", "offer", "last")
    ]
    assert len(office.received()) == 6


def test_who_answered_lately_is_refused_for_ninety_days(office: Office) -> None:
    office.enroll(ANA)
    office.run(MONDAY + timedelta(hours=1))
    office.answer(office.received()[0], "Yes, please send prices.")
    office.run(MONDAY + timedelta(hours=5))
    rules = Rules(again=True, also=True)
    assert [r.reason for r in office.plan(ANA, rules=rules).refused] == [
        "answered on 2026-03-02: write to them by hand"
    ]
    office.clock.set(MONDAY + timedelta(days=89))
    assert office.plan(ANA, rules=rules).refused
    office.clock.set(MONDAY + timedelta(days=91))
    assert not office.plan(ANA, rules=rules).refused


def test_an_unowned_contact_becomes_the_reps_and_no_rule_lifts_ownership(office: Office) -> None:
    office.enroll(ANA)
    rules = Rules(also=True, again=True)
    assert [r.reason for r in office.plan(ANA, rep="li", rules=rules).refused] == ["is in short already"]
    office.add_contact(BOB, owner="li")
    assert [r.reason for r in office.plan(BOB, rules=rules).refused] == ["belongs to li"]
    [enrollment] = office.enrollments()
    assert enrollment.rep == "wang"


def test_a_sequence_with_faults_enrolls_nobody(office: Office) -> None:
    write(office.engine.workspace.root, "templates/short/last.md", "{% if %}\n")
    with pytest.raises(FaultyInput, match=r"templates/short/last\.md:1"):
        office.plan(ANA)


def test_a_rep_without_a_mailbox_cannot_enroll(office: Office) -> None:
    reps = tuple(replace(rep, mailboxes=()) for rep in office.engine.config.reps)
    office.engine = replace(office.engine, config=replace(office.engine.config, reps=reps))
    with pytest.raises(InputError, match="rep 'wang' has no mailbox"):
        office.plan(ANA)
