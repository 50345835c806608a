"""How a command ends when it fails: one line that says why, its mend, and the exit code."""

import click

from sequencer.cli.output import fail, printable
from sequencer.errors import SequencerError

INTERRUPTED = 130
"""128 + SIGINT, as shells expect of a program that Ctrl-C ended."""


def end(error: BaseException, *, is_debug: bool) -> int:
    """Say what went wrong on stderr and return the exit code; with --debug the error is raised again."""
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, KeyboardInterrupt) or isinstance(error.__context__, KeyboardInterrupt):
        click.echo("\nStopped by Ctrl-C; what was done so far is kept.", err=True)
        return INTERRUPTED
    if isinstance(error, click.Abort):
        # The question's own line is open when its answer never came.
        is_end = isinstance(error.__context__, EOFError)
        click.echo("\nNobody answered; nothing was changed." if is_end else "Nothing was changed.", err=True)
        return 1
    if is_debug:
        raise error
    told = error if isinstance(error, SequencerError) else _in_plain_words(error)
    fail(told)
    return told.exit_code


def _in_plain_words(error: BaseException) -> SequencerError:
    from sequencer.store.database_faults import database_fault

    if isinstance(error, Exception) and (fault := database_fault(error)) is not None:
        return fault
    if isinstance(error, OSError) and error.filename:
        return SequencerError(error.strerror or type(error).__name__, where=str(error.filename))
    words = " ".join(printable(str(error)).split())
    said = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return SequencerError(
        f"internal error: {said[:300]} ({_place(error)})",
        hint="this is our fault, not yours, and what was recorded before it is safe; "
        "`sequencer --debug …` shows the traceback for a report",
    )


def _place(error: BaseException) -> str:
    """The innermost line of ours on the way to the error."""
    place = "before the program began"
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("sequencer."):
            place = f"{name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place
