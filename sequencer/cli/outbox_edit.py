"""`outbox edit`: a person's own words in one message, in their editor or from a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sequencer.cli.examples import examples
from sequencer.cli.row_id import ROW_ID
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.outbox import OutboxRow
    from sequencer.flows.edit import Edited


@click.command(epilog=examples("sequencer outbox edit 12", "sequencer outbox edit 12 --text-file mine.md"))
@click.argument("message", metavar="ID", type=ROW_ID)
@click.option("--subject", metavar="TEXT", help="The new subject; no editor is opened.")
@click.option(
    "--text-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Markdown for the new text; no editor is opened.",
)
@click.pass_obj
def edit(session: Session, message: int, subject: str | None, text_file: Path | None) -> None:
    """Edit message ID; what you write is frozen, and one that waits for approval still does."""
    from sequencer.cli.output import say
    from sequencer.core.outbox import OutboxState
    from sequencer.files.text_file import read_text
    from sequencer.flows import edit as flow
    from sequencer.flows.approve import messages_by_id

    row = messages_by_id(session.engine, [message])[0]
    flow.require_editable(row)
    kept: Path | None = None
    if subject is None and text_file is None:
        edited, kept = _in_editor(row)
    else:
        body = read_text(text_file, str(text_file)) if text_file else None
        edited = flow.Edited(subject=subject.strip() if subject is not None else None, body=body)
    if edited.is_empty:
        say("Nothing was changed.")
        return
    changed = _saved(session, row, edited, kept)
    say(f"Message {changed.id} to {changed.address} now reads:")
    say()
    say(changed.content.text.rstrip("\n"))
    if changed.state is OutboxState.AWAITING_APPROVAL:
        say()
        say(f"It waits for approval: sequencer outbox approve {changed.id}")


def _saved(session: Session, row: "OutboxRow", edited: "Edited", kept: Path | None) -> "OutboxRow":
    from sequencer.cli.output import note
    from sequencer.errors import SequencerError
    from sequencer.flows import edit as flow

    try:
        changed = flow.edit(session.engine, row, edited, session.rep.name)
    except SequencerError:
        if kept is not None:
            note(f"your text is kept in {kept}")
        raise
    if kept is not None:
        kept.unlink(missing_ok=True)
    return changed


def _in_editor(row: "OutboxRow") -> "tuple[Edited, Path]":
    """What the person made of it, and the file that keeps their words until they are saved."""
    import os
    import tempfile

    from sequencer.cli.output import note
    from sequencer.files.text_file import read_text
    from sequencer.flows import edit as flow

    handle, name = tempfile.mkstemp(prefix=f"message-{row.id}-", suffix=".md")
    file = Path(name)
    with os.fdopen(handle, "w", encoding="utf-8") as draft:
        draft.write(flow.as_draft(row))
    click.edit(filename=name, require_save=False)
    try:
        edited = flow.from_draft(read_text(file, name), row)
    except Exception:
        note(f"your text is kept in {name}")
        raise
    if edited.is_empty:
        file.unlink()
    return edited, file
