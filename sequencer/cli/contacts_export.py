"""`sequencer contacts export`: the list back out, or everything held about one person."""

from pathlib import Path
from typing import Any

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session


@click.command(
    "export",
    epilog=examples(
        "sequencer contacts export --all --csv contacts.csv",
        "sequencer contacts export --where 'country == \"PT\"' --csv portugal.csv",
        "sequencer contacts export --person ana@lusotools.example --to ana-silva",
    ),
)
@click.option("--all", "everyone", is_flag=True, help="Every contact.")
@click.option("--where", metavar="EXPR", help="Only contacts of whom this is true.")
@click.option("--tag", metavar="TAG", help="Only contacts with this tag.")
@click.option("--owner", metavar="REP", help="Only this rep's contacts.")
@click.option("--person", metavar="CONTACT", help="Everything held about one person: id, address or #NUMBER.")
@click.option("--csv", "csv_file", metavar="FILE", help="A new CSV file (default: -, standard output).")
@click.option("--to", type=click.Path(path_type=Path), metavar="FOLDER", help="With --person: a new folder.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def export_command(
    session: Session,
    everyone: bool,
    where: str | None,
    tag: str | None,
    owner: str | None,
    person: str | None,
    csv_file: str | None,
    to: Path | None,
    as_json: bool,
) -> None:
    """Write contacts as a list that can be imported again, or all that is held about one person."""
    some = [one for one in (where, tag, owner) if one is not None]
    if person is not None:
        if some or everyone or csv_file or (to and as_json):
            raise click.UsageError("--person goes with --to FOLDER or --json, and with nothing else")
        _export_person(session, person, to)
        return
    if everyone == bool(some):
        raise click.UsageError("say whom: --all, or --where, --tag or --owner, or --person CONTACT")
    if to is not None or (csv_file and as_json):
        raise click.UsageError("a list goes to --csv FILE or is printed with --json; --to is for --person")
    _export_list(session, where, tag, owner, csv_file or "-", as_json=as_json)


def _export_list(
    session: Session, where: str | None, tag: str | None, owner: str | None, file: str, *, as_json: bool
) -> None:
    from sequencer.cli.contact_view import contact_json
    from sequencer.cli.output import note, say_bytes, say_json
    from sequencer.files.private_file import write_private
    from sequencer.flows.export import contacts_csv, export_contacts
    from sequencer.flows.list_contacts import list_contacts

    people = list_contacts(session.store, where=where, tag=tag, owner=owner)
    exported = export_contacts(session.store, people)
    if as_json:
        shown = [contact_json(one) | {"former_addresses": _former(exported, one.id)} for one in people]
        say_json({"contacts": shown, "count": len(shown)})
        return
    text = contacts_csv(exported)
    if file == "-":
        say_bytes(text.encode())
    else:
        write_private(Path(file), text)
    count = f"{len(people)} contact{'' if len(people) == 1 else 's'}"
    note(count if file == "-" else f"{file}: {count}", quiet=session.quiet)


def _former(exported: Any, contact_id: int) -> list[dict[str, Any]]:
    found = exported.former.get(contact_id, [])
    return [{"address": one.address, "until_at": one.until_at} for one in found]


def _export_person(session: Session, name: str, to: Path | None) -> None:
    from sequencer.cli.output import json_text, note, say, say_json
    from sequencer.cli.person_text import person_text
    from sequencer.files.private_file import private_folder, write_private
    from sequencer.flows.erase import find_person
    from sequencer.flows.export import export_person

    document = export_person(session.engine, find_person(session.engine, name))
    if to is None:
        say_json(document)
        return
    private_folder(to)
    write_private(to / "person.json", json_text(document))
    write_private(to / "person.txt", person_text(document))
    say(f"{to}: person.txt to read, person.json with the same for machines")
    for file in document["mentioned_in"]:
        note(f"{file} names them too: it is your own, look at it yourself", quiet=session.quiet)
    for file in document["not_searched"]:
        note(f"{file} was not searched", quiet=session.quiet)
