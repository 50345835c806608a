"""`sequencer contacts import`: bring in lists of contacts."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.contact_import import Rules
    from sequencer.core.contact_list import ContactList
    from sequencer.core.contact_merge import ListWide
    from sequencer.flows.import_contacts import ImportReport


@click.command(
    "import",
    epilog="""\b
A row is the contact with its `id`, else with its current or former address. Empty
fields are filled; unknown columns become extra.NAME. Rejected rows are written to
FILE.rejects.csv, to be mended and imported again.
Examples:
  sequencer contacts import buyers.xlsx --owner wang --tag canton-fair --source exhibition
  sequencer contacts import 客户.csv --encoding gb18030 --dry-run
  sequencer contacts import leads.csv --map "Work mail=address" --map "Note 2=skip\"""",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--map", "maps", multiple=True, metavar="COL=FIELD", help="Which field a column is. Repeatable."
)
@click.option("--encoding", metavar="NAME", help="The file's encoding, when the guess is wrong.")
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook (default: the first).")
@click.option("--owner", metavar="REP", help="Who owns contacts whose row names nobody.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="A tag for each contact. Repeatable.")
@click.option("--source", default="", metavar="TEXT", help="Where the list is from.")
@click.option("--overwrite", is_flag=True, help="Values of the list replace present ones; blanks never do.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def import_command(
    session: Session,
    files: tuple[Path, ...],
    maps: tuple[str, ...],
    encoding: str | None,
    sheet: str | None,
    owner: str | None,
    tags: tuple[str, ...],
    source: str,
    overwrite: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import contacts from CSV, TSV or workbook files."""
    from sequencer.cli.import_report import say_end
    from sequencer.core.contact_merge import ListWide
    from sequencer.core.countries import country_code
    from sequencer.flows.import_contacts import import_contacts

    lists = _read_all(files, [_pair(text) for text in maps], encoding, sheet)
    wide = ListWide(owner=owner, source=source.strip(), tags=_clean(tags), overwrites=overwrite)
    rules = _rules(session, wide)
    documents = []
    for path, contact_list in zip(files, lists, strict=True):
        _show_guesses(contact_list, quiet=session.quiet)
        report = import_contacts(
            session.store,
            contact_list,
            rules,
            country_code=country_code,
            now=session.clock.now(),
            key=session.workspace.read_key(),
            is_dry_run=dry_run,
            progress=_progress(quiet=session.quiet),
        )
        documents.append(_told(session, path, contact_list, report, as_json=as_json))
    say_end(documents, as_json=as_json, is_dry_run=dry_run)


def _told(
    session: Session, path: Path, contact_list: "ContactList", report: "ImportReport", *, as_json: bool
) -> dict[str, Any]:
    """One file's report, printed unless it is for the JSON document; writes its rejects."""
    from sequencer.cli.import_report import import_json, say_report
    from sequencer.core.zone_tally import tally_zones

    rejects = _write_rejects(path, contact_list, report)
    zones = tally_zones(report.people, session.config.default_zone)
    if not as_json:
        say_report(report, rejects, zones, quiet=session.quiet)
    return import_json(contact_list, report, rejects, zones)


def _rules(session: Session, wide: "ListWide") -> "Rules":
    from sequencer.core.contact_import import Rules

    reps = frozenset(rep.name for rep in session.config.reps)
    return Rules(wide=wide, acting=session.rep.name, reps=reps)


def _progress(*, quiet: bool) -> Callable[[int, int], None]:
    from sequencer.cli.output import note

    def tell(done: int, of: int) -> None:
        if done % 5000 == 0:
            note(f"{done} of {of} rows", quiet=quiet)

    return tell


def _pair(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not equals or not column.strip() or not field.strip():
        raise click.UsageError(f"--map takes COLUMN=FIELD, not {text!r}")
    return column.strip(), field.strip()


def _clean(tags: tuple[str, ...]) -> tuple[str, ...]:
    from sequencer.core.candidate import split_tags

    return tuple(dict.fromkeys(tag for text in tags for tag in split_tags(text)))


def _read_all(
    files: tuple[Path, ...], maps: list[tuple[str, str]], encoding: str | None, sheet: str | None
) -> "list[ContactList]":
    """Every file, before anything is imported; FaultyInput with the faults of all of them."""
    from sequencer.errors import Fault, FaultyInput
    from sequencer.files.contact_file import read_contact_file

    lists: list[ContactList] = []
    faults: list[Fault] = []
    for path in files:
        try:
            lists.append(read_contact_file(path, encoding=encoding, sheet=sheet, maps=maps))
        except FaultyInput as error:
            faults.extend(error.faults)
    if faults:
        raise FaultyInput(faults)
    return lists


def _show_guesses(contact_list: "ContactList", *, quiet: bool) -> None:
    from sequencer.cli.output import note

    for guess in contact_list.guesses:
        note(f"{contact_list.path}: {guess}", quiet=quiet)
    columns = (
        f"{name or f'(column {index})'} → {field or 'left out'}"
        for index, (name, field) in enumerate(zip(contact_list.header, contact_list.columns, strict=True), 1)
    )
    note(f"{contact_list.path}: {', '.join(columns)}", quiet=quiet)
    for row in contact_list.samples:
        note(f"  line {row.line}: {' | '.join(row.values.values())}", quiet=quiet)


def _write_rejects(path: Path, contact_list: "ContactList", report: "ImportReport") -> Path | None:
    from sequencer.core.contact_import import Outcome
    from sequencer.files.rejects_file import write_rejects

    rejected = report.of(Outcome.REJECTED)
    if not rejected or report.is_dry_run:
        return None
    return write_rejects(path, contact_list, rejected)
