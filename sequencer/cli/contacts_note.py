"""`sequencer contacts note`: write down what was said."""

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session


@click.command(
    "note",
    epilog=examples(
        'sequencer contacts note ana@lusotools.example "asked for prices of the long spades"',
        about="CONTACT is your own id, an address (a former one too), or #NUMBER. The entry is dated and"
        " signed and stands behind earlier ones; `sequencer contacts edit CONTACT --set note=` empties the"
        " note. Mails print a note only where a template says contact.note.",
    ),
)
@click.argument("contact")
@click.argument("text", nargs=-1, required=True, metavar="TEXT...")
@click.pass_obj
def note_command(session: Session, contact: str, text: tuple[str, ...]) -> None:
    """Add TEXT to the note of CONTACT."""
    from sequencer.cli.output import say
    from sequencer.flows.note_contact import note_contact

    found = note_contact(session.engine, contact, " ".join(text), session.rep.name)
    say(f"{found.address}: noted.")
