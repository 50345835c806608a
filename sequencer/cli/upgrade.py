"""`upgrade`: the workspace's database for a newer program."""

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session


@click.command(epilog=examples("sequencer upgrade"))
@click.pass_obj
def upgrade(session: Session) -> None:
    """Bring the database to this program's schema; it is backed up beside itself first."""
    from sequencer.cli.output import say
    from sequencer.flows.upgrade import upgrade as run_upgrade
    from sequencer.store.engine import Store

    done = run_upgrade(Store(session.database), session.clock.now())
    if done.backup is None:
        say(f"The database is at schema {done.after} already; nothing was changed.")
    else:
        say(f"Backed up to {done.backup}.")
        say(f"The database went from schema {done.before} to {done.after}; it was looked over and is sound.")
        for revision, what in done.changes:
            say(f"  {revision}  {what}")
