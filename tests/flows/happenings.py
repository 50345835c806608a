"""What may happen while a tick runs, as other threads, commands and people do it, and what holds then."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest

from sequencer.core.audit import Check
from sequencer.core.enrollment import FinishReason
from sequencer.core.outbox import OutboxState
from sequencer.errors import SequencerError
from sequencer.files.version import load_version
from sequencer.flows import edit as outbox_edit
from sequencer.flows.apply_sequence import apply_sequence
from sequencer.flows.approve import approve, waiting_for_approval
from sequencer.flows.edit_contact import Edit, edit_contact
from sequencer.flows.enroll import Rules
from sequencer.flows.erase import erase_person, find_person
from sequencer.flows.finish_tasks import finish_tasks
from sequencer.flows.pause_mailboxes import pause_mailboxes, resume_mailboxes
from sequencer.flows.prepare import prepare
from sequencer.flows.read import read_mailbox
from sequencer.flows.resolve import Resolution, resolve
from sequencer.flows.sequence_diff import sequence_diff
from sequencer.flows.steer import choose, pause, resume, stop
from sequencer.flows.suppress import suppress
from sequencer.store import tasks
from sequencer.store.erase import is_sending_to
from tests.flows.lists import a_list, brought_in, country_code
from tests.flows.moments import Moment
from tests.flows.office import Office
from tests.flows.race_office import ANA, CALLED, NEW, RaceOffice

COLLEAGUE = "rui@luso.example"
OWN_WORDS = "Dear Ana, these are my own words."
NEW_NAME, NEW_LIST = "Anna Silva", b"another price list"
NEW_WORDS = "Here is a better offer."
Does = Callable[[RaceOffice], None]


class Rule(StrEnum):
    """What holds once it is committed; what was marked before ends as what became of it, whatever happens."""

    ENDS = "nothing more leaves"
    WAITS = "nothing leaves until it is undone; then each step that is left leaves once"
    MOVES = "nothing more leaves to the old address; each step that is left leaves once to the new one"
    GOES_ON = "each step that is left leaves once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that may happen at any moment."""

    name: str
    does: Does
    rule: Rule
    undo: Does | None = None
    more: frozenset[tuple[str, int, str]] = frozenset()
    """Messages that leave besides, to the address she has then."""
    start: dict[str, Any] = field(default_factory=dict)
    """How the workspace differs."""
    before: Does | None = None
    """What comes before the tick."""
    spares_assembled: bool = False
    """What was put together before leaves as it was."""
    is_told_of: frozenset[Check] = frozenset()
    """What `audit` may find of it."""
    shows: bytes | str = ""
    """What her second message has of it, unless it was put together before."""
    says: str = ""
    """What her second message says because of it, unless its content may leave already."""


def _answer(office: RaceOffice, text: str) -> None:
    """She answers the rep's colleague, whose mailbox another thread reads."""
    to_her = next(one for one in office.received() if ANA in str(one["To"]))
    office.answer(to_her, text, mailbox="li")
    mailbox = office.engine.config.mailbox("li")
    assert mailbox is not None
    read_mailbox(office.engine, mailbox, office.readers["li"])


def answers(office: RaceOffice) -> None:
    _answer(office, "Please call me.")


def unsubscribes(office: RaceOffice) -> None:
    _answer(office, "Please remove me from your list.")


def _hers(office: RaceOffice) -> Any:
    return choose(office.engine, ids=[office.enrollment_of(office.her_id).id]).enrollments


def pauses(office: RaceOffice) -> None:
    pause(office.engine, _hers(office))


def resumes(office: RaceOffice) -> None:
    resume(office.engine, _hers(office))


def stops(office: RaceOffice) -> None:
    stop(office.engine, _hers(office), FinishReason.STOPPED, "wang")


def edits_message(office: RaceOffice) -> None:
    """What can't be edited any more is said to the person, who keeps the text."""
    rows = [row for row in office.rows_of(office.her_id) if row.step == "offer"]
    if not rows:
        return
    try:
        outbox_edit.edit(office.engine, rows[-1], outbox_edit.Edited(body=OWN_WORDS), "wang")
    except SequencerError:
        return
    office.own_words = OWN_WORDS


def approves(office: RaceOffice) -> None:
    approve(office.engine, waiting_for_approval(office.engine), "wang")


def _edit(office: RaceOffice, change: Edit) -> None:
    reps, now = frozenset({"wang", "li"}), office.clock.now()
    store, name = office.engine.store, f"{office.her_id}"
    edit_contact(store, name, change, reps=reps, country_code=country_code, now=now, key=office.engine.key)


