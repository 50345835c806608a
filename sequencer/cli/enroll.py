"""`enroll`: contacts into a sequence, shown before it happens."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sequencer.cli.complete import sequences
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.contact import Contact
    from sequencer.core.sequence import SequenceVersion
    from sequencer.core.zones import Place
    from sequencer.flows.enroll import EnrollPlan, Refused
    from sequencer.store.enrollments import NewEnrollment

_SHOWN_REFUSALS = 20
_SHOWN_FIRST_MAILS = 10


@click.command(
    epilog="""\b
Whoever is suppressed, belongs to another rep, is in a sequence, has been through
this one, answered lately, or lacks what a template needs is refused by name.
Examples:
  sequencer enroll mail-group --where 'country == "DE" and "fair" in tags' --dry-run
  sequencer enroll mail-group --file addresses.txt
  sequencer enroll bd --contact ana@lusotools.example --again --yes""",
)
@click.argument("name", shell_complete=sequences)
@click.option("--where", metavar="EXPR", help="Contacts for whom this condition holds.")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Contacts by address or id, one a line.",
)
@click.option(
    "--contact", "contact", multiple=True, metavar="CONTACT", help="One contact: id or address. Repeatable."
)
@click.option("--all", "everyone", is_flag=True, help="Every contact that is yours or nobody's.")
@click.option("--also", is_flag=True, help="Even if they are active in another sequence.")
@click.option("--again", is_flag=True, help="Even if they have been through this one: another round.")
@click.option("--dry-run", is_flag=True, help="Show who would enter; change nothing.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document (needs --yes or --dry-run).")
@click.pass_obj
def enroll(
    session: Session,
    name: str,
    where: str | None,
    file: Path | None,
    contact: tuple[str, ...],
    everyone: bool,
    also: bool,
    again: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Put contacts into sequence NAME.

    Shows who would enter, who would not and why, the first dates and the load per day; then asks.
    """
    from sequencer.cli.output import say
    from sequencer.errors import InputError
    from sequencer.flows.enroll import Rules, plan_enrollment
    from sequencer.flows.select import select_contacts

    if sum(map(bool, (where, file, contact, everyone))) != 1:
        raise InputError("say whom: one of --where, --file, --contact, --all")
    if as_json and not (yes or dry_run):
        raise InputError("--json doesn't ask", hint="add --yes or --dry-run")
    version = _version(session, name)
    chosen = select_contacts(session.engine, session.rep, where=where, file=file, names=contact)
    rules = Rules(also=also, again=again)
    plan = plan_enrollment(session.engine, version, chosen.found, session.rep, rules)
    refused = (*chosen.unknown, *plan.refused)
    if not as_json:
        _show(session, plan, refused)
    count = 0 if dry_run else _enter(session, plan, is_sure=yes)
    if as_json:
        _show_json(plan, refused, count)
    elif not dry_run:
        say(f"{count} enrolled in {name}.")


def _enter(session: Session, plan: "EnrollPlan", *, is_sure: bool) -> int:
    """How many entered, once the user said yes."""
    from sequencer.cli.output import note
    from sequencer.flows.enroll import enroll as enter

    planned = len(plan.accepted)
    if not planned:
        return 0
    if not is_sure and not click.confirm(f"Enroll {planned} contact{'s'[: planned > 1]}?", err=True):
        return 0
    count = enter(session.engine, plan)
    if count < planned:
        note(f"{planned - count} could not enter any more: something changed meanwhile")
    return count


def _version(session: Session, name: str) -> "SequenceVersion":
    from sequencer.files.version import load_version
    from sequencer.flows.enroll import last_pinned

    earlier = last_pinned(session.engine, name)
    return load_version(session.workspace, name, session.config, earlier=earlier)


def _show(session: Session, plan: "EnrollPlan", refused: tuple["Refused", ...]) -> None:
    from sequencer.cli.output import note, say, say_table

    say(f"{len(plan.accepted)} would enter {plan.version.sequence.name}, {len(refused)} refused.")
    for one in refused[:_SHOWN_REFUSALS]:
        note(f"refused {one.address}: {one.reason}")
    if len(refused) > _SHOWN_REFUSALS:
        note(f"… and {len(refused) - _SHOWN_REFUSALS} more (all of them: --json)")
    for warning in plan.warnings:
        note(f"warning: {warning}")
    if plan.guessed_zones:
        are = "time zone is" if plan.guessed_zones == 1 else "time zones are"
        note(f"warning: {plan.guessed_zones} {are} guessed; give such contacts a zone, a state or a city")
    if plan.accepted:
        _show_first_mails(session, plan)
        caps = {mailbox.name: mailbox.daily_cap for mailbox in session.config.mailboxes}
        rows = [(day, mailbox, count, caps.get(mailbox, 0)) for day, mailbox, count in plan.load]
        say_table(["first steps on", "mailbox", "contacts", "cap per 24 h"], rows)
        for day, mailbox, count, cap in rows:
            if cap and count > cap:
                note(f"warning: {count} on {day} are more than {mailbox} may send: the rest leaves later")


def _show_first_mails(session: Session, plan: "EnrollPlan") -> None:
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import note, say_table
    from sequencer.core.zones import place_of

    places = [place_of(one, session.config.default_zone) for one, _new in plan.accepted[:_SHOWN_FIRST_MAILS]]
    rows = [
        (contact.address, shown(new.standing.next_at, place.zone), _zone(place), new.mailbox)
        for (contact, new), place in zip(plan.accepted, places, strict=False)
    ]
    say_table(["contact", "first step, there", "zone", "mailbox"], rows)
    if len(plan.accepted) > _SHOWN_FIRST_MAILS:
        note(f"… and {len(plan.accepted) - _SHOWN_FIRST_MAILS} more (all of them: --json)")


def _zone(place: "Place") -> str:
    return f"{place.zone} (guessed)" if place.is_guessed else place.zone


def _show_json(plan: "EnrollPlan", refused: tuple["Refused", ...], count: int) -> None:
    from sequencer.cli.output import say_json

    def accepted(contact: "Contact", new: "NewEnrollment") -> dict[str, object]:
        at = new.standing.next_at
        return {"contact": contact.address, "first_at": at, "mailbox": new.mailbox, "round": new.round}

    say_json(
        {
            "sequence": plan.version.sequence.name,
            "version": plan.version.hash,
            "enrolled": count,
            "accepted": [accepted(contact, new) for contact, new in plan.accepted],
            "refused": [{"contact": one.address, "reason": one.reason} for one in refused],
            "warnings": list(plan.warnings),
            "guessed_zones": plan.guessed_zones,
            "load": [{"day": day, "mailbox": box, "messages": n} for day, box, n in plan.load],
        }
    )
