"""`sequencer contacts edit`: change one contact by hand."""

import click

from sequencer.cli.complete import reps
from sequencer.cli.session import Session
from sequencer.core.contact import Stage


@click.command(
    "edit",
    epilog="""\b
CONTACT is your own id, an address (a former one too), or #NUMBER.
Fields: name first_name last_name title company website phone country state city zone
language source note id is_key_account extra.NAME; an empty value erases.
Examples:
  sequencer contacts edit ana@lusotools.example --set country=PT --tag fair
  sequencer contacts edit C-117 --address ana@newfirm.example
  sequencer contacts edit C-117 --owner wang --stage conversation --set extra.product=pumps
  sequencer contacts edit C-117 --stage won --reason "signed at the fair\"""",
)
@click.argument("contact")
@click.option("--set", "sets", multiple=True, metavar="FIELD=VALUE", help="Set a field. Repeatable.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Add a tag. Repeatable.")
@click.option("--untag", "untags", multiple=True, metavar="TAG", help="Take a tag away. Repeatable.")
@click.option(
    "--owner", metavar="REP", shell_complete=reps, help='Give the contact to a rep; "" gives it to nobody.'
)
@click.option("--stage", type=click.Choice([stage.value for stage in Stage]), help="Move it to a stage.")
@click.option("--address", metavar="ADDRESS", help="A new address; the old one stays known as former.")
@click.option("--reason", default="", metavar="TEXT", help="Why: goes into the contact's note, dated.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def edit_command(
    session: Session,
    contact: str,
    sets: tuple[str, ...],
    tags: tuple[str, ...],
    untags: tuple[str, ...],
    owner: str | None,
    stage: str | None,
    address: str | None,
    reason: str,
    as_json: bool,
) -> None:
    """Change one contact. A new address cancels what was prepared for the old one."""
    from sequencer.cli.contact_view import contact_json
    from sequencer.cli.output import note, say, say_json
    from sequencer.core.countries import country_code
    from sequencer.flows.edit_contact import Edit, Said, edit_contact

    pairs = dict(_pair(text) for text in sets)
    moved_to = Stage(stage) if stage else None
    wanted = Edit(sets=pairs, tags=tags, untags=untags, owner=owner, stage=moved_to, address=address)
    if wanted == Edit():
        raise click.UsageError("nothing to change: use --set, --tag, --untag, --owner, --stage or --address")
    before, after = edit_contact(
        session.store,
        contact,
        wanted,
        reps=frozenset(rep.name for rep in session.config.reps),
        country_code=country_code,
        now=session.clock.now(),
        key=session.workspace.read_key(),
        said=Said(by=session.rep.name, reason=reason, zone=session.config.default_zone),
    )
    if before.address_key != after.address_key:
        note(f"{before.address} is kept as a former address", quiet=session.quiet)
    if as_json:
        say_json(contact_json(after))
    else:
        say(f"{after.address}: {'unchanged' if after == before else 'changed'}")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise click.UsageError(f"--set takes FIELD=VALUE, not {text!r}")
    return name.strip(), value