def moves(office: RaceOffice) -> None:
    _edit(office, Edit(address=NEW))


def changes_owner(office: RaceOffice) -> None:
    _edit(office, Edit(owner="li"))


def gives_back(office: RaceOffice) -> None:
    _edit(office, Edit(owner="wang"))


def changes_name(office: RaceOffice) -> None:
    _edit(office, Edit(sets={"name": NEW_NAME}))


def moves_to_tokyo(office: RaceOffice) -> None:
    """It is evening there when her message leaves."""
    _edit(office, Edit(sets={"zone": "Asia/Tokyo"}))


def _import(office: RaceOffice, *lines: str, **wide: Any) -> None:
    brought_in(office.engine.store, a_list(office.root, *lines), now=office.clock.now(), **wide)


def imports_data(office: RaceOffice) -> None:
    _import(office, "id,email,name", f"C-1,{ANA},{NEW_NAME}", overwrites=True)


def imports_address(office: RaceOffice) -> None:
    _import(office, "id,email", f"C-1,{NEW}", overwrites=True)


def imports_after_unsubscribe(office: RaceOffice) -> None:
    unsubscribes(office)
    _import(office, "email,first name", f"{ANA},Anna", overwrites=True)


def erases(office: RaceOffice) -> None:
    """While a message to her is leaving the command says so, and is run again."""
    person = find_person(office.engine, f"{office.her_id}")
    with office.engine.store.read() as tx:
        is_leaving = is_sending_to(tx, office.her_id)
    if is_leaving:
        with pytest.raises(SequencerError, match="leaving at this moment"):
            erase_person(office.engine, person)
    else:
        erase_person(office.engine, person)


def enrolls_elsewhere(office: RaceOffice) -> None:
    office.enroll(ANA, rules=Rules(also=True))


def enrolls_again(office: RaceOffice) -> None:
    stops(office)
    office.enroll(ANA, rules=Rules(again=True), sequence="hers")


def suppresses(office: RaceOffice) -> None:
    suppress(office.engine.store, [ANA], clock=office.clock)


def suppresses_company(office: RaceOffice) -> None:
    suppress(office.engine.store, ["*@luso.example"], clock=office.clock)


def pauses_mailbox(office: RaceOffice) -> None:
    pause_mailboxes(office.engine.store, {"wang": "wang"}, ["wang"], "stop it", office.clock.now())


def resumes_mailbox(office: RaceOffice) -> None:
    resume_mailboxes(office.engine.store, {"wang": "wang"}, ["wang"], office.clock.now())


def finishes_task(office: RaceOffice) -> None:
    """Twice, as two people at once."""
    with office.engine.store.read() as tx:
        hers = [task.id for task in tasks.listed(tx, contact_id=office.her_id, with_done=True)]
    for _ in range(2):
        finish_tasks(office.engine, hers)


def replaces_attachment(office: RaceOffice) -> None:
    (office.engine.workspace.assets / "price.pdf").write_bytes(NEW_LIST)


def removes_attachment(office: RaceOffice) -> None:
    (office.engine.workspace.assets / "price.pdf").unlink(missing_ok=True)


def puts_clock_back(office: RaceOffice) -> None:
    office.clock._now -= timedelta(hours=1)


def stops_program(office: RaceOffice) -> None:
    office.stop.set()


def starts_program(office: RaceOffice) -> None:
    office.restart()


def applies_edit(office: RaceOffice) -> None:
    """The lead looked at the difference, and nobody moved since."""
    workspace = office.engine.workspace
    (workspace.templates / "short" / "offer.md").write_text(f"Hello,\n\n{NEW_WORDS}\n", encoding="utf-8")
    diff = sequence_diff(office.engine, load_version(workspace, "hers", office.engine.config))
    apply_sequence(office.engine, diff, diff.hash, by="wang")


def loses_her_answer(office: RaceOffice) -> None:
    """The server never said what became of her second message."""
    office.couriers["wang"].fail("DOT", "drop", recipient=ANA)
    office.tick()
    [row] = [row for row in office.rows_of(office.her_id) if row.step == "offer"]
    assert row.state is OutboxState.UNSURE
    office.clock.advance(timedelta(minutes=3))
    office.tick()
    for somebody in ("eva@york.example", "finn@oslo.example"):
        office.enroll_another(somebody)
    office.clock.advance(timedelta(minutes=3))


