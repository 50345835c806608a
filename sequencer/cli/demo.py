"""`demo`: a whole campaign in seconds, with its two proofs."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.demo.campaign import Progress
    from sequencer.demo.play import Play, Played


@click.command(
    epilog=examples("sequencer demo", "sequencer demo --keep look-around", "sequencer demo --sabotage late")
)
@click.option(
    "--days",
    type=click.IntRange(1, 365),
    default=45,
    show_default=True,
    metavar="N",
    help="How long it plays.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=7,
    show_default=True,
    metavar="N",
    help="Who answers what and when; equal seeds play alike.",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Leave the workspace there, to look around in.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option(
    "--sabotage",
    type=click.Choice(["resend", "late"]),
    help="Break the engine on purpose: the proof must fail.",
)
@click.pass_obj
def demo(
    session: Session, days: int, seed: int, keep: Path | None, as_json: bool, sabotage: str | None
) -> None:
    """Play a campaign on mail servers in this process, and prove what it promises.

    Forty invented buyers get their mails over real SMTP and answer over real SMTP; a virtual clock makes
    weeks pass in seconds. Nothing leaves this machine.
    """
    from sequencer.errors import SequencerError

    try:
        import aiosmtpd  # noqa: F401
        import pymap  # noqa: F401
    except ImportError:
        raise SequencerError(
            "the demo brings mail servers of its own, and they are not installed",
            hint="install the extra: pipx install '.[demo]' in the clone, or run `make demo` there",
        ) from None
    from sequencer.cli.demo_view import say_lists, say_played
    from sequencer.cli.output import say_json
    from sequencer.cli.quiet_log import quiet_log
    from sequencer.demo.play import Play, perform, staged
    from sequencer.demo.sabotage import Sabotage

    play = Play(seed=seed, days=days, sabotage=Sabotage(sabotage) if sabotage else None)
    with _folder(keep) as folder, quiet_log(), staged(folder, play) as stage:
        if not as_json:
            say_lists(stage.entered)
        with _progress(is_shown=not (as_json or session.quiet)) as tell:
            played = perform(stage, play, tell)
    if as_json:
        say_json(played.outcome.as_json())
    else:
        say_played(played, keep)
    _require(played, play)


def _require(played: "Played", play: "Play") -> None:
    """Exit code 1 for a broken promise; 3 when it was broken on purpose, and 1 when that did not show."""
    from sequencer.errors import Attention, SequencerError

    if play.sabotage is not None:
        if played.outcome.proof.holds:
            raise SequencerError("the engine was broken on purpose, and the proof did not notice")
        raise Attention(
            f"the engine was broken on purpose (--sabotage {play.sabotage}), and the proof shows it"
        )
    if not played.outcome.proof.holds:
        raise SequencerError(
            "a promise was broken", hint=f"please report it, with `sequencer demo --seed {play.seed} --json`"
        )


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where the workspace is made: the folder to keep, else one that is gone afterwards."""
    from tempfile import TemporaryDirectory

    if keep is not None:
        yield keep.absolute()
        return
    with TemporaryDirectory(prefix="sequencer-demo-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextlib.contextmanager
def _progress(*, is_shown: bool) -> Iterator[Callable[["Progress"], None]]:
    """A live line on a terminal, a line a week in a pipe, nothing with --quiet or --json."""
    import sys

    from sequencer.cli.demo_view import LiveLine, WeeklyNotes

    if not is_shown:
        yield lambda _progress: None
    elif sys.stderr.isatty():
        with LiveLine() as live:
            yield live.tell
    else:
        yield WeeklyNotes().tell
