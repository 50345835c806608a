"""`sequencer contacts`: import lists, look at contacts, edit, verify, export and erase them."""

import click

from sequencer.cli import LazyGroup
from sequencer.cli.complete import reps
from sequencer.cli.session import Session

_COMMANDS = {
    "import": "sequencer.cli.contacts_import:import_command",
    "list": "sequencer.cli.contacts:list_command",
    "show": "sequencer.cli.contacts:show_command",
    "edit": "sequencer.cli.contacts_edit:edit_command",
    "verify": "sequencer.cli.contacts_verify:verify_command",
    "export": "sequencer.cli.contacts_export:export_command",
    "erase": "sequencer.cli.contacts_erase:erase_command",
    "note": "sequencer.cli.contacts_note:note_command",
}


@click.group(cls=LazyGroup, commands_at=_COMMANDS)
def contacts() -> None:
    """Import, list, show, edit, verify, export and erase contacts."""


@click.command(
    "list",
    epilog="""\b
Examples:
  sequencer contacts list --owner wang --tag fair
  sequencer contacts list --where 'country in ["DE", "AT"] and not is_role'
  sequencer contacts list --where 'extra.product == "pumps"' --json""",
)
@click.option("--where", metavar="EXPR", help="Only contacts of whom this is true.")
@click.option("--tag", metavar="TAG", help="Only contacts with this tag.")
@click.option("--owner", metavar="REP", shell_complete=reps, help="Only this rep's contacts.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N of them.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_command(
    session: Session, where: str | None, tag: str | None, owner: str | None, limit: int | None, as_json: bool
) -> None:
    """List contacts."""
    from sequencer.cli.contact_view import contact_json
    from sequencer.cli.output import note, say_json, say_table
    from sequencer.flows.list_contacts import list_contacts

    found = list_contacts(session.store, where=where, tag=tag, owner=owner, limit=limit)
    if as_json:
        say_json({"contacts": [contact_json(contact) for contact in found], "count": len(found)})
        return
    say_table(
        ("id", "address", "name", "company", "country", "owner", "stage", "tags"),
        (
            (
                *(one.external_id or f"#{one.id}", one.address, one.name, one.company),
                *(one.country, one.owner, one.stage, ", ".join(one.tags)),
            )
            for one in found
        ),
    )
    note(f"{len(found)} contact{'' if len(found) == 1 else 's'}", quiet=session.quiet)


@click.command(
    "show",
    epilog="""\b
CONTACT is your own id, an address (a former one too), or #NUMBER.
Examples:
  sequencer contacts show ana@lusotools.example
  sequencer contacts show C-117 --json""",
)
@click.argument("contact")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def show_command(session: Session, contact: str, as_json: bool) -> None:
    """Show one contact: its fields, time zone, former addresses, suppression."""
    from sequencer.cli.contact_view import contact_fields, contact_json
    from sequencer.cli.output import say_fields, say_json
    from sequencer.core.zones import place_of
    from sequencer.flows.find_contact import the_contact
    from sequencer.store.contacts import former_addresses_of
    from sequencer.store.suppressions import is_suppressed

    with session.store.read() as tx:
        found = the_contact(tx, contact)
        former = former_addresses_of(tx, found.id)
        suppression = is_suppressed(tx, found.address_key, found.id)
    place = place_of(found, session.config.default_zone)
    if as_json:
        say_json(contact_json(found, former=former, suppression=suppression, place=place))
        return
    say_fields(contact_fields(found, former, suppression, place))
