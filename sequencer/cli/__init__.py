"""The command line: a file per noun; each command parses, calls one flow, and prints."""

import importlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sequencer import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS: dict[str, str] = {
    "audit": "sequencer.cli.audit:audit",
    "backup": "sequencer.cli.backup:backup",
    "completion": "sequencer.cli.completion:completion",
    "contacts": "sequencer.cli.contacts:contacts",
    "demo": "sequencer.cli.demo:demo",
    "doctor": "sequencer.cli.doctor:doctor",
    "enroll": "sequencer.cli.enroll:enroll",
    "enrollments": "sequencer.cli.enrollments:enrollments",
    "inbox": "sequencer.cli.inbox:inbox",
    "init": "sequencer.cli.init:init_command",
    "mailboxes": "sequencer.cli.mailboxes:mailboxes",
    "notices": "sequencer.cli.notices:notices",
    "outbox": "sequencer.cli.outbox:outbox",
    "plan": "sequencer.cli.plan:plan",
    "report": "sequencer.cli.report:report",
    "restore": "sequencer.cli.restore:restore",
    "run": "sequencer.cli.run:run",
    "sequences": "sequencer.cli.sequences:sequences",
    "simulate": "sequencer.cli.simulate:simulate",
    "status": "sequencer.cli.status:status",
    "suppressions": "sequencer.cli.suppressions:suppressions",
    "tasks": "sequencer.cli.tasks:tasks",
    "upgrade": "sequencer.cli.upgrade:upgrade",
    "why": "sequencer.cli.why:why",
}
"""Command or noun → `module:attribute`, imported only when it is used."""


class Noun(click.Group):
    """A group that lists its commands with their whole first sentence."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        names = self.list_commands(ctx)
        commands = [(name, command) for name in names if (command := self.get_command(ctx, name))]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(limit=500)) for name, command in commands])


class LazyGroup(Noun):
    """A group whose commands are imported when they are used, so that --help stays fast."""

    def __init__(self, *args: Any, commands_at: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._commands_at = commands_at or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self._commands_at.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


def _reps(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    from sequencer.cli.complete import reps

    return reps(ctx, param, incomplete)


@click.group(
    cls=LazyGroup,
    commands_at=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
See it happen first:
  sequencer demo                       a whole campaign in seconds, and its proofs

\b
The way through:
  sequencer init buyers                make a workspace, then: cd buyers
  sequencer sequences preview bd       read the mails as a buyer would
  sequencer contacts import list.xlsx  bring in contacts
  sequencer enroll bd --all            put them into a sequence
  sequencer plan                       see what will leave when
  sequencer run                        send, read answers, stop
Each command tells more with --help.""",
)
@click.version_option(__version__, prog_name="sequencer")
@click.option("--workspace", "-w", metavar="DIR", help="The workspace (default: this folder or one above).")
@click.option(
    "--as",
    "acting",
    metavar="REP",
    shell_complete=_reps,
    help="The acting rep (default: SEQUENCER_REP, else `me`).",
)
@click.option("--quiet", "-q", is_flag=True, help="No progress or notes on stderr.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.pass_context
def cli(ctx: click.Context, workspace: str | None, acting: str | None, quiet: bool, debug: bool) -> None:
    """Mail groups that never send twice and stop when the buyer answers."""
    from sequencer.cli.session import Session

    ctx.obj = Session(workspace=workspace, acting=acting, quiet=quiet, debug=debug)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; exits with 0 fine, 1 failed, 2 faulty input, 3 needs attention, 130 Ctrl-C."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = cli.main(args=words, prog_name="sequencer", standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:
        from sequencer.cli.ending import end

        code = end(error, is_debug="--debug" in words)
    # A command returns nothing; click returns the code of `--help` and of `ctx.exit`.
    sys.exit(code or 0)
