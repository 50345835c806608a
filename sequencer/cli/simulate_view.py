"""What `simulate` shows: what was taken for granted, the days, the mailboxes, and how it all ended."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sequencer.cli.local_time import shown
from sequencer.cli.output import note, say, say_table

if TYPE_CHECKING:
    from sequencer.simulate.outcome import Outcome
    from sequencer.simulate.play import Stage

_NAMED = 3
"""Refused contacts named; all of them are in --json."""


def say_outcome(stage: "Stage", outcome: "Outcome") -> None:
    """The whole of it."""
    _say_settings(stage, outcome)
    _say_days(outcome)
    _say_loads(outcome)
    _say_ends(outcome)
    _say_versions(stage)


def _say_settings(stage: "Stage", outcome: "Outcome") -> None:
    settings, entered, rates = stage.settings, stage.entered, stage.settings.rates
    who = f"{stage.running} enrolled by now"
    if entered is not None:
        who += f" and {entered.count} invented in {entered.sequence}"
    days = "1 day" if settings.days == 1 else f"{settings.days} days"
    start = f"{shown(outcome.start, outcome.zone)} ({outcome.zone})"
    say(f"{days} from {start}, seed {settings.seed}: {who}.")
    say(
        f"Supposed: {_percent(rates.reply)} of the messages are answered, "
        f"{_percent(rates.ooo)} of the others bring a note of absence; "
        f"{_percent(rates.bounce)} of the addresses are dead."
    )
    say("Supposed as well: approvals are given at once, tasks are done on their date.")
    if stage.is_rehearsing:
        say("The rehearsal list (only_to in config.toml) is passed over here.")
    for one in outcome.mailboxes:
        if one.paused_at is not None and one.paused_at < outcome.start:
            say(f"{one.mailbox} is paused, and stays so here: {one.pause_reason}")
    for refused in entered.refused[:_NAMED] if entered else ():
        note(f"not enrolled: {refused.address}: {refused.reason}")
    if entered and len(entered.refused) > _NAMED:
        note(f"… and {len(entered.refused) - _NAMED} more (all of them: --json)")
    say()


def _percent(share: float) -> str:
    return f"{round(100 * share, 1):g} %"


def _say_days(outcome: "Outcome") -> None:
    """The days on which anything happened, and their sum."""
    has_other = outcome.total("other") > 0
    fields = ["new", "follow_ups", "replies", "auto_replies", "bounces", *(["other"] if has_other else [])]
    headings = ["new", "follow-ups", "replies", "auto-replies", "bounces", *(["other"] if has_other else [])]
    rows = [
        (f"{one.day:%a %Y-%m-%d}", *(getattr(one, name) or "·" for name in fields))
        for one in outcome.days
        if not one.is_empty
    ]
    if rows:
        say_table(["day", *headings], [*rows, ("together", *(outcome.total(name) for name in fields))])
        say()
    say(f"{outcome.sent} sent; {_share(outcome.total('replies'), outcome.sent)} replies expected.")


def _share(part: int, whole: int) -> str:
    return f"{part} ({_percent(part / whole)})" if whole else str(part)


def _say_loads(outcome: "Outcome") -> None:
    used = [one for one in outcome.mailboxes if one.total]
    if used:
        heading = f"days from {used[0].days[0].day:%a %Y-%m-%d}: · none, █ the cap"
        rows = [
            (
                one.mailbox,
                one.cap,
                one.strip,
                one.total,
                f"{one.fullest.day:%a %m-%d}: {one.fullest.messages}",
            )
            for one in used
        ]
        say_table(("mailbox", "cap", heading, "messages", "fullest day"), rows)
    for one in used:
        if one.cap_binds_at is not None:
            at = shown(one.cap_binds_at, one.zone)
            say(f"{one.mailbox}: a cap begins to bind at {at} ({one.zone}): {one.cap_binds}")
        if one.paused_at is not None and one.paused_at >= outcome.start:
            say(f"{one.mailbox}: pauses itself at {shown(one.paused_at, one.zone)}: {one.pause_reason}")
    if used and not any(one.cap_binds_at for one in used):
        say("No cap binds.")


def _say_ends(outcome: "Outcome") -> None:
    say()
    say(f"Ended: {_counted(outcome.ended) or 'nobody'}.")
    if not outcome.open:
        at = (
            f" The last ends at {shown(outcome.last_finish_at, outcome.zone)}."
            if outcome.last_finish_at
            else ""
        )
        say(f"Nobody is left.{at}")
        return
    held = f", {sum(outcome.held.values())} held ({_counted(outcome.held)})" if outcome.held else ""
    say(f"Not at their end by {shown(outcome.until, outcome.zone)}: {outcome.active} active{held}.")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in counts.items())


def _say_versions(stage: "Stage") -> None:
    from sequencer.simulate.outcome import versions

    known = ", ".join(f"{name} {number}" for name, number in versions().items())
    say("One draw of many: other seeds come out otherwise. Nothing was written or sent.")
    say(f"Made with {known}.")
    if not stage.running and not (stage.entered and stage.entered.count):
        note("nobody is enrolled: `sequencer simulate --invent 500 --sequence NAME` tries a sequence out")
