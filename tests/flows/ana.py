"""Ana, who asks to be forgotten: a buyer with mail, answers, tasks, files and a past address."""

from pathlib import Path

from sequencer.core.inbound import VerdictKind
from sequencer.core.marks import Mark
from sequencer.files.reply_drafts import write_draft
from sequencer.flows.correct_verdict import Wanted, correct_verdict
from sequencer.flows.edit_contact import Edit, edit_contact
from sequencer.flows.erase import Erased, erase_person, find_person
from sequencer.flows.mark_answer import Saying, mark_answer
from sequencer.flows.suppress import suppress
from sequencer.store import contacts, tasks
from tests.flows.answering import answer
from tests.flows.finding import finder_of
from tests.flows.lists import REPS, country_code
from tests.flows.office import Office

ANA, ONCE, BEN = "Ana.Zylkova@luso.example", "zylkova.old@luso.example", "ben@muster.example"
WORDS = ("zylkova", "Luso Quux Lda", "blue velvet wrenches", "whispered-title", "+351 555 0199", "C-8817")
"""What only Ana's data says, in any case."""
ANSWER = "Please quote blue velvet wrenches for Luso Quux Lda."


def add_ana(office: Office) -> int:
    """Ana as she was imported, at her past address and then at her present one."""
    number = office.add_contact(
        ONCE,
        external_id="C-8817",
        name="Ana Zylkova",
        first_name="Zylkova",
        last_name="Zylkova",
        company="Luso Quux Lda",
        title="whispered-title",
        phone="+351 555 0199",
        note="likes blue velvet wrenches",
        tags=("zylkova-tag",),
        extra={"product": "blue velvet wrenches"},
        domain="luso.example",
    )
    moved = Edit(address=ANA)
    edit_contact(
        office.engine.store, ONCE, moved, reps=REPS, country_code=country_code, now=office.clock.now()
    )
    return number


def with_a_past(office: Office) -> int:
    """Ana after a mail, her answer and ours, a draft, a task, an override, a rejected row; Ben beside her."""
    number = add_ana(office)
    office.add_contact(
        BEN, company="Muster GmbH", first_name="Ben", name="Ben Muster", domain="muster.example"
    )
    with office.engine.store.read() as tx:
        ana = contacts.contact_of(tx, number)
    assert ana is not None
    override = office.root / "overrides" / "short" / ANA / "offer.md"
    override.parent.mkdir(parents=True)
    override.write_text("Dear Zylkova, blue velvet wrenches are back.\n", encoding="utf-8")
    (office.root / "fair.csv.rejects.csv").write_text(
        f"\ufeffemail,name,rejected_line,rejected_reason\r\n{ANA},Ana Zylkova,2,no\r\nx@,Carl,3,no\r\n",
        encoding="utf-8",
        newline="",
    )
    office.enroll(ana.address_key, BEN)
    office.tick()
    to_ana = next(mail for mail in office.received() if "zylkova" in mail["To"].lower())
    office.answer(to_ana, ANSWER)
    office.tick()
    answer(office, "Zylkova, blue velvet wrenches cost 3 USD.")
    write_draft(office.engine.workspace, 1, "Zylkova, and another thing:\n")
    now = office.clock.now()
    with office.engine.store.write() as tx:
        title = "Call Zylkova about blue velvet wrenches"
        tasks.add(
            tx, contact_id=number, enrollment_id=None, step=None, rep="wang", title=title, due_at=now, now=now
        )
    suppress(office.engine.store, [ANA], source="Zylkova's call", clock=office.clock)
    _judged(office)
    return number


def _judged(office: Office) -> None:
    """Her answer was first corrected to what it is not, and back again, and then marked."""
    answer = next(one.id for one in office.answers() if one.contact_id is not None)
    for kind in (VerdictKind.OTHER, VerdictKind.REPLY):
        wanted = Wanted(answer_id=answer, kind=kind, by="wang")
        correct_verdict(office.engine, wanted, finder_of(office))
    name = "zylkova.junior@luso.example"
    saying = Saying(answer_id=answer, mark=Mark.REFERRAL, value=name, by="wang")
    mark_answer(office.engine, saying)


def forget(office: Office, name: str = ANA, *, is_dry_run: bool = False) -> Erased:
    """Ana erased, as the command does it."""
    return erase_person(office.engine, find_person(office.engine, name), is_dry_run=is_dry_run)


def files_that_say(root: Path, *words: str) -> list[str]:
    """`file: word` for every file under `root` whose bytes hold one of these words, in any case."""
    found = []
    for path in sorted(root.rglob("*")):
        if path.is_file():
            data = path.read_bytes().lower()
            found += [f"{path.name}: {word}" for word in words if word.lower().encode() in data]
    return found
