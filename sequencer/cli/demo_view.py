"""What `demo` shows: the lists, the days as they pass, the report, three threads, and the proof."""

import shlex
from collections.abc import Iterable
from pathlib import Path
from textwrap import shorten
from types import TracebackType
from typing import Any, Self

from sequencer.cli.local_time import shown
from sequencer.cli.output import note, printable, say, say_table
from sequencer.core.contact_import import Outcome as RowOutcome
from sequencer.demo.campaign import Progress
from sequencer.demo.outcome import Outcome
from sequencer.demo.play import Played
from sequencer.demo.proof import Breach
from sequencer.demo.stage import Entered
from sequencer.demo.story import Thread, Turn

_TEXT_WIDTH = 88
_SHOWN_BREACHES = 5


class LiveLine:
    """One line on the terminal that follows the virtual clock."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[counts]}"))
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("the servers start", counts="", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def tell(self, progress: Progress) -> None:
        """Move the line."""
        self._bar.update(
            self._task,
            description=f"{progress.at:%a %d %b}  day {progress.day} of {progress.days}",
            completed=progress.day,
            total=progress.days,
            counts=f"{progress.sent} sent, {progress.answers} came back",
        )


class WeeklyNotes:
    """A note on stderr for every week that has passed."""

    def __init__(self) -> None:
        self._week = 0

    def tell(self, progress: Progress) -> None:
        """Say how far it is, once a week."""
        week = progress.day // 7
        if week > self._week:
            self._week = week
            note(f"day {progress.day} of {progress.days}: {progress.sent} sent, {progress.answers} came back")


def say_lists(entered: Iterable[Entered]) -> None:
    """What was imported and enrolled."""
    say("Three contact lists, as they lie on a rep's desk:")
    for one in entered:
        ends = ", ".join(
            f"{one.report.count(outcome)} {outcome.value}"
            for outcome in RowOutcome
            if one.report.count(outcome)
        )
        into = f"{one.enrolled} enrolled in {one.sequence} by {one.owner}"
        say(f"  {one.name} ({one.written_in}): {ends}; {into}")
    say()


def say_played(played: Played, keep: Path | None) -> None:
    """The whole end: figures, threads, proof, and where to go on."""
    outcome = played.outcome
    _say_deeds(outcome)
    _say_report(outcome)
    for thread in played.threads:
        _say_thread(thread)
    _say_figures(outcome)
    _say_proof(outcome)
    _say_next(keep)


def _say_deeds(outcome: Outcome) -> None:
    say(f"{outcome.days} days later. What the buyers, their servers and one of the reps did:")
    for deed, count in outcome.deeds.items():
        say(f"  {count:>4}  {deed}")
    say()


def _say_report(outcome: Outcome) -> None:
    say("Step by step:")
    headings = ("sequence", "step", "reached", "replied", "auto-replies", "bounced", "refused", "opted out")
    say_table(
        headings,
        (
            (
                *(line.sequence, line.step, line.reached, line.replied, line.auto_replies, line.bounced),
                *(line.refused, line.opted_out + line.complained),
            )
            for line in outcome.lines
        ),
    )
    say()


def _say_thread(thread: Thread) -> None:
    buyer = thread.buyer
    say(f"{buyer.name or buyer.address}, {buyer.company}, {buyer.country} (their time, {thread.zone})")
    for turn in thread.turns:
        say(f"  {shown(turn.at, thread.zone)} {_turn(turn)}")
        if turn.text:
            say(f"      {shorten(printable(turn.text), _TEXT_WIDTH, placeholder=' …')}")
        if turn.did:
            say(f"      => {turn.did}")
    say(f"  {thread.end}")
    say()


def _turn(turn: Turn) -> str:
    return f"{'->' if turn.is_ours else '<-'} {turn.subject}"


def _say_figures(outcome: Outcome) -> None:
    figures: dict[str, Any] = outcome.as_json()
    names = ("enrolled", "active", "held", "sent", "refused", "unsure", "replies", "auto_replies", "bounces")
    told = [f"{figures[name]} {name.replace('_', '-')}" for name in (*names, "opt_outs")]
    say(f"In the database: {', '.join(told)}.")
    reasons = ", ".join(f"{count} {reason}" for reason, count in figures["finished_by_reason"].items())
    say(f"Finished: {reasons or 'nobody yet'}.")
    say()


def _say_proof(outcome: Outcome) -> None:
    proof = outcome.proof
    say(f"Judged from the {outcome.delivered} mails the buyers' server holds, not from our own books:")
    for words, breaches in (
        ("the same mail twice", proof.duplicates),
        ("a follow-up after an answer", proof.sent_after_answer),
        ("an id our ledger does not know", proof.unknown_ids),
    ):
        say(f"  {len(breaches):>4}  {words}")
        # Those that name an answer come first.
        for breach in sorted(breaches, key=lambda breach: breach.reason)[:_SHOWN_BREACHES]:
            say(f"        {_breach(breach)}")
        if len(breaches) > _SHOWN_BREACHES:
            say(f"        … and {len(breaches) - _SHOWN_BREACHES} more")
    say()


def _breach(breach: Breach) -> str:
    return f"{breach.receipt.recipient} at {breach.receipt.at:%Y-%m-%d %H:%M:%S} UTC: {breach.reason}"


def _say_next(keep: Path | None) -> None:
    if keep is None:
        steps = [
            ("sequencer demo --keep look-around", "the same, and its workspace stays"),
            ("sequencer demo --sabotage late", "break the engine, and see the proof fail"),
            ("sequencer init my-workspace", "begin with your own mailbox"),
        ]
    else:
        say(f"The workspace is in {keep}; its mail servers are gone, its database is not.")
        steps = [
            (f"cd {shlex.quote(str(keep))}", ""),
            ("sequencer inbox list", "what came back, and what it did"),
            ("sequencer report --by sequence", "rates, with their intervals"),
            ("sequencer sequences preview mail-group", "the nine mails as a buyer reads them"),
        ]
    say("What to try next:")
    width = max(len(command) for command, _why in steps)
    for command, why in steps:
        say(f"  {command:<{width}}  {why}".rstrip())