def _resolve(resolution: Resolution) -> Does:
    def does(office: RaceOffice) -> None:
        [row] = [row for row in office.rows_of(office.her_id) if row.step == "offer"]
        resolve(office.engine, row, resolution, "wang")

    return does


def puts_attachment_back(office: RaceOffice) -> None:
    (office.engine.workspace.assets / "price.pdf").write_bytes(b"a price list")


def has_a_colleague(office: RaceOffice) -> None:
    """Her company may be sent one mail in 24 hours, and the rep's colleague is about to send one."""
    limits = replace(office.engine.config.limits, company_cap=1)
    office.reconfigure(limits=limits)
    office.add_contact(COLLEAGUE, first_name="Rui", name="Rui Costa")
    office.enroll(COLLEAGUE, rep="li")
    prepare(office.engine, "li", office.clock.now())


def writes_to_colleague(office: RaceOffice) -> None:
    """The colleague's mailbox has its turn, whatever hers is at."""
    Office.tick(office, "li")


def _more(sequence: str, round_: int) -> frozenset[tuple[str, int, str]]:
    return frozenset((sequence, round_, step) for step in ("intro", "offer", "last"))


R = Rule
HAPPENINGS = tuple(
    Happening(name=name, does=does, rule=rule, **more)
    for name, does, rule, more in (
        ("reply", answers, R.ENDS, {}),
        ("unsubscribe", unsubscribes, R.ENDS, {}),
        ("enrollments pause", pauses, R.WAITS, {"undo": resumes}),
        ("enrollments stop", stops, R.ENDS, {}),
        ("outbox edit", edits_message, R.GOES_ON, {}),
        ("outbox approve", approves, R.GOES_ON, {"start": {"is_key_account": True, "is_prepared": True}}),
        ("outbox resolve --sent", _resolve(Resolution.SENT), R.GOES_ON, {"before": loses_her_answer}),
        ("outbox resolve --resend", _resolve(Resolution.RESEND), R.GOES_ON, {"before": loses_her_answer}),
        ("outbox resolve --not-sent", _resolve(Resolution.NOT_SENT), R.GOES_ON, {"before": loses_her_answer}),
        ("contacts edit --address", moves, R.MOVES, {}),
        ("contacts edit --owner", changes_owner, R.WAITS, {"undo": gives_back}),
        ("contacts edit --set", changes_name, R.GOES_ON, {"shows": NEW_NAME}),
        ("contacts import (data)", imports_data, R.GOES_ON, {"shows": NEW_NAME}),
        ("contacts import (address)", imports_address, R.MOVES, {}),
        ("contacts import (unsubscribed)", imports_after_unsubscribe, R.ENDS, {}),
        ("contacts erase", erases, R.ENDS, {"undo": erases}),
        ("enroll --also", enrolls_elsewhere, R.GOES_ON, {"more": _more("short", 1)}),
        ("enroll --again", enrolls_again, R.ENDS, {"more": _more("hers", 2)}),
        ("suppressions add", suppresses, R.ENDS, {}),
        ("suppressions add (pattern)", suppresses_company, R.ENDS, {}),
        ("mailboxes pause", pauses_mailbox, R.WAITS, {"undo": resumes_mailbox}),
        ("tasks done", finishes_task, R.GOES_ON, {"start": {"hers": CALLED, "is_prepared": True}}),
        ("sequences apply", applies_edit, R.GOES_ON, {"says": NEW_WORDS}),
        ("attachment replaced", replaces_attachment, R.GOES_ON, {"shows": NEW_LIST}),
        (
            "attachment removed",
            removes_attachment,
            R.WAITS,
            {"undo": puts_attachment_back, "spares_assembled": True},
        ),
        ("another mailbox at the cap", writes_to_colleague, R.GOES_ON, {"before": has_a_colleague}),
        ("clock put back", puts_clock_back, R.GOES_ON, {"is_told_of": frozenset({Check.CHAIN})}),
        ("run stops", stops_program, R.WAITS, {"undo": starts_program}),
    )
)

DIFFERENCES = {
    ("contacts edit --set", Moment.GATED): "the message bears the name of before",
    ("contacts import (data)", Moment.GATED): "the message bears the name of before",
    ("attachment replaced", Moment.GATED): "the message leaves with the file of before",
    ("attachment removed", Moment.GATED): "the message leaves with the file of before",
}
"""Where a batch comes to something else than a message by itself."""
