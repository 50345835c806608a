"""`simulate`: what would happen, with buyers who answer."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from sequencer.cli.complete import mailboxes as mailbox_names
from sequencer.cli.complete import sequences as sequence_names
from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from sequencer.simulate.play import Play
    from sequencer.simulate.settings import Invented, Settings


@click.command(
    epilog=examples(
        "sequencer simulate --days 60",
        "sequencer simulate --invent 500 --sequence bd",
        "sequencer simulate --reply-rate 0.1 --ooo 0 --bounce 0 --seed 2 --json",
    )
)
@click.option(
    "--days", type=click.IntRange(1, 366), default=30, show_default=True, metavar="N", help="How long."
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    metavar="S",
    help="Who answers what and when; equal seeds come out alike.",
)
@click.option(
    "--reply-rate",
    type=float,
    default=0.05,
    show_default=True,
    metavar="R",
    help="Share of the messages that arrive which the buyer answers.",
)
@click.option(
    "--ooo",
    type=float,
    default=0.05,
    show_default=True,
    metavar="R",
    help="Share of the others that bring a note of absence.",
)
@click.option(
    "--bounce",
    type=float,
    default=0.02,
    show_default=True,
    metavar="R",
    help="Share of the addresses that are dead, which shows at their first message.",
)
@click.option(
    "--invent",
    type=click.IntRange(1, 50_000),
    metavar="N",
    help="Besides who is enrolled: so many contacts made up and enrolled now.",
)
@click.option(
    "--sequence",
    metavar="NAME",
    shell_complete=sequence_names,
    help="With --invent: what they enter (default: the only one there is).",
)
@click.option(
    "--mailbox",
    "mailboxes",
    multiple=True,
    metavar="NAME",
    shell_complete=mailbox_names,
    help="With --invent: the acting rep's mailbox that writes to them; may be repeated (default: all).",
)
@click.option(
    "--from",
    "from_",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    metavar="TIME",
    help="From this time on, in the workspace's zone (default: the next quarter of an hour).",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def simulate(
    session: Session,
    days: int,
    seed: int,
    reply_rate: float,
    ooo: float,
    bounce: float,
    invent: int | None,
    sequence: str | None,
    mailboxes: tuple[str, ...],
    from_: datetime | None,
    as_json: bool,
) -> None:
    """Play the coming weeks on a copy in memory, with buyers who answer as often as you say.

    The program's own sending and reading work on invented answers and a virtual clock. Nothing is written
    to the workspace and nobody is dialled, whether or not `run` works on it.
    """
    from sequencer.simulate.settings import Rates, Settings

    settings = Settings(
        days=days,
        seed=seed,
        rates=Rates(reply=reply_rate, ooo=ooo, bounce=bounce),
        start=_start(session, from_),
        invented=_invented(invent, sequence, mailboxes),
    )
    _play(session, settings, as_json=as_json)


def _play(session: Session, settings: "Settings", *, as_json: bool) -> None:
    from sequencer.cli.output import say_json
    from sequencer.cli.quiet_log import quiet_log
    from sequencer.cli.simulate_json import document_of
    from sequencer.cli.simulate_view import say_outcome
    from sequencer.simulate.outcome import outcome_of
    from sequencer.simulate.play import Play, staged

    now = session.clock.now()
    with (
        quiet_log(),
        staged(session.workspace, session.config, session.database, session.rep, settings, now) as stage,
    ):
        play = Play(stage=stage, tell=_teller(session))
        play.play()
        outcome = outcome_of(play)
    if as_json:
        say_json(document_of(stage, outcome))
    else:
        say_outcome(stage, outcome)


def _start(session: Session, from_: datetime | None) -> datetime | None:
    from zoneinfo import ZoneInfo

    return from_.replace(tzinfo=ZoneInfo(session.config.default_zone)) if from_ else None


def _invented(count: int | None, sequence: str | None, mailboxes: tuple[str, ...]) -> "Invented | None":
    from sequencer.errors import InputError
    from sequencer.simulate.settings import Invented

    if count is not None:
        return Invented(count=count, sequence=sequence, mailboxes=mailboxes)
    if sequence is not None or mailboxes:
        option = "--sequence" if sequence is not None else "--mailbox"
        raise InputError(f"{option} says where invented contacts go", hint="add --invent N")
    return None


def _teller(session: Session) -> "Callable[[Play], None]":
    """A note for every week that has passed: a large simulation takes minutes."""
    from sequencer.cli.output import note

    told = 0

    def tell(play: "Play") -> None:
        nonlocal told
        days = (play.stage.clock.now() - play.stage.start).days
        if days // 7 > told:
            told = days // 7
            count = len(play.buyers.delivered)
            note(f"day {days} of {play.stage.settings.days}: {count} sent", quiet=session.quiet)

    return tell
