"""`backup`: the whole workspace as one file, while `run` works."""

from pathlib import Path

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session


@click.command(epilog=examples("sequencer backup /var/backups/sequencer/monday.tar.gz"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(session: Session, file: Path) -> None:
    """Pack database, key, settings, sequences, templates, assets and overrides into FILE (.tar.gz).

    Consistent while `run` works. FILE is never overwritten and readable by you alone: it holds your
    buyers' data and the workspace's key. Not in it: passwords, the files of `file:` secrets, tokens.
    """
    from sequencer.cli.output import note, say
    from sequencer.flows import backup as flow
    from sequencer.store.engine import Store

    done = flow.backup(session.workspace, Store(session.database), file, session.clock.now())
    count = len(done.manifest.files)
    schema = done.manifest.fact("schema")
    say(f"Backed up {count} files to {file} ({done.size / 1e6:.1f} MB, schema {schema}).")
    left_out = "Not in it: passwords, the files of `file:` secrets, tokens/. Keep those elsewhere."
    note(left_out, quiet=session.quiet)
