"""`sequencer contacts erase`: a person's data blanked on their request."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.flows.erase import Erased

_ELSEWHERE = "backups made before still hold it, and so do the mail servers: docs/privacy.md says what to do"

_ONE = {"former_addresses": "former address", "notes_on_others": "note on others"}


@click.command(
    "erase",
    epilog=examples(
        "sequencer contacts erase ana@lusotools.example --dry-run",
        "sequencer contacts erase ana@lusotools.example",
    ),
)
@click.argument("contact")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Say what would be erased; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def erase_command(session: Session, contact: str, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Erase everything about the person CONTACT (id, address or #NUMBER), for good; asks first.

    What runs for them is stopped. Names, addresses and texts are blanked; counts in reports stay. Of the
    address a keyed hash is kept, so that no list brings the person back.
    """
    from sequencer.errors import Attention
    from sequencer.flows.erase import erase_person, find_person

    person = find_person(session.engine, contact)
    if not (yes or dry_run):
        who = f"{person.contact.name} <{person.contact.address}>".strip()
        click.confirm(f"Erase everything about {who}? It cannot be undone", abort=True, err=True)
    done = erase_person(session.engine, person, is_dry_run=dry_run)
    _tell(done, is_dry_run=dry_run, as_json=as_json, quiet=session.quiet)
    if not done.is_compact:
        raise Attention(
            "erased, but the database was in use: the old text is still among the file's free bytes",
            where=str(session.workspace.database),
            hint=f"stop what uses it, then: sequencer contacts erase '#{done.contact_id}'",
        )


def _tell(done: "Erased", *, is_dry_run: bool, as_json: bool, quiet: bool) -> None:
    from sequencer.cli.output import note, say, say_json

    if as_json:
        say_json(asdict(done) | {"is_dry_run": is_dry_run, "elsewhere": _ELSEWHERE})
        return
    rows = ", ".join(_counted(name, count) for name, count in done.rows.items()) or "nothing in the database"
    say(f"{'would erase' if is_dry_run else 'erased'} #{done.contact_id}: {rows}")
    if done.stopped:
        say(f"{done.stopped} enrollment{'' if done.stopped == 1 else 's'} stopped")
    for folder in done.folders:
        say(f"{folder}: removed")
    for file, count in done.rejects.items():
        say(f"{file}: {count} row{'' if count == 1 else 's'} taken out")
    for file in done.fixtures:
        say(f"{file}: removed")
    for words in done.by_people:
        note(f"{words} names them: somebody's own words, left as they are", quiet=quiet)
    for file in done.mentions.files:
        if file not in done.rejects and not file.startswith(done.folders or ("\0",)):
            note(f"{file} names them: it is your own, look at it yourself", quiet=quiet)
    for file in done.mentions.unread:
        note(f"{file} could not be searched", quiet=quiet)
    for file in done.mentions.backups:
        note(f"{file} is a backup: it still holds them", quiet=quiet)
    note(_ELSEWHERE, quiet=quiet)


def _counted(name: str, count: int) -> str:
    words = name.replace("_", " ")
    return f"{count} {words if count != 1 else _ONE.get(name, words.removesuffix('s'))}"
