"""`enrollments pause|resume|stop`: a person's hand on what runs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.enrollment_filter import FILTERS, filtered, which
from sequencer.cli.examples import examples
from sequencer.cli.row_id import ROW_ID
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.enrollment import EnrollmentState
    from sequencer.flows.steer import Chosen, Steered

_SHOWN = 20
_IDS = "IDs are those of `sequencer enrollments list`; several filters mean those to which all apply."
_HOLDS = (
    *("paused", "company_replied", "out_of_office", "soft_bounce", "bounce_refused"),
    *("address_changed", "challenge", "ambiguous", "render_failed"),
)


def _whom(command: Callable[..., Any]) -> Callable[..., Any]:
    """The ways to say which enrollments are meant."""
    for option in (
        click.option("--yes", "-y", is_flag=True, help="Don't ask."),
        click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing."),
        click.option("--all", "everyone", is_flag=True, help="Every enrollment."),
        filtered,
        click.argument("ids", metavar="[ID]…", nargs=-1, type=ROW_ID),
    ):
        command = option(command)
    return command


@click.command(
    epilog=examples(
        "sequencer enrollments pause 7 8",
        'sequencer enrollments pause --sequence bd --tag fair --reason "fair week" --yes',
        about=_IDS,
    )
)
@_whom
@click.option("--state", type=click.Choice(["active", "held"]), help="Only those in this state.")
@click.option("--reason", default="", metavar="TEXT", help="A note for whoever finds it held.")
@click.pass_obj
def pause(session: Session, /, state: str | None, reason: str, **whom: Any) -> None:
    """Hold enrollments until you resume them; their unsent messages are cancelled and made afresh later."""
    from sequencer.core.enrollment import EnrollmentState
    from sequencer.flows import steer

    chosen = _chosen(session, whom, (EnrollmentState(state),) if state else steer.UNFINISHED)
    if whom["dry_run"]:
        return _would("pause", steer.preview(steer.against_pause, chosen.enrollments), chosen)
    _ask("Pause", chosen, is_asked=not (whom["yes"] or chosen.is_named))
    steered = steer.pause(session.engine, chosen.enrollments, reason, by=session.rep.name)
    return _tell("paused", steered, chosen)


@click.command(
    epilog=examples(
        "sequencer enrollments resume 7",
        "sequencer enrollments resume 7 --force soft_bounce",
        "sequencer enrollments resume --mailbox wang --yes",
        about=_IDS,
    )
)
@_whom
@click.option("--force", type=click.Choice(_HOLDS), help="Resume those held for this reason too.")
@click.pass_obj
def resume(session: Session, /, force: str | None, **whom: Any) -> None:
    """Let paused enrollments go on; those held for another reason need --force with that reason."""
    from sequencer.core.enrollment import EnrollmentState, HoldReason
    from sequencer.flows import steer

    chosen = _chosen(session, whom, (EnrollmentState.HELD,))
    forced = HoldReason(force) if force else None
    if whom["dry_run"]:
        seen = steer.preview(lambda one: steer.against_resume(one, forced), chosen.enrollments)
        return _would("resume", seen, chosen)
    _ask("Resume", chosen, is_asked=not (whom["yes"] or chosen.is_named))
    steered = steer.resume(session.engine, chosen.enrollments, forced, by=session.rep.name)
    return _tell("resumed", steered, chosen)


@click.command(
    epilog=examples(
        "sequencer enrollments stop --contact ana@luso.example --reason replied",
        "sequencer enrollments stop 7 --yes",
        "sequencer enrollments stop --sequence bd --where 'stage == \"lost\"' --dry-run",
        about=_IDS,
    )
)
@_whom
@click.option("--state", type=click.Choice(["active", "held"]), help="Only those in this state.")
@click.option(
    "--reason",
    type=click.Choice(["stopped", "replied", "left", "taken_over"]),
    default="stopped",
    show_default=True,
    help="`replied` counts as an answer: all of the contact's sequences end, and the report counts it.",
)
@click.pass_obj
def stop(session: Session, /, state: str | None, reason: str, **whom: Any) -> None:
    """End enrollments for good; nothing more of them leaves."""
    from sequencer.core.enrollment import EnrollmentState, FinishReason
    from sequencer.errors import InputError
    from sequencer.flows import steer

    finish = FinishReason(reason)
    if finish is FinishReason.REPLIED and not (whom["ids"] or whom["contact"]):
        raise InputError("--reason replied is said of people: name ids or a --contact")
    # Somebody may answer after the last step as well.
    states = () if finish is FinishReason.REPLIED else steer.UNFINISHED
    chosen = _chosen(session, whom, (EnrollmentState(state),) if state else states)
    if whom["dry_run"]:
        return _would(f"stop ({reason})", steer.preview(steer.against_stop, chosen.enrollments), chosen)
    _ask(f"Stop ({reason})", chosen, is_asked=not whom["yes"])
    steered = steer.stop(session.engine, chosen.enrollments, finish, session.rep.name)
    return _tell("stopped", steered, chosen)


def _chosen(session: Session, whom: dict[str, Any], states: "tuple[EnrollmentState, ...]") -> "Chosen":
    from sequencer.errors import InputError
    from sequencer.flows import steer

    is_filtered = any(whom[name] is not None for name in FILTERS)
    if sum((bool(whom["ids"]), is_filtered, whom["everyone"])) != 1:
        raise InputError("say which: ids, or filters such as --contact and --sequence, or --all")
    return steer.choose(session.engine, ids=whom["ids"], which=which(whom), states=states)


def _would(verb: str, seen: "Steered", chosen: "Chosen") -> None:
    """What a dry run tells: how many, and why the others would stay."""
    from collections import Counter

    from sequencer.cli.output import note, say

    addressed = {one.id for one in chosen.enrollments} & set(seen.changed)
    ids = ", ".join(map(str, sorted(addressed)[:_SHOWN]))
    more = ", …" if len(addressed) > _SHOWN else ""
    say(f"would {verb} {len(addressed)}{f': enrollment {ids}{more}' if ids else ''}; nothing was changed.")
    for reason, count in Counter(left.reason for left in seen.left).most_common():
        note(f"{count} would be left as they are: {reason}")


def _ask(verb: str, chosen: "Chosen", *, is_asked: bool) -> None:
    count = len(chosen.enrollments)
    if count and is_asked:
        click.confirm(f"{verb} {count} enrollment{'' if count == 1 else 's'}?", abort=True, err=True)


def _tell(done: str, steered: "Steered", chosen: "Chosen") -> None:
    from collections import Counter

    from sequencer.cli.output import note, say
    from sequencer.errors import Attention, SequencerError

    if not steered.changed and len(steered.left) == 1 and chosen.is_named:
        only = steered.left[0]
        raise SequencerError(f"enrollment {only.enrollment.id} {only.reason}")
    say(f"{len(steered.changed)} {done}.")
    if not chosen.is_named:
        for reason, count in Counter(left.reason for left in steered.left).most_common():
            note(f"{count} left as they are: {reason}")
        return
    for left in steered.left[:_SHOWN]:
        note(f"enrollment {left.enrollment.id} {left.reason}")
    if steered.left:
        kind = Attention if steered.changed else SequencerError
        raise kind(f"{len(steered.left)} enrollment(s) were left as they are")
