"""`run`: the daemon, one tick, or a rehearsal on paper."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.daemon import Daemon


@click.command(
    epilog=examples(
        "sequencer run", "sequencer run --once", "sequencer run --dry-run", "sequencer run --log-file run.log"
    )
)
@click.option("--once", is_flag=True, help="One tick of each mailbox (read, prepare, deliver), then end.")
@click.option("--dry-run", is_flag=True, help="Show what would leave in the next 24 hours; nothing is sent.")
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Log lines."
)
@click.option(
    "--log-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Log to FILE instead of the terminal; turned over at 10 MB, the last five are kept.",
)
@click.pass_obj
def run(session: Session, once: bool, dry_run: bool, log_format: str, log_file: Path | None) -> None:
    """Read answers, prepare and send what is due, until Ctrl-C (a second one leaves at once).

    While it works, heartbeat.json beside the database says every 15 seconds that it does.
    """
    if dry_run:
        from sequencer.cli.plan import show_plan

        show_plan(session, days=1, from_=None, as_json=False)
        return
    daemon = open_daemon(session, log_format, log_file)
    daemon.handle_signals()
    if not once:
        daemon.run()
        return
    from sequencer.cli.output import say
    from sequencer.errors import Attention

    ticked = daemon.run_once()
    for name, result in ticked.items():
        state = "" if result.is_read_ok else ", inbox NOT read"
        say(f"{name}: {result.read} read, {result.prepared} prepared, {result.handed_over} sent{state}")
    if not all(result.is_read_ok for result in ticked.values()):
        raise Attention("a mailbox could not be worked", hint="see `sequencer status` and the log above")


def open_daemon(session: Session, log_format: str, log_file: Path | None) -> "Daemon":
    """The workspace's daemon, its log set up; it has not begun."""
    from sequencer.cli.log_format import own_names, set_up_logging
    from sequencer.cli.post import open_bells, open_courier, open_reader, open_sent_folder, open_sent_heads
    from sequencer.daemon import Daemon

    session.read_apart()  # after the imports, which the child then need not repeat
    own = own_names(session.config)
    set_up_logging(log_format, own, with_tracebacks=session.debug, file=log_file)
    daemon = Daemon(
        session.engine,
        open_courier=open_courier(session),
        open_reader=open_reader(session),
        open_sent_folder=open_sent_folder,
        open_sent_heads=open_sent_heads,
        open_bell=open_bells(),
    )
    # What is loaded by now stays: without it, garbage is a larger share of the rest and is collected sooner.
    gc.collect()
    gc.freeze()
    return daemon
